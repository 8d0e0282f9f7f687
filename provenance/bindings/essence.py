"""Tier 1: the hash of the coded audio, over the byte ranges that a scan found (spec 5.2)."""

from __future__ import annotations

from typing import BinaryIO

from provenance.containers import _framing
from provenance.containers.base import Essence

_BLOCK = 1 << 18
"""Small enough to stay in the processor's cache between reading and hashing."""


def essence_digest(stream: BinaryIO, essence: Essence) -> bytes:
    """The 32 bytes of the essence hash (BND-002); the scanner's own if it made one.

    Raises ``EOFError`` when the file is shorter than its scan said.
    """
    if essence.digest is not None:
        return essence.digest
    digest = _framing.begin(essence.profile, essence.params)
    buffer = memoryview(bytearray(_BLOCK))
    readinto = stream.readinto  # type: ignore[attr-defined]  # every BinaryIO that we open has it
    for start, length in essence.ranges:
        stream.seek(start)
        left = length
        while left:
            count = readinto(buffer[: min(_BLOCK, left)])
            if not count:
                raise EOFError("the file became shorter while it was read")
            digest.update(buffer[:count])
            left -= count
    return _framing.end(digest, essence.sizes)
