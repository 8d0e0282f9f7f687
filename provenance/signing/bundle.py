"""Bundles: several statements in one JSON object, and telling the forms apart (spec 4.6).

A carrier value or file is a compact token (begins ``ey``), a flattened JWS, or a bundle. Order
carries no meaning; proofs in ``tlog`` belong to a later chapter and are left alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from provenance.model.codes import Code
from provenance.model.findings import Finding, finding
from provenance.model.limits import DEFAULT_LIMITS, Limits
from provenance.wire import strict_json
from provenance.wire.strict_json import JsonError

BUNDLE = "musicprov-bundle/1"


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
    if not isinstance(statement, dict) or set(statement) != {"payload", "protected", "signature"}:
        return as_it_is
    parts = [statement[m] for m in ("protected", "payload", "signature")]
    if not all(isinstance(p, str) and p.isascii() for p in parts):
        return as_it_is
    return ".".join(parts).encode("ascii")


def write_bundle(tokens: Sequence[str]) -> bytes:
    """A bundle of compact tokens, each as a flattened JWS; indented for people."""
    statements = []
    for token in tokens:
        protected, payload, signature = token.split(".")
        statements.append({"payload": payload, "protected": protected, "signature": signature})
    return json.dumps({"bundle": BUNDLE, "statements": statements}, indent=1).encode("ascii")
