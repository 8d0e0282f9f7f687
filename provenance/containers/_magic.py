"""First bytes of each container, and how names of its files end.

Copied from the adapters, so that none has to be imported; ``tests/contracts`` holds them equal.
"""

from __future__ import annotations

from collections.abc import Mapping

Part = tuple[int, bytes]

SUFFIXES = (
    *(".flac", ".mp3", ".wav", ".wave", ".bwf", ".rf64", ".aiff", ".aif", ".aifc"),
    *(".m4a", ".mp4", ".m4b", ".mov", ".ogg", ".oga", ".opus"),
)
MAGIC: Mapping[str, tuple[tuple[Part, ...], ...]] = {
    "flac": (((0, b"fLaC"),),),
    "ogg": (((0, b"OggS"),),),
    "mp4": (((4, b"ftyp"),),),
    "wav": (
        ((0, b"RIFF"), (8, b"WAVE")),
        ((0, b"RF64"), (8, b"WAVE")),
        ((0, b"BW64"), (8, b"WAVE")),
    ),
    "aiff": (((0, b"FORM"), (8, b"AIFF")), ((0, b"FORM"), (8, b"AIFC"))),
}
"""Alternatives of (offset, bytes) parts that must all match."""
