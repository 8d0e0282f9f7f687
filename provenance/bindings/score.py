"""How alike two fingerprints are: chance-corrected score, and coverage by windows (spec 5.5).

A fingerprint is a row of 32-bit values, about eight a second. Here it is one big integer, value
``i`` at bits ``32 i``, so that shifting, comparing and counting run at the speed of C. All
arithmetic is exact: two implementations agree to the permille.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Sequence

from provenance.model.records import dataclass

MAX_OFFSET = 81
"""Values: ten seconds."""
MIN_OVERLAP = 162
"""Values: twenty seconds."""
WINDOW = 243
"""Values: thirty seconds; also the least length of an eligible fingerprint."""
ALIKE = 350
"""Permille: a window, or a track, that is not another one by chance."""
_CERTAIN = 999
"""Permille of chance agreement above which agreement shows nothing."""
_BITS = 32


@dataclass(frozen=True)
class Likeness:
    """Score and coverage in permille, at the offset (in values) where the two fit best."""

    score: int
    coverage: int
    offset: int = 0


@dataclass(frozen=True)
class _Print:
    """A fingerprint as one integer, with its number of values."""

    bits: int
    count: int

    def cut(self, start: int, count: int) -> int:
        return (self.bits >> (_BITS * start)) & ((1 << (_BITS * count)) - 1)


UNLIKE = Likeness(0, 0)


def too_uniform(values: Sequence[int]) -> bool:
    """One value in more than 20 % of places, or less than 30 % of values distinct (BND-033)."""
    counts = Counter(values)
    commonest = counts.most_common(1)[0][1] if counts else 0
    return commonest * 5 > len(values) or len(counts) * 10 < len(values) * 3


def too_short(values: Sequence[int]) -> bool:
    """Shorter than one window of thirty seconds (BND-033)."""
    return len(values) < WINDOW


def likeness(first: Sequence[int], second: Sequence[int]) -> Likeness:
    """Score and coverage of two rows of u32 values (BND-034, BND-035)."""
    one, two = _pack(first), _pack(second)
    best = _best_offset(one, two)
    if best is None:
        return UNLIKE
    offset, start_one, start_two, count = best
    score = _corrected(one.cut(start_one, count), two.cut(start_two, count), count)
    windows = [
        _window(one, two, (start_one + at, start_two + at), length) for at, length in _cuts(count)
    ]
    telling = [w for w in windows if w is not None]
    covered = sum(w >= ALIKE for w in telling)
    coverage = 1000 * covered // len(telling) if telling else 0
    return Likeness(score or 0, coverage, offset)


def _pack(values: Sequence[int]) -> _Print:
    count = len(values)
    return _Print(int.from_bytes(struct.pack(f"<{count}I", *values), "little"), count)


def _best_offset(one: _Print, two: _Print) -> tuple[int, int, int, int] | None:
    """The offset with the largest share of equal bits; of several the least, then the positive.

    Returns offset, first value of each side, and the overlap in values.
    """
    least = max(MIN_OVERLAP, -(-min(one.count, two.count) // 2))
    best: tuple[int, int, int, int] | None = None
    best_equal = 0
    for offset in sorted(range(-MAX_OFFSET, MAX_OFFSET + 1), key=lambda d: (abs(d), d < 0)):
        start_one, start_two = max(offset, 0), max(-offset, 0)
        count = min(one.count - start_one, two.count - start_two)
        if count < least:
            continue
        equal = _equal(one.cut(start_one, count), two.cut(start_two, count), count)
        if best is None or equal * best[3] > best_equal * count:
            best, best_equal = (offset, start_one, start_two, count), equal
    return best


def _equal(one: int, two: int, count: int) -> int:
    return _BITS * count - (one ^ two).bit_count()


def _corrected(one: int, two: int, count: int) -> int | None:
    """(s - e) / (1 - e) in permille, rounded down, at least 0; None when e says it all.

    ``s`` is the share of equal bits, ``e`` the share that bits with these frequencies would
    have in common by chance. With S = 32 n^2 s and E = 32 n^2 e both are integers.
    """
    every = ((1 << (_BITS * count)) - 1) // ((1 << _BITS) - 1)
    by_chance = 0
    for bit in range(_BITS):
        ones = ((one >> bit) & every).bit_count()
        others = ((two >> bit) & every).bit_count()
        by_chance += ones * others + (count - ones) * (count - others)
    whole = _BITS * count * count
    if by_chance * 1000 > _CERTAIN * whole:
        return None
    return max(0, 1000 * (_equal(one, two, count) * count - by_chance) // (whole - by_chance))


def _cuts(count: int) -> list[tuple[int, int]]:
    """Windows of thirty seconds over an overlap; the last one ends where the overlap ends."""
    if count <= WINDOW:
        return [(0, count)]
    starts = list(range(0, count - WINDOW + 1, WINDOW))
    if count % WINDOW:
        starts.append(count - WINDOW)
    return [(start, WINDOW) for start in starts]


def _window(one: _Print, two: _Print, starts: tuple[int, int], length: int) -> int | None:
    """The best score of a window, one value earlier or later too; None when it tells nothing."""
    scores = []
    for shift in (0, 1, -1):
        start = starts[0] + shift
        if 0 <= start <= one.count - length:
            scores.append(_corrected(one.cut(start, length), two.cut(starts[1], length), length))
    if scores[0] is None:
        return None
    return max(s for s in scores if s is not None)
