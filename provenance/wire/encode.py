"""From the model to JSON: total, deterministic, members in the order of the schema (spec 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from provenance.model.manifest import Manifest
from provenance.wire import strict_json


def to_plain(record: Any) -> dict[str, Any]:
    """A record as plain JSON values; what is not declared is left out, unknown members stay."""
    plain: dict[str, Any] = {}
    kind: Any = type(record)
    for attribute, member in members(kind):
        value = getattr(record, attribute)
        if value is None or (isinstance(value, (tuple, Mapping)) and not value):
            continue
        plain[member] = _value(value)
    return {**record.unknown, **plain} if record.unknown else plain


def encode(manifest: Manifest) -> bytes:
    """A manifest as the bytes that a signer signs."""
    return strict_json.encode(to_plain(manifest))


@cache
def members(kind: Any) -> tuple[tuple[str, str], ...]:
    """(attribute, JSON member) of a record class, in order; ``unknown`` is not one."""
    named = (f.name for f in fields(kind) if f.name != "unknown")
    return tuple((name, _camel(name)) for name in named)


@cache
def attributes_of(kind: Any) -> Mapping[str, str]:
    """The attribute of each JSON member of a record class."""
    return {member: attribute for attribute, member in members(kind)}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _value(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_value(v) for v in value]
    if isinstance(value, str):
        return str(value)
    return to_plain(value) if is_dataclass(value) else value
