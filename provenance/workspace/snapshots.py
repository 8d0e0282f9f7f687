"""Key directories at the user's side: what changed since the last look, and the snapshot file.

Fetching is elsewhere (``provenance.network``); here are bytes in, bytes out (spec 18.4, DIR).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from provenance.files.opening import open_regular
from provenance.model.errors import InputError, PolicyError, RefusedError, UsageError
from provenance.model.records import dataclass
from provenance.trust.directories import (
    MAX_BYTES,
    Content,
    DirectoryError,
    open_snapshot,
    read_directory,
)
from provenance.trust.policy import KEY_COMPROMISE, KnownKey, Policy, Revocation
from provenance.wire import strict_json
from provenance.wire.digests import digest_of

_MAX_SNAPSHOT_BYTES = 4 * MAX_BYTES
KIND = "musicprov-directory-snapshot/1"


@dataclass(frozen=True)
class Before:
    """The snapshot that was accepted before."""

    domain: str
    fetched: str
    content: Content


@dataclass(frozen=True)
class Change:
    """What became of one key; a ``loss`` is what an honest directory never does (DIR-021)."""

    kind: str
    """``new``, ``changed``, ``revoked``, ``gone``, ``unrevoked``."""
    key: KnownKey
    loss: bool = False


def accepted_content(host: str, body: bytes) -> Content:
    """What a host served, checked to the last key; raises ``RefusedError`` (DIR-009)."""
    from provenance.signing.keys import KeyValueError, public_from_jwk

    try:
        content = read_directory(body)
    except DirectoryError as error:
        raise RefusedError("directory.malformed", f"{host}: its directory {error}") from error
    for jwk, known in zip(content.jwks, content.keys, strict=True):
        if jwk["kty"] == "RSA":
            continue  # believed through certificates only: a thumbprint here, never a key
        try:
            public_from_jwk(jwk)
        except KeyValueError as error:
            raise RefusedError(
                "directory.malformed", f"{host}: key {known.key} is no good key ({error.reason})"
            ) from error
    return content


def read_before(path: Path, host: str) -> Before | None:
    """The snapshot at this place, if there is one; raises ``InputError`` for anything else."""
    if not path.exists():
        return None
    with open_regular(path) as stream:
        data = stream.read(_MAX_SNAPSHOT_BYTES + 1)
    try:
        plain = open_snapshot(data)
        content = read_directory(strict_json.encode(plain["directory"]))
    except DirectoryError as error:
        raise InputError(
            f"{path}: {error}", hint="Move it away; the next fetch is then a first contact."
        ) from error
    if plain["domain"] != host:
        raise InputError(
            f"{path}: is a snapshot of {plain['domain']}, not of {host}",
            hint="Choose another name with --out.",
        )
    return Before(host, plain["fetchedAt"], content)


def changes(before: Content | None, now: Content) -> Iterator[Change]:
    """What is different, key by key; the losses first."""
    old = {known.key: known for known in before.keys} if before else {}
    new = {known.key: known for known in now.keys}
    yield from (Change("gone", known, loss=True) for key, known in old.items() if key not in new)
    found = [_change(old.get(key), known) for key, known in new.items()]
    yield from sorted((c for c in found if c is not None), key=lambda c: not c.loss)


def _change(old: KnownKey | None, new: KnownKey) -> Change | None:
    if old is None:
        return Change("new", new)
    if old.revoked is not None and _is_weaker(old.revoked, new.revoked):
        return Change("unrevoked", new, loss=True)
    if old.revoked != new.revoked:
        return Change("revoked", new)
    return None if old == new else Change("changed", new)


def _is_weaker(old: Revocation, new: Revocation | None) -> bool:
    """Whether a revocation went, or now leaves more of the past to be believed."""
    if new is None or new.reason not in {old.reason, KEY_COMPROMISE}:
        return True
    return (new.invalid_from or new.at) > (old.invalid_from or old.at)


def snapshot_bytes(content: Content, body: bytes, host: str, certificate: str, at: str) -> bytes:
    """The snapshot file; ``at`` is the time of fetching (RFC 3339)."""
    plain: dict[str, Any] = {
        "snapshot": KIND,
        "domain": host,
        "fetchedAt": at,
        "digest": digest_of(body),
        "certificate": certificate,
        "directory": content.plain,
    }
    return json.dumps(plain, indent=2, ensure_ascii=False).encode() + b"\n"


def write_snapshot(path: Path, data: bytes) -> None:
    """Write it whole, in the place of the one before."""
    from provenance.files.opening import input_error
    from provenance.files.replacing import write_new

    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise input_error(path.parent, error) from error
    write_new(path, data, overwrite=True)


def parties_of(policy: Path) -> tuple[str, ...]:
    """The ids of the parties of a policy file."""
    plain = _read_policy(policy)
    return tuple(party["id"] for party in plain.get("parties", ()))


def add_directory(policy: Path, party: str, snapshot: Path, now: datetime) -> Policy | None:
    """Name a snapshot in the policy's party; the policy, or None when it is named already.

    Raises ``UsageError`` when the snapshot does not lie in the policy's folder (POL-005).
    """
    from provenance.workspace.policies import write_policy

    try:
        relative = snapshot.resolve().relative_to(policy.resolve().parent).as_posix()
    except ValueError as error:
        raise UsageError(
            f"{snapshot}: does not lie in the folder of {policy}",
            hint="A policy reads files of its own folder only: leave --out away.",
        ) from error
    plain = _read_policy(policy)
    (entry,) = [one for one in plain["parties"] if one["id"] == party]
    named = entry.setdefault("directories", [])
    if relative in named:
        return None
    named.append(relative)
    plain["version"] += 1
    plain["issued"] = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    return write_policy(policy, plain)


def _read_policy(path: Path) -> dict[str, Any]:
    from provenance.trust.loading import parse
    from provenance.workspace.policies import read_policy

    try:
        return parse(read_policy(path))
    except PolicyError as error:
        raise InputError(f"{path}: {error}", hint="Mend it first.") from error


def describe(known: KnownKey) -> str:
    """When a key may be believed, in words."""
    parts = [
        f"{word} {_day(moment)}"
        for word, moment in (("from", known.not_before), ("until", known.not_after))
        if moment is not None
    ]
    revoked = known.revoked
    if revoked is not None:
        since = revoked.invalid_from or revoked.at
        parts.append(f"revoked on {_day(revoked.at)} ({revoked.reason})")
        if revoked.reason == KEY_COMPROMISE:
            parts.append(f"not to be believed from {_day(since)} on")
    return ", ".join(parts) or "no end given"


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d")
