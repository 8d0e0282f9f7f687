"""First bytes of each container: alternatives of (offset, bytes) parts that must all match.

Generated from what the adapters recognise; ``tests/contracts`` holds both equal.
"""

from __future__ import annotations

from collections.abc import Mapping

Part = tuple[int, bytes]

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
