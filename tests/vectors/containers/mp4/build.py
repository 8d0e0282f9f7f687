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
CHANNELS = bytes.fromhex("120005040100200000")
"""AAC-LC whose three channels (a pair and one for the bass) are written out, without a comment."""
WITHOUT_BASS = bytes.fromhex("120005040000200000")
"""The same without the channel for the bass."""
UNDER_SBR = bytes.fromhex("2b920800")
"""SBR at 44.1 kHz over AAC-LC at 22.05."""


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name + body


def full(name: bytes, *parts: bytes) -> bytes:
    return box(name, bytes(4), *parts)


def descriptor(tag: int, body: bytes) -> bytes:
    return bytes((tag, len(body))) + body


def esds(oti: int = 0x40, specific: bytes = ASC) -> bytes:
    config = bytes((oti, 0x15)) + bytes(11) + descriptor(5, specific)
    return full(b"esds", descriptor(3, bytes(3) + descriptor(4, config)))


COOKIE = struct.pack(">IBBBBBBHIII", 4096, 0, 16, 40, 10, 14, 2, 255, 12345, 800000, 44100)
STREAMINFO = (
    struct.pack(">HH", 4096, 4096)
    + bytes(6)
    + ((44100 << 44) | (1 << 41) | (15 << 36)).to_bytes(8, "big")
    + bytes(16)
)
DOPS = box(b"dOps", struct.pack(">BBHIhB", 0, 2, 312, 48000, 0, 0))


def entry(
    name: bytes = b"mp4a", child: bytes | None = None, channels: int = 2, rate: int = 44100
) -> bytes:
    child = esds() if child is None else child
    sound = struct.pack(">HHHHI", channels, 16, 0, 0, rate << 16)
    return box(name, bytes(6), b"\0\1", bytes(8), sound, child)


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
    version: int = 0,
    beside: bytes = b"",
    times: tuple[int, ...] | None = None,
) -> bytes:
    offsets = chunks or [offset]
    where = table(b"co64", *offsets, width="Q") if wide else table(b"stco", *offsets)
    return box(
        b"stbl",
        box(b"stsd", bytes((version, 0, 0, 0)), struct.pack(">I", entries), sample_entry * entries),
        table(b"stts", *(times or (len(sizes), 1024)), per=2),
        table(b"stsc", *per_chunk, per=3),
        table(b"stsz", *sizes, head=(0,)),
        where,
        beside,
    )


