"""Making a report again from its archive (spec 25.7), over a small audit of real files."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace

import pytest
from provenance.audit import rerunning
from provenance.audit.archive import ASKED, RECORD
from provenance.audit.asked import plain
from provenance.audit.checking import check
from provenance.audit.rerunning import Wishes, rerun
from provenance.audit.sealing import ARCHIVE, FILES, REPORT_SEAL, SEAL_CTY, SEAL_TYP
from provenance.model.errors import RefusedError
from provenance.signing import envelope
from provenance.signing.keys import generate
from provenance.signing.signer import FileSigner
from provenance.trust.identity import Keyring
from provenance.wire import schemas
from provenance.wire.digests import digest_of

from support import audit_world as w

ROOT = Path(__file__).parents[3]
KNOWN = Keyring(pinned={w.AUDITOR.public.thumbprint: "the bureau"})


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The inputs, and the sealed report over them."""
    folder = tmp_path_factory.mktemp("audit")
    w.inputs(folder / "in")
    w.audited(w.asked(folder / "in"), folder / "report")
    return folder


@pytest.fixture(scope="module")
def archive(place):
    return place / "report" / ARCHIVE


@pytest.fixture(scope="module")
def unsigned(place):
    """The same report of an auditor who signed nothing."""
    return w.audited(w.asked(place / "in"), place / "unsigned", None) / ARCHIVE


def again(archive, out=None, **more):
    return rerun(archive, out, w.QUIET, Wishes(**more))


def changed(archive, path, *, relist=False, drop=(), **content):
    """The archive with other members; with ``relist`` the list says what they are now."""
    found = {**w.members(archive), **content}
    for name in drop:
        del found[name]
    if relist:
        listing = json.loads(found[FILES])
        apart = {FILES, REPORT_SEAL, *(n for n in found if n.startswith("exhibits/"))}
        listing["archive"] = [
            {"name": name, "size": len(data), "sha256": digest_of(data)}
            for name, data in found.items()
            if name not in apart
        ]
        found[FILES] = json.dumps(listing).encode()
    return w.packed(path, found)


def refused(archive):
    with pytest.raises(RefusedError) as caught:
        again(archive)
    return caught.value.rule


# the report and its archive


@pytest.mark.slow
@pytest.mark.requirement("AUD-083")
@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda found: {"exhibits/0002.jws": found["exhibits/0001.jws"]}, "exhibits/0002.jws"),
        (lambda found: {REPORT_SEAL: found["exhibits/0001.jws"]}, REPORT_SEAL),
        (lambda found: {FILES: found[FILES] + b"\n"}, FILES),
    ],
    ids=["of another exhibit", "of no report", "of another list"],
)
def test_seals_and_list_of_the_archive_are_those_of_the_report(
    place, archive, tmp_path, change, named
):
    report = shutil.copytree(place / "report", tmp_path / "report")
    (report / ARCHIVE).unlink()
    changed(archive, report / ARCHIVE, **change(w.members(archive)))

    assert check(report).changed == (f"{ARCHIVE}/{named}",)
    assert refused(report / ARCHIVE) == "audit.archive-changed"


@pytest.mark.requirement("AUD-083")
def test_a_report_whose_seals_were_taken_off_is_not_one_that_nobody_signed(place, tmp_path):
    report = shutil.copytree(place / "report", tmp_path / "report")
    seals = list(report.rglob("*.jws"))
    for path in seals:
        path.unlink()

    found = check(report)
    named = {f"{ARCHIVE}/{path.relative_to(report).as_posix()}" for path in seals}
    assert (found.seal, set(found.changed)) == (None, named)
    assert not found.is_whole


@pytest.mark.requirement("AUD-083")
def test_an_archive_by_another_auditor_is_not_that_of_the_report(place, tmp_path):
    other = FileSigner(generate())

    def again_by_another(value):
        token, _ = envelope.read(value, types={SEAL_TYP: SEAL_CTY})
        return envelope.write(
            token.payload, other, typ=SEAL_TYP, cty=SEAL_CTY, issued_at=w.NOW
        ).encode()

    report = shutil.copytree(place / "report", tmp_path / "report")
    seals = {n: v for n, v in w.members(report / ARCHIVE).items() if n.endswith("0001.jws")}
    seals[REPORT_SEAL] = w.members(report / ARCHIVE)[REPORT_SEAL]
    (report / ARCHIVE).unlink()
    changed(
        place / "report" / ARCHIVE,
        report / ARCHIVE,
        **{name: again_by_another(value) for name, value in seals.items()},
    )

    assert check(report, KNOWN).changed == tuple(sorted(f"{ARCHIVE}/{name}" for name in seals))


