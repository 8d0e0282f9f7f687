"""What generators leave behind: a comment, an address, an encoder's name (MRK-008).

The texts are data (``schemas/registries/marks.json``), each with its source and confidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from provenance.marks._entries import Entry
from provenance.marks.base import GENERATED, Mark, text_of
from provenance.model.findings import Scalar


@cache
def residues() -> tuple[dict[str, Any], ...]:
    """The table of residues."""
    from provenance.wire.schemas import load_json

    return tuple(load_json("registries/marks.json")["marks"])


def read(entry: Entry) -> Iterator[Mark]:
    """The first residue of the table that the text has."""
    text = text_of(entry.value)
    folded = text.casefold()
    for residue in residues():
        if entry.name.lower() in residue["in"] and _has(folded, residue):
            detail: dict[str, Scalar] = {"tool": residue["tool"], "text": text}
            yield Mark("generator", entry.where, "residue", GENERATED, detail)
            return


def _has(text: str, residue: dict[str, Any]) -> bool:
    """Whether the text begins with a residue, or an address of its host stands in it."""
    if "begins" in residue:
        words = residue["begins"]
        return text.startswith(words) and not text[len(words) : len(words) + 1].isalnum()
    host = re.escape(residue["host"])
    return re.search(rf"(?<![a-z0-9.-])(www\.)?{host}{residue['path']}", text) is not None
