"""Judging a declaration by profiles: predicates joined with their clauses (spec 20.3).

What other packages take from ``profiles``: the facts that an asker may know are given on too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from provenance.model.errors import UsageError
from provenance.model.levels import AREAS, Level
from provenance.model.records import dataclass
from provenance.profiles import load, names
from provenance.profiles._elsewhere import KNOWN as FACTS
from provenance.profiles._elsewhere import read_facts
from provenance.profiles._facts import AUTHORS
from provenance.profiles._looked import looked_at
from provenance.profiles.base import Evidence, Parameters
from provenance.wire.schemas import load_json

__all__ = [
    "AUTHORS",
    "FACTS",
    "OUTCOMES",
    "Answer",
    "Overrides",
    "day",
    "judge",
    "overrides_of",
    "read_facts",
    "rule_named",
    "rules_of",
    "worst",
]

OUTCOMES = (
    "clear",
    "eligible",
    "advisory",
    "label",
    "notStated",
    "warning",
    "review",
    "ineligible",
    "error",
)
"""From the best to the worst; a profile has the worst outcome of its rules (PRF-020)."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MAX_NAMES = 1000

Overrides = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Answer:
    """What one rule says about one declaration."""

    profile: str
    rule: Mapping[str, Any]
    """The rule as ``schemas/profiles`` has it: clause, source, date, confidence."""
    fired: bool | None
    outcome: str
    parameters: Parameters
    changed: frozenset[str]
    """The parameters that are not at their defaults."""
    facts: Mapping[str, str | None]
    """What it looked at; None where that is not stated."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that it looked for and that are not stated."""
        return tuple(name for name, value in self.facts.items() if value is None)


@cache
def rules_of(name: str) -> Mapping[str, Any]:
    """The data of a profile: issuer, source and rules."""
    found: Mapping[str, Any] = load_json(f"profiles/{name}.json")
    return found


def every() -> tuple[str, ...]:
    """The profiles that 'all' stands for: of all issuers, without the form of standards."""
    return tuple(name for name in names() if rules_of(name)["kind"] != "standard")


def judge(name: str, evidence: Evidence, overrides: Overrides | None = None) -> tuple[Answer, ...]:
    """Every rule of a profile over what is declared, in the order of the data.

    Raises ``UsageError`` for an unknown profile, parameter or value.
    """
    predicates = load(name).rules
    wishes = overrides or {}
    found = []
    for rule in rules_of(name)["rules"]:
        asked = wishes.get(rule["id"], {})
        parameters = _parameters(rule, asked)
        fired = predicates[rule["id"]](evidence, parameters)
        found.append(
            Answer(
                profile=name,
                rule=rule,
                fired=fired,
                outcome=_outcome(rule, fired),
                parameters=parameters,
                changed=frozenset(asked),
                facts=looked_at(evidence, rule.get("needs", ()), parameters),
            )
        )
    return tuple(found)


def _outcome(rule: Mapping[str, Any], fired: bool | None) -> str:
    if fired is None:
        return str(rule["unsettled"])
    return str(rule["outcome"]) if fired else "clear"


def worst(answers: Iterable[Answer]) -> str:
    """The worst outcome."""
    return max((a.outcome for a in answers), key=OUTCOMES.index, default="clear")


def overrides_of(settings: Sequence[str], profiles: Iterable[str]) -> Overrides:
    """``RULE.PARAM=VALUE`` as they are typed; each must be of one of the profiles."""
    known = {rule["id"]: rule for name in profiles for rule in rules_of(name)["rules"]}
    found: dict[str, dict[str, str]] = {}
    for setting in settings:
        left, equals, value = setting.partition("=")
        rule, dot, parameter = left.rpartition(".")
        if not (equals and dot):
            raise UsageError(f"'{setting}' is no setting", hint="Write RULE.PARAM=VALUE.")
        if rule not in known:
            hint = f"There are: {', '.join(known)}."
            raise UsageError(f"no rule '{rule}' in these profiles", hint=hint)
        _parameters(known[rule], {parameter: value})
        found.setdefault(rule, {})[parameter] = value
    return found


def rule_named(identifier: str) -> tuple[str, Mapping[str, Any]]:
    """A rule by its id, with the profile that it stands in; raises ``UsageError``."""
    for name in names():
        for rule in rules_of(name)["rules"]:
            if rule["id"] == identifier:
                return name, rule
    raise UsageError(f"no rule '{identifier}'", hint="See 'prov check --list'.")


def _parameters(rule: Mapping[str, Any], asked: Mapping[str, str]) -> Parameters:
    known = rule.get("parameters", {})
    for name in asked:
        if name not in known:
            hint = f"There are: {', '.join(known)}." if known else "It has none."
            raise UsageError(f"rule {rule['id']} has no parameter '{name}'", hint=hint)
    given = {name: _read(known[name]["kind"], name, value) for name, value in asked.items()}
    return {**{name: parameter["default"] for name, parameter in known.items()}, **given}


def _read(kind: str, name: str, value: str) -> Any:
    """A value as it is typed; raises ``UsageError`` with how to write it."""
    fits, how = _KINDS[kind]
    try:
        return fits(value)
    except (ValueError, KeyError):
        raise UsageError(f"'{value}' is no value of {name}", hint=f"Write {how}.") from None


def _areas(value: str) -> list[str]:
    found = value.split(",")
    if any(area not in AREAS for part in found for area in part.split("+")):
        raise ValueError(value)
    return found


def _names(value: str) -> list[str]:
    found = [name.strip() for name in value.split(",")]
    if not all(found) or len(found) > _MAX_NAMES:
        raise ValueError(value)
    return found


def _number(value: str) -> float:
    found = float(value)
    if not math.isfinite(found) or found < 0:
        raise ValueError(value)
    return found


def _share(value: str) -> float:
    found = _number(value)
    if found > 1:
        raise ValueError(value)
    return found


def day(value: str) -> str:
    """A day as ISO 8601 writes it; raises ``ValueError``."""
    from datetime import date

    if not _DAY.fullmatch(value):
        raise ValueError(value)
    return date.fromisoformat(value).isoformat()


_KINDS: dict[str, tuple[Any, str]] = {
    "level": (lambda value: Level(value).value, f"a level: {', '.join(Level)}"),
    "areas": (_areas, f"areas, joined by commas: {', '.join(AREAS)}"),
    "names": (_names, "names, joined by commas"),
    "number": (_number, "a number from 0 up"),
    "share": (_share, "a share from 0 to 1: 0.5 for a half"),
    "boolean": (lambda value: {"true": True, "false": False}[value], "true or false"),
    "date": (day, "a day: 2026-11-23"),
}
