"""Adding to what a file carries: nothing is signed anew, nothing is lost (spec 6.9)."""

import importlib.util
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from provenance.issuing import carrying
from provenance.issuing.preparing import prepare, sidecar_path
from provenance.model.errors import RefusedError
from provenance.model.limits import DEFAULT_LIMITS
from provenance.signing import bundle, envelope
from provenance.signing.keys import generate
from provenance.signing.signer import FileSigner
from provenance.verify.outcome import Context

VECTORS = Path(__file__).resolve().parents[2] / "vectors"
NOW = datetime(2027, 1, 1, tzinfo=UTC)
CONTEXT = Context(now=NOW, decode="never")
SIGNER = FileSigner(generate())
STAMP = {"sigTst": {"tstTokens": [{"val": "AAAA"}]}}


def _builder():
    spec = importlib.util.spec_from_file_location("verify_build", VECTORS / "verify" / "build.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["verify_build"] = module
    spec.loader.exec_module(module)
    return module


V = _builder()
ONE, OTHER = V.GOOD.decode(), V.token(V.manifest(), V.OTHER).decode()


def of_another_type(number=0):
    typ = "vnd.musicprov.disclosure.v2+jwt"
    payload = json.dumps({"n": number}).encode()
    return envelope.write(payload, SIGNER, typ=typ, cty="x", issued_at=NOW)


def song(tmp_path, *values):
    path = tmp_path / "song.wav"
    path.write_bytes(V.wav(V.le16(V.SONG), [("MUSICPROV", v) for v in values]))
    return path


def look(path):
    return prepare(path, CONTEXT, tiers=frozenset({"essence"}))


def flat(token, *items):
    header = {"header": {"etsiU": list(items)}} if items else {}
    return {**bundle.flattened_of(token), **header}


@pytest.mark.requirement("CAR-004")
def test_one_plain_statement_is_a_compact_token(tmp_path):
    file = look(song(tmp_path, bundle.write_bundle([ONE]).decode()))

    carrying.put(file, carrying.statements_of(file), CONTEXT)

    assert [c.value.decode() for c in look(file.path).scan.named("MUSICPROV")] == [ONE]


@pytest.mark.requirement("CAR-004")
@pytest.mark.parametrize("added", [OTHER, flat(OTHER, STAMP)], ids=["plain", "stamped"])
def test_more_than_a_plain_statement_is_a_bundle(tmp_path, added):
    file = look(song(tmp_path, ONE))

    carrying.put(file, [ONE, added], CONTEXT)

    (carrier,) = look(file.path).scan.named("MUSICPROV")
    assert json.loads(carrier.value) == {
        "bundle": "musicprov-bundle/1",
        "statements": [flat(ONE), bundle.flattened_of(added)],
    }


@pytest.mark.requirement("CAR-052")
def test_a_stamped_statement_alone_keeps_its_stamp_in_a_tag(tmp_path):
    file = look(song(tmp_path, ONE))

    carrying.put(file, [flat(ONE, STAMP)], CONTEXT)

    assert carrying.statements_of(look(file.path)) == [flat(ONE, STAMP)]


@pytest.mark.requirement("CAR-052")
def test_all_places_are_one_list_and_equal_signatures_unite_their_stamps(tmp_path):
    later = {"sigTst": {"tstTokens": [{"val": "BBBB"}]}}
    one = bundle.write_bundle([flat(ONE, STAMP), OTHER]).decode()
    two = json.dumps(flat(ONE, STAMP, later))

    found = carrying.statements_of(look(song(tmp_path, one, two, ONE)))

    assert found == [flat(ONE, STAMP, later), OTHER]


@pytest.mark.requirement("CAR-052")
def test_a_statement_of_a_type_that_is_not_known_is_kept(tmp_path):
    strange = of_another_type()
    file = look(song(tmp_path, ONE, strange))

    carrying.put(file, [*carrying.statements_of(file), OTHER], CONTEXT)

    assert carrying.statements_of(look(file.path)) == [ONE, strange, OTHER]


JUNK = {
    "text": "hello",
    "a header alone": "eyJhbGciOiJFUzI1NiJ9",
    "a bundle of another version": '{"bundle":"musicprov-bundle/2","statements":[{}]}',
    "an empty bundle": '{"bundle":"musicprov-bundle/1","statements":[]}',
    "another object": '{"a":1}',
    "a number in a bundle": '{"bundle":"musicprov-bundle/1","statements":[5]}',
    "broken JSON": '{"bundle":',
}


@pytest.mark.requirement("CAR-054")
@pytest.mark.parametrize("sidecar", [False, True], ids=["tag", "sidecar"])
@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
def test_what_would_be_lost_is_refused(tmp_path, junk, sidecar):
    path = song(tmp_path, ONE, *([] if sidecar else [junk]))
    if sidecar:
        sidecar_path(path).write_text(junk)

    with pytest.raises(RefusedError) as refused:
        carrying.statements_of(look(path), sidecar=sidecar)

    assert refused.value.rule == "carrier.not-understood"


@pytest.mark.requirement("CAR-055")
@pytest.mark.parametrize("sidecar", [False, True], ids=["tag", "sidecar"])
def test_more_than_a_bundle_holds_is_refused(tmp_path, sidecar):
    file = look(song(tmp_path, ONE))
    many = [of_another_type(n) for n in range(33)]
    before = file.path.read_bytes()

    carrying.put(file, many[:32], CONTEXT, sidecar=True)
    with pytest.raises(RefusedError) as refused:
        carrying.put(file, many, CONTEXT, sidecar=sidecar)

    assert refused.value.rule == "carrier.full"
    assert file.path.read_bytes() == before
    assert len(carrying.statements_of(file, sidecar=True)) == 32


@pytest.mark.requirement("CAR-055")
def test_more_bytes_than_a_bundle_holds_are_refused(tmp_path):
    file = look(song(tmp_path, ONE))
    large = {"sigTst": {"tstTokens": [{"val": "A" * DEFAULT_LIMITS.bundle_bytes}]}}

    with pytest.raises(RefusedError) as refused:
        carrying.put(file, [flat(ONE, large)], CONTEXT)

    assert refused.value.rule == "carrier.full"


@pytest.mark.requirement("CAR-015")
@pytest.mark.requirement("CAR-052")
def test_the_summary_is_that_of_the_newest_disclosure_that_is_kept(tmp_path):
    newer = V.token(
        V.manifest(
            sequence=2,
            supersedes=V.sid(V.GOOD),
            contributions=[{"asset": "recording", "area": "leadVocals", "level": "partial"}],
        )
    ).decode()
    file = look(song(tmp_path, ONE, newer))

    carrying.put(file, [ONE, newer, of_another_type()], CONTEXT)

    (summary,) = look(file.path).scan.named("AI_DISCLOSURE")
    assert summary.value == b"leadVocals=partial"


@pytest.mark.requirement("CAR-059")
def test_what_was_superseded_does_not_come_back_when_the_newer_one_is_taken_back(tmp_path):
    newer = V.token(V.manifest(sequence=2, supersedes=V.sid(V.GOOD))).decode()
    read, _ = envelope.read(newer.encode(), DEFAULT_LIMITS)
    of = {"sid": read.sid, "payload": read.payload_digest, "key": read.key}
    gone = V.token(
        {
            "type": "Withdrawal",
            "specVersion": "1.0",
            "id": "urn:uuid:3f0d2a56-9d06-4a36-8f0e-0d7c4f8a1b11",
            "issued": "2026-06-02T00:00:00Z",
            "of": of,
            "reason": "error",
        },
        typ="vnd.musicprov.withdrawal+jwt",
        cty="vnd.musicprov.withdrawal+json",
    ).decode()
    file = look(song(tmp_path, ONE, newer))

    carrying.put(file, [ONE, newer, gone], CONTEXT)

    assert not look(file.path).scan.named("AI_DISCLOSURE")


@pytest.mark.requirement("CAR-052")
@pytest.mark.parametrize(("name", "form"), [("a.musicprov.jws", "token"), ("a.json", "bundle")])
def test_a_bare_file_is_rewritten_in_its_form(tmp_path, name, form):
    path = tmp_path / name
    path.write_bytes(ONE.encode() + b"\n")
    path.chmod(0o640)

    carrying.put_bare(path, [flat(ONE, STAMP)], DEFAULT_LIMITS)

    found = json.loads(path.read_bytes())
    assert found == (flat(ONE, STAMP) if form == "token" else {"bundle": "musicprov-bundle/1", "statements": [flat(ONE, STAMP)]})  # fmt: skip
    assert path.stat().st_mode & 0o777 == 0o640
    assert carrying.statements_in([path.read_bytes()], DEFAULT_LIMITS, path) == [flat(ONE, STAMP)]


@pytest.mark.requirement("CAR-031")
def test_a_bare_file_that_is_read_only_is_not_rewritten(tmp_path):
    path = tmp_path / "a.musicprov.jws"
    path.write_bytes(ONE.encode())
    path.chmod(0o444)

    with pytest.raises(RefusedError) as refused:
        carrying.put_bare(path, [flat(ONE, STAMP)], DEFAULT_LIMITS)

    assert refused.value.rule == "file.read-only"
    assert path.read_bytes() == ONE.encode()


@pytest.mark.requirement("CAR-057")
def test_a_bare_file_is_given_the_owner_and_group_that_it_had(tmp_path, monkeypatch):
    path = tmp_path / "a.musicprov.jws"
    path.write_bytes(ONE.encode())
    given = []
    monkeypatch.setattr(os, "fchown", lambda _, *owner: given.append(owner))

    carrying.put_bare(path, [flat(ONE, STAMP)], DEFAULT_LIMITS)

    assert given == [(path.stat().st_uid, path.stat().st_gid)]
