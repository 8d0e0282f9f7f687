"""Build the MP3 cases: ``build.py`` writes them, ``build.py --check`` exits 1 when they drifted.

Frames, tags and essence digests are made here, by hand and with hashlib; nothing is imported
from the package that the cases test.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
RATE, MPEG1, MPEG2 = 44100, 3, 2


def frame(number: int, *, header: bytes = b"\xff\xfb\x10\xc0", length: int = 104) -> bytes:
    """One Layer III frame, 32 kbit/s mono 44.1 kHz (144 * 32000 // 44100 = 104 bytes)."""
    return header + bytes((number * 7 + i) % 251 for i in range(length - 4))


def frames(count: int = 4) -> bytes:
    return b"".join(frame(n) for n in range(count))


def info(
    name: bytes = b"Info", encoder: bytes = b"LAME3.100", trims: int = 0x240 << 12 | 0x2D0
) -> bytes:
    """An information frame: side information of 17 bytes in mono, then the tag at 21."""
    tag = name + struct.pack(">II", 1, 99) + encoder + bytes(12) + trims.to_bytes(3, "big")
    return (b"\xff\xfb\x10\xc0" + bytes(17) + tag).ljust(104, b"\x00")


def synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 127 for shift in (21, 14, 7, 0))


def tag(body: bytes, version: int = 4, flags: int = 0, footer: bool = False) -> bytes:
    head = bytes([version, 0, flags | (0x10 if footer else 0)]) + synchsafe(len(body))
    return b"ID3" + head + body + (b"3DI" + head if footer else b"")


def text24(name: bytes, payload: bytes, flags: bytes = b"\x00\x00") -> bytes:
    return name + synchsafe(len(payload)) + flags + payload


def text23(name: bytes, payload: bytes, flags: bytes = b"\x00\x00") -> bytes:
    return name + struct.pack(">I", len(payload)) + flags + payload


def text22(name: bytes, payload: bytes) -> bytes:
    return name + struct.pack(">I", len(payload))[1:] + payload


def user(value: bytes = b"A", name: bytes = b"MUSICPROV") -> bytes:
    return text24(b"TXXX", b"\x03" + name + b"\x00" + value)


def utf16(text: str) -> bytes:
    return b"\xff\xfe" + text.encode("utf-16-le")


def ape(*items: tuple[bytes, bytes], header: bool = True) -> bytes:
    body = b"".join(struct.pack("<II", len(v), 0) + k + b"\x00" + v for k, v in items)
    flags = 0x80000000 if header else 0
    rest = struct.pack("<III", 2000, len(body) + 32, len(items))
    begin = b"APETAGEX" + rest + struct.pack("<I", flags | 0x20000000) + bytes(8)
    end = b"APETAGEX" + rest + struct.pack("<I", flags) + bytes(8)
    return (begin if header else b"") + body + end


def id3v1(title: bytes = b"Title") -> bytes:
    return b"TAG" + title.ljust(124, b"\x00") + b"\xff"


def lyrics3(text: bytes = b"IND0000200LYR00005hello") -> bytes:
    body = b"LYRICSBEGIN" + text
    return body + b"%06d" % len(body) + b"LYRICS200"


def carrier(where: str, value: str = "A", name: str = "MUSICPROV") -> dict[str, str]:
    return {"name": name, "where": where, "value": value}


def digest(payload: bytes, rate: int = RATE, version: int = MPEG1, channels: int = 1) -> str:
    params = struct.pack(">IBB", rate, version, channels)
    raw = hashlib.sha256(b"musicprov/essence/1\x00mp3\x00" + params + payload).digest()
    return "sha-256:" + base64.urlsafe_b64encode(raw).decode().rstrip("=")


Case = tuple[str, bytes, dict[str, object]]


def good(
    slug: str,
    data: bytes,
    payload: bytes,
    requirements: str,
    description: str,
    danger: str,
    *carriers: dict[str, str],
    notes: tuple[str, ...] = (),
    params: tuple[int, int, int] = (RATE, MPEG1, 1),
) -> Case:
    essence = {"profile": "mp3", "digest": digest(payload, *params)}
    return case(slug, data, requirements, description, danger, essence, None, carriers, notes)


