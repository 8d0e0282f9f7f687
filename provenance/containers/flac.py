"""FLAC (spec/containers/flac.md; RFC 9639): metadata blocks read, comments written natively.

The scan walks metadata blocks by their headers and believes block lengths as written. A foreign
ID3 or APE tag around the stream is read for carriers and never written. Deliberately not done:
checking frame CRCs (the essence is hashed as it stands), reading pictures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from provenance.containers import _speakers, _streaminfo, _vorbis
from provenance.containers._streaminfo import StreamInfo
from provenance.containers.base import (
    AudioFacts,
    Carrier,
    Change,
    Container,
    Essence,
    Item,
    Presentation,
    Refusal,
    Scan,
    Splice,
    Tags,
    splice,
)
from provenance.model.codes import Code
from provenance.model.errors import RefusedError
from provenance.model.findings import Finding, finding
from provenance.model.limits import Limits
from provenance.model.records import dataclass

if TYPE_CHECKING:
    from provenance.containers._regions import Regions

_STREAMINFO, _PADDING, _COMMENT, _INVALID = 0, 1, 4, 127
_NAMES = {0: "STREAMINFO", 2: "APPLICATION", 3: "SEEKTABLE", 4: "VORBIS_COMMENT",
          5: "CUESHEET", 6: "PICTURE"}  # fmt: skip
_HEADER, _MAX_BLOCK = 4, (1 << 24) - 1
_LAST = 0x80
_TAIL_BYTES = 256
_TAIL_MARKS = (b"TAG", b"APETAGEX", b"LYRICS", b"3DI")


@dataclass(frozen=True)
class _Block:
    """One metadata block: where its header starts, its type, length and last flag."""

    start: int
    kind: int
    length: int
    last: bool

    @property
    def body(self) -> int:
        return self.start + _HEADER

    @property
    def end(self) -> int:
        return self.body + self.length


@dataclass(frozen=True)
class _Layout:
    """What the writer needs: the blocks and the tags around them."""

    marker: int
    blocks: tuple[_Block, ...]
    regions: Regions | None


def _recognises(stream: BinaryIO) -> bool:
    stream.seek(0)
    return stream.read(4) == b"fLaC"


def _scan(stream: BinaryIO, limits: Limits, want_digest: bool) -> Scan:
    """Walk the blocks (FLC-001 to FLC-013); audio is only located, never read."""
    del want_digest
    size = stream.seek(0, 2)
    regions = _regions(stream, size, limits)
    marker, tail = (regions.lead_end, regions.tail_start) if regions else (0, size)
    blocks, refusal = _walk(stream, marker, tail, limits)
    refusal = (regions.refusal if regions else None) or refusal
    found = _Found()
    for number, block in enumerate(b for b in blocks if b.kind == _COMMENT):
        _read_comments(stream, block, number, limits, found)
    info = _streaminfo_of(stream, blocks) if refusal is None else None
    layout = _Layout(marker, tuple(blocks), regions)
    scan = Scan(
        container="flac",
        size=size,
        carriers=tuple(found.carriers),
        items=tuple(_items(blocks, found)),
        tags=found.tags,
        refusal=refusal,
        notes=tuple(found.notes),
        incomplete=found.incomplete or (refusal is not None and refusal.rule in _CUT),
        layout=layout,
    )
    scan = _with_regions(scan, regions)
    if info is None:
        return scan
    has_usual_speakers = _speakers.are_usual(found.masks, info.channels)
    shown = Presentation(0, 0, None, info.samples or None, unusual=not has_usual_speakers)
    return _with_audio(stream, scan, info, blocks[-1].end, tail, shown)


_CUT = frozenset({"flac.block-cut", "flac.no-marker"})


class _Found:
    """What the comment blocks add up to."""

    def __init__(self) -> None:
        self.carriers: list[Carrier] = []
        self.foreign: dict[int, list[Item]] = {}
        self.tags = Tags()
        self.masks: list[bytes] = []
        self.notes: list[Finding] = []
        self.incomplete = False
        self.read = 0
        self.comments = 0


def _regions(stream: BinaryIO, size: int, limits: Limits) -> Regions | None:
    """The tags around the stream, when there are any: most files have none."""
    stream.seek(0)
    foreign = stream.read(3) == b"ID3"
    stream.seek(max(0, size - _TAIL_BYTES))
    tail = stream.read(_TAIL_BYTES)
    if not foreign and not any(mark in tail for mark in _TAIL_MARKS):
        return None
    from provenance.containers import _regions as regions

    return regions.walk(stream, size, "flac", limits, id3_canonical=False)


def _walk(
    stream: BinaryIO, marker: int, tail: int, limits: Limits
) -> tuple[list[_Block], Refusal | None]:
    stream.seek(marker)
    if stream.read(4) != b"fLaC":
        return [], Refusal("flac.no-marker")
    blocks: list[_Block] = []
    at = marker + 4
    while not blocks or not blocks[-1].last:
        if len(blocks) >= limits.items:
            return blocks, Refusal("flac.too-many-blocks")
        stream.seek(at)
        head = stream.read(_HEADER)
        length = int.from_bytes(head[1:], "big")
        if len(head) < _HEADER or at + _HEADER + length > tail:
            return blocks, Refusal("flac.block-cut")
        blocks.append(_Block(at, head[0] & 0x7F, length, bool(head[0] & _LAST)))
        at = blocks[-1].end
    return blocks, _fault(blocks)


def _fault(blocks: list[_Block]) -> Refusal | None:
    kinds = [b.kind for b in blocks]
    if kinds[0] != _STREAMINFO or blocks[0].length != _streaminfo.BYTES:
        return Refusal("flac.streaminfo-first")
    if kinds.count(_STREAMINFO) > 1:
        return Refusal("flac.streaminfo-twice")
    return Refusal("flac.block-type") if _INVALID in kinds else None


def _read_comments(
    stream: BinaryIO, block: _Block, number: int, limits: Limits, found: _Found
) -> None:
    where = f"flac:VORBIS_COMMENT[{number}]"
    found.read += block.length
    if found.read > limits.tag_read_bytes:
        found.incomplete = True
        return
    stream.seek(block.body)
    body = stream.read(block.length)
    parsed = _vorbis.parse(body, limits.items - found.comments)
    if (parsed is None or parsed.damaged) and len(found.notes) <= limits.carriers:
        found.notes.append(finding(Code.CARRIER_MALFORMED, where, reason="a length lies"))
    if parsed is None:
        return
    found.incomplete |= parsed.cut
    found.comments += len(parsed.comments)
    items = _vendor(where, block, body, parsed.vendor_length)
    for comment in parsed.comments:
        place, start = f"{where}[{comment.index}]", block.body + comment.start
        if comment.ours is None:
            items.append(Item(place, start, comment.length))
            continue
        if len(found.carriers) <= limits.carriers:  # one more tells that there are more (CAR-060)
            is_first = number == 0
            carrier = Carrier(comment.ours, place, comment.value, start, comment.length, is_first)
            found.carriers.append(carrier.bounded(limits))
    found.foreign[block.start] = items
    found.tags += _vorbis.tags_of(parsed.comments)
    found.masks += _vorbis.masks_of(parsed.comments)


def _vendor(where: str, block: _Block, body: bytes, length: int) -> list[Item]:
    """The vendor string, unless it is ours: a block that we add comes and goes with our tags."""
    if body[4 : 4 + length] == _vorbis.VENDOR:
        return []
    return [Item(f"{where}/vendor", block.body, 4 + length)]


def _items(blocks: list[_Block], found: _Found) -> Iterator[Item]:
    """Every foreign item in file order; padding is nobody's."""
    for n, block in enumerate(blocks):
        if block.kind == _COMMENT:
            yield from found.foreign.get(block.start, ())
        elif block.kind != _PADDING:
            name = _NAMES.get(block.kind, f"block{block.kind}")
            yield Item(f"flac:{name}[{n}]", block.body, block.length)


