"""Voices: whose voice is heard, and who agreed (spec 2.9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from provenance.model.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What the person whose voice it is said to its use; None everywhere is undeclared."""

    status: str | None = None
    by: str | None = None
    date: str | None = None
    scope: str | None = None
    reference: str | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Voice:
    """One voice: synthetic or not, an invention, one's own clone, another person's clone.

    ``person`` refers to whose voice it is; ``area`` says where it is heard.
    """

    area: str | None = None
    kind: str
    person: str | None = None
    consent: Consent | None = None
    tool: str | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict)
