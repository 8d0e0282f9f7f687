"""Contributions: what, who, how, how much, where (spec 2.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from provenance.model.levels import Level
from provenance.model.parties import Agent
from provenance.model.records import dataclass


@dataclass(frozen=True, kw_only=True)
class TimeRange:
    """Part of the recording, in milliseconds from its start; ``end_ms`` is exclusive (MOD-029)."""

    start_ms: int
    end_ms: int
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """One share of the work: the AI and the human share of one role are separate entries.

    ``asset`` None stands for the area's own asset (``levels.asset_of``). ``process`` says whether
    AI generated something new or altered what was there. ``material`` says whether AI made a
    material portion, whatever the level (MOD-024). ``basis`` None stands for declared (MOD-026).
    ``share`` is in permille of the area and role (MOD-028).
    """

    asset: str | None = None
    area: str
    role: str | None = None
    instrument: str | None = None
    level: Level
    process: str | None = None
    material: bool | None = None
    basis: str | None = None
    agents: tuple[Agent, ...] = ()
    interaction: str | None = None
    share: int | None = None
    time_ranges: tuple[TimeRange, ...] = ()
    description: str | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict)