def bad(
    slug: str,
    data: bytes,
    rule: str,
    requirements: str,
    description: str,
    danger: str,
    *carriers: dict[str, str],
) -> Case:
    return case(slug, data, requirements, description, danger, None, rule, carriers, ())


def case(
    slug: str,
    data: bytes,
    requirements: str,
    description: str,
    danger: str,
    essence: object,
    rule: str | None,
    carriers: tuple[dict[str, str], ...],
    notes: tuple[str, ...],
) -> Case:
    expect = {
        "container": "mp3",
        "refusal": rule,
        "incomplete": rule in UNREAD,
        "essence": essence,
        "carriers": list(carriers),
        "notes": sorted(notes),
    }
    return (
        slug,
        data,
        {
            "id": f"containers/mp3/{slug}",
            "operation": "scan",
            "requirements": requirements.split(),
            "description": description,
            "danger": danger,
            "input": "input.mp3",
            "expect": expect,
            "source": "hand-made",
        },
    )


UNREAD = {"id3.past-end", "id3.too-many-tags", "id3.version", "id3.size"}
UNREAD |= {"id3.footer", "id3.lyrics3", "ape.footer"}
FIRST = "mp3:ID3v2[0]/TXXX[0]"
HIDDEN = "A manifest that other readers see would be missed."
TAMPER = "Bytes that a player decodes could change under an intact digest."
RETAG = "An ordinary tag edit would break the binding."


def cases() -> Iterator[Case]:
    yield from places()
    yield from structures()
    yield from audio()
    yield from refusals()


def places() -> Iterator[Case]:
    a = frames()
    yield good("no-tags", a, a, "MP3-002 MP3-007", "Four frames and nothing else.", RETAG)
    both = tag(
        text24(b"TIT2", b"\x03Song") + user() + user(b"lyrics=full", b"AI_DISCLOSURE") + bytes(32)
    )
    yield good(
        "id3v24-both-names",
        both + a,
        a,
        "ID3-001 ID3-007 MP3-007",
        "ID3v2.4 with a title, both of our frames and padding.",
        HIDDEN,
        carrier(FIRST),
        carrier("mp3:ID3v2[0]/TXXX[1]", "lyrics=full", "AI_DISCLOSURE"),
    )
    old = tag(text23(b"TXXX", b"\x01" + utf16("MUSICPROV") + b"\x00\x00" + utf16("Å")), 3)
    yield good(
        "id3v23-utf16",
        old + a,
        a,
        "ID3-001 ID3-003",
        "ID3v2.3 with name and value in UTF-16 with byte order marks.",
        HIDDEN,
        carrier(FIRST, "Å"),
    )
    be = tag(user(b"-", b"x") + text24(b"TXXX", b"\x02" + "MUSICPROV\0B".encode("utf-16-be")))
    yield good(
        "id3v24-utf16be",
        be + a,
        a,
        "ID3-001 ID3-003",
        "The second user text frame is ours, in UTF-16BE without a mark.",
        HIDDEN,
        carrier("mp3:ID3v2[0]/TXXX[1]", "B"),
    )
    v22 = tag(text22(b"TT2", b"\x00Song") + text22(b"TXX", b"\x00MUSICPROV\x00A"), 2)
    yield good(
        "id3v22-txx",
        v22 + a,
        a,
        "ID3-001",
        "ID3v2.2 with its three-letter frame names.",
        HIDDEN,
        carrier("mp3:ID3v2[0]/TXX[0]"),
    )
    yield good(
        "other-case",
        tag(user(name=b"MusicProv")) + a,
        a,
        "ID3-001",
        "The description in another case.",
        HIDDEN,
        carrier(FIRST),
    )
    yield good(
        "two-values",
        tag(user(b"A\x00B\x00")) + a,
        a,
        "ID3-002",
        "Two values and a terminator in one frame.",
        "One value would be picked in silence.",
        carrier(FIRST, "A"),
        carrier(FIRST, "B"),
    )
    yield good(
        "two-frames",
        tag(user(b"A") + user(b"B")) + a,
        a,
        "ID3-001",
        "Two frames with the same description, which some libraries merge.",
        "One value would be picked in silence.",
        carrier(FIRST, "A"),
        carrier("mp3:ID3v2[0]/TXXX[1]", "B"),
    )
    yield good(
        "two-tags-in-front",
        tag(user(b"A")) + tag(user(b"B"), flags=0) + a,
        a,
        "ID3-030 ID3-033",
        "A second ID3v2 tag after the first; it comes back when the first is deleted.",
        HIDDEN,
        carrier(FIRST, "A"),
        carrier("mp3:ID3v2[1]/TXXX[0]", "B"),
    )
    yield good(
        "apev2",
        a + ape((b"Title", b"Song"), (b"MusicProv", b"A\x00B")),
        a,
        "APE-001 ID3-030",
        "An APEv2 tag with our name in another case and two values.",
        HIDDEN,
        carrier("mp3:APEv2[0][1]", "A"),
        carrier("mp3:APEv2[0][1]", "B"),
    )
    yield good(
        "apev2-without-header",
        a + ape((b"MUSICPROV", b"A"), header=False) + id3v1(),
        a,
        "APE-001 ID3-030",
        "An APEv2 tag without a header, before ID3v1.",
        HIDDEN,
        carrier("mp3:APEv2[0][0]"),
    )
    yield good(
        "tag-behind",
        a + tag(user(), footer=True),
        a,
        "ID3-030 ID3-033",
        "An ID3v2.4 tag with a footer at the end of the file.",
        HIDDEN,
        carrier(FIRST),
    )
    plus = b"TAG+".ljust(227, b"\x00")
    yield good(
        "whole-tail",
        a + lyrics3() + ape((b"Title", b"x")) + plus + id3v1(),
        a,
        "ID3-030",
        "Lyrics3 v2, APEv2, the ID3v1 extension and ID3v1 behind the audio.",
        RETAG,
    )
    yield good(
        "lyrics3-v1",
        a + b"LYRICSBEGINla la laLYRICSEND" + id3v1(),
        a,
        "ID3-030",
        "Lyrics3 v1, which has no size, and ID3v1.",
        RETAG,
    )


