#!/usr/bin/env python3
"""Derive the strict schemas from the tolerant ones; ``--check`` exits 1 on drift.

``manifest.schema.json`` is written by hand. ``manifest-strict.schema.json`` is the same with
unknown members, binding tiers and versions refused; ``declaration.schema.json`` is the strict one
without the members that the signing tool adds. The statements beside a disclosure have a strict
schema each. Each file stands alone, so anyone can vendor one.
"""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).resolve().parents[3] / "schemas" / "1.0"
ADDED_BY_THE_TOOL = ("id", "issued", "sequence", "supersedes")


def read(name: str) -> dict[str, Any]:
    """One shipped schema."""
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))


def strict(tolerant: dict[str, Any]) -> dict[str, Any]:
    """What producers write: no member and no binding tier that this version does not list."""
    made = copy.deepcopy(tolerant)
    made["$id"] = made["$id"].replace("manifest.", "manifest-strict.")
    made["title"] = "MusicProv disclosure, as producers write it"
    made["$comment"] = "manifest.schema.json without unknown members outside extensions. CC0-1.0."
    made["properties"]["specVersion"] = {"const": "1.0"}
    for name, definition in [("", made), *made["$defs"].items()]:
        if name != "binding" and "properties" in definition:
            definition.setdefault("additionalProperties", False)
    forms = [part["then"] for part in made["$defs"]["binding"]["allOf"]]
    for form in forms:
        form["additionalProperties"] = False
    tiers = [form["properties"]["tier"]["const"] for form in forms]
    made["$defs"]["binding"]["properties"]["tier"] = {"enum": tiers}
    return made


def declaration(tolerant: dict[str, Any]) -> dict[str, Any]:
    """What people write before signing: every member optional, none of the tool's own."""
    made = strict(tolerant)
    made["$id"] = made["$id"].replace("manifest-strict.", "declaration.")
    made["title"] = "MusicProv declaration, before it is signed"
    made["$comment"] = "manifest-strict.schema.json without what the tool adds. CC0-1.0."
    del made["required"]
    for name in ADDED_BY_THE_TOOL:
        del made["properties"][name]
    made["properties"]["subject"] = {"$ref": "#/$defs/subject"}
    del made["$defs"]["subject"]["properties"]["bindings"]
    for name in ("sid", "binding", "presentation"):
        del made["$defs"][name]
    return made


def strict_statement(tolerant: dict[str, Any]) -> dict[str, Any]:
    """What producers write of an endorsement, a key binding or a withdrawal."""
    made = copy.deepcopy(tolerant)
    name = made["$id"].rsplit("/", 1)[1]
    made["$id"] = made["$id"].replace(".schema.json", "-strict.schema.json")
    made["title"] = made["title"].replace("verifiers read it", "producers write it")
    made["$comment"] = f"{name} without unknown members. CC0-1.0."
    made["properties"]["specVersion"] = {"const": "1.0"}
    for definition in (made, *made["$defs"].values()):
        if "properties" in definition:
            definition.setdefault("additionalProperties", False)
    return made


STATEMENTS = ("endorsement", "key-binding", "withdrawal")
DERIVED = {
    "manifest-strict": ("manifest", strict),
    "declaration": ("manifest", declaration),
    **{f"{name}-strict": (name, strict_statement) for name in STATEMENTS},
}


def main() -> int:
    """Write them, or compare."""
    drift = 0
    for name, (source, derive) in DERIVED.items():
        path = SCHEMAS / f"{name}.schema.json"
        text = json.dumps(derive(read(source)), indent=2) + "\n"
        if "--check" in sys.argv:
            drift += path.read_text(encoding="utf-8") != text
        else:
            path.write_text(text, encoding="utf-8")
    return 1 if drift else 0


if __name__ == "__main__":
    sys.exit(main())
