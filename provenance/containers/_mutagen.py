"""The only door to mutagen: it edits Ogg comments on a copy that is checked afterwards.

mutagen is GPL-2.0-or-later; nothing else of this project imports it (decision 0008).
"""

from __future__ import annotations

from typing import Any, BinaryIO

from provenance.containers.base import MANIFEST_TAG, SUMMARY_TAG, Change
from provenance.model.errors import LibraryFaultError, RefusedError


def edit_ogg(target: BinaryIO, codec: str, change: Change) -> None:
    """Remove our comments from an Ogg file in place and add those of ``change``.

    ``target`` is a seekable read-write binary file, ``codec`` is ``vorbis``, ``opus`` or
    ``flac``. Raises ``RefusedError`` for a file that mutagen cannot edit, ``LibraryFaultError``
    when mutagen fails in another way.
    """
    from mutagen import MutagenError
    from mutagen.oggflac import OggFLAC
    from mutagen.oggopus import OggOpus
    from mutagen.oggvorbis import OggVorbis

    kind: Any = {"vorbis": OggVorbis, "opus": OggOpus, "flac": OggFLAC}[codec]
    try:
        target.seek(0)
        file: Any = kind(target)
        for name in (MANIFEST_TAG, SUMMARY_TAG):
            if name in file.tags:
                del file.tags[name]
        if change.manifest is not None:
            file.tags.append((MANIFEST_TAG, change.manifest.decode("utf-8")))
        if change.summary is not None:
            file.tags.append((SUMMARY_TAG, change.summary))
        target.seek(0)
        file.save(target)
    except MutagenError as error:
        raise RefusedError("ogg.comment-not-writable") from error
    except OSError:
        raise
    except Exception as error:  # its documented errors are not all that it raises
        raise LibraryFaultError(
            f"mutagen failed on this file: {type(error).__name__}",
            hint="Use --sidecar to keep the file as it is.",
        ) from error
