"""Contributions: asset, area, role, level, who, how, how much, where (spec 2.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from provenance.model.levels import Level
from provenance.model.parties import Agent


@dataclass(frozen=True, kw_only=True)
class TimeRange:
    """Part of the recording, in milliseconds from its start; ``end_ms`` is exclusive."""

    start_ms: int
    end_ms: int
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """One share of the work: the AI and the human share of one role are separate entries.

    ``share`` is in permille of the area; ``material`` says whether AI made a material portion,
    whatever the level.
    """

    area: str
    asset: str | None = None
    role: str | None = None
    instrument: str | None = None
    level: Level | None = None
    material: bool | None = None
    agents: tuple[Agent, ...] = ()
    interaction: str | None = None
    share: int | None = None
    time_ranges: tuple[TimeRange, ...] = ()
    description: str | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict)
