"""Lines of standard input, bounded, until there are no more or somebody says stop (spec 28.2)."""

from __future__ import annotations

import os
import select
from collections.abc import Iterator

from provenance.model.records import dataclass

_BLOCK = 64 * 1024


@dataclass(frozen=True)
class Line:
    """One line without its end; ``text`` is None where it was longer than is held."""

    number: int
    """From 1."""
    text: bytes | None


def lines_of(descriptor: int, stop: int, most: int) -> Iterator[Line]:
    """The lines of a descriptor; ends at its end, or as soon as ``stop`` can be read.

    Of a line at most ``most`` bytes are held, and the rest is passed over (SRV-012). A last
    line without an end counts, one that a stop cut off does not.
    """
    number = 0
    held, is_long = bytearray(), False
    while block := _block(descriptor, stop):
        *ended, rest = block.split(b"\n")
        for part in ended:
            number += 1
            is_long = is_long or len(held) + len(part) > most
            yield Line(number, None if is_long else bytes(held) + part)
            held, is_long = bytearray(), False
        is_long = is_long or len(held) + len(rest) > most
        held = bytearray() if is_long else held + rest
    if (held or is_long) and block is not None:
        yield Line(number + 1, None if is_long else bytes(held))


def _block(descriptor: int, stop: int) -> bytes | None:
    """What can be read next; empty at the end, None for a stop."""
    ready, _, _ = select.select([descriptor, stop], [], [])
    if stop in ready:
        return None
    return os.read(descriptor, _BLOCK)