def structures() -> Iterator[Case]:
    a = frames()
    body = text23(b"TXXX", b"\x01" + utf16("MUSICPROV") + b"\x00\x00" + utf16("\u00ffA"))
    stuffed = body.replace(b"\xff\x00", b"\xff\x00\x00").replace(b"\xff\xfe", b"\xff\x00\xfe")
    yield good(
        "unsynchronised-23",
        tag(stuffed + bytes(16), 3, 0x80) + a,
        a,
        "ID3-011",
        "ID3v2.3 unsynchronised as a whole; the frame's size counts unstuffed bytes.",
        HIDDEN,
        carrier(FIRST, "\u00ffA"),
    )
    content = (b"\x01" + utf16("MUSICPROV") + b"\x00\x00" + utf16("A")).replace(
        b"\xff\xfe", b"\xff\x00\xfe"
    )
    yield good(
        "unsynchronised-24",
        tag(text24(b"TXXX", content, b"\x00\x02")) + a,
        a,
        "ID3-012",
        "One ID3v2.4 frame unsynchronised; its size counts the stuffed bytes.",
        HIDDEN,
        carrier(FIRST),
    )
    yield good(
        "unsynchronised-24-tag-flag",
        tag(text24(b"TXXX", content), 4, 0x80) + a,
        a,
        "ID3-012",
        "Only the tag's flag says that the frames are unsynchronised.",
        HIDDEN,
        carrier(FIRST),
    )
    plain = text23(b"TIT2", b"\x03" + b"x" * 199) + text23(
        b"TXXX", b"\x03MUSICPROV\x00" + b"v" * 190
    )
    yield good(
        "plain-sizes-24",
        tag(plain + bytes(16)) + a,
        a,
        "ID3-010",
        "ID3v2.4 with plain sizes, as an old iTunes wrote them.",
        HIDDEN,
        carrier(FIRST, "v" * 190),
    )
    extended = b"\x00\x00\x00\x06\x00\x00" + struct.pack(">I", 8)
    ours23 = text23(b"TXXX", b"\x00MUSICPROV\x00A")
    yield good(
        "extended-header-23",
        tag(extended + ours23 + bytes(8), 3, 0x40) + a,
        a,
        "ID3-013",
        "An extended header of ID3v2.3, whose size does not count itself.",
        HIDDEN,
        carrier(FIRST),
    )
    yield good(
        "extended-header-24",
        tag(synchsafe(6) + b"\x01\x00" + user(), 4, 0x40) + a,
        a,
        "ID3-013",
        "An extended header of ID3v2.4, whose size counts itself.",
        HIDDEN,
        carrier(FIRST),
    )
    yield good(
        "extended-header-missing",
        tag(ours23, 3, 0x40) + a,
        a,
        "ID3-013",
        "The flag for an extended header, and a frame at once.",
        HIDDEN,
        carrier(FIRST),
    )
    grouped = text24(b"TXXX", b"\x07" + synchsafe(12) + b"\x03MUSICPROV\x00A", b"\x00\x41")
    yield good(
        "grouped",
        tag(grouped) + a,
        a,
        "ID3-005",
        "A frame with a group identifier and a data length indicator.",
        HIDDEN,
        carrier(FIRST),
    )
    packed = text24(b"TXXX", synchsafe(9) + b"x\x9c+NLQHI,I\x04\x00", b"\x00\x09")
    yield good(
        "compressed-frame",
        tag(packed + user()) + a,
        a,
        "ID3-004",
        "A compressed user text frame before ours; it is never inflated.",
        "A zip bomb of a few kilobytes would fill the memory.",
        carrier("mp3:ID3v2[0]/TXXX[1]"),
        notes=("carrier.unreadable-item",),
    )
    yield good(
        "trailing-bytes",
        tag(user() + bytes(7) + b"left behind") + a,
        a,
        "ID3-008",
        "Old bytes behind the padding of a tag.",
        "Foreign bytes would be lost without a word.",
        carrier(FIRST),
        notes=("carrier.unreadable-item",),
    )
    yield good(
        "compressed-tag-22",
        tag(b"\x00" * 4 + b"packed", 2, 0x40) + a,
        a,
        "ID3-014",
        "An ID3v2.2 tag that is compressed as a whole.",
        "Its content would be taken for frames.",
        notes=("carrier.unreadable-item",),
    )


