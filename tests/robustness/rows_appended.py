"""Rows of appended bytes and cut ends: foreign tags, zeros, garbage, each by its rule's name."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from robustness.edits import (
    ALL_KINDS,
    DAMAGED,
    EXACT,
    LOSSLESS,
    M4A_KINDS,
    NOT_CHECKED,
    OGG_KINDS,
    PCM_KINDS,
    SIMILAR,
    Edit,
    Result,
    copied,
    on,
)

_LEFT_OPEN = EXACT.with_note("carrier.scan-incomplete")
"""A chunk behind the audio that passes the end of the file: exact, and not read to its end."""


def appended(data: bytes) -> Callable[[Path, Path], Path]:
    """Put bytes behind the file."""

    def do(path: Path, folder: Path) -> Path:
        target = copied(path, folder)
        with target.open("ab") as out:
            out.write(data)
        return target

    return do


def shortened(count: int) -> Callable[[Path, Path], Path]:
    """Take bytes from the end of the file."""

    def do(path: Path, folder: Path) -> Path:
        target = copied(path, folder)
        target.write_bytes(target.read_bytes()[:-count])
        return target

    return do


def truncated(path: Path, folder: Path) -> Path:
    """Only the first 95 % of the file."""
    return shortened(path.stat().st_size // 20)(path, folder)


def _ape() -> bytes:
    body = struct.pack("<II", 5, 0) + b"Title\0Hello"
    flags = 0xA0000000, 0x80000000
    head, foot = (
        b"APETAGEX" + struct.pack("<IIII", 2000, len(body) + 32, 1, flag) + bytes(8)
        for flag in flags
    )
    return head + body + foot


def _garbage(count: int) -> bytes:
    state, out = 7, bytearray()
    for _ in range(count):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        out.append((state >> 16) % 254 + 1)
    return bytes(out)


_ID3V1 = b"TAG" + b"Hello".ljust(124, b"\0") + b"\x0c"

_UNREAD = "carrier.scan-incomplete"
_BOX = {
    kind: SIMILAR.refused("mp4.box-size").with_note(_UNREAD)  # MPF-002, BND-025
    for kind in M4A_KINDS
}
_JUNK = on(OGG_KINDS, SIMILAR.refused("ogg.junk"))  # OGG-002, BND-025
_BEHIND_AUDIO = {
    "mp3": SIMILAR.refused("mp3.trailing-garbage"),  # MP3-017
    "flac": LOSSLESS,  # FLC-021: hashed, so tier 1 differs, and the samples are the same
}

_CUT_AUDIO: dict[str, Result] = {
    "mp3": SIMILAR,  # MP3-010: the cut frame is hashed as it stands
    "flac": DAMAGED,
    "wav": SIMILAR.refused("wav.data-cut").with_note(_UNREAD),  # WAV-003, WAV-009
    "rf64": SIMILAR.refused("wav.data-cut").with_note(_UNREAD),
    "aiff": SIMILAR.refused("aiff.data-cut").with_note(_UNREAD),  # AIF-003, AIF-010
    "alac": NOT_CHECKED.refused("mp4.box-size"),  # moov stands at the end: nothing decodes it
    "aac": NOT_CHECKED.refused("mp4.box-size"),
    "vorbis": SIMILAR.refused("ogg.page-cut").with_note(_UNREAD),  # OGG-011
    "opus": SIMILAR.refused("ogg.page-cut").with_note(_UNREAD),
    "oggflac": DAMAGED.refused("ogg.page-cut").with_note(_UNREAD),
}
_CUT_BOX = {  # what is left of moov is enough for a decoder, or it is not
    kind: replace(result, bindings=result.bindings | NOT_CHECKED.bindings)
    for kind, result in _BOX.items()
}

ROWS: tuple[Edit, ...] = (
    Edit("append ID3v1", on(("mp3", "flac"), EXACT), appended(_ID3V1)),
    Edit("append ID3v1 ", on(PCM_KINDS, _LEFT_OPEN) | _JUNK | _BOX, appended(_ID3V1)),
    Edit("append APEv2", on(("mp3", "flac"), EXACT), appended(_ape())),
    Edit(
        "append 1 KiB zeros",
        on(("mp3", *PCM_KINDS, *OGG_KINDS, *M4A_KINDS), EXACT) | {"flac": LOSSLESS},
        appended(bytes(1024)),
    ),
    Edit(
        "append 1 KiB garbage",  # no chunk name stands there: WAV-001 and AIF-001 end the walk
        on(PCM_KINDS, EXACT) | _BEHIND_AUDIO | _JUNK | _BOX,
        appended(_garbage(1024)),
    ),
    Edit(
        "append 1 KiB text",  # as a chunk it is not read to its end: WAV-009, AIF-010
        on(PCM_KINDS, _LEFT_OPEN) | _BEHIND_AUDIO | _JUNK | _BOX,
        appended(b"Lorem ipsum dolor sit amet. " * 37),
    ),
    Edit("truncate 1 KiB", on(PCM_KINDS, _LEFT_OPEN) | _CUT_BOX, shortened(1024), "any"),
    Edit(
        "truncate 4 KiB",
        {kind: _CUT_AUDIO[kind] for kind in ("mp3", "flac", *OGG_KINDS)},
        shortened(4096),
        "other",
    ),
    Edit("truncate to 95 %", _CUT_AUDIO, truncated, "any"),
)

assert set(_CUT_AUDIO) == set(ALL_KINDS)
