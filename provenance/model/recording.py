"""What is described: the recording, its release, its bindings (spec 2.3, 5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from provenance.model.parties import Artist
from provenance.model.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Release:
    """The release that the recording belongs to."""

    title: str | None = None
    label: str | None = None
    upc: str | None = None
    grid: str | None = None
    date: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The recording: names, identifiers, and what ties the statement to it.

    ``artists`` stand in the order of billing. ``created`` is when the recording was made.
    ``bindings`` are plain JSON objects, read by ``bindings.base``.
    """

    title: str | None = None
    version: str | None = None
    isrc: str | None = None
    iswc: tuple[str, ...] = ()
    language: str | None = None
    created: str | None = None
    release: Release | None = None
    artists: tuple[Artist, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)
    bindings: tuple[Mapping[str, Any], ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict)
