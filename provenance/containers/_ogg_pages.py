"""Ogg pages: one bounded pass with every checksum verified (RFC 3533; OGG-001 to OGG-005).

A page's checksum is a CRC-32 with the usual polynomial, but unreflected, without initial value
and final inversion. Reversing the bits of each byte turns it into zlib's, so it runs at C speed.
"""

from __future__ import annotations

import struct
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import BinaryIO, NamedTuple

from provenance.model.records import dataclass

CAPTURE = b"OggS"
_FIELDS = struct.Struct("<4sBBqIII")
_COUNT, _FIXED = 26, 27
_MOST = _FIXED + 255 + 255 * 255
"""The bytes of the longest page."""
_BUFFER = 1 << 18
"""Holds several pages, and stays in the processor's cache while they are checked and hashed."""
_BLOCK = 1 << 20
_ONES = 0xFFFFFFFF
_REVERSED = bytes(int(f"{n:08b}"[::-1], 2) for n in range(256))
CONTINUED, BEGIN, END = 1, 2, 4


class Page(NamedTuple):
    """One page: its place, header fields, lacing values and body."""

    start: int
    flags: int
    granule: int
    serial: int
    sequence: int
    lacing: bytes
    body: memoryview

    @property
    def body_start(self) -> int:
        """Where the body stands in the file."""
        return self.start + _FIXED + len(self.lacing)

    @property
    def end(self) -> int:
        """Where the next page begins."""
        return self.body_start + len(self.body)


class PageError(Exception):
    """The bytes at ``offset`` are not the page that should stand there; ``rule`` says why."""

    def __init__(self, rule: str, offset: int) -> None:
        super().__init__(rule)
        self.rule = rule
        self.offset = offset


def read_pages(stream: BinaryIO) -> Iterator[Page]:
    """Yield the pages from the first to the last; raises ``PageError`` for anything else.

    Zero bytes behind the last page are allowed. Memory is one buffer and one page; the stream
    must not be moved between two pages.
    """
    stream.seek(0)
    buffer = bytearray(_BUFFER)
    start = at = end = 0
    while True:
        if end - at < _MOST:
            start, at, end = start + at, 0, _refill(stream, buffer, at, end)
        page = _page(buffer, at, end, start + at)
        if page is None:
            break
        yield page
        at += _FIXED + len(page.lacing) + len(page.body)
    _require_zeros(stream, start + at)


def _refill(stream: BinaryIO, buffer: bytearray, at: int, end: int) -> int:
    """Move ``[at, end)`` to the front, read on behind it; how far the buffer is filled then."""
    filled = end - at
    with memoryview(buffer) as view:
        view[:filled] = view[at:end]
        while filled < _MOST:
            # every BinaryIO that we open has it
            count = stream.readinto(view[filled:])  # type: ignore[attr-defined]
            if not count:
                break
            filled += count
    return filled


def _page(buffer: bytearray, at: int, end: int, offset: int) -> Page | None:
    """The page at ``at``; None where nothing or only zeros can follow.

    The buffer is filled up to ``end``, which holds a whole page unless the file ends there.
    """
    if not buffer.startswith(CAPTURE, at, end):
        if at == end or not buffer[at]:
            return None
        raise PageError("ogg.junk", offset)
    body = at + _FIXED
    if body > end or buffer[at + len(CAPTURE)]:
        raise PageError("ogg.page-cut" if body > end else "ogg.version", offset)
    body += buffer[at + _COUNT]
    lacing = bytes(buffer[at + _FIXED : body])
    following = body + body_length(lacing)
    if following > end:
        raise PageError("ogg.page-cut", offset)
    page = buffer[at:following]
    if not _is_intact(page):
        raise PageError("ogg.page-crc", offset)
    _, _, flags, granule, serial, sequence, _ = _FIELDS.unpack_from(page)
    return Page(offset, flags, granule, serial, sequence, lacing, memoryview(page)[body - at :])


def body_length(lacing: bytes) -> int:
    """The sum of the lacing values; most of them are 255 where packets are long."""
    ends = packet_ends(lacing)
    return 255 * (len(lacing) - len(ends)) + sum(ends)


def packet_ends(lacing: bytes) -> bytes:
    """The lacing values that end a packet, in order."""
    return lacing.translate(None, b"\xff")


def _is_intact(page: bytearray) -> bool:
    """Whether a page has the checksum of its bytes, its own field taken as 0 (OGG-003)."""
    mirrored = page.translate(_REVERSED)
    stated = int.from_bytes(mirrored[22:26], "big")
    mirrored[22:26] = bytes(4)
    return zlib.crc32(mirrored, _ONES) ^ _ONES == stated


def _require_zeros(stream: BinaryIO, offset: int) -> None:
    stream.seek(offset)
    while block := stream.read(_BLOCK):
        if block.count(0) != len(block):
            raise PageError("ogg.junk", offset)
        offset += len(block)


@dataclass(frozen=True)
class Packet:
    """A header packet and where its pieces stand in the file: a page header parts them."""

    data: bytes
    pieces: tuple[tuple[int, int], ...]

    def placed(self, start: int, length: int) -> tuple[int, int]:
        """The bytes ``start``, ``length`` of the packet as a range of the file.

        The range goes from the first byte to the last, page headers between them included.
        """
        first, last = self._offset(start), self._offset(start + length - 1)
        return first, last + 1 - first

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(length for _, length in self.pieces))

    def _offset(self, at: int) -> int:
        piece = bisect_right(self._ends, at)
        return self.pieces[piece][0] + at - (self._ends[piece - 1] if piece else 0)


def packet_of(parts: Sequence[bytes], pieces: Sequence[tuple[int, int]]) -> Packet:
    """The packet that these parts of pages make; those of one page are one piece."""
    merged: list[tuple[int, int]] = []
    for start, length in pieces:
        if merged and sum(merged[-1]) == start:
            start, length = merged[-1][0], merged.pop()[1] + length  # noqa: PLW2901 - joined
        merged.append((start, length))
    return Packet(b"".join(parts), tuple(merged))
