"""Chunks of RIFF (little-endian) and IFF (big-endian) files, and the ID3 tag in one of them.

Shared by WAV and AIFF (spec/containers/wav.md, aiff.md). Chunks are walked by their headers;
bodies are read only where they are small and needed. After an odd body stands a zero pad byte;
where the next byte is not zero it was forgotten, and the next chunk begins at once (WAV-008,
AIF-012). Whether players find the same chunks, ``_iff_readings`` says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from provenance.containers._id3_bytes import Budget
from provenance.containers.base import Carrier, Change, Item, Splice, Tags
from provenance.model.findings import Finding
from provenance.model.limits import Limits
from provenance.model.records import dataclass

if TYPE_CHECKING:
    from provenance.containers._id3 import Id3

HEADER = 8
ID3_CHUNKS = frozenset({b"id3 ", b"ID3 "})


@dataclass(frozen=True)
class Chunk:
    """One chunk: its id, where its header starts, its body's size, and where the next begins."""

    id: bytes
    start: int
    size: int
    end: int

    @property
    def body(self) -> int:
        """Where the body starts."""
        return self.start + HEADER

    @property
    def body_end(self) -> int:
        """Where the body ends, before a pad byte."""
        return self.body + self.size

    @property
    def name(self) -> str:
        """The id for people and places."""
        return self.id.decode("ascii", "replace").strip() or "?"


@dataclass(frozen=True)
class Walk:
    """Chunks in file order; ``cut`` is the first that passes the end, ``more`` that limits hit."""

    chunks: tuple[Chunk, ...]
    cut: Chunk | None
    more: bool
    rest: int
    """Where walking ended: what follows is not a chunk."""

    def ends_early(self, stated: int, size: int) -> bool:
        """Whether the file of ``size`` bytes ends before a chunk does, or the form as ``stated``.

        What follows may be missing then. A forgotten pad byte at the end is not.
        """
        return self.cut is not None or stated > size + 1


def walk(
    stream: BinaryIO,
    start: int,
    end: int,
    order: str,
    limits: Limits,
    sized: Callable[[bytes, int, int], int] = lambda _id, size, _body: size,
) -> Walk:
    """Walk chunks from ``start`` to ``end``; ``sized`` may give a chunk's true size (RF64)."""
    chunks: list[Chunk] = []
    at = start
    while at + HEADER <= end:
        if len(chunks) >= limits.items:
            return Walk(tuple(chunks), None, more=True, rest=at)
        stream.seek(at)
        head = stream.read(HEADER)
        if len(head) < HEADER or not _ID.match(head):
            return Walk(tuple(chunks), None, more=False, rest=at)
        stated = int.from_bytes(head[4:], "little" if order == "little" else "big")
        size = sized(head[:4], stated, at + HEADER)
        body_end = at + HEADER + size
        if body_end > end:
            return Walk(tuple(chunks), Chunk(head[:4], at, size, end), more=False, rest=at)
        following = body_end + (1 if size % 2 and _has_pad(stream, body_end, end) else 0)
        chunks.append(Chunk(head[:4], at, size, following))
        at = following
    return Walk(tuple(chunks), None, more=False, rest=at)


_ID = re.compile(rb"[!-~][ -~]{3}")
"""Four printable characters; the first is no space."""


def _has_pad(stream: BinaryIO, at: int, end: int) -> bool:
    if at >= end:
        return False
    stream.seek(at)
    return stream.read(1) == b"\0"


@dataclass(frozen=True)
class Tagged:
    """An ID3 chunk with the tag in it; ``tag`` is None when there is no readable one."""

    chunk: Chunk
    tag: Id3 | None


@dataclass(frozen=True)
class Contents:
    """What the chunks of a file hold for us."""

    tagged: tuple[Tagged, ...]
    carriers: tuple[Carrier, ...]
    items: tuple[Item, ...]
    tags: Tags
    notes: tuple[Finding, ...]
    incomplete: bool


