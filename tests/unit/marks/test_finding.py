"""Marks in every container, as tools in use write them; and hostile ones (spec 21)."""

from __future__ import annotations

import io
import json
import shutil
import struct

import pytest
from provenance.containers import identify, load
from provenance.marks import find
from provenance.marks._entries import TOTAL_BYTES
from provenance.marks.base import MAX_MARKS
from provenance.model.limits import DEFAULT_LIMITS

from support.samples import made

AIGC = json.dumps({"Label": "1", "ContentProducer": "P", "ProduceID": "1", "ReservedCode1": "",
                   "ContentPropagator": "", "PropagateID": "", "ReservedCode2": ""})  # fmt: skip
SUNO = "made with suno; created=2026-02-25T03:57:12Z; id=6ec687e6-b51d-4a4b-9472-27bd8be77ffa"
C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")


def marks_of(data):
    stream = io.BytesIO(data)
    container = load(identify(stream))
    return find(stream, container, container.scan(stream, DEFAULT_LIMITS, False))


def said(data):
    return [(m.kind, m.strength, m.says) for m in marks_of(data)]


def tagged(tmp_path, kind, write):
    path = tmp_path / made(kind).name
    shutil.copyfile(made(kind), path)
    write(path)
    return path.read_bytes()


def id3_frames(path, kind):
    from mutagen.aiff import AIFF
    from mutagen.id3 import COMM, GEOB, ID3, TXXX
    from mutagen.wave import WAVE

    file = {"mp3": ID3, "wav": WAVE, "aiff": AIFF}[kind](path)
    if kind != "mp3" and file.tags is None:
        file.add_tags()
    tags = file if kind == "mp3" else file.tags
    tags.add(TXXX(encoding=1, desc="AIGC", text=[AIGC]))
    tags.add(COMM(encoding=3, lang="eng", desc="", text=[SUNO]))
    tags.add(GEOB(encoding=0, mime="application/c2pa", filename="c2pa", desc="x", data=b"\0" * 9))
    file.save()


@pytest.mark.requirement("MRK-001", "MRK-002", "MRK-003")
@pytest.mark.parametrize("kind", ["mp3", "wav", "aiff"])
def test_id3_frames(tmp_path, kind):
    data = tagged(tmp_path, kind, lambda path: id3_frames(path, kind))

    assert set(said(data)) == {
        ("aigc", "stated", "generated"),
        ("generator", "residue", "generated"),
        ("c2pa", "unread", None),
    }


@pytest.mark.requirement("MRK-002")
@pytest.mark.parametrize("kind", ["flac", "ogg", "opus", "oga"])
def test_vorbis_comments(tmp_path, kind):
    def write(path):
        from mutagen import File

        file = File(path)
        file["aigc"], file["comment"] = AIGC, SUNO
        file.save()

    data = tagged(tmp_path, kind, write)

    assert sorted(said(data)) == [
        ("aigc", "stated", "generated"),
        ("generator", "residue", "generated"),
    ]
    assert all(m.where.startswith(("flac:VORBIS_COMMENT[0][", "ogg:")) for m in marks_of(data))


@pytest.mark.requirement("MRK-002", "MRK-003")
def test_atoms(tmp_path):
    def write(path):
        from mutagen.mp4 import MP4

        file = MP4(path)
        file["----:com.apple.iTunes:AIGC"] = [AIGC.encode()]
        file["\xa9cmt"] = [SUNO]
        file.save()

    data = tagged(tmp_path, "m4a", write) + box(b"uuid", C2PA_UUID + bytes(20))

    assert sorted(m.kind for m in marks_of(data)) == ["aigc", "c2pa", "generator"]


def box(name, content):
    return (8 + len(content)).to_bytes(4, "big") + name + content


@pytest.mark.requirement("MRK-002")
def test_a_key_of_an_mdta_list():
    item = box(b"\0\0\0\x01", box(b"data", b"\0\0\0\1" + bytes(4) + AIGC.encode()))
    keys = box(b"keys", bytes(4) + b"\0\0\0\x01" + box(b"mdta", b"AIGC"))
    hdlr = box(b"hdlr", bytes(8) + b"mdta" + bytes(13))
    moov = box(b"moov", box(b"meta", hdlr + keys + box(b"ilst", item)))
    data = box(b"ftyp", b"M4A \0\0\0\0") + moov

    assert said(data) == [("aigc", "stated", "generated")]


def old_tag(version, *frames, unsynchronised=False):
    """An MP3 that is a tag and nothing else: marks are found in what cannot be bound, too."""
    body = b"".join(frames)
    if unsynchronised:
        body = body.replace(b"\xff", b"\xff\x00")
    size = bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3" + bytes([version, 0, 0x80 * unsynchronised]) + size + body


