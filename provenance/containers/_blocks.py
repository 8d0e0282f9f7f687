"""Memory through which files are read: used again, and placed where bytes are moved quickest.

Memory that is new to a process can cost it as much as reading into it does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from mmap import ACCESS_COPY, mmap

SIZE = 1 << 18
"""Small enough to stay in the processor's cache between reading, looking and hashing."""
_PAGE = 1 << 12

_spare: list[mmap] = []
"""Blocks to use again, one for each thread that ever read at one time with others.

A process that is forked has them too, and so they are of memory that no two processes share.
"""


@contextmanager
def block() -> Iterator[mmap]:
    """A block for ``SIZE`` bytes from any ``offset`` on; it is another file's afterwards."""
    try:
        taken = _spare.pop()
    except IndexError:
        taken = mmap(-1, SIZE + _PAGE, access=ACCESS_COPY)
    try:
        yield taken
    finally:
        _spare.append(taken)


def offset(place: int) -> int:
    """Where in a block the byte at ``place`` of a file is put: half a page from where it stands.

    A block begins with a page of memory, and a file in the system's memory with another one.
    Processors of today move bytes five times slower to a place in its page just behind where
    they stood in theirs.
    """
    return (place + _PAGE // 2) % _PAGE
