"""Adding to a trust policy: plain JSON in, plain JSON out; nothing else in it changes."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime
from typing import Any

from provenance.model.errors import UsageError
from provenance.model.records import dataclass


@dataclass(frozen=True)
class Addition:
    """A party, or more about a party that is there, with the rights that it gets."""

    id: str
    name: str | None = None
    ids: Mapping[str, Sequence[str]] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    key_until: str | None = None
    """The time at which the keys are no longer valid."""
    subjects: tuple[tuple[str, str], ...] = ()
    """Anchor and organizationIdentifier."""
    declares: tuple[str, ...] = ()
    """ISRC patterns; ``*`` is everything."""
    roles: tuple[str, ...] = ()
    endorses: tuple[str, ...] = ()
    vouches: tuple[str, ...] = ()
    """Kinds of identifiers."""
    until: str | None = None
    """The last day of the rights."""


def add(plain: Mapping[str, Any], addition: Addition, now: datetime) -> dict[str, Any]:
    """The policy with the addition, a new version and ``issued``; raises ``UsageError``."""
    made = copy.deepcopy(dict(plain))
    parties = made.setdefault("parties", [])
    party = next((p for p in parties if p.get("id") == addition.id), None)
    if party is None:
        if addition.name is None:
            hint = "Say what you call them with --name."
            raise UsageError(f"party '{addition.id}' is new and has no name", hint=hint)
        party = {"id": addition.id, "name": addition.name}
        parties.append(party)
    elif addition.name not in {None, party.get("name")}:
        raise UsageError(
            f"party '{addition.id}' is there already, as '{party.get('name')}'",
            hint="Leave --name out to add to it, or choose another --id.",
        )
    _put_in(party, addition)
    grants = made.setdefault("grants", [])
    grants += [grant for grant in _grants(addition) if grant not in grants]
    if made == dict(plain):
        raise UsageError("nothing to add: all of it is there already")
    made["version"] = int(made.get("version", 0)) + 1
    made["issued"] = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return made


def _put_in(party: dict[str, Any], addition: Addition) -> None:
    for kind, values in addition.ids.items():
        there = party.setdefault("ids", {}).setdefault(kind, [])
        there += [value for value in values if value not in there]
    known = {key.get("key") for key in party.get("keys", [])}
    until = {"exp": addition.key_until} if addition.key_until else {}
    for key in addition.keys:
        if key not in known:
            party.setdefault("keys", []).append({"key": key, **until})
    for anchor, number in addition.subjects:
        subject = {"anchor": anchor, "organizationIdentifier": number}
        if subject not in party.setdefault("subjects", []):
            party["subjects"].append(subject)


def _grants(addition: Addition) -> Iterator[dict[str, Any]]:
    until = {"until": addition.until} if addition.until else {}
    roles = {"as": list(addition.roles)} if addition.roles else {}
    for act, patterns, more in (
        ("declare", addition.declares, roles),
        ("endorse", addition.endorses, {}),
    ):
        if patterns:
            over = {} if "*" in patterns else {"over": {"isrc": list(patterns)}}
            yield {"party": addition.id, "act": act, **more, **over, **until}
    if addition.vouches:
        over = {"over": {"ids": list(addition.vouches)}}
        yield {"party": addition.id, "act": "vouch", **over, **until}


def difference(before: bytes, after: bytes) -> Iterator[str]:
    """The lines that an edit takes away and adds, with two lines around them."""
    old, new = (text.decode("utf-8", "replace").splitlines() for text in (before, after))
    lines = difflib.unified_diff(old, new, "before", "after", n=2, lineterm="")
    yield from (line for line in lines if not line.startswith(("---", "+++", "@@")))
