"""Imports: what another regime's document says, as a draft that nobody has signed (spec 19.6)."""

from __future__ import annotations

import importlib
import pkgutil

from provenance.imports.base import Import
from provenance.model.errors import UsageError


def names() -> tuple[str, ...]:
    """The names of all imports as they are typed; imports none of them."""
    found = (m.name for m in pkgutil.iter_modules(__path__))
    return tuple(sorted(n.replace("_", "-") for n in found if n != "base" and n[0] != "_"))


def load(name: str) -> Import:
    """An import by its name. Raises ``UsageError`` for an unknown one."""
    if name not in names():
        raise UsageError(f"no import '{name}'", hint=f"There are: {', '.join(names())}.")
    found: Import = importlib.import_module(f"{__name__}.{name.replace('-', '_')}").IMPORT
    return found
