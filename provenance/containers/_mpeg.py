"""MPEG audio frame headers, and the information frame that encoders put first.

spec/containers/mp3.md 2; ISO/IEC 11172-3 2.4.1.3 and 2.4.2.3, ISO/IEC 13818-3 for the lower
rates; the layout of Xing, LAME and VBRI frames as their encoders write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import product
from typing import NamedTuple

MPEG1, MPEG2, MPEG2_5 = 3, 2, 0
LAYER_III, LAYER_II, LAYER_I = 1, 2, 3
MAX_FRAME = 1441 + 4
"""The longest Layer III frame, and the header of the next."""
TOGETHER = 16
"""So many frames are followed at once."""
_RATES = {MPEG1: (44100, 48000, 32000), MPEG2: (22050, 24000, 16000), MPEG2_5: (11025, 12000, 8000)}
_LOW_23 = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_KILOBITS = {
    (True, LAYER_I): tuple(range(32, 449, 32)),
    (True, LAYER_II): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, LAYER_III): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, LAYER_I): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, LAYER_II): _LOW_23,
    (False, LAYER_III): _LOW_23,
}
_MONO = 3
_RESERVED_EMPHASIS = 2
_TRIM_WRITERS = (b"LAME", b"Lavf", b"Lavc")
_VBRI_AT = 36
SYNC = re.compile(rb"\xff(?=[\xe2-\xe7\xf2-\xf7\xfa-\xff])")
"""The sync word with a version and a layer: candidates for ``parse``."""


class Header(NamedTuple):
    """What a frame header says; ``length`` and ``samples`` are of the whole frame.

    ``length`` is 0 for free format, whose frames do not say how long they are.
    """

    version: int
    layer: int
    rate: int
    channels: int
    length: int
    samples: int
    has_crc: bool

    def fits(self, other: Header | None) -> bool:
        """Whether the other header belongs to the same stream: version, layer and rate."""
        mine = (self.version, self.layer, self.rate)
        return other is not None and mine == (other.version, other.layer, other.rate)


def parse(data: bytes) -> Header | None:
    """Read a 4-byte frame header of any layer; None when a field has a forbidden value."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        return None
    version, layer = data[1] >> 3 & 3, data[1] >> 1 & 3
    bitrate, rate_index, padding = data[2] >> 4, data[2] >> 2 & 3, data[2] >> 1 & 1
    if version not in _RATES or layer == 0 or bitrate == 15 or rate_index == 3:
        return None
    if data[3] & 3 == _RESERVED_EMPHASIS:
        return None
    rate = _RATES[version][rate_index]
    samples = _samples(version, layer)
    kilobits = _KILOBITS[version == MPEG1, layer][bitrate - 1] if bitrate else 0
    length = _length(layer, samples, kilobits * 1000, rate, padding) if bitrate else 0
    channels = 1 if data[3] >> 6 == _MONO else 2
    return Header(version, layer, rate, channels, length, samples, not data[1] & 1)


def _samples(version: int, layer: int) -> int:
    if layer == LAYER_I:
        return 384
    return 576 if layer == LAYER_III and version != MPEG1 else 1152


def _length(layer: int, samples: int, bits: int, rate: int, padding: int) -> int:
    if layer == LAYER_I:
        return (12 * bits // rate + padding) * 4
    return samples // 8 * bits // rate + padding


@cache
def lengths(version: int, rate: int) -> dict[bytes, int]:
    """Frame lengths of one Layer III stream by the first three bytes of the header."""
    first = 0xE0 | version << 3 | LAYER_III << 1
    second = _RATES[version].index(rate) << 2
    table = {}
    for protection, bitrate, low in product(range(2), range(1, 15), range(4)):
        head = bytes([0xFF, first | protection, bitrate << 4 | second | low])
        header = parse(head + b"\x00")
        if header is not None:
            table[head] = header.length
    return table


@cache
def rows(version: int, rate: int) -> list[list[int | None]]:
    """The same lengths by the second and the third byte; None where they are no header."""
    known: dict[int, list[int | None]] = {}
    for head, length in lengths(version, rate).items():
        known.setdefault(head[1], [None] * 256)[head[2]] = length
    none: list[int | None] = [None] * 256
    return [known.get(second, none) for second in range(256)]


@cache
def pattern(version: int, rate: int) -> re.Pattern[bytes]:
    """The three-byte headers of one Layer III stream, to search for."""
    table = lengths(version, rate)
    return re.compile(b"\xff" + _one_of(key[1] for key in table) + _one_of(k[2] for k in table))


@cache
def several(version: int, rate: int, bitrate: int) -> re.Pattern[bytes]:
    """``TOGETHER`` frames that stand one behind the other; those of one bit rate are tried first.

    ``bitrate`` is the header's four bits. What matches is the same for each of them.
    """
    table = lengths(version, rate)
    thirds: dict[tuple[bool, int], set[int]] = {}
    for key, length in table.items():
        thirds.setdefault((key[2] >> 4 == bitrate, length), set()).add(key[2])
    ordered = sorted(thirds.items(), reverse=True)
    frames = (_one_of(b) + b".{%d}" % (n - 3) for (_, n), b in ordered)
    frame = b"\xff" + _one_of(key[1] for key in table) + b"(?:" + b"|".join(frames) + b")"
    return re.compile(b"(?:%b){%d}+" % (frame, TOGETHER), re.DOTALL)


@cache
def pair(version: int, rate: int) -> re.Pattern[bytes]:
    """The same headers, each only where another one stands behind its frame."""
    table, header = lengths(version, rate), pattern(version, rate).pattern
    thirds: dict[int, set[int]] = {}
    for key, length in table.items():
        thirds.setdefault(length, set()).add(key[2])
    frames = (_one_of(b) + b"(?=.{%d}%b)" % (n - 3, header) for n, b in thirds.items())
    firsts = _one_of(key[1] for key in table)
    return re.compile(b"\xff" + firsts + b"(?:" + b"|".join(frames) + b")", re.DOTALL)


def _one_of(numbers: Iterable[int]) -> bytes:
    """A character class of these bytes."""
    return b"[" + b"".join(re.escape(bytes([number])) for number in sorted(set(numbers))) + b"]"


class Information(NamedTuple):
    """What the information frame says of trims, in samples; None where it says nothing."""

    start_trim: int | None = None
    end_trim: int | None = None


def information(frame: bytes, header: Header) -> Information | None:
    """Read a first frame that holds ``Xing``, ``Info`` or ``VBRI``; None when it is audio."""
    if frame[_VBRI_AT : _VBRI_AT + 4] == b"VBRI":
        return Information()
    mono = header.channels == 1
    side = (17 if mono else 32) if header.version == MPEG1 else (9 if mono else 17)
    for at in (4 + side, 4 + side + 2)[: 1 + header.has_crc]:
        if frame[at : at + 4] in {b"Xing", b"Info"}:
            return _trims(frame, at)
    return None


def _trims(frame: bytes, at: int) -> Information:
    """The encoder's delay and padding, 21 bytes into LAME's extension (12 bits each)."""
    flags = int.from_bytes(frame[at + 4 : at + 8], "big")
    fields = ((1, 4), (2, 4), (4, 100), (8, 4))
    at += 8 + sum(length for flag, length in fields if flags & flag)
    trims = frame[at + 21 : at + 24]
    if not frame.startswith(_TRIM_WRITERS, at) or len(trims) < 3:
        return Information()
    both = int.from_bytes(trims, "big")
    return Information(both >> 12, both & 0xFFF)
