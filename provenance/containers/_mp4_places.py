"""Boxes that decide what is heard stand once, and in their place (MPF-026, MPF-027).

Players look for them by name: of two tables of sizes one takes the first and one the last, and an
edit list beside its place is followed all the same. Where they would differ, nobody can say
what was declared about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from provenance.containers._mp4_boxes import HEADER, Box, read
from provenance.containers.base import Refusal

_NOWHERE = frozenset[bytes]()

PLACES: Mapping[bytes, frozenset[bytes]] = {
    b"moov": frozenset({b""}),
    b"mvhd": frozenset({b"moov"}),
    b"trak": frozenset({b"moov"}),
    b"tkhd": frozenset({b"trak"}),
    b"edts": frozenset({b"trak"}),
    b"mdia": frozenset({b"trak"}),
    b"elst": frozenset({b"edts"}),
    b"mdhd": frozenset({b"mdia"}),
    b"hdlr": frozenset({b"mdia", b"minf", b"meta", b"udta"}),
    b"minf": frozenset({b"mdia"}),
    b"dinf": frozenset({b"minf", b"meta"}),
    b"dref": frozenset({b"dinf"}),
    b"stbl": frozenset({b"minf"}),
    b"stsd": frozenset({b"stbl"}),
    b"stts": frozenset({b"stbl"}),
    b"stsc": frozenset({b"stbl"}),
    b"stsz": frozenset({b"stbl"}),
    b"stco": frozenset({b"stbl"}),
    b"co64": frozenset({b"stbl"}),
    b"udta": frozenset({b"", b"moov", b"trak", b"mdia", b"minf"}),
    b"meta": frozenset({b"", b"moov", b"trak", b"udta"}),
    b"ilst": frozenset({b"meta"}),
    b"tref": frozenset({b"trak"}),
    b"gmhd": frozenset({b"minf"}),
    b"smhd": frozenset({b"minf"}),
    # inside a sample description alone
    b"esds": _NOWHERE,
    b"alac": _NOWHERE,
    b"dfLa": _NOWHERE,
    b"dOps": _NOWHERE,
    b"chan": _NOWHERE,
    b"wave": _NOWHERE,
    b"sinf": _NOWHERE,
    b"schi": _NOWHERE,
    # of no audio that can be signed
    b"stz2": _NOWHERE,
    b"ctts": _NOWHERE,
    b"cmov": _NOWHERE,
    b"traf": _NOWHERE,
}
"""In which boxes one of a name may stand; the empty name is the file."""

_MANY = frozenset({b"trak", b"udta", b"meta", b"ilst", b"tref"})
"""What may stand several times in one box: tags, and tracks, which are counted elsewhere."""
_ONE_OF = {b"co64": b"stco"}
_SPACE = frozenset({b"free", b"skip", b"wide", b"hoov"})
_BLOCK = 1 << 20
_HEADERS = frozenset({b"mvhd", b"cmov"})


def misplaced(stream: BinaryIO, root: Box) -> Refusal | None:
    """The first box that stands twice, or beside its place, or where only some players see it."""
    waiting = [root]
    while waiting:
        box = waiting.pop()
        wrong = next(_wrong(box.children, box.name), None)
        hidden = (c for c in box.children if is_hidden_header(stream, c))
        wrong = wrong or next(hidden, None)
        if wrong is None and box.name == b"meta" and _is_misread(stream, box):
            wrong = box
        if wrong is not None:
            return Refusal("mp4.box-place", {"box": wrong.path})
        waiting += box.children
    return None


def is_hidden_header(stream: BinaryIO, box: Box) -> bool:
    """Whether a box of space begins with a header of a film: some players take it for moov."""
    if box.name not in _SPACE or box.end - box.body < HEADER:
        return False
    return read(stream, box.body + 4, 4) in _HEADERS


def _is_misread(stream: BinaryIO, meta: Box) -> bool:
    """Whether ``meta`` has its handler elsewhere than first: some players begin to read there."""
    if not meta.children or meta.children[0].name == b"hdlr":
        return False
    last = b""
    stream.seek(meta.body)
    for at in range(meta.body, meta.end, _BLOCK):
        block = stream.read(min(_BLOCK, meta.end - at))
        if b"hdlr" in last + block:
            return True
        last = block[-3:]
    return False


def _wrong(children: list[Box], parent: bytes) -> Iterator[Box]:
    seen: set[bytes] = set()
    for child in children:
        places = PLACES.get(child.name)
        if places is None:
            continue
        name = _ONE_OF.get(child.name, child.name)
        if parent not in places or (name in seen and name not in _MANY):
            yield child
        seen.add(name)
