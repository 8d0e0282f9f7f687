"""Logic with three values: True, False, and None for what is not settled (Kleene's strong one).

Every function here is monotonic: settling an unknown never changes an answer that was settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Tri = bool | None


def any_of(values: Iterable[Tri]) -> Tri:
    """True when one is; False when all are; else not settled."""
    found = set(values)
    if True in found:
        return True
    return None if None in found else False


def all_of(values: Iterable[Tri]) -> Tri:
    """False when one is; True when all are; else not settled."""
    return negated(any_of(negated(value) for value in values))


def negated(value: Tri) -> Tri:
    """The opposite; what is not settled stays so."""
    return None if value is None else not value


def more_than(values: Sequence[Tri], share: float) -> Tri:
    """Whether more than this share (0 to 1) of the values is True."""
    needed = share * len(values)
    surely = sum(value is True for value in values)
    if surely > needed:
        return True
    return None if surely + sum(value is None for value in values) > needed else False
