"""Vorbis comments, shared by FLAC and Ogg (spec/containers/flac.md, FLC-010 to FLC-013).

A block is: vendor length and string, comment count, then length and ``NAME=value`` for each, all
lengths little-endian. Names are compared without regard to ASCII case.
"""

from __future__ import annotations

from collections.abc import Sequence

from provenance.containers._speakers import MASK_COMMENT
from provenance.containers.base import (
    AIGC_TAG,
    MANIFEST_TAG,
    MAX_TAG_VALUES,
    SUMMARY_TAG,
    Change,
    Tags,
)
from provenance.model.records import dataclass

_OURS = {MANIFEST_TAG.casefold(): MANIFEST_TAG, SUMMARY_TAG.casefold(): SUMMARY_TAG}
_TAGS = {
    "title": "title",
    "artist": "artist",
    "album": "album",
    "isrc": "isrc",
    "label": "label",
    "organization": "label",
    "barcode": "barcode",
    "upc": "barcode",
}
VENDOR = b"musicprov"


@dataclass(frozen=True)
class Comment:
    """One comment: its place in the block (length field included) and its raw bytes."""

    index: int
    start: int
    length: int
    name: str
    """Its folded name; empty when it has no ``=`` and so neither name nor value."""
    value: bytes

    @property
    def ours(self) -> str | None:
        """MUSICPROV or AI_DISCLOSURE when it is one of our two."""
        return _OURS.get(self.name)


@dataclass(frozen=True)
class Comments:
    """A parsed block; ``end`` is where the comments end, ``damaged`` that a length lies."""

    vendor_length: int
    comments: tuple[Comment, ...]
    end: int
    damaged: bool = False
    cut: bool = False


def parse(block: bytes, max_items: int) -> Comments | None:
    """Parse a comment block; None when not even the vendor and the count can be read.

    ``cut`` says that there are more comments than ``max_items``.
    """
    if len(block) < 8:
        return None
    vendor = int.from_bytes(block[:4], "little")
    at = 4 + vendor
    if at + 4 > len(block):
        return None
    count = int.from_bytes(block[at : at + 4], "little")
    at += 4
    comments: list[Comment] = []
    for index in range(min(count, max_items)):
        length = int.from_bytes(block[at : at + 4], "little")
        end = at + 4 + length
        if end > len(block) or at + 4 > len(block):
            return Comments(vendor, tuple(comments), at, damaged=True)
        name, equals, value = block[at + 4 : end].partition(b"=")
        folded = name[:64].decode("ascii", "replace").casefold() if equals else ""
        comments.append(Comment(index, at, 4 + length, folded, value))
        at = end
    return Comments(vendor, tuple(comments), at, cut=count > max_items)


def tags_of(comments: Sequence[Comment]) -> Tags:
    """The ordinary tags that declare and verify need."""
    found: dict[str, list[str]] = {slot: [] for slot in _TAGS.values()}
    for comment in comments:
        slot = _TAGS.get(comment.name)
        if slot is not None and len(found[slot]) < MAX_TAG_VALUES:
            found[slot].append(comment.value[:2000].decode("utf-8", "replace"))
    return Tags.of(found)


def masks_of(comments: Sequence[Comment]) -> list[bytes]:
    """What the comments say of which loudspeakers the channels are for."""
    return [comment.value for comment in comments if comment.name == MASK_COMMENT]


def rebuild(block: bytes | None, change: Change) -> bytes:
    """The block with our comments removed and the new ones at its end; foreign bytes as they are.

    Bytes after the last comment (Opus padding, the Vorbis framing bit) are kept. Without a block
    a new one is made.
    """
    if block is None:
        return _render(VENDOR, [], change, b"")
    parsed = parse(block, len(block))
    if parsed is None or parsed.damaged:
        raise ValueError("a damaged comment block is not rewritten")
    kept = [block[c.start : c.start + c.length] for c in parsed.comments if c.ours is None]
    vendor = block[4 : 4 + parsed.vendor_length]
    return _render(vendor, kept, change, block[parsed.end :])


def is_bare(block: bytes) -> bool:
    """Whether the block is one that we made and nobody put a comment into since."""
    return block == _render(VENDOR, [], Change(None, None), b"")


def _render(vendor: bytes, kept: list[bytes], change: Change, rest: bytes) -> bytes:
    comments = list(kept)
    if change.manifest is not None:
        comments.append(_comment(MANIFEST_TAG, change.manifest))
    if change.summary is not None:
        comments.append(_comment(SUMMARY_TAG, change.summary.encode()))
    if change.aigc is not None:
        comments.append(_comment(AIGC_TAG, change.aigc))
    head = len(vendor).to_bytes(4, "little") + vendor + len(comments).to_bytes(4, "little")
    return head + b"".join(comments) + rest


def _comment(name: str, value: bytes) -> bytes:
    text = name.encode("ascii") + b"=" + value
    return len(text).to_bytes(4, "little") + text