def test_the_report_is_whole_and_its_archive_part_of_that(place):
    found = check(place / "report", KNOWN)

    assert found.is_whole
    assert found.seal.known_as == "the bureau"


def test_the_archive_has_every_input_under_its_name(place, archive):
    names = [name for name in w.members(archive) if not name.endswith(".jws") or "/0" in name]

    assert names[:10] == [
        "asked.json",
        "charts/01/chart.csv",
        "rules/norway.json",
        "rules/sverigetopplistan.json",
        "sources/02-manifests/declared/song.musicprov.jws",
        "sources/04-detector/scores.csv",
        "tracks.ndjson",
        "trust/policy.json",
        "files.json",
        "exhibits/0001.jws",
    ]
    found = w.members(archive)
    assert found["charts/01/chart.csv"] == (place / "in/chart.csv").read_bytes()
    assert list(schemas.check(json.loads(found[ASKED]), "audit-archive")) == []
    for line in found[RECORD].splitlines():
        assert list(schemas.check(json.loads(line), "audit-record")) == []


@pytest.mark.slow
@pytest.mark.requirement("AUD-036", "AUD-060")
def test_the_archive_is_the_same_however_many_processes_there_are(tmp_path):
    tracks = w.inputs(tmp_path / "in") / "tracks"
    for number in range(12):
        (tracks / f"{number:02}.wav").write_bytes((tracks / "song.wav").read_bytes())
    (tracks / "05.wav").write_bytes(b"RIFF" + bytes(100))
    for name in ("05.wav", "song.wav"):
        (tracks / f"{name}.musicprov.json").write_bytes(w.world.S.bundle(w.world.BY_LABEL))
    wanted = w.asked(tmp_path / "in")

    one, two, three = (w.audited(wanted, tmp_path / f"{n}", jobs=n) for n in (1, 2, 3))

    record = [json.loads(line) for line in w.members(one / ARCHIVE)[RECORD].splitlines()]
    assert [next(iter(said)) for said in record[:4]] == ["input", "item"] * 2
    assert record[-1].keys() == {"input"}
    assert w.members(one / ARCHIVE) == w.members(two / ARCHIVE) == w.members(three / ARCHIVE)
    assert (one / ARCHIVE).read_bytes() == (two / ARCHIVE).read_bytes()


@pytest.mark.slow
@pytest.mark.requirement("AUD-039")
def test_what_only_a_name_ties_to_audio_is_recorded_and_told_again(tmp_path):
    w.inputs(tmp_path / "in")
    (tmp_path / "in/tracks/song.wav").unlink()
    other = w.world.V.wav(w.world.V.le16(w.world.S.SECOND))
    (tmp_path / "in/tracks/QZZZZ2600001.wav").write_bytes(other)
    made = w.audited(w.asked(tmp_path / "in"), tmp_path / "report")
    lines = [json.loads(line) for line in w.members(made / ARCHIVE)[RECORD].splitlines()]
    named = [line["item"]["named"] for line in lines if "item" in line]
    found = again(made / ARCHIVE, tracks=tmp_path / "in/tracks")

    assert named[0] == [{"sid": w.world.V.sid(w.world.BY_LABEL), "code": "binding.mismatch"}]
    assert [fault for line in lines for fault in schemas.check(line, "audit-record")] == []
    assert "weakAudioDiffers" in (made / "exhibits/0001.json").read_text()
    assert (found.differing, found.missing, found.extra) == ((), (), ())
    assert (found.anew.same, found.anew.differing) == (2, ())


def test_whatever_is_asked_is_kept(place, archive):
    """Each member of ``Asked``; without one of them a rerun would ask for something else."""
    asked = w.asked(place / "in")
    of_files = {"charts", "context", "trust", "keys", "sources"}
    kept = json.loads(w.members(archive)[ASKED])

    members = {member.name for member in fields(asked)} - of_files
    assert set(plain(asked)) == members | {"decode"}
    assert {name: kept[name] for name in plain(asked)} == plain(asked)


