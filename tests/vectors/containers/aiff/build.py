#!/usr/bin/env python3
"""Build the AIFF vectors by hand from spec/containers/aiff.md."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from building import carrier, case, essence, id3, main, noise

DATA = noise(1, 400)
RATE = struct.pack(">HQ", 16383 + 15, 44100 << 48)
ODD_RATE = struct.pack(">HQ", 16383 + 15, (44100 << 48) + 1)


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack(">I", len(body)) + body + (b"\0" if len(body) % 2 else b"")


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


def ssnd(data: bytes = DATA, offset: int = 0) -> bytes:
    return chunk(b"SSND", struct.pack(">II", offset, 0) + bytes(offset) + data)


def form(*chunks: bytes, kind: bytes = b"AIFF", size: int | None = None) -> bytes:
    body = kind + b"".join(chunks)
    return b"FORM" + struct.pack(">I", len(body) if size is None else size) + body


def params(kind: int = 1, channels: int = 2, bits: int = 16) -> bytes:
    return struct.pack(">BIHB", kind, 44100, channels, bits)


def tag(*values: str, name: bytes = b"ID3 ") -> bytes:
    return chunk(name, id3([("MUSICPROV", v) for v in values]))


MADE = essence("pcm-be", params(), DATA)
AIFC = {"kind": b"AIFC"}
CASES = {
    "plain": case("AIF-001 AIF-020", "16-bit stereo, no carrier.", form(comm(), ssnd()), made=MADE),
    "one-carrier": case("AIF-001", "Our frame in an ID3 chunk.", form(comm(), ssnd(), tag("A")), made=MADE, carriers=[carrier("aiff:id3[0]/TXXX[0]", "A")]),
    "lower-case-chunk": case("AIF-001", "The chunk is spelled id3.", form(comm(), ssnd(), tag("A", name=b"id3 ")), made=MADE, carriers=[carrier("aiff:id3[0]/TXXX[0]", "A")]),
    "two-id3-chunks": case("AIF-001", "Two ID3 chunks with different declarations.", form(comm(), ssnd(), tag("A"), tag("B")), made=MADE, carriers=[carrier("aiff:id3[0]/TXXX[0]", "A"), carrier("aiff:id3[1]/TXXX[0]", "B")], danger="Readers take the first or the last."),
    "behind-the-form": case("AIF-001", "A chunk behind the FORM's stated end.", form(comm(), ssnd()) + tag("A"), made=MADE, carriers=[carrier("aiff:id3[0]/TXXX[0]", "A")]),
    "text-chunks": case("AIF-001", "Name and author chunks are ordinary tags.", form(chunk(b"NAME", b"Song"), comm(), ssnd()), made=MADE),
    "cut-tag": case("AIF-010", "The last chunk is cut.", form(comm(), ssnd(), tag("A"))[:-12], made=MADE, incomplete=True),
    "sowt": case("AIF-020", "AIFF-C sowt is little-endian: the essence of a WAV.", form(comm(codec=b"sowt"), ssnd(), **AIFC), made=essence("pcm-le", params(), DATA)),
    "twos": case("AIF-020", "AIFF-C twos.", form(comm(codec=b"twos"), ssnd(), **AIFC), made=MADE),
    "in24": case("AIF-020", "AIFF-C in24.", form(comm(24, codec=b"in24", frames=66), ssnd(), **AIFC), made=essence("pcm-be", params(bits=24), DATA[:396])),
    "float": case("AIF-020", "AIFF-C fl32.", form(comm(32, codec=b"fl32"), ssnd(), **AIFC), made=essence("pcm-be", params(3, bits=32), DATA)),
    "offset": case("AIF-020", "The samples begin behind an offset.", form(comm(), ssnd(offset=6)), made=MADE),
    "fewer-frames": case("AIF-020", "COMM counts fewer frames than SSND holds.", form(comm(frames=50), ssnd()), made=essence("pcm-be", params(), DATA[:200])),
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
