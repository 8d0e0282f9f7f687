"""A file that is made from another one, and which of its bytes are known to be copies (spec 6.6).

What is copied is read back block by block, while the block is at hand, and compared. Whoever
checks the whole file afterwards need not read such a range once more.
"""

from __future__ import annotations

import io
import os
from bisect import bisect_right
from contextlib import suppress
from typing import Any, BinaryIO, NamedTuple

_BLOCK = 1 << 19
"""Small enough for a block and what is read back of it to stay in the processor's cache.

Blocks end at multiples of it in the new file, which the system fills in larger pieces then.
"""
_SMALL = 1 << 14
"""Less than this is written with what stands beside it, and not known as a copy."""
_LARGE = 1 << 20
"""So much is asked of the disk in one piece."""
_OFFSET = 1 << 11
"""Blocks begin half a page into their memory, which begins near the start of a page: processors of
today are several times slower at moving bytes to a place in its page just behind where they stood
in theirs, and what is copied from a file begins near the start of a page more often than not."""

Blocks = tuple[bytearray, bytearray]

_spare: list[Blocks] = []
"""Blocks to use again, a pair for each thread that ever copied at one time with others.

Memory that is new to a process can cost it as much as what is copied through it.
"""


class _Copied(NamedTuple):
    """``length`` bytes at ``at`` read back as those that ``source`` has at ``start``."""

    source: BinaryIO
    start: int
    at: int
    length: int


class NewFile(io.BufferedRandom):
    """A file of ours, open for writing and reading by its descriptor, which it closes.

    What is known of copies is forgotten as soon as anything is written before the end of one.
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__(io.FileIO(descriptor, "r+b"))
        self._copied: list[_Copied] = []
        """In the order in which they stand, none over another."""

    def copy(self, source: BinaryIO, start: int, length: int) -> None:
        """Write ``length`` bytes of ``source`` from ``start`` on, and read them back.

        What reads back otherwise is no error here: it is only not known as a copy. Raises
        ``EOFError`` when the source is shorter.
        """
        if length < _SMALL:
            source.seek(start)
            data = source.read(length)
            _require(len(data) == length)
            self.write(data)
            return
        at = self.tell()
        self._write_before(at)
        self.flush()
        if length >= _LARGE:
            _reserve(self.fileno(), at, length)
        blocks = _taken()
        try:
            same = self._copy(source, start, at, length, blocks)
        finally:
            _spare.append(blocks)
        self.seek(at + length)
        if same:
            self._copied.append(_Copied(source, start, at, length))

    def _copy(self, source: Any, start: int, at: int, length: int, blocks: Blocks) -> bool:
        """Copy block by block; whether every one of them reads back as it is."""
        raw: Any = self.raw
        mine, back = (memoryview(block)[_OFFSET:] for block in blocks)
        end, same = at + length, True
        source.seek(start)
        while at < end:
            count = source.readinto(mine[: min(end - at, _BLOCK - at % _BLOCK)])
            _require(count)
            _write_all(raw, at, mine[:count])
            raw.seek(at)
            same = same and raw.readinto(back[:count]) == count
            same = same and blocks[0].startswith(back[:count], _OFFSET)
            at += count
        return same

    def is_copy(self, source: BinaryIO, start: int, at: int, length: int) -> bool:
        """Whether the bytes at ``at`` are known to be those that ``source`` has at ``start``."""
        place = bisect_right(self._copied, at, key=lambda known: known.at) - 1
        if place < 0:
            return False
        known = self._copied[place]
        begins = known.source is source and start - known.start == at - known.at
        return begins and at + length <= known.at + known.length

    def write(self, data: Any, /) -> int:
        """Write as every file does."""
        self._write_before(self.tell())
        return super().write(data)

    def truncate(self, size: int | None = None, /) -> int:
        """Cut, or lengthen, as every file does."""
        self._copied.clear()
        return super().truncate(size)

    def _write_before(self, at: int) -> None:
        if self._copied and at < self._copied[-1].at + self._copied[-1].length:
            self._copied.clear()


def _require(there: object) -> None:
    if not there:
        raise EOFError("the file became shorter while it was read")


def _taken() -> Blocks:
    try:
        return _spare.pop()
    except IndexError:
        return bytearray(_OFFSET + _BLOCK), bytearray(_OFFSET + _BLOCK)


def _reserve(descriptor: int, at: int, length: int) -> None:
    """Ask for the space in one piece, which is quicker; where it fails, writing says why."""
    if hasattr(os, "posix_fallocate"):
        with suppress(OSError):
            os.posix_fallocate(descriptor, at, length)


def _write_all(raw: Any, at: int, block: memoryview) -> None:
    raw.seek(at)
    while block:
        block = block[raw.write(block) :]
