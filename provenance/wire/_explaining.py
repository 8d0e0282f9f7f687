"""What a schema refuses, in words: the place, what is wrong there, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from provenance.model.records import dataclass
from provenance.wire.addresses import without_secrets, without_secrets_in
from provenance.wire.formats import how_to_write

MAX_FAULTS = 20
_MAX_SHOWN = 60


@dataclass(frozen=True)
class Fault:
    """One place that a schema refuses: JSON Pointer, slug of the rule, what is wrong, the fix."""

    pointer: str
    rule: str
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.message}: {self.fix}"


def faults_of(error: Any, *, declares: bool) -> Iterator[Fault]:
    """The faults of one error of the library: one a missing or unknown member.

    ``declares`` is for what people declare: a member may be left out there, or be an extension.
    """
    keyword = str(error.validator)
    place = _pointer(error.absolute_path)
    value, wanted = error.instance, error.validator_value
    if keyword == "required":
        for name in (n for n in wanted if n not in value):
            yield Fault(place, "member-missing", f"'{name}' is missing", "add it")
    elif keyword == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        yield from _unknown_members(place, value, known, declares=declares)
    elif keyword in {"anyOf", "oneOf"}:
        yield from _of_branches(error, place, declares=declares)
    elif keyword == "not":
        yield Fault(place, "form", *_excluded(value, wanted))
    elif "propertyNames" in error.absolute_schema_path:
        place += f"/{pointer_token(str(value))}"
        fix = f"write {error.schema.get('description', 'another name')}"
        yield Fault(place, "member-name", f"{_shown(value)} is no name", fix)
    else:
        rule, message, fix = _EXPLAIN.get(keyword, _not_allowed)(value, wanted, error.schema)
        if not declares:
            fix = _WHERE_NOTHING_IS_DECLARED.get(fix, fix)
        yield Fault(place, rule, message, fix)


def _of_branches(error: Any, place: str, *, declares: bool) -> Iterator[Fault]:
    """Of several forms: what is wrong with the one that was meant, else what all of them are."""
    value, wanted = error.instance, error.validator_value
    if all("required" in branch for branch in wanted) and isinstance(value, dict):
        yield Fault(place, "form", *_one_of(value, wanted))
        return
    by_branch = groupby(error.context, key=lambda one: one.schema_path[0])
    meant = [errors for errors in (list(group) for _, group in by_branch) if not _is_other(errors)]
    if len(meant) == 1:
        for one in meant[0]:
            yield from faults_of(one, declares=declares)
        return
    types = [_TYPES[branch["type"]] for branch in wanted if branch.get("type") in _TYPES]
    if meant or len(types) != len(wanted):
        yield Fault(place, *_not_allowed(value, wanted, error.schema))
        return
    message = f"{_shown(value)} is not {' or '.join(what for what, _ in types)}"
    yield Fault(place, "type", message, f"write {' or '.join(how for _, how in types)}")


def _is_other(errors: Sequence[Any]) -> bool:
    """Whether a value is of another kind than a form altogether."""
    return any(one.validator in {"type", "const", "enum"} and not one.path for one in errors)


def _one_of(value: Mapping[str, Any], branches: Sequence[Any]) -> tuple[str, str]:
    """What is wrong where one member of several has to be there, and no other."""
    names = list(dict.fromkeys(name for branch in branches for name in branch["required"]))
    there = [name for name in names if name in value]
    if not there:
        return f"{_listed(names, 'or')} is missing", "add one of them"
    return f"{_listed(there, 'and')} cannot stand side by side", "leave one of them"


def _excluded(value: Any, excluded: Any) -> tuple[str, str]:
    """What is wrong where members stand beside others with which they do not go."""
    branches = excluded.get("anyOf", [excluded])
    there = value if isinstance(value, dict) else {}
    found = [n for branch in branches for n in branch.get("required", ()) if n in there]
    names = list(dict.fromkeys(found))
    if len(names) > 1 and "anyOf" not in excluded:
        return f"{_listed(names, 'and')} cannot stand side by side", "leave one of them"
    if names:
        return f"{_listed(names, 'and')} cannot stand beside the rest", "leave it out"
    return f"{_shown(value)} is not allowed here", "write something else"


def _listed(names: Sequence[str], last: str) -> str:
    quoted = [f"'{name}'" for name in names]
    return f" {last} ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def _unknown_members(
    place: str, value: Any, known: list[str], *, declares: bool
) -> Iterator[Fault]:
    otherwise = "put it under 'extensions', or remove it" if declares else "remove it"
    extra = [name for name in value if name not in known]
    for name in extra[:MAX_FAULTS]:
        near = _nearest(name, known, cutoff=0.75)
        fix = f"did you mean '{near}'?" if near else otherwise
        message = f"unknown member {_shown(name)}"
        yield Fault(f"{place}/{pointer_token(name)}", "member-unknown", message, fix)


Explained = tuple[str, str, str]

_LEAVE_OUT = "remove the member"
_NOTHING_DECLARED = "remove the member when there is nothing to declare"
_WHERE_NOTHING_IS_DECLARED = {
    _LEAVE_OUT: "write a value, or remove the member if it may be left out",
    _NOTHING_DECLARED: "write a value that is not empty",
}


def _unknown_term(value: Any, terms: Any, _: Any) -> Explained:
    near = _nearest(str(value)[:_MAX_SHOWN], [str(term) for term in terms])
    fix = f"did you mean '{near}'?" if near else "write one of these"
    return "term-unknown", f"{_shown(value)} is not one of {', '.join(map(str, terms))}", fix


def _wrong_type(value: Any, wanted: Any, _: Any) -> Explained:
    kinds = [wanted] if isinstance(wanted, str) else wanted
    found = [_TYPES.get(kind, (kind, kind)) for kind in kinds]
    what, how = (" or ".join(words) for words in zip(*found, strict=True))
    fix = _LEAVE_OUT if value is None else f"write {how}"
    return "type", f"{_shown(value)} is not {what}", fix


def _wrong_format(value: Any, wanted: Any, _: Any) -> Explained:
    return f"format-{wanted}", f"{_shown(value)} is not well-formed", how_to_write(wanted, value)


def _wrong_form(value: Any, _: Any, schema: Any) -> Explained:
    form = schema.get("description", "another form") if isinstance(schema, dict) else ""
    return "form", f"{_shown(value)} is not well-formed", f"write {form}"


def _not_const(value: Any, wanted: Any, _: Any) -> Explained:
    return "const", f"{_shown(value)} is not allowed here", f"write {json.dumps(wanted)}"


def _too_little(value: Any, wanted: Any, _: Any) -> Explained:
    if value:
        kind = "characters" if isinstance(value, str) else "of them"
        return "bounds", f"{_shown(value)} is too short", f"write at least {wanted} {kind}"
    return "empty", "this is empty", _NOTHING_DECLARED


def _out_of_bounds(value: Any, wanted: Any, _: Any) -> Explained:
    return "bounds", f"{_shown(value)} is out of bounds", f"keep to the limit of {wanted}"


def _repeated(_: Any, __: Any, ___: Any) -> Explained:
    return "form", "a value stands here twice", "write each value once"


def _not_allowed(value: Any, _: Any, __: Any) -> Explained:
    return "form", f"{_shown(value)} is not allowed here", "remove it"


_EXPLAIN: dict[str, Callable[[Any, Any, Any], Explained]] = {
    "enum": _unknown_term,
    "type": _wrong_type,
    "format": _wrong_format,
    "pattern": _wrong_form,
    "const": _not_const,
    "uniqueItems": _repeated,
    **dict.fromkeys(("minItems", "minLength", "minProperties"), _too_little),
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
    if isinstance(value, str):
        value = without_secrets_in(without_secrets(value))
        value = value if len(value) <= _MAX_SHOWN else value[: _MAX_SHOWN - 3] + "..."
    return json.dumps(value, ensure_ascii=True)
