"""Bundles: several statements in one JSON object, and telling the forms apart (spec 4.6).

A carrier value or file is a compact token (begins ``ey``), a flattened JWS, or a bundle. Order
carries no meaning; proofs in ``tlog`` belong to a later chapter and are left alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from provenance.model.codes import Code
from provenance.model.findings import Finding, finding
from provenance.model.limits import DEFAULT_LIMITS, Limits
from provenance.signing.keys import b64decode_url, b64encode_url
from provenance.wire import strict_json
from provenance.wire.strict_json import JsonError

BUNDLE = "musicprov-bundle/1"

Jws = str | Mapping[str, Any]
"""A compact token, or a flattened JWS with an unprotected header."""

_SEGMENTS = ("protected", "payload", "signature")


def read_values(
    value: bytes, limits: Limits = DEFAULT_LIMITS
) -> tuple[tuple[bytes, ...], tuple[Finding, ...]]:
    """The statements inside a value, each as its own bytes; never raises.

    A flattened statement inside a bundle is given as a compact token where it has no
    unprotected header, so that equal statements are equal bytes whatever form they came in.
    What cannot be taken apart is given back as it is: reading it will say what is wrong.
    """
    if value[:1] != b"{":
        return (value,), ()
    if len(value) > limits.bundle_bytes:
        return (), (finding(Code.CARRIER_TOO_LARGE, None, bytes=len(value)),)
    try:
        found = strict_json.parse(value, max_bytes=limits.bundle_bytes, max_depth=limits.json_depth)
    except JsonError:
        return (value,), ()
    if "bundle" not in found:
        return (_one(found, value),), ()
    statements = found.get("statements")
    if found["bundle"] != BUNDLE or not isinstance(statements, list) or not statements:
        return (), (finding(Code.CARRIER_MALFORMED, None, reason="not a bundle of version 1"),)
    notes: tuple[Finding, ...] = ()
    if len(statements) > limits.statements:
        notes = (finding(Code.CARRIER_SCAN_INCOMPLETE, None, statements=len(statements)),)
    kept = statements[: limits.statements]
    return tuple(_one(s, strict_json.encode(s)) for s in kept), notes


def _one(statement: Any, as_it_is: bytes) -> bytes:
    """The compact form of a plain flattened statement; anything else as it is."""
    if not isinstance(statement, dict) or set(statement) != set(_SEGMENTS):
        return as_it_is
    parts = [statement[m] for m in _SEGMENTS]
    if not all(isinstance(p, str) and p.isascii() for p in parts):
        return as_it_is
    return ".".join(parts).encode("ascii")


def as_statement(value: bytes) -> Jws | None:
    """A value of ``read_values`` as a statement that can be written again; None if it is none.

    Only its form is looked at: a statement of a type that is not known is one too.
    """
    if value[:1] != b"{":
        parts = value.split(b".")
        good = value.isascii() and len(parts) == 3 and all(parts)
        return value.decode("ascii") if good else None
    try:
        found = strict_json.parse(value, max_bytes=len(value), max_depth=DEFAULT_LIMITS.json_depth)
    except JsonError:
        return None
    if not isinstance(found, dict) or not all(isinstance(found.get(m), str) for m in _SEGMENTS):
        return None
    return found


def compact_of(statement: Jws) -> str:
    """The compact form of a statement: the same signature, without its unprotected header."""
    if isinstance(statement, str):
        return statement
    return ".".join(str(statement[m]) for m in _SEGMENTS)


def flattened_of(statement: Jws) -> dict[str, Any]:
    """The flattened form of a statement, with its unprotected header if it has one."""
    if not isinstance(statement, str):
        return dict(statement)
    protected, payload, signature = statement.split(".")
    return {"payload": payload, "protected": protected, "signature": signature}


def sid_of(statement: Jws) -> str:
    """The identity of a statement (ENV-030)."""
    return b64encode_url(hashlib.sha256(compact_of(statement).rpartition(".")[0].encode()).digest())


def typ_of(statement: Jws) -> str:
    """The ``typ`` that its header states, as it stands there; empty when it cannot be read."""
    header = b64decode_url(compact_of(statement).partition(".")[0])
    try:
        found = strict_json.parse(
            header or b"",
            max_bytes=DEFAULT_LIMITS.envelope_bytes,
            max_depth=DEFAULT_LIMITS.json_depth,
        )
    except JsonError:
        return ""
    return str(found.get("typ", "")) if isinstance(found, dict) else ""


def united(one: Jws, other: Jws) -> Jws:
    """One statement with the ``etsiU`` items of two of the same signature, equal items once."""
    made = flattened_of(one)
    items = [*etsi_u_of(one)]
    items += [item for item in etsi_u_of(other) if item not in items]
    return {**made, "header": {"etsiU": items}} if items else compact_of(one)


def etsi_u_of(statement: Jws) -> list[Any]:
    """The items of its ``etsiU``, as they stand there."""
    header = {} if isinstance(statement, str) else statement.get("header", {})
    return list(header.get("etsiU", ())) if isinstance(header, dict) else []


def write_token(statement: Jws) -> bytes:
    """One statement: compact where it has no unprotected header, else flattened."""
    if isinstance(statement, str) or set(statement) == set(_SEGMENTS):
        return compact_of(statement).encode("ascii")
    return strict_json.encode(statement)


def write_value(statements: Sequence[Jws]) -> bytes:
    """What a tag holds: a compact token for one plain statement, else a bundle (CAR-004)."""
    if len(statements) == 1:
        token = write_token(statements[0])
        if token[:1] != b"{":
            return token
    return strict_json.encode(_bundle(statements))


def write_bundle(statements: Sequence[Jws]) -> bytes:
    """A bundle of statements, each as a flattened JWS; indented for people."""
    return json.dumps(_bundle(statements), indent=1).encode("ascii")


def _bundle(statements: Sequence[Jws]) -> dict[str, Any]:
    return {"bundle": BUNDLE, "statements": [flattened_of(s) for s in statements]}
