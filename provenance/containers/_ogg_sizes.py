"""The sizes of packets from the lacing values of Ogg pages (RFC 3533 5, 6; OGG-020).

A packet is as many 255s as fit into it and one smaller value. Music has a hundred values a second,
so no Python work is done for each: the sizes of many packets are computed at once.
"""

from __future__ import annotations

from provenance.containers import _blocks

OPEN_MOST = (1 << 32) - 1 - _blocks.SIZE
"""A packet that is longer might end, in one block, with a size that 4 bytes do not hold."""
_FULL = bytes(255) + b"\1"
"""Marks the values of 255."""
_RUNS = bytes((0, *range(255)))
"""From a mark of ``_runs`` to how many values of 255 it stands for."""
_MOST_AT_ONCE = 64
"""Packets of this many times 255 bytes are rare; those that are longer are added one by one."""


def add(table: bytearray, lacing: bytes, size: int) -> int:
    """Append to a table of big-endian u32 the sizes of the packets that end within ``lacing``.

    ``size`` is what the packet has already that is open before it; gives what the one has that is
    open behind it. ``size`` is at most ``OPEN_MOST``, and ``lacing`` from one block.
    """
    ended = lacing.rstrip(b"\xff")
    left = 255 * (len(lacing) - len(ended))
    if not ended:
        return size + left
    begin = len(table)
    table += _sizes(ended)
    if size:
        first = int.from_bytes(table[begin : begin + 4], "big") + size
        table[begin : begin + 4] = first.to_bytes(4, "big")
    return left


def _sizes(ended: bytes) -> bytearray:
    lasts = ended.translate(None, b"\xff")
    sizes = bytearray(4 * len(lasts))
    if len(lasts) == len(ended):
        sizes[3::4] = lasts
        return sizes
    runs = _runs(ended)
    if runs is None:
        return _one_by_one(ended)
    # 255 * run + last is 256 * run + last - run; one long number does it for all
    pairs, less = bytearray(2 * len(lasts)), bytearray(2 * len(lasts))
    pairs[::2], pairs[1::2], less[1::2] = runs, lasts, runs
    number = int.from_bytes(pairs, "big") - int.from_bytes(less, "big")
    pairs[:] = number.to_bytes(len(pairs), "big")
    sizes[2::4], sizes[3::4] = pairs[::2], pairs[1::2]
    return sizes


def _runs(ended: bytes) -> bytes | None:
    """For each packet how many values of 255 stand before its last; None when they are too many.

    A mark takes up the 255 before it and is the next higher one then, until none is left.
    """
    marks, last = ended.translate(_FULL), b"\0"
    for mark in range(2, _MOST_AT_ONCE + 2):
        if b"\1" not in marks:
            return marks.translate(_RUNS)
        following = bytes((mark,))
        marks, last = marks.replace(b"\1" + last, following), following
    return None


def _one_by_one(ended: bytes) -> bytearray:
    sizes, size = bytearray(), 0
    for value in ended:
        size += value
        if value < 255:
            sizes += size.to_bytes(4, "big")
            size = 0
    return sizes
