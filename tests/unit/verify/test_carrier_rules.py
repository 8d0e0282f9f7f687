"""Rules about carriers that hold for every container (spec 6), shown on small WAV files."""

from __future__ import annotations

import io
import json
import socket
import struct
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from provenance.containers import load
from provenance.containers.base import Change, Tags
from provenance.issuing.embedding import embed, require_writable
from provenance.model.errors import RefusedError
from provenance.model.limits import DEFAULT_LIMITS
from provenance.trust.identity import Keyring
from provenance.verify import tags as ordinary
from provenance.verify.outcome import Context, Given
from provenance.verify.procedure import verify
from provenance.wire.decode import decode

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "verify"
PLAIN = (VECTORS / "absent" / "input.wav").read_bytes()
TOKEN = (VECTORS / "given-for-stripped-file" / "given.jws").read_bytes()
OPTIONS = json.loads((VECTORS / "passed-own-key" / "case.json").read_bytes())["options"]
OWN = Keyring(own=dict.fromkeys(OPTIONS["own"]))
CONTEXT = Context(now=datetime(2027, 1, 1, tzinfo=UTC), keyring=OWN)


def synchsafe(number):
    return bytes((number >> shift) & 0x7F for shift in (21, 14, 7, 0))


def frame(name, value, *, compressed=False):
    body = b"\x03" + name + b"\0" + value
    if compressed:
        body, flags = synchsafe(len(body)) + zlib.compress(body), b"\0\x09"
    else:
        flags = b"\0\0"
    return b"TXXX" + synchsafe(len(body)) + flags + body


def tag(*frames):
    body = b"".join(frames)
    return b"ID3\x04\0\0" + synchsafe(len(body)) + body


def wav(*tags):
    chunks = b"".join(
        b"id3 " + struct.pack("<I", len(t)) + t + (b"\0" if len(t) % 2 else b"") for t in tags
    )
    body = PLAIN[8:] + chunks
    return b"RIFF" + struct.pack("<I", len(body)) + body


def check(data, *given, **more):
    return verify(io.BytesIO(data), load("wav"), replace(CONTEXT, **more), given)


def slugs(found):
    return [f.code.slug for f in found.findings]


def places(found):
    return [w for c in found.subject.candidates for w in c.where]


@pytest.mark.requirement("CAR-002")
@pytest.mark.parametrize("name", [b"MUSICPROV", b"musicprov", b"MusicProv"])
def test_the_name_is_compared_without_case(name):
    assert check(wav(tag(frame(name, TOKEN)))).status.value == "PASSED"


@pytest.mark.requirement("CAR-010")
@pytest.mark.requirement("CAR-011")
@pytest.mark.requirement("VER-010")
def test_every_place_is_looked_at_and_named():
    two = tag(frame(b"MUSICPROV", TOKEN), frame(b"musicprov", TOKEN))
    data = wav(two, tag(frame(b"MUSICPROV", TOKEN)))

    found = check(data, Given("sidecar", TOKEN), Given("given", TOKEN))

    assert len(places(found)) == len(set(places(found))) == 5
    assert {"sidecar", "given"} < set(places(found))
    assert found.status.value == "PASSED"


@pytest.mark.requirement("CAR-012")
def test_a_statement_in_a_second_tag_counts_and_its_place_is_named():
    found = check(wav(tag(frame(b"MOOD", b"calm")), tag(frame(b"MUSICPROV", TOKEN))))

    assert found.status.value == "PASSED"
    assert "carrier.unexpected-place" in slugs(found)


@pytest.mark.requirement("CAR-013")
def test_a_compressed_frame_is_named_and_never_expanded():
    found = check(wav(tag(frame(b"MUSICPROV", TOKEN, compressed=True))))

    assert "carrier.unreadable-item" in slugs(found)
    assert "carrier.found" not in slugs(found)
    assert found.status.value != "PASSED"


@pytest.mark.requirement("CAR-001")
def test_both_tags_are_written_at_the_canonical_place_and_nowhere_else():
    container, target = load("wav"), io.BytesIO()
    source = io.BytesIO(wav(tag(frame(b"MOOD", b"calm")), tag(frame(b"musicprov", b"old"))))
    scan = container.scan(source, DEFAULT_LIMITS, False)

    after = embed(container, source, scan, Change(TOKEN, "mixing=utility"), target, DEFAULT_LIMITS)

    assert [(c.name, c.canonical) for c in after.carriers] == [
        ("MUSICPROV", True),
        ("AI_DISCLOSURE", True),
    ]
    assert all(c.where.startswith("wav:id3[0]") for c in after.carriers)
    assert target.getvalue().count(b"MUSICPROV") == 1
    assert b"MOOD\0calm" in target.getvalue()


