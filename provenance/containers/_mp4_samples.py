"""The audio of an MP4: codec parameters, sample ranges and presentation (MPF-020 to MPF-032)."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from provenance.containers._mp4_boxes import Box, children_at, read
from provenance.containers.base import AudioFacts, Essence, Presentation, Refusal
from provenance.model.limits import Limits
from provenance.model.records import dataclass

_AAC_TYPES = frozenset({0x40, 0x66, 0x67, 0x68})
_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_ENTRY_BYTES = {0: 36, 1: 52, 2: 72}
"""An audio sample entry's length before its boxes, by QuickTime sound version."""
_TABLE_BYTES = 96 << 20
_FULL = 4
_UNIT_RATE = 0x00010000


class _RefusedError(Exception):
    def __init__(self, rule: str, **detail: str | int) -> None:
        super().__init__(rule)
        self.refusal = Refusal(rule, detail)


@dataclass(frozen=True)
class Codec:
    """What the sample entry says: essence profile, parameters, and the facts of the audio."""

    profile: str
    params: bytes
    rate: int
    channels: int
    bits: int | None
    lossless: bool
    packets: bool
    gain: int | None = None
    pre_skip: int | None = None


def read_audio(
    stream: BinaryIO, moov: Box, mdats: list[Box], limits: Limits
) -> tuple[AudioFacts, Essence] | Refusal:
    """The one audio track's facts and essence, or the rule that refuses it."""
    try:
        return _read_audio(stream, moov, mdats, limits)
    except _RefusedError as error:
        return error.refusal


def _read_audio(
    stream: BinaryIO, moov: Box, mdats: list[Box], limits: Limits
) -> tuple[AudioFacts, Essence]:
    track = _track(stream, moov)
    table = track.first(b"mdia", b"minf", b"stbl")
    if table is None:
        raise _RefusedError("mp4.sample-table")
    codec = _codec(stream, table)
    sizes = _sizes(stream, table, limits)
    ranges = tuple(_ranges(stream, table, sizes, mdats, limits))
    total = _total(stream, table)
    scale = _timescale(stream, track)
    presentation = _presentation(stream, moov, track, codec, total, scale)
    samples = total * codec.rate // scale if scale else None
    facts = AudioFacts(
        codec.profile, codec.rate, codec.channels, codec.bits, samples, codec.lossless
    )
    packed = _packed(sizes) if codec.packets else None
    return facts, Essence(codec.profile, codec.params, ranges, packed, presentation)


def _track(stream: BinaryIO, moov: Box) -> Box:
    """The one track, which must be sound (MPF-021)."""
    tracks = list(moov.all(b"trak"))
    kinds = [_handler(stream, t) for t in tracks]
    if kinds.count(b"soun") != 1 or len(kinds) != 1:
        raise _RefusedError("mp4.track-count", sound=kinds.count(b"soun"), all=len(kinds))
    return tracks[0]


def _handler(stream: BinaryIO, track: Box) -> bytes:
    handler = track.first(b"mdia", b"hdlr")
    return read(stream, handler.body + 8, 4) if handler else b""


def _codec(stream: BinaryIO, table: Box) -> Codec:
    described = table.first(b"stsd")
    if described is None:
        raise _RefusedError("mp4.sample-table")
    entries = children_at(stream, described.body + 8, described.end, 4)
    if len(entries) != 1 or int.from_bytes(read(stream, described.body + 4, 4), "big") != 1:
        raise _RefusedError("mp4.descriptions", count=len(entries))
    entry = entries[0]
    version = int.from_bytes(read(stream, entry.start + 16, 2), "big")
    start = entry.start + _ENTRY_BYTES.get(version, 36)
    boxes = {b.name: b for b in _entry_boxes(stream, start, entry.end)}
    name = entry.name.decode("latin-1")
    for box_name, make in _CODECS.items():
        if box_name in boxes and entry.name in _ENTRIES[box_name]:
            box = boxes[box_name]
            codec = make(read(stream, box.body, min(box.end - box.body, 4096)))
            if codec is not None:
                return codec
    raise _RefusedError("mp4.codec", codec=name if name.isprintable() else "?")


