"""Ogg with Vorbis, Opus or FLAC (spec/containers/ogg.md; RFC 3533, 5215, 7845).

One pass over the pages: checksums verified, header packets kept, audio packets counted and, when
asked, hashed on the way. Chained and multiplexed streams are refused by name. Tags are written
by mutagen on the copy, because moving pages about is not what this project exists for; the
result is compared afterwards like every other write.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from provenance.containers import _framing, _ogg_codecs, _ogg_pages, _vorbis
from provenance.containers._ogg_codecs import Codec
from provenance.containers._ogg_pages import BEGIN, CONTINUED, END, Page, PageError
from provenance.containers.base import (
    Carrier,
    Change,
    Container,
    Essence,
    Refusal,
    Scan,
    Tags,
    copy_range,
)
from provenance.model.codes import Code
from provenance.model.errors import RefusedError
from provenance.model.findings import Finding, finding
from provenance.model.limits import Limits

_MORE_STREAMS = frozenset({"ogg.several-streams", "ogg.chained"})


@dataclass(frozen=True)
class _Layout:
    codec: str
    foreign: tuple[bytes, ...]
    reachable: bool
    """Whether mutagen can reach every carrier: all stand in the first comment packet."""


@dataclass
class _Pass:
    """The state of one pass over the pages."""

    limits: Limits
    want_digest: bool
    codec: Codec | None = None
    headers: list[bytes] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    sizes: array[int] = field(default_factory=lambda: array("I"))
    ranges: list[tuple[int, int]] = field(default_factory=list)
    digest: Any = None
    open_packet: bytes = b""
    open_size: int = 0
    granule: int = -1
    serial: int = -1
    sequence: int = 0
    ended: bool = False
    head_bytes: int = 0

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
    """One pass (OGG-001 to OGG-021)."""
    size = stream.seek(0, 2)
    state = _Pass(limits, want_digest)
    rule: str | None = None
    try:
        for page in _ogg_pages.read_pages(stream):
            _take(state, page)
        _require_complete(state)
    except (PageError, _RefusedError) as error:
        rule = error.rule
    scan = _tagged(state, size)
    if rule is not None:
        more = rule in _MORE_STREAMS or state.in_headers
        return replace(scan, refusal=Refusal(rule), incomplete=scan.incomplete or more)
    return _with_audio(scan, state)


def _take(state: _Pass, page: Page) -> None:
    _require_next(state, page)
    if page.granule != -1:
        state.granule = page.granule
    if state.in_headers:
        _take_headers(state, page)
    else:
        _take_audio(state, page)


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
    if bool(page.flags & CONTINUED) != bool(state.open_size):
        raise _RefusedError("ogg.sequence-gap")
    state.sequence += 1
    state.ended = bool(page.flags & END)


def _take_headers(state: _Pass, page: Page) -> None:
    """Collect header packets; audio must begin on a page of its own (OGG-006)."""
    at = 0
    state.head_bytes += len(page.body)
    if state.head_bytes > state.limits.tag_read_bytes:
        raise _RefusedError("ogg.headers-too-large")
    for number, length in enumerate(page.lacing):
        if not state.open_size:
            state.starts.append(page.body_start + at)
        state.open_packet += page.body[at : at + length]
        state.open_size += length + (1 if not length and not state.open_size else 0)
        at += length
        if length == 255:
            continue
        _end_header(state)
        if not state.in_headers and number != len(page.lacing) - 1:
            raise _RefusedError("ogg.headers-share-page")


def _end_header(state: _Pass) -> None:
    packet, state.open_packet, state.open_size = state.open_packet, b"", 0
    if state.codec is None:
        codec = _ogg_codecs.identify(packet)
        if isinstance(codec, str):
            raise _RefusedError(codec)
        state.codec = codec
    state.headers.append(packet)
    if not state.in_headers and state.want_digest:
        state.digest = _framing.begin(state.codec.name, state.codec.params)
    if not state.in_headers and state.codec.name == "vorbis":
        state.sizes.append(len(packet))
        state.ranges += [(state.starts[-1], len(packet))]
        if state.digest is not None:
            state.digest.update(packet)


def _take_audio(state: _Pass, page: Page) -> None:
    if state.digest is not None:
        state.digest.update(page.body)
    _add_range(state.ranges, page.body_start, len(page.body))
    size, append = state.open_size, state.sizes.append
    for length in page.lacing:
        size += length
        if length != 255:
            append(size)
            size = 0
    state.open_size = size


def _add_range(ranges: list[tuple[int, int]], start: int, length: int) -> None:
    if length:
        ranges.append((start, length))


def _require_complete(state: _Pass) -> None:
    if state.in_headers:
        raise _RefusedError("ogg.headers-cut")
    if state.open_size:
        raise _RefusedError("ogg.packet-cut")
    if not state.sizes:
        raise _RefusedError("ogg.no-audio")


def _tagged(state: _Pass, size: int) -> Scan:
    """Carriers, tags and what must be kept, from the header packets."""
    codec = state.codec
    if codec is None:
        return Scan(container="ogg", size=size)
    carriers: list[Carrier] = []
    foreign: list[bytes] = []
    tags = Tags()
    notes: list[Finding] = []
    incomplete = False
    number = 0
    for packet, start in zip(state.headers, state.starts, strict=False):
        block = _ogg_codecs.comment_block(codec, packet)
        parsed = None if block is None else _vorbis.parse(block, state.limits.items)
        if block is None or parsed is None or parsed.damaged:
            foreign.append(_digest(packet if packet is not state.headers[0] else _stable(packet)))
            if block is not None:
                notes.append(finding(Code.CARRIER_MALFORMED, f"ogg:{codec.name}"))
            continue
        place = f"ogg:{codec.name}" + (f"/VORBIS_COMMENT[{number}]" if number else "")
        for comment in parsed.comments:
            if comment.ours is not None:
                where = f"{place}[{comment.index}]"
                carriers.append(
                    Carrier(
                        comment.ours, where, comment.value, start + comment.start,
                        comment.length, number == 0,
                    )
                )  # fmt: skip
        foreign += _foreign_parts(block, parsed)
        incomplete |= parsed.cut
        tags = tags if number else _vorbis.tags_of(parsed.comments)
        number += 1
    layout = _Layout(codec.name, tuple(foreign), all(c.canonical for c in carriers))
    return Scan(
        container="ogg",
        size=size,
        carriers=tuple(carriers),
        tags=tags,
        audio=codec.facts,
        notes=tuple(notes),
        incomplete=incomplete,
        layout=layout,
    )


def _stable(packet: bytes) -> bytes:
    """The first packet without FLAC's count of header packets, which a writer may mend."""
    return packet[:7] + packet[9:] if packet[:5] == b"\x7fFLAC" else packet


