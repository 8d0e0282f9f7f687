"""Ogg with Vorbis, Opus or FLAC (spec/containers/ogg.md; RFC 3533, 5215, 7845, 9639 10.1).

One pass over the pages: checksums verified, header packets kept, audio packets counted and, when
asked, hashed on the way. Chained and multiplexed streams are refused by name. Comments are
written by ``_ogg_write``: the pages of the comments made anew, those behind at most renumbered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from operator import gt
from typing import Any, BinaryIO

from provenance.containers import (
    _framing,
    _ogg_codecs,
    _ogg_pages,
    _ogg_sizes,
    _speakers,
    _vorbis,
)
from provenance.containers._ogg_clock import Clock, presentation
from provenance.containers._ogg_codecs import Codec, Headers
from provenance.containers._ogg_comments import Found, digest_of, read_comments
from provenance.containers._ogg_pages import (
    BEGIN,
    CONTINUED,
    END,
    GOES_ON,
    Packet,
    Page,
    PageError,
    Pages,
    packet_of,
)
from provenance.containers.base import (
    Change,
    Container,
    Essence,
    Refusal,
    Scan,
    copy_range,
)
from provenance.model.errors import RefusedError
from provenance.model.limits import Limits

_NO_TIME = frozenset({0, -1})
_MORE_FOLLOWS = frozenset({"ogg.several-streams", "ogg.chained", "ogg.page-cut", "ogg.packet-cut"})
"""After these there is more that was not looked at, or was there before the file was cut."""


@dataclass(frozen=True)
class _Layout:
    """Digests of everything foreign in the header packets, and what the writer needs."""

    foreign: tuple[bytes, ...]
    headers: Headers
    odd_header: bool = False
    """Whether a page of headers has a position, which a new page would not have (OGG-034)."""
    masks: tuple[bytes, ...] = ()
    """What comments say of which loudspeakers the channels are for (BND-017)."""


@dataclass
class _Pass:
    """The state of one pass over the pages."""

    limits: Limits
    want_digest: bool
    codec: Codec | None = None
    headers: list[Packet] = field(default_factory=list)
    parts: list[bytes] = field(default_factory=list)
    pieces: list[tuple[int, int]] = field(default_factory=list)
    sizes: bytearray | None = None
    """The packets' sizes, as they are hashed, where they are part of the essence."""
    packets: int = 0
    ranges: list[tuple[int, int]] = field(default_factory=list)
    clock: Clock | None = None
    odd_header: bool = False
    """Whether a page of headers has a position (OGG-025)."""
    digest: Any = None
    open_size: int = 0
    serial: int = -1
    sequence: int = 0
    ended: bool = False
    head_bytes: int = 0
    head_pages: int = 0
    shared: int | None = None
    """The samples of the audio on the page on which the headers end, where there is any."""
    end: int = 0

    @property
    def in_headers(self) -> bool:
        return self.codec is None or len(self.headers) < self.codec.headers


class _RefusedError(Exception):
    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def _recognises(stream: BinaryIO) -> bool:
    stream.seek(0)
    return stream.read(4) == _ogg_pages.CAPTURE


def _scan(stream: BinaryIO, limits: Limits, want_digest: bool) -> Scan:
    """One pass (OGG-001 to OGG-025)."""
    size = stream.seek(0, 2)
    state = _Pass(limits, want_digest)
    rule: str | None = None
    try:
        pages = Pages(stream)
        for page, body in pages:
            _take(state, page, body)
            while _take_run(state, pages):
                pass
        _require_complete(state)
    except (PageError, _RefusedError) as error:
        rule = error.rule
    scan = _tagged(state, size)
    if rule is not None:
        more = rule in _MORE_FOLLOWS or state.in_headers
        return replace(scan, refusal=Refusal(rule), incomplete=scan.incomplete or more)
    return _with_audio(scan, state)


def _take(state: _Pass, page: Page, body: memoryview) -> None:
    _require_next(state, page)
    state.end = page.end
    if state.in_headers:
        _take_headers(state, page, body)
    else:
        _take_audio(state, page, body)


