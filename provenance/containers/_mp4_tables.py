"""The tables of an MP4's samples: sizes, chunks, and where those begin (MPF-024)."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from provenance.containers._mp4_boxes import Box, read, read_all
from provenance.containers._mp4_codec import RefusalError
from provenance.model.limits import Limits

_TABLE_BYTES = 96 << 20
_MOST = 255
"""So many rows are added up at once."""
_FEW = 16
"""As few chunks are added up one by one."""
_ROW = 512
_TOP = 3 if sys.byteorder == "little" else 0
"""Where in the 4 bytes of a number its highest one stands."""


def counted(stream: BinaryIO, box: Box | None, head: int, width: int) -> tuple[bytes, bytes]:
    """A counted table's head and entries; the count must fit the box."""
    if box is None:
        raise RefusalError("mp4.sample-table")
    start = read(stream, box.body, head)
    count = int.from_bytes(start[-4:], "big") if len(start) == head else -1
    length = count * width
    if count < 0 or box.body + head + length > box.end or length > _TABLE_BYTES:
        raise RefusalError("mp4.sample-table")
    return start, read_all(stream, box.body + head, length)


def words(data: bytes) -> array[int]:
    """A table of u32, big-endian."""
    table = array("I", data)
    if sys.byteorder == "little":
        table.byteswap()
    return table


def sample_sizes(stream: BinaryIO, table: Box, limits: Limits) -> array[int]:
    """Sample sizes (MPF-024)."""
    box = table.first(b"stsz")
    if box is None:
        raise RefusalError("mp4.sample-table")
    head = read(stream, box.body, 12)
    constant, count = int.from_bytes(head[4:8], "big"), int.from_bytes(head[8:12], "big")
    if count > limits.mp4_samples:
        raise RefusalError("mp4.too-many-samples", count=count)
    if constant:
        if constant * count > stream.seek(0, 2):
            raise RefusalError("mp4.sample-table")
        return array("I", [constant]) * count
    return words(counted(stream, box, 12, 4)[1])


def packed(sizes: array[int]) -> bytes:
    """The sizes as they are hashed: u32, big-endian."""
    table = array("I", sizes)
    if sys.byteorder == "little":
        table.byteswap()
    return table.tobytes()


def chunk_offsets(stream: BinaryIO, table: Box) -> array[int]:
    """The chunk offsets of stco or co64."""
    box = table.first(b"stco")
    if box is not None:
        return words(counted(stream, box, 8, 4)[1])
    offsets = array("Q", counted(stream, table.first(b"co64"), 8, 8)[1])
    if sys.byteorder == "little":
        offsets.byteswap()
    return offsets


def chunks(stream: BinaryIO, table: Box, sizes: array[int]) -> Iterator[tuple[int, int]]:
    """Where each chunk begins and how long it is, by stsc and the sizes; all fit in the file."""
    offsets = chunk_offsets(stream, table)
    runs = words(counted(stream, table.first(b"stsc"), 8, 12)[1])
    firsts, counts = runs[0::3], runs[1::3]
    if any(described != 1 for described in runs[2::3]):
        raise RefusalError("mp4.sample-table")
    bounds = [*firsts[1:], len(offsets) + 1]
    sample = 0
    budget = stream.seek(0, 2)
    if not len(firsts) or firsts[0] != 1:
        raise RefusalError("mp4.sample-table")
    for first, following, count in zip(firsts, bounds, counts, strict=True):
        if not first < following <= len(offsets) + 1 or not count:
            raise RefusalError("mp4.sample-table")
        end = sample + count * (following - first)
        if end > len(sizes):
            raise RefusalError("mp4.sample-table")
        for chunk, length in enumerate(sums(sizes[sample:end], count), first - 1):
            budget -= length
            if budget < 0:
                raise RefusalError("mp4.sample-table")
            yield offsets[chunk], length
        sample = end
    if sample != len(sizes):
        raise RefusalError("mp4.sample-table")


def sums(sizes: array[int], count: int) -> Sequence[int]:
    """The sums of ``count`` sizes (u32) each, of which there is a whole number.

    One long number has the first of each, one the second, and so on, and few additions do for all.
    """
    if count == 1:
        return sizes
    whole = sizes.tobytes()
    is_small = whole[_TOP::4].count(0) == len(sizes)  # below 16 MiB: 255 of them fit in 4 bytes
    if is_small and count <= _MOST and len(sizes) > _FEW * count:
        columns = (sizes[at::count].tobytes() for at in range(count))
        return _added(columns, len(whole) // count)
    parts = (sizes[at : at + count] for at in range(0, len(sizes), count))
    if is_small and _ROW <= 4 * count <= _MOST * _ROW:
        return [_sum_of_rows(part.tobytes()) for part in parts]
    return [sum(part) for part in parts]


def _sum_of_rows(data: bytes) -> int:
    rows = (data[at : at + _ROW].ljust(_ROW, b"\0") for at in range(0, len(data), _ROW))
    return sum(_added(rows, _ROW))


def _added(rows: Iterator[bytes], length: int) -> array[int]:
    """What rows of u32 add up to, place by place."""
    total = sum(int.from_bytes(row, sys.byteorder) for row in rows)
    return array("I", total.to_bytes(length, sys.byteorder))
