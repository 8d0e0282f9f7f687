"""What an audit says on the terminal when it is done: counts, guesses, and what to look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provenance.reports.escaping import shown

_STATES = ("declared", "contradicted", "unverifiable", "undeclared")
_LISTED = 10
_SHOWN, _LINE = 40, 300


def summary(head: Mapping[str, Any], *, is_default: bool = False) -> Iterator[str]:
    """The lines; every foreign text escaped. ``is_default``: nobody named the policy."""
    whole, weeks = head["summary"], head["weeks"]
    span = weeks[0]["week"] if len(weeks) == 1 else f"{len(weeks)} weeks"
    yield (
        f"{shown(head['audit']['title'])}, {span}: {_count(whole['entries'], 'entry', 'entries')}, "
        f"{_count(whole['recordings'], 'recording', 'recordings')}"
    )
    counted = [f"{whole['states'].get(state, 0)} {state}" for state in _STATES]
    yield f"  {', '.join(counted)} (undeclared is not stated: neither 'human' nor 'AI')"
    flags = [f"{count} {flag}" for flag, count in whole["flags"].items() if count]
    if flags:
        yield f"  Also: {', '.join(flags)}"
    for profile in head["rules"]:
        outcomes = whole["rules"].get(profile["profile"], {})
        told = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items() if count)
        yield f"  {profile['profile']}: {told}"
    yield from _trusted(head["policy"], is_default=is_default)
    yield from _read_as(head)
    yield from _problems(head)


def _trusted(policy: Mapping[str, Any], *, is_default: bool) -> Iterator[str]:
    """By which policy and keys it was decided whose signatures count (AUD-114)."""
    keys = [f"{shown(one['name'], _SHOWN)} ({one['thumbprint']})" for one in policy["keys"]]
    if policy["sha256"] is not None:
        whose = ", your default, for --trust and --known-key name none" if is_default else ""
        version = f"version {policy['version']}, {policy['sha256']}"
        yield f"  Trust policy: '{shown(policy['id'])}', {version}{whose}"
    elif keys:
        yield "  Trust policy: none; the keys that --known-key names count"
    else:
        how = "--trust or --known-key says whose does"
        yield f"  Trust policy: none, and no key is known: no signature counts ({how})"
    yield from (f"  Known key: {key}" for key in keys[:_LISTED])
    if len(keys) > _LISTED:
        yield f"  ... and {len(keys) - _LISTED} more keys, which the report has"


def _read_as(head: Mapping[str, Any]) -> Iterator[str]:
    """Which headers were taken for which columns, and what had to be guessed (AUD-006).

    Charts that were read alike are told of once: a year of weekly exports is one line.
    """
    names = {str(one["number"]): shown(one["name"]) for one in head["inputs"]}
    layouts: dict[str, list[str]] = {}
    guesses: dict[str, list[str]] = {}
    for number, columns in head["columns"].items():
        differ = {c: h for c, h in columns.items() if h.casefold() != c.casefold()}
        taken = (f"'{shown(header, _SHOWN)}' is {column}" for column, header in differ.items())
        layouts.setdefault(", ".join(taken), []).append(names[number])
        for note in head["notes"].get(number, ()):
            guesses.setdefault(shown(note, _LINE), []).append(names[number])
    layouts.pop("", None)
    lines = [f"{_charts(of)}: {text}" for text, of in [*layouts.items(), *guesses.items()]]
    if lines:
        yield "  How the charts were read (--map COLUMN=HEADER and --week say otherwise):"
    yield from (f"    {text}" for text in lines[:_LISTED])
    if len(lines) > _LISTED:
        yield f"    ... and {len(lines) - _LISTED} more, which the report has"


def _charts(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _problems(head: Mapping[str, Any]) -> Iterator[str]:
    """The problems by kind, each with the first row that has it: a kind is fixed at once."""
    seen = head["problemsSeen"]
    if not seen:
        return
    names = {one["number"]: one["name"] for one in head["inputs"]}
    kinds: dict[str, list[Mapping[str, Any]]] = {}
    for one in head["problems"]:
        kinds.setdefault(one["rule"], []).append(one)
    yield f"  {_count(seen, 'problem', 'problems')} in what was read:"
    for rule, (one, *others) in list(kinds.items())[:_LISTED]:
        place = f" row {one['row']}" if one["row"] else ""
        value = f" ({shown(one['value'], 40)})" if one["value"] else ""
        more = f" and {len(others)} more" if others else ""
        name = shown(names.get(one["input"], "sources"))
        yield f"    {name}{place}{more}: {one['says']}{value} [{rule}]"
    if len(kinds) > _LISTED:
        yield f"    ... and {len(kinds) - _LISTED} other kinds"
    if seen > len(kinds):
        yield "    The report has each by its row."


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
