"""Ogg pages: one bounded pass with every checksum verified (RFC 3533; OGG-001 to OGG-005).

A page's checksum is a CRC-32 with the usual polynomial, but unreflected, without initial value
and final inversion. Reversing the bits of each byte turns it into zlib's, so it runs at C speed;
with the extra ``fast`` a library computes it as it is, seven times as fast (decision 32).
"""

from __future__ import annotations

import struct
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from itertools import accumulate
from mmap import mmap
from typing import BinaryIO, NamedTuple

from provenance.containers import _blocks
from provenance.model.records import dataclass

CAPTURE = b"OggS"
_BEGINS = CAPTURE + b"\0"
_FIELDS = struct.Struct("<BqIII")
_FLAGS_AT, _CHECKSUM_AT, _COUNT, _FIXED = 5, 22, 26, 27
_NO_CHECKSUM = bytes(4)
_MOST = _FIXED + 255 + 255 * 255
"""The bytes of the longest page."""
_BLOCK = 1 << 20
_ONES = 0xFFFFFFFF
_REVERSED = bytes(int(f"{n:08b}"[::-1], 2) for n in range(256))
CONTINUED, BEGIN, END = 1, 2, 4


class Page(NamedTuple):
    """One page but for its bytes: its header fields, lacing values, and where it stands."""

    flags: int
    granule: int
    serial: int
    sequence: int
    lacing: bytes
    packets: int
    """How many packets end on it."""
    start: int
    """Where the body stands in the file."""
    end: int
    """Where the next page begins."""


class PageError(Exception):
    """The bytes at ``offset`` are not the page that should stand there; ``rule`` says why."""

    def __init__(self, rule: str, offset: int) -> None:
        super().__init__(rule)
        self.rule = rule
        self.offset = offset


def read_pages(stream: BinaryIO) -> Iterator[tuple[Page, memoryview]]:
    """Yield the pages from the first to the last; raises ``PageError`` for anything else.

    With each comes its body, which is that of another one when the next page is asked for.
    Zero bytes behind the last page are allowed. Memory is one block; the stream must not be
    moved between two pages.
    """
    stream.seek(0)
    with _blocks.block() as block, memoryview(block) as view:
        base = at = end = 0
        is_last = False
        while True:
            if end - at < _MOST and not is_last:
                base, at, end, is_last = _refill(stream, view, base + at, at, end)
            page = _page(block, view, at, end, base)
            if page is None:
                break
            yield page, view[page.start - base : page.end - base]
            at = page.end - base
    _require_zeros(stream, base + at)


def _refill(
    stream: BinaryIO, view: memoryview, place: int, at: int, end: int
) -> tuple[int, int, int, bool]:
    """Move ``[at, end)``, which stands at ``place`` in the file, to the front; read on behind it.

    Gives the file's place of the block's first byte, where what was moved begins now, where what
    was read ends, and whether that is the end of the file.
    """
    front = _blocks.offset(place)
    filled = front + end - at
    view[front:filled] = view[at:end]
    while filled - front < _MOST:
        # every BinaryIO that we open has it
        count = stream.readinto(view[filled : front + _blocks.SIZE])  # type: ignore[attr-defined]
        if not count:
            return place - front, front, filled, True
        filled += count
    return place - front, front, filled, False


def _page(block: mmap, view: memoryview, at: int, end: int, base: int) -> Page | None:
    """The page at ``at``; None where nothing or only zeros can follow.

    The block begins at ``base`` in the file and is filled up to ``end``; it holds a whole page
    there unless the file ends before. The page's checksum is 0 in it afterwards.
    """
    body = at + _FIXED
    if body > end or block[at : at + len(_BEGINS)] != _BEGINS:
        rule = _fault(block[at : min(body, end)])
        if rule is None:
            return None
        raise PageError(rule, base + at)
    body += block[at + _COUNT]
    lacing = block[at + _FIXED : body]
    ends = lacing.translate(None, b"\xff")
    following = body + 255 * (len(lacing) - len(ends)) + sum(ends)
    if following > end:
        raise PageError("ogg.page-cut", base + at)
    flags, granule, serial, sequence, stated = _FIELDS.unpack_from(block, at + _FLAGS_AT)
    block[at + _CHECKSUM_AT : at + _CHECKSUM_AT + 4] = _NO_CHECKSUM
    if _checksum()(view[at:following]) != stated:
        raise PageError("ogg.page-crc", base + at)
    return Page(flags, granule, serial, sequence, lacing, len(ends), base + body, base + following)


def _fault(header: bytes) -> str | None:
    """The rule that a page header breaks which does not begin as it must; None at the end."""
    if not header.startswith(CAPTURE):
        return "ogg.junk" if header and header[0] else None
    return "ogg.page-cut" if len(header) < _FIXED else "ogg.version"


@cache
def _checksum() -> Callable[[memoryview], int]:
    """The quickest way that is installed to compute the checksum of a page (OGG-003)."""
    try:
        from fastcrc.crc32 import mpeg_2
    except ImportError:
        return checksum_by_zlib
    return lambda page: mpeg_2(page, 0)  # MPEG-2's is the same but for its initial value


def checksum_by_zlib(page: memoryview) -> int:
    """The checksum of a page's bytes as they are."""
    mirrored = zlib.crc32(bytes(page).translate(_REVERSED), _ONES) ^ _ONES
    return int.from_bytes(mirrored.to_bytes(4, "little").translate(_REVERSED), "big")


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
