#!/usr/bin/env python3
"""Build the MP4 vectors by hand from spec/containers/mp4.md."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from building import carrier, case, essence, main, noise

SIZES = [30, 41, 52, 20, 33]
SAMPLES = [noise(n + 1, size) for n, size in enumerate(SIZES)]
PAYLOAD = b"".join(SAMPLES)
FTYP = b"\0\0\0\x10ftypM4A \0\0\0\0"
ASC = b"\x12\x10"


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name + body


def full(name: bytes, *parts: bytes) -> bytes:
    return box(name, bytes(4), *parts)


def descriptor(tag: int, body: bytes) -> bytes:
    return bytes((tag, len(body))) + body


def esds(oti: int = 0x40) -> bytes:
    config = bytes((oti, 0x15)) + bytes(11) + descriptor(5, ASC)
    return full(b"esds", descriptor(3, bytes(3) + descriptor(4, config)))


COOKIE = struct.pack(">IBBBBBBHIII", 4096, 0, 16, 40, 10, 14, 2, 255, 12345, 800000, 44100)
STREAMINFO = (
    struct.pack(">HH", 4096, 4096)
    + bytes(6)
    + ((44100 << 44) | (1 << 41) | (15 << 36)).to_bytes(8, "big")
    + bytes(16)
)
DOPS = box(b"dOps", struct.pack(">BBHIhB", 0, 2, 312, 48000, 0, 0))


def entry(name: bytes = b"mp4a", child: bytes | None = None) -> bytes:
    child = esds() if child is None else child
    return box(
        name, bytes(6), b"\0\1", bytes(8), struct.pack(">HHHHI", 2, 16, 0, 0, 44100 << 16), child
    )


def table(
    name: bytes, *rows: int, head: tuple[int, ...] = (), width: str = "I", per: int = 1
) -> bytes:
    count = len(rows) // per
    return full(
        name,
        b"".join(struct.pack(">I", h) for h in head),
        struct.pack(">I", count),
        b"".join(struct.pack(">" + width, r) for r in rows),
    )


def atom(value: str, name: bytes = b"MUSICPROV") -> bytes:
    return box(
        b"----",
        full(b"mean", b"com.apple.iTunes"),
        full(b"name", name),
        box(b"data", b"\0\0\0\1", bytes(4), value.encode()),
    )


def plain_tag(name: bytes, value: str) -> bytes:
    return box(name, box(b"data", b"\0\0\0\1", bytes(4), value.encode()))


def meta(*items: bytes) -> bytes:
    return full(b"meta", full(b"hdlr", bytes(4), b"mdirappl", bytes(9)), box(b"ilst", *items))


def stbl(
    offset: int,
    sample_entry: bytes,
    sizes: list[int],
    entries: int = 1,
    per_chunk: tuple[int, ...] = (1, 5, 1),
    chunks: list[int] | None = None,
    wide: bool = False,
) -> bytes:
    offsets = chunks or [offset]
    where = table(b"co64", *offsets, width="Q") if wide else table(b"stco", *offsets)
    return box(
        b"stbl",
        full(b"stsd", struct.pack(">I", entries), sample_entry * entries),
        table(b"stts", len(sizes), 1024, per=2),
        table(b"stsc", *per_chunk, per=3),
        table(b"stsz", *sizes, head=(0,)),
        where,
    )


def trak(stable: bytes, handler: bytes = b"soun", edits: bytes = b"", scale: int = 44100) -> bytes:
    mdhd = full(b"mdhd", bytes(8), struct.pack(">II", scale, 5120), bytes(4))
    minf = box(b"minf", full(b"smhd", bytes(4)), stable)
    return box(
        b"trak",
        full(b"tkhd", bytes(80)),
        edits,
        box(b"mdia", mdhd, full(b"hdlr", bytes(4), handler, bytes(13)), minf),
    )


def mp4(
    *tags: bytes,
    sample_entry: bytes | None = None,
    sizes: list[int] | None = None,
    payload: bytes = PAYLOAD,
    more: bytes = b"",
    extra_trak: bytes = b"",
    ftyp: bytes = FTYP,
    tail: bytes = b"",
    udta: bytes | None = None,
    edits: bytes = b"",
    shift: int = 0,
    scale: int = 44100,
    **options: object,
) -> bytes:
    """ftyp, mdat, moov: so offsets are known before moov is."""
    mdat = box(b"mdat", payload)
    start = len(ftyp) + 8
    stable = stbl(
        start + shift,
        entry() if sample_entry is None else sample_entry,
        SIZES if sizes is None else sizes,
        **options,
    )  # type: ignore[arg-type]
    mvhd = full(b"mvhd", bytes(8), struct.pack(">II", 1000, 116), bytes(80))
    user = box(b"udta", meta(*tags)) if udta is None and tags else (udta or b"")
    return (
        ftyp
        + mdat
        + box(b"moov", mvhd, trak(stable, edits=edits, scale=scale), extra_trak, user, more)
        + tail
    )


MADE = essence("aac", ASC, PAYLOAD, SIZES)
ILST = "mp4:moov/udta/meta/ilst"
ALAC = entry(b"alac", full(b"alac", COOKIE))
LONG_EDIT = box(
    b"edts",
    full(
        b"elst",
        struct.pack(">I", 2),
        struct.pack(">IiI", 50, 0, 0x10000) + struct.pack(">IiI", 50, 2000, 0x10000),
    ),
)


def one_edit(length: int, start: int) -> bytes:
    return box(b"edts", full(b"elst", struct.pack(">IIiI", 1, length, start, 0x10000)))


TWO_DATA = box(
    b"----",
    full(b"mean", b"com.apple.iTunes"),
    full(b"name", b"MUSICPROV"),
    *(box(b"data", b"\0\0\0\1", bytes(4), v) for v in (b"A", b"B")),
)

CASES = {
    "plain": case("MPF-020", "AAC, no tags at all.", mp4(), made=MADE),
    "one-carrier": case("MPF-001 MPF-010", "Our atom behind a title.", mp4(plain_tag(b"\xa9nam", "Song"), atom("A")), made=MADE, carriers=[carrier(f"{ILST}/----[1]", "A")]),
    "summary": case("MPF-010", "Both of our atoms.", mp4(atom("A"), atom("lyrics=full", b"AI_DISCLOSURE")), made=MADE, carriers=[carrier(f"{ILST}/----[0]", "A"), carrier(f"{ILST}/----[1]", "lyrics=full", "AI_DISCLOSURE")]),
    "other-case": case("MPF-010", "Another spelling of the name.", mp4(atom("A", b"MusicProv"), atom("B")), made=MADE, carriers=[carrier(f"{ILST}/----[0]", "A"), carrier(f"{ILST}/----[1]", "B")], danger="A rival hidden by its spelling."),
    "two-data": case("MPF-010", "Two values in one atom.", mp4(TWO_DATA), made=MADE, carriers=[carrier(f"{ILST}/----[0]", "A"), carrier(f"{ILST}/----[0]", "B")]),
    "two-udta": case("MPF-001", "A second udta with a rival.", mp4(udta=box(b"udta", meta(atom("A"))) + box(b"udta", meta(atom("B")))), made=MADE, carriers=[carrier(f"{ILST}/----[0]", "A"), carrier(f"{ILST}#2/----[0]", "B")], danger="Readers take the first or the last."),
    "meta-in-moov": case("MPF-001", "An ilst directly in moov/meta.", mp4(more=meta(atom("A"))), made=MADE, carriers=[carrier("mp4:moov/meta/ilst/----[0]", "A")]),
    "alac": case("MPF-022", "ALAC: the cookie without its bit rate fields.", mp4(sample_entry=ALAC), made=essence("alac", COOKIE[:12] + COOKIE[20:24], PAYLOAD, SIZES)),
    "flac": case("MPF-022", "FLAC in MP4 has the essence of native FLAC.", mp4(sample_entry=entry(b"fLaC", full(b"dfLa", b"\x80" + (34).to_bytes(3, "big") + STREAMINFO))), made=essence("flac", struct.pack(">IBB", 44100, 2, 16), PAYLOAD)),
    "opus": case("MPF-022", "Opus in MP4 has the essence of Ogg Opus.", mp4(sample_entry=entry(b"Opus", DOPS)), made=essence("opus", b"\x02\x00", PAYLOAD, SIZES)),
    "other-offsets": case("MPF-025", "Two chunks in two runs: the same essence.", mp4(per_chunk=(1, 2, 1, 2, 3, 1), chunks=[24, 24 + 71]), made=MADE),
    "co64": case("MPF-025", "64-bit offsets.", mp4(wide=True), made=MADE),
    "gap-in-mdat": case("MPF-025", "Bytes of mdat that are no sample are not hashed.", mp4(payload=b"gap!" + PAYLOAD, shift=4), made=MADE),
    "free-space": case("MPF-003", "Unknown boxes are passed over.", mp4(more=box(b"xxxx", box(b"moov", bytes(8))), tail=box(b"free", bytes(20))), made=MADE),
    "deep-nesting": case("MPF-003", "Boxes nested deep under an unknown name cost nothing.", mp4(more=box(b"xxxx", box(b"xxxx", box(b"xxxx", box(b"xxxx"))))), made=MADE),
    "one-edit": case("MPF-031", "Five packets of 1024 samples; the edit leaves 1024 out and plays 50 ms (2205 samples).", mp4(edits=one_edit(50, 1024)), made=MADE, shown={"startTrim": 1024, "endTrim": 1891, "duration": 2205}),
    "edit-longer-than-track": case("MPF-031", "The edit says 116 ms (5115 samples), of which the track has 4096 after the start.", mp4(edits=one_edit(116, 1024)), made=MADE, shown={"startTrim": 1024, "endTrim": 0, "duration": 4096}),
    "media-scale-doubled": case("MPF-031", "The same edit in a track whose times count half: 2560 samples in all.", mp4(edits=one_edit(116, 0), scale=88200), made=MADE, shown={"startTrim": 0, "endTrim": 0, "duration": 2560}, danger="A track that plays twice as fast under an intact essence, without a remark."),
    "two-edits": case("MPF-032", "Two edits play the sound twice: the essence is the same, the presentation is unusual.", mp4(edits=LONG_EDIT), made=MADE),
    "box-too-large": case("MPF-002", "moov is larger than the file.", mp4(atom("A"))[:-10], refusal="mp4.box-size", incomplete=True),
    "no-ftyp-first": case("MPF-020", "A free box stands before ftyp... as the second box.", b"\0\0\0\x10ftypM4A \0\0\0\0"[:4] + b"ftyp" + bytes(8) + mp4()[16:], made=MADE),
    "two-moov": case("MPF-020", "A second moov.", mp4(tail=box(b"moov", box(b"udta", meta(atom("B"))))), refusal="mp4.moov-count", carriers=[carrier(f"{ILST}/----[0]", "B")], danger="Two readers, two files."),
    "fragmented": case("MPF-020", "A fragmented file.", mp4(tail=box(b"moof", bytes(8))), refusal="mp4.fragmented"),
    "two-tracks": case("MPF-021", "Two sound tracks.", mp4(extra_trak=trak(stbl(24, entry(), SIZES))), refusal="mp4.track-count"),
    "video-track": case("MPF-021", "A video track beside the sound.", mp4(extra_trak=trak(stbl(24, entry(), SIZES), handler=b"vide")), refusal="mp4.track-count"),
    "two-descriptions": case("MPF-022", "Two sample descriptions.", mp4(entries=2), refusal="mp4.descriptions"),
    "encrypted": case("MPF-022", "Encrypted audio.", mp4(sample_entry=entry(b"enca")), refusal="mp4.codec"),
    "mp3-in-mp4": case("MPF-022", "MP3 in MP4.", mp4(sample_entry=entry(child=esds(0x6B))), refusal="mp4.codec"),
    "too-few-in-chunks": case("MPF-024", "The chunks hold fewer samples than have a size.", mp4(per_chunk=(1, 4, 1)), refusal="mp4.sample-table"),
    "too-many-in-chunks": case("MPF-024", "The chunks hold more samples than have a size.", mp4(per_chunk=(1, 6, 1)), refusal="mp4.sample-table"),
    "count-lies": case("MPF-024", "stsz counts more samples than it holds.", mp4().replace(struct.pack(">II", 0, 5) + struct.pack(">I", 30), struct.pack(">II", 0, 5_000_000) + struct.pack(">I", 30)), refusal="mp4.sample-table"),
    "outside-mdat": case("MPF-025", "The samples point into ftyp.", mp4(chunks=[0]), refusal="mp4.sample-outside", danger="Audio that is no audio."),
    "no-sample": case("MPF-025", "No sample.", mp4(sizes=[], per_chunk=(), chunks=[24]), refusal="mp4.sample-table"),
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(Path(__file__).parent, "mp4", "m4a", CASES))
