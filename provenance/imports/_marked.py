"""Marks of an audio file as material of drafts: found, bounded, cleaned (spec 21)."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from typing import Any

from provenance.containers import identify, load
from provenance.marks import Entry, entries, find
from provenance.model.errors import InputError
from provenance.model.limits import DEFAULT_LIMITS

LONGEST = 500
WHOLE = "production"
"""The area of an entry about the whole recording, which a person divides."""


def entries_of(document: bytes, scheme: str, names: frozenset[str]) -> Iterator[Entry]:
    """The named values of an audio file under one of these names.

    Raises ``InputError`` for what is no audio file that we know.
    """
    stream = io.BytesIO(document)
    name = identify(stream)
    if name is None:
        raise InputError(
            f"{scheme} is read from audio files; this is none that we know",
            hint="MP3, FLAC, WAV, AIFF, MP4/M4A and Ogg are known.",
        )
    container = load(name)
    scan = container.scan(stream, DEFAULT_LIMITS, False)
    if any(mark.kind == "more" for mark in find(stream, container, scan)):
        raise InputError(
            "the file has more tags than are looked at", hint="Remove needless tags, then import."
        )
    for entry in entries(stream, container, scan):
        if entry.name in names:
            yield entry


def text_of(value: Any) -> str | None:
    """A foreign text that a declaration may hold: one line, no controls, not long; else None."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    plain = unicodedata.normalize("NFC", str(value))
    kept = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in plain)
    return " ".join(kept.split())[:LONGEST].strip() or None


def stated(**members: Any) -> dict[str, Any]:
    """The members that have a value."""
    return {name: value for name, value in members.items() if value}