def _entry_boxes(stream: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """The boxes of a sample entry, and those inside QuickTime's wave box."""
    for box in children_at(stream, start, end, 64):
        if box.name == b"wave":
            yield from children_at(stream, box.body, box.end, 64)
        else:
            yield box


def _aac(esds: bytes) -> Codec | None:
    """AudioSpecificConfig out of the descriptors (ISO 14496-1 7.2.6)."""
    config = _decoder_config(esds[_FULL:])
    if config is None or len(config) < 2:
        return None
    bits = int.from_bytes(config[:8].ljust(8, b"\0"), "big")
    index = bits >> 55 & 0xF
    rate = bits >> 31 & 0xFFFFFF if index == 15 else _RATES[index] if index < 13 else 0
    channels = bits >> (27 if index == 15 else 51) & 0xF
    if not rate:
        return None
    count = 8 if channels == 7 else channels
    return Codec("aac", config[:2], rate, count, None, lossless=False, packets=True)


def _decoder_config(data: bytes) -> bytes | None:
    tag, body, _ = _descriptor(data)
    if tag != 3 or len(body) < 3:
        return None
    flags, at = body[2], 3
    at += 2 if flags & 0x80 else 0
    at += 1 + body[at] if flags & 0x40 and at < len(body) else 0
    at += 2 if flags & 0x20 else 0
    tag, config, _ = _descriptor(body[at:])
    if tag != 4 or len(config) < 13 or config[0] not in _AAC_TYPES:
        return None
    tag, specific, _ = _descriptor(config[13:])
    return specific if tag == 5 else None


def _descriptor(data: bytes) -> tuple[int, bytes, bytes]:
    """Tag, body and rest of an MPEG-4 descriptor; tag -1 for a broken one."""
    size, at = 0, 1
    for _ in range(4):
        if at >= len(data):
            return -1, b"", b""
        byte = data[at]
        at += 1
        size = size << 7 | byte & 0x7F
        if not byte & 0x80:
            break
    if at + size > len(data):
        return -1, b"", b""
    return data[0], data[at : at + size], data[at + size :]


def _alac(box: bytes) -> Codec | None:
    cookie = box[_FULL : _FULL + 24]
    if len(cookie) < 24:
        return None
    params = cookie[:12] + cookie[20:24]
    rate = int.from_bytes(cookie[20:24], "big")
    return (
        Codec("alac", params, rate, cookie[9], cookie[5], lossless=True, packets=True)
        if rate
        else None
    )


def _flac(box: bytes) -> Codec | None:
    info = box[_FULL + 4 : _FULL + 38]
    if len(info) < 34 or box[_FULL] & 0x7F:
        return None
    packed = int.from_bytes(info[10:18], "big")
    rate, channels, bits = packed >> 44, (packed >> 41 & 7) + 1, (packed >> 36 & 31) + 1
    params = rate.to_bytes(4, "big") + bytes((channels, bits))
    return (
        Codec("flac", params, rate, channels, bits, lossless=True, packets=False) if rate else None
    )


def _opus(box: bytes) -> Codec | None:
    if len(box) < 11 or box[0] != 0:
        return None
    channels, family = box[1], box[10]
    table = box[11 : 13 + channels] if family else b""
    if family and len(table) < 2 + channels:
        return None
    gain = int.from_bytes(box[8:10], "big", signed=True)
    pre_skip = int.from_bytes(box[2:4], "big")
    params = bytes((channels, family)) + table
    return Codec(
        "opus", params, 48000, channels, None, lossless=False, packets=True, gain=gain,
        pre_skip=pre_skip,
    )  # fmt: skip


_CODECS: Mapping[bytes, Callable[[bytes], Codec | None]] = {
    b"esds": _aac,
    b"alac": _alac,
    b"dfLa": _flac,
    b"dOps": _opus,
}
_ENTRIES: Mapping[bytes, frozenset[bytes]] = {
    b"esds": frozenset({b"mp4a"}),
    b"alac": frozenset({b"alac"}),
    b"dfLa": frozenset({b"fLaC"}),
    b"dOps": frozenset({b"Opus"}),
}


def _table(stream: BinaryIO, box: Box | None, head: int, width: int) -> tuple[bytes, bytes]:
    """A counted table's head and entries; the count must fit the box."""
    if box is None:
        raise _RefusedError("mp4.sample-table")
    start = read(stream, box.body, head)
    count = int.from_bytes(start[-4:], "big") if len(start) == head else -1
    length = count * width
    if count < 0 or box.body + head + length > box.end or length > _TABLE_BYTES:
        raise _RefusedError("mp4.sample-table")
    return start, read(stream, box.body + head, length)


def _words(data: bytes) -> array[int]:
    words = array("I", data)
    if sys.byteorder == "little":
        words.byteswap()
    return words


def _sizes(stream: BinaryIO, table: Box, limits: Limits) -> array[int]:
    """Sample sizes; stz2 is not written by audio encoders and refused (MPF-024)."""
    box = table.first(b"stsz")
    if box is None:
        raise _RefusedError("mp4.sample-table")
    head = read(stream, box.body, 12)
    constant, count = int.from_bytes(head[4:8], "big"), int.from_bytes(head[8:12], "big")
    if count > limits.mp4_samples:
        raise _RefusedError("mp4.too-many-samples", count=count)
    if constant:
        if constant * count > stream.seek(0, 2):
            raise _RefusedError("mp4.sample-table")
        return array("I", [constant]) * count
    return _words(_table(stream, box, 12, 4)[1])


def _packed(sizes: array[int]) -> bytes:
    packed = array("I", sizes)
    if sys.byteorder == "little":
        packed.byteswap()
    return packed.tobytes()


def _ranges(
    stream: BinaryIO, table: Box, sizes: array[int], mdats: list[Box], limits: Limits
) -> Iterator[tuple[int, int]]:
    """The samples' byte ranges in decode order, adjacent chunks merged (MPF-025)."""
    bodies = [m.body for m in mdats]
    count = 0
    for start, end in _merged(stream, table, sizes):
        mdat = bisect_right(bodies, start) - 1
        if mdat < 0 or end > mdats[mdat].end:
            raise _RefusedError("mp4.sample-outside")
        count += 1
        if count > limits.mp4_pieces:
            raise _RefusedError("mp4.too-many-samples", pieces=count)
        yield start, end - start
    if not count:
        raise _RefusedError("mp4.no-audio")


def _merged(stream: BinaryIO, table: Box, sizes: array[int]) -> Iterator[tuple[int, int]]:
    """Start and end of each run of chunks that follow each other; empty chunks are passed over."""
    start = end = -1
    for offset, length in _chunks(stream, table, sizes, chunk_offsets(stream, table)):
        if offset == end:
            end += length
        elif length:
            if start >= 0:
                yield start, end
            start, end = offset, offset + length
    if start >= 0:
        yield start, end


def chunk_offsets(stream: BinaryIO, table: Box) -> array[int]:
    """The chunk offsets of stco or co64."""
    box = table.first(b"stco")
    if box is not None:
        return _words(_table(stream, box, 8, 4)[1])
    offsets = array("Q", _table(stream, table.first(b"co64"), 8, 8)[1])
    if sys.byteorder == "little":
        offsets.byteswap()
    return offsets


def _chunks(
    stream: BinaryIO, table: Box, sizes: array[int], offsets: array[int]
) -> Iterator[tuple[int, int]]:
    runs = _words(_table(stream, table.first(b"stsc"), 8, 12)[1])
    firsts, counts = runs[0::3], runs[1::3]
    bounds = [*firsts[1:], len(offsets) + 1]
    sample = 0
    budget = stream.seek(0, 2)
    if not len(firsts) or firsts[0] != 1:
        raise _RefusedError("mp4.sample-table")
    for first, following, count in zip(firsts, bounds, counts, strict=True):
        if not first < following <= len(offsets) + 1 or not count:
            raise _RefusedError("mp4.sample-table")
        if sample + count * (following - first) > len(sizes):
            raise _RefusedError("mp4.sample-table")
        alone = count == 1
        for chunk in range(first - 1, following - 1):
            length = sizes[sample] if alone else sum(sizes[sample : sample + count])
            sample += count
            budget -= length
            if budget < 0:
                raise _RefusedError("mp4.sample-table")
            yield offsets[chunk], length
    if sample != len(sizes):
        raise _RefusedError("mp4.sample-table")


def _total(stream: BinaryIO, table: Box) -> int:
    """The track's length in media time units."""
    entries = _words(_table(stream, table.first(b"stts"), 8, 8)[1])
    return sum(count * delta for count, delta in zip(entries[0::2], entries[1::2], strict=True))


def _timescale(stream: BinaryIO, track: Box) -> int:
    return _header_scale(stream, track.first(b"mdia", b"mdhd"))


def _header_scale(stream: BinaryIO, box: Box | None) -> int:
    """The time scale of mdhd or mvhd; 0 when it cannot be read."""
    if box is None:
        return 0
    data = read(stream, box.body, 28)
    at = 20 if data[:1] == b"\1" else 12
    return int.from_bytes(data[at : at + 4], "big") if len(data) >= at + 4 else 0


def _presentation(
    stream: BinaryIO, moov: Box, track: Box, codec: Codec, total: int, scale: int
) -> Presentation:
    """What the edit list plays, in samples of the audio's rate (MPF-032)."""
    played = total * codec.rate // scale if scale else None
    edits = _edits(stream, track.first(b"edts", b"elst"))
    if edits is None:
        trim = codec.pre_skip or 0
        duration = max(0, played - trim) if played is not None else None
        return Presentation(trim, None, codec.gain, duration)
    usual = [e for e in edits if e[1] != -1]
    leading = edits[: len(edits) - len(usual)]
    unusual = len(usual) != 1 or len(leading) > 1 or any(e[1] != -1 for e in leading)
    if not usual or played is None:
        return Presentation(None, None, codec.gain, played, unusual=True)
    length, start, rate = usual[0]
    movie = _header_scale(stream, moov.first(b"mvhd"))
    begin = start * codec.rate // scale
    left = max(0, played - begin)
    duration = min(left, length * codec.rate // movie) if movie and length else left
    cut = left - duration
    return Presentation(begin, cut, codec.gain, duration, unusual=unusual or rate != _UNIT_RATE)


def _edits(stream: BinaryIO, box: Box | None) -> list[tuple[int, int, int]] | None:
    """(segment duration, media time, rate) of each edit; None without an edit list."""
    if box is None:
        return None
    head = read(stream, box.body, 8)
    wide = head[:1] == b"\1"
    width, size = (20, 8) if wide else (12, 4)
    count = int.from_bytes(head[4:8], "big")
    data = read(stream, box.body + 8, min(count, 1000) * width)
    edits = []
    for at in range(0, len(data) - width + 1, width):
        length = int.from_bytes(data[at : at + size], "big")
        start = int.from_bytes(data[at + size : at + 2 * size], "big", signed=True)
        edits.append((length, start, int.from_bytes(data[at + 2 * size : at + width], "big")))
    return edits or None
