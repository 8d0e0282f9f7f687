"""The audio of an MP4: sample ranges and presentation (MPF-020 to MPF-037)."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from operator import mul
from typing import BinaryIO

from provenance.containers._mp4_boxes import Box, children_at, read, read_all
from provenance.containers._mp4_codec import Codec, RefusalError, codec_of
from provenance.containers._mp4_tables import chunks, counted, packed, sample_sizes, words
from provenance.containers.base import AudioFacts, Essence, Presentation, Refusal
from provenance.model.limits import Limits

_UNIT_RATE = 0x00010000
_UNIT_VOLUME = b"\1\0"
_BALANCE_AT, _MIDDLE = 4, b"\0\0"
_THIS_FILE = 1
_ENABLED = 1
_MOST_REFERENCES = 16
_LENGTH_AT = {b"mvhd": (16, 24), b"tkhd": (20, 28), b"mdhd": (16, 24)}
"""Where a header has its length, in versions 0 and 1."""
_MOST_SAMPLES = 1 << 48
"""Samples of the longest track: 46 years at 192 kHz, and still a number in any JSON."""


def read_audio(
    stream: BinaryIO, moov: Box, mdats: list[Box], limits: Limits
) -> tuple[AudioFacts, Essence] | Refusal:
    """The one audio track's facts and essence, or the rule that refuses it."""
    try:
        return _read_audio(stream, moov, mdats, limits)
    except RefusalError as error:
        return error.refusal


def _read_audio(
    stream: BinaryIO, moov: Box, mdats: list[Box], limits: Limits
) -> tuple[AudioFacts, Essence]:
    track = _track(stream, moov)
    table = track.first(b"mdia", b"minf", b"stbl")
    if table is None:
        raise RefusalError("mp4.sample-table")
    _refuse_other_files(stream, track.first(b"mdia", b"minf", b"dinf", b"dref"))
    codec = codec_of(stream, table)
    sizes = sample_sizes(stream, table, limits)
    ranges = tuple(_ranges(stream, table, sizes, mdats, limits))
    scale = _header_scale(stream, track.first(b"mdia", b"mdhd"))
    if not scale:
        raise RefusalError("mp4.sample-table")
    total, is_even = _times(stream, table, len(sizes), scale)
    samples = total * codec.rate // scale
    if samples > _MOST_SAMPLES:
        raise RefusalError("mp4.sample-table")
    presentation = _presentation(stream, moov, track, codec, total, scale)
    played = presentation.duration or 0, codec.rate
    if not (is_even and _is_told_whole(stream, moov, track, (total, scale), played)):
        presentation = replace(presentation, unusual=True)
    facts = AudioFacts(
        codec.profile, codec.rate, codec.channels, codec.bits, samples, codec.lossless
    )
    hashed = packed(sizes) if codec.packets else None
    return facts, Essence(codec.profile, codec.params, ranges, hashed, presentation)


def _track(stream: BinaryIO, moov: Box) -> Box:
    """The one track, which must be sound (MPF-021)."""
    tracks = list(moov.all(b"trak"))
    kinds = [_handler(stream, t) for t in tracks]
    if kinds.count(b"soun") != 1 or len(kinds) != 1:
        raise RefusalError("mp4.track-count", sound=kinds.count(b"soun"), all=len(kinds))
    return tracks[0]


def _handler(stream: BinaryIO, track: Box) -> bytes:
    handler = track.first(b"mdia", b"hdlr")
    return read(stream, handler.body + 8, 4) if handler else b""


def _refuse_other_files(stream: BinaryIO, references: Box | None) -> None:
    """The audio is in this file (MPF-029); without references it is, for all players."""
    if references is None:
        return
    count = int.from_bytes(read(stream, references.body + 4, 4), "big")
    entries = children_at(stream, references.body + 8, references.end, _MOST_REFERENCES)
    elsewhere = any(not _flags(stream, entry) & _THIS_FILE for entry in entries)
    if elsewhere or len(entries) != count:
        raise RefusalError("mp4.other-file")


def _flags(stream: BinaryIO, box: Box) -> int:
    return int.from_bytes(read(stream, box.body, min(4, box.end - box.body))[1:], "big")


def _ranges(
    stream: BinaryIO, table: Box, sizes: array[int], mdats: list[Box], limits: Limits
) -> Iterator[tuple[int, int]]:
    """The samples' byte ranges in decode order, adjacent chunks merged (MPF-025)."""
    bodies = [m.body for m in mdats]
    count = 0
    for start, end in _merged(stream, table, sizes):
        mdat = bisect_right(bodies, start) - 1
        if mdat < 0 or end > mdats[mdat].end:
            raise RefusalError("mp4.sample-outside")
        count += 1
        if count > limits.mp4_pieces:
            raise RefusalError("mp4.too-many-samples", pieces=count)
        yield start, end - start
    if not count:
        raise RefusalError("mp4.no-audio")


def _merged(stream: BinaryIO, table: Box, sizes: array[int]) -> Iterator[tuple[int, int]]:
    """Start and end of each run of chunks that follow each other; empty chunks are passed over."""
    start = end = -1
    for offset, length in chunks(stream, table, sizes):
        if offset == end:
            end += length
        elif length:
            if start >= 0:
                yield start, end
            start, end = offset, offset + length
    if start >= 0:
        yield start, end


