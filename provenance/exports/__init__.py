"""Exports: a declaration as the document that a regime asks for, with what it cannot carry.

One file an export (``EXPORT = Export(...)``), its crosswalk in ``schemas/crosswalks``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from provenance import plugins
from provenance.exports.base import Export


def names() -> tuple[str, ...]:
    """The names of all exports as they are typed; imports none of them."""
    return plugins.names(__name__)


def load(name: str) -> Export:
    """An export by its name; imports only that one. Raises ``UsageError`` for an unknown one."""
    return plugins.one(__name__, Export, "EXPORT", name)


@cache
def known() -> Mapping[str, Export]:
    """All exports, by discovery: for listings and for the contract tests."""
    return plugins.discover(__name__, Export, "EXPORT")
