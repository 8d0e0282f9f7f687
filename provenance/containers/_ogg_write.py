"""Writing Ogg comments: one header packet changed, the rest as it stood (OGG-030 to OGG-035).

Pages that hold no byte of the comment packet are copied. When the number of pages changes, those
that follow get new numbers and checksums and keep every other bit.
"""

from __future__ import annotations

from typing import BinaryIO

from provenance.containers import _mutagen, _ogg_codecs, _vorbis
from provenance.containers._ogg_codecs import Headers
from provenance.containers.base import Change, copy_range
from provenance.model.errors import RefusedError

_MAX_SEQUENCE = (1 << 32) - 1
_MAX_FLAC_BLOCK = (1 << 24) - 1
_MAX_HEADERS = 1 << 24
"""What a reader takes into memory at most (spec 10.1)."""


def rewrite(
    source: BinaryIO, size: int, headers: Headers, change: Change, target: BinaryIO
) -> None:
    """Write ``source`` with our comments removed and those of ``change`` put in.

    Raises ``RefusedError`` before anything is written when there are no comments that can be
    rewritten without loss, or when they would grow too large.
    """
    number, old = _first_comments(headers)
    new = _changed(headers, old, change)
    if new == old:
        copy_range(source, 0, size, target)
        return
    pages = _mutagen.header_pages(source, headers.pages)
    first, last, place = pages.touched(number)
    made, count = pages.rendered(first, last, place, new)
    moved = count - (last - first + 1)
    if headers.last_sequence + moved > _MAX_SEQUENCE:
        raise RefusedError("ogg.comment-not-writable")
    copy_range(source, 0, pages.start(first), target)
    target.write(made)
    behind, follows = pages.start(last + 1), target.tell()
    copy_range(source, behind, headers.end - behind, target)
    if moved:
        _mutagen.renumber(target, follows, headers.serial, pages.sequence(last) + 1 + moved)
    target.seek(0, 2)
    copy_range(source, headers.end, size - headers.end, target)


def _first_comments(headers: Headers) -> tuple[int, bytes]:
    """The first comment packet and its number."""
    for number, packet in enumerate(headers.packets):
        if _ogg_codecs.comment_prefix(headers.codec, packet) is not None:
            return number, packet
    raise RefusedError("ogg.comment-not-writable")


def _changed(headers: Headers, packet: bytes, change: Change) -> bytes:
    """The comment packet without ours and with those of ``change`` at its end."""
    prefix = _ogg_codecs.comment_prefix(headers.codec, packet)
    try:
        block = _vorbis.rebuild(packet[prefix:], change)
    except ValueError:
        raise RefusedError("ogg.comment-not-writable") from None
    grown = len(block) - (len(packet) - (prefix or 0))
    too_long = headers.codec == "flac" and len(block) > _MAX_FLAC_BLOCK
    if too_long or sum(map(len, headers.packets)) + grown > _MAX_HEADERS:
        raise RefusedError("ogg.comments-too-large")
    return _ogg_codecs.with_block(headers.codec, packet, block)
