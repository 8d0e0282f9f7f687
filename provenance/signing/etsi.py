"""Statements with an unsigned part: how they are carried, and adding a time-stamp (spec 16.1)."""

from __future__ import annotations

from provenance.model.errors import RefusedError
from provenance.model.limits import DEFAULT_LIMITS, Limits
from provenance.signing import bundle
from provenance.signing.bundle import Jws
from provenance.signing.envelope import Token
from provenance.wire.etsi import stamp_item


def jws_of(token: Token) -> Jws:
    """A statement as it is carried: compact, or flattened where it has unsigned parts."""
    if not token.etsi_u:
        return token.compact
    made = bundle.flattened_of(token.compact)
    return {**made, "header": {"etsiU": list(token.etsi_u)}}


def with_stamp(statement: Jws, token: bytes, limits: Limits = DEFAULT_LIMITS) -> Jws:
    """The statement with one more time-stamp, in the form that its other items have.

    Raises ``RefusedError`` when it has as many unsigned items as a reader takes (TIM-032).
    """
    items = bundle.etsi_u_of(statement)
    if len(items) >= limits.etsi_u:
        raise RefusedError(
            "time.full",
            f"the statement has {len(items)} time-stamps or other unsigned items already",
            hint="It needs no more: the earliest of them counts.",
        )
    item = stamp_item(token, as_text=bool(items) and isinstance(items[0], str))
    made = bundle.flattened_of(statement)
    return {**made, "header": {"etsiU": [*items, item]}}
