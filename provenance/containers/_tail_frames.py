"""Frames of audio inside the tags behind it (spec/containers/mp3.md 2.2, flac.md 2.2).

A tag is no audio to us, but some players decode whatever frames they find up to the end of the
file. What looks like frames is found by patterns, block by block: nothing is gone over byte by
byte in Python, and the odds that a picture looks like this stand in the spec.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, reduce
from itertools import product
from typing import BinaryIO

from provenance.containers import _mpeg

_BLOCK = 1 << 20
_OVERLAP = 1 << 13
"""Holds three frames of any kind but their last one's content, and any header of FLAC."""
_ENOUGH = 2
"""What fits the audio of the file weighs as much; anything else half of it."""

Found = Iterator[tuple[int, int]]
"""Places in a block with their weights."""


def mpeg_frames(stream: BinaryIO, start: int, end: int, first: _mpeg.Header) -> int | None:
    """Where frames of MPEG audio stand in ``[start, end)``, or None (MP3-020).

    ``first`` is a header of the file's own audio.
    """

    def found(block: bytes) -> Found:
        for at in _pairs(block):
            yield at, _ENOUGH if first.fits(_mpeg.parse(block[at : at + 4])) else 1

    return _search(stream, start, end, found)


def flac_frames(
    stream: BinaryIO, start: int, end: int, rate: int, channels: int, bits: int
) -> int | None:
    """Where frames of FLAC stand in ``[start, end)``, or None (FLC-006); of what the file is."""

    def found(block: bytes) -> Found:
        for match in _flac_headers(bits).finditer(block):
            if not reduce(_crc_step, match[0], 0):
                fits = _flac_rate(match[0]) in {0, rate} and _flac_channels(match[0]) == channels
                yield match.start(), _ENOUGH if fits else 1

    return _search(stream, start, end, found)


def _search(stream: BinaryIO, start: int, end: int, found: Callable[[bytes], Found]) -> int | None:
    """The first place of those that weigh enough together."""
    first, weight, seen = -1, 0, -1
    for at in range(start, end, _BLOCK - _OVERLAP):
        stream.seek(at)
        for place, its in found(stream.read(min(_BLOCK, end - at))):
            if at + place <= seen:
                continue  # found in the block before
            seen = at + place
            first = seen if first < 0 else first
            weight += its
            if weight >= _ENOUGH:
                return first
    return None


_LIKELY = re.compile(
    b"\xff(?=[\xe2-\xe7\xf2-\xf7\xfa-\xff][%b][%b])"
    % (
        re.escape(bytes(n for n in range(0x10, 0xF0) if n & 0x0C != 0x0C)),
        re.escape(bytes(n for n in range(256) if n & 3 != 2)),
    )
)
"""Headers with a version, a layer, a bit rate, a sampling rate and an emphasis."""

_LAYER = 0x06
"""The bits of the layer in the second byte of a header; Layer I has both."""


def _pairs(block: bytes) -> Iterator[int]:
    """Headers behind whose frames stands another one of their kind; of Layer I, two others.

    Two byte order marks of UTF-16 can stand like two headers of Layer I.
    """
    known: dict[bytes, int] = {}
    for match in _LIKELY.finditer(block):
        at = match.start()
        behind = _behind(block, at, known)
        if behind and (block[at + 1] & _LAYER != _LAYER or _behind(block, behind, known)):
            yield at


def _behind(block: bytes, at: int, known: dict[bytes, int]) -> int:
    """Where a header of the same kind follows the frame at a place; 0 where none does."""
    fields = block[at : at + 3]
    length = known.get(fields)
    if length is None:
        header = _mpeg.parse(fields + b"\x00")
        length = known[fields] = header.length if header else 0
    end = at + length
    if not _LIKELY.match(block, end):
        return 0
    differs = (block[end + 1] ^ fields[1]) & 0xFE or (block[end + 2] ^ fields[2]) & 0x0C
    return 0 if differs else end


_BITS = {8: 1, 12: 2, 16: 4, 20: 5, 24: 6, 32: 7}
_RATES = (0, 88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000)
_NUMBER = b"(?:[\\x00-\\x7f]|%b)" % b"|".join(
    b"[%b][\\x80-\\xbf]{%d}" % (lead, more)
    for lead, more in (
        (b"\\xc0-\\xdf", 1),
        (b"\\xe0-\\xef", 2),
        (b"\\xf0-\\xf7", 3),
        (b"\\xf8-\\xfb", 4),
        (b"\\xfc-\\xfd", 5),
        (b"\\xfe", 6),
    )
)


def _one_of(numbers: set[int]) -> bytes:
    return b"[%b]" % re.escape(bytes(sorted(numbers)))


_SIZE_BYTES = {6: 1, 7: 2}
_RATE_BYTES = {12: 1, 13: 2, 14: 2}


@cache
def _flac_headers(bits: int) -> re.Pattern[bytes]:
    """Frame headers with their checksums, of this sample size or of one that is not stated."""
    codes = {0, _BITS.get(bits, 0)}
    fourth = _one_of({channels << 4 | code << 1 for channels in range(11) for code in codes})
    by_length: dict[int, set[int]] = {}
    for size, rate in product(range(1, 16), range(15)):
        more = _SIZE_BYTES.get(size, 0) + _RATE_BYTES.get(rate, 0)
        by_length.setdefault(more, set()).add(size << 4 | rate)
    shapes = (
        b"%b%b%b.{%d}" % (_one_of(thirds), fourth, _NUMBER, more + 1)
        for more, thirds in by_length.items()
    )
    return re.compile(b"\xff[\xf8\xf9](?:%b)" % b"|".join(shapes), re.DOTALL)


def _flac_channels(header: bytes) -> int:
    code = header[3] >> 4
    return code + 1 if code < 8 else 2


def _flac_rate(header: bytes) -> int:
    """The rate that a header states, in Hz; 0 where it is that of STREAMINFO."""
    code = header[2] & 15
    if code < len(_RATES):
        return _RATES[code]
    stated = int.from_bytes(header[-1 - _RATE_BYTES[code] : -1], "big")
    return stated * {12: 1000, 13: 1, 14: 10}[code]


def _crc_of(byte: int) -> int:
    for _ in range(8):
        byte = byte << 1 ^ (0x107 if byte & 0x80 else 0)
    return byte


_CRC = tuple(map(_crc_of, range(256)))


def _crc_step(crc: int, byte: int) -> int:
    """CRC-8 of FLAC's headers, polynomial 07; over a header with its checksum it gives 0."""
    return _CRC[crc ^ byte]
