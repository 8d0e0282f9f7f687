"""The one reader of shipped schemas and registries; nothing is ever retrieved (spec 12.3).

Schemas are JSON Schema 2020-12, found in the wheel or, in a checkout, at the top level. One
validator a schema is built and kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from provenance.model import identifiers

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

BASE = "https://musicprov.org/schemas/1.0/"


@cache
def schema_root() -> Path:
    """Where schemas, registries and messages are: in the package, or in the checkout."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "_data" / "schemas"
    return shipped if shipped.is_dir() else package.parent / "schemas"


def load_json(relative: str) -> Any:
    """A shipped JSON file by its path below ``schemas/``."""
    return json.loads((schema_root() / relative).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Fault:
    """One place that a schema refuses: JSON Pointer, what is wrong, and what to do."""

    pointer: str
    message: str


def faults(value: Any, schema: str) -> Iterator[Fault]:
    """Everything that ``schema`` (``manifest``, ``declaration`` ...) refuses in a value."""
    for error in validator(schema).iter_errors(value):
        for leaf in _leaves(error):
            yield Fault(_pointer(leaf), _sentence(leaf))


def is_valid(value: Any, schema: str) -> bool:
    """Whether the schema accepts the value; quicker than asking for all faults."""
    return bool(validator(schema).is_valid(value))


@cache
def validator(schema: str) -> Draft202012Validator:
    """The kept validator of a schema."""
    from jsonschema import Draft202012Validator, FormatChecker
    from referencing import Registry, Resource

    content = load_json(f"1.0/{schema}.schema.json")
    registry: Any = Registry().with_resource(content["$id"], Resource.from_contents(content))
    checker = FormatChecker(formats=())
    for name, check in _FORMATS.items():
        checker.checkers[name] = (check, ())
    return Draft202012Validator(content, registry=registry, format_checker=checker)


def _text(check: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or check(value)


_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z", re.ASCII
)
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,8}(-[A-Za-z0-9]{1,8}){0,6}", re.ASCII)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


def _is_time(text: str) -> bool:
    """RFC 3339 in UTC with ``Z`` (WIR-008)."""
    if not _TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text[:19])
    except ValueError:
        return False
    return True


def _is_date(text: str) -> bool:
    """A year, a month or a day."""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
    except ValueError:
        return False
    return True


def _is_domain(text: str) -> bool:
    labels = text.split(".")
    return len(text) <= 253 and len(labels) > 1 and all(_LABEL.fullmatch(p) for p in labels)


_FORMATS: Mapping[str, Callable[[object], bool]] = {
    name: _text(check)
    for name, check in {
        "date-time": _is_time,
        "date": _is_date,
        "uuid": lambda t: bool(_UUID.fullmatch(t)),
        "uuid-urn": lambda t: t.startswith("urn:uuid:") and bool(_UUID.fullmatch(t[9:])),
        "language": lambda t: bool(_LANGUAGE.fullmatch(t)),
        "domain": _is_domain,
        "isrc": identifiers.is_isrc,
        "iswc": identifiers.is_iswc,
        "isni": identifiers.is_isni,
        "ipi": identifiers.is_ipi,
        "dpid": identifiers.is_dpid,
        "upc": identifiers.is_upc,
        "grid": identifiers.is_grid,
    }.items()
}

_FORMAT_HINTS = {
    "date-time": "write a time in UTC like 2026-11-23T08:00:00Z",
    "date": "write a date like 2026-11-23 (or 2026-11, or 2026)",
    "uuid": "write a UUID in lower case",
    "uuid-urn": "write urn:uuid: and a UUID in lower case",
    "language": "write a BCP 47 tag like en or pt-BR",
    "domain": "write a host name like label.example",
    "isrc": "write the 12 characters without hyphens, like GBXYZ2600123",
    "iswc": "write T and ten digits without separators; the last is a check digit",
    "isni": "write 16 characters without spaces; the last is a check character",
    "ipi": "write eleven digits",
    "dpid": "write 18 characters that begin with PADPIDA",
    "upc": "write 12 to 14 digits; the last is a check digit",
    "grid": "write 18 characters that begin with A1; the last is a check character",
}


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """The errors that name the place, below those that only say that some branch failed."""
    if not error.context:
        yield error
        return
    for child in error.context:
        yield from _leaves(child)


def _pointer(error: ValidationError) -> str:
    parts = [str(p).replace("~", "~0").replace("/", "~1") for p in error.absolute_path]
    return "".join(f"/{p}" for p in parts)


def _quoted(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 80 else text[:77] + "..."


def _sentence(error: ValidationError) -> str:
    """What is wrong and the likely fix, in words."""
    say = _SENTENCES.get(str(error.validator))
    return say(error) if say else f"{_quoted(error.instance)} is not allowed here"


def _wanted(error: ValidationError) -> Any:
    return error.validator_value


def _missing(error: ValidationError) -> str:
    instance = cast("dict[str, Any]", error.instance)
    missing = [m for m in _wanted(error) if m not in instance]
    return f"'{missing[0]}' is missing: add it"


def _malformed(error: ValidationError) -> str:
    hint = _FORMAT_HINTS.get(str(_wanted(error)), "see the schema")
    return f"{_quoted(error.instance)} is not well-formed: {hint}"


def _empty(_: ValidationError) -> str:
    return "must not be empty: leave it out when there is nothing to declare"


def _bounds(error: ValidationError) -> str:
    return f"{_quoted(error.instance)} is out of bounds ({error.validator} {_wanted(error)})"


def _form(error: ValidationError) -> str:
    return f"{_quoted(error.instance)} has not the required form {_wanted(error)}"


def _constant(error: ValidationError) -> str:
    return f"{_quoted(error.instance)} must be {_quoted(_wanted(error))}"


def _type(error: ValidationError) -> str:
    return f"{_quoted(error.instance)} must be of type {_wanted(error)}"


def _not_a_term(error: ValidationError) -> str:
    import difflib

    value, terms = error.instance, list(_wanted(error))
    near = difflib.get_close_matches(str(value), [str(t) for t in terms], n=1, cutoff=0.5)
    also = f": did you mean '{near[0]}'?" if near else ""
    return f"{_quoted(value)} is not one of {', '.join(map(str, terms))}{also}"


def _unknown_member(error: ValidationError) -> str:
    import difflib

    schema, instance = cast("dict[str, Any]", error.schema), cast("dict[str, Any]", error.instance)
    known = list(schema.get("properties", {}))
    extra = [m for m in instance if m not in known]
    name = str(extra[0]) if extra else "?"
    near = difflib.get_close_matches(name, known, n=1)
    also = f"did you mean '{near[0]}'?" if near else "put it under 'extensions', or remove it"
    return f"unknown member {_quoted(name)}: {also}"


_SENTENCES: Mapping[str, Callable[[ValidationError], str]] = {
    "enum": _not_a_term,
    "additionalProperties": _unknown_member,
    "unevaluatedProperties": _unknown_member,
    "required": _missing,
    "format": _malformed,
    "type": _type,
    "const": _constant,
    "pattern": _form,
    "propertyNames": _form,
    **dict.fromkeys(("minItems", "minLength", "minProperties"), _empty),
    **dict.fromkeys(("minimum", "maximum", "maxItems", "maxLength", "maxProperties"), _bounds),
}
