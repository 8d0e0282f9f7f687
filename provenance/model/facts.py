"""Facts that no level implies, permissions, and evidence kept (spec 2.10 to 2.12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from provenance.model.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Expression:
    """Whether there is human creative expression in each part; None is undeclared."""

    lyrics: bool | None = None
    music: bool | None = None
    recording: bool | None = None
    description: str | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Human voice, human performance, imitation, human expression; None is undeclared.

    None of them follows from a level, and no level from them (MOD-044).
    ``people_complete`` says that ``people`` lists every human author and performer.
    """

    human_lead_voice: bool | None = None
    human_voice: bool | None = None
    human_performance: bool | None = None
    people_complete: bool | None = None
    realistic_imitation: bool | None = None
    style_imitation: bool | None = None
    human_expression: Expression | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Permission:
    """What others may do with this recording; apart from the tools' own licences (MOD-045)."""

    use: str
    permission: str
    constraints: str | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What the declarant could show: a digest and a time, nothing disclosed.

    ``areas`` are the areas that it speaks for. ``tool`` and ``score`` (permille) are for the
    reports of detectors.
    """

    kind: str
    areas: tuple[str, ...] = ()
    digest: str | None = None
    created_at: str | None = None
    tool: str | None = None
    score: int | None = None
    description: str | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict)
