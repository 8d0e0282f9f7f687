"""Reading ID3v2.2, 2.3 and 2.4 tags, one frame header at a time (spec/containers/id3.md 2, 3).

Pictures are skipped by seek; nothing is inflated or decrypted; every loop is bounded by the tag's
own size, and frames, carriers and what is read into memory by a ``Budget``.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import BinaryIO, NamedTuple

from provenance.containers import _id3_text
from provenance.containers._id3_bytes import (
    EXTENDED,
    FOOTER,
    HEADER,
    UNSYNCHRONISED,
    Budget,
    Plain,
    Stuffed,
    end_of_zeros,
    footer_length,
    synchsafe,
    tag_length,
)
from provenance.containers.base import (
    MANIFEST_TAG,
    MAX_TAG_VALUES,
    SUMMARY_TAG,
    Carrier,
    Item,
    Tags,
)
from provenance.model.codes import Code
from provenance.model.findings import Finding, finding
from provenance.model.limits import Limits
from provenance.model.records import dataclass

_COMPRESSED_TAG = 0x40
_KNOWN_FLAGS = {
    2: UNSYNCHRONISED | _COMPRESSED_TAG,
    3: UNSYNCHRONISED | EXTENDED | 0x20,
    4: UNSYNCHRONISED | EXTENDED | 0x20 | FOOTER,
}
_ID_LENGTH = {2: 3, 3: 4, 4: 4}
_FRAME_HEADER = {2: 6, 3: 10, 4: 10}
_LONG_ID = re.compile(rb"[A-Z0-9]{3}[A-Z0-9 \0]")
_FRAME_ID = {2: re.compile(rb"[A-Z0-9]{3}"), 3: _LONG_ID, 4: _LONG_ID}
_USER_TEXT = frozenset({"TXXX", "TXX"})
_ORDINARY = {
    "TIT2": "title",
    "TT2": "title",
    "TPE1": "artist",
    "TP1": "artist",
    "TALB": "album",
    "TAL": "album",
    "TSRC": "isrc",
    "TRC": "isrc",
    "TPUB": "label",
    "TPB": "label",
}
_USER_ORDINARY = {b"BARCODE": "barcode", b"UPC": "barcode", b"EAN": "barcode"}
"""What user text frames with these descriptions are, where they are as short as they should be."""
_OURS = {name.encode(): name for name in (MANIFEST_TAG, SUMMARY_TAG)}
_PEEK = 128
"""Bytes that hold the longest of our names with its NUL, in any encoding, stuffed or not."""
_TEXT_BYTES = 64 * 1024
"""An ordinary text longer than this is not a title; an extended header neither."""
_FLAGS_2_3 = {"unreadable": 0x80 | 0x40, "group": 0x20, "length": 0, "stuffed": 0}
_FLAGS_2_4 = {"unreadable": 0x08 | 0x04, "group": 0x40, "length": 0x01, "stuffed": 0x02}


class Layout(NamedTuple):
    """What the writer needs to know; offsets are the file's, as the bytes stand.

    A tag is ``header, extended header, frames, zeros, trailing bytes, footer``: frames begin at
    ``first_frame`` and end at ``frames_end``, the zeros end at ``padding_end``, the rest at
    ``body_end`` (before the footer). ``ours`` are our frames, ``foreign`` counts the others.
    ``sealed`` is the rule that forbids to add a frame, or None.
    """

    flags: int
    first_frame: int
    frames_end: int
    padding_end: int
    body_end: int
    foreign: int
    ours: tuple[tuple[int, int], ...]
    sealed: str | None
    extended: bytes


@dataclass(frozen=True)
class Id3:
    """One ID3v2 tag: ``start`` and ``length`` are the whole tag, padding and footer included."""

    start: int
    length: int
    version: int
    where: str
    carriers: tuple[Carrier, ...]
    items: tuple[Item, ...]
    tags: Tags
    notes: tuple[Finding, ...]
    incomplete: bool
    layout: Layout


def read_tag(  # noqa: PLR0913 - one place, its bounds, and how it is to be read
    stream: BinaryIO,
    start: int,
    end: int,
    where: str,
    limits: Limits,
    *,
    canonical: bool = True,
    budget: Budget | None = None,
) -> Id3 | None:
    """Read the ID3v2 tag that begins at ``start`` and must end by ``end`` (file offsets).

    None: there is no header of version 2.2, 2.3 or 2.4, or the tag would pass ``end``.
    ``budget`` is shared by the tags of one file. Only the stream's ``OSError`` is raised.
    """
    stream.seek(start)
    header = stream.read(min(HEADER, max(end - start, 0)))
    length = tag_length(header)
    if length is None or header[3] not in _KNOWN_FLAGS or start + length > end:
        return None
    walk = _Walk(stream, header, start, start + length, where)
    walk.limits, walk.canonical, walk.budget = limits, canonical, budget or Budget(limits)
    return walk.read()


class _Found:
    """What has been collected so far."""

    def __init__(self) -> None:
        self.carriers: list[Carrier] = []
        self.items: list[Item] = []
        self.notes: list[Finding] = []
        self.ours: list[tuple[int, int]] = []
        self.tags: dict[str, list[str]] = {}
        self.counts: Counter[str] = Counter()
        self.frames = 0
        self.incomplete = False


class _Frame(NamedTuple):
    """One frame: ``data`` is what was read of its content, ``size`` all of it."""

    name: str
    where: str
    flags: int
    size: int
    data: bytes = b""
    ours: str | None = None


class _Walk:
    """One walk over one tag."""

    limits: Limits
    canonical: bool
    budget: Budget

    def __init__(self, stream: BinaryIO, header: bytes, start: int, end: int, where: str) -> None:
        self.stream, self.start, self.end, self.where = stream, start, end, where
        self.version, self.flags = header[3], header[5]
        self.body_end = end - footer_length(header)
        self.sealed: str | None = None
        if self.flags & ~_KNOWN_FLAGS[self.version]:
            self.sealed = "id3.unknown-flags"
        self.extended = b""
        self.found = _Found()

    def read(self) -> Id3:
        """Read the whole tag."""
        stuffed = self.version < 4 and self.flags & UNSYNCHRONISED
        reader = (Stuffed if stuffed else Plain)(self.stream, self.start + HEADER, self.body_end)
        readable = self._enter(reader)
        first = reader.tell() if readable else self.start + HEADER
        frames_end = self._frames(reader) if readable else first
        padding_end = frames_end if self.found.incomplete else self._padding(frames_end)
        found = self.found
        return Id3(
            self.start,
            self.end - self.start,
            self.version,
            self.where,
            tuple(found.carriers),
            tuple(found.items),
            Tags.of(found.tags),
            tuple(found.notes),
            found.incomplete,
            self._layout((first, frames_end, padding_end)),
        )

    def _layout(self, offsets: tuple[int, int, int]) -> Layout:
        ours = tuple(self.found.ours)
        foreign = self.found.frames - len(ours)
        return Layout(
            self.flags, *offsets, self.body_end, foreign, ours, self.sealed, self.extended
        )

    def _enter(self, reader: Plain) -> bool:
        """Pass over the extended header; False when no frame can be read after it."""
        if self.version == 2:
            if self.flags & _COMPRESSED_TAG:
                self.sealed = "id3.compressed"
            return not self.flags & _COMPRESSED_TAG
        if not self.flags & EXTENDED or self._begins_with_a_frame(reader):
            return True
        size = reader.read(4)
        plain = int.from_bytes(size, "big")
        rest = plain if self.version == 3 else (synchsafe(size) or 0) - 4
        if len(size) < 4 or not 0 <= rest <= _TEXT_BYTES:
            self.sealed = "id3.extended-header"
            return False
        self.extended = size + reader.read(rest)
        return True

    def _begins_with_a_frame(self, reader: Plain) -> bool:
        """Some taggers set the flag for an extended header and write none."""
        self.stream.seek(reader.tell())
        return bool(re.fullmatch(rb"[A-Z][A-Z0-9]{3}", self.stream.read(4)))

    def _frames(self, reader: Plain) -> int:
        """Walk the frames; gives the file offset of the end of the last one."""
        length = _FRAME_HEADER[self.version]
        begins_with_id = _FRAME_ID[self.version].match
        while True:
            at = reader.tell()
            head = reader.read(length)
            if len(head) < length or not begins_with_id(head):
                return at
            if not self.budget.item():
                self.found.incomplete = True
                return at
            frame = self._take(reader, self._frame(head, reader))
            if frame is None:
                return at
            self._keep(frame, at, reader.tell())

    def _frame(self, head: bytes, reader: Plain) -> _Frame:
        length = _ID_LENGTH[self.version]
        name = head[:length].rstrip(b" \x00").decode("ascii")
        where = f"{self.where}/{name}[{self.found.counts[name]}]"
        flags = 0 if self.version == 2 else head[9]
        return _Frame(name, where, flags, self._size(head[length : 2 * length], reader))

    def _size(self, field_bytes: bytes, reader: Plain) -> int:
        """Bytes of the content (ID3-010; some 2.4 writers put plain sizes)."""
        plain = int.from_bytes(field_bytes, "big")
        if self.version != 4:
            return plain
        safe = synchsafe(field_bytes)
        if safe is None or safe == plain:
            return plain
        at = reader.tell()
        is_plain = not self._is_boundary(at + safe) and self._is_boundary(at + plain)
        return plain if is_plain else safe

    def _is_boundary(self, at: int) -> bool:
        """Whether a frame, padding or the end of the frames stands at ``at``."""
        if at >= self.body_end:
            return at == self.body_end
        self.stream.seek(at)
        head = self.stream.read(min(HEADER, self.body_end - at))
        return not any(head) or (len(head) == HEADER and bool(_LONG_ID.match(head)))

    def _take(self, reader: Plain, frame: _Frame) -> _Frame | None:
        """Read what is wanted of a frame and pass over the rest; None: it passes the tag's end."""
        data, ours = b"", None
        if frame.name in _USER_TEXT:
            data = reader.read(min(frame.size, _PEEK))
            ours = self._our_name(frame, data)
            if ours and self._is_small(frame) and self._afford(frame.size):
                data += reader.read(frame.size - len(data))
        elif frame.name in _ORDINARY and frame.size <= _TEXT_BYTES and self._afford(frame.size):
            data = reader.read(frame.size)
        if not reader.skip(frame.size - len(data)):
            return None
        return frame._replace(data=data, ours=ours)

    def _afford(self, count: int) -> bool:
        if self.budget.take(count):
            return True
        self.found.incomplete = True
        return False

    def _is_small(self, frame: _Frame) -> bool:
        """Whether the values of a frame of ours may be small enough to be read (ID3-006)."""
        return frame.size <= 2 * self.limits.bundle_bytes + _PEEK

    def _content(self, frame: _Frame) -> bytes | None:
        """The frame's content as it was meant; None when it is compressed or encrypted."""
        if self.version == 2:
            return frame.data
        bits = _FLAGS_2_4 if self.version == 4 else _FLAGS_2_3
        if frame.flags & bits["unreadable"]:
            return None
        group, length = bool(frame.flags & bits["group"]), bool(frame.flags & bits["length"])
        data = frame.data[group + 4 * length :]
        stuffed = self.version == 4 and (
            self.flags & UNSYNCHRONISED or frame.flags & bits["stuffed"]
        )
        return _id3_text.resynchronise(data) if stuffed else data

    def _our_name(self, frame: _Frame, peek: bytes) -> str | None:
        """Our tag's name if the description of a user text frame is that, in any case."""
        content = self._content(frame._replace(data=peek))
        parts = _id3_text.texts(content) if content is not None else None
        if parts is None:
            self._note_unreadable(frame.where)
            return None
        return _OURS.get(parts[0].upper())

    def _keep(self, frame: _Frame, at: int, end: int) -> None:
        self.found.counts[frame.name] += 1
        self.found.frames += 1
        if frame.ours is None:
            self.found.items.append(Item(frame.where, at, end - at))
            if frame.name in _USER_TEXT:
                self._user_ordinary(frame)
            else:
                self._ordinary(frame)
            return
        self.found.ours.append((at, end))
        values = self._values(frame)
        is_past = len(frame.data) < frame.size and self._is_small(frame)
        carrier = Carrier(frame.ours, frame.where, b"", at, end - at, self.canonical)
        if is_past:
            kept = [replace(carrier, unread=frame.size)]
        elif values is None:
            kept = [replace(carrier, too_large=frame.size)]
        else:
            kept = [replace(carrier, value=value) for value in values]
        self.found.carriers += kept[: self.budget.carriers(len(kept))]

    def _values(self, frame: _Frame) -> list[bytes] | None:
        """The values after the description; None where they are not read, or too large."""
        if len(frame.data) < frame.size:
            return None
        parts = _id3_text.texts(self._content(frame) or b"") or []
        values = _id3_text.values(parts[1:])
        if max(map(len, values)) > self.limits.bundle_bytes:
            return None
        return values[: self.limits.carriers + 1]

    def _ordinary(self, frame: _Frame) -> None:
        slot = _ORDINARY.get(frame.name)
        content = self._content(frame) if slot and frame.data else None
        parts = _id3_text.texts(content) if content is not None else None
        if slot is None or parts is None:
            return
        self._add(slot, parts)

    def _user_ordinary(self, frame: _Frame) -> None:
        """A barcode among the user texts, if it was read whole."""
        content = self._content(frame) if len(frame.data) == frame.size else None
        parts = _id3_text.texts(content) if content is not None else None
        slot = _USER_ORDINARY.get(parts[0].upper()) if parts else None
        if slot is not None and parts is not None:
            self._add(slot, parts[1:])

    def _add(self, slot: str, parts: list[bytes]) -> None:
        texts = self.found.tags.setdefault(slot, [])
        room = MAX_TAG_VALUES - len(texts)
        texts += [part.decode("utf-8", "replace") for part in parts if part][:room]

    def _padding(self, frames_end: int) -> int:
        """The end of the zeros after the frames; what stands behind them is kept as an item."""
        padding_end = end_of_zeros(self.stream, frames_end, self.body_end)
        if padding_end < self.body_end:
            where = f"{self.where}/trailing"
            self.found.items.append(Item(where, padding_end, self.body_end - padding_end))
            self._note_unreadable(where)
        return padding_end

    def _note_unreadable(self, where: str) -> None:
        if self.budget.note():
            self.found.notes.append(finding(Code.CARRIER_UNREADABLE_ITEM, where))
