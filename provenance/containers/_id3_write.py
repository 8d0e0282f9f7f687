"""Writing our two frames into ID3v2 tags, as splices (spec/containers/id3.md 4).

Foreign frames are never touched or moved. Our frames stand after the last foreign one, in the
tag's own version; what they give up becomes padding, what they need is taken from it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from provenance.containers._id3_bytes import (
    HEADER,
    MAX_SIZE,
    UNSYNCHRONISED,
    synchsafe,
    to_synchsafe,
)
from provenance.containers._id3_read import Id3
from provenance.containers._id3_text import encode, unsynchronise
from provenance.containers.base import AIGC_TAG, MANIFEST_TAG, SUMMARY_TAG, Change, Splice
from provenance.model.errors import RefusedError

PADDING = 1024
"""Zeros after our frames in a new tag, and in one that had to grow."""
_KEPT_PADDING = 1 << 20
"""More zeros than this are not left behind: the tag shrinks."""
_SIZE_AT = 6
_STUFFED_FRAME = 0x02
_CRC_2_3, _UPDATE, _CRC_2_4, _RESTRICTIONS = 0x80, 0x40, 0x20, 0x10
_BLOCK = 1 << 18


def render_tag(change: Change) -> bytes:
    """Make a new ID3v2.4 tag with our frames only, and padding; empty when there are none.

    Raises ``RefusedError`` (``id3.too-large``).
    """
    frames = _render(4, 0, change)
    if not frames:
        return b""
    size = len(frames) + PADDING
    return b"ID3\x04\x00\x00" + _checked_size(size) + frames + bytes(PADDING)


def edit_tag(stream: BinaryIO, tag: Id3, change: Change) -> tuple[Splice, ...]:
    """Take our frames out of a tag and put those of ``change`` in; splices in file offsets.

    A tag that then holds nothing but padding is removed whole. Raises ``RefusedError`` with a
    rule of ``id3`` when the tag cannot be edited without loss.
    """
    if tag.incomplete:
        raise RefusedError("id3.incomplete")
    frames = _render(tag.version, tag.layout.flags, change)
    if not frames and not tag.layout.ours:
        return ()
    if frames and tag.layout.sealed:
        raise RefusedError(tag.layout.sealed)
    if not frames and _holds_only_ours(tag):
        return (Splice(tag.start, tag.start + tag.length, b""),)
    plan = _plan(tag, frames)
    removed = [Splice(start, end, b"") for start, end in tag.layout.ours]
    return (*removed, plan.splice, *_sizes(tag, plan), *_extended_header(stream, tag, plan))


def insert(stream: BinaryIO, tag: Id3, frames: bytes) -> tuple[Splice, ...]:
    """Put rendered frames after the last one of a tag; all that is there stays (``_geob``)."""
    plan = _plan(tag, frames)
    return (plan.splice, *_sizes(tag, plan), *_extended_header(stream, tag, plan))


def _holds_only_ours(tag: Id3) -> bool:
    layout = tag.layout
    return not layout.foreign and layout.padding_end == layout.body_end


def _render(version: int, flags: int, change: Change) -> bytes:
    """Our frames for a tag of this version and these header flags."""
    summary = None if change.summary is None else change.summary.encode()
    values = ((MANIFEST_TAG, change.manifest), (SUMMARY_TAG, summary), (AIGC_TAG, change.aigc))
    stuffed = bool(flags & UNSYNCHRONISED)
    return b"".join(
        _frame(version, encode(version, name, value), stuffed=stuffed)
        for name, value in values
        if value is not None
    )


def _frame(version: int, payload: bytes, *, stuffed: bool) -> bytes:
    if version == 4:
        content = unsynchronise(payload) if stuffed else payload
        flags = bytes([0, _STUFFED_FRAME if stuffed else 0])
        return b"TXXX" + _checked_size(len(content)) + flags + content
    if len(payload) >= 1 << (24 if version == 2 else 32):
        raise RefusedError("id3.too-large")
    length = len(payload)
    head = b"TXX" + length.to_bytes(3, "big") if version == 2 else b"TXXX" + _plain(length)
    return unsynchronise(head + payload) if stuffed else head + payload


def _plain(length: int) -> bytes:
    return length.to_bytes(4, "big") + b"\x00\x00"


def _checked_size(size: int) -> bytes:
    if size > MAX_SIZE:
        raise RefusedError("id3.too-large")
    return to_synchsafe(size)


class _Plan(NamedTuple):
    """Where the frames go, the zeros after them, and by how much the tag grows."""

    splice: Splice
    frames: bytes
    padding: int
    growth: int


def _plan(tag: Id3, frames: bytes) -> _Plan:
    layout = tag.layout
    at = layout.frames_end
    padding = layout.padding_end - at
    net = len(frames) - sum(end - start for start, end in layout.ours)
    has_trailing = layout.padding_end < layout.body_end
    has_footer = layout.body_end < tag.start + tag.length
    if has_trailing or has_footer:
        return _Plan(Splice(at, at, frames), frames, padding, net)
    if 0 <= net <= padding:
        return _Plan(Splice(at, at + net, frames), frames, padding - net, 0)
    if -_KEPT_PADDING <= net < 0:
        return _Plan(Splice(at, at, frames + bytes(-net)), frames, padding - net, 0)
    zeros = Splice(at, layout.padding_end, frames + bytes(PADDING))
    return _Plan(zeros, frames, PADDING, net - padding + PADDING)


def _sizes(tag: Id3, plan: _Plan) -> Iterator[Splice]:
    """The tag's size in its header and footer, when it changes."""
    if not plan.growth:
        return
    footer = tag.start + tag.length - tag.layout.body_end
    size = _checked_size(tag.length - HEADER - footer + plan.growth)
    places = [tag.start, tag.layout.body_end] if footer else [tag.start]
    for place in places:
        yield Splice(place + _SIZE_AT, place + HEADER, size)


