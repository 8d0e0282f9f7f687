"""What a file's ordinary tags say about the recording, in the form that a manifest has (MOD-012).

Tags are written by anybody and anything: a control character becomes a space, and a text that
no manifest may hold is left out.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from provenance.containers.base import Tags
from provenance.wire.strict_json import REMARKS, find_text_faults, normalise

_MAX_TEXT = 1000


def subject_of(tags: Tags) -> dict[str, Any]:
    """Title, artists and ISRC, as far as the tags have them (MOD-013)."""
    subject: dict[str, Any] = {}
    title = clean_text(tags.title[0]) if tags.title else None
    if title:
        subject["title"] = title
    artists = [name for name in map(clean_text, tags.credited) if name]
    if artists:
        subject["artists"] = [{"name": name} for name in artists]
    isrc = clean_isrc(tags.isrc[0]) if tags.isrc else None
    if isrc:
        subject["isrc"] = isrc
    return subject


def clean_text(text: str) -> str | None:
    """A tag's text on one line; None when nothing is left that a manifest may hold (WIR-010)."""
    spaced = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    kept = str(normalise(" ".join(spaced.split())))[:_MAX_TEXT].strip()
    faults = {fault for _, fault in find_text_faults(kept)} - REMARKS
    return None if faults or not kept else kept


def clean_isrc(text: str) -> str | None:
    """An ISRC as a tag may spell it, normalised; None when it is none."""
    from provenance.model.identifiers import normalise_isrc

    return normalise_isrc(text)