@pytest.mark.requirement("CAR-032")
@pytest.mark.parametrize("damage", ["audio", "foreign tag", "own tag", "cut"])
def test_a_write_that_changes_more_than_our_tags_is_refused(damage):
    good = load("wav")

    def write(source, scan, change, target):
        made = io.BytesIO()
        good.write(source, scan, change, made)
        data = bytearray(made.getvalue())
        if damage == "audio":
            data[100] ^= 1
        elif damage == "foreign tag":
            data[data.index(b"calm")] ^= 1
        elif damage == "own tag":
            data[data.index(TOKEN) + 40] ^= 1
        else:
            del data[3000:]
        target.write(data)

    faulty = replace(good, write=write)
    source = io.BytesIO(wav(tag(frame(b"MOOD", b"calm"))))
    scan = good.scan(source, DEFAULT_LIMITS, False)

    with pytest.raises(RefusedError) as refused:
        embed(faulty, source, scan, Change(TOKEN, None), io.BytesIO(), DEFAULT_LIMITS)

    assert refused.value.rule == "write.check-failed"


@pytest.mark.requirement("CAR-034")
@pytest.mark.requirement("VER-012")
def test_a_scan_that_a_limit_cut_is_never_absent_and_never_signed():
    limits = replace(DEFAULT_LIMITS, items=3)
    data = wav(tag(*(frame(b"MOOD", b"calm") for _ in range(9))))
    scan = load("wav").scan(io.BytesIO(data), limits, False)

    found = check(data, limits=limits)

    assert "carrier.scan-incomplete" in slugs(found)
    assert "carrier.absent" not in slugs(found)
    assert found.status.value == "INDETERMINATE"
    with pytest.raises(RefusedError) as refused:
        require_writable(scan)
    assert refused.value.rule == "carrier.scan-incomplete"


@pytest.mark.requirement("VER-012")
@pytest.mark.parametrize("share", [0.4, 0.9])
def test_half_an_upload_is_never_absent(share):
    whole = wav(tag(frame(b"MUSICPROV", TOKEN)))

    found = check(whole[: int(len(whole) * share)])

    assert found.status.value == "INDETERMINATE"
    assert found.code == "carrier.scan-incomplete"


def shared(found):
    return [(f.where, dict(f.detail)) for f in found.findings if "sharedLimit" in f.detail]


@pytest.mark.requirement("CAR-056")
def test_json_that_passes_what_all_may_have_together_is_left_unread_and_the_rest_is_read():
    bundles = [json.dumps({"x": n, "pad": "." * 1500}).encode() for n in range(4)]
    size = len(bundles[0])
    given = [Given(f"given[{n}]", value) for n, value in enumerate((*bundles, b"{}", TOKEN))]

    found = check(PLAIN, *given, limits=replace(DEFAULT_LIMITS, bundle_bytes=size + 10))

    told = {"bytes": size, "sharedLimit": "bundle_bytes", "sharedBytes": 2 * size + 20}
    assert shared(found) == [("given[2]", told), ("given[3]", told)]
    assert (found.status.value, found.code) == ("INDETERMINATE", "carrier.scan-incomplete")
    assert found.subject.selected.where == ("given[5]",)
    assert places(found) == [g.where for g in given]
    unusable = {f.where for f in found.findings if f.code.slug == "carrier.unusable"}
    assert unusable == {"given[0]", "given[1]", "given[4]"}


@pytest.mark.requirement("CAR-056")
def test_a_payload_that_passes_what_all_may_have_together_names_that_limit():
    size = len(payload())
    few = replace(DEFAULT_LIMITS, payload_bytes=10)

    found = check(PLAIN, Given("given", TOKEN), limits=few)

    ((where, told),) = shared(found)
    assert where == "given"
    assert told.items() >= {("sharedLimit", "payload_bytes"), ("sharedBytes", 10)}
    assert 10 < told["bytes"] <= size


SELECTED = {
    "co-signed": ("PASSED", "own"),
    "superseded": ("PASSED", "own"),
    "junk-beside-good": ("PASSED", "own"),
    "contradicting-stranger": ("INDETERMINATE", "any"),
    "edited-payload": ("FAILED", "own"),
}