def read_contents(
    stream: BinaryIO,
    container: str,
    chunks: Sequence[Chunk],
    skipped: frozenset[bytes],
    limits: Limits,
) -> Contents:
    """Read ID3 chunks; every other chunk but those ``skipped`` is a foreign item as a whole.

    The tags share the limits of bytes and frames, however many chunks there are (ID3-009).
    """
    tagged: list[Tagged] = []
    carriers: list[Carrier] = []
    items: list[Item] = []
    notes: list[Finding] = []
    tags = Tags()
    incomplete = False
    budget = Budget(limits)
    for number, chunk in enumerate(chunks):
        tag = None
        if chunk.id in ID3_CHUNKS:
            tag = _tag(stream, container, chunk, len(tagged), limits, budget)
            tagged.append(Tagged(chunk, tag))
        if tag is None:
            if chunk.id not in skipped:
                items.append(_whole(container, chunk, number))
            continue
        carriers += tag.carriers
        items += tag.items
        notes += tag.notes
        tags += tag.tags
        incomplete |= tag.incomplete
        items += _after_tag(container, chunk, tag)
    return Contents(tuple(tagged), tuple(carriers), tuple(items), tags, tuple(notes), incomplete)


def _tag(
    stream: BinaryIO, container: str, chunk: Chunk, number: int, limits: Limits, budget: Budget
) -> Id3 | None:
    from provenance.containers import _id3

    where = f"{container}:id3[{number}]"
    return _id3.read_tag(
        stream,
        chunk.body,
        chunk.body_end,
        where,
        limits,
        canonical=number == 0,
        budget=budget,
    )


def _whole(container: str, chunk: Chunk, number: int) -> Item:
    return Item(f"{container}:{chunk.name}[{number}]", chunk.start, HEADER + chunk.size)


def _after_tag(container: str, chunk: Chunk, tag: Id3) -> Iterator[Item]:
    """Bytes of the chunk behind its tag: nobody's that we know, so they are kept."""
    end = tag.start + tag.length
    if end < chunk.body_end:
        yield Item(f"{container}:{chunk.name}/rest", end, chunk.body_end - end)


@dataclass(frozen=True)
class Edited:
    """Splices for the ID3 chunks, and by how much the chunks of the form grow through them."""

    splices: tuple[Splice, ...]
    growth: int


@dataclass(frozen=True)
class NewChunk:
    """Where a new ID3 chunk goes, and how it is written."""

    at: int
    """The end of the form's last chunk."""
    name: bytes
    order: str
    needs_pad: bool
    """Whether the pad byte of the last chunk was forgotten, so that it must be made up for."""


def edit_chunks(stream: BinaryIO, contents: Contents, change: Change, new: NewChunk) -> Edited:
    """Take our frames out of every ID3 chunk and put the change into the first, or a new one.

    A chunk whose tag held only our frames is removed whole.
    """
    from provenance.containers import _id3

    splices: list[Splice] = []
    growth = 0
    wanted = change
    for tagged in contents.tagged:
        if tagged.tag is None:
            continue
        parts, grown = _edit_one(stream, tagged.chunk, tagged.tag, wanted, new.order)
        splices += parts
        growth += grown if tagged.chunk.start < new.at else 0
        wanted = Change(None, None)
    if any(value is not None for value in (wanted.manifest, wanted.summary, wanted.aigc)):
        body = _id3.render_tag(wanted)
        data = b"\0" * new.needs_pad + new.name + size_field(len(body), new.order)
        data += body + b"\0" * (len(body) % 2)
        splices.append(Splice(new.at, new.at, data))
        growth += len(data)
    return Edited(tuple(splices), growth)


def _edit_one(
    stream: BinaryIO, chunk: Chunk, tag: Id3, change: Change, order: str
) -> tuple[list[Splice], int]:
    from provenance.containers import _id3

    parts = list(_id3.edit_tag(stream, tag, change))
    grown = sum(len(p.data) - (p.end - p.start) for p in parts)
    if not parts:
        return [], 0
    size = chunk.size + grown
    if size == 0:
        return [Splice(chunk.start, chunk.end, b"")], chunk.start - chunk.end
    had_pad = chunk.end - chunk.body_end
    parts.append(Splice(chunk.start + 4, chunk.start + HEADER, size_field(size, order)))
    if had_pad != size % 2:
        parts.append(Splice(chunk.body_end, chunk.end, b"\0" * (size % 2)))
    return parts, grown + size % 2 - had_pad


def size_field(number: int, order: str) -> bytes:
    """A chunk's size field."""
    return number.to_bytes(4, "little" if order == "little" else "big")
