"""Levels of AI involvement, and the level of an area from its contributions (spec 2.5, 2.6).

A contribution that is not stated is undeclared, which is None here and never ``Level.NONE``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provenance.model.contribution import Contribution
    from provenance.model.manifest import Manifest


class Level(StrEnum):
    """How much of a contribution AI made; the order is that of the registry (MOD-010)."""

    NONE = "none"
    UTILITY = "utility"
    ASSISTED = "assisted"
    PARTIAL = "partial"
    PREDOMINANT = "predominant"
    FULL = "full"


AREAS = (
    "lyrics",
    "composition",
    "leadVocals",
    "backingVocals",
    "instrumentation",
    "arrangement",
    "production",
    "mixing",
    "mastering",
    "artwork",
    "video",
    "translation",
)
"""The areas in registry order (``schemas/registries/areas.json``)."""

CORE_AREAS = ("lyrics", "composition", "leadVocals", "instrumentation", "mixing", "mastering")
"""The areas that a label names even when they are not declared."""

_ORDER = tuple(Level)
_GENERATED = frozenset({Level.PARTIAL, Level.PREDOMINANT, Level.FULL})
_MAINLY = frozenset({Level.PREDOMINANT, Level.FULL})
_MAJORITY_PERMILLE = 500


def area_level(contributions: Iterable[Contribution], area: str) -> Level | None:
    """The level of one area: a total function of its entries; None is undeclared (MOD-011)."""
    return level_of([c for c in contributions if c.area == area])


def asset_level(contributions: Iterable[Contribution], asset: str) -> Level | None:
    """The level of one asset, by the same function over all its entries (MOD-011)."""
    return level_of([c for c in contributions if c.asset == asset])


def level_of(entries: Sequence[Contribution]) -> Level | None:
    """Rules 1 to 4 of spec 2.6, in order; entries without a level state none."""
    levels = [e.level for e in entries if e.level is not None]
    if not levels:
        return None
    if len(set(levels)) == 1:
        return levels[0]
    shares = [e.share for e in entries if e.level is not None]
    if all(s is not None for s in shares):
        mainly = sum(
            s for s, level in zip(shares, levels, strict=True) if s is not None and level in _MAINLY
        )
        if mainly > _MAJORITY_PERMILLE:
            return Level.PREDOMINANT
    if all(level in _MAINLY for level in levels):
        return Level.PREDOMINANT
    if any(level in _GENERATED for level in levels):
        return Level.PARTIAL
    return max(levels, key=_ORDER.index)


def summary(manifest: Manifest) -> str | None:
    """The AI_DISCLOSURE text: ``leadVocals=full; mixing=utility``; None when nothing is stated.

    Areas in registry order; undeclared areas are left out, ``none`` is written (CAR).
    """
    found = ((area, area_level(manifest.contributions, area)) for area in AREAS)
    return "; ".join(f"{area}={level}" for area, level in found if level is not None) or None
