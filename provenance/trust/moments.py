"""When a statement is proven to have existed, and the time at which keys are judged (spec 16)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from provenance.model.records import dataclass


@dataclass(frozen=True)
class Proof:
    """One proof that a signature existed at a time."""

    kind: str
    """``rfc3161``."""
    by: str
    """The id of the time-stamping authority in the policy."""
    name: str
    at: datetime


@dataclass(frozen=True)
class BestTime:
    """The best signature time: the earliest proof, else now (ETSI EN 319 102-1; TIM-020)."""

    at: datetime
    proven: bool
    proofs: tuple[Proof, ...] = ()


def best_time(proofs: Sequence[Proof], now: datetime) -> BestTime:
    """The time at which keys, certificates and algorithms are judged."""
    if not proofs:
        return BestTime(now, proven=False)
    return BestTime(min(p.at for p in proofs), proven=True, proofs=tuple(proofs))
