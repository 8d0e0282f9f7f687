"""Plain disclosures of others: ``AI_DISCLOSURE`` without a statement, ``AI_METADATA`` (MRK-007)."""

from __future__ import annotations

from collections.abc import Iterator

from provenance.marks._entries import Entry
from provenance.marks.base import GENERATED, NO_AI, USED, Mark, text_of
from provenance.model.levels import AREAS, Level
from provenance.model.levels import GENERATED as GENERATED_LEVELS

_LEVELS = {level.value for level in Level}


def read(entry: Entry) -> Iterator[Mark]:
    """The mark of a text that somebody wrote and nobody signed."""
    text = text_of(entry.value)
    yield Mark("disclosure", entry.where, "stated", _says(text), {"name": entry.name, "text": text})


def _says(text: str) -> str | None:
    """What a text in the form of our own summary says; others say nothing that can be read."""
    levels = set()
    for part in text.split("; "):
        area, _, level = part.partition("=")
        if area not in AREAS or level not in _LEVELS:
            return None
        levels.add(level)
    if levels & GENERATED_LEVELS:
        return GENERATED
    return NO_AI if levels == {Level.NONE.value} else USED
