"""Boxes of an MP4 or QuickTime file, walked without recursion on the input (MPF-001 to MPF-003).

Only boxes on known paths are descended into, so nesting cannot be made deep; every size is
checked against its parent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from provenance.containers.base import Refusal
from provenance.model.limits import Limits

HEADER, LONG_HEADER = 8, 16
META_VERSION = 4

DESCEND: Mapping[bytes, frozenset[bytes]] = {
    b"": frozenset({b"moov", b"udta", b"meta"}),
    b"moov": frozenset({b"trak", b"udta", b"meta"}),
    b"trak": frozenset({b"mdia", b"edts", b"tref", b"udta", b"meta"}),
    b"mdia": frozenset({b"minf", b"udta"}),
    b"minf": frozenset({b"stbl", b"dinf", b"gmhd", b"udta"}),
    b"udta": frozenset({b"meta"}),
    b"meta": frozenset({b"ilst", b"dinf"}),
}
"""Which children of a box are walked into; the empty name is the file."""


@dataclass(slots=True)
class Box:
    """One box: its name, place, header length, children (when walked) and parent."""

    name: bytes
    start: int
    end: int
    header: int
    parent: Box | None = None
    children: list[Box] = field(default_factory=list)
    open_ended: bool = False
    filled: int = 0
    """Where its children end (when walked): what is behind them is no box."""
    _path: str | None = None

    @property
    def body(self) -> int:
        """Where the content starts."""
        return self.start + self.header

    @property
    def path(self) -> str:
        """The names from the file down, for people and places."""
        if self._path is None:
            above = f"{self.parent.path}/" if self.parent and self.parent.name else ""
            self._path = above + self.name.decode("latin-1")
        return self._path

    def all(self, *names: bytes) -> Iterator[Box]:
        """Every descendant at this path of names."""
        if not names:
            yield self
            return
        for child in self.children:
            if child.name == names[0]:
                yield from child.all(*names[1:])

    def first(self, *names: bytes) -> Box | None:
        """The first descendant at this path of names."""
        return next(self.all(*names), None)

    def ancestors(self) -> Iterator[Box]:
        """The boxes around this one, innermost first; the file itself is not one."""
        box = self.parent
        while box is not None and box.name:
            yield box
            box = box.parent


@dataclass(frozen=True)
class Tree:
    """The file's boxes; a structure that cannot be believed is a refusal."""

    root: Box
    refusal: Refusal | None = None
    more: bool = False


def read_tree(stream: BinaryIO, size: int, limits: Limits) -> Tree:
    """Walk all boxes of the known paths; ``limits.items`` bounds the boxes of one path."""
    root = Box(b"", 0, size, 0)
    waiting = [root]
    refusal: Refusal | None = None
    more = False
    counts: Counter[str] = Counter()
    while waiting:
        box = waiting.pop()
        fault = _read_children(stream, box, limits.items - counts[box.path])
        counts[box.path] += len(box.children)
        if fault == "more":
            more = True
        elif fault is not None:
            refusal = refusal or Refusal(fault, {"box": box.path or "file"})
        wanted = DESCEND.get(box.name, frozenset())
        waiting += [c for c in box.children if c.name in wanted]
    return Tree(root, refusal, more)


def _read_children(stream: BinaryIO, parent: Box, most: int) -> str | None:
    """Read a box's children; the rule that is broken, ``more`` at the limit, or None."""
    at = parent.body + _skip(stream, parent)
    parent.filled = min(at, parent.end)
    while at < parent.end:
        if len(parent.children) >= most:
            return "more"
        box = _box(stream, at, parent)
        if box is None:
            trailing = parent.name in {b"udta", b"ilst"} and parent.end - at < HEADER
            return None if trailing else "mp4.box-size"
        parent.children.append(box)
        at = parent.filled = box.end
    return None


def _skip(stream: BinaryIO, box: Box) -> int:
    """ISO meta has a version field, QuickTime's has not."""
    if box.name != b"meta":
        return 0
    stream.seek(box.body + 4)
    return 0 if stream.read(4) == b"hdlr" else META_VERSION


def _box(stream: BinaryIO, at: int, parent: Box) -> Box | None:
    stream.seek(at)
    head = stream.read(LONG_HEADER)
    if len(head) < HEADER:
        return None
    size, name, header = int.from_bytes(head[:4], "big"), head[4:8], HEADER
    if size == 1 and len(head) == LONG_HEADER:
        size, header = int.from_bytes(head[8:], "big"), LONG_HEADER
    open_ended = size == 0 and header == HEADER and not parent.name
    if open_ended:
        size = parent.end - at
    if size < header or at + size > parent.end:
        return None
    return Box(name, at, at + size, header, parent, open_ended=open_ended)


def children_at(stream: BinaryIO, start: int, end: int, limit: int) -> list[Box]:
    """The boxes in a byte range, one level; what cannot be believed ends the list."""
    holder = Box(b"?", start, end, 0)
    found: list[Box] = []
    at = start
    while at < end and len(found) < limit:
        box = _box(stream, at, holder)
        if box is None:
            return found
        found.append(box)
        at = box.end
    return found


def read(stream: BinaryIO, start: int, length: int) -> bytes:
    """Bytes at a place."""
    stream.seek(start)
    return stream.read(length)


def read_all(stream: BinaryIO, start: int, length: int) -> bytes:
    """As many bytes at a place; raises ``EOFError`` where the file has become shorter."""
    data = read(stream, start, length)
    if len(data) != length:
        raise EOFError("the file became shorter while it was read")
    return data