def _require_next(state: _Pass, page: Page) -> None:
    """The page belongs to the one stream and is the next one (OGG-004, OGG-005)."""
    begins = bool(page.flags & BEGIN)
    if state.serial < 0:
        if not begins:
            raise _RefusedError("ogg.no-beginning")
        state.serial, state.sequence = page.serial, page.sequence
    elif begins:
        raise _RefusedError("ogg.chained" if state.ended else "ogg.several-streams")
    elif page.serial != state.serial:
        raise _RefusedError("ogg.several-streams")
    elif state.ended:
        raise _RefusedError("ogg.chained")
    if page.sequence != state.sequence:
        raise _RefusedError("ogg.sequence-gap")
    if bool(page.flags & CONTINUED) != bool(state.open_size or state.parts):
        raise _RefusedError("ogg.sequence-gap")
    state.sequence += 1
    state.ended = bool(page.flags & END)


def _take_headers(state: _Pass, page: Page, body: memoryview) -> None:
    """Collect header packets; what follows them on their page is audio (OGG-010)."""
    at = 0
    state.head_pages += 1
    state.head_bytes += len(body)
    if state.head_bytes > state.limits.tag_read_bytes or state.head_pages > state.limits.items:
        raise _RefusedError("ogg.headers-too-large")
    for number, length in enumerate(page.lacing):
        state.parts.append(bytes(body[at : at + length]))
        state.pieces.append((page.start + at, length))
        at += length
        if length == 255:
            continue
        _end_header(state)
        if not state.in_headers:
            if number != len(page.lacing) - 1:
                _take_audio(state, _behind(page, number + 1, at), body[at:])
                state.shared = state.clock.total if state.clock is not None else 0
            break
    if state.shared is None:
        state.odd_header |= page.granule not in _NO_TIME


def _behind(page: Page, number: int, at: int) -> Page:
    """What stands on a page from lacing value ``number`` and byte ``at`` of its body on."""
    return page._replace(
        flags=page.flags & ~CONTINUED, lacing=page.lacing[number:], start=page.start + at
    )


def _end_header(state: _Pass) -> None:
    packet = packet_of(state.parts, state.pieces)
    state.parts, state.pieces = [], []
    if state.codec is None:
        codec = _ogg_codecs.identify(packet.data)
        if isinstance(codec, str):
            raise _RefusedError(codec)
        state.codec = codec
    elif not _ogg_codecs.header_fits(state.codec, packet.data, len(state.headers)):
        raise _RefusedError("ogg.header-packets")
    state.headers.append(packet)
    if not state.in_headers:
        _begin_audio(state, state.codec, packet)


def _begin_audio(state: _Pass, codec: Codec, last: Packet) -> None:
    """The essence begins: of Vorbis with the setup packet, which is the last header (OGG-020)."""
    if state.want_digest:
        state.digest = _framing.begin(codec.name, codec.params)
    state.sizes = bytearray() if codec.packets else None
    state.clock = Clock(codec, last.data)
    if state.sizes is not None and codec.name == "vorbis":
        state.packets = 1
        state.sizes += len(last.data).to_bytes(4, "big")
        state.ranges += last.pieces
        if state.digest is not None:
            state.digest.update(last.data)


def _take_audio(state: _Pass, page: Page, body: memoryview) -> None:
    if state.digest is not None:
        state.digest.update(body)
    if body:
        state.ranges.append((page.start, len(body)))
    if state.clock is not None:
        state.clock.take(page.granule, page.lacing, body, 0)
    _add_lacing(state, page.lacing)


def _take_run(state: _Pass, pages: Pages) -> bool:
    """Take pages of audio one behind the other, if there are any; little is done for each."""
    if state.in_headers or state.ended:
        return False
    feed = state.digest.update if state.digest is not None else None
    run = pages.several(state.serial, state.sequence, state.open_size > 0, feed)
    if not run.places:
        return False
    state.end = sum(run.places[-1])
    state.sequence += len(run.places)
    state.ranges += [place for place in run.places if place[1]]
    begin, open_size = len(state.sizes or b""), state.open_size
    _add_lacing(state, b"".join(run.lacings))
    if state.clock is not None:
        state.clock.take_run(run, (state.sizes or b"")[begin:], open_size)
    return True


def _add_lacing(state: _Pass, lacing: bytes) -> None:
    """Count the packets, and keep their sizes where those are hashed (OGG-009)."""
    state.packets += len(lacing) - lacing.count(GOES_ON)
    if state.sizes is not None:
        state.open_size = _ogg_sizes.add(state.sizes, lacing, state.open_size)
    elif lacing:
        state.open_size = lacing[-1] if lacing[-1] == GOES_ON else 0
    most = (state.limits.ogg_pages, state.limits.ogg_packets, _ogg_sizes.OPEN_MOST)
    found = (len(state.ranges), state.packets, state.open_size)
    if any(map(gt, found, most)):
        raise _RefusedError("ogg.too-long")


