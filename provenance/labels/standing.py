"""Of what nothing is made for others: what does not hold, or was taken back (spec 11.6, 19)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provenance.model.codes import Code
from provenance.model.verdict import Status

if TYPE_CHECKING:
    from provenance.model.verdict import Verdict


def fallen(verdict: Verdict) -> str | None:
    """The code for which none is made of the selected statement, or None (LBL-051, EXP-010)."""
    if verdict.status is Status.FAILED:
        return verdict.code
    return Code.CURRENCY_WITHDRAWN.slug if verdict.has(Code.CURRENCY_WITHDRAWN) else None
