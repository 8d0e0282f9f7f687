"""``etsiU``: the unsigned part of a JAdES signature, where time-stamps stand (spec 16.1).

Only ``sigTst`` is looked into: a time-stamp token over the signature value. Other items (values
for long-term validation, counter-signatures) are left alone. ETSI TS 119 182-1, 5.3.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from provenance.model.limits import DEFAULT_LIMITS, Limits
from provenance.model.records import dataclass
from provenance.wire import strict_json
from provenance.wire.strict_json import JsonError

_SIG_TST = "sigTst"


@dataclass(frozen=True)
class Stamp:
    """One ``sigTst`` of a signature: the DER of its token, or why there is none to be read."""

    token: bytes | None
    reason: str = ""
    """Why there is none, in a word of TIM-010."""


def stamps_of(etsi_u: Sequence[Any], limits: Limits = DEFAULT_LIMITS) -> Iterator[Stamp]:
    """Every ``sigTst`` among the items, in their order; other items are passed over.

    One copy of a statement has at most ``etsi_u`` items; here are those of all copies at hand.
    """
    for item in etsi_u[: limits.etsi_u * limits.statements]:
        found = _object(item, limits)
        if found is None:
            yield Stamp(None, "malformed")
        elif _SIG_TST in found:
            yield _stamp(found, limits)


def stamp_item(token: bytes, *, as_text: bool) -> Any:
    """The item for a token: an object, or the base64url of one where the others are texts."""
    value = base64.b64encode(token).decode("ascii")
    item = {_SIG_TST: {"tstTokens": [{"val": value}]}}
    if not as_text:
        return item
    return base64.urlsafe_b64encode(strict_json.encode(item)).rstrip(b"=").decode("ascii")


def _object(item: Any, limits: Limits) -> Mapping[str, Any] | None:
    """An item as an object: it is one, or the base64url of one."""
    if isinstance(item, Mapping):
        return item
    if not isinstance(item, str):
        return None
    try:
        data = base64.b64decode(item + "=" * (-len(item) % 4), altchars=b"-_", validate=True)
        found = strict_json.parse(
            data, max_bytes=limits.envelope_bytes, max_depth=limits.json_depth
        )
    except (JsonError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _stamp(item: Mapping[str, Any], limits: Limits) -> Stamp:
    container = item[_SIG_TST]
    tokens = container.get("tstTokens") if isinstance(container, Mapping) else None
    if len(item) != 1 or not isinstance(tokens, list):
        return Stamp(None, "malformed")
    if len(tokens) != 1:
        return Stamp(None, "not-one-token")
    value = tokens[0].get("val") if isinstance(tokens[0], Mapping) else None
    if not isinstance(value, str):
        return Stamp(None, "malformed")
    if len(value) > -(-limits.stamp_bytes // 3) * 4:
        return Stamp(None, "too-large")
    try:
        return Stamp(base64.b64decode(value, validate=True))
    except ValueError:
        return Stamp(None, "malformed")