def _require_complete(state: _Pass) -> None:
    codec, clock = state.codec, state.clock
    if state.in_headers or codec is None or clock is None:
        raise _RefusedError("ogg.headers-cut")
    if state.open_size:
        raise _RefusedError("ogg.packet-cut")
    if state.packets == (1 if codec.name == "vorbis" else 0):
        raise _RefusedError("ogg.no-audio")
    if state.shared is not None:
        is_told = clock.is_told and codec.name != "flac"
        if not is_told or state.shared > codec.facts.rate:
            raise _RefusedError("ogg.headers-share-page")


def _tagged(state: _Pass, size: int) -> Scan:
    """Carriers, tags and what must be kept, from the header packets."""
    codec, found = state.codec, Found()
    if codec is None:
        return Scan(container="ogg", size=size)
    for packet in state.headers:
        prefix = _ogg_codecs.comment_prefix(codec.name, packet.data)
        if prefix is None:
            found.foreign.append(digest_of(packet.data))
        else:
            read_comments(codec.name, packet, prefix, state.limits, found)
    return Scan(
        container="ogg",
        size=size,
        carriers=tuple(found.carriers),
        tags=_vorbis.tags_of(found.comments),
        audio=codec.facts,
        notes=tuple(found.notes),
        incomplete=found.incomplete,
        layout=_Layout(
            foreign=tuple(found.foreign),
            headers=Headers(
                codec=codec.name,
                packets=tuple(packet.data for packet in state.headers),
                pages=state.head_pages,
                serial=state.serial,
                last_sequence=state.sequence - 1,
                end=state.end,
            ),
            odd_header=state.odd_header,
            masks=tuple(_vorbis.masks_of(found.comments)),
        ),
    )


def _with_audio(scan: Scan, state: _Pass) -> Scan:
    """Essence profiles ``vorbis``, ``opus`` and ``flac`` (OGG-020)."""
    codec, clock, layout = state.codec, state.clock, scan.layout
    if codec is None or clock is None or not isinstance(layout, _Layout):
        return scan
    sizes = None if state.sizes is None else bytes(state.sizes)
    digest = _framing.end(state.digest, sizes) if state.digest is not None else None
    shown = presentation(codec, clock, ends=state.ended)
    masks = layout.masks if codec.name == "flac" else ()
    usual_speakers = _speakers.are_usual(masks, codec.facts.channels)
    if layout.odd_header or codec.low_rate or not usual_speakers:
        shown = replace(shown, unusual=True)
    return replace(
        scan,
        audio=_ogg_codecs.with_samples(codec.facts, shown),
        essence=Essence(codec.name, codec.params, tuple(state.ranges), sizes, shown, digest),
    )


def _comments(scan: Scan) -> Iterator[tuple[str, str, bytes]]:
    """Foreign comments of the header packets, as the scan kept them (MRK-002)."""
    if isinstance(scan.layout, _Layout):
        headers = scan.layout.headers
        yield from _ogg_codecs.foreign_comments(headers.codec, headers.packets)


def foreign(scan: Scan) -> tuple[bytes, ...]:
    """Digests of everything foreign in the header packets: equal before and after a write.

    Pages move when tags grow, so foreign comments have no stable byte ranges in the file.
    """
    return scan.layout.foreign if isinstance(scan.layout, _Layout) else ()


def _write(source: BinaryIO, scan: Scan, change: Change, target: BinaryIO) -> None:
    """New comments (OGG-030 to OGG-035); ``RefusedError`` where it cannot be."""
    layout = scan.layout
    if scan.refusal is not None or not isinstance(layout, _Layout):
        raise RefusedError(scan.refusal.rule if scan.refusal else "ogg.codec")
    if not all(c.canonical for c in scan.carriers):
        raise RefusedError("carrier.unremovable")
    if not scan.carriers and change == Change(None, None):
        copy_range(source, 0, scan.size, target)
        return
    if layout.odd_header:
        raise RefusedError("ogg.comment-not-writable")
    from provenance.containers import _ogg_write

    _ogg_write.rewrite(source, scan.size, layout.headers, change, target)


CONTAINER = Container(
    name="ogg",
    title="Ogg (Vorbis, Opus, FLAC)",
    media_types=("audio/ogg", "application/ogg", "audio/opus"),
    suffixes=(".ogg", ".oga", ".opus"),
    recognises=_recognises,
    scan=_scan,
    write=_write,
    comments=_comments,
)
