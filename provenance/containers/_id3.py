"""ID3v2 tags, wherever they stand: before or after audio, or in a chunk (spec/containers/id3.md).

The face that the adapters of MP3, FLAC, WAV and AIFF share. The writer is imported on demand:
most processes only read.
"""

from __future__ import annotations

from typing import BinaryIO

from provenance.containers._id3_read import Id3, read_tag
from provenance.containers.base import Change, Splice

__all__ = ["Id3", "edit_tag", "read_tag", "render_tag"]


def edit_tag(stream: BinaryIO, tag: Id3, change: Change) -> tuple[Splice, ...]:
    """Take our frames out of a tag and put those of ``change`` in; splices in file offsets.

    A tag that then holds nothing but padding is removed whole (ID3-025): in a chunk, the chunk
    has to go with it. Raises ``RefusedError`` with a rule of ``id3`` before anything is changed.
    """
    from provenance.containers import _id3_write

    return _id3_write.edit_tag(stream, tag, change)


def render_tag(change: Change) -> bytes:
    """Make a new ID3v2.4 tag with our frames only, and padding; empty when there are none."""
    from provenance.containers import _id3_write

    return _id3_write.render_tag(change)
