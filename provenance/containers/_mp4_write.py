"""Writing our atoms into an MP4 by splices (MPF-040 to MPF-045)."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from provenance.containers._mp4_boxes import HEADER, Box
from provenance.containers._mp4_tables import chunk_offsets
from provenance.containers.base import AIGC_TAG, MANIFEST_TAG, SUMMARY_TAG, Change, Splice
from provenance.model.errors import RefusedError
from provenance.model.records import dataclass

_MEAN = b"com.apple.iTunes"
_UTF8 = 1
_MAX_32 = 0xFFFFFFFF
_HANDLER = bytes(8) + b"mdirappl" + bytes(9)


@dataclass(frozen=True)
class _Insert:
    """New bytes behind the last box in a box: what ends it, like QuickTime's zeros, stays last."""

    into: Box
    data: bytes


def edits(
    source: BinaryIO, root: Box, removed: Sequence[tuple[int, int]], change: Change
) -> list[Splice]:
    """All splices: our atoms out and in, free space, sizes of the boxes around, offsets."""
    parts = [Splice(start, start + length, b"") for start, length in removed]
    insert = _insert(root, change)
    if insert is not None:
        parts.append(Splice(insert.into.filled, insert.into.filled, insert.data))
    if not parts:
        return []
    growth = sum(len(p.data) - (p.end - p.start) for p in parts)
    free = _free(root, growth)
    if free is not None:
        parts.append(_resized(free, growth))
        growth = 0
    parts += _sizes(root, parts, insert)
    if growth:
        parts += _offsets(source, root, growth, max(p.end for p in parts))
    return parts


def _atom(name: str, value: bytes) -> bytes:
    mean = _box(b"mean", bytes(4) + _MEAN)
    data = _box(b"data", _UTF8.to_bytes(4, "big") + bytes(4) + value)
    return _box(b"----", mean + _box(b"name", bytes(4) + name.encode("ascii")) + data)


def _box(name: bytes, content: bytes) -> bytes:
    return (HEADER + len(content)).to_bytes(4, "big") + name + content


def _insert(root: Box, change: Change) -> _Insert | None:
    """Where the atoms go: the first ilst, or the innermost box of its path that exists."""
    atoms = b""
    if change.manifest is not None:
        atoms += _atom(MANIFEST_TAG, change.manifest)
    if change.summary is not None:
        atoms += _atom(SUMMARY_TAG, change.summary.encode())
    if change.aigc is not None:
        atoms += _atom(AIGC_TAG, change.aigc)
    if not atoms:
        return None
    moov = next(root.all(b"moov"))
    udta = moov.first(b"udta")
    meta = moov.first(b"udta", b"meta")
    ilst = moov.first(b"udta", b"meta", b"ilst")
    if ilst is not None:
        return _Insert(ilst, atoms)
    atoms = _box(b"ilst", atoms)
    described = bytes(4) + _box(b"hdlr", _HANDLER) + atoms
    if meta is not None:
        return _Insert(meta, described if meta.body == meta.end else atoms)
    atoms = _box(b"meta", described)
    if udta is not None:
        return _Insert(udta, atoms)
    return _Insert(moov, _box(b"udta", atoms))


def _free(root: Box, growth: int) -> Box | None:
    """A free box inside moov, or right behind it, that can take or give the difference."""
    moov = next(root.all(b"moov"))
    behind = [b for b in root.children if b.start == moov.end]
    inside = [c for b in (_path(moov)) for c in b.children]
    for box in (*inside, *behind):
        left = box.end - box.start - growth
        fits = left == 0 or HEADER <= left <= _MAX_32
        if box.name in {b"free", b"skip"} and not box.open_ended and fits:
            return box
    return None


def _path(moov: Box) -> Iterator[Box]:
    """meta, udta and moov, innermost first, as far as they exist."""
    for names in ((b"udta", b"meta"), (b"udta",), ()):
        box = moov.first(*names)
        if box is not None:
            yield box


def _resized(free: Box, growth: int) -> Splice:
    """The box with a new head, and as many bytes fewer or more behind it; the rest is kept."""
    left = free.end - free.start - growth
    if left == 0:
        return Splice(free.start, free.end, b"")
    gone = HEADER + growth
    head = left.to_bytes(4, "big") + free.name + bytes(max(free.header - gone, 0))
    return Splice(free.start, free.start + max(gone, free.header), head)


def _sizes(root: Box, parts: Sequence[Splice], insert: _Insert | None) -> Iterator[Splice]:
    """New size fields of every box around a splice."""
    moov = next(root.all(b"moov"))
    starts: dict[int, list[int]] = {}
    grown: dict[int, tuple[Box, int]] = {}
    for part in parts:
        is_insertion = insert is not None and part.start == part.end
        around = _into(insert) if is_insertion and insert else _around(moov, part, starts)
        for box in around:
            _, by = grown.get(box.start, (box, 0))
            grown[box.start] = (box, by + len(part.data) - (part.end - part.start))
    for box, by in grown.values():
        if by and not box.open_ended:
            yield _size_field(box, box.end - box.start + by)


def _into(insert: _Insert) -> Iterator[Box]:
    """The box at the end of whose content the insertion stands, and those around it."""
    yield insert.into
    yield from insert.into.ancestors()


def _around(moov: Box, part: Splice, starts: dict[int, list[int]]) -> Iterator[Box]:
    """The boxes in whose content a replaced range lies, from moov inwards.

    ``starts`` keeps where the children of a box start, by the start of the box.
    """
    box = moov
    while box.body <= part.start and part.end <= box.end:
        if (part.start, part.end) == (box.start, box.end):
            return
        yield box
        if box.start not in starts:
            starts[box.start] = [c.start for c in box.children]
        child = bisect_right(starts[box.start], part.start) - 1
        if child < 0:
            return
        box = box.children[child]


def _size_field(box: Box, size: int) -> Splice:
    if box.header > HEADER:
        return Splice(box.start + 8, box.start + 16, size.to_bytes(8, "big"))
    if size > _MAX_32:
        raise RefusedError("mp4.too-large")
    return Splice(box.start, box.start + 4, size.to_bytes(4, "big"))


def _offsets(source: BinaryIO, root: Box, growth: int, behind: int) -> Iterator[Splice]:
    """Chunk offsets of every track, moved where the data moves (MPF-044)."""
    if any(True for _ in _other_offsets(root)):
        raise RefusedError("mp4.absolute-offsets")
    for table in next(root.all(b"moov")).all(b"trak", b"mdia", b"minf", b"stbl"):
        box = table.first(b"stco") or table.first(b"co64")
        if box is None:
            continue
        offsets = chunk_offsets(source, table)
        moved = [o + growth if o >= behind else o for o in offsets]
        kind = "I" if box.name == b"stco" else "Q"
        if kind == "I" and moved and max(moved) > _MAX_32:
            raise RefusedError("mp4.offset-overflow")
        packed = array(kind, moved)
        if sys.byteorder == "little":
            packed.byteswap()
        start = box.body + 8
        yield Splice(start, start + len(moved) * packed.itemsize, packed.tobytes())


def _other_offsets(root: Box) -> Iterator[Box]:
    """Boxes with absolute offsets of their own, which we would have to understand."""
    waiting = [root]
    while waiting:
        box = waiting.pop()
        if box.name in {b"iloc", b"mfra", b"saio"}:
            yield box
        waiting += box.children
