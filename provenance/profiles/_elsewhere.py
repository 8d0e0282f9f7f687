"""Facts that no declaration states and an asker may know: ``prov check --fact NAME=VALUE``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provenance.model.errors import UsageError

ANSWERS = {"yes": True, "no": False}
CATEGORIES = ("songwriting", "performance", "other")

YES_NO: Mapping[str, str] = {
    "aigcMark": "the file carries China's AIGC label, with all seven keys",
    "catalogueMostlyAi": "most of the artist's catalogue is AI-generated",
    "manyWorks": "the account registers very many works in a short time",
    "marked": "the file carries a machine-readable mark of its generator",
    "marksRemoved": "marks that were there have been taken out",
    "operator": "whoever asks operates the AI service",
    "takedown": "a takedown notice or a dispute about rights stands",
    "tagsDelivered": "the Transparency Tags are delivered with it",
}
OTHER: Mapping[str, str] = {
    "aiReleasesInWeek": "AI releases of the account in seven days, this one included (a number)",
    "category": f"in which category it is entered: {', '.join(CATEGORIES)}",
}
KNOWN: Mapping[str, str] = dict(sorted({**YES_NO, **OTHER}.items()))
"""Each fact with its meaning."""


def read_facts(settings: Sequence[str]) -> dict[str, Any]:
    """``NAME=VALUE`` as they are typed; raises ``UsageError`` for what cannot be one."""
    found = {}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in KNOWN:
            raise UsageError(f"no fact '{name}'", hint=f"There are: {', '.join(KNOWN)}.")
        read = _value(name, value)
        if read is None:
            raise UsageError(f"'{value}' is no value of {name}", hint=f"Write {_how(name)}.")
        found[name] = read
    return found


def _value(name: str, value: str) -> bool | int | str | None:
    if name in YES_NO:
        return ANSWERS.get(value)
    if name == "category":
        return value if value in CATEGORIES else None
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _how(name: str) -> str:
    if name in YES_NO:
        return "yes or no"
    return "a whole number" if name == "aiReleasesInWeek" else ", ".join(CATEGORIES)
