"""APEv2 tags at the end of a file (spec/containers/mp3.md 3; hydrogenaudio's APEv2 page).

We never write one; what others put there under our names is found and can be removed.
"""

from __future__ import annotations

import itertools
import re
from typing import BinaryIO, NamedTuple

from provenance.containers._id3_bytes import Budget
from provenance.containers.base import (
    MANIFEST_TAG,
    MAX_TAG_VALUES,
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
from provenance.model.records import dataclass

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
_ORDINARY = {
    b"title": "title",
    b"artist": "artist",
    b"album": "album",
    b"isrc": "isrc",
    b"label": "label",
    b"barcode": "barcode",
}
_OURS = {name.encode(): name for name in (MANIFEST_TAG, SUMMARY_TAG)}


class Span(NamedTuple):
    """Where a tag stands: items from ``first_item`` to ``footer``, ``announced`` of them."""

    start: int
    first_item: int
    footer: int
    announced: int


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


def read_ape(stream: BinaryIO, span: Span, where: str, limits: Limits, budget: Budget) -> Ape:
    """Read the items of a tag that ``locate`` found (APE-001 to APE-003)."""
    walk = _Walk(stream, span, where, limits, budget)
    walk.run()
    return Ape(
        span.start,
        span.footer + FOOTER - span.start,
        where,
        tuple(walk.carriers),
        tuple(walk.items),
        Tags.of(walk.tags),
        tuple(walk.notes),
        walk.incomplete,
        span,
        tuple(walk.ours),
    )


class _ApeItem(NamedTuple):
    where: str
    key: bytes
    start: int
    value: int
    end: int


class _Walk:
    """One walk over the items of one tag."""

    def __init__(
        self, stream: BinaryIO, span: Span, where: str, limits: Limits, budget: Budget
    ) -> None:
        self.carriers: list[Carrier] = []
        self.items: list[Item] = []
        self.notes: list[Finding] = []
        self.ours: list[tuple[int, int]] = []
        self.tags: dict[str, list[str]] = {}
        self.incomplete = False
        self._stream, self._span, self._where = stream, span, where
        self._limits, self._budget = limits, budget

    def run(self) -> None:
        """Go from item to item, until one does not end in the tag."""
        at, end = self._span.first_item, self._span.footer
        for index in itertools.count():
            if at == end:
                return
            if not self._budget.item():
                self.incomplete = True
                return
            item = self._item(at, end, f"{self._where}[{index}]")
            if item is None:
                where = f"{self._where}/trailing"
                self.items.append(Item(where, at, end - at))
                if self._budget.note():
                    self.notes.append(finding(Code.CARRIER_UNREADABLE_ITEM, where))
                return
            self._keep(item)
            at = item.end

    def _item(self, at: int, end: int, where: str) -> _ApeItem | None:
        """The item at ``at``; None when there is none that ends by ``end``."""
        self._stream.seek(at)
        head = self._stream.read(min(_ITEM_HEADER + _KEY_BYTES, end - at))
        key = _KEY.match(head, _ITEM_HEADER)
        if key is None:
            return None
        value = at + key.end() + 1
        item_end = value + int.from_bytes(head[:4], "little")
        return _ApeItem(where, key[0], at, value, item_end) if item_end <= end else None

    def _keep(self, item: _ApeItem) -> None:
        name = _OURS.get(item.key.upper())
        if name is not None:
            self._keep_ours(name, item)
            return
        self.items.append(Item(item.where, item.start, item.end - item.start))
        slot = _ORDINARY.get(item.key.lower())
        if slot is not None and item.end - item.value <= _TEXT_BYTES:
            texts = self.tags.setdefault(slot, [])
            value = self._value(item) or b""
            parts = value.split(b"\x00", MAX_TAG_VALUES)[:MAX_TAG_VALUES]
            texts += [p.decode("utf-8", "replace") for p in parts if p]
            del texts[MAX_TAG_VALUES:]

    def _keep_ours(self, name: str, item: _ApeItem) -> None:
        self.ours.append((item.start, item.end))
        size = item.end - item.value
        is_small = size <= self._limits.bundle_bytes
        value = self._value(item) if is_small else None
        parts = [b""] if value is None else value.split(b"\x00")
        too_large = None if is_small else size
        unread = size if is_small and value is None else None
        length = item.end - item.start
        self.carriers += [
            Carrier(name, item.where, part, item.start, length, False, too_large, unread)
            for part in parts[: self._budget.carriers(len(parts))]
        ]

    def _value(self, item: _ApeItem) -> bytes | None:
        """The value's bytes; None, and the walk incomplete, when the budget has run out."""
        if not self._budget.take(item.end - item.value):
            self.incomplete = True
            return None
        self._stream.seek(item.value)
        return self._stream.read(item.end - item.value)


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
    count = max(span.announced - len(tag.ours), 0)
    numbers = size.to_bytes(4, "little") + count.to_bytes(4, "little")
    places = {span.start, span.footer} if span.start < span.first_item else {span.footer}
    mended = [Splice(p + _SIZE_AT, p + _COUNT_AT + 4, numbers) for p in sorted(places)]
    return (*(Splice(start, end, b"") for start, end in tag.ours), *mended)
