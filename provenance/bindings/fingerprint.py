"""Tier 3: reading Chromaprint's compressed form, and who may be compared (spec 5.5).

The library that makes fingerprints is never loaded here: it runs in the decoder's process. The
compressed form is a byte for the algorithm, three for the number of values, then for each value
the distances between the bits in which it differs from the one before: three bits a distance,
zero at the end of a value; a distance of seven or more is continued in five more bits, which
all stand together at the end.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from provenance.bindings.base import CHROMAPRINT_1, FingerprintBinding, Reason
from provenance.bindings.score import too_short, too_uniform

ALGORITHM = 1
MAX_VALUES = 6000
"""Ten minutes are about 4,840 values."""
MAX_CHARACTERS = 1 << 16

_HEADER = 4
_FULL = "7"
_ALPHABET = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)
_BITS = 32


def values_of(binding: FingerprintBinding) -> list[int] | None:
    """The u32 values of a fingerprint; None when it is damaged or of another algorithm."""
    if binding.algorithm != CHROMAPRINT_1:
        return None
    return decompress(binding.value)


def ineligible(values: list[int]) -> Reason | None:
    """Why a fingerprint must not be compared, if it must not (BND-033)."""
    if too_short(values):
        return Reason.TOO_SHORT
    return Reason.TOO_UNIFORM if too_uniform(values) else None


def decompress(text: str) -> list[int] | None:
    """Read the compressed base64url form; None for anything that is not one."""
    data = _base64(text)
    if data is None or len(data) < _HEADER or data[0] != ALGORITHM:
        return None
    count = int.from_bytes(data[1:_HEADER], "big")
    body = data[_HEADER:]
    if count > MAX_VALUES:
        return None
    digits = _digits(body)
    groups = digits.split("0", count)
    if len(groups) <= count:
        return None
    used = sum(map(len, groups[:count])) + count
    rest = body[(used * 3 + 7) // 8 :]
    long_ones = sum(group.count(_FULL) for group in groups[:count])
    if len(rest) * 8 < long_ones * 5:
        return None
    return _values(groups[:count], iter(_fives(rest, long_ones)))


def _base64(text: str) -> bytes | None:
    if len(text) > MAX_CHARACTERS or not _ALPHABET.fullmatch(text) or len(text) % 4 == 1:
        return None
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _digits(data: bytes) -> str:
    """Every three bits as one digit, lowest bits first."""
    count = len(data) * 8 // 3
    return format(int.from_bytes(data, "little"), "o")[::-1].ljust(count, "0")[:count]


def _fives(data: bytes, count: int) -> list[int]:
    packed = int.from_bytes(data[: (count * 5 + 7) // 8], "little")
    return [(packed >> (5 * i)) & 31 for i in range(count)]


def _values(groups: list[str], excess: Iterator[int]) -> list[int] | None:
    values: list[int] = []
    last = 0
    for group in groups:
        place = -1
        for digit in group:
            place += int(digit) + (next(excess) if digit == _FULL else 0)
            if place >= _BITS:
                return None
            last ^= 1 << place
        values.append(last)
    return values