def _with_regions(scan: Scan, regions: Regions | None) -> Scan:
    if regions is None:
        return scan
    return replace(
        scan,
        carriers=tuple(sorted((*scan.carriers, *regions.carriers), key=lambda c: c.start)),
        items=tuple(sorted((*scan.items, *regions.items), key=lambda i: i.start)),
        tags=scan.tags + regions.tags,
        notes=scan.notes + tuple(regions.notes),
        incomplete=scan.incomplete or regions.incomplete,
    )


def _streaminfo_of(stream: BinaryIO, blocks: list[_Block]) -> StreamInfo:
    stream.seek(blocks[0].body)
    return _streaminfo.read(stream.read(_streaminfo.BYTES))


def _with_audio(
    stream: BinaryIO, scan: Scan, info: StreamInfo, start: int, tail: int, shown: Presentation
) -> Scan:
    """Essence profile ``flac`` (FLC-020): everything from the last block to the tail tags.

    No frames stand in those (FLC-006).
    """
    stream.seek(start)
    sync = stream.read(2)
    if len(sync) < 2 or sync[0] != 0xFF or sync[1] & 0xFE != 0xF8:
        return replace(scan, refusal=Refusal("flac.no-sync"))
    if tail < scan.size:
        from provenance.containers import _tail_frames

        own = (info.rate, info.channels, info.bits)
        at = _tail_frames.flac_frames(stream, tail, scan.size, *own)
        if at is not None:
            return replace(scan, refusal=Refusal("flac.frames-in-tag", {"offset": at}))
    samples = info.samples or None
    return replace(
        scan,
        audio=AudioFacts("flac", info.rate, info.channels, info.bits, samples, lossless=True),
        essence=Essence("flac", info.params, ((start, tail - start),), presentation=shown),
    )