@pytest.mark.requirement("VER-100")
@pytest.mark.parametrize("case", SELECTED)
def test_the_statement_that_the_table_names_is_selected(case):
    status, signer = SELECTED[case]

    found = check((VECTORS / case / "input.wav").read_bytes())
    selected = found.subject.selected

    assert found.status.value == status
    assert signer == "any" or selected.token.key in OWN.own


@pytest.mark.requirement("VER-002")
def test_nothing_opens_a_socket(monkeypatch):
    def refuse(*_args, **_more):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    assert check(wav(tag(frame(b"MUSICPROV", TOKEN)))).status.value == "PASSED"


@pytest.mark.requirement("ENV-001")
def test_a_type_of_another_version_is_not_processed():
    found = check((VECTORS / "unknown-typ" / "input.wav").read_bytes())

    assert "jws.typ.unsupported" in slugs(found)
    assert "signature.valid" not in slugs(found)


def payload(**changed):
    from base64 import urlsafe_b64decode

    part = TOKEN.split(b".")[1]
    plain = json.loads(urlsafe_b64decode(part + b"=" * (-len(part) % 4)))
    return json.dumps(plain | changed).encode()


@pytest.mark.requirement("VSN-002")
@pytest.mark.parametrize("version", ["1.0", "1.1", "1.37"])
def test_a_newer_minor_version_is_processed_by_what_is_known(version):
    manifest, found = decode(payload(specVersion=version, novelty=1))

    assert manifest is not None
    assert {f.code.slug for f in found} == {"content.valid", "content.member-unknown"}


def references(value):
    if isinstance(value, dict):
        yield from (v for k, v in value.items() if k == "$ref")
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


@pytest.mark.requirement("SEC-012")
def test_every_reference_of_a_schema_stays_inside_the_package():
    folder = Path(__file__).resolve().parents[3] / "schemas" / "1.0"
    for path in folder.glob("*.json"):
        for target in references(json.loads(path.read_text(encoding="utf-8"))):
            file, _, pointer = target.partition("#")
            there = folder / (file or path.name)
            assert there.is_file(), f"{path.name}: {target}"
            part = json.loads(there.read_text(encoding="utf-8"))
            for step in pointer.split("/")[1:]:
                part = part[step]


@pytest.mark.requirement("VER-120")
def test_the_words_of_what_is_signed_are_taken_once_for_all_tags(monkeypatch):
    manifest, _ = decode(payload(), DEFAULT_LIMITS)
    scan = load("wav").scan(io.BytesIO(PLAIN), DEFAULT_LIMITS, True)
    words, taken = ordinary._words, []
    monkeypatch.setattr(ordinary, "_words", lambda text: taken.append(text) or words(text))
    other = replace(scan, tags=Tags(title=("one", "two", "three")))
    title = manifest.subject.title

    (found,) = ordinary.compare_tags(manifest, other)
    assert (found.code.slug, found.where) == ("content.tag-differs", "/subject/title")
    assert taken == [title, "one", "two", "three"]
    for tag in (title, title.upper() + "!", f"{title} (Remastered)", title.replace(" ", "")):
        alike = replace(scan, tags=Tags(title=("one", tag)))
        assert list(ordinary.compare_tags(manifest, alike)) == []


@pytest.mark.requirement("VER-120")
@pytest.mark.parametrize(
    ("tagged", "differs"),
    [
        (["Ana Exampel", "Bob Guest"], False),
        (["Bob Guest", "Ana Exampel", "Cy"], False),
        (["ANA EXAMPEL feat. Bob Guest"], False),
        (["Ana Exampel"], True),
        (["Ana Exampel", "Bob"], True),
        ([], False),
    ],
)
def test_artists_are_compared_with_all_values_of_the_tag(tagged, differs):
    made = json.loads(payload())
    made["subject"]["artists"] = [{"name": "Ana Exampel"}, {"name": "Bob Guest"}]
    manifest, _ = decode(json.dumps(made).encode(), DEFAULT_LIMITS)
    scan = load("wav").scan(io.BytesIO(PLAIN), DEFAULT_LIMITS, True)

    found = list(ordinary.compare_tags(manifest, replace(scan, tags=Tags.of({"artist": tagged}))))
    assert [(f.code.slug, f.where) for f in found] == (
        [("content.tag-differs", "/subject/artists")] if differs else []
    )
    for one in found:
        assert one.detail == {"signed": "Ana Exampel, Bob Guest", "tag": ", ".join(tagged)}
