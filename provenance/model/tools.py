"""Tools: which AI system, which version, under which licence (spec 2.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from provenance.model.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Licence:
    """Whether the tool's training was licensed, and on what this rests.

    ``training_disclosure`` is where the provider has published what the tool was trained on.
    """

    status: str | None = None
    basis: str | None = None
    reference: str | None = None
    training_disclosure: str | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The terms of service as they stood: where, when seen, their digest."""

    reference: str | None = None
    retrieved: str | None = None
    digest: str | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Tool:
    """An AI system that was used; a tool is never a person or an author.

    ``plan`` is the tier of the account, on which the right to publish may depend. ``output_id``
    is the name that the tool gave to what it made.
    """

    ref: str
    provider: str | None = None
    system: str | None = None
    version: str | None = None
    plan: str | None = None
    model_id: str | None = None
    used_from: str | None = None
    used_until: str | None = None
    output_id: str | None = None
    licence: Licence | None = None
    terms: Terms | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict)
