"""ID3v2 tags, wherever they stand: before or after audio, or in a chunk (spec/containers/id3.md).

The face that the adapters of MP3, FLAC, WAV and AIFF share.
"""

from __future__ import annotations

from provenance.containers._id3_bytes import Budget, tag_length
from provenance.containers._id3_read import Id3, read_tag
from provenance.containers._id3_write import edit_tag, render_tag

__all__ = ["Budget", "Id3", "edit_tag", "read_tag", "render_tag", "tag_length"]
