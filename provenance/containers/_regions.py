"""The tags before and after audio: ID3v2 in front; ID3v1, APEv2, Lyrics3, ID3v2 behind.

spec/containers/id3.md 5. Shared by the formats that people tag from outside: MP3 and FLAC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field
from typing import BinaryIO, NamedTuple

from provenance.containers import _ape
from provenance.containers._ape import Ape, edit_ape, read_ape
from provenance.containers._id3 import Id3, edit_tag, read_tag, render_tag
from provenance.containers._id3_bytes import FOOTER, HEADER, Budget, synchsafe, tag_length
from provenance.containers.base import Carrier, Change, Item, Refusal, Splice, Tags
from provenance.model.errors import RefusedError
from provenance.model.findings import Finding
from provenance.model.limits import Limits
from provenance.model.records import dataclass

MAX_TAGS = 16
"""Tags in one region; more is an attack, not a collection."""
_ID3V1, _ID3V1_PLUS = 128, 227
_LYRICS_BEGIN = b"LYRICSBEGIN"
_LYRICS2_END, _LYRICS1_END = b"LYRICS200", b"LYRICSEND"
_LYRICS2_SIZE = 6
_LYRICS1_MOST = 5100
_VERSIONS = {2, 3, 4}


@dataclass(frozen=True)
class Regions:
    """The lead region ends at ``lead_end``, the tail region begins at ``tail_start``.

    Everything is in file order. ``lead`` says how many of ``id3`` stand in front.
    """

    lead_end: int
    tail_start: int
    id3: tuple[Id3, ...] = ()
    ape: tuple[Ape, ...] = ()
    carriers: tuple[Carrier, ...] = ()
    items: tuple[Item, ...] = ()
    tags: Tags = field(default_factory=Tags)
    notes: tuple[Finding, ...] = ()
    incomplete: bool = False
    refusal: Refusal | None = None
    lead: int = 0


class _Place(NamedTuple):
    """A tag that was located: what it is, and where it stands."""

    kind: str
    start: int
    end: int
    span: _ape.Span | None = None


def walk(
    stream: BinaryIO, size: int, prefix: str, limits: Limits, *, id3_canonical: bool
) -> Regions:
    """Find and read every tag in front of the audio and behind it (ID3-030 to ID3-033).

    ``prefix`` begins the places (``mp3:ID3v2[0]``); the first ID3v2 tag in front is the
    canonical one when ``id3_canonical``. A tag that cannot be what it says gives ``refusal``;
    what was found up to there is still told, and what lies beyond is not read (VER-012).
    """
    lead, refusal = _until_refusal(_lead(stream, size))
    front = lead[-1].end if lead else 0
    tail: list[_Place] = []
    if refusal is None:
        tail, refusal = _until_refusal(_tail(stream, front, size))
    tail_start = tail[-1].start if tail else size
    contents = _Contents(stream, prefix, limits, canonical=id3_canonical)
    for place in lead:
        contents.take(place)
    contents.canonical = False
    for place in reversed(tail):
        contents.take(place)
    return contents.regions(front, tail_start, len(lead), refusal)


def lead_end(stream: BinaryIO, size: int) -> tuple[int, Refusal | None]:
    """Where the tags in front end, for telling what follows them; nothing is read of them."""
    lead, refusal = _until_refusal(_lead(stream, size))
    return lead[-1].end if lead else 0, refusal


def edit_regions(stream: BinaryIO, regions: Regions, change: Change) -> tuple[Splice, ...]:
    """Take our items out of every tag of both regions, and put ``change`` in the first ID3v2 tag.

    Without an ID3v2 tag in front, a new one is made there. Raises ``RefusedError`` when the
    regions were refused, were not read to their end, or cannot be edited without loss.
    """
    if regions.refusal is not None:
        raise RefusedError(regions.refusal.rule)
    nothing = Change(None, None)
    splices: list[Splice] = []
    for index, tag in enumerate(regions.id3):
        is_first = index == 0 < regions.lead
        splices += edit_tag(stream, tag, change if is_first else nothing)
    for ape in regions.ape:
        splices += edit_ape(ape)
    new = b"" if regions.lead else render_tag(change)
    return (Splice(0, 0, new), *splices) if new else tuple(splices)


def _until_refusal(found: Iterator[_Place | Refusal]) -> tuple[list[_Place], Refusal | None]:
    places: list[_Place] = []
    for place in found:
        if isinstance(place, Refusal):
            return places, place
        places.append(place)
    return places, None


def _refuse(rule: str, offset: int) -> Refusal:
    return Refusal(rule, {"offset": offset})


def _read_at(stream: BinaryIO, start: int, end: int) -> bytes:
    stream.seek(start)
    return stream.read(end - start)


def _lead(stream: BinaryIO, size: int) -> Iterator[_Place | Refusal]:
    """ID3v2 tags from offset 0, one after another."""
    at = 0
    for _ in range(MAX_TAGS + 1):
        header = _read_at(stream, at, min(at + HEADER, size))
        if len(header) < HEADER or header[:3] != b"ID3" or 0xFF in header[3:5]:
            return
        length = tag_length(header)
        if length is None:
            yield _refuse("id3.size", at)
            return
        if header[3] not in _VERSIONS:
            yield _refuse("id3.version", at)
            return
        if at + length > size:
            yield _refuse("id3.past-end", at)
            return
        yield _Place("ID3v2", at, at + length)
        at += length
    yield _refuse("id3.too-many-tags", at)


def _tail(stream: BinaryIO, start: int, end: int) -> Iterator[_Place | Refusal]:
    """Tags from the end backwards, as far as there are any; none begins before ``start``."""
    v1_start: int | None = None
    for _ in range(MAX_TAGS + 1):
        found = _last(stream, start, end, v1_start)
        if found is None:
            return
        yield found
        if isinstance(found, Refusal):
            return
        end = found.start
        if found.kind == "ID3v1":
            v1_start = end
    yield _refuse("id3.too-many-tags", end)


def _last(stream: BinaryIO, start: int, end: int, v1_start: int | None) -> _Place | Refusal | None:
    """The tag that ends at ``end``; a footer that is recognised must not lie about its size."""
    window = _read_at(stream, max(start, end - _ID3V1_PLUS), end)
    for magic, distance, kind in _FOOTERS:
        if window[-distance:].startswith(magic) and len(window) >= distance:
            return kind(stream, start, end, window)
    if v1_start is None and len(window) >= _ID3V1 and window[-_ID3V1:].startswith(b"TAG"):
        return _Place("ID3v1", end - _ID3V1, end)
    if v1_start == end and len(window) == _ID3V1_PLUS and window.startswith(b"TAG+"):
        return _Place("ID3v1+", end - _ID3V1_PLUS, end)
    return None


def _ape_place(stream: BinaryIO, start: int, end: int, window: bytes) -> _Place | Refusal:
    span = _ape.locate(window[-_ape.FOOTER :], start, end)
    if span is None or not _has_ape_header(stream, span):
        return _refuse("ape.footer", end - _ape.FOOTER)
    return _Place("APEv2", span.start, end, span)


def _has_ape_header(stream: BinaryIO, span: _ape.Span) -> bool:
    header = _read_at(stream, span.start, span.first_item)
    return not header or header.startswith(_ape.PREAMBLE)


def _lyrics2_place(stream: BinaryIO, start: int, end: int, window: bytes) -> _Place | Refusal:
    """Lyrics3v2: six digits before the end mark count everything before them."""
    at = len(window) - len(_LYRICS2_END)
    digits = window[max(at - _LYRICS2_SIZE, 0) : at]
    if len(digits) == _LYRICS2_SIZE and digits.isdigit():
        begin = end - len(_LYRICS2_END) - _LYRICS2_SIZE - int(digits)
        if begin >= start and _read_at(stream, begin, begin + 11) == _LYRICS_BEGIN:
            return _Place("Lyrics3", begin, end)
    return _refuse("id3.lyrics3", end - len(_LYRICS2_END))


def _lyrics1_place(stream: BinaryIO, start: int, end: int, _window: bytes) -> _Place | Refusal:
    """Lyrics3v1 has no size; it holds at most 5,100 bytes of text."""
    most = len(_LYRICS_BEGIN) + _LYRICS1_MOST + len(_LYRICS1_END)
    begin = max(start, end - most)
    found = _read_at(stream, begin, end).find(_LYRICS_BEGIN)
    if found < 0:
        return _refuse("id3.lyrics3", end - len(_LYRICS1_END))
    return _Place("Lyrics3", begin + found, end)


def _footer_place(stream: BinaryIO, start: int, end: int, window: bytes) -> _Place | Refusal:
    """An ID3v2.4 tag with a footer, which repeats its header."""
    footer = window[-HEADER:]
    size = synchsafe(footer[6:10])
    begin = end - 2 * HEADER - size if size is not None else -1
    if begin < start or _read_at(stream, begin, begin + HEADER) != b"ID3" + footer[3:]:
        return _refuse("id3.footer", end - HEADER)
    if not footer[5] & FOOTER:
        return _refuse("id3.footer", end - HEADER)
    return _Place("ID3v2", begin, end)


_Locate = Callable[[BinaryIO, int, int, bytes], _Place | Refusal]
_FOOTERS: tuple[tuple[bytes, int, _Locate], ...] = (
    (_ape.PREAMBLE, _ape.FOOTER, _ape_place),
    (_LYRICS2_END, len(_LYRICS2_END), _lyrics2_place),
    (_LYRICS1_END, len(_LYRICS1_END), _lyrics1_place),
    (b"3DI\x04", HEADER, _footer_place),
)


class _Contents:
    """Reads the tags that were located, in file order."""

    def __init__(self, stream: BinaryIO, prefix: str, limits: Limits, *, canonical: bool) -> None:
        self.canonical = canonical
        self._stream, self._prefix, self._limits = stream, prefix, limits
        self._budget = Budget(limits)
        self._id3: list[Id3] = []
        self._ape: list[Ape] = []
        self._all: list[Id3 | Ape] = []
        self._items: list[Item] = []

    def take(self, place: _Place) -> None:
        """Read one tag."""
        tag: Id3 | Ape | None = None
        if place.span is not None:
            where = f"{self._prefix}:APEv2[{len(self._ape)}]"
            tag = read_ape(self._stream, place.span, where, self._limits, self._budget)
            self._ape.append(tag)
        elif place.kind == "ID3v2":
            tag = self._read_id3(place)
        if tag is None:
            where = f"{self._prefix}:{place.kind}"
            self._items.append(Item(where, place.start, place.end - place.start))
            return
        self._all.append(tag)
        self._items += tag.items

    def _read_id3(self, place: _Place) -> Id3 | None:
        where = f"{self._prefix}:ID3v2[{len(self._id3)}]"
        canonical = self.canonical and not self._id3
        tag = read_tag(
            self._stream,
            place.start,
            place.end,
            where,
            self._limits,
            canonical=canonical,
            budget=self._budget,
        )
        if tag is not None:
            self._id3.append(tag)
        return tag

    def regions(
        self, lead_end: int, tail_start: int, lead: int, refusal: Refusal | None
    ) -> Regions:
        """All that was found."""
        return Regions(
            lead_end,
            tail_start,
            tuple(self._id3),
            tuple(self._ape),
            tuple(c for tag in self._all for c in tag.carriers),
            tuple(self._items),
            sum((tag.tags for tag in self._all), Tags()),
            tuple(n for tag in self._all for n in tag.notes),
            refusal is not None or any(tag.incomplete for tag in self._all),
            refusal,
            lead,
        )
