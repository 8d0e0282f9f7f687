"""Imports: what another regime's document says, as a draft that nobody has signed (spec 19.6)."""

from __future__ import annotations

from provenance import plugins
from provenance.imports.base import Import


def names() -> tuple[str, ...]:
    """The names of all imports as they are typed; imports none of them."""
    return plugins.names(__name__)


def load(name: str) -> Import:
    """An import by its name; imports only that one. Raises ``UsageError`` for an unknown one."""
    return plugins.one(__name__, Import, "IMPORT", name)
