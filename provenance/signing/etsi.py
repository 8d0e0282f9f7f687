"""``etsiU``: the unsigned part of a JAdES signature, where time-stamps stand (spec 16.1).

Only ``sigTst`` is looked into: a time-stamp token over the signature value. Other items (values
for long-term validation, counter-signatures) are kept as they are. ETSI TS 119 182-1, 5.3.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from provenance.model.errors import RefusedError
from provenance.model.limits import DEFAULT_LIMITS, Limits
from provenance.model.records import dataclass
from provenance.signing import bundle
from provenance.signing.bundle import Jws
from provenance.signing.envelope import Token
from provenance.signing.keys import b64decode_url, b64encode_url
from provenance.wire import strict_json
from provenance.wire.strict_json import JsonError

SIG_TST = "sigTst"


@dataclass(frozen=True)
class Stamp:
    """One ``sigTst`` of a signature: the DER of its token, or why there is none to be read."""

    token: bytes | None
    reason: str = ""
    """Why there is none, in a word of TIM-010."""


def jws_of(token: Token) -> Jws:
    """A statement as it is carried: compact, or flattened where it has unsigned parts."""
    if not token.etsi_u:
        return token.compact
    made = bundle.flattened_of(token.compact)
    return {**made, "header": {"etsiU": list(token.etsi_u)}}


def stamps_of(etsi_u: Sequence[Any], limits: Limits = DEFAULT_LIMITS) -> Iterator[Stamp]:
    """Every ``sigTst`` among the items, in their order; other items are passed over."""
    for item in etsi_u[: limits.etsi_u]:
        found = _object(item, limits)
        if found is None:
            yield Stamp(None, "malformed")
        elif SIG_TST in found:
            yield _stamp(found, limits)


def _object(item: Any, limits: Limits) -> Mapping[str, Any] | None:
    """An item as an object: it is one, or the base64url of one."""
    if isinstance(item, Mapping):
        return item
    data = b64decode_url(item) if isinstance(item, str) and item.isascii() else None
    try:
        found = strict_json.parse(
            data or b"", max_bytes=limits.envelope_bytes, max_depth=limits.json_depth
        )
    except JsonError:
        return None
    return found if isinstance(found, dict) else None


def _stamp(item: Mapping[str, Any], limits: Limits) -> Stamp:
    container = item[SIG_TST]
    tokens = container.get("tstTokens") if isinstance(container, Mapping) else None
    if len(item) != 1 or not isinstance(tokens, list):
        return Stamp(None, "malformed")
    if len(tokens) != 1:
        return Stamp(None, "not-one-token")
    value = tokens[0].get("val") if isinstance(tokens[0], Mapping) else None
    if not isinstance(value, str):
        return Stamp(None, "malformed")
    if len(value) > 4 * limits.stamp_bytes // 3 + 4:
        return Stamp(None, "too-large")
    try:
        return Stamp(base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError):
        return Stamp(None, "malformed")


def with_stamp(statement: Jws, token: bytes, limits: Limits = DEFAULT_LIMITS) -> Jws:
    """The statement with one more time-stamp, in the form that its other items have.

    Raises ``RefusedError`` when it has as many unsigned items as a reader takes (ENV-006).
    """
    items = bundle.etsi_u_of(statement)
    if len(items) >= limits.etsi_u:
        raise RefusedError(
            "time.full",
            f"the statement has {len(items)} time-stamps or other unsigned items already",
            hint="It needs no more: the earliest of them counts.",
        )
    value = base64.b64encode(token).decode("ascii")
    item: Any = {SIG_TST: {"tstTokens": [{"val": value}]}}
    if items and isinstance(items[0], str):
        item = b64encode_url(strict_json.encode(item))
    made = bundle.flattened_of(statement)
    return {**made, "header": {"etsiU": [*items, item]}}
