"""Rows of presentation edits: the coded audio stays, what a player makes of it does not.

Within a second, or by gain, that is a remark; more is a cut and never passes (BND-013, BND-014).
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from robustness.edits import (
    CUT,
    DAMAGED,
    EXACT,
    M4A_KINDS,
    OGG_KINDS,
    REMARKED,
    SIMILAR,
    Edit,
    boxes,
    byte_edit,
    mend_page,
    on,
    pages,
)

_OPUS_RATE = 48_000
_TRACK = (b"moov", b"trak")
_ELST = (*_TRACK, b"edts", b"elst")


def _opus_head(data: bytearray, at: int, form: str, change: Callable[[int], int]) -> None:
    """Change one number of OpusHead, counted from its magic."""
    start, length = next(pages(data))
    place = data.index(b"OpusHead") + at
    (value,) = struct.unpack_from(form, data, place)
    struct.pack_into(form, data, place, change(value))
    mend_page(data, start, length)


def output_gain(data: bytearray) -> None:
    """Another output gain, -6 dB."""
    _opus_head(data, 16, "<h", lambda gain: gain - 1536)


def mute(data: bytearray) -> None:
    """The lowest output gain, -128 dB: silence."""
    _opus_head(data, 16, "<h", lambda _: -32768)


def input_rate(data: bytearray) -> None:
    """An input rate of 8,000 Hz, at which some players decode."""
    _opus_head(data, 12, "<I", lambda _: 8000)


def pre_skip_little(data: bytearray) -> None:
    """A tenth of a second more is skipped."""
    _opus_head(data, 10, "<H", lambda skip: skip + _OPUS_RATE // 10)


def pre_skip_most(data: bytearray) -> None:
    """All that the field can hold: 1.4 s."""
    _opus_head(data, 10, "<H", lambda _: 65_535)


def ends_earlier(seconds: float) -> Callable[[bytearray], None]:
    """The last granule position says that the music ends earlier, at the rate of the stream."""

    def do(data: bytearray) -> None:
        head = bytes(data[:200])
        rate = _OPUS_RATE
        if b"\x01vorbis" in head:
            (rate,) = struct.unpack_from("<I", head, head.index(b"\x01vorbis") + 12)
        at, length = list(pages(data))[-1]
        (position,) = struct.unpack_from("<q", data, at + 6)
        struct.pack_into("<q", data, at + 6, position - int(seconds * rate))
        mend_page(data, at, length)

    return do


def position(number: int, change: Callable[[int], int]) -> Callable[[bytearray], None]:
    """Another granule position on a page, counted from the first one."""

    def do(data: bytearray) -> None:
        at, length = list(pages(data))[number]
        (granule,) = struct.unpack_from("<q", data, at + 6)
        struct.pack_into("<q", data, at + 6, change(granule))
        mend_page(data, at, length)

    return do


def vorbis_blocks(data: bytearray) -> None:
    """Short blocks of half as many samples in the identification header."""
    start, length = next(pages(data))
    data[data.index(b"\x01vorbis") + 28] -= 1
    mend_page(data, start, length)


def lame_field(change: Callable[[int], int]) -> Callable[[bytearray], None]:
    """Change delay (upper 12 bits) and padding (lower 12) in the LAME extension."""

    def do(data: bytearray) -> None:
        at = min(p for p in (data.find(b"Info"), data.find(b"Xing")) if p > 0)
        if bytes(data[at + 120 : at + 124]) not in {b"LAME", b"Lavf", b"Lavc"}:
            raise AssertionError("no LAME extension to change")
        packed = int.from_bytes(data[at + 141 : at + 144], "big")
        data[at + 141 : at + 144] = change(packed).to_bytes(3, "big")

    return do


def info_frame_number(data: bytearray) -> None:
    """The information frame states a hundred frames: players may believe it, the audio is there."""
    at = min(p for p in (data.find(b"Info"), data.find(b"Xing")) if p > 0)
    if not data[at + 7] & 1:
        raise AssertionError("no number of frames to change")
    struct.pack_into(">I", data, at + 8, 100)


def _movie_scale(data: bytearray) -> int:
    at, _ = next(boxes(data, b"moov", b"mvhd"))
    return int(struct.unpack_from(">I", data, at + (28 if data[at + 8] else 20))[0])


def _last_edit(data: bytearray) -> int:
    at, _ = next(boxes(data, *_ELST))
    if data[at + 8]:
        raise AssertionError("an edit list of version 1")
    (count,) = struct.unpack_from(">I", data, at + 12)
    return at + 16 + 12 * (count - 1)


def edit_plays(seconds: float) -> Callable[[bytearray], None]:
    """The edit plays so many seconds (a negative number: all but these)."""

    def do(data: bytearray) -> None:
        entry, scale = _last_edit(data), _movie_scale(data)
        (length,) = struct.unpack_from(">I", data, entry)
        keep = seconds * scale if seconds > 0 else length + seconds * scale
        struct.pack_into(">I", data, entry, int(keep))

    return do


def edit_begins_later(data: bytearray) -> None:
    """The edit begins ten seconds into the music and is as much shorter."""
    entry, scale = _last_edit(data), _movie_scale(data)
    length, start = struct.unpack_from(">Ii", data, entry)
    at, _ = next(boxes(data, *_TRACK, b"mdia", b"mdhd"))
    (media,) = struct.unpack_from(">I", data, at + 20)
    struct.pack_into(">Ii", data, entry, length - 10 * scale, start + 10 * media)


def edit_rate(data: bytearray) -> None:
    """The edit is played at twice the speed."""
    struct.pack_into(">I", data, _last_edit(data) + 8, 0x20000)


def two_edits(data: bytearray) -> None:
    """Two edits instead of one: the first half, twice."""
    at, length = next(boxes(data, *_ELST))
    duration, start, rate = struct.unpack_from(">Iii", data, _last_edit(data))
    extra = struct.pack(">Iii", duration // 2, start, rate)
    for path in (_ELST[:1], _ELST[:2], _ELST[:3], _ELST):
        place, size = next(boxes(data, *path))
        struct.pack_into(">I", data, place, size + len(extra))
    struct.pack_into(">I", data, at + 12, 2)
    struct.pack_into(">I", data, at + 16, duration // 2)
    data[at + length : at + length] = extra
    mdat, _ = next(boxes(data, b"mdat"))
    if mdat > at:
        raise AssertionError("moov stands in front: the offsets would be wrong")


def no_edit_list(data: bytearray) -> None:
    """The edit list is taken out."""
    at, _ = next(boxes(data, *_TRACK, b"edts"))
    data[at + 4 : at + 8] = b"free"


def media_scale(factor: float) -> Callable[[bytearray], None]:
    """The time scale of the media header, so that its ticks mean other times."""

    def do(data: bytearray) -> None:
        at, _ = next(boxes(data, *_TRACK, b"mdia", b"mdhd"))
        (scale,) = struct.unpack_from(">I", data, at + 20)
        struct.pack_into(">I", data, at + 20, int(scale * factor))

    return do


def sample_times(data: bytearray) -> None:
    """Every packet lasts half as long in the table of times."""
    at, _ = next(boxes(data, *_TRACK, b"mdia", b"minf", b"stbl", b"stts"))
    (count,) = struct.unpack_from(">I", data, at + 12)
    for entry in range(count):
        place = at + 20 + 8 * entry
        (delta,) = struct.unpack_from(">I", data, place)
        struct.pack_into(">I", data, place, delta // 2)


def uneven_times(data: bytearray) -> None:
    """The first half of the packets takes no time, the second all of it."""
    at, _ = next(boxes(data, *_TRACK, b"mdia", b"minf", b"stbl", b"stts"))
    (entries,) = struct.unpack_from(">I", data, at + 12)
    rows = [struct.unpack_from(">II", data, at + 16 + 8 * n) for n in range(entries)]
    packets, total = sum(row[0] for row in rows), sum(row[0] * row[1] for row in rows)
    half = packets // 2
    each, rest = divmod(total, packets - half)
    if entries != 2:
        raise AssertionError("not two runs of packets of one length")
    made = struct.pack(">IIII", half, 0, packets - half, each)
    data[at + 16 : at + 32] = made
    if rest > _OPUS_RATE:
        raise AssertionError("the track became shorter by a second")


def field(name: bytes, at: int, value: int) -> Callable[[bytearray], None]:
    """A 32-bit number in the film's or the track's header, counted from the box's body."""

    def do(data: bytearray) -> None:
        path = (b"moov", name) if name == b"mvhd" else (*_TRACK, name)
        start, _ = next(boxes(data, *path))
        if data[start + 8]:
            raise AssertionError("a header of version 1")
        struct.pack_into(">I", data, start + 8 + at, value)

    return do


