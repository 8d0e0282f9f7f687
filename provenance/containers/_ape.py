"""APEv2 tags at the end of a file (spec/containers/mp3.md 3; hydrogenaudio's APEv2 page).

We never write one; what others put there under our names is found and can be removed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import BinaryIO

from provenance.containers._id3_bytes import Budget
from provenance.containers.base import (
    MANIFEST_TAG,
    SUMMARY_TAG,
    Carrier,
    Item,
    Splice,
    Tags,
)
from provenance.model.codes import Code
from provenance.model.errors import RefusedError
from provenance.model.findings import Finding, finding
from provenance.model.limits import Limits

PREAMBLE = b"APETAGEX"
FOOTER = 32
_VERSIONS = {1000, 2000}
_HAS_HEADER = 1 << 31
_IS_HEADER = 1 << 29
_SIZE_AT, _COUNT_AT = 12, 16
_ITEM_HEADER = 8
_KEY = re.compile(rb"[\x20-\x7e]{2,255}(?=\x00)")
_KEY_BYTES = 256
_TEXT_BYTES = 64 * 1024
_ORDINARY = {b"title": "title", b"artist": "artist", b"album": "album", b"isrc": "isrc"}
_OURS = {name.encode(): name for name in (MANIFEST_TAG, SUMMARY_TAG)}


@dataclass(frozen=True)
class Span:
    """Where a tag stands: items from ``first_item`` to ``footer``, ``count`` of them announced."""

    start: int
    first_item: int
    footer: int
    count: int


@dataclass(frozen=True)
class Ape:
    """One APEv2 tag: ``start`` and ``length`` are the whole tag, header and footer included."""

    start: int
    length: int
    where: str
    carriers: tuple[Carrier, ...]
    items: tuple[Item, ...]
    tags: Tags
    notes: tuple[Finding, ...]
    incomplete: bool
    span: Span
    ours: tuple[tuple[int, int], ...]


def locate(footer: bytes, start: int, end: int) -> Span | None:
    """Find the tag whose 32-byte footer ends at ``end``; None when its size is impossible.

    ``start`` is the lowest offset where it may begin.
    """
    version = int.from_bytes(footer[8:12], "little")
    size = int.from_bytes(footer[12:16], "little")
    count = int.from_bytes(footer[16:20], "little")
    flags = int.from_bytes(footer[20:24], "little")
    first = end - size
    begin = first - (FOOTER if flags & _HAS_HEADER else 0)
    if version not in _VERSIONS or flags & _IS_HEADER or size < FOOTER or begin < start:
        return None
    return Span(begin, first, end - FOOTER, count)


@dataclass
class _Found:
    carriers: list[Carrier] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    ours: list[tuple[int, int]] = field(default_factory=list)
    tags: dict[str, list[str]] = field(default_factory=dict)
    incomplete: bool = False


def read_ape(stream: BinaryIO, span: Span, where: str, limits: Limits, budget: Budget) -> Ape:
    """Read the items of a tag that ``locate`` found."""
    found = _Found()
    at = span.first_item
    index = 0
    while at < span.footer:
        if index == limits.items:
            found.incomplete = True
            break
        item = _item(stream, at, span.footer, f"{where}[{index}]")
        if item is None:
            found.items.append(Item(f"{where}/trailing", at, span.footer - at))
            found.notes.append(finding(Code.CARRIER_UNREADABLE_ITEM, f"{where}/trailing"))
            break
        _keep(found, stream, item, limits, budget)
        at = item.end
        index += 1
    tags = Tags(**{name: tuple(texts) for name, texts in found.tags.items()})
    return Ape(
        span.start,
        span.footer + FOOTER - span.start,
        where,
        tuple(found.carriers),
        tuple(found.items),
        tags,
        tuple(found.notes),
        found.incomplete,
        span,
        tuple(found.ours),
    )


@dataclass(frozen=True)
class _ApeItem:
    where: str
    key: bytes
    start: int
    value: int
    end: int


def _item(stream: BinaryIO, at: int, end: int, where: str) -> _ApeItem | None:
    """The item at ``at``; None when there is none that ends by ``end``."""
    stream.seek(at)
    head = stream.read(min(_ITEM_HEADER + _KEY_BYTES, end - at))
    key = _KEY.match(head, _ITEM_HEADER)
    if key is None:
        return None
    value = at + key.end() + 1
    item_end = value + int.from_bytes(head[:4], "little")
    if item_end > end:
        return None
    return _ApeItem(where, key[0], at, value, item_end)


def _keep(found: _Found, stream: BinaryIO, item: _ApeItem, limits: Limits, budget: Budget) -> None:
    ours = _OURS.get(item.key.upper())
    slot = _ORDINARY.get(item.key.lower())
    length = item.end - item.start
    if ours is None:
        found.items.append(Item(item.where, item.start, length))
    else:
        found.ours.append((item.start, item.end))
    limit = limits.bundle_bytes if ours else _TEXT_BYTES
    size = item.end - item.value
    data = b""
    if size > limit and ours:
        found.notes.append(finding(Code.CARRIER_TOO_LARGE, item.where, size=size, limit=limit))
    elif (ours or slot) and size <= limit:
        if budget.take(size):
            stream.seek(item.value)
            data = stream.read(size)
        else:
            found.incomplete = True
    parts = data.split(b"\x00", limits.items)
    if ours:
        found.incomplete = found.incomplete or len(parts) > limits.items
        found.carriers += [
            Carrier(ours, item.where, part, item.start, length, canonical=False)
            for part in parts[: limits.items]
        ]
    elif slot:
        texts = found.tags.setdefault(slot, [])
        texts += [part.decode("utf-8", "replace") for part in parts if part]


def edit_ape(tag: Ape) -> tuple[Splice, ...]:
    """Take our items out of a tag and mend its sizes and counts; nothing of ours: no splice.

    A tag that had nothing but our items is removed whole. Raises ``RefusedError``
    (``ape.incomplete``) when not all of it was read.
    """
    if tag.incomplete:
        raise RefusedError("ape.incomplete")
    if not tag.ours:
        return ()
    if not tag.items:
        return (Splice(tag.start, tag.start + tag.length, b""),)
    span = tag.span
    removed = sum(end - start for start, end in tag.ours)
    size = span.footer + FOOTER - span.first_item - removed
    count = max(span.count - len(tag.ours), 0)
    numbers = size.to_bytes(4, "little") + count.to_bytes(4, "little")
    places = {span.start, span.footer} if span.start < span.first_item else {span.footer}
    mended = [Splice(p + _SIZE_AT, p + _COUNT_AT + 4, numbers) for p in sorted(places)]
    return (*(Splice(start, end, b"") for start, end in tag.ours), *mended)