def _times(stream: BinaryIO, table: Box, packets: int, scale: int) -> tuple[int, bool]:
    """The track's length in media time units, and whether its packets pass it evenly (MPF-036).

    Of packets of one length in a row, none is further from an even course than the last or the
    one before the first. A table may have millions of rows, of which nothing is kept.
    """
    entries = words(counted(stream, table.first(b"stts"), 8, 8)[1])
    counts, lengths = entries[0::2], entries[1::2]
    total = sum(map(mul, counts, lengths))
    numbers, ends = accumulate(counts), accumulate(map(mul, counts, lengths))
    apart = (n * total - end * packets for n, end in zip(numbers, ends, strict=True))
    is_even = all(abs(distance) <= scale * packets for distance in apart)
    return total, is_even and sum(counts) == packets


def _is_told_whole(
    stream: BinaryIO, moov: Box, track: Box, media: tuple[int, int], played: tuple[int, int]
) -> bool:
    """Whether no header states a length at which a player would end too early (MPF-037).

    ``media`` is the track's length, and ``played`` what its edits play of it: each a number, and
    how many make a second.
    """
    film, about = moov.first(b"mvhd"), track.first(b"mdia", b"mdhd")
    headers = ((film, film, played), (track.first(b"tkhd"), film, played), (about, about, media))
    for header, clock, (whole, rate) in headers:
        scale, length = _header_scale(stream, clock), _header_length(stream, header)
        if scale and length is not None and (length + scale) * rate < whole * scale:
            return False
    return True


def _header_length(stream: BinaryIO, box: Box | None) -> int | None:
    """The length that a header states; None where it is unknown (all ones), or is not there."""
    if box is None:
        return None
    is_wide = read(stream, box.body, 1) == b"\1"
    size = 8 if is_wide else 4
    data = read(stream, box.body + _LENGTH_AT[box.name][is_wide], size)
    return None if data == b"\xff" * size or len(data) < size else int.from_bytes(data, "big")


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
    played = total * codec.rate // scale
    changed = codec.unusual or not _is_played_as_it_is(stream, moov, track)
    edits = _edits(stream, track.first(b"edts", b"elst"))
    if edits is None:
        trim = codec.pre_skip or 0
        return Presentation(trim, None, codec.gain, max(0, played - trim), changed)
    usual = [e for e in edits if e[1] != -1]
    leading = edits[: len(edits) - len(usual)]
    unusual = changed or len(usual) != 1 or len(leading) > 1 or any(e[1] != -1 for e in leading)
    if not usual:
        return Presentation(None, None, codec.gain, played, unusual=True)
    length, start, rate = usual[0]
    if not 0 <= start <= total:
        raise RefusalError("mp4.edit-list")
    movie = _header_scale(stream, moov.first(b"mvhd"))
    if length and not movie:
        raise RefusalError("mp4.edit-list")
    begin = start * codec.rate // scale
    left = max(0, played - begin)
    duration = min(left, length * codec.rate // movie) if length else left
    cut = left - duration
    return Presentation(begin, cut, codec.gain, duration, unusual=unusual or rate != _UNIT_RATE)


def _is_played_as_it_is(stream: BinaryIO, moov: Box, track: Box) -> bool:
    """Whether the track is on, loud and in the middle, and the film at its own speed (MPF-034)."""
    film, header = moov.first(b"mvhd"), track.first(b"tkhd")
    if film is None or header is None:
        return False
    wide = read(stream, film.body, 1) == b"\1"
    rate, volume = film.body + (32 if wide else 20), film.body + (36 if wide else 24)
    loud = header.body + (48 if read(stream, header.body, 1) == b"\1" else 36)
    sound = track.first(b"mdia", b"minf", b"smhd")
    return (
        bool(_flags(stream, header) & _ENABLED)
        and int.from_bytes(read(stream, rate, 4), "big") == _UNIT_RATE
        and {read(stream, at, 2) for at in (volume, loud)} == {_UNIT_VOLUME}
        and (sound is None or read(stream, sound.body + _BALANCE_AT, 2) == _MIDDLE)
    )


def _edits(stream: BinaryIO, box: Box | None) -> list[tuple[int, int, int]] | None:
    """(segment duration, media time, rate) of each edit; None without an edit list."""
    if box is None:
        return None
    head = read(stream, box.body, 8)
    wide = head[:1] == b"\1"
    width, size = (20, 8) if wide else (12, 4)
    count = int.from_bytes(head[4:8], "big")
    if box.body + 8 + count * width > box.end:
        raise RefusalError("mp4.edit-list")
    data = read_all(stream, box.body + 8, min(count, 1000) * width)
    edits = []
    for at in range(0, len(data) - width + 1, width):
        length = int.from_bytes(data[at : at + size], "big")
        start = int.from_bytes(data[at + size : at + 2 * size], "big", signed=True)
        edits.append((length, start, int.from_bytes(data[at + 2 * size : at + width], "big")))
    return edits or None
