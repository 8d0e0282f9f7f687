"""Key directories of domains, and the snapshots that policies name (spec 18, DIR).

A directory is what a domain serves; a snapshot is what somebody saw there, once, and accepted.
Nothing here fetches: both come as bytes. Whether a key lies on its curve is asked when it is
fetched and when it verifies; here a key is its thumbprint.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from provenance.model.records import dataclass
from provenance.trust.policy import Directory, KnownKey, Revocation
from provenance.wire import schemas, strict_json
from provenance.wire.thumbprints import MEMBERS, thumbprint

MAX_BYTES = 64 * 1024
"""Of a directory (DIR-013); a snapshot has a little around it."""
_MAX_SNAPSHOT_BYTES = 4 * MAX_BYTES
_MAX_DEPTH = 16
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_CURVES = {"P-256": ("EC", 32), "P-384": ("EC", 48), "Ed25519": ("OKP", 32)}


class DirectoryError(ValueError):
    """Bytes that are no key directory, or no snapshot of one; the text says why."""


@dataclass(frozen=True)
class Content:
    """A directory as it was served: its keys, and what it says about itself."""

    keys: tuple[KnownKey, ...]
    jwks: tuple[Mapping[str, Any], ...]
    """The key members alone, in the order of ``keys``."""
    party: str | None
    """What the directory calls its owner: a claim."""
    ids: Mapping[str, tuple[str, ...]]
    plain: Mapping[str, Any]
    """The whole as plain JSON values."""


def read_directory(data: bytes) -> Content:
    """The keys of a directory; raises ``DirectoryError`` (DIR-002 to DIR-008)."""
    plain = _parse(data, MAX_BYTES)
    _require(plain, "key-directory")
    return _content(plain)


def read_snapshot(data: bytes) -> Directory:
    """The accepted snapshot of a domain's directory; raises ``DirectoryError`` (DIR-030)."""
    plain = open_snapshot(data)
    content = _content(plain["directory"])
    return Directory(plain["domain"], _moment_of(plain["fetchedAt"]), content.keys)


def open_snapshot(data: bytes) -> Mapping[str, Any]:
    """A snapshot as plain JSON values that meet its schema; raises ``DirectoryError``."""
    plain = _parse(data, _MAX_SNAPSHOT_BYTES)
    _require(plain, "directory-snapshot")
    _content(plain["directory"])
    return plain


def _parse(data: bytes, limit: int) -> Mapping[str, Any]:
    try:
        plain = strict_json.parse(data, max_bytes=limit, max_depth=_MAX_DEPTH)
    except strict_json.JsonError as error:
        raise DirectoryError(f"is not good JSON: {error}") from error
    if not isinstance(plain, dict):
        raise DirectoryError("is not a JSON object")
    for _, fault in strict_json.find_text_faults(plain):
        if fault not in strict_json.REMARKS | {"not-nfc"}:
            raise DirectoryError(f"has text with a {fault} character")
    return plain


def _require(plain: Mapping[str, Any], schema: str) -> None:
    fault = next(schemas.check(plain, schema), None)
    if fault is not None:
        raise DirectoryError(f"{fault.pointer or 'it'}: {fault}")


def _content(plain: Mapping[str, Any]) -> Content:
    usable = [entry for entry in plain["keys"] if _is_known(entry)]
    keys = tuple(_key(entry) for entry in usable)
    twice = _first_twice(k.key for k in keys)
    if twice:
        raise DirectoryError(f"lists the key {twice} twice")
    about = plain.get("musicprov", {})
    return Content(
        keys,
        tuple({m: entry[m] for m in MEMBERS[entry["kty"]]} for entry in usable),
        about.get("party"),
        {kind: tuple(values) for kind, values in about.get("ids", {}).items()},
        plain,
    )


def _is_known(entry: Mapping[str, Any]) -> bool:
    """Whether it is of a kind that can sign here; others are left out, private ones refused."""
    private = _PRIVATE & set(entry)
    if private:
        raise DirectoryError(f"shows a private key ({entry['kid']}): that key is lost")
    return entry["kty"] in MEMBERS and (entry["kty"] == "RSA" or entry.get("crv") in _CURVES)


def _key(entry: Mapping[str, Any]) -> KnownKey:
    name = entry["kid"]
    missing = [m for m in MEMBERS[entry["kty"]] if m not in entry]
    if missing:
        raise DirectoryError(f"key {name}: lacks '{missing[0]}'")
    if not _has_exact_numbers(entry):
        raise DirectoryError(f"key {name}: is no key of its kind in its exact form")
    if thumbprint(entry) != name:
        raise DirectoryError(f"key {name}: 'kid' is not its thumbprint ({thumbprint(entry)})")
    start, end = (_moment(entry.get(m)) for m in ("nbf", "exp"))
    if start is not None and end is not None and start >= end:
        raise DirectoryError(f"key {name}: ends before it begins")
    return KnownKey(name, start, end, _revocation(name, entry.get("revoked")))


def _has_exact_numbers(entry: Mapping[str, Any]) -> bool:
    if entry["kty"] == "RSA":
        return _decoded(entry["n"]) is not None
    kind, size = _CURVES[entry["crv"]]
    numbers = [_decoded(entry[m]) for m in ("x", "y") if m in MEMBERS[entry["kty"]]]
    return kind == entry["kty"] and all(n is not None and len(n) == size for n in numbers)


def _decoded(text: str) -> bytes | None:
    if len(text) % 4 == 1:
        return None
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return data if urlsafe_b64encode(data).rstrip(b"=").decode() == text else None


def _revocation(name: str, revoked: Mapping[str, Any] | None) -> Revocation | None:
    if revoked is None:
        return None
    at, since = revoked["revoked_at"], revoked.get("invalid_from")
    if since is not None and since > at:
        raise DirectoryError(f"key {name}: 'invalid_from' is after 'revoked_at'")
    return Revocation(datetime.fromtimestamp(at, UTC), revoked["reason"], _moment(since))


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _moment_of(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _first_twice(names: Iterator[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
