#!/usr/bin/env python3
"""Build the WAV vectors by hand from spec/containers/wav.md."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from building import carrier, case, essence, id3, main, noise

DATA = noise(1, 400)


def chunk(name: bytes, body: bytes, size: int | None = None, pad: bool = True) -> bytes:
    stated = len(body) if size is None else size
    return name + struct.pack("<I", stated) + body + (b"\0" if pad and len(body) % 2 else b"")


def fmt(
    tag: int = 1,
    channels: int = 2,
    rate: int = 44100,
    bits: int = 16,
    align: int | None = None,
    more: bytes = b"",
) -> bytes:
    align = channels * bits // 8 if align is None else align
    return struct.pack("<HHIIHH", tag, channels, rate, rate * align, align, bits) + more


def riff(*chunks: bytes, size: int | None = None, form: bytes = b"RIFF") -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return form + struct.pack("<I", len(body) if size is None else size) + body


def params(kind: int = 1, rate: int = 44100, channels: int = 2, bits: int = 16) -> bytes:
    return struct.pack(">BIHB", kind, rate, channels, bits)


F, D = chunk(b"fmt ", fmt()), chunk(b"data", DATA)
MADE = essence("pcm-le", params(), DATA)
TAIL = bytes.fromhex("000000001000800000aa00389b71")
EXTENSIBLE = fmt(0xFFFE, more=struct.pack("<HHIH", 22, 16, 3, 1) + TAIL)
MINUS = b"\xff" * 8


def tag(*values: str, name: bytes = b"id3 ") -> bytes:
    return chunk(name, id3([("MUSICPROV", v) for v in values]))


def rf64() -> bytes:
    """RF64: the size fields say 'see ds64'."""
    data = chunk(b"data", DATA, size=0xFFFFFFFF)
    total = 4 + 8 + 28 + len(F) + len(data)
    ds64 = struct.pack("<QQQI", total, len(DATA), len(DATA) // 4, 0)
    return riff(chunk(b"ds64", ds64), F, data, size=0xFFFFFFFF, form=b"RF64")


CASES = {
    "plain": case("WAV-001 WAV-020", "16-bit stereo, no carrier.", riff(F, D), made=MADE),
    "one-carrier": case("WAV-001", "Our frame in an id3 chunk behind the data.", riff(F, D, tag("A")), made=MADE, carriers=[carrier("wav:id3[0]/TXXX[0]", "A")]),
    "upper-case-chunk": case("WAV-001", "The chunk is spelled ID3.", riff(F, D, tag("A", name=b"ID3 ")), made=MADE, carriers=[carrier("wav:id3[0]/TXXX[0]", "A")]),
    "tag-before-data": case("WAV-001", "The ID3 chunk stands before the data.", riff(F, tag("A"), D), made=MADE, carriers=[carrier("wav:id3[0]/TXXX[0]", "A")]),
    "two-id3-chunks": case("WAV-001", "Two ID3 chunks with different declarations.", riff(F, D, tag("A"), tag("B", name=b"ID3 ")), made=MADE, carriers=[carrier("wav:id3[0]/TXXX[0]", "A"), carrier("wav:id3[1]/TXXX[0]", "B")], danger="Readers take the first or the last."),
    "two-frames": case("WAV-001", "Two frames of ours in one tag.", riff(F, D, tag("A", "B")), made=MADE, carriers=[carrier("wav:id3[0]/TXXX[0]", "A"), carrier("wav:id3[0]/TXXX[1]", "B")]),
    "behind-the-riff": case("WAV-001", "A chunk stands behind the RIFF's stated end.", riff(F, D) + tag("A"), made=MADE, carriers=[carrier("wav:id3[0]/TXXX[0]", "A")], danger="A declaration that some readers never see."),
    "garbage-behind": case("WAV-001", "Bytes behind the last chunk that are no chunk.", riff(F, D) + b"\x01\x02\x03garbage", made=MADE),
    "odd-without-pad": case("WAV-008", "An odd chunk without its pad byte.", riff(F, chunk(b"note", b"abc", pad=False), D), made=MADE),
    "odd-with-pad": case("WAV-008", "An odd chunk with its pad byte.", riff(F, chunk(b"note", b"abc"), D), made=MADE),
    "cut-tag": case("WAV-009", "The last chunk is cut: a declaration may be missing.", riff(F, D, tag("A"))[:-12], made=MADE, incomplete=True, danger="ABSENT for a file that was not read to its end."),
    "streamed-zero": case("WAV-010", "Both sizes 0: the data runs to the end.", riff(F, chunk(b"data", DATA, size=0), size=0), made=MADE),
    "streamed-ones": case("WAV-010", "Both sizes 0xFFFFFFFF.", riff(F, chunk(b"data", DATA, size=0xFFFFFFFF), size=0xFFFFFFFF), made=MADE),
    "streamed-riff-only": case("WAV-010 WAV-006", "Only the RIFF size is unknown: the data's own size counts.", riff(F, D, size=0), made=MADE),
    "rf64": case("WAV-005", "RF64 with its sizes in ds64.", rf64(), made=MADE),
    "rf64-streamed": case("WAV-010", "RF64 whose ds64 was never filled in.", riff(chunk(b"ds64", MINUS * 2 + bytes(12)), F, chunk(b"data", DATA, size=0xFFFFFFFF), size=0xFFFFFFFF, form=b"RF64"), made=MADE),
    "ds64-missing": case("WAV-005", "RF64 without ds64.", riff(F, chunk(b"data", DATA), size=0xFFFFFFFF, form=b"RF64"), refusal="wav.ds64-missing"),
    "partial-frame": case("WAV-021", "Three bytes of a last frame are not audio.", riff(F, chunk(b"data", DATA + b"abc")), made=MADE),
    "extensible": case("WAV-020", "WAVE_FORMAT_EXTENSIBLE with the PCM sub-format.", riff(chunk(b"fmt ", EXTENSIBLE), D), made=MADE),
    "eight-bit": case("WAV-020", "8-bit samples are unsigned: a profile of their own.", riff(chunk(b"fmt ", fmt(bits=8)), D), made=essence("pcm-u8", params(bits=8), DATA)),
    "float": case("WAV-020", "32-bit float.", riff(chunk(b"fmt ", fmt(3, bits=32)), D), made=essence("pcm-le", params(3, bits=32), DATA)),
    "other-rate": case("WAV-020", "Another rate in the header is another essence.", riff(chunk(b"fmt ", fmt(rate=48000)), D), made=essence("pcm-le", params(rate=48000), DATA), danger="Faster and higher under an intact essence."),
    "data-cut": case("WAV-003 WAV-009", "The data passes the end of the file: a declaration may have stood behind it.", riff(F, D, tag("A"))[: 12 + len(F) + 200], refusal="wav.data-cut", incomplete=True, danger="ABSENT for half an upload."),
    "two-data": case("WAV-004", "Two data chunks.", riff(F, D, D), refusal="wav.data-count"),
    "no-fmt": case("WAV-004", "No fmt chunk.", riff(D), refusal="wav.fmt-count"),
    "two-fmt": case("WAV-004", "Two fmt chunks.", riff(F, F, D), refusal="wav.fmt-count"),
    "riff-size-lies": case("WAV-006 WAV-009", "The RIFF size passes the end of the file.", riff(F, D, size=100_000), refusal="wav.riff-size", incomplete=True, danger="ABSENT for a file that was cut between two chunks."),
    "riff-size-off-by-one": case("WAV-006", "One byte more is a forgotten pad byte.", riff(F, D, size=4 + len(F) + len(D) + 1), made=MADE),
    "adpcm": case("WAV-007", "A compressed codec.", riff(chunk(b"fmt ", fmt(2)), D), refusal="wav.codec"),
    "fmt-short": case("WAV-007", "A fmt chunk of 8 bytes.", riff(chunk(b"fmt ", bytes(8)), D), refusal="wav.fmt-short"),
    "align-lies": case("WAV-007", "Block size and bits do not fit.", riff(chunk(b"fmt ", fmt(align=7)), D), refusal="wav.block-align"),
    "no-sample": case("WAV-007", "An empty data chunk.", riff(F, chunk(b"data", b"")), refusal="wav.no-audio"),
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(Path(__file__).parent, "wav", "wav", CASES))
