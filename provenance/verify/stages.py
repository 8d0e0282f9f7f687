"""Work in stages, so that several files of one process can take each stage one after the other.

Hashing a recording leaves nothing of the program in the processor's cache, and getting it back
costs as much as what it does for a file. Sixteen files that are first all taken apart, then all
hashed, then all judged pay that once (decision 0031).
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeAlias, TypeVar

T = TypeVar("T")

Stages: TypeAlias = Generator[None, None, T]
"""Stops after each stage, for others to catch up; at the end it returns what was asked for."""


def done(stages: Stages[T]) -> T:
    """All stages at once."""
    while True:
        try:
            next(stages)
        except StopIteration as end:
            made: T = end.value
            return made
