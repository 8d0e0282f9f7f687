"""What a rule looked at, in words for a report: each fact that it needs, or None if not stated.

``level.lyrics``, ``levels:areas`` (the areas of a parameter), ``material.recording``,
``fact.humanVoice``, ``interaction.lyrics``, ``voices``, ``consent``, ``basis``, ``people``,
``people.featured``, ``tools``, ``tools.licence``, ``tools.trainingDisclosure``,
``artists.identity``, ``artists.identityPublic``, ``context.date``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from provenance.model.levels import area_level, asset_of
from provenance.model.manifest import Manifest
from provenance.profiles._facts import declared, entries
from provenance.profiles.base import Evidence, Parameters

_CAPITAL = re.compile("([A-Z])")
_HUMAN_EXPRESSION = ("lyrics", "music", "recording")


def looked_at(e: Evidence, needs: Iterable[str], p: Parameters) -> dict[str, str | None]:
    """The facts by name; areas of a parameter each by themselves."""
    names = dict.fromkeys(name for need in needs for name in _expanded(need, p))
    return {name: _value(e, name) for name in names}


def _expanded(need: str, p: Parameters) -> Iterator[str]:
    _, _, parameter = need.partition(":")
    if not parameter:
        yield need
        return
    for joined in p[parameter]:
        yield from (f"level.{area}" for area in joined.split("+"))


def _value(e: Evidence, name: str) -> str | None:
    kind, _, rest = name.partition(".")
    if kind == "context":
        return _said(e.context.get(rest))
    if kind == "level":
        return _said(area_level(entries(e, rest), rest))
    if kind == "interaction":
        return _listed(c.interaction for c in entries(e, rest))
    if kind == "material":
        return _listed(c.material for c in declared(e).contributions if asset_of(c) == rest)
    if kind == "fact":
        return _fact(declared(e), rest)
    return _listed(_LISTS[name](declared(e)))


def _fact(m: Manifest, name: str) -> str | None:
    value = getattr(m.facts, _CAPITAL.sub(r"_\1", name).lower(), None)
    if name != "humanExpression":
        return _said(value)
    parts = ((part, getattr(value, part, None)) for part in _HUMAN_EXPRESSION)
    return ", ".join(f"{part} {_said(v)}" for part, v in parts if v is not None) or None


_LISTS: dict[str, Callable[[Manifest], Iterable[Any]]] = {
    "voices": lambda m: (v.kind for v in m.voices),
    "consent": lambda m: (v.consent and v.consent.status for v in m.voices),
    "basis": lambda m: (c.basis or "declared" for c in m.contributions),
    "people": lambda m: (p.name or "withheld" for p in m.people),
    "people.featured": lambda m: (p.featured for p in m.people),
    "tools": lambda m: (t.system or t.provider for t in m.tools),
    "tools.licence": lambda m: (t.licence and t.licence.status for t in m.tools),
    "tools.trainingDisclosure": lambda m: (
        t.licence and t.licence.training_disclosure for t in m.tools
    ),
    "artists.identity": lambda m: (a.identity for a in m.subject.artists),
    "artists.identityPublic": lambda m: (a.identity_public for a in m.subject.artists),
}


def _listed(values: Iterable[Any]) -> str | None:
    stated = dict.fromkeys(_said(v) for v in values if v is not None)
    return ", ".join(v for v in stated if v) or None


def _said(value: Any) -> str | None:
    if value is None:
        return None
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
