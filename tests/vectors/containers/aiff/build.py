#!/usr/bin/env python3
"""Build the AIFF vectors by hand from spec/containers/aiff.md."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from building import carrier, case, essence, id3, main, noise, synchsafe

DATA = noise(1, 400)
RATE = struct.pack(">HQ", 16383 + 15, 44100 << 48)
ODD_RATE = struct.pack(">HQ", 16383 + 15, (44100 << 48) + 1)


def chunk(name: bytes, body: bytes, pad: bool = True) -> bytes:
    return name + struct.pack(">I", len(body)) + body + (b"\0" if pad and len(body) % 2 else b"")


def comm(
    bits: int = 16,
    channels: int = 2,
    rate: bytes = RATE,
    codec: bytes = b"",
    frames: int | None = None,
) -> bytes:
    count = len(DATA) // (channels * ((bits + 7) // 8)) if frames is None else frames
    name = codec + b"\0\0" if codec else b""
    return chunk(b"COMM", struct.pack(">hIh", channels, count, bits) + rate + name)


def layout(tag: int, mask: int = 0) -> bytes:
    """A chunk with the layout of the channels."""
    return chunk(b"CHAN", struct.pack(">III", tag, mask, 0))


SHOWN = {"startTrim": 0, "endTrim": 0, "duration": 100}
UNUSUAL = {"unusual": True}


def ssnd(data: bytes = DATA, offset: int = 0) -> bytes:
    return chunk(b"SSND", struct.pack(">II", offset, 0) + bytes(offset) + data)


def form(*chunks: bytes, kind: bytes = b"AIFF", size: int | None = None) -> bytes:
    body = kind + b"".join(chunks)
    return b"FORM" + struct.pack(">I", len(body) if size is None else size) + body


def params(kind: int = 1, channels: int = 2, bits: int = 16) -> bytes:
    return struct.pack(">BIHB", kind, 44100, channels, bits)


def tag(*values: str, name: bytes = b"ID3 ") -> bytes:
    return chunk(name, id3([("MUSICPROV", v) for v in values]))


def odd(pad: bool = False) -> bytes:
    """A chunk with one byte."""
    return chunk(b"ANNO", b"x", pad=pad)


def hidden_by_a_pad() -> bytes:
    """For us a chunk Xabc behind ANNO; for whoever skips a byte, a chunk of 0x1000 bytes more.

    The two sizes overlap: that of Xabc is 16, that of the other ends with the first byte of the
    body of Xabc.
    """
    filler = bytes(0x1000 - 15 - 8)  # what is left of it behind Xabc and the header of junk
    return odd() + chunk(b"Xabc", bytes(16)) + chunk(b"junk", filler + OTHER)


def long_tag(length: int) -> bytes:
    """An ID3 chunk of 20 bytes with a tag that says ``length`` bytes follow its header."""
    return chunk(b"ID3 ", b"ID3\4\0\0" + synchsafe(length) + bytes(10))


OTHER = ssnd(noise(2, 400))
"""Other audio, which must not be played for ours."""
MADE = essence("pcm-be", params(), DATA)
AIFC = {"kind": b"AIFC"}
VERSION = chunk(b"FVER", bytes.fromhex("a2805140"))
CASES = {
    "plain": case("AIF-001 AIF-020", "16-bit stereo, no carrier.", form(comm(), ssnd()), made=MADE),
    "layout-stereo": case("BND-017", "A layout of left and right, and one that is unknown.", form(comm(), layout(0x650002), layout(0xFFFF0002), ssnd()), made=MADE, shown=SHOWN),
    "layout-by-mask": case("BND-017", "A layout by the mask of left and right.", form(comm(), layout(0x10000, 3), ssnd()), made=MADE, shown=SHOWN),
    "layout-of-middle-and-bass": case("BND-017", "Two channels for the middle and for the bass.", form(comm(), layout(0x10000, 0xC), ssnd()), made=MADE, shown=SHOWN | UNUSUAL, danger="The second channel is silent under an intact essence, without a remark."),
    "second-layout": case("BND-017", "A second layout: of which a player takes the last.", form(comm(), layout(0x650002), ssnd(), layout(0x10000, 0xC)), made=MADE, shown=SHOWN | UNUSUAL),
    "layout-of-six": case("BND-017", "A layout of six channels for two.", form(comm(), layout(0x790006), ssnd()), made=MADE, shown=SHOWN | UNUSUAL),
    "layout-cut": case("BND-017", "A layout that is cut.", form(comm(), chunk(b"CHAN", bytes(6)), ssnd()), made=MADE, shown=SHOWN | UNUSUAL),
    "one-carrier": case("AIF-001", "Our frame in an ID3 chunk.", form(comm(), ssnd(), tag("A")), made=MADE, carriers=[carrier("aiff:id3[0]/TXXX[0]", "A")]),
    "lower-case-chunk": case("AIF-001", "The chunk is spelled id3.", form(comm(), ssnd(), tag("A", name=b"id3 ")), made=MADE, carriers=[carrier("aiff:id3[0]/TXXX[0]", "A")]),
    "two-id3-chunks": case("AIF-001", "Two ID3 chunks with different declarations.", form(comm(), ssnd(), tag("A"), tag("B")), made=MADE, carriers=[carrier("aiff:id3[0]/TXXX[0]", "A"), carrier("aiff:id3[1]/TXXX[0]", "B")], danger="Readers take the first or the last."),
    "behind-the-form": case("AIF-001", "A chunk behind the FORM's stated end.", form(comm(), ssnd()) + tag("A"), made=MADE, carriers=[carrier("aiff:id3[0]/TXXX[0]", "A")]),
    "text-chunks": case("AIF-001", "Name and author chunks are ordinary tags.", form(chunk(b"NAME", b"Song"), comm(), ssnd()), made=MADE),
    "cut-tag": case("AIF-010", "The last chunk is cut.", form(comm(), ssnd(), tag("A"))[:-12], made=MADE, incomplete=True),
    "sowt": case("AIF-020", "AIFF-C sowt is little-endian: the essence of a WAV.", form(comm(codec=b"sowt"), ssnd(), **AIFC), made=essence("pcm-le", params(), DATA)),
    "twos": case("AIF-020", "AIFF-C twos.", form(comm(codec=b"twos"), ssnd(), **AIFC), made=MADE),
    "in24": case("AIF-020", "AIFF-C in24.", form(comm(24, codec=b"in24", frames=66), ssnd(DATA[:396]), **AIFC), made=essence("pcm-be", params(bits=24), DATA[:396])),
    "float": case("AIF-020", "AIFF-C fl32.", form(comm(32, codec=b"fl32"), ssnd(), **AIFC), made=essence("pcm-be", params(3, bits=32), DATA)),
    "offset": case("AIF-008 AIF-020", "The samples begin behind an offset of half a frame.", form(comm(), ssnd(offset=2)), made=MADE),
    "offset-hides-frames": case("AIF-008", "An offset of more than a frame: some players begin before it.", form(comm(), ssnd(offset=6)), refusal="aiff.ssnd-size", danger="Other audio is played before ours."),
    "fewer-frames": case("AIF-008", "COMM counts fewer frames than SSND holds: most players play them all.", form(comm(frames=50), ssnd()), refusal="aiff.ssnd-size", danger="Other audio is played after ours."),
    "one-frame-fewer": case("AIF-008", "COMM counts one frame less than SSND holds.", form(comm(frames=99), ssnd()), refusal="aiff.ssnd-size"),
    "partial-frame": case("AIF-008 AIF-020", "Three bytes of a last frame are not audio.", form(comm(), ssnd(DATA + b"abc")), made=MADE),
    "pad-inside": case("AIF-008 AIF-020", "SSND counts the pad byte behind an odd number of bytes.", form(comm(8, 1, frames=399), ssnd(DATA[:399] + b"\0")), made=essence("pcm-be", params(channels=1, bits=8), DATA[:399])),
    "odd-tag-without-pad": case("AIF-007 AIF-012", "An odd chunk without its pad byte behind the audio, and our frame behind it.", form(comm(), ssnd(), odd(), tag("A")), made=MADE, carriers=[carrier("aiff:id3[0]/TXXX[0]", "A")]),
    "odd-with-pad": case("AIF-007 AIF-012", "The same with its pad byte, before the audio.", form(comm(), odd(pad=True), ssnd()), made=MADE),
    "odd-without-pad": case("AIF-007 AIF-012", "The same without it: most players find no audio.", form(comm(), odd(), ssnd()), refusal="aiff.two-readings"),
    "hidden-by-a-pad": case("AIF-007", "Whoever skips the pad byte that is not there finds other audio.", form(comm(), hidden_by_a_pad(), ssnd()), refusal="aiff.two-readings", danger="Intact audio is verified, other audio is played."),
    "hidden-behind-no-name": case("AIF-007", "Audio behind bytes that are no chunk's name, which players step over.", form(comm(), ssnd(), chunk(b"\1\1\1\1", b""), OTHER), refusal="aiff.two-readings", danger="Intact audio is verified, other audio is played."),
    "hidden-behind-a-long-tag": case("AIF-007", "A tag is longer than its chunk, and ends where other audio is.", form(comm(), long_tag(10 + len(ssnd()) + 8), ssnd(), chunk(b"JUNK", OTHER)), refusal="aiff.two-readings", danger="Intact audio is verified, other audio is played."),
    "long-tag": case("AIF-007", "Such a tag behind the audio, which leads nowhere.", form(comm(), ssnd(), long_tag(100)), made=MADE),
    "version": case("AIF-009", "AIFF-C with its FVER chunk.", form(VERSION, comm(codec=b"sowt"), ssnd(), **AIFC), made=essence("pcm-le", params(), DATA)),
    "other-version": case("AIF-009", "Another version, for which a player takes sowt for big-endian.", form(chunk(b"FVER", bytes(4)), comm(codec=b"sowt"), ssnd(), **AIFC), refusal="aiff.version", danger="Noise under an intact essence."),
    "codec-in-aiff": case("AIF-011", "COMM of an AIFF file states sowt, which some players heed.", form(comm(codec=b"sowt"), ssnd()), refusal="aiff.codec", danger="Noise under an intact essence."),
    "none-in-aiff": case("AIF-011", "COMM of an AIFF file states NONE.", form(comm(codec=b"NONE"), ssnd()), made=MADE),
    "in24-of-16": case("AIF-011", "in24 with 16 bits, by which some players go.", form(comm(16, codec=b"in24", frames=66), ssnd(DATA[:396]), **AIFC), refusal="aiff.comm-values"),
    "twelve-bits": case("AIF-020", "12 bits stand in 16.", form(comm(12), ssnd()), made=MADE),
    "too-many-frames": case("AIF-003", "COMM counts more frames than SSND holds.", form(comm(frames=5000), ssnd()), refusal="aiff.data-cut"),
    "data-cut": case("AIF-003 AIF-010", "SSND passes the end of the file: a declaration may have stood behind it.", form(comm(), ssnd(), tag("A"))[:300], refusal="aiff.data-cut", incomplete=True, danger="ABSENT for half an upload."),
    "two-comm": case("AIF-004", "Two COMM chunks.", form(comm(), comm(), ssnd()), refusal="aiff.comm-count"),
    "two-ssnd": case("AIF-004", "Two SSND chunks.", form(comm(), ssnd(), ssnd()), refusal="aiff.ssnd-count"),
    "form-size-lies": case("AIF-005 AIF-010", "The FORM size passes the end of the file.", form(comm(), ssnd(), size=100_000), refusal="aiff.form-size", incomplete=True),
    "compressed": case("AIF-006", "A compressed AIFF-C.", form(comm(codec=b"ima4"), ssnd(), **AIFC), refusal="aiff.codec"),
    "comm-short": case("AIF-006", "A COMM chunk of 8 bytes.", form(chunk(b"COMM", bytes(8)), ssnd()), refusal="aiff.comm-short"),
    "rate-not-whole": case("AIF-006", "A rate that is no whole number of Hz.", form(comm(rate=ODD_RATE), ssnd()), refusal="aiff.comm-values"),
    "no-sample": case("AIF-006", "No frame.", form(comm(frames=0), ssnd()), refusal="aiff.no-audio"),
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(Path(__file__).parent, "aiff", "aiff", CASES))
