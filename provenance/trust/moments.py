"""When a statement is proven to have existed, and the time at which keys are judged (spec 16)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from provenance.model.codes import Code
from provenance.model.findings import Finding, finding
from provenance.model.records import dataclass

EARLY_SECONDS = 5 * 60
"""By how much clocks may differ, one ahead of the other (TIM-022, TIM-036, AUD-059)."""
_LATE_SECONDS = 24 * 3600


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
    """The time at which keys, certificates and algorithms are judged: never later than now."""
    if not proofs:
        return BestTime(now, proven=False)
    earliest = min(p.at for p in proofs)
    return BestTime(min(earliest, now), proven=True, proofs=tuple(proofs))


def disagreements(iat: int, best: BestTime) -> Iterator[Finding]:
    """How the time that the signer claims (POSIX seconds) fits the earliest proof (TIM-021, 022).

    A signer cannot sign after the proof that the signature exists: five minutes are forgiven.
    """
    if not best.proofs:
        return
    earliest = min(p.at for p in best.proofs)
    claimed, proven = datetime.fromtimestamp(min(iat, _LAST), UTC), spelled(earliest)
    if iat > earliest.timestamp() + EARLY_SECONDS:
        yield finding(Code.TIME_ORDER, None, claimed=spelled(claimed), proven=proven)
    elif earliest.timestamp() > iat + _LATE_SECONDS:
        yield finding(Code.TIME_LATE, None, claimed=spelled(claimed), proven=proven)


_LAST = 253_402_300_799
"""The last second of the year 9999."""


def spelled(at: datetime) -> str:
    """A time in UTC as statements and reports spell it, in whole seconds."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
