"""Both engines give the same rows: on the sample, on a real audit, on random histories."""

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from provenance.audit.questions import catalogue
from provenance.audit.store import opened as new_store

from support import audit_world, audits, histories
from support.asking import both

ROOT = Path(__file__).parents[4]
FULL = os.environ.get("MUSICPROV_TEST_FULL") == "1"


@pytest.mark.requirement("AUD-100")
@pytest.mark.parametrize(("recordings", "weeks"), [(12, 1), (40, 5)])
def test_of_the_sample(tmp_path, recordings, weeks):
    made = audits.sample(recordings, weeks)
    folder = histories.write(made, tmp_path / "report")
    with ExitStack() as stack:
        found = both(stack, [folder])

        assert found.all() > 20
        states = found.ask("states-by-week")
    counts = [(w["week"], w["entries"], w["states"]) for w in made.head["weeks"]]
    names = {"declared", "contradicted", "unverifiable"}
    assert counts == [
        (row["week"], row["entries"],
         {k: v for k, v in sorted({**{n: row[n] for n in names}, "undeclared": row["notStated"]}.items()) if v})
        for row in states
    ]  # fmt: skip


@pytest.mark.requirement("AUD-100")
def test_of_a_real_audit_and_of_its_archive(tmp_path):
    from provenance.audit.auditing import run
    from provenance.audit.document import write_report

    inputs = audit_world.inputs(tmp_path / "inputs")
    with new_store(tmp_path) as store:
        report = run(audit_world.asked(inputs), store, audit_world.QUIET)
        head = report.head
        write_report(report, tmp_path / "report.json")
    with ExitStack() as stack:
        found = both(stack, [tmp_path / "report.json"])

        assert found.all() > 5
        assert sum(row["entries"] for row in found.ask("states-by-week")) == 4
        levels = head["weeks"][0]["areas"]["leadVocals"]
        (row,) = found.ask("generated-vocals", "level=full")
        assert row["generated"] == levels["full"]


@pytest.mark.skipif(not FULL, reason="MUSICPROV_TEST_FULL is not 1: audits the case, a minute")
def test_of_the_case_and_its_archives(tmp_path):
    script = ROOT / "examples/country-digital-song-sales/build.py"
    line = [sys.executable, script, tmp_path]
    done = subprocess.run(line, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    reports = sorted(tmp_path.glob("*/report"))
    with ExitStack() as stack:
        found = both(stack, reports)
        again = both(stack, [one / "archive.zip" for one in reports])

        assert found.all() == again.all() > 20
        for name in catalogue.names():
            assert found.ask(name) == again.ask(name)


# ---- random histories ----------------------------------------------------------------------

LEVELS = ["none", "utility", "assisted", "partial", "predominant", "full"]
AREAS = ["leadVocals", "backingVocals", "mixing"]
NAMES = ["Åsa", "asa", "B", "\U0001f3b5", "\u0000\x85\u2028", "=1+1", "it's \"\\n\\ {x}"]
DAYS = ["2025-12-27", "2026-01-03", "2026-01-10"]


@st.composite
def declarations(draw):
    who = draw(st.sampled_from(sorted(histories.SIGNERS)))
    levels = draw(st.dictionaries(st.sampled_from(AREAS), st.sampled_from(LEVELS), min_size=1))
    number = draw(st.integers(1, 3))
    artist = draw(st.sampled_from(["aiPersona", "human"]))
    public = draw(st.sampled_from([{}, {"identityPublic": False}, {"identityPublic": True}]))
    voice = draw(st.sampled_from(["notSynthetic", "fictional", "selfClone"]))
    place = draw(st.sampled_from([{}, {"area": "leadVocals"}]))
    made = histories.token(
        who, number, levels, issued=f"2026-01-{draw(st.integers(1, 20)):02}T00:00:00Z",
        by={area: draw(st.sampled_from(["t1", "t2"])) for area in levels if levels[area] != "none"},
        tools=histories.TOOLS, voices=[{"kind": voice, **place}],
        artists=[{"name": draw(st.sampled_from(NAMES[:4])), "identity": artist, **public}],
        people=[{"ref": "p1", "name": draw(st.sampled_from(NAMES[:4])), "roles": [draw(st.sampled_from(["Composer", "Mixer"]))]}],
    )  # fmt: skip
    code = draw(st.sampled_from(["signature.valid", "identity.revoked", "currency.superseded"]))
    proven = draw(st.sampled_from([None, "2026-01-02T00:00:00Z"]))
    found = histories.declared(made, levels, who, code=code, proven=proven,
                               status=draw(st.sampled_from(["PASSED", "FAILED", "INDETERMINATE"])))  # fmt: skip
    if draw(st.integers(0, 4)) == 0:
        return found | {"token": found["token"][:-4] + "AAAA", "counts": False}
    return found


@st.composite
def recordings(draw):
    known = draw(st.lists(declarations(), max_size=3))
    counting = draw(st.sampled_from([0, 0, None]))
    known = [one | {"counts": place == counting} for place, one in enumerate(known)]
    late = audits.flag("declaredAfterCharting", "e1", declared="2026-01-05", charted="2026-01-03")
    flags = draw(st.lists(st.sampled_from(["late", "signerNotLabel", "listed"]), unique=True))
    rules = draw(st.lists(st.sampled_from(["norway", "siqa"]), unique=True))
    number = draw(st.sampled_from([None, 1, 2, 3, 4]))
    return histories.recording(
        draw(st.sampled_from(NAMES)), draw(st.sampled_from(NAMES)), draw(st.sampled_from(NAMES)), *known,
        isrc=number and f"SEABC260000{number}",
        state=draw(st.sampled_from(["declared", "contradicted", "unverifiable", "undeclared"])),
        flags=[late if flag == "late" else audits.flag(flag, "e1") for flag in flags],
        rules=[histories.outcome(p, f"{p}-1", draw(st.sampled_from(["clear", "review"])), draw(st.sampled_from(NAMES)))
               for p in rules],
    )  # fmt: skip


@st.composite
def reports(draw):
    known = draw(st.lists(recordings(), min_size=1, max_size=5))
    rank = st.one_of(st.none(), st.integers(1, 3))
    row = st.tuples(rank, st.sampled_from(known))
    days = draw(st.lists(st.sampled_from(DAYS), min_size=1, unique=True))
    weeks = {day: draw(st.lists(row, min_size=1, max_size=5)) for day in days}
    at = f"2026-02-{draw(st.integers(1, 9)):02}T00:00:00Z"
    return histories.report(weeks, at, chart=draw(st.sampled_from(NAMES[:2])))


@pytest.mark.slow
@pytest.mark.requirement("AUD-100")
@settings(max_examples=200 if FULL else 8, suppress_health_check=list(HealthCheck))
@given(st.lists(reports(), min_size=1, max_size=3))
def test_of_a_random_history(found):
    with TemporaryDirectory() as name, ExitStack() as stack:
        folders = [histories.write(one, Path(name) / str(n)) for n, one in enumerate(found)]
        history = both(stack, folders)
        for asked in catalogue.names():
            more = ("personas=0",) if asked == "composer-across-personas" else ()
            history.ask(asked, *more)
