"""Marks against a declaration: where both cannot be true (MRK-020 to MRK-022)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from provenance.marks.base import GENERATED, NO_AI, USED, Mark
from provenance.model.levels import LEVELS, Level, area_level
from provenance.model.manifest import Manifest

AREAS = (
    *("lyrics", "composition", "leadVocals", "backingVocals"),
    *("instrumentation", "arrangement"),
)
"""The areas that make a track: a mark is about the file and names none of them."""
_MOST = {GENERATED: Level.ASSISTED, USED: Level.NONE}
"""The highest level of all areas that a mark of this kind contradicts."""
_SAYING = frozenset({*_MOST, NO_AI})


def contradictions(marks: Sequence[Mark], manifest: Manifest) -> Iterator[tuple[Mark, Level]]:
    """The marks that the declaration contradicts, and the highest level that is declared.

    An area that is not declared contradicts nothing, and neither does a mark that does not say.
    """
    if all(mark.says not in _SAYING for mark in marks):
        return
    every = {c.area for c in manifest.contributions}
    declared = {area: area_level(manifest.contributions, area) for area in every}
    core = [level for area, level in declared.items() if area in AREAS and level is not None]
    sound = [v for area, v in declared.items() if area not in {"artwork", "video"} and v]
    if not core:
        return
    highest = max(sound, key=LEVELS.index)
    for mark in marks:
        most = _MOST.get(mark.says or "")
        denies = most is not None and LEVELS.index(highest) <= LEVELS.index(most)
        asserts = mark.says == NO_AI and highest in LEVELS[3:]
        if denies or asserts:
            yield mark, highest
