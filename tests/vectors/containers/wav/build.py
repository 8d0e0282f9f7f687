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


def rf64(
    size: int = 0xFFFFFFFF,
    data_size: int = 0xFFFFFFFF,
    true: int = len(DATA),
    table: bytes = b"",
    form: bytes = b"RF64",
) -> bytes:
    """RF64: the size fields say 'see ds64', or ``size`` and ``data_size``."""
    data = chunk(b"data", DATA, size=data_size)
    total = 4 + 8 + 28 + len(table) + len(F) + len(data)
    ds64 = struct.pack("<QQQI", total, true, len(DATA) // 4, len(table) // 12) + table
    return riff(chunk(b"ds64", ds64), F, data, size=size, form=form)


def entry(name: bytes, size: int) -> bytes:
    """One size in the table of ds64."""
    return name + struct.pack("<Q", size)


def extended(bits: int, valid: int, mask: int = 3, channels: int = 2) -> bytes:
    more = struct.pack("<HHIH", 22, valid, mask, 1) + TAIL
    return chunk(b"fmt ", fmt(0xFFFE, channels, bits=bits, more=more))


SHOWN = {"startTrim": 0, "endTrim": 0, "duration": 100}
UNUSUAL = {"unusual": True}
SIX = {"startTrim": 0, "endTrim": 0, "duration": 33}
OF_SIX = chunk(b"data", DATA[:396])
MADE_OF_SIX = essence("pcm-le", params(channels=6), DATA[:396])


OTHER = chunk(b"data", noise(2, 400))
"""Other audio, which must not be played for ours."""


def hidden_by_a_pad() -> bytes:
    """For us a chunk Xdat behind note; for whoever skips a byte, data, and JUNK to the end.

    The two sizes overlap: that of Xdat is 'a' and three bytes, that of data these three and the
    first byte of the body of Xdat.
    """
    size = ord("a") | 16 << 8
    inner = b"\0" + noise(2, 16)
    inner += chunk(b"JUNK", bytes(size - len(inner) - 8))
    return chunk(b"note", b"x", pad=False) + chunk(b"Xdat", inner)


def hidden_by_no_pad() -> bytes:
    """Whoever skips no pad byte reads a chunk of 0x164 bytes, which ends where other audio is."""
    lead = chunk(b"note", b"x")
    named = chunk(b"abcd", b"y")  # read one byte early: name 00 'abc', size 'd' 01 00 00
    body = bytes(0x164 + 7 - len(named) - 8) + OTHER
    return lead + named + chunk(b"junk", body)


def hidden_behind_odd_data() -> bytes:
    """The same behind audio of an odd size, where one player goes on at its pad byte."""
    named = chunk(b"abcd", b"y")
    body = bytes(0x164 + 7 - len(named) - 8) + OTHER
    return chunk(b"data", DATA + b"z") + named + chunk(b"junk", body)


CASES = {
    "plain": case("WAV-001 WAV-020", "16-bit stereo, no carrier.", riff(F, D), made=MADE),
    "one-carrier": case("WAV-001", "Our frame in an id3 chunk behind the data.", riff(F, D, tag("A")), made=MADE, carriers=[carrier("wav:id3[0]/TXXX[0]", "A")]),
    "upper-case-chunk": case("WAV-001", "The chunk is spelled ID3.", riff(F, D, tag("A", name=b"ID3 ")), made=MADE, carriers=[carrier("wav:id3[0]/TXXX[0]", "A")]),
    "tag-before-data": case("WAV-001", "The ID3 chunk stands before the data.", riff(F, tag("A"), D), made=MADE, carriers=[carrier("wav:id3[0]/TXXX[0]", "A")]),
    "two-id3-chunks": case("WAV-001", "Two ID3 chunks with different declarations.", riff(F, D, tag("A"), tag("B", name=b"ID3 ")), made=MADE, carriers=[carrier("wav:id3[0]/TXXX[0]", "A"), carrier("wav:id3[1]/TXXX[0]", "B")], danger="Readers take the first or the last."),
    "two-frames": case("WAV-001", "Two frames of ours in one tag.", riff(F, D, tag("A", "B")), made=MADE, carriers=[carrier("wav:id3[0]/TXXX[0]", "A"), carrier("wav:id3[0]/TXXX[1]", "B")]),
    "behind-the-riff": case("WAV-001", "A chunk stands behind the RIFF's stated end.", riff(F, D) + tag("A"), made=MADE, carriers=[carrier("wav:id3[0]/TXXX[0]", "A")], danger="A declaration that some readers never see."),
    "garbage-behind": case("WAV-001", "Bytes behind the last chunk that are no chunk.", riff(F, D) + b"\x01\x02\x03garbage", made=MADE),
    "other-codec-chunk": case("WAV-007", "A chunk XMA2: some players decode the samples as what it says.", riff(F, chunk(b"XMA2", bytes(40)), D), refusal="wav.codec", danger="Intact audio is verified, noise or silence is played."),
    "odd-without-pad": case("WAV-008 WAV-011", "An odd chunk without its pad byte before the audio: most players find none.", riff(F, chunk(b"note", b"abc", pad=False), D), refusal="wav.two-readings"),
    "odd-data-without-pad": case("WAV-008 WAV-011", "Odd audio without its pad byte: nothing that players need comes after it.", riff(chunk(b"fmt ", fmt(channels=1, bits=8)), chunk(b"data", DATA + b"z", pad=False), chunk(b"LIST", b"INFO"), tag("A")), made=essence("pcm-u8", params(channels=1, bits=8), DATA + b"z"), carriers=[carrier("wav:id3[0]/TXXX[0]", "A")]),
    "odd-tag-without-pad": case("WAV-008 WAV-011", "An odd chunk without its pad byte behind the audio, and our frame behind it.", riff(F, D, chunk(b"note", b"abc", pad=False), tag("A")), made=MADE, carriers=[carrier("wav:id3[0]/TXXX[0]", "A")]),
    "hidden-by-a-pad": case("WAV-011", "Whoever skips the pad byte that is not there finds other audio.", riff(F, hidden_by_a_pad(), D), refusal="wav.two-readings", danger="Intact audio is verified, other audio is played."),
    "hidden-by-no-pad": case("WAV-011", "Whoever skips no pad byte finds other audio.", riff(F, hidden_by_no_pad(), D), refusal="wav.two-readings", danger="Intact audio is verified, other audio is played."),
    "hidden-behind-odd-data": case("WAV-011", "Whoever goes on at the pad byte of odd audio finds more of it.", riff(F, hidden_behind_odd_data()), refusal="wav.two-readings", danger="Other audio is played after ours."),
    "hidden-behind-no-name": case("WAV-011", "Audio behind bytes that are no chunk's name, which players step over.", riff(F, D, chunk(b"\1\1\1\1", b""), OTHER), refusal="wav.two-readings", danger="Intact audio is verified, other audio is played."),
    "hidden-behind-zeros": case("WAV-011", "Audio behind zeros, which players step over.", riff(F, D, bytes(64), OTHER), refusal="wav.two-readings", danger="Intact audio is verified, other audio is played."),
    "zeros-behind": case("WAV-011", "Zeros behind the last chunk, and nothing after them.", riff(F, D) + bytes(64), made=MADE),
    "audio-in-a-chunk": case("WAV-011", "A list of audio chunks, which no reading enters.", riff(F, chunk(b"LIST", b"wavl" + OTHER), D), made=MADE),
    "odd-with-pad": case("WAV-008", "An odd chunk with its pad byte.", riff(F, chunk(b"note", b"abc"), D), made=MADE),
    "cut-tag": case("WAV-009", "The last chunk is cut: a declaration may be missing.", riff(F, D, tag("A"))[:-12], made=MADE, incomplete=True, danger="ABSENT for a file that was not read to its end."),
    "streamed-zero": case("WAV-010", "Both sizes 0: the data runs to the end.", riff(F, chunk(b"data", DATA, size=0), size=0), made=MADE),
    "streamed-ones": case("WAV-010", "Both sizes 0xFFFFFFFF.", riff(F, chunk(b"data", DATA, size=0xFFFFFFFF), size=0xFFFFFFFF), made=MADE),
    "streamed-riff-only": case("WAV-010 WAV-006", "Only the RIFF size is unknown: the data's own size counts.", riff(F, D, size=0), made=MADE),
    "rf64": case("WAV-005", "RF64 with its sizes in ds64.", rf64(), made=MADE),
    "rf64-streamed": case("WAV-010", "RF64 whose ds64 was never filled in.", riff(chunk(b"ds64", MINUS * 2 + bytes(12)), F, chunk(b"data", DATA, size=0xFFFFFFFF), size=0xFFFFFFFF, form=b"RF64"), made=MADE),
    "rf64-own-sizes": case("WAV-013", "RF64 whose 32-bit sizes are true too.", rf64(4 + 36 + len(F) + len(D), len(DATA)), made=MADE),
    "rf64-table": case("WAV-013", "ds64 has the size of another chunk.", rf64(table=entry(b"axml", 1 << 33)), made=MADE),
    "rf64-data-sizes-differ": case("WAV-013", "The data chunk says 400 bytes, ds64 says 200.", rf64(data_size=len(DATA), true=200), refusal="wav.ds64-sizes", danger="Players that take ds64's word play half of what is verified."),
    "bw64-data-sizes-differ": case("WAV-013", "The same in BW64, with more in ds64.", rf64(data_size=200, form=b"BW64"), refusal="wav.ds64-sizes"),
    "rf64-riff-sizes-differ": case("WAV-013", "The RF64 form says 100 bytes, ds64 another number.", rf64(size=100), refusal="wav.ds64-sizes"),
    "rf64-table-differs": case("WAV-013", "The table of ds64 has another size of the audio.", rf64(table=entry(b"data", 200)), refusal="wav.ds64-sizes"),
    "ds64-missing": case("WAV-005", "RF64 without ds64.", riff(F, chunk(b"data", DATA), size=0xFFFFFFFF, form=b"RF64"), refusal="wav.ds64-missing"),
    "partial-frame": case("WAV-021", "Three bytes of a last frame are not audio.", riff(F, chunk(b"data", DATA + b"abc")), made=MADE),
    "extensible": case("WAV-020", "WAVE_FORMAT_EXTENSIBLE with the PCM sub-format.", riff(chunk(b"fmt ", EXTENSIBLE), D), made=MADE),
    "mask-of-stereo": case("BND-017", "A channel mask for left and right.", riff(extended(16, 16), D), made=MADE, shown=SHOWN),
    "mask-of-none": case("BND-017", "A channel mask of 0 says nothing.", riff(extended(16, 16, 0), D), made=MADE, shown=SHOWN),
    "mask-of-middle-and-bass": case("BND-017", "Two channels for the middle and for the bass.", riff(extended(16, 16, 0xC), D), made=MADE, shown=SHOWN | UNUSUAL, danger="The second channel is silent under an intact essence, without a remark."),
    "mask-of-one": case("BND-017", "A channel mask for one of two channels.", riff(extended(16, 16, 1), D), made=MADE, shown=SHOWN | UNUSUAL),
    "mask-of-six": case("BND-017", "Six channels, the pair behind at the sides.", riff(extended(16, 16, 0x60F, 6), OF_SIX), made=MADE_OF_SIX, shown=SIX),
    "mask-of-six-others": case("BND-017", "Six channels, of which two are for the places above.", riff(extended(16, 16, 0x500F, 6), OF_SIX), made=MADE_OF_SIX, shown=SIX | UNUSUAL),
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
    "bits-lie": case("WAV-014", "8 bits in blocks of two channels of 16: as many samples again for players that go by the bits.", riff(chunk(b"fmt ", fmt(bits=8, align=4)), D), refusal="wav.block-align", danger="Noise under an intact essence."),
    "bits-and-block": case("WAV-014", "24 bits in blocks of two channels of 32.", riff(chunk(b"fmt ", fmt(bits=24, align=8)), D), refusal="wav.block-align"),
    "twelve-bits": case("WAV-014", "12 bits stand in 16.", riff(chunk(b"fmt ", fmt(bits=12, align=4)), D), made=MADE),
    "twenty-bits": case("WAV-014", "20 bits stand in 24.", riff(chunk(b"fmt ", fmt(bits=20, align=6)), chunk(b"data", DATA[:396])), made=essence("pcm-le", params(bits=24), DATA[:396])),
    "valid-bits": case("WAV-015 WAV-020", "20 valid bits of 24.", riff(extended(24, 20), chunk(b"data", DATA[:396])), made=essence("pcm-le", params(bits=24), DATA[:396])),
    "valid-24-in-32": case("WAV-015 WAV-020", "24 valid bits of 32, as recorders write them.", riff(extended(32, 24), D), made=essence("pcm-le", params(bits=32), DATA)),
    "valid-bits-not-stated": case("WAV-015 WAV-020", "Valid bits 0: all.", riff(extended(16, 0), D), made=MADE),
    "valid-8-in-16": case("WAV-015", "8 valid bits of 16: as many samples again for players that go by them.", riff(extended(16, 8), D), refusal="wav.valid-bits", danger="Noise under an intact essence."),
    "valid-24-in-16": case("WAV-015", "More valid bits than there are.", riff(extended(16, 24), D), refusal="wav.valid-bits"),
    "scaled-float": case("WAV-007", "32 bit integers marked as scaled floats.", riff(chunk(b"fmt ", fmt(bits=32, more=struct.pack("<HH", 2, 1))), D), refusal="wav.codec"),
    "no-sample": case("WAV-007", "An empty data chunk.", riff(F, chunk(b"data", b"")), refusal="wav.no-audio"),
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(Path(__file__).parent, "wav", "wav", CASES))
