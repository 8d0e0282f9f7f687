"""From bytes to the model: a disclosure, or a declaration before it is signed (spec 2, 3, 8.5).

The reading itself is that of ``wire.reading``; here stands what is the manifest's own.
"""

from __future__ import annotations

from provenance.model.contribution import Contribution, TimeRange
from provenance.model.facts import Evidence, Expression, Facts, Permission
from provenance.model.findings import Finding
from provenance.model.levels import Level
from provenance.model.limits import DEFAULT_LIMITS, Limits
from provenance.model.manifest import Manifest
from provenance.model.parties import Agent, Artist, Declarant, Person
from provenance.model.recording import Release, Subject
from provenance.model.tools import Licence, Terms, Tool
from provenance.model.voices import Consent, Voice
from provenance.wire import consistency
from provenance.wire.reading import SPEC_VERSION, Nested, Shape, read

__all__ = ["SPEC_VERSION", "Decoded", "decode", "decode_declaration"]

Decoded = tuple[Manifest | None, tuple[Finding, ...]]

_NESTED: Nested = {
    Manifest: {
        "declarant": Declarant,
        "subject": Subject,
        "contributions": [Contribution],
        "tools": [Tool],
        "people": [Person],
        "voices": [Voice],
        "facts": Facts,
        "permissions": [Permission],
        "evidence": [Evidence],
    },
    Subject: {"release": Release, "artists": [Artist]},
    Contribution: {"agents": [Agent], "time_ranges": [TimeRange], "level": Level},
    Tool: {"licence": Licence, "terms": Terms},
    Voice: {"consent": Consent},
    Facts: {"human_expression": Expression},
}

_DISCLOSURE = Shape(Manifest, "manifest", _NESTED, consistency.check)
_STRICT = Shape(Manifest, "manifest-strict", _NESTED, consistency.check)
_DECLARATION = Shape(Manifest, "declaration", _NESTED, consistency.check, whole=True)


def decode(payload: bytes, limits: Limits = DEFAULT_LIMITS, *, strict: bool = False) -> Decoded:
    """Read a disclosure. Never raises for what the bytes say.

    The manifest is None when it cannot be read or judged; one that contradicts itself is given
    with the findings that break it. ``strict`` refuses unknown members outside ``extensions``:
    for producers (WIR-021).
    """
    return read(payload, limits, _STRICT if strict else _DISCLOSURE)


def decode_declaration(payload: bytes, limits: Limits = DEFAULT_LIMITS) -> Decoded:
    """Read a declaration that is not signed yet, strictly; None unless it is whole (spec 2.13)."""
    return read(payload, limits, _DECLARATION)
