"""The disclosure: everything that one statement says (spec 2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from typing import Any

from provenance.model.contribution import Contribution
from provenance.model.facts import Evidence, Facts, Permission
from provenance.model.levels import Level, levels_of
from provenance.model.parties import Declarant, Person
from provenance.model.recording import Subject
from provenance.model.records import dataclass
from provenance.model.tools import Tool
from provenance.model.voices import Voice


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A disclosure, signed or still a declaration (then without id, issued and sequence).

    Absence is typed: None and empty mean that nothing is declared (WIR-023). Members
    that this version does not know are kept in ``unknown``, here and in every record, so nothing
    is lost (WIR-020).
    """

    type: str | None = None
    spec_version: str | None = None
    id: str | None = None
    issued: str | None = None
    sequence: int | None = None
    supersedes: str | None = None
    must_understand: tuple[str, ...] = ()
    declarant: Declarant | None = None
    subject: Subject = field(default_factory=Subject)
    contributions: tuple[Contribution, ...] = ()
    tools: tuple[Tool, ...] = ()
    people: tuple[Person, ...] = ()
    voices: tuple[Voice, ...] = ()
    facts: Facts | None = None
    permissions: tuple[Permission, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    extensions: Mapping[str, Any] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def levels(self) -> Mapping[str, Level]:
        """The level of each area that is declared, areas in registry order (MOD-030)."""
        return levels_of(self.contributions)
