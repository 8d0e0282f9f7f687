"""MP4, M4A and MOV with AAC, ALAC, FLAC or Opus (spec/containers/mp4.md).

Our tags are freeform atoms at the end of ``moov/udta/meta/ilst``. The file is spliced, not
re-rendered: mutagen would sort the atoms. Deliberately refused: fragmented files, several
tracks, several sample descriptions, encrypted audio.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from provenance.containers import _mp4_boxes as boxes
from provenance.containers import _mp4_samples as samples
from provenance.containers import _mp4_write
from provenance.containers._mp4_boxes import Box, Tree
from provenance.containers._mp4_places import misplaced
from provenance.containers.base import (
    MANIFEST_TAG,
    MAX_TAG_VALUES,
    SUMMARY_TAG,
    Carrier,
    Change,
    Container,
    Item,
    Refusal,
    Scan,
    Tags,
    splice,
)
from provenance.model.errors import RefusedError
from provenance.model.limits import Limits

_OURS = {name.casefold(): name for name in (MANIFEST_TAG, SUMMARY_TAG)}
_PLAIN = {b"\xa9nam": "title", b"\xa9ART": "artist", b"\xa9alb": "album"}
_FREEFORM = {"isrc": "isrc", "label": "label", "barcode": "barcode", "upc": "barcode"}
_SPACE = frozenset({b"free", b"skip", b"wide"})
_MOVED = frozenset({b"stco", b"co64"})
_NO_ITEMS = _SPACE | _MOVED | {b"mdat", b"ilst"}
_TEXT_BYTES = 64 * 1024
_DATA_HEADER = 8
_ILST = "moov/udta/meta/ilst"


@dataclass
class _Found:
    """What the ilst boxes add up to."""

    carriers: list[Carrier]
    items: list[Item]
    tags: dict[str, list[str]]
    limits: Limits
    left: int
    incomplete: bool = False


def _recognises(stream: BinaryIO) -> bool:
    stream.seek(4)
    return stream.read(4) == b"ftyp"


def _scan(stream: BinaryIO, limits: Limits, want_digest: bool) -> Scan:
    """Walk the boxes (MPF-001 to MPF-010) and locate the samples (MPF-020)."""
    del want_digest
    size = stream.seek(0, 2)
    tree = boxes.read_tree(stream, size, limits)
    tags: dict[str, list[str]] = {slot: [] for slot in (*_PLAIN.values(), *_FREEFORM.values())}
    found = _Found([], [], tags, limits, limits.tag_read_bytes)
    _read_tags(stream, tree.root, found)
    found.items += _leaves(tree.root)
    scan = Scan(
        container="mp4",
        size=size,
        carriers=tuple(found.carriers),
        tags=Tags.of(found.tags),
        incomplete=found.incomplete or tree.more or tree.refusal is not None,
        layout=tree,
    )
    refusal = tree.refusal or _fault(tree.root) or misplaced(stream, tree.root)
    mdats = list(tree.root.all(b"mdat"))
    if refusal is None:
        audio = samples.read_audio(stream, next(tree.root.all(b"moov")), mdats, limits)
        if not isinstance(audio, Refusal):
            facts, essence = audio
            found.items += _gaps(mdats, essence.ranges)
            scan = replace(scan, audio=facts, essence=essence)
        else:
            refusal = audio
    items = tuple(sorted(found.items, key=lambda i: i.start))
    return replace(scan, items=items, refusal=refusal)


def _fault(root: Box) -> Refusal | None:
    names = [b.name for b in root.children]
    if not names or names[0] != b"ftyp":
        return Refusal("mp4.ftyp-first")
    if names.count(b"moov") != 1:
        return Refusal("mp4.moov-count", {"count": names.count(b"moov")})
    if b"moof" in names or any(c.name == b"mvex" for m in root.all(b"moov") for c in m.children):
        return Refusal("mp4.fragmented")
    return None


def _read_tags(stream: BinaryIO, root: Box, found: _Found) -> None:
    """Every ilst of the file, in file order; only the first at the usual path is canonical."""
    lists = sorted((b for b in _all(root) if b.name == b"ilst"), key=lambda b: b.start)
    canonical = root.first(b"moov", b"udta", b"meta", b"ilst")
    counts: dict[str, int] = {}
    for one in lists:
        number = counts.get(one.path, 0)
        counts[one.path] = number + 1
        place = f"mp4:{one.path}" + (f"#{number + 1}" if number else "")
        for index, item in enumerate(one.children):
            _read_item(stream, item, f"{place}/{{}}[{index}]", one is canonical, found)


def _all(box: Box) -> Iterator[Box]:
    waiting = [box]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += one.children


def _read_item(stream: BinaryIO, item: Box, place: str, canonical: bool, found: _Found) -> None:
    where = place.format(item.name.decode("latin-1"))
    parts = boxes.children_at(stream, item.body, item.end, 32)
    name = _freeform(stream, parts) if item.name == b"----" else ""
    ours = _OURS.get(name.casefold())
    if ours is None:
        found.items.append(Item(where, item.start, item.end - item.start))
        kept = _FREEFORM.get(name.casefold()) or _PLAIN.get(item.name)
        if kept is not None and len(found.tags[kept]) < MAX_TAG_VALUES:
            found.tags[kept] += _texts(stream, parts)
        return
    for part in parts:
        if part.name != b"data" or len(found.carriers) > found.limits.carriers:
            continue  # one more than may be tells that there are more (CAR-060)
        carrier = Carrier(ours, where, b"", item.start, item.end - item.start, canonical)
        found.carriers.append(_with_value(carrier, stream, part, found))


def _with_value(carrier: Carrier, stream: BinaryIO, part: Box, found: _Found) -> Carrier:
    """The carrier with what a data atom holds, or with its size where that is not read."""
    length = max(part.end - part.body - _DATA_HEADER, 0)
    if length > found.limits.bundle_bytes:
        return replace(carrier, too_large=length)
    if length > found.left:
        found.incomplete = True
        return replace(carrier, unread=length)
    found.left -= length
    return replace(carrier, value=boxes.read(stream, part.body + _DATA_HEADER, length))


def _freeform(stream: BinaryIO, parts: Sequence[Box]) -> str:
    """The name of a freeform atom; the mean does not matter for finding ours."""
    for part in parts:
        if part.name == b"name":
            data = boxes.read(stream, part.body + 4, min(part.end - part.body - 4, 64))
            return data.decode("utf-8", "replace")
    return ""


def _texts(stream: BinaryIO, parts: Sequence[Box]) -> list[str]:
    found = []
    for part in parts:
        length = part.end - part.body - _DATA_HEADER
        if part.name == b"data" and 0 <= length <= _TEXT_BYTES:
            text = boxes.read(stream, part.body + _DATA_HEADER, length)
            found.append(text.decode("utf-8", "replace"))
    return found


def _leaves(root: Box) -> Iterator[Item]:
    """Every box that is not walked into, space, sample data or a table of offsets."""
    for box in _all(root):
        if box.children or box.parent is None or box.name in _NO_ITEMS:
            continue
        above = box.parent.name
        if above == b"ilst" or (above == b"meta" and box.name == b"hdlr"):
            continue
        if box.name not in boxes.DESCEND or box.end - box.body > boxes.META_VERSION:
            yield Item(f"mp4:{box.path}", box.start, box.end - box.start)


def _gaps(mdats: Sequence[Box], ranges: Sequence[tuple[int, int]]) -> Iterator[Item]:
    """Bytes of mdat that no sample covers: kept as they are."""
    covered = deque(sorted(ranges))
    for mdat in mdats:
        at = mdat.body
        while covered and covered[0][0] < mdat.end:
            start, length = covered.popleft()
            if start > at:
                yield Item("mp4:mdat/gap", at, start - at)
            at = max(at, start + length)
        if at < mdat.end:
            yield Item("mp4:mdat/gap", at, mdat.end - at)


def _write(source: BinaryIO, scan: Scan, change: Change, target: BinaryIO) -> None:
    """Splice the atoms in, mend sizes, let free space absorb the growth (MPF-040)."""
    tree = scan.layout
    if not isinstance(tree, Tree) or scan.refusal is not None:
        raise RefusedError(scan.refusal.rule if scan.refusal else "mp4.box-size")
    removed = sorted({(c.start, c.length) for c in scan.carriers})
    splice(source, scan.size, _mp4_write.edits(source, tree.root, removed, change), target)


CONTAINER = Container(
    name="mp4",
    title="MP4, M4A and MOV",
    media_types=("audio/mp4", "audio/x-m4a", "video/mp4", "video/quicktime"),
    suffixes=(".m4a", ".mp4", ".m4b", ".mov"),
    recognises=_recognises,
    scan=_scan,
    write=_write,
)
