"""Crosswalks: how each regime says what a declaration says, as data (``schemas/crosswalks``)."""

from __future__ import annotations

from functools import cache
from typing import Any

from provenance.wire.schemas import load_json


@cache
def crosswalk(name: str) -> dict[str, Any]:
    """One crosswalk by its name, as plain data valid by ``crosswalk.schema.json``."""
    found: dict[str, Any] = load_json(f"crosswalks/{name}.json")
    return found
