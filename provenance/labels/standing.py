"""What a label stands on, and of what none is made (spec 11.6, 19)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from provenance.model.codes import Code
from provenance.model.verdict import Status

if TYPE_CHECKING:
    from provenance.model.verdict import Verdict


class Standing(StrEnum):
    """What may be said of whoever declares; the values name the catalogues' words for it."""

    SIGNED = "note"
    """Signed, and verified as the asker requires."""
    UNVERIFIED = "unverified"
    """Signed, and not PASSED for the asker: an unverified claim (LBL-052)."""
    UNSIGNED = "unsigned"


def standing_of(status: str | None) -> Standing:
    """Of a statement with this status; None is a declaration that nobody has signed."""
    if status is None:
        return Standing.UNSIGNED
    return Standing.SIGNED if status == Status.PASSED.value else Standing.UNVERIFIED


def fallen(verdict: Verdict) -> str | None:
    """The code for which none is made of the selected statement, or None (LBL-051, EXP-010)."""
    if verdict.status is Status.FAILED:
        return verdict.code
    return Code.CURRENCY_WITHDRAWN.slug if verdict.has(Code.CURRENCY_WITHDRAWN) else None
