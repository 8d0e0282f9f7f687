"""The nouns of an audit (spec 25.1): entries of a chart, items of evidence, their joins.

Everything here is plain data that a store on disk can hold; the report itself is JSON by
``schemas/1.0/audit.schema.json`` and ``audit-exhibit.schema.json``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, field, fields
from enum import StrEnum
from typing import Any

from provenance.model.records import dataclass


class State(StrEnum):
    """What is known about the declaration of one recording; each has exactly one (spec 25.4)."""

    DECLARED = "declared"
    CONTRADICTED = "contradicted"
    UNVERIFIABLE = "unverifiable"
    UNDECLARED = "undeclared"


class Flag(StrEnum):
    """What else is to be said about one recording; any number of them (spec 25.4)."""

    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    DISPUTED = "disputed"
    CONFLICTING = "conflicting"
    DECLARED_AFTER_CHARTING = "declaredAfterCharting"
    MARKED = "marked"
    DETECTED = "detected"
    LISTED = "listed"
    ERN_CONTRADICTS = "ernContradicts"
    JOINED_BY_NAME = "joinedByName"
    AUDIO_NOT_COMPARED = "audioNotCompared"
    SIGNER_NOT_LABEL = "signerNotLabel"
    NAMES_DIFFER = "namesDiffer"
    CHART_NAMES_DIFFER = "chartNamesDiffer"


class Sure(StrEnum):
    """How sure a join is (spec 25.3)."""

    CERTAIN = "certain"
    """The same bytes or samples: file hash, essence, samples, or a signed ISRC."""
    LIKELY = "likely"
    """The same identifier where nobody signed it: ISRC of a tag, an ERN message, a detector."""
    WEAK = "weak"
    """By fingerprint, by file name, or by artist and title: a person has to look."""


@dataclass(frozen=True)
class Entry:
    """One row of a chart as it was read; None where the chart does not say."""

    input: int
    """The number of the chart among the inputs, from 1."""
    row: int
    """The row as a spreadsheet program numbers it."""
    week: str
    """``YYYY-MM-DD``."""
    rank: int | None
    title: str
    artist: str
    isrc: str | None = None
    """Twelve characters, valid; None where it is missing or bad (then ``problems`` says so)."""
    label: str = ""
    upc: str | None = None
    last_week: int | None = None
    weeks_on_chart: int | None = None
    entered: str | None = None
    """``new`` or ``reEntry``, where the chart says so."""
    problems: tuple[tuple[str, str], ...] = ()
    """Rules ``chart.*``, each with what stood there, as in ``Problem``."""


@dataclass(frozen=True)
class Problem:
    """What is wrong in a row or a file that was read; the reading goes on."""

    input: int
    """The number of the input; 0 for a folder, or a file that got none: ``value`` names it."""
    row: int | None
    rule: str
    """A rule of ``schemas/registries/rules/chart.json`` or ``audit.json``."""
    value: str = ""
    """What stood there, at most 200 characters."""


@dataclass(frozen=True)
class Keys:
    """By what an item can be joined to an entry, or to another item."""

    isrcs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Digests of whole files, ``sha-256:`` + base64url."""
    essences: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    """Artist and title, as they stand; the title is empty where only an artist is named."""
    statements: tuple[str, ...] = ()
    """Statements that it takes back or disputes, by their ``sid``."""

    def __or__(self, other: Keys) -> Keys:
        """These and those of another, each once."""
        return Keys(
            *(
                tuple(dict.fromkeys((*getattr(self, one.name), *getattr(other, one.name))))
                for one in fields(self)
            )
        )


@dataclass(frozen=True)
class Item:
    """One thing that a source says about one recording or artist."""

    kind: str
    """``track``, ``manifest``, ``ern``, ``detector``, ``crowdList``, ``credits``."""
    input: int
    """The number of the input that it stands in, from 1."""
    where: str
    """The place in it: ``row 12``, ``A3``, ``/0``; empty for the whole file."""
    keys: Keys
    says: Mapping[str, Any]
    """Plain JSON values, by the kind's part of ``audit-exhibit.schema.json``."""
    number: int = 0
    """Given by the store, from 1."""


@dataclass(frozen=True)
class Recording:
    """What the entries of one recording have in common: the subject of one exhibit."""

    number: int
    isrc: str | None
    title: str
    artist: str
    label: str
    upc: str | None
    entries: tuple[Entry, ...] = field(default=())
    """In the order of week, then rank, then row."""


@dataclass(frozen=True)
class Input:
    """One file that the audit read."""

    number: int
    role: str
    """``chart``, ``track``, ``manifest``, ``ern``, ``detector``, ``crowdList``, ``credits``,
    ``trustPolicy``, ``key``."""
    name: str
    """Relative to what was named on the command line, with ``/``: never a path of the machine."""
    size: int
    sha256: str
    """``sha-256:`` + base64url of the whole file."""

    def as_json(self) -> dict[str, Any]:
        """As a report (``audit.schema.json``) and a record of audio have it."""
        return asdict(self)