def media_length(data: bytearray) -> None:
    """The media's header states a tenth of its length; there is no edit list."""
    no_edit_list(data)
    start, _ = next(boxes(data, *_TRACK, b"mdia", b"mdhd"))
    if data[start + 8]:
        raise AssertionError("a header of version 1")
    (length,) = struct.unpack_from(">I", data, start + 24)
    struct.pack_into(">I", data, start + 24, length // 10)


def balance(data: bytearray) -> None:
    """All of the sound at the left."""
    start, _ = next(boxes(data, *_TRACK, b"mdia", b"minf", b"smhd"))
    struct.pack_into(">h", data, start + 12, -256)


def other_file(data: bytearray) -> None:
    """The data reference is marked as another file."""
    start, _ = next(boxes(data, *_TRACK, b"mdia", b"minf", b"dinf", b"dref"))
    entry = start + 16
    if data[entry + 4 : entry + 8] != b"url " or data[entry + 11] != 1:
        raise AssertionError("no data reference to this file")
    data[entry + 11] = 0


def flac_total(change: Callable[[int], int]) -> Callable[[bytearray], None]:
    """Another number of samples in STREAMINFO."""

    def do(data: bytearray) -> None:
        at = data.index(b"fLaC") + 8 + 10
        packed = int.from_bytes(data[at : at + 8], "big")
        total = packed & (1 << 36) - 1
        data[at : at + 8] = (packed - total + change(total)).to_bytes(8, "big")

    return do


def wav_mask(data: bytearray) -> None:
    """The format made extensible, its channels for the middle and for the bass."""
    at = data.index(b"fmt ") + 8
    (size,) = struct.unpack_from("<I", data, at - 4)
    (tag,) = struct.unpack_from("<H", data, at)
    (bits,) = struct.unpack_from("<H", data, at + 14)
    kind = tag if tag != _EXTENSIBLE else struct.unpack_from("<H", data, at + 24)[0]
    tail = bytes.fromhex("000000001000800000aa00389b71")
    made = bytes(data[at : at + 16]) + struct.pack("<HHIH", 22, bits, 0xC, kind) + tail
    data[at : at + size] = struct.pack("<H", _EXTENSIBLE) + made[2:]
    struct.pack_into("<I", data, at - 4, len(made))
    (whole,) = struct.unpack_from("<I", data, 4)
    struct.pack_into("<I", data, 4, whole + len(made) - size)


def aiff_layout(data: bytearray) -> None:
    """A chunk that says the channels are for the middle and for the bass."""
    data[12:12] = b"CHAN" + struct.pack(">IIII", 12, 0x10000, 0xC, 0)
    (whole,) = struct.unpack_from(">I", data, 4)
    struct.pack_into(">I", data, 4, whole + 20)


def flac_mask(data: bytearray) -> None:
    """A comment that says the channels are for the middle and for the bass."""
    text = b"WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0x000C"
    body = struct.pack("<III", 0, 1, len(text)) + text
    at = data.index(b"fLaC") + 4 + 38
    data[at:at] = bytes((4,)) + len(body).to_bytes(3, "big") + body


def flac_sizes(at: int, form: str, change: Callable[[int], int]) -> Callable[[bytearray], None]:
    """Another size of blocks or frames in STREAMINFO; ``at`` counts from its body."""

    def do(data: bytearray) -> None:
        place = data.index(b"fLaC") + 8 + at
        (size,) = struct.unpack_from(form, data, place)
        struct.pack_into(form, data, place, change(size))

    return do


def flac_no_md5(data: bytearray) -> None:
    """The MD5 of STREAMINFO set to unknown."""
    at = data.index(b"fLaC") + 8 + 18
    data[at : at + 16] = bytes(16)


_MP3 = ("mp3",)
_OPUS = ("opus",)
_FLAC = ("flac",)
_EXTENSIBLE = 0xFFFE
_GRANULES = ("vorbis", "opus")

ROWS: tuple[Edit, ...] = (
    Edit("Opus output gain -6 dB", on(_OPUS, REMARKED), byte_edit(output_gain), "other"),
    Edit("Opus output gain -128 dB", on(_OPUS, REMARKED), byte_edit(mute), "other"),
    Edit("Opus pre-skip +0.1 s", on(_OPUS, REMARKED), byte_edit(pre_skip_little), "other"),
    Edit("Opus pre-skip 1.4 s", on(_OPUS, CUT), byte_edit(pre_skip_most), "other"),
    Edit("Opus input rate 8,000 Hz", on(_OPUS, CUT), byte_edit(input_rate), "any"),
    Edit("Ogg ends 10 ms earlier", on(_GRANULES, REMARKED), byte_edit(ends_earlier(0.01)), "other"),
    Edit("Vorbis short blocks halved", on(("vorbis",), DAMAGED), byte_edit(vorbis_blocks), "other"),
    Edit("Ogg page without a position", on(OGG_KINDS, CUT), byte_edit(position(6, lambda _: -1)),
         "any"),
    Edit("Ogg position a minute ahead", on(OGG_KINDS, CUT),
         byte_edit(position(6, lambda granule: granule + 60 * _OPUS_RATE)), "any"),
    Edit("Ogg position of the headers", on(OGG_KINDS, CUT), byte_edit(position(0, lambda _: 7)),
         "any"),
    Edit("LAME delay +256 samples", on(_MP3, REMARKED),
         byte_edit(lame_field(lambda p: p ^ 256 << 12)), "other"),
    Edit("LAME padding 4095", on(_MP3, REMARKED), byte_edit(lame_field(lambda p: p | 4095)),
         "other"),
    Edit("LAME frame states 100 frames", on(_MP3, EXACT), byte_edit(info_frame_number), "any"),
    Edit("MP4 edit plays 10 s", on(M4A_KINDS, CUT), byte_edit(edit_plays(10)), "other"),
    Edit("MP4 edit ends 0.1 s earlier", on(M4A_KINDS, REMARKED), byte_edit(edit_plays(-0.1)),
         "any"),
    Edit("MP4 edit begins 10 s later", on(M4A_KINDS, CUT), byte_edit(edit_begins_later), "other"),
    Edit("MP4 edit at double speed", on(M4A_KINDS, CUT), byte_edit(edit_rate), "any"),
    Edit("MP4 two edits", on(M4A_KINDS, CUT), byte_edit(two_edits), "any"),
    Edit("MP4 no edit list", {"aac": REMARKED, "alac": EXACT}, byte_edit(no_edit_list), "any"),
    Edit("MP4 mdhd time scale doubled", on(M4A_KINDS, CUT), byte_edit(media_scale(2)), "any"),
    Edit("MP4 mdhd time scale halved", on(M4A_KINDS, CUT), byte_edit(media_scale(0.5)), "any"),
    Edit("MP4 stts halved", on(M4A_KINDS, CUT), byte_edit(sample_times), "any"),
    Edit("MP4 first half takes no time", on(M4A_KINDS, CUT), byte_edit(uneven_times), "any"),
    Edit("MP4 a tenth as long by its header", on(M4A_KINDS, CUT), byte_edit(media_length), "any"),
    Edit("MP4 sound at the left", on(M4A_KINDS, CUT), byte_edit(balance), "any"),
    Edit("MP4 film at 1.25 speed", on(M4A_KINDS, CUT), byte_edit(field(b"mvhd", 20, 0x14000)),
         "any"),
    Edit("MP4 film silent", on(M4A_KINDS, CUT), byte_edit(field(b"mvhd", 24, 0)), "any"),
    Edit("MP4 track silent", on(M4A_KINDS, CUT), byte_edit(field(b"tkhd", 36, 0)), "any"),
    Edit("MP4 track switched off", on(M4A_KINDS, CUT), byte_edit(field(b"tkhd", 0, 0)), "any"),
    Edit("MP4 audio of another file", on(M4A_KINDS, SIMILAR.refused("mp4.other-file")),
         byte_edit(other_file), "any"),
    Edit("WAV channels for middle and bass", on(("wav",), CUT), byte_edit(wav_mask), "any"),
    Edit("AIFF channels for middle and bass", on(("aiff",), CUT), byte_edit(aiff_layout), "any"),
    Edit("FLAC channels for middle and bass", on(_FLAC, CUT), byte_edit(flac_mask), "any"),
    Edit("FLAC blocks twice as long", on(_FLAC, DAMAGED),
         byte_edit(flac_sizes(0, ">I", lambda n: 2 * n)), "any"),
    Edit("FLAC frames at most half as long", on(_FLAC, DAMAGED),
         byte_edit(flac_sizes(8, ">H", lambda n: n // 2)), "any"),
    Edit("FLAC total halved", on(_FLAC, CUT), byte_edit(flac_total(lambda n: n // 2)), "any"),
    Edit("FLAC total one less", on(_FLAC, REMARKED), byte_edit(flac_total(lambda n: n - 1)), "any"),
    Edit("FLAC total unknown", on(_FLAC, EXACT), byte_edit(flac_total(lambda _: 0))),
    Edit("FLAC MD5 unknown", on(_FLAC, EXACT), byte_edit(flac_no_md5)),
)  # fmt: skip