def test_no_path_of_the_machine_is_in_it(place, archive):
    assert str(place).encode() not in archive.read_bytes()
    assert os.fsencode(Path.home()) not in archive.read_bytes()


@pytest.mark.slow
@pytest.mark.requirement("AUD-084")
def test_an_input_that_changed_meanwhile_is_not_archived(place, tmp_path, monkeypatch):
    folder = w.inputs(tmp_path / "in")
    real = w.write

    def change(*given):
        (folder / "scores.csv").write_text("other")
        return real(*given)

    monkeypatch.setattr(w, "write", change)

    with pytest.raises(RefusedError) as caught:
        w.audited(w.asked(folder), tmp_path / "report")
    assert caught.value.rule == "audit.input-changed"


@pytest.mark.requirement("AUD-085")
def test_a_name_that_no_archive_can_hold_is_refused_while_writing(tmp_path):
    folder = w.inputs(tmp_path / "in")
    (folder / "scores.csv").rename(folder / "sco\nres.csv")
    sources = (w.Source("detector", folder / "sco\nres.csv"),)

    with pytest.raises(RefusedError) as caught:
        w.audited(w.asked(folder, sources=sources), tmp_path / "report")
    assert caught.value.rule == "audit.input-name"


# rerun


@pytest.mark.requirement("AUD-087")
def test_a_rerun_makes_the_same_bytes(place, archive, tmp_path):
    found = again(archive, tmp_path / "again", keyring=KNOWN)

    assert found.is_same
    wanted = json.loads((place / "report" / FILES).read_bytes())["files"]
    assert found.same == len(wanted) > 15
    for one in wanted:
        assert (tmp_path / "again" / one["name"]).read_bytes() == (
            place / "report" / one["name"]
        ).read_bytes()
    assert found.seal.holds
    assert found.seal.known_as == "the bureau"
    assert check(tmp_path / "again", KNOWN).is_whole


_RERUN = """
import sys, pathlib
from provenance.audit.rerunning import rerun
found = rerun(pathlib.Path(sys.argv[1]), None, lambda *_: None)
print(found.is_same, found.same)
"""