def audio() -> Iterator[Case]:
    a = frames()
    yield good(
        "info-frame",
        info() + a,
        a,
        "MP3-005 MP3-006 MP3-018",
        "A LAME information frame before the audio; it is presentation.",
        RETAG,
    )
    stereo = b"\xff\xfb\x10\x00" + bytes(32) + b"Xing" + bytes(64)
    yield good(
        "xing-of-other-mode",
        stereo + a,
        a,
        "MP3-005 MP3-006",
        "The information frame is stereo, the audio mono: the audio counts.",
        RETAG,
    )
    crc = b"\xff\xfa\x10\xc0" + bytes(19) + b"Info" + bytes(77)
    yield good(
        "info-after-crc",
        crc + a,
        a,
        "MP3-005",
        "An information frame with a CRC: its mark stands two bytes later.",
        RETAG,
    )
    vbri = b"\xff\xfb\x10\xc0" + bytes(32) + b"VBRI" + bytes(64)
    yield good("vbri", vbri + a, a, "MP3-005", "Fraunhofer's information frame.", RETAG)
    padded = b"".join(
        frame(n, header=b"\xff\xfb\x12\xc0", length=105) if n % 2 else frame(n) for n in range(6)
    )
    yield good(
        "padded-frames",
        padded,
        padded,
        "MP3-007",
        "Frames with and without a padding byte.",
        TAMPER,
    )
    low = b"".join(frame(n, header=b"\xff\xf3\x44\x00", length=96) for n in range(4))
    yield good(
        "mpeg2-stereo",
        low,
        low,
        "MP3-006 MP3-007",
        "MPEG 2 at 24 kHz, stereo: 72 * 32000 / 24000 = 96 bytes a frame.",
        TAMPER,
        params=(24000, MPEG2, 2),
    )
    junk = b"not a frame, 25 bytes....."
    yield good(
        "junk-before",
        tag(user()) + junk + a,
        junk + a,
        "MP3-002 MP3-004",
        "Bytes between the tag and the first frame are hashed and noted.",
        TAMPER,
        carrier(FIRST),
        notes=("essence.junk",),
    )
    yield good(
        "junk-and-info",
        junk + info() + a,
        junk + a,
        "MP3-004 MP3-005",
        "Junk is hashed, the information frame after it is not.",
        TAMPER,
        notes=("essence.junk",),
    )
    yield good(
        "junk-between",
        a + junk + a + junk + a,
        a + junk + a + junk + a,
        "MP3-008 MP3-009",
        "Bytes between frames, in two places, are hashed and noted once.",
        TAMPER,
        notes=("essence.junk",),
    )
    yield good(
        "tag-between",
        a + tag(user()) + a,
        a + tag(user()) + a,
        "MP3-008",
        "Two joined files: the tag in the middle is junk, not a place for a manifest.",
        TAMPER,
        notes=("essence.junk",),
    )
    yield good(
        "cut-last-frame",
        a + frame(9)[:50],
        a + frame(9)[:50],
        "MP3-010",
        "The last frame is cut short.",
        TAMPER,
    )
    yield good(
        "cut-header",
        a + b"\xff\xfb",
        a + b"\xff\xfb",
        "MP3-010",
        "Only half a header is left.",
        TAMPER,
    )
    yield good(
        "zeros-around",
        tag(user()) + bytes(100) + a + bytes(1024) + id3v1(),
        a,
        "MP3-003 MP3-011",
        "Zero bytes before the first and after the last frame.",
        RETAG,
        carrier(FIRST),
    )
    yield good(
        "zeros-between",
        a + bytes(300) + a,
        a + bytes(300) + a,
        "MP3-008",
        "Zero bytes between frames are hashed like any others.",
        TAMPER,
        notes=("essence.junk",),
    )


