"""A file that is made from another one, and which of its bytes are known to be copies (spec 6.6).

What is copied is read back block by block, while the block is at hand, and compared. Whoever
checks the whole file afterwards need not read such a range once more.
"""

from __future__ import annotations

import io
import os
from contextlib import suppress
from typing import Any, BinaryIO, NamedTuple

_BLOCK = 1 << 19
"""Small enough for a block and what is read back of it to stay in the processor's cache."""
_SMALL = 1 << 14
"""Less than this is not worth reading back at once."""
_LARGE = 1 << 20
"""So much is asked of the disk in one piece."""


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
        self._end = 0

    def copy(self, source: BinaryIO, start: int, length: int) -> None:
        """Write ``length`` bytes of ``source`` from ``start`` on, and read them back.

        What reads back otherwise is no error here: it is only not known as a copy. Raises
        ``EOFError`` when the source is shorter.
        """
        at = self.tell()
        self._write_before(at)
        self.flush()
        if length >= _LARGE:
            _reserve(self.fileno(), at, length)
        source.seek(start)
        raw: Any = self.raw
        mine, back = bytearray(min(length, _BLOCK)), bytearray(min(length, _BLOCK))
        done, same = 0, length >= _SMALL
        while done < length:
            count = _filled(source, memoryview(mine)[: length - done])
            _write_all(raw, at + done, memoryview(mine)[:count])
            same = same and _reads_back(raw, at + done, mine, back, count)
            done += count
        self.seek(at + length)
        if same:
            self._copied.append(_Copied(source, start, at, length))
            self._end = at + length

    def is_copy(self, source: BinaryIO, start: int, at: int, length: int) -> bool:
        """Whether the bytes at ``at`` are known to be those that ``source`` has at ``start``."""
        return any(
            known.source is source
            and known.start <= start
            and start + length <= known.start + known.length
            and at - start == known.at - known.start
            for known in self._copied
        )

    def write(self, data: Any, /) -> int:
        """Write as every file does."""
        self._write_before(self.tell())
        return super().write(data)

    def truncate(self, size: int | None = None, /) -> int:
        """Cut, or lengthen, as every file does."""
        self._copied.clear()
        return super().truncate(size)

    def _write_before(self, at: int) -> None:
        if at < self._end:
            self._copied.clear()
            self._end = 0


def _reserve(descriptor: int, at: int, length: int) -> None:
    """Ask for the space in one piece, which is quicker; where it fails, writing says why."""
    if hasattr(os, "posix_fallocate"):
        with suppress(OSError):
            os.posix_fallocate(descriptor, at, length)


def _filled(source: Any, block: memoryview) -> int:
    count: int = source.readinto(block)
    if not count:
        raise EOFError("the file became shorter while it was read")
    return count


def _write_all(raw: Any, at: int, block: memoryview) -> None:
    raw.seek(at)
    while block:
        block = block[raw.write(block) :]


def _reads_back(raw: Any, at: int, mine: bytearray, back: bytearray, count: int) -> bool:
    """``bytearray`` with ``bytearray`` is one call of the C library."""
    raw.seek(at)
    if raw.readinto(memoryview(back)[:count]) != count:
        return False
    return back == mine if count == len(mine) else back[:count] == mine[:count]
