"""What takes a declaration back or disputes it, each with where it stands (AUD-038)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from provenance.audit.evidence import Found
from provenance.model.statements import Withdrawal
from provenance.trust.moments import spelled

if TYPE_CHECKING:
    from provenance.audit.declarations import Declared
    from provenance.verify.outcome import Candidate

_SAID: dict[str, tuple[str, str]] = {
    "currency.withdrawn": ("withdraws", "by"),
    "endorsement.dispute": ("disputes", "sid"),
}
"""Codes of a verification: what the other statement does, and where its id stands."""


def opposed(one: Declared, evidence: Sequence[Found]) -> Iterator[dict[str, Any]]:
    """What takes back or disputes a declaration, as its verification found it."""
    by_sid = {c.token.sid: c for c in one.others if c.token is not None}
    seen: set[str] = set()
    for check in one.report["checks"]:
        act, member = _SAID.get(check["code"], ("", ""))
        other = by_sid.get(str(check["detail"].get(member)))
        if other is not None and other.token is not None and other.token.sid not in seen:
            seen.add(other.token.sid)
            yield _as_json(act, other, one, evidence)


def _as_json(
    act: str, other: Candidate, one: Declared, evidence: Sequence[Found]
) -> dict[str, Any]:
    token, said, signer, best = other.token, other.statement, other.signer, other.best
    text = token.compact if token is not None else ""
    found = [f.id for f in evidence if f.by == "statement" and text in f.tokens]
    return {
        "act": act,
        "sid": token.sid if token is not None else None,
        "key": token.key if token is not None else None,
        "name": signer.name if signer is not None else None,
        "rung": signer.rung if signer is not None else "unknown",
        "issued": said.issued if said is not None else None,
        "proven": spelled(best.at) if best is not None and best.proven else None,
        "reason": said.reason if isinstance(said, Withdrawal) else None,
        "evidence": found or [one.best.id],
        "token": text,
    }
