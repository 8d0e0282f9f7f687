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
_HEADER = struct.Struct("<5sBqIIIB")
"""Capture pattern and version, flags, granule position, serial and page number, checksum, count."""
_CHECKSUM_AT, _FIXED = 22, 27
_NO_CHECKSUM = bytes(4)
_MOST = _FIXED + 255 + 255 * 255
"""The bytes of the longest page."""
_BLOCK = 1 << 20
_ONES = 0xFFFFFFFF
_REVERSED = bytes(int(f"{n:08b}"[::-1], 2) for n in range(256))
CONTINUED, BEGIN, END = 1, 2, 4
GOES_ON = 255
"""The lacing value behind which the packet goes on."""


class Page(NamedTuple):
    """One page but for its bytes: its header fields, lacing values, and where it stands."""

    flags: int
    granule: int
    serial: int
    sequence: int
    lacing: bytes
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


@dataclass(frozen=True)
class Run:
    """Pages one behind the other; their bodies are there until the next page is asked for."""

    granules: list[int]
    lacings: list[bytes]
    places: list[tuple[int, int]]
    """Where their bodies stand in the file, and how long they are."""
    view: memoryview
    base: int
    """Where in the file the view begins."""


class Pages:
    """The pages of a stream from the first to the last; raises ``PageError`` for anything else.

    With each comes its body, which is that of another one when the next page is asked for.
    Zero bytes behind the last page are allowed. Memory is one block; the stream must not be
    moved between two pages.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._block: mmap
        self._view: memoryview
        self._base = self._at = self._end = 0
        """Where in the file the block begins; where in it the next page does, and what was read."""
        self._is_last = False
        """Whether nothing of the file is behind the block."""

    def __iter__(self) -> Iterator[tuple[Page, memoryview]]:
        self._stream.seek(0)
        with _blocks.block() as self._block, memoryview(self._block) as self._view:
            while True:
                self._refill()
                page = self._page()
                if page is None:
                    break
                self._at = page.end - self._base
                yield page, self._view[page.start - self._base : self._at]
        _require_zeros(self._stream, self._base + self._at)

    def several(
        self,
        serial: int,
        sequence: int,
        is_open: bool,
        feed: Callable[[memoryview], object] | None,
    ) -> Run:
        """The next pages, a block of them at most, as far as nothing about them is odd.

        They are of the stream ``serial``, one number after the other from ``sequence`` on, begin
        with the rest of a packet just where one is open, and neither begin nor end the stream.
        ``feed`` gets their bodies. What is behind them comes with the next call, or alone.
        """
        self._refill()
        block, view, at, end, base = self._block, self._view, self._at, self._end, self._base
        run = Run([], [], [], view, base)
        checksum, flags = _checksum(), CONTINUED if is_open else 0
        last = end - _FIXED - 255
        while at <= last:
            capture, kind, granule, of, number, stated, count = _HEADER.unpack_from(block, at)
            if capture != _BEGINS or kind != flags or of != serial or number != sequence:
                break
            body = at + _FIXED + count
            lacing = block[at + _FIXED : body]
            following = body + sum(lacing)
            if following > end:
                break
            block[at + _CHECKSUM_AT : at + _CHECKSUM_AT + 4] = _NO_CHECKSUM
            if checksum(view[at:following]) != stated:
                raise PageError("ogg.page-crc", base + at)
            if feed is not None:
                feed(view[body:following])
            run.granules.append(granule)
            run.lacings.append(lacing)
            run.places.append((base + body, following - body))
            if count:
                flags = CONTINUED if lacing[-1] == GOES_ON else 0
            at, sequence = following, sequence + 1
        self._at = at
        return run

    def _refill(self) -> None:
        """Unless a whole page is there: move what is left to the front, and read on behind it."""
        if self._is_last or self._end - self._at >= _MOST:
            return
        place = self._base + self._at
        front = _blocks.offset(place)
        filled = front + self._end - self._at
        view = self._view
        view[front:filled] = view[self._at : self._end]
        while filled - front < _MOST and not self._is_last:
            # every BinaryIO that we open has it
            count = self._stream.readinto(view[filled : front + _blocks.SIZE])  # type: ignore[attr-defined]
            filled += count
            self._is_last = not count
        self._base, self._at, self._end = place - front, front, filled

    def _page(self) -> Page | None:
        """The next page; None where nothing or only zeros can follow.

        The block holds a whole page there unless the file ends before. The page's checksum is 0
        in it afterwards.
        """
        block, at, end, base = self._block, self._at, self._end, self._base
        body = at + _FIXED
        if body > end or block[at : at + len(_BEGINS)] != _BEGINS:
            rule = _fault(block[at : min(body, end)])
            if rule is None:
                return None
            raise PageError(rule, base + at)
        _, flags, granule, serial, sequence, stated, count = _HEADER.unpack_from(block, at)
        body += count
        lacing = block[at + _FIXED : body]
        following = body + sum(lacing)
        if following > end:
            raise PageError("ogg.page-cut", base + at)
        block[at + _CHECKSUM_AT : at + _CHECKSUM_AT + 4] = _NO_CHECKSUM
        if _checksum()(self._view[at:following]) != stated:
            raise PageError("ogg.page-crc", base + at)
        return Page(flags, granule, serial, sequence, lacing, base + body, base + following)


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
