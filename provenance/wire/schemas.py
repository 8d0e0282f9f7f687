"""The one reader of shipped schemas; nothing is ever retrieved (spec 12.3).

Schemas are JSON Schema 2020-12, found in the wheel or, in a checkout, at the top level. One
validator a schema is built and kept. ``check`` says what a schema refuses: the place as a JSON
Pointer, what is wrong there, and what to do about it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provenance.wire._explaining import MAX_FAULTS, Fault, faults_of, pointer_token
from provenance.wire._quick import Accepts, quick
from provenance.wire.formats import FORMATS

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

__all__ = [
    "MAX_FAULTS",
    "Fault",
    "check",
    "is_valid",
    "load_json",
    "pointer_token",
    "schema_root",
    "validator",
]

_MAX_ERRORS = 200
_DEFINITIONS = "#/$defs/"
_BASE = "https://musicprov.org/schemas/1.0/"


@cache
def schema_root() -> Path:
    """Where schemas, registries and messages are: in the package, or in the checkout."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "_data" / "schemas"
    return shipped if shipped.is_dir() else package.parent / "schemas"


def load_json(relative: str) -> Any:
    """A shipped JSON file by its path below ``schemas/``."""
    return json.loads((schema_root() / relative).read_text(encoding="utf-8"))


def is_valid(value: Any, schema: str) -> bool:
    """Whether the schema accepts a value as ``json`` reads it; quicker than asking for the faults.

    A quick yes counts; everything else is what ``check`` goes by (decision 0030).
    """
    return _quickly(schema)(value) or bool(validator(schema).is_valid(value))


def check(value: Any, schema: str) -> Iterator[Fault]:
    """What ``schema`` (``manifest``, ``declaration`` ...) refuses, shallow places first.

    At most ``MAX_FAULTS`` are given, whatever the value.
    """
    kept = validator(schema)
    errors = list(islice(kept.iter_errors(value), _MAX_ERRORS))
    errors.sort(key=lambda error: len(error.absolute_path))
    declares = "extensions" in kept.schema.get("properties", {})
    found = (fault for error in errors for fault in faults_of(error, declares=declares))
    distinct = dict.fromkeys(found)
    return islice(distinct, MAX_FAULTS)


@cache
def validator(schema: str) -> Draft202012Validator:
    """The kept validator of a schema; references may lead to shipped schemas and nowhere else."""
    from jsonschema.validators import Draft202012Validator
    from referencing import Registry

    content = _content(schema)
    registry: Any = Registry(retrieve=_shipped)  # type: ignore[call-arg]
    for name in sorted(_others(content, set())):  # else looked up anew for every value
        registry = registry.get_or_retrieve(f"{_BASE}{name}").registry
    registry = registry.crawl()
    return Draft202012Validator(content, registry=registry, format_checker=_format_checker())


def _others(part: Any, found: set[str]) -> set[str]:
    """The files of other schemas that a schema refers to, and those that they refer to."""
    parts = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for one in parts:
        _others(one, found)
    name = str(part.get("$ref", "")).partition("#")[0] if isinstance(part, dict) else ""
    name = name.removeprefix(_BASE)
    if name and name not in found:
        found.add(name)
        _others(load_json(f"1.0/{name}"), found)
    return found


@cache
def _quickly(schema: str) -> Accepts:
    return quick(_content(schema), _named)


def _content(schema: str) -> Any:
    return _in_place(load_json(f"1.0/{schema}.schema.json"))


def _in_place(content: Any) -> Any:
    """The schema with each definition put where a reference to it stands.

    It says the same; the library would look up every reference again for every value, which
    doubles the time of a validation. A definition that contains itself stays a reference.
    """
    definitions: Mapping[str, Any] = content.get("$defs", {})
    ready: dict[str, Any] = {}
    begun: set[str] = set()

    def put(part: Any) -> Any:
        if isinstance(part, list):
            return [put(one) for one in part]
        if not isinstance(part, dict):
            return part
        name = str(part.get("$ref", "")).removeprefix(_DEFINITIONS) if len(part) == 1 else ""
        if name not in definitions:
            return {keyword: put(value) for keyword, value in part.items()}
        if name not in begun:
            begun.add(name)
            ready[name] = put(definitions[name])
        return ready.get(name, part)

    return put(content)


def _shipped(uri: str) -> Any:
    from referencing import Resource
    from referencing.exceptions import NoSuchResource

    try:
        return Resource.from_contents(_named(uri))
    except KeyError:
        raise NoSuchResource(uri) from None


def _named(uri: str) -> Any:
    """The shipped schema of this URI. Raises ``KeyError`` for any other."""
    _, base, name = uri.rpartition(_BASE)
    known = {path.name for path in (schema_root() / "1.0").iterdir()}
    if not base or name not in known:
        raise KeyError(uri)
    return load_json(f"1.0/{name}")


@cache
def _format_checker() -> Any:
    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())
    for name, holds in FORMATS.items():
        checker.checkers[name] = (_of_text(holds), ())
    return checker


def _of_text(holds: Callable[[str], object]) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or bool(holds(value))