def _extended_header(stream: BinaryIO, tag: Id3, plan: _Plan) -> Iterator[Splice]:
    """The extended header with its padding size (2.3) and checksum mended; its length stays."""
    old = tag.layout.extended
    if not old:
        return
    mend = _mend_2_3 if tag.version == 3 else _mend_2_4
    new = mend(old, stream, tag, plan)
    at = tag.start + HEADER
    if new != old:
        yield Splice(at, at + len(old), new)


def _mend_2_3(old: bytes, stream: BinaryIO, tag: Id3, plan: _Plan) -> bytes:
    has_crc = len(old) == 14
    if len(old) not in {10, 14} or tag.layout.flags & UNSYNCHRONISED:
        raise RefusedError("id3.extended-header")
    if has_crc != bool(old[4] & _CRC_2_3):
        raise RefusedError("id3.extended-header")
    checksum = _crc(_kept(stream, tag), plan.frames).to_bytes(4, "big") if has_crc else b""
    return old[:6] + plan.padding.to_bytes(4, "big") + checksum


def _mend_2_4(old: bytes, stream: BinaryIO, tag: Id3, plan: _Plan) -> bytes:
    places = _fields_2_4(old)
    if plan.frames and _RESTRICTIONS in places:
        raise RefusedError("id3.restrictions")
    if _CRC_2_4 not in places:
        return old
    layout = tag.layout
    body = _crc(_kept(stream, tag), plan.frames)
    body = _crc(_zeros(plan.padding), b"", body)
    body = _crc(_blocks(stream, layout.padding_end, layout.body_end), b"", body)
    at = places[_CRC_2_4]
    return old[:at] + to_synchsafe(body, 5) + old[at + 5 :]


def _fields_2_4(extended: bytes) -> dict[int, int]:
    """Where the data of each flag of a 2.4 extended header stands."""
    places: dict[int, int] = {}
    flags, at = extended[5], 6
    lengths = {_UPDATE: 0, _CRC_2_4: 5, _RESTRICTIONS: 1}
    known = extended[4] == 1 and synchsafe(extended[:4]) == len(extended)
    if not known or flags & ~sum(lengths):
        raise RefusedError("id3.extended-header")
    for flag, length in lengths.items():
        if flags & flag:
            if extended[at : at + 1] != bytes([length]) or at + 1 + length > len(extended):
                raise RefusedError("id3.extended-header")
            places[flag] = at + 1
            at += 1 + length
    return places


def _kept(stream: BinaryIO, tag: Id3) -> Iterator[bytes]:
    """The foreign frames, in blocks."""
    at = tag.layout.first_frame
    for start, end in (*tag.layout.ours, (tag.layout.frames_end,) * 2):
        yield from _blocks(stream, at, start)
        at = end


def _blocks(stream: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    stream.seek(start)
    while start < end:
        block = stream.read(min(_BLOCK, end - start))
        if not block:
            raise EOFError("the file became shorter while it was read")
        start += len(block)
        yield block


def _zeros(count: int) -> Iterator[bytes]:
    block = bytes(min(count, _BLOCK))
    while count:
        yield block[:count]
        count -= len(block[:count])


def _crc(blocks: Iterator[bytes], last: bytes, value: int = 0) -> int:
    for block in blocks:
        value = zlib.crc32(block, value)
    return zlib.crc32(last, value)
