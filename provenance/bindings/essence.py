"""Tier 1: the hash of the coded audio, over the byte ranges that a scan found (spec 5.2)."""

from __future__ import annotations

from mmap import ACCESS_COPY, mmap
from typing import Any, BinaryIO

from provenance.containers import _framing
from provenance.containers.base import Essence

_BLOCK = 1 << 18
"""Small enough to stay in the processor's cache between reading and hashing."""
_PAGE = 1 << 12

_spare: list[mmap] = []
"""Blocks to use again, one for each thread that ever hashed at one time with others.

A process that is forked has them too, and so they are of memory that no two processes share.
"""


def essence_digest(stream: BinaryIO, essence: Essence) -> bytes:
    """The 32 bytes of the essence hash (BND-002); the scanner's own if it made one.

    Raises ``EOFError`` when the file is shorter than its scan said.
    """
    if essence.digest is not None:
        return essence.digest
    digest = _framing.begin(essence.profile, essence.params)
    block = _taken()
    try:
        with memoryview(block) as whole:
            for start, length in essence.ranges:
                _update(digest, stream, start, length, whole)
    finally:
        _spare.append(block)
    return _framing.end(digest, essence.sizes)


def _taken() -> mmap:
    try:
        return _spare.pop()
    except IndexError:
        return mmap(-1, _BLOCK + _PAGE, access=ACCESS_COPY)


def _update(digest: Any, stream: Any, start: int, length: int, whole: memoryview) -> None:
    """Hash a range by way of a block of memory that begins with a page.

    Bytes are moved to half a page from where they stand in theirs: processors of today move them
    five times slower to a place just behind.
    """
    offset = (start + _PAGE // 2) % _PAGE
    buffer = whole[offset : offset + _BLOCK]
    stream.seek(start)
    left = length
    while left:
        count = stream.readinto(buffer[: min(_BLOCK, left)])
        if not count:
            raise EOFError("the file became shorter while it was read")
        digest.update(buffer[:count])
        left -= count
