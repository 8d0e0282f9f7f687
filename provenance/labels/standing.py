"""Of what no label is made: what does not hold, and what its signer took back (spec 11.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provenance.model.codes import Code
from provenance.model.verdict import Status

if TYPE_CHECKING:
    from provenance.model.verdict import Verdict


def fallen(verdict: Verdict) -> str | None:
    """The code for which no label is made of the selected statement; else None (LBL-051)."""
    if verdict.status is Status.FAILED:
        return verdict.code
    return Code.CURRENCY_WITHDRAWN.slug if verdict.has(Code.CURRENCY_WITHDRAWN) else None
