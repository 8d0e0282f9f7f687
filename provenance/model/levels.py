"""Levels of AI involvement, and the level of an area from its contributions (spec 2.5, 2.6).

What is not stated is undeclared, which is None here and never ``Level.NONE``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provenance.model.contribution import Contribution
    from provenance.model.manifest import Manifest


class Level(StrEnum):
    """How much of a contribution AI made; the order is that of the registry (MOD-020)."""

    NONE = "none"
    UTILITY = "utility"
    ASSISTED = "assisted"
    PARTIAL = "partial"
    PREDOMINANT = "predominant"
    FULL = "full"


ASSET_OF_AREA: Mapping[str, str] = {
    "lyrics": "composition",
    "composition": "composition",
    "leadVocals": "recording",
    "backingVocals": "recording",
    "instrumentation": "recording",
    "arrangement": "composition",
    "production": "recording",
    "mixing": "recording",
    "mastering": "recording",
    "artwork": "artwork",
    "video": "video",
    "translation": "composition",
}
"""Each area with its own asset, in registry order (``schemas/registries/areas.json``)."""

AREAS = tuple(ASSET_OF_AREA)
"""The areas in registry order."""

CORE_AREAS = ("lyrics", "composition", "leadVocals", "instrumentation", "mixing", "mastering")
"""The areas that a label names even when they are not declared."""

LEVELS = tuple(Level)
"""All levels, from the lowest to the highest."""
_MAINLY = frozenset({Level.PREDOMINANT, Level.FULL})
GENERATED = _MAINLY | {Level.PARTIAL}
"""The levels at which something that AI made is heard, seen or read."""
_WHOLE_PERMILLE = 1000


def asset_of(contribution: Contribution) -> str | None:
    """The asset that an entry belongs to: the one it states, else its area's own (MOD-022)."""
    return contribution.asset or ASSET_OF_AREA.get(contribution.area)


def area_level(contributions: Iterable[Contribution], area: str) -> Level | None:
    """The level of one area: a total function of its entries; None is undeclared (MOD-030)."""
    return level_of([c for c in contributions if c.area == area])


def levels_of(contributions: Iterable[Contribution]) -> dict[str, Level]:
    """The level of each area that is declared, areas in registry order (MOD-030)."""
    entries: dict[str, list[Contribution]] = {}
    for entry in contributions:
        entries.setdefault(entry.area, []).append(entry)
    found = ((area, level_of(entries.get(area, ()))) for area in AREAS)
    return {area: level for area, level in found if level is not None}


def asset_level(contributions: Iterable[Contribution], asset: str) -> Level | None:
    """The level of one asset, by the same function over all its entries (MOD-031)."""
    return level_of([c for c in contributions if asset_of(c) == asset])


def level_of(entries: Sequence[Contribution]) -> Level | None:
    """Rules 1 to 4 of spec 2.6, in order."""
    levels = {entry.level for entry in entries}
    if not levels:
        return None
    if len(levels) == 1:
        return entries[0].level
    if levels <= _MAINLY or _is_mostly_generated(entries):
        return Level.PREDOMINANT
    if levels & GENERATED:
        return Level.PARTIAL
    return max(levels, key=LEVELS.index)


def _is_mostly_generated(entries: Sequence[Contribution]) -> bool:
    """Rule 3: every entry has a share, and more than half of the whole is AI's.

    The whole is 1000 permille, or the sum of the shares where several roles make it larger.
    """
    shares = [entry.share for entry in entries if entry.share is not None]
    if len(shares) < len(entries):
        return False
    generated = sum(e.share for e in entries if e.share is not None and e.level in _MAINLY)
    return 2 * generated > max(_WHOLE_PERMILLE, sum(shares))


def summary(manifest: Manifest) -> str | None:
    """The AI_DISCLOSURE text: ``leadVocals=full; mixing=utility``; None when nothing is stated.

    Areas in registry order; undeclared areas are left out, ``none`` is written (MOD-032).
    """
    return "; ".join(f"{area}={level}" for area, level in manifest.levels.items()) or None
