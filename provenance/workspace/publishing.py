"""Making the key directory of one's own domain: keys come, end or are revoked, and never go.

See spec 18.5 (DIR). Members that this version does not know are kept as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from provenance.model.errors import InputError, RefusedError, UsageError
from provenance.model.records import dataclass
from provenance.trust.directories import MAX_BYTES, DirectoryError, read_directory
from provenance.wire import strict_json

if TYPE_CHECKING:
    from provenance.signing.keys import PublicKey

_MAX_DEPTH = 16


@dataclass(frozen=True)
class Revoking:
    """That a key is revoked from now on, why, and from when nothing of it is to be believed."""

    key: str
    reason: str
    invalid_from: datetime | None = None


@dataclass(frozen=True)
class Wishes:
    """What is to become of a directory."""

    party: str | None = None
    ids: Mapping[str, Sequence[str]] | None = None
    add: Sequence[PublicKey] = ()
    start: datetime | None = None
    end: datetime | None = None
    retire: Sequence[str] = ()
    revoke: Revoking | None = None


def open_directory(data: bytes, name: str) -> dict[str, Any]:
    """A directory of one's own, to go on with; raises ``InputError`` when it does not hold."""
    try:
        read_directory(data)
    except DirectoryError as error:
        raise InputError(f"{name}: {error}", hint="Mend it, or take the copy before.") from error
    plain: dict[str, Any] = strict_json.parse(data, max_bytes=MAX_BYTES, max_depth=_MAX_DEPTH)
    return plain


def updated(plain: Mapping[str, Any] | None, wishes: Wishes, now: datetime) -> bytes:
    """The directory as wished, checked as a stranger would check it (DIR-040 to DIR-042).

    Raises ``UsageError``, or ``RefusedError`` for what a directory never does.
    """
    old = plain or {}
    keys = [dict(entry) for entry in old.get("keys", ())]
    for key in wishes.add:
        _add(keys, key, wishes)
    for name in wishes.retire:
        entry = _entry(keys, name)
        end = now if wishes.add or wishes.end is None else wishes.end
        entry["exp"] = min(_seconds(end), entry.get("exp", 1 << 62))
    if wishes.revoke is not None:
        _revoke(_entry(keys, wishes.revoke.key), wishes.revoke, now)
    made = {**old, "keys": keys, "musicprov": _about(old.get("musicprov", {}), wishes, now)}
    data = json.dumps(made, indent=2, ensure_ascii=False).encode() + b"\n"
    try:
        read_directory(data)
    except DirectoryError as error:
        raise UsageError(f"the directory would not hold: it {error}") from error
    return data


def _about(old: Mapping[str, Any], wishes: Wishes, now: datetime) -> dict[str, Any]:
    party = wishes.party or old.get("party")
    if party is None:
        raise UsageError("nobody is named", hint="Say whose keys these are with --party.")
    ids = {**old.get("ids", {}), **{k: list(v) for k, v in (wishes.ids or {}).items()}}
    about = {**old, "party": party, "ids": ids, "updated": now.strftime("%Y-%m-%dT%H:%M:%SZ")}
    return {name: value for name, value in about.items() if value != {}}


def _add(keys: list[dict[str, Any]], key: PublicKey, wishes: Wishes) -> None:
    if any(entry["kid"] == key.thumbprint for entry in keys):
        raise UsageError(
            f"the key {key.thumbprint} is listed already",
            hint="Leave it out; --retire or --revoke changes it.",
        )
    times = {"nbf": wishes.start, "exp": wishes.end}
    limits = {name: _seconds(at) for name, at in times.items() if at is not None}
    keys.append({**key.jwk, "kid": key.thumbprint, "use": "sig", **limits})


def _entry(keys: list[dict[str, Any]], name: str) -> dict[str, Any]:
    for entry in keys:
        if entry["kid"] == name:
            return entry
    raise RefusedError("directory.key-unknown")


def _revoke(entry: dict[str, Any], wish: Revoking, now: datetime) -> None:
    """Revoke a key; a revocation that is there may only reach further back, or get worse."""
    old = entry.get("revoked")
    since = wish.invalid_from
    if since is not None and since > now:
        raise UsageError("--invalid-from lies in the future", hint="Use --retire for a plan.")
    new: dict[str, Any] = {"revoked_at": _seconds(now), "reason": wish.reason}
    if since is not None:
        new["invalid_from"] = _seconds(since)
    if old is not None:
        new["revoked_at"] = old["revoked_at"]
        if _cut_off(new) > _cut_off(old) or wish.reason not in {old["reason"], "keyCompromise"}:
            raise RefusedError("directory.key-revoked")
        new["invalid_from"] = min(_cut_off(new), _cut_off(old))
    entry["revoked"] = new


def _cut_off(revoked: Mapping[str, Any]) -> int:
    return int(revoked.get("invalid_from", revoked["revoked_at"]))


def _seconds(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp())
