"""Adding to a trust policy: plain JSON in, plain JSON out; nothing else in it changes."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
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
    vouched_declare: tuple[str, ...] = ()
    """ISRC patterns for whomever the party vouches for."""
    vouched_roles: tuple[str, ...] = ()
    until: str | None = None
    """The last day of the rights."""


@dataclass(frozen=True)
class Authority:
    """An authority of certificates or time-stamps, or more about one that is there."""

    id: str
    name: str | None = None
    certificates: tuple[bytes, ...] = ()
    """PEM or DER, as the files were."""
    crls: tuple[bytes, ...] = ()
    seal: bool = False
    ekus: tuple[str, ...] = ()
    is_tsa: bool = False


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
    return _next(plain, made, now)


def _next(plain: Mapping[str, Any], made: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The edited policy as the next version; raises ``UsageError`` when nothing changed."""
    if made == dict(plain):
        raise UsageError("nothing to change: all of it is there already")
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
            yield {"party": addition.id, "act": act, **more, **_over(patterns), **until}
    if addition.vouched_declare:
        over = _over(addition.vouched_declare)
        vouched = {"as": list(addition.vouched_roles)} if addition.vouched_roles else {}
        yield {"vouchedBy": addition.id, "act": "declare", **vouched, **over, **until}
    if addition.vouches:
        over = {"over": {"ids": list(addition.vouches)}}
        yield {"party": addition.id, "act": "vouch", **over, **until}


def _over(patterns: Sequence[str]) -> dict[str, Any]:
    return {} if "*" in patterns else {"over": {"isrc": list(patterns)}}


def add_authority(
    plain: Mapping[str, Any], authority: Authority, folder: Path, now: datetime
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The policy with the authority, and the files to put below its folder.

    Certificates are added to those that are there; lists of revoked ones take their place.
    Raises ``UsageError`` when something new has no certificate.
    """
    made = copy.deepcopy(dict(plain))
    member, certs = ("tsa", "roots") if authority.is_tsa else ("anchors", "certs")
    entries = made.setdefault(member, [])
    entry = next((e for e in entries if e.get("id") == authority.id), None)
    if entry is None:
        if not authority.certificates:
            hint = "Name its certificate with --cert."
            raise UsageError(f"authority '{authority.id}' is new", hint=hint)
        entry = {"id": authority.id, "name": authority.name or authority.id, certs: []}
        entries.append(entry)
    if authority.name:
        entry["name"] = authority.name
    files: dict[str, bytes] = {}
    for data in authority.certificates:
        name = _free(folder, files, "anchors", authority.id, data)
        entry[certs] += [name] if name not in entry[certs] else []
    if authority.crls:
        entry["crls"] = [_free(folder, files, "crl", authority.id, c) for c in authority.crls]
    if authority.ekus:
        entry["eku"] = list(authority.ekus)
    if authority.seal:
        entry |= {"requireEku": False, "seal": True}
    return _next(plain, made, now), files


def _free(folder: Path, files: dict[str, bytes], kind: str, name: str, data: bytes) -> str:
    """A name for a file below the folder: that of an equal file, else one that is not taken."""
    suffix = "pem" if data.startswith(b"-----BEGIN") else "der"
    for number in count(1):
        path = f"{kind}/{name}{f'-{number}' if number > 1 else ''}.{suffix}"
        taken = folder / path
        if path not in files and not taken.exists():
            files[path] = data
            return path
        if files.get(path) == data or (taken.is_file() and taken.read_bytes() == data):
            return path
    raise AssertionError(name)


def revoke(
    plain: Mapping[str, Any], path: Path, key: str, entry: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """The policy with a key of a party revoked; one that only a directory lists is listed so."""
    made = copy.deepcopy(dict(plain))
    for party in made.get("parties", []):
        for known in party.get("keys", []):
            if known["key"] == key:
                known["revoked"] = dict(entry)
                return _next(plain, made, now)
    from provenance.workspace.policies import load_policy

    listed = load_policy(path).with_listed_key(key)
    if not listed:
        hint = "See 'prov trust list'; a pinned key is not of the policy."
        raise UsageError(f"no party of the policy has the key {key}", hint=hint)
    owner = next(p for p in made["parties"] if p["id"] == listed[0][0].id)
    owner.setdefault("keys", []).append({"key": key, "revoked": dict(entry)})
    return _next(plain, made, now)


def difference(before: bytes, after: bytes) -> Iterator[str]:
    """The lines that an edit takes away and adds, with two lines around them."""
    old, new = (text.decode("utf-8", "replace").splitlines() for text in (before, after))
    lines = difflib.unified_diff(old, new, "before", "after", n=2, lineterm="")
    yield from (line for line in lines if not line.startswith(("---", "+++", "@@")))
