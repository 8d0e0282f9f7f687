"""The bytes of an ID3v2 tag: sizes, budgets, and reading with or without stuffing.

spec/containers/id3.md 2; ID3v2.4.0 structure, sections 3.1 and 6.
"""

from __future__ import annotations

from typing import BinaryIO

from provenance.containers._id3_text import resynchronise
from provenance.model.limits import Limits

HEADER = 10
UNSYNCHRONISED, EXTENDED, FOOTER = 0x80, 0x40, 0x10
MAX_SIZE = (1 << 28) - 1
"""The most that a synchsafe size can say."""
_BLOCK = 1 << 18
_FIRST_BYTES = 1 << 12
"""Looked at for zeros before whole blocks are: mostly there are none."""


class Budget:
    """What may still be had of one file: metadata bytes in memory, items, carriers, notes.

    Of carriers and notes one more than the limit is had, which tells that there are more (CAR-060).
    """

    def __init__(self, limits: Limits) -> None:
        self._left, self._items = limits.tag_read_bytes, limits.items
        self._carriers = self._notes = limits.carriers + 1

    def take(self, count: int) -> bool:
        """Spend ``count`` bytes; False, without spending, when fewer are left."""
        if count > self._left:
            return False
        self._left -= count
        return True

    def item(self) -> bool:
        """Whether one more frame or item may be walked over."""
        self._items -= 1
        return self._items >= 0

    def carriers(self, wanted: int) -> int:
        """How many of so many carriers may be kept."""
        granted = min(wanted, self._carriers)
        self._carriers -= granted
        return granted

    def note(self) -> bool:
        """Whether one more note may be kept."""
        self._notes -= 1
        return self._notes >= 0


def synchsafe(data: bytes) -> int | None:
    """Read a synchsafe integer (seven bits a byte); None when a byte has its high bit set."""
    number = 0
    for byte in data:
        if byte & 0x80:
            return None
        number = number << 7 | byte
    return number


def to_synchsafe(number: int, length: int = 4) -> bytes:
    """Write a synchsafe integer of ``length`` bytes."""
    return bytes(number >> 7 * place & 0x7F for place in reversed(range(length)))


def tag_length(header: bytes) -> int | None:
    """Length in bytes of the whole tag that a 10-byte header announces; None: no valid header.

    A footer (ID3v2.4) counts; bit 0x10 means nothing in older versions.
    """
    if len(header) < HEADER or header[:3] != b"ID3" or 0xFF in header[3:5]:
        return None
    size = synchsafe(header[6:10])
    if size is None:
        return None
    return HEADER + size + footer_length(header)


def footer_length(header: bytes) -> int:
    """10 when the header says that a footer follows the frames, else 0."""
    return HEADER if header[3] == 4 and header[5] & FOOTER else 0


class Plain:
    """Reads a tag as it stands; offsets are the file's."""

    def __init__(self, stream: BinaryIO, at: int, end: int) -> None:
        self._stream, self._at, self._end = stream, at, end

    def tell(self) -> int:
        """The file offset of the next byte."""
        return self._at

    def read(self, count: int) -> bytes:
        """Up to ``count`` bytes, fewer at the end of the tag."""
        self._stream.seek(self._at)
        data = self._stream.read(min(count, self._end - self._at))
        self._at += len(data)
        return data

    def skip(self, count: int) -> bool:
        """Pass over ``count`` bytes; False when there are fewer."""
        if count > self._end - self._at:
            return False
        self._at += count
        return True


class Stuffed(Plain):
    """Reads a tag that was unsynchronised as a whole (2.2, 2.3); counts are of unstuffed bytes."""

    def __init__(self, stream: BinaryIO, at: int, end: int) -> None:
        super().__init__(stream, at, end)
        self._after_ff = False

    def tell(self) -> int:
        """The file offset of the next byte, past the stuffing of the last one."""
        if self._after_ff:
            self._after_ff = False
            if super().read(1) not in {b"", b"\x00"}:
                self._at -= 1
        return self._at

    def read(self, count: int) -> bytes:
        """Up to ``count`` bytes without their stuffing, fewer at the end of the tag."""
        parts = []
        while count:
            self.tell()
            raw = super().read(count)
            if not raw:
                break
            self._after_ff = raw[-1] == 0xFF
            parts.append(resynchronise(raw))
            count -= len(parts[-1])
        return b"".join(parts)

    def skip(self, count: int) -> bool:
        """Pass over ``count`` bytes, block by block; False when there are fewer."""
        while count:
            passed = len(self.read(min(count, _BLOCK)))
            if not passed:
                return False
            count -= passed
        return True


def end_of_zeros(stream: BinaryIO, start: int, end: int) -> int:
    """Offset of the first byte in ``[start, end)`` that is not zero, or ``end``."""
    stream.seek(start)
    most = _FIRST_BYTES
    while start < end:
        block = stream.read(min(most, end - start))
        if not block:
            return end
        rest = len(block.lstrip(b"\x00"))
        start += len(block) - rest
        if rest:
            return start
        most = _BLOCK
    return end