def _write(source: BinaryIO, scan: Scan, change: Change, target: BinaryIO) -> None:
    """Our comments end the first block; padding gives and takes (FLC-030 to FLC-034)."""
    layout = scan.layout
    if not isinstance(layout, _Layout) or scan.refusal is not None:
        raise RefusedError(scan.refusal.rule if scan.refusal else "flac.no-marker")
    splices = _edited(source, layout, change)
    if layout.regions is not None and any(not c.canonical for c in scan.carriers):
        from provenance.containers import _regions as regions

        splices += regions.edit_regions(source, layout.regions, Change(None, None))
    splice(source, scan.size, splices, target)


def _edited(source: BinaryIO, layout: _Layout, change: Change) -> list[Splice]:
    """A splice for each block that changes, appears, vanishes, or becomes the last one."""
    blocks = layout.blocks
    bodies = _new_comments(source, blocks, change)
    adds = any(value is not None for value in (change.manifest, change.summary, change.aigc))
    extra = b""
    if adds and not any(b.kind == _COMMENT for b in blocks):
        body = _vorbis.rebuild(None, change)
        extra = bytes((_COMMENT,)) + len(body).to_bytes(3, "big") + body
    grown = len(extra) + sum(_growth(blocks[n], body) for n, body in bodies.items())
    if not bodies and not extra:
        return []
    settled = _settle(blocks, bodies, grown)
    splices = []
    last = max(n for n in range(len(blocks)) if settled.get(n, b"") is not None)
    for n, block in enumerate(blocks):
        body_now = settled.get(n, b"")
        flag = _LAST if n == last else 0
        if n not in settled:
            splices += _flagged(block, flag)
        elif body_now is None:
            splices.append(Splice(block.start, block.end, b""))
        else:
            head = bytes((block.kind | flag,)) + len(body_now).to_bytes(3, "big")
            splices.append(Splice(block.start, block.end, head + body_now))
    if extra:
        splices += _inserted(blocks[0], extra, alone=last == 0)
    return splices


def _growth(block: _Block, body: bytes | None) -> int:
    return -_HEADER - block.length if body is None else len(body) - block.length


def _inserted(first: _Block, extra: bytes, *, alone: bool) -> list[Splice]:
    """A new block behind STREAMINFO; when that was the only one, the new one is the last."""
    if not alone:
        return [Splice(first.end, first.end, extra)]
    extra = bytes((extra[0] | _LAST,)) + extra[1:]
    return [
        Splice(first.start, first.start + 1, bytes((_STREAMINFO,))),
        Splice(first.end, first.end, extra),
    ]


def _flagged(block: _Block, flag: int) -> list[Splice]:
    """The block's first byte, when its last flag changes."""
    if block.last == bool(flag):
        return []
    return [Splice(block.start, block.start + 1, bytes((block.kind | flag,)))]


def _new_comments(
    source: BinaryIO, blocks: Sequence[_Block], change: Change
) -> dict[int, bytes | None]:
    """New bodies of comment blocks: ours out of all of them, the new values into the first.

    None stands for a block that we once added and that holds nothing any more (FLC-035).
    """
    bodies: dict[int, bytes | None] = {}
    wanted = change
    for n, block in enumerate(blocks):
        if block.kind != _COMMENT:
            continue
        source.seek(block.body)
        old = source.read(block.length)
        try:
            new = _vorbis.rebuild(old, wanted)
        except ValueError:
            raise RefusedError("flac.comments-damaged") from None
        if len(new) > _MAX_BLOCK:
            raise RefusedError("flac.comments-too-large")
        if new != old:
            bodies[n] = None if _vorbis.is_bare(new) else new
        wanted = Change(None, None)
    return bodies


def _settle(
    blocks: Sequence[_Block], bodies: Mapping[int, bytes | None], grown: int
) -> dict[int, bytes | None]:
    """New bodies, with the growth taken from the first padding block that can absorb it.

    Freed bytes go into the first padding block. Without padding that can, the file grows or
    shrinks. None stands for a block that vanishes (padding used up to its header).
    """
    settled = dict(bodies)
    if not grown:
        return settled
    for n, block in enumerate(blocks):
        if block.kind != _PADDING:
            continue
        left = block.length - grown
        if 0 <= left <= _MAX_BLOCK:
            settled[n] = bytes(left)
            return settled
        if left == -_HEADER:
            settled[n] = None
            return settled
    return settled


CONTAINER = Container(
    name="flac",
    title="FLAC",
    media_types=("audio/flac", "audio/x-flac"),
    suffixes=(".flac",),
    recognises=_recognises,
    scan=_scan,
    write=_write,
)