def trak(
    stable: bytes,
    handler: bytes = b"soun",
    edits: bytes = b"",
    scale: int = 44100,
    in_minf: bytes = b"",
    flags: int = 7,
    volume: int = 256,
    with_header: bool = True,
    media: int = 5120,
    length: int = 0,
    balance: int = 0,
) -> bytes:
    mdhd = full(b"mdhd", bytes(8), struct.pack(">II", scale, media), bytes(4))
    minf = box(b"minf", full(b"smhd", struct.pack(">hH", balance, 0)), stable, in_minf)
    return box(
        b"trak",
        box(
            b"tkhd",
            struct.pack(">I", flags),
            bytes(16),
            struct.pack(">I", length),
            bytes(12),
            struct.pack(">H", volume),
            bytes(46),
        )
        if with_header
        else b"",
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
    in_minf: bytes = b"",
    flags: int = 7,
    volume: int = 256,
    rate: int = 1 << 16,
    loudness: int = 256,
    wide_header: bool = False,
    with_header: bool = True,
    media: int = 5120,
    lengths: tuple[int, int] = (116, 0),
    balance: int = 0,
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
    times = (
        struct.pack(">QQIQ", 0, 0, 1000, lengths[0])
        if wide_header
        else struct.pack(">QII", 0, 1000, lengths[0])
    )
    mvhd = box(
        b"mvhd",
        bytes((wide_header, 0, 0, 0)),
        times,
        struct.pack(">IH", rate, loudness),
        bytes(74),
    )
    user = box(b"udta", meta(*tags)) if udta is None and tags else (udta or b"")
    return (
        ftyp
        + mdat
        + box(
            b"moov",
            mvhd,
            trak(
                stable,
                edits=edits,
                scale=scale,
                in_minf=in_minf,
                flags=flags,
                volume=volume,
                with_header=with_header,
                media=media,
                length=lengths[1],
                balance=balance,
            ),
            extra_trak,
            user,
            more,
        )
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


def elst(*edits: tuple[int, int], count: int | None = None) -> bytes:
    rows = b"".join(struct.pack(">IiI", length, start, 0x10000) for length, start in edits)
    return full(b"elst", struct.pack(">I", len(edits) if count is None else count), rows)


CUT = elst((10, 0))
SHORTER = table(b"stsz", *SIZES[:2], head=(0,))


def versioned(version: int, *children: bytes) -> bytes:
    """A QuickTime sound description: 16 bytes more in version 1."""
    head = (bytes(6), b"\0\1", struct.pack(">H", version), bytes(6))
    sound = struct.pack(">HHHHI", 2, 16, 0, 0, 44100 << 16)
    return box(b"mp4a", *head, sound, bytes(16) if version else b"", *children)


WAVE = box(b"wave", box(b"frma", b"mp4a"), esds(), box(b"\0\0\0\0"))
ESCAPED = descriptor(5, bytes.fromhex("178056220810"))
OF_RATE = full(
    b"esds", descriptor(3, bytes(3) + descriptor(4, bytes((0x40, 0x15)) + bytes(11) + ESCAPED))
)
HIDDEN = box(b"free", full(b"mvhd", bytes(96)))
LATE_HANDLER = full(b"meta", box(b"xxxx", full(b"hdlr", bytes(21))))
BEHIND = box(b"udta", box(b"name", b"x"), bytes(4))
TWO_DATA = box(
    b"----",
    full(b"mean", b"com.apple.iTunes"),
    full(b"name", b"MUSICPROV"),
    *(box(b"data", b"\0\0\0\1", bytes(4), v) for v in (b"A", b"B")),
)


def references(*flags: int, count: int | None = None) -> bytes:
    entries = b"".join(box(b"url ", struct.pack(">I", flag)) for flag in flags)
    number = struct.pack(">I", len(flags) if count is None else count)
    return box(b"dinf", full(b"dref", number, entries))


def speakers(tag: int, mask: int = 0) -> bytes:
    return full(b"chan", struct.pack(">III", tag, mask, 0))


TWO_SECONDS = {"media": 100000, "lengths": (2267, 2267)}
"""The length of 100,000 samples in all headers."""
EVEN = {"times": (5, 20000)}


def lasting(duration: int) -> dict[str, object]:
    return {"startTrim": 0, "duration": duration}


MADE_OPUS = essence("opus", b"\x02\x00", PAYLOAD, SIZES)
SHOWN_OPUS = {"startTrim": 312, "duration": 5260, "gain": 0}
"""5120 of 44,100 in a second are 5572 of 48,000, less the pre-skip."""
MIDDLE_AND_BASS = speakers(0x10000, 0xC)
WHOLE = {"startTrim": 0, "duration": 5120}
UNUSUAL = WHOLE | {"unusual": True}

CASES = {
    "plain": case("MPF-020", "AAC, no tags at all.", mp4(), made=MADE),
    "one-carrier": case("MPF-001 MPF-010", "Our atom behind a title.", mp4(plain_tag(b"\xa9nam", "Song"), atom("A")), made=MADE, carriers=[carrier(f"{ILST}/----[1]", "A")]),
    "summary": case("MPF-010", "Both of our atoms.", mp4(atom("A"), atom("lyrics=full", b"AI_DISCLOSURE")), made=MADE, carriers=[carrier(f"{ILST}/----[0]", "A"), carrier(f"{ILST}/----[1]", "lyrics=full", "AI_DISCLOSURE")]),
    "other-case": case("MPF-010", "Another spelling of the name.", mp4(atom("A", b"MusicProv"), atom("B")), made=MADE, carriers=[carrier(f"{ILST}/----[0]", "A"), carrier(f"{ILST}/----[1]", "B")], danger="A rival hidden by its spelling."),
    "two-data": case("MPF-010", "Two values in one atom.", mp4(TWO_DATA), made=MADE, carriers=[carrier(f"{ILST}/----[0]", "A"), carrier(f"{ILST}/----[0]", "B")]),
    "two-udta": case("MPF-001", "A second udta with a rival.", mp4(udta=box(b"udta", meta(atom("A"))) + box(b"udta", meta(atom("B")))), made=MADE, carriers=[carrier(f"{ILST}/----[0]", "A"), carrier(f"{ILST}#2/----[0]", "B")], danger="Readers take the first or the last."),
    "meta-in-moov": case("MPF-001", "An ilst directly in moov/meta.", mp4(more=meta(atom("A"))), made=MADE, carriers=[carrier("mp4:moov/meta/ilst/----[0]", "A")]),
    "alac": case("MPF-022", "ALAC: the cookie without its bit rate fields.", mp4(sample_entry=ALAC), made=essence("alac", COOKIE[:12] + COOKIE[20:24], PAYLOAD, SIZES)),
    "flac": case("MPF-022", "FLAC in MP4 has the essence of native FLAC.", mp4(sample_entry=entry(b"fLaC", full(b"dfLa", b"\x80" + (34).to_bytes(3, "big") + STREAMINFO))), made=essence("flac", struct.pack(">IBB", 44100, 2, 16) + STREAMINFO[:10], PAYLOAD)),
    "opus": case("MPF-022", "Opus in MP4 has the essence of Ogg Opus.", mp4(sample_entry=entry(b"Opus", DOPS)), made=essence("opus", b"\x02\x00", PAYLOAD, SIZES)),
    "other-offsets": case("MPF-025", "Two chunks in two runs: the same essence.", mp4(per_chunk=(1, 2, 1, 2, 3, 1), chunks=[24, 24 + 71]), made=MADE),
    "co64": case("MPF-025", "64-bit offsets.", mp4(wide=True), made=MADE),
    "gap-in-mdat": case("MPF-025", "Bytes of mdat that are no sample are not hashed.", mp4(payload=b"gap!" + PAYLOAD, shift=4), made=MADE),
    "free-space": case("MPF-003", "Unknown boxes are passed over.", mp4(more=box(b"xxxx", box(b"moov", bytes(8))), tail=box(b"free", bytes(20))), made=MADE),
    "deep-nesting": case("MPF-003", "Boxes nested deep under an unknown name cost nothing.", mp4(more=box(b"xxxx", box(b"xxxx", box(b"xxxx", box(b"xxxx"))))), made=MADE),
    "one-edit": case("MPF-031", "Five packets of 1024 samples; the edit leaves 1024 out and plays 50 ms (2205 samples).", mp4(edits=one_edit(50, 1024)), made=MADE, shown={"startTrim": 1024, "endTrim": 1891, "duration": 2205}),
    "edit-longer-than-track": case("MPF-031", "The edit says 116 ms (5115 samples), of which the track has 4096 after the start.", mp4(edits=one_edit(116, 1024)), made=MADE, shown={"startTrim": 1024, "endTrim": 0, "duration": 4096}),
    "media-scale-doubled": case("MPF-031", "The same edit in a track whose times count half: 2560 samples in all.", mp4(edits=one_edit(116, 0), scale=88200), made=MADE, shown={"startTrim": 0, "endTrim": 0, "duration": 2560}, danger="A track that plays twice as fast under an intact essence, without a remark."),
    "two-edits": case("MPF-032", "Two edits play the sound twice: the essence is the same, the presentation is unusual.", mp4(edits=LONG_EDIT), made=MADE, shown={"startTrim": 0, "endTrim": 2915, "duration": 2205, "unusual": True}),
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
    "other-description": case("MPF-024", "The chunks are said to be of a second sample description, which is not there.", mp4(per_chunk=(1, 5, 2)), refusal="mp4.sample-table"),
    "boxes-in-place": case("MPF-026", "An edit list, a data reference and user data of the track, each once and in its place.", mp4(edits=box(b"edts", elst((50, 1024))), in_minf=box(b"dinf", full(b"dref", bytes(4))), more=BEHIND), made=MADE, shown={"startTrim": 1024, "endTrim": 1891, "duration": 2205}),
    "two-sizes": case("MPF-026", "A second, shorter table of sizes: some players take the last.", mp4(beside=SHORTER), refusal="mp4.box-place", danger="Other audio plays under an intact essence."),
    "two-offsets": case("MPF-026", "co64 beside stco: some players take the one, some the other.", mp4(beside=table(b"co64", 30, width="Q")), refusal="mp4.box-place", danger="Other audio plays under an intact essence."),
    "two-edit-lists": case("MPF-026", "A second edit list, which plays 10 ms.", mp4(edits=box(b"edts", elst((116, 0)), CUT)), refusal="mp4.box-place", danger="A hundredth of a second plays under an intact essence."),
    "two-edit-boxes": case("MPF-026", "A second box of edits.", mp4(edits=box(b"edts", elst((116, 0))) + box(b"edts", CUT)), refusal="mp4.box-place"),
    "edit-list-elsewhere": case("MPF-026", "An edit list beside the tables of samples.", mp4(in_minf=CUT), refusal="mp4.box-place"),
    "edit-list-in-ilst": case("MPF-026", "An edit list among the tags.", mp4(plain_tag(b"\xa9nam", "Song"), CUT), refusal="mp4.box-place"),
    "configuration-in-udta": case("MPF-026", "A codec configuration outside the sample description.", mp4(more=box(b"udta", esds())), refusal="mp4.box-place"),
    "compact-sizes": case("MPF-026", "A compact table of sizes beside the usual one.", mp4(beside=full(b"stz2", struct.pack(">II", 16, 1), bytes(2))), refusal="mp4.box-place"),
    "composition-times": case("MPF-026", "Composition times, which let players drop what would play at another moment.", mp4(beside=table(b"ctts", 5, 60000, per=2)), refusal="mp4.box-place"),
    "sizes-in-description": case("MPF-026", "A table of sizes inside the sample description.", mp4(sample_entry=versioned(0, esds(), SHORTER)), refusal="mp4.box-place"),
    "free-with-zeros": case("MPF-027", "Space that holds nothing, and a meta box with its handler first.", mp4(plain_tag(b"\xa9nam", "Song"), more=box(b"free", bytes(100))), made=MADE),
    "header-in-space": case("MPF-027", "Space that begins with a film's header: some players take it for moov.", mp4(more=HIDDEN), refusal="mp4.box-place"),
    "late-handler": case("MPF-027", "A meta box in which some players begin to read at the handler inside an unknown box.", mp4(more=LATE_HANDLER), refusal="mp4.box-place"),
    "quicktime-description": case("MPF-028", "A QuickTime sound description of version 1, its configuration in a wave box.", mp4(sample_entry=versioned(1, WAVE)), made=MADE),
    "two-configurations": case("MPF-028", "Two configurations of the codec.", mp4(sample_entry=versioned(0, esds(), esds())), refusal="mp4.descriptions"),
    "configuration-by-version": case("MPF-028", "Read as of version 1, the description has one more configuration, 16 bytes on.", mp4(sample_entry=versioned(0, box(b"free", bytes(8), esds()), esds())), refusal="mp4.descriptions"),
    "versions-disagree": case("MPF-028", "A description of version 1 in a table of version 1: who counts 16 bytes more, and who does not?", mp4(sample_entry=versioned(1, WAVE), version=1), refusal="mp4.descriptions"),
    "times-a-second-off": case("MPF-036", "The first packet ends one second after its share of the track, the others are shorter by as much.", mp4(**TWO_SECONDS, times=(1, 64100, 4, 8975)), made=MADE, shown=lasting(100000)),
    "times-more-than-a-second-off": case("MPF-036", "The first packet ends four samples later than that.", mp4(**TWO_SECONDS, times=(1, 64104, 4, 8974)), made=MADE, shown=lasting(100000) | {"unusual": True}, danger="Half of the audio is left out under an intact essence."),
    "times-too-early": case("MPF-036", "Four packets take no time, the last one has it all.", mp4(**TWO_SECONDS, times=(4, 0, 1, 100000)), made=MADE, shown=lasting(100000) | {"unusual": True}, danger="Half of the audio is left out under an intact essence."),
    "times-of-fewer": case("MPF-036", "The times of four of five packets, which last as long as five.", mp4(times=(4, 1280)), made=MADE, shown=UNUSUAL),
    "times-of-more": case("MPF-036", "The times of six packets, of which the last takes none.", mp4(times=(5, 1024, 1, 0)), made=MADE, shown=UNUSUAL),
    "lengths-unknown": case("MPF-037", "Lengths that are unknown.", mp4(**EVEN, media=0xFFFFFFFF, lengths=(0xFFFFFFFF, 0xFFFFFFFF)), made=MADE, shown=lasting(100000)),
    "lengths-longer": case("MPF-037", "Lengths of more than there is.", mp4(**EVEN, media=200000, lengths=(9000, 9000)), made=MADE, shown=lasting(100000)),
    "media-length-a-second-less": case("MPF-037", "The media's header states one second less than its packets last.", mp4(**EVEN, media=55900, lengths=(2267, 2267)), made=MADE, shown=lasting(100000)),
    "media-length-short": case("MPF-037", "The media's header states a sample less than that.", mp4(**EVEN, media=55899, lengths=(2267, 2267)), made=MADE, shown=lasting(100000) | {"unusual": True}, danger="Half of the audio is left out under an intact essence."),
    "track-length-short": case("MPF-037", "The track's header states no length at all.", mp4(**EVEN, media=100000, lengths=(2267, 0)), made=MADE, shown=lasting(100000) | {"unusual": True}),
    "film-length-short": case("MPF-037", "The film's header states a second.", mp4(**EVEN, media=100000, lengths=(1000, 2267)), made=MADE, shown=lasting(100000) | {"unusual": True}),
    "wide-film-length-short": case("MPF-037", "The same in a header with 64-bit times.", mp4(**EVEN, media=100000, lengths=(1000, 2267), wide_header=True), made=MADE, shown=lasting(100000) | {"unusual": True}),
    "opus-of-44100": case("MPF-038", "An entry with the channels of the configuration, and 44,100 Hz.", mp4(sample_entry=entry(b"Opus", DOPS)), made=MADE_OPUS, shown=SHOWN_OPUS),
    "opus-of-one-channel": case("MPF-038", "Two channels, described as one.", mp4(sample_entry=entry(b"Opus", DOPS, channels=1)), made=MADE_OPUS, shown=SHOWN_OPUS | {"unusual": True}, danger="What is in one channel with the opposite sign is gone under an intact essence."),
    "opus-of-8000": case("MPF-038", "Described as of 8,000 Hz.", mp4(sample_entry=entry(b"Opus", DOPS, rate=8000)), made=MADE_OPUS, shown=SHOWN_OPUS | {"unusual": True}),
    "opus-input-of-8000": case("MPF-038", "A configuration with an input rate of 8,000 Hz.", mp4(sample_entry=entry(b"Opus", box(b"dOps", struct.pack(">BBHIhB", 0, 2, 312, 8000, 0, 0)))), made=MADE_OPUS, shown=SHOWN_OPUS | {"unusual": True}),
    "layout-stereo": case("BND-017", "A layout of left and right.", mp4(sample_entry=versioned(0, esds(), speakers(0x650002))), made=MADE, shown=WHOLE),
    "layout-of-middle-and-bass": case("BND-017", "Two channels for the middle and for the bass.", mp4(sample_entry=versioned(0, esds(), MIDDLE_AND_BASS)), made=MADE, shown=UNUSUAL, danger="The second channel is silent under an intact essence, without a remark."),
    "layout-in-wave": case("BND-017", "The same in QuickTime's wave box.", mp4(sample_entry=versioned(1, box(b"wave", box(b"frma", b"mp4a"), esds(), MIDDLE_AND_BASS))), made=MADE, shown=UNUSUAL),
    "layout-by-version": case("BND-017", "A layout that shows only where the description is read as of version 1.", mp4(sample_entry=versioned(0, box(b"free", bytes(8), MIDDLE_AND_BASS), esds())), made=MADE, shown=UNUSUAL),
    "layout-elsewhere": case("MPF-026", "A layout beside the tables of samples, which some players follow.", mp4(beside=speakers(0x650002)), refusal="mp4.box-place"),
    "sbr-announced": case("MPF-035", "What is announced behind two bytes that say everything is not hashed.", mp4(sample_entry=entry(child=esds(specific=ASC + b"\x56\xe5\0"))), made=MADE),
    "channels-written-out": case("MPF-035", "Three channels that are written out: all of the configuration is hashed.", mp4(sample_entry=entry(child=esds(specific=CHANNELS))), made=essence("aac", CHANNELS, PAYLOAD, SIZES)),
    "channels-left-out": case("MPF-035", "The same coded audio of which one channel is not played any more: another essence.", mp4(sample_entry=entry(child=esds(specific=WITHOUT_BASS))), made=essence("aac", WITHOUT_BASS, PAYLOAD, SIZES), danger="A channel is gone under an intact essence."),
    "under-sbr": case("MPF-035", "The object type below SBR stands behind two bytes.", mp4(sample_entry=entry(child=esds(specific=UNDER_SBR))), made=essence("aac", UNDER_SBR, PAYLOAD, SIZES)),
    "extension-flag": case("MPF-035", "A flag says that more follows.", mp4(sample_entry=entry(child=esds(specific=b"\x12\x11\0"))), made=essence("aac", b"\x12\x11\0", PAYLOAD, SIZES)),
    "rate-written-out": case("MPF-022", "A rate that is written out is not read.", mp4(sample_entry=entry(child=OF_RATE)), refusal="mp4.codec", danger="The same coded audio at another speed, under an intact essence."),
    "this-file": case("MPF-029", "A data reference that is this file.", mp4(in_minf=references(1)), made=MADE),
    "other-file": case("MPF-029", "A data reference to another file.", mp4(in_minf=references(0)), refusal="mp4.other-file", danger="Intact audio is verified, and a player that follows the reference plays another file."),
    "one-of-other-files": case("MPF-029", "Two data references, of which the second is another file.", mp4(in_minf=references(1, 0)), refusal="mp4.other-file"),
    "references-lie": case("MPF-029", "A data reference that is counted and not there.", mp4(in_minf=references(1, count=2)), refusal="mp4.other-file"),
    "sixteen-references": case("MPF-029", "Sixteen data references, all of them this file.", mp4(in_minf=references(*[1] * 16)), made=MADE),
    "seventeen-references": case("MPF-029", "One more than may be.", mp4(in_minf=references(*[1] * 17)), refusal="mp4.other-file"),
    "no-track-header": case("MPF-034", "A track without the header that says whether it is on.", mp4(with_header=False), made=MADE, shown=UNUSUAL),
    "wide-film-header": case("MPF-034", "A film's header with 64-bit times, at normal speed and volume.", mp4(wide_header=True), made=MADE, shown=WHOLE),
    "switched-off": case("MPF-034", "The track is not enabled.", mp4(flags=6), made=MADE, shown=UNUSUAL, danger="Silence under an intact essence, without a remark."),
    "track-volume": case("MPF-034", "The track's volume is 0.", mp4(volume=0), made=MADE, shown=UNUSUAL),
    "balance": case("MPF-034", "The sound is at the left.", mp4(balance=-256), made=MADE, shown=UNUSUAL, danger="One channel is silent under an intact essence, without a remark."),
    "film-volume": case("MPF-034", "The film's volume is a quarter.", mp4(loudness=64), made=MADE, shown=UNUSUAL),
    "film-rate": case("MPF-034", "The film's preferred rate is 1.25.", mp4(rate=0x14000), made=MADE, shown=UNUSUAL, danger="A faster, higher version passes for the one that was declared."),
    "wide-film-rate": case("MPF-034", "The same in a header with 64-bit times.", mp4(rate=0x14000, wide_header=True), made=MADE, shown=UNUSUAL),
    "edit-at-the-end": case("MPF-033", "An edit that begins at the track's end plays nothing of it: 5120 samples are left out.", mp4(edits=one_edit(0, 5120)), made=MADE, shown={"startTrim": 5120, "endTrim": 0, "duration": 0}),
    "edit-behind-the-end": case("MPF-033", "An edit that begins behind the track's end.", mp4(edits=one_edit(50, 5121)), refusal="mp4.edit-list"),
    "edit-before-the-start": case("MPF-033", "An edit that begins before the track.", mp4(edits=one_edit(50, -5)), refusal="mp4.edit-list"),
    "edit-list-lies": case("MPF-033", "An edit list that counts an edit and holds none.", mp4(edits=box(b"edts", elst(count=1))), refusal="mp4.edit-list"),
    "no-sample": case("MPF-025", "No sample.", mp4(sizes=[], per_chunk=(), chunks=[24]), refusal="mp4.sample-table"),
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(Path(__file__).parent, "mp4", "m4a", CASES))
