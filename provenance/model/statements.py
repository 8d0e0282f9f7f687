"""Statements beside the disclosure: endorsements, key bindings, withdrawals (spec 17).

Each is a payload of its own, signed by whoever makes it. Members that this version does not
know are kept in ``unknown``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from provenance.model.parties import Declarant
from provenance.model.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One statement, named by its ``sid``, its payload's digest and its signer's key."""

    sid: str
    payload: str
    key: str
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SubjectReference:
    """The recording that an endorsement is about, as the endorsed statement names it."""

    isrc: str | None = None
    essence: tuple[str, ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that an endorser looked at, and the result."""

    check: str
    result: str
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Endorsement:
    """Another party's signed word about a statement (spec 17.2)."""

    type: str | None = None
    spec_version: str | None = None
    id: str | None = None
    issued: str | None = None
    must_understand: tuple[str, ...] = ()
    endorser: Declarant | None = None
    of: Reference | None = None
    also: tuple[str, ...] = ()
    subject: SubjectReference = field(default_factory=SubjectReference)
    act: str | None = None
    """A term of the registry ``acts``: ``received`` ... ``accepted``, ``disputes``."""
    basis: tuple[Check, ...] = ()
    limits: str | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class BoundParty:
    """Whom a key binding names."""

    name: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class KeyBinding:
    """Somebody's signed word that keys are a named party's (spec 17.3)."""

    type: str | None = None
    spec_version: str | None = None
    id: str | None = None
    issued: str | None = None
    must_understand: tuple[str, ...] = ()
    voucher: Declarant | None = None
    party: BoundParty = field(default_factory=BoundParty)
    keys: tuple[str, ...] = ()
    from_: str | None = None
    until: str | None = None
    basis: str | None = None
    limits: str | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """The signed word that a statement no longer stands (spec 17.4)."""

    type: str | None = None
    spec_version: str | None = None
    id: str | None = None
    issued: str | None = None
    must_understand: tuple[str, ...] = ()
    of: Reference | None = None
    reason: str | None = None
    replacement: str | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict)


Statement = Endorsement | KeyBinding | Withdrawal
