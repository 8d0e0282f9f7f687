"""A foreign frame into an ID3v2 tag, without touching any other: where C2PA stands in an MP3.

The frame is GEOB (ID3v2.3 4.16, ID3v2.4 4.15) after the last frame of the first tag, whose
version stays; a file without a tag gets one of version 2.4.
"""

from __future__ import annotations

from dataclasses import replace
from typing import BinaryIO

from provenance.containers import _id3_write
from provenance.containers._id3_bytes import HEADER, UNSYNCHRONISED, to_synchsafe
from provenance.containers._regions import Regions
from provenance.containers.base import Scan, Splice
from provenance.model.errors import RefusedError

_HEAD = b"\x00application/c2pa\x00c2pa\x00c2pa manifest store\x00"
"""Encoding Latin-1, media type, file name, description: as c2pa-rs writes them."""
_RULE = "c2pa.no-place"


def placed(source: BinaryIO, scan: Scan, content: bytes) -> tuple[tuple[Splice, ...], int]:
    """The splices that put the frame in, and where ``content`` will stand in the new file.

    Raises ``RefusedError`` before anything is written where the tag cannot take it as it is.
    """
    regions = scan.layout
    if not isinstance(regions, Regions):
        raise RefusedError(_RULE, "the scan is of no MP3")
    if not regions.lead:
        frame = _frame(4, content)
        tag = b"ID3\x04\x00\x00" + to_synchsafe(len(frame)) + frame
        return (Splice(0, 0, tag),), HEADER + len(frame) - len(content)
    first = regions.id3[0]
    layout = first.layout
    if first.version == 2 or layout.flags & UNSYNCHRONISED or first.start:
        raise RefusedError(
            _RULE,
            "the file's ID3v2 tag cannot take a C2PA manifest without being rewritten",
            hint="Save its tags anew as ID3v2.4, sign again, then export.",
        )
    if layout.sealed is not None:
        raise RefusedError(layout.sealed)
    frame = _frame(first.version, content)
    whole = replace(first, layout=layout._replace(ours=()))
    splices = _id3_write.insert(source, whole, frame)
    return splices, layout.frames_end + len(frame) - len(content)


def _frame(version: int, content: bytes) -> bytes:
    body = _HEAD + content
    size = to_synchsafe(len(body)) if version == 4 else len(body).to_bytes(4, "big")
    return b"GEOB" + size + b"\x00\x00" + body