def _foreign_parts(block: bytes, parsed: _vorbis.Comments) -> Iterator[bytes]:
    """Digests of the vendor, each foreign comment, and what follows but for padding."""
    yield _digest(block[: 4 + parsed.vendor_length])
    for comment in parsed.comments:
        if comment.ours is None:
            yield _digest(block[comment.start : comment.start + comment.length])
    yield _digest(block[parsed.end :].rstrip(b"\0"))


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _with_audio(scan: Scan, state: _Pass) -> Scan:
    """Essence profiles ``vorbis``, ``opus`` and ``flac`` (OGG-020)."""
    codec = state.codec
    if codec is None:
        return scan
    sizes = _packed(state.sizes) if codec.packets else None
    digest = _framing.end(state.digest, sizes) if state.digest is not None else None
    presentation = codec.presentation(state.granule)
    return replace(
        scan,
        audio=_ogg_codecs.with_samples(codec.facts, presentation),
        essence=Essence(codec.name, codec.params, tuple(state.ranges), sizes, presentation, digest),
    )


def _packed(sizes: array[int]) -> bytes:
    packed = array("I", sizes)
    packed.byteswap()
    return packed.tobytes()


def foreign(scan: Scan) -> tuple[bytes, ...]:
    """Digests of everything foreign in the header packets: equal before and after a write.

    Pages move when tags grow, so foreign comments have no stable byte ranges in the file.
    """
    return scan.layout.foreign if isinstance(scan.layout, _Layout) else ()


def _write(source: BinaryIO, scan: Scan, change: Change, target: BinaryIO) -> None:
    """A copy, edited by mutagen (OGG-030); raises ``RefusedError`` where it cannot be."""
    from provenance.containers import _mutagen

    layout = scan.layout
    if scan.refusal is not None or not isinstance(layout, _Layout):
        raise RefusedError(scan.refusal.rule if scan.refusal else "ogg.codec")
    if not layout.reachable:
        raise RefusedError("carrier.unremovable")
    copy_range(source, 0, scan.size, target)
    if scan.carriers or change != Change(None, None):
        _mutagen.edit_ogg(target, layout.codec, change)


CONTAINER = Container(
    name="ogg",
    title="Ogg (Vorbis, Opus, FLAC)",
    media_types=("audio/ogg", "application/ogg", "audio/opus"),
    suffixes=(".ogg", ".oga", ".opus"),
    recognises=_recognises,
    scan=_scan,
    write=_write,
)
