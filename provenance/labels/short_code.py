"""The short code: one token an area, for tables and small print (spec 11.3, LBL).

``LY-F LV-F MX-U`` reads: lyrics full, lead vocals full, mixing utility. Undeclared areas are
left out; an empty declaration is ``-``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provenance.labels.sentence import levels_of
from provenance.wire.registries import terms

if TYPE_CHECKING:
    from provenance.model.manifest import Manifest


def short_code(manifest: Manifest) -> str:
    """The short code of a declaration, areas in registry order, ASCII."""
    areas = {t["term"]: t["code"] for t in terms("areas")}
    levels = {t["term"]: t["code"] for t in terms("levels")}
    found = levels_of(manifest)
    return " ".join(f"{areas[a]}-{levels[level]}" for a, level in found.items()) or "-"
