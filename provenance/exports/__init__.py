"""Exports: a declaration as the document that a regime asks for, with what it cannot carry.

One file an export (``EXPORT = Export(...)``), its crosswalk in ``schemas/crosswalks``.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from provenance.exports.base import Export
from provenance.model.errors import UsageError


def names() -> tuple[str, ...]:
    """The names of all exports as they are typed: ``ddex-ern``; imports none of them."""
    found = (m.name for m in pkgutil.iter_modules(__path__))
    return tuple(sorted(n.replace("_", "-") for n in found if n != "base" and n[0] != "_"))


def load(name: str) -> Export:
    """An export by its name; imports only that one. Raises ``UsageError`` for an unknown one."""
    if name not in names():
        raise UsageError(f"no export '{name}'", hint=f"There are: {', '.join(names())}.")
    export: Export = importlib.import_module(f"{__name__}.{name.replace('-', '_')}").EXPORT
    return export


@cache
def known() -> Mapping[str, Export]:
    """All exports, by discovery: for listings and for the contract tests."""
    from provenance.plugins import discover

    return discover(__name__, Export, "EXPORT")
