"""Tier 1: the hash of the coded audio, over the byte ranges that a scan found (spec 5.2)."""

from __future__ import annotations

from typing import Any, BinaryIO

from provenance.containers import _blocks, _framing
from provenance.containers.base import Essence


def essence_digest(stream: BinaryIO, essence: Essence) -> bytes:
    """The 32 bytes of the essence hash (BND-002); the scanner's own if it made one.

    Raises ``EOFError`` when the file is shorter than its scan said.
    """
    if essence.digest is not None:
        return essence.digest
    digest = _framing.begin(essence.profile, essence.params)
    with _blocks.block() as block, memoryview(block) as whole:
        for start, length in essence.ranges:
            _update(digest, stream, start, length, whole)
    return _framing.end(digest, essence.sizes)


def _update(digest: Any, stream: Any, start: int, length: int, whole: memoryview) -> None:
    """Hash a range by way of a block of memory."""
    offset = _blocks.offset(start)
    buffer = whole[offset : offset + _blocks.SIZE]
    stream.seek(start)
    left = length
    while left:
        count = stream.readinto(buffer[: min(_blocks.SIZE, left)])
        if not count:
            raise EOFError("the file became shorter while it was read")
        digest.update(buffer[:count])
        left -= count
