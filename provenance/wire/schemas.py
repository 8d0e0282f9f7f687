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

from provenance.model.records import dataclass
from provenance.wire._quick import Accepts, quick
from provenance.wire.formats import FORMATS, how_to_write

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

MAX_FAULTS = 20
_MAX_ERRORS = 200
_MAX_SHOWN = 60
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


@dataclass(frozen=True)
class Fault:
    """One place that a schema refuses: JSON Pointer, slug of the rule, what is wrong, the fix."""

    pointer: str
    rule: str
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.message}: {self.fix}"


def is_valid(value: Any, schema: str) -> bool:
    """Whether the schema accepts a value as ``json`` reads it; quicker than asking for the faults.

    A quick yes counts; everything else is what ``check`` goes by (decision 0030).
    """
    return _quickly(schema)(value) or bool(validator(schema).is_valid(value))


def check(value: Any, schema: str) -> Iterator[Fault]:
    """What ``schema`` (``manifest``, ``declaration`` ...) refuses, shallow places first.

    At most ``MAX_FAULTS`` are given, whatever the value.
    """
    errors = list(islice(validator(schema).iter_errors(value), _MAX_ERRORS))
    errors.sort(key=lambda error: len(error.absolute_path))
    distinct = dict.fromkeys(fault for error in errors for fault in _faults(error))
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


def _faults(error: Any) -> Iterator[Fault]:
    """The faults of one error of the library: one a missing or unknown member."""
    keyword = str(error.validator)
    place = _pointer(error.absolute_path)
    value, wanted = error.instance, error.validator_value
    if keyword == "required":
        for name in (n for n in wanted if n not in value):
            yield Fault(place, "member-missing", f"'{name}' is missing", "add it")
    elif keyword == "additionalProperties":
        yield from _unknown_members(place, value, list(error.schema.get("properties", {})))
    elif "propertyNames" in error.absolute_schema_path:
        place += f"/{pointer_token(str(value))}"
        fix = f"write {error.schema.get('description', 'another name')}"
        yield Fault(place, "member-name", f"{_shown(value)} is no name", fix)
    else:
        rule, message, fix = _EXPLAIN.get(keyword, _not_allowed)(value, wanted, error.schema)
        yield Fault(place, rule, message, fix)


def _unknown_members(place: str, value: Any, known: list[str]) -> Iterator[Fault]:
    extra = [name for name in value if name not in known]
    for name in extra[:MAX_FAULTS]:
        near = _nearest(name, known, cutoff=0.75)
        fix = f"did you mean '{near}'?" if near else "put it under 'extensions', or remove it"
        message = f"unknown member {_shown(name)}"
        yield Fault(f"{place}/{pointer_token(name)}", "member-unknown", message, fix)


Explained = tuple[str, str, str]


def _unknown_term(value: Any, terms: Any, _: Any) -> Explained:
    near = _nearest(str(value)[:_MAX_SHOWN], [str(term) for term in terms])
    fix = f"did you mean '{near}'?" if near else "write one of these"
    return "term-unknown", f"{_shown(value)} is not one of {', '.join(map(str, terms))}", fix


def _wrong_type(value: Any, wanted: Any, _: Any) -> Explained:
    what, how = _TYPES.get(wanted, (wanted, wanted))
    fix = "remove the member" if value is None else f"write {how}"
    return "type", f"{_shown(value)} is not {what}", fix


def _wrong_format(value: Any, wanted: Any, _: Any) -> Explained:
    return f"format-{wanted}", f"{_shown(value)} is not well-formed", how_to_write(wanted, value)


def _wrong_form(value: Any, _: Any, schema: Any) -> Explained:
    form = schema.get("description", "another form") if isinstance(schema, dict) else ""
    return "form", f"{_shown(value)} is not well-formed", f"write {form}"


def _not_const(value: Any, wanted: Any, _: Any) -> Explained:
    return "const", f"{_shown(value)} is not allowed here", f"write {json.dumps(wanted)}"


def _empty(_: Any, __: Any, ___: Any) -> Explained:
    return "empty", "this is empty", "remove the member when there is nothing to declare"


def _out_of_bounds(value: Any, wanted: Any, _: Any) -> Explained:
    return "bounds", f"{_shown(value)} is out of bounds", f"keep to the limit of {wanted}"


def _not_allowed(value: Any, _: Any, __: Any) -> Explained:
    return "form", f"{_shown(value)} is not allowed here", "remove it"


_EXPLAIN: dict[str, Callable[[Any, Any, Any], Explained]] = {
    "enum": _unknown_term,
    "type": _wrong_type,
    "format": _wrong_format,
    "pattern": _wrong_form,
    "const": _not_const,
    **dict.fromkeys(("minItems", "minLength", "minProperties"), _empty),
    **dict.fromkeys(
        ("minimum", "maximum", "maxItems", "maxLength", "maxProperties"), _out_of_bounds
    ),
}

_TYPES = {
    "string": ("text", "text in quotes"),
    "integer": ("a whole number", "digits without quotes"),
    "boolean": ("true or false", "true or false without quotes"),
    "array": ("a list", "a list in [ ]"),
    "object": ("an object", "an object in { }"),
}


def _nearest(word: str, known: list[str], *, cutoff: float = 0.55) -> str | None:
    """The known word that somebody most likely meant, whatever the case and spaces."""
    import difflib

    folded = {name.casefold(): name for name in known}
    wanted = "".join(c for c in word[:_MAX_SHOWN].casefold() if c not in " -_")
    near = difflib.get_close_matches(wanted, list(folded), n=1, cutoff=cutoff)
    return folded[near[0]] if near else None


def _pointer(path: Any) -> str:
    return "".join(f"/{pointer_token(str(part))}" for part in path)


def pointer_token(name: str) -> str:
    """A member name as it stands in a JSON Pointer (RFC 6901), cut when it is very long."""
    return name[:_MAX_SHOWN].replace("~", "~0").replace("/", "~1")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str) and len(value) > _MAX_SHOWN:
        value = value[: _MAX_SHOWN - 3] + "..."
    return json.dumps(value, ensure_ascii=True)
