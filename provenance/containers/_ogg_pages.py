"""Ogg pages: one bounded pass with every checksum verified (RFC 3533; OGG-001 to OGG-005).

A page's checksum is a CRC-32 with the usual polynomial, but unreflected, without initial value
and final inversion. Reversing the bits of each byte turns it into zlib's, so it runs at C speed.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

CAPTURE = b"OggS"
_FIELDS = struct.Struct("<4sBBqIIIB")
_FIXED = 27
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
    body: bytes

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


def checksum(header: bytes, body: bytes) -> bytes:
    """The checksum field of a page, whatever stands in it now (RFC 3533 6, OGG-003).

    ``header`` includes the lacing values.
    """
    blank = header[:22] + bytes(4) + header[26:]
    crc = zlib.crc32(blank.translate(_REVERSED), _ONES)
    crc = zlib.crc32(body.translate(_REVERSED), crc) ^ _ONES
    return crc.to_bytes(4, "big").translate(_REVERSED)


def render(page: Page) -> bytes:
    """The bytes of a page, its checksum made anew; ``start`` does not matter."""
    header = _FIELDS.pack(
        CAPTURE, 0, page.flags, page.granule, page.serial, page.sequence, 0, len(page.lacing)
    )
    header += page.lacing
    return header[:22] + checksum(header, page.body) + header[26:] + page.body


def read_pages(stream: BinaryIO, start: int = 0) -> Iterator[Page]:
    """Yield the pages from ``start`` to the end; raises ``PageError`` for anything else.

    Zero bytes behind the last page are allowed. Memory is one page; the stream must not be moved
    between two pages.
    """
    stream.seek(start)
    at = start
    while (page := _page(stream, at)) is not None:
        yield page
        at += _FIXED + len(page.lacing) + len(page.body)
    _require_zeros(stream, at)


def _page(stream: BinaryIO, offset: int) -> Page | None:
    """The page that stands next in the stream; None where nothing or only zeros can follow."""
    header = stream.read(_FIXED)
    if header[:4] != CAPTURE:
        if header[:1] in {b"", b"\0"}:
            return None
        raise PageError("ogg.junk", offset)
    if len(header) < _FIXED or header[4] != 0:
        raise PageError("ogg.page-cut" if len(header) < _FIXED else "ogg.version", offset)
    _, _, flags, granule, serial, sequence, _, count = _FIELDS.unpack(header)
    lacing = stream.read(count)
    length = sum(lacing)
    body = stream.read(length)
    if len(lacing) < count or len(body) < length:
        raise PageError("ogg.page-cut", offset)
    if checksum(header + lacing, body) != header[22:26]:
        raise PageError("ogg.page-crc", offset)
    return Page(offset, flags, granule, serial, sequence, lacing, body)


def _require_zeros(stream: BinaryIO, offset: int) -> None:
    stream.seek(offset)
    while block := stream.read(_BLOCK):
        if block.count(0) != len(block):
            raise PageError("ogg.junk", offset)
        offset += len(block)
