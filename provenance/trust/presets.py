"""What ready-made trust policies require: the registry ``trust-presets`` (spec 14.5)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from provenance.wire.schemas import load_json


@cache
def presets() -> Mapping[str, Mapping[str, Any]]:
    """The presets by name, lenient first: what each means, and its ``require``."""
    found = load_json("registries/trust-presets.json")["presets"]
    return {entry["preset"]: entry for entry in found}
