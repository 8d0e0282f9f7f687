"""What is declared of parts says nothing of the whole that it would also speak for (EXP-013).

An answer stands where it is the same whatever the areas turn out to be of which nothing is
declared; "something here is generated" is such an answer, "all of it" and "nothing" are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from provenance.model.contribution import Contribution
from provenance.model.levels import ASSET_OF_AREA, GENERATED, LEVELS, Level, level_of
from provenance.model.manifest import Manifest

_OF_WORDS = frozenset({"lyrics", "leadVocals"})
_NO_WORDS = "zxx"
_WHOLE_PERMILLE = 1000


def undeclared(
    manifest: Manifest, entries: Iterable[Contribution], needed: Iterable[str]
) -> list[str]:
    """The areas of ``needed`` that no entry is about; without words, none of those of words."""
    declared = {entry.area for entry in entries}
    if (manifest.subject.language or "").casefold() == _NO_WORDS:
        declared |= _OF_WORDS
    return [area for area in needed if area not in declared]


def whole(
    manifest: Manifest, entries: Sequence[Contribution], roll_up: Mapping[str, Any], asset: str
) -> tuple[Level | None, list[str]]:
    """The level that may be said of an asset, and what is not declared of it.

    Where something is generated, ``partial`` is true whatever the rest is; else nothing is said.
    """
    level = level_of(entries)
    needed = roll_up["all" if level in GENERATED else "none"]
    missing = undeclared(manifest, entries, (a for a in needed if ASSET_OF_AREA[a] == asset))
    if level is None or not missing:
        return level, missing
    return (Level.PARTIAL if level in GENERATED else None), missing


def unsettled(field: str, level: Level | None, missing: Sequence[str], otherwise: str) -> str:
    """For a person: what a field says instead of the level that is declared, and why."""
    says = otherwise if level is None else "says that something is generated, not how much of it"
    return f"{field} {says}: nothing is declared of {', '.join(missing)}."


def completions(entries: Sequence[Contribution], missing: int) -> Iterator[list[Contribution]]:
    """The entries with what so many undeclared areas could be, as far as it changes a level.

    One entry of each level tells what several do (2.6), generated anew or altered; a whole part
    with a share, or several, could outweigh entries that all have shares.
    """
    for process in (None, "altered"):
        for level in LEVELS:
            yield [*entries, Contribution(area="", level=level, process=process)]
        for level in (Level.NONE, Level.FULL):
            part = Contribution(area="", level=level, process=process, share=_WHOLE_PERMILLE)
            yield [*entries, *[part] * missing]
