"""An audit as of a time: what was signed later was not there yet (AUD-059)."""

import dataclasses
from datetime import UTC, datetime

import pytest
from provenance.audit.joining import items_of

from support.evidence import read
from support.exhibits import CONTEXT, LABEL, SHOP, S, disclosure, exhibit, flags, newer
from threats.world import ACCEPTED_TSA, BY_LABEL, TSA_FILES, V, asker, stamped

NONE = disclosure("none")
"""The statements here claim the first second of 2026-11-23."""
NEXT_DAY = "2026-11-24T00:00:00Z"
BEFORE, BETWEEN, AFTER = (
    datetime(2026, 11, 22, tzinfo=UTC),
    datetime(2026, 11, 23, 20, tzinfo=UTC),
    datetime(2026, 11, 25, tzinfo=UTC),
)
LATER = {
    "withdrawn": S.withdraw(NONE, LABEL, LABEL, issued=NEXT_DAY),
    "disputed": S.endorse(NONE, LABEL, SHOP, "disputes", issued=NEXT_DAY),
    "superseded": newer(NONE, issued=NEXT_DAY),
}


def audited(tmp_path, at, *, inside=(), beside=()):
    """The exhibit of one file, as of a time, with statements in it and beside it."""
    for folder in ("tracks", "manifests"):
        (tmp_path / folder).mkdir(exist_ok=True)
    value = S.bundle(*inside).decode() if inside else ""
    tags = [("TSRC", S.ISRC), *([("MUSICPROV", value)] if inside else [])]
    (tmp_path / "tracks/song.wav").write_bytes(V.wav(S.PCM, tags))
    for n, token in enumerate(beside):
        (tmp_path / f"manifests/{n}.musicprov.jws").write_bytes(token)
    context = dataclasses.replace(CONTEXT, until=at)
    sources = [(kind, tmp_path / kind) for kind in ("manifests", "tracks")]
    with read(tmp_path / "store", sources, context) as made:
        joins = list(items_of(made.recording(), made.store))
        return exhibit(*joins, context=context), made.rules()


def left_out(made):
    return [one["detail"] for one in made["notChecked"] if one["reason"] == "ofLater"]


@pytest.mark.requirement("AUD-059")
@pytest.mark.parametrize("place", ["inside", "beside"])
@pytest.mark.parametrize(
    ("at", "state"), [(BEFORE, "undeclared"), (BETWEEN, "declared"), (None, "declared")]
)
def test_a_declaration_of_later_does_not_count_and_stays_listed(tmp_path, place, at, state):
    made, rules = audited(tmp_path, at, **{place: [NONE]})

    assert made["state"] == state
    kinds = {one["id"]: one["kind"] for one in made["evidence"]}
    assert set(kinds.values()) == {"track", *(["manifest"] if place == "beside" else [])}
    holder = next(i for i, k in kinds.items() if (k == "track") is (place == "inside"))
    assert left_out(made) == ([{"evidence": holder, "n": 1}] if at is BEFORE else [])
    assert ("ofLater" in {why["reason"] for why in made["why"]}) is (at is BEFORE)
    assert set(rules) <= {"audit.source-empty"}


@pytest.mark.requirement("AUD-059")
@pytest.mark.parametrize("place", ["inside", "beside"])
@pytest.mark.parametrize("said", LATER)
def test_what_is_said_later_changes_nothing_of_before(tmp_path, place, said):
    inside = [NONE, *([LATER[said]] if place == "inside" else [])]
    beside = [LATER[said]] if place == "beside" else []
    then, _ = audited(tmp_path, BETWEEN, inside=inside, beside=beside)
    now, _ = audited(tmp_path, AFTER, inside=inside, beside=beside)

    assert (then["state"], flags(then)) == ("declared", [])
    assert said in flags(now)
    if place == "inside":
        assert left_out(then) == [{"evidence": "e1", "n": 1}]
        assert left_out(now) == []


@pytest.mark.requirement("AUD-059")
def test_clocks_may_differ_by_minutes(tmp_path):
    near = datetime(2026, 11, 22, 23, 56, tzinfo=UTC)
    far = datetime(2026, 11, 22, 23, 54, tzinfo=UTC)

    assert audited(tmp_path, near, inside=[NONE])[0]["state"] == "declared"
    assert audited(tmp_path, far, inside=[NONE])[0]["state"] == "undeclared"


@pytest.mark.requirement("AUD-059")
@pytest.mark.parametrize(("at", "proven"), [(BETWEEN, None), (AFTER, NEXT_DAY)])
def test_a_proof_of_later_proves_nothing_before(tmp_path, at, proven):
    who = asker(more=ACCEPTED_TSA, files=TSA_FILES)
    context = dataclasses.replace(who.context(), until=at)
    (tmp_path / "song.wav").write_bytes(stamped(BY_LABEL, NEXT_DAY))
    with read(tmp_path / "store", [("tracks", tmp_path / "song.wav")], context) as made:
        report = made.one("track").says["_report"]

    assert report["status"] == "PASSED"
    assert report["time"]["best"] == proven
    assert ("time.trusted" in {check["code"] for check in report["checks"]}) is bool(proven)