def refusals() -> Iterator[Case]:
    a = frames()
    smuggled = "A signer would sign, or a verifier accept, audio that players read otherwise."
    yield bad(
        "no-audio",
        tag(user()) + b"no frames here",
        "mp3.no-audio",
        "MP3-012",
        "A tag and then text.",
        smuggled,
        carrier(FIRST),
    )
    layer2 = b"".join(frame(n, header=b"\xff\xfd\x10\xc0", length=104) for n in range(3))
    yield bad("layer-ii", layer2, "mp3.layer", "MP3-013", "MPEG 1 Layer II.", smuggled)
    free = b"".join(frame(n, header=b"\xff\xfb\x00\xc0", length=300) for n in range(4))
    yield bad("free-format", free, "mp3.free-format", "MP3-014", "Bit rate index 0.", smuggled)
    yield bad(
        "one-frame",
        info() + frame(1),
        "mp3.too-few-frames",
        "MP3-015",
        "One frame after the information frame.",
        smuggled,
    )
    other = b"".join(frame(n, header=b"\xff\xfb\x14\xc0", length=96) for n in range(4))
    yield bad(
        "other-rate",
        a + other,
        "mp3.format-change",
        "MP3-016",
        "The sampling rate changes from 44.1 to 48 kHz.",
        smuggled,
    )
    yield bad(
        "other-version",
        a + frame(1, header=b"\xff\xf3\x44\xc0", length=96) * 2,
        "mp3.format-change",
        "MP3-016",
        "The version changes from MPEG 1 to MPEG 2.",
        smuggled,
    )
    yield bad(
        "garbage-behind",
        a + b"some bytes that no tag explains",
        "mp3.trailing-garbage",
        "MP3-017",
        "Bytes after the last frame.",
        smuggled,
    )
    heard = (
        "Some players play what is hidden in a tag, and a verifier would say that nothing changed."
    )
    rival = frames(2)
    yield bad(
        "frames-in-ape-tag",
        a + ape((b"Cover Art (Front)", b"cover.jpg\x00" + rival)),
        "mp3.frames-in-tag",
        "MP3-020",
        "Two frames like those of the audio in the place of a picture.",
        heard,
    )
    yield bad(
        "frames-in-tag-behind",
        a + tag(text24(b"PRIV", b"x\x00" + rival), footer=True),
        "mp3.frames-in-tag",
        "MP3-020",
        "The same in an ID3v2 tag at the end.",
        heard,
    )
    yield bad(
        "frames-in-lyrics3",
        a + lyrics3(b"IND00002" + rival),
        "mp3.frames-in-tag",
        "MP3-020",
        "The same in Lyrics3.",
        heard,
    )
    yield bad(
        "other-frames-in-tag",
        a + ape((b"Cover Art (Front)", other[: 3 * 96])),
        "mp3.frames-in-tag",
        "MP3-020",
        "Three frames of another sampling rate, which are two pairs.",
        heard,
    )
    yield bad(
        "layer-ii-in-tag",
        a + ape((b"A1", layer2[:208]), (b"B1", layer2[:208])),
        "mp3.frames-in-tag",
        "MP3-020",
        "Two frames of Layer II in two places.",
        heard,
    )
    layer1 = frame(1, header=b"\xff\xff\x10\xc0", length=32) * 3
    yield bad(
        "layer-i-in-tag",
        a + ape((b"Cover Art (Front)", layer1 * 2)),
        "mp3.frames-in-tag",
        "MP3-020",
        "Six frames of Layer I.",
        heard,
    )
    yield good(
        "less-than-frames-in-tag",
        a + ape((b"Ab", frame(1)), (b"Cd", other[:192]), (b"Ef", layer1[:64])),
        a,
        "MP3-020",
        "One frame, two of another sampling rate and two of Layer I: chance makes as much.",
        RETAG,
    )
    yield good(
        "frames-in-tag-in-front",
        tag(text24(b"PRIV", b"x\x00" + rival)) + a,
        a,
        "MP3-020",
        "Frames in a tag in front, which players pass over by its size.",
        RETAG,
    )
    yield bad(
        "size-byte",
        b"ID3\x04\x00\x00\x00\x00\x80\x00" + bytes(128) + a,
        "id3.size",
        "ID3-031",
        "A size byte with its high bit set.",
        smuggled,
    )
    yield bad(
        "version-5",
        tag(user(), 5) + a,
        "id3.version",
        "ID3-031 ID3-035",
        "ID3v2.5 does not exist.",
        smuggled,
    )
    yield bad(
        "version-5-in-front",
        tag(b"", 5) + tag(user(), 4) + a,
        "id3.version",
        "ID3-035 VER-012",
        "A header of a version that does not exist hides the tag behind it.",
        "Ten bytes in front turn a signed file into one without a declaration.",
    )
    yield bad(
        "past-end",
        (tag(user()) + a)[:20],
        "id3.past-end",
        "ID3-031 VER-012",
        "The file ends inside its tag.",
        smuggled,
    )
    yield bad(
        "seventeen-tags",
        tag(b"") * 17 + a,
        "id3.too-many-tags",
        "ID3-032 ID3-035",
        "Seventeen tags in front.",
        "Walking them could be made to take for ever.",
    )
    yield bad(
        "footer-astray",
        a + b"3DI\x04\x00\x10" + synchsafe(40),
        "id3.footer",
        "ID3-031",
        "A footer without its tag.",
        smuggled,
    )
    yield bad(
        "lyrics3-astray",
        a + b"000099LYRICS200" + id3v1(),
        "id3.lyrics3",
        "ID3-031",
        "A Lyrics3 end mark without its beginning.",
        smuggled,
    )
    lies = ape((b"Title", b"x"))
    lies = lies[:-20] + struct.pack("<I", 1 << 20) + lies[-16:]
    yield bad(
        "ape-astray",
        a + lies,
        "ape.footer",
        "ID3-031",
        "An APEv2 footer whose size leaves the file.",
        smuggled,
    )


def files() -> dict[Path, bytes]:
    made = {}
    for slug, data, content in cases():
        made[HERE / slug / "input.mp3"] = data
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        made[HERE / slug / "case.json"] = text.encode()
    return made


def main() -> int:
    wanted = files()
    if "--check" in sys.argv[1:]:
        there = {p for p in HERE.rglob("*") if p.is_file() and p.parent != HERE}
        drifted = [p for p, data in wanted.items() if p not in there or p.read_bytes() != data]
        drifted += sorted(p for p in there if p not in wanted and "__pycache__" not in p.parts)
        for path in drifted:
            print(f"drifted: {path.relative_to(HERE)}")
        return 1 if drifted else 0
    for path, data in wanted.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
