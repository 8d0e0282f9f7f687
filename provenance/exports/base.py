"""What an export is: a pure function from a declaration to a regime's document (spec 19).

Nothing is lost without being said: for every declared member that the target cannot carry, or
carries with less meaning, there is a ``Loss``. Words and levels of a regime are data in its
crosswalk (``provenance.wire.crosswalks``), never in code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field

from provenance.model.manifest import Manifest
from provenance.model.records import dataclass


@dataclass(frozen=True)
class Loss:
    """A declared member that the target does not carry as it is."""

    pointer: str
    """JSON Pointer into the declaration: ``/tools/0/version``."""
    reason: str
    """``no-field`` (there is no place for it), ``coarser`` (less is said), ``not-asked`` (the
    regime asks for it only under a condition that does not hold), ``decided`` (a parameter
    decided between two readings)."""
    note: str = ""
    """What was written instead, or why, for a person."""


@dataclass(frozen=True)
class Exported:
    """A document, and what it does not say."""

    data: bytes
    losses: tuple[Loss, ...] = ()
    warnings: tuple[str, ...] = ()
    """What a person should know before sending it."""


@dataclass(frozen=True)
class Source:
    """What is exported: the manifest or declaration, and whose word it is."""

    manifest: Manifest
    token: str | None = None
    """The signed statement, where there is one (for exports that embed it)."""
    options: Mapping[str, str] = field(default_factory=dict)
    """``--set NAME=VALUE``: the parameters of the crosswalk that differ from its defaults."""
    into: bytes | None = None
    """An existing document of the target's kind that is patched; most exports refuse one."""


@dataclass(frozen=True)
class Export:
    """One target: its name is its module's, with hyphens."""

    title: str
    media_type: str
    suffix: str
    """Of a file name: ``.xml``."""
    crosswalk: str
    """Name of ``schemas/crosswalks/<crosswalk>.json``."""
    render: Callable[[Source], Exported]
    formats: tuple[str, ...] = ()
    """Forms of the document that the option ``format`` chooses from, the default first."""