@pytest.mark.requirement("MRK-002")
@pytest.mark.parametrize("unsynchronised", [False, True])
@pytest.mark.parametrize("version", [2, 3])
def test_older_versions_of_id3(version, unsynchronised):
    text = b"\x01" + "AIGC\0".encode("utf-16") + AIGC.encode("utf-16")
    name = b"TXX" if version == 2 else b"TXXX"
    head = len(text).to_bytes(3, "big") if version == 2 else len(text).to_bytes(4, "big") + b"\0\0"
    data = old_tag(version, name + head + text, unsynchronised=unsynchronised)

    assert said(data) == [("aigc", "stated", "generated")]


def frame(name, content):
    size = bytes((len(content) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return name + size + b"\0\0" + content


@pytest.mark.parametrize("key", ["aigc", "AIGC"])
def test_an_ape_item(tmp_path, key):
    def write(path):
        from mutagen.apev2 import APEv2

        tag = APEv2()
        tag[key] = AIGC
        tag.save(path)

    assert said(tagged(tmp_path, "mp3", write)) == [("aigc", "stated", "generated")]


def crc_of(page):
    """RFC 3533: polynomial 04c11db7, bit by bit."""
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    return crc


@pytest.mark.requirement("MRK-002")
def test_a_second_stream_of_an_ogg():
    data = made("ogg").read_bytes()
    head = struct.pack("<4sBBqIIIBB", b"OggS", 0, 2, 0, 77, 0, 0, 1, 9)
    page = head + b"\x00c2pa" + bytes(4)
    page = page[:22] + crc_of(page).to_bytes(4, "little") + page[26:]
    first = 27 + data[26] + sum(data[27 : 27 + data[26]])

    assert said(data[:first] + page + data[first:]) == [("c2pa", "unread", None)]


@pytest.mark.parametrize(
    "kind", ["wav", "aiff", "flac", "mp3", "m4a", "alac.m4a", "ogg", "opus", "oga"]
)
def test_what_encoders_write_is_no_mark(kind):
    assert marks_of(made(kind).read_bytes()) == ()


HOSTILE = {
    "deep JSON": frame(b"TXXX", b"\x03AIGC\0" + b"[" * 30_000),
    "no encoding": frame(b"TXXX", b"\x09AIGC\0" + AIGC.encode()),
    "not UTF-8": frame(b"TXXX", b"\x03AIGC\0\xff\xfe\xfa"),
    "huge number": frame(b"TXXX", b"\x03AIGC\0" + b'{"Label":' + b"9" * 9000 + b"}"),
    "empty": frame(b"TXXX", b""),
    "one byte": frame(b"TXXX", b"\x01"),
    "entities": frame(b"PRIV", b"XMP\0" + b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 5000 + b'">]>'),
    "no mime end": frame(b"GEOB", b"\x00" + b"application/c2pa" * 100),
    "list for an object": frame(b"TXXX", b"\x03transparency\0[1,2]"),
    "object in a member": frame(b"TXXX", b'\x03AIGC\0{"Label":{"a":1}}'),
    "empty url": frame(b"WXXX", b"\x00"),
    "terminal": frame(b"COMM", b"\x03eng\0made with suno \x1b[31m"),
}


@pytest.mark.requirement("MRK-009")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_value_is_told_or_passed_over(name):
    found = marks_of(old_tag(4, HOSTILE[name]))

    assert len(found) <= 1
    assert all(len(str(v)) <= 200 for m in found for v in m.detail.values())


@pytest.mark.requirement("MRK-009")
def test_more_bytes_than_are_read_end_with_more():
    one = frame(b"TXXX", b"\x03transparency\0" + b" " * 65_000)
    found = marks_of(old_tag(4, *[one] * (TOTAL_BYTES // 65_000 + 2)))

    assert [m.kind for m in found] == ["more"]


@pytest.mark.requirement("MRK-009")
def test_ten_thousand_frames_are_looked_at_in_bounded_time_and_told_in_bounded_number():
    found = marks_of(old_tag(4, *[frame(b"TXXX", b"\x03AIGC\0x")] * 9000))

    assert len(found) == MAX_MARKS + 1
    assert found[-1].kind == "more"


@pytest.mark.requirement("MRK-002", "MRK-006")
@pytest.mark.parametrize(
    ("label", "says"), [('{"Label":"1"}', "generated"), ("{&quot;Label&quot;: &quot;3&quot;}", "suspected"),
                        ("", None)],
)  # fmt: skip
def test_a_label_in_xmp(label, says):
    packet = f'<a xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/">{label}</a>'

    assert said(old_tag(4, frame(b"PRIV", b"XMP\0" + packet.encode()))) == [
        ("aigc", "stated", says)
    ]


@pytest.mark.requirement("MRK-004")
def test_a_label_in_another_object_is_read():
    text = '{"AIGC":' + AIGC + "}"

    assert said(old_tag(4, frame(b"TXXX", b"\x03AIGC\0" + text.encode()))) == [
        ("aigc", "stated", "generated")
    ]