@pytest.mark.slow
@pytest.mark.requirement("AUD-087")
def test_another_locale_time_zone_user_folder_and_hash_seed_make_the_same(archive, tmp_path):
    moved = tmp_path / "elsewhere" / "a b.zip"
    moved.parent.mkdir()
    moved.write_bytes(archive.read_bytes())
    more = {
        "LC_ALL": "C",
        "LANG": "tr_TR.UTF-8",
        "TZ": "Pacific/Apia",
        "PYTHONHASHSEED": "4711",
        "HOME": str(tmp_path),
        "USER": "somebody",
        "TMPDIR": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", _RERUN, moved], cwd=tmp_path, env={**os.environ, **more},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.stdout.split()[:1] == ["True"], done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.requirement("AUD-087")
def test_what_differs_is_named(archive, tmp_path, monkeypatch):
    """Another tool version, other rules, another renderer."""
    from provenance.audit.rendering import tables
    from provenance.reports import as_json

    real = tables.write_csv

    def other(report, path):
        real(report, path)
        path.write_text(path.read_text(encoding="utf-8") + "more\n", encoding="utf-8")

    monkeypatch.setattr(tables, "write_csv", other)
    monkeypatch.setattr(rerunning, "_rules_changed", lambda _: iter(["norway"]))
    monkeypatch.setattr(as_json, "tool", lambda: {"name": "prov", "version": "9.9"})

    found = again(archive)

    assert not found.is_same
    assert "entries.csv" in found.differing
    assert "report.json" in found.differing
    assert found.rules == ("norway",)
    assert found.versions["prov"][1] == "9.9"


@pytest.mark.slow
@pytest.mark.requirement("AUD-087")
def test_rules_that_changed_since_are_named(archive, unsigned, tmp_path):
    old = json.loads(w.members(unsigned)["rules/norway.json"])
    old["note"] = "another note"
    path = changed(unsigned, tmp_path / "x.zip", relist=True,
                   **{"rules/norway.json": json.dumps(old).encode()})  # fmt: skip

    assert again(archive).rules == ()
    assert again(path).rules == ("norway",)


@pytest.mark.slow
@pytest.mark.requirement("AUD-087")
def test_a_file_that_is_not_made_now_is_named(unsigned, tmp_path):
    found = w.members(unsigned)
    said = json.loads(found[ASKED])
    said["forms"]["letters"] = False
    path = changed(unsigned, tmp_path / "x.zip", relist=True, **{ASKED: json.dumps(said).encode()})

    result = again(path)
    assert not result.is_same
    assert result.missing
    assert all(name.startswith("letters/") for name in result.missing)


@pytest.mark.slow
def test_a_pdf_is_the_same_in_bytes_or_at_least_in_what_it_says(place, tmp_path, monkeypatch):
    pytest.importorskip("weasyprint", exc_type=ImportError)
    from provenance.audit.rendering import pdf

    made = {}

    def draw(report, path, week=None, key=None):
        """Stands for another version of the library: other bytes, the same text."""
        made["n"] = made.get("n", 0) + 1
        digest = pdf.hashlib.sha256(str(report.head["audit"]["id"]).encode()).hexdigest()
        path.write_bytes(b"%%PDF-1.7 %d\n/ID [(%s)]\n" % (made["n"], digest.encode()))

    monkeypatch.setattr(pdf, "write_pdf", draw)
    folder = w.audited(w.asked(place / "in"), tmp_path / "report", pdf=True)

    found = again(folder / ARCHIVE)
    assert found.is_same
    assert found.alike == ("report.pdf",)
    assert found.differing == ()

    monkeypatch.setattr(pdf, "content_of", lambda _: "sha-256:" + "A" * 43)
    assert again(folder / ARCHIVE).differing == ("report.pdf",)


# tokens and audio


@pytest.mark.slow
@pytest.mark.requirement("AUD-088")
def test_every_declaration_is_checked_by_its_own_token(archive):
    found = again(archive).tokens

    assert found.checked > 0
    assert (found.failing, found.differing) == ((), ())


def forged(unsigned, path, old, new):
    """An archive, signed by nobody, whose record says something else about a track."""
    record = w.members(unsigned)[RECORD]
    assert old in record
    return changed(unsigned, path, relist=True, **{RECORD: record.replace(old, new)})


@pytest.mark.requirement("AUD-088")
def test_a_token_that_does_not_bear_a_declaration_out_is_named(archive):
    """Declarations as exhibits have them, changed by hand, against their tokens."""
    exhibits = json.loads((archive.parent / "report.json").read_bytes())["exhibits"]
    one = next(d for x in exhibits for d in x["declarations"] if d["areas"])
    asked = w.asked(archive.parent.parent / "in")
    token = one["token"]
    broken = token[:-8] + ("A" if token[-8] != "A" else "B") + token[-7:]

    assert rerunning._fault(one, asked) is None
    assert rerunning._fault({**one, "token": broken}, asked) == "signature"
    levels = {
        **one["areas"],
        "leadVocals": "full" if one["areas"]["leadVocals"] != "full" else "none",
    }
    assert rerunning._fault({**one, "areas": levels}, asked) == "says"
    signer = {**one["signer"], "key": w.AUDITOR.public.thumbprint}
    assert rerunning._fault({**one, "signer": signer}, asked) == "says"
    statement = {**one["statement"], "payload": "A" * 43}
    assert rerunning._fault({**one, "statement": statement}, asked) == "says"
    failed = {**one, "token": broken, "areas": {}, "status": "FAILED"}
    assert rerunning._fault(failed, asked) is None


@pytest.mark.requirement("AUD-088")
@pytest.mark.parametrize("member", ["opposed", "endorsements"])
def test_tokens_of_what_others_signed_are_checked_too(archive, member):
    exhibits = json.loads((archive.parent / "report.json").read_bytes())["exhibits"]
    asked = w.asked(archive.parent.parent / "in")
    one = next(d for x in exhibits for d in x["declarations"] if d["token"])
    whole, broken = {"token": one["token"]}, {"token": one["token"][:-8] + "AAAAAAAA"}

    def failing(said):
        body = {"exhibit": 1, "declarations": [{**one, member: said}]}
        report = SimpleNamespace(exhibits=lambda: [body])
        return rerunning._tokens(report, asked).failing

    assert failing([whole]) == ()
    assert failing([whole, broken]) == (f"exhibits/0001 {one['id']}",)


@pytest.mark.requirement("AUD-089")
def test_audio_that_is_given_is_verified_anew(place, archive):
    found = again(archive, tracks=place / "in" / "tracks").anew

    assert (found.same, found.differing, found.missing) == (2, (), ())


@pytest.mark.slow
@pytest.mark.requirement("AUD-089")
def test_only_audio_with_the_recorded_digest_is_looked_at(place, archive, tmp_path):
    folder = tmp_path / "tracks"
    folder.mkdir()
    (folder / "renamed.wav").write_bytes((place / "in/tracks/song.wav").read_bytes())
    (folder / "plain Ö.wav").write_bytes((place / "in/tracks/plain Ö.wav").read_bytes() + b"x")

    found = again(archive, tracks=folder)

    assert found.anew.same == 1
    assert found.anew.missing == ("plain Ö.wav",)
    assert found.is_same


@pytest.mark.slow
@pytest.mark.requirement("AUD-089")
def test_a_forged_record_is_contradicted_by_the_audio(place, unsigned, tmp_path):
    path = forged(unsigned, tmp_path / "x.zip", b'"container": "wav"', b'"container": "flac"')

    found = again(path, tracks=place / "in" / "tracks")

    assert not found.is_same
    assert set(found.anew.differing) == {"song.wav", "plain Ö.wav"}
    assert "report.json" in found.differing


@pytest.mark.slow
def test_with_its_audio_an_archive_needs_no_record(place, tmp_path):
    folder = w.audited(w.asked(place / "in"), tmp_path / "report", audio=True)
    found = w.members(folder / ARCHIVE)

    assert RECORD not in found
    assert found["sources/01-tracks/tracks/song.wav"] == (place / "in/tracks/song.wav").read_bytes()
    assert again(folder / ARCHIVE).is_same


@pytest.mark.slow
@pytest.mark.requirement("AUD-089")
def test_audio_that_is_given_beside_archived_audio_is_verified_anew_too(place, tmp_path):
    archive = w.audited(w.asked(place / "in"), tmp_path / "report", audio=True) / ARCHIVE
    given = tmp_path / "tracks"
    given.mkdir()
    (given / "renamed.wav").write_bytes((place / "in/tracks/song.wav").read_bytes())

    found = again(archive, tracks=place / "in/tracks").anew
    assert (found.same, found.differing, found.missing) == (2, (), ())
    found = again(archive, tracks=given).anew
    assert (found.same, found.differing, found.missing) == (1, (), ("plain Ö.wav",))


# hostile archives


@pytest.mark.requirement("AUD-086")
@pytest.mark.parametrize("name", [RECORD, ASKED, "charts/01/chart.csv", "trust/policy.json"])
def test_a_member_that_was_changed_is_refused(archive, tmp_path, name):
    data = w.members(archive)[name]
    path = changed(archive, tmp_path / "x.zip", **{name: data.replace(b"a", b"e", 1)})

    assert refused(path) == "audit.archive-changed"


@pytest.mark.requirement("AUD-086")
def test_a_forged_record_with_a_list_that_fits_does_not_fit_the_seal(archive, tmp_path):
    record = w.members(archive)[RECORD].replace(b"PASSED", b"ABSENT")
    path = changed(archive, tmp_path / "x.zip", relist=True, **{RECORD: record})

    assert refused(path) == "audit.archive-changed"


@pytest.mark.requirement("AUD-086")
def test_a_member_too_many_or_too_few_is_refused(archive, tmp_path):
    assert refused(changed(archive, tmp_path / "1.zip", extra=b"x")) == "audit.archive-changed"
    assert refused(changed(archive, tmp_path / "2.zip", drop=[RECORD])) == "audit.archive-changed"
    assert refused(changed(archive, tmp_path / "3.zip", drop=[FILES])) == "audit.archive-form"
    strange = {"exhibits/0001.jws": b"x.y.z"}
    assert refused(changed(archive, tmp_path / "4.zip", **strange)) == "audit.archive-changed"
    assert refused(changed(archive, tmp_path / "5.zip", drop=[REPORT_SEAL])) == (
        "audit.archive-changed"
    )


@pytest.mark.requirement("AUD-085")
@pytest.mark.parametrize("where", ["/etc/passwd", "../../../etc/passwd", "charts/../../x"])
@pytest.mark.parametrize("member", ["charts", "trust", "keys", "sources"])
def test_what_was_asked_cannot_lead_out_of_the_archive(unsigned, tmp_path, member, where):
    said = json.loads(w.members(unsigned)[ASKED])
    values = {
        "charts": [where],
        "trust": where,
        "keys": [where],
        "sources": [{"kind": "ern", "path": where, "folder": False}],
    }
    said[member] = values[member]
    path = changed(unsigned, tmp_path / "x.zip", relist=True, **{ASKED: json.dumps(said).encode()})

    assert refused(path) == "audit.archive-form"


@pytest.mark.requirement("AUD-085")
@pytest.mark.parametrize(
    "record",
    [
        b"nothing\n",
        b"[1]\n",
        b"{}\n",
        b"[" * 100_000 + b"\n",
        b'{"problem": {"input": 1, "row": null, "rule": 3, "value": ""}}\n',
        b'{"input": {"number": 77, "role": "track", "name": "a", "size": 1, "sha256": "sha-256:'
        + b"A" * 43
        + b'"}}\n',
    ],
)
def test_a_record_that_is_none_is_refused(unsigned, tmp_path, record):
    assert refused(changed(unsigned, tmp_path / "x.zip", relist=True, **{RECORD: record})) == (
        "audit.archive-form"
    )


@pytest.mark.requirement("AUD-085")
@pytest.mark.parametrize(
    "change",
    [
        lambda item: item.pop("report"),
        lambda item: item.update(tokens=[3]),
        lambda item: item["report"].pop("checks"),
        lambda item: item["says"].update(size="1"),
        lambda item: item["says"].pop("marks"),
    ],
)
def test_a_record_of_a_track_has_all_that_a_report_is_made_from(unsigned, tmp_path, change):
    lines = [json.loads(line) for line in w.members(unsigned)[RECORD].splitlines()]
    change(next(one["item"] for one in lines if "item" in one))
    record = "".join(f"{json.dumps(one)}\n" for one in lines).encode()

    assert refused(changed(unsigned, tmp_path / "x.zip", relist=True, **{RECORD: record})) == (
        "audit.archive-form"
    )


@pytest.mark.requirement("AUD-085")
@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("at", "2026-99-99T00:00:00Z"),
        ("threshold", "1e"),
        ("threshold", "--"),
        ("charts", ["charts"]),
        ("charts", ["charts/01/other.csv"]),
        ("decode", "always"),
    ],
)
def test_what_was_asked_can_be_asked(unsigned, tmp_path, member, value):
    said = {**json.loads(w.members(unsigned)[ASKED]), member: value}
    path = changed(unsigned, tmp_path / "x.zip", relist=True, **{ASKED: json.dumps(said).encode()})

    assert refused(path) == "audit.archive-form"


@pytest.mark.requirement("AUD-085")
@pytest.mark.parametrize(
    "asked", [b"", b"{}", b"[" * 10_000, b'{"archive": "musicprov-audit-archive/2"}', b"\xff"]
)
def test_what_was_asked_has_its_form(unsigned, tmp_path, asked):
    path = changed(unsigned, tmp_path / "x.zip", relist=True, **{ASKED: asked})

    assert refused(path) == "audit.archive-form"


def test_a_refused_archive_leaves_no_folder(archive, tmp_path):
    path = changed(archive, tmp_path / "x.zip", extra=b"x")

    with pytest.raises(RefusedError):
        again(path, tmp_path / "again")
    assert not (tmp_path / "again").exists()
    assert check(archive.parent).is_whole
    (archive.parent / ARCHIVE).rename(tmp_path / "kept.zip")
    try:
        (archive.parent / ARCHIVE).write_bytes(path.read_bytes())
        assert check(archive.parent).changed == (f"{ARCHIVE}/extra",)
        (archive.parent / ARCHIVE).write_bytes(b"none")
        assert check(archive.parent).changed == (ARCHIVE,)
    finally:
        (tmp_path / "kept.zip").replace(archive.parent / ARCHIVE)
