"""Where evidence comes from: one file a kind of source (spec 25.3)."""

from __future__ import annotations

from provenance import plugins
from provenance.audit.sources.base import SourceKind

ORDER = ("manifests", "tracks", "ern", "detector", "crowd-list", "credits")
"""In which order sources are read: tracks are verified with the manifests at hand."""


def names() -> tuple[str, ...]:
    """The names of all kinds as they are typed; imports none of them."""
    return plugins.names(__name__)


def load(name: str) -> SourceKind:
    """One kind by its name; raises ``UsageError`` for a name that there is not."""
    return plugins.one(__name__, SourceKind, "SOURCE", name)
