"""Who: declarants, artists, people, and references to them (spec 2.2, 2.4, 2.8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from provenance.model.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Declarant:
    """Who says so, by their own account: role, name, identifiers (isni, ipi, dpid, domain ...)."""

    role: str | None = None
    name: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Artist:
    """An artist as credited: a person, a group, a virtual artist, an AI persona.

    ``identity_public`` says whether the public is told what the artist is.
    """

    name: str | None = None
    role: str | None = None
    identity: str | None = None
    identity_public: bool | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Person:
    """An author or performer, or whose voice is copied; ``withheld``: there is one, not named."""

    ref: str
    name: str | None = None
    withheld: bool | None = None
    featured: bool | None = None
    roles: tuple[str, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Agent:
    """Who or what made a contribution: a reference to a person or to a tool, not both."""

    tool: str | None = None
    person: str | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict)
