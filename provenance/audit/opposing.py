"""What others have signed about a declaration: for it, against it, and where that stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from provenance.audit.evidence import Found
from provenance.audit.reasons import reason
from provenance.model.statements import Withdrawal
from provenance.trust.moments import spelled

if TYPE_CHECKING:
    from provenance.audit.declarations import Declared
    from provenance.signing.envelope import Token
    from provenance.verify.outcome import Candidate

_SAID: dict[str, tuple[str, str]] = {
    "currency.withdrawn": ("withdraws", "by"),
    "endorsement.dispute": ("disputes", "sid"),
}
"""Codes of a verification: what the other statement does, and where its id stands."""
_UNHEARD = frozenset({"endorsement.unknown-endorser", "endorsement.not-granted"})


def opposed(one: Declared, evidence: Sequence[Found]) -> Iterator[dict[str, Any]]:
    """What takes back or disputes a declaration, as its verification found it (AUD-038)."""
    left = {c.token.sid: (c.token, c) for c in one.others if c.token is not None}
    for check in one.report["checks"]:
        act, member = _SAID.get(check["code"], ("", ""))
        other = left.pop(str(check["detail"].get(member)), None)
        if other is not None:
            text = other[0].compact
            found = [f.id for f in evidence if f.by == "statement" and text in f.tokens]
            yield _as_json(act, *other, found or [one.best.id])


def unheard(one: Declared) -> Iterator[dict[str, Any]]:
    """Reasons: disputes and withdrawals at hand that do not count, with their signers (AUD-110)."""
    for said in one.alone["endorsements"]:
        if said["act"] == "disputes" and said["code"] in _UNHEARD:
            who = {"signer": said["name"] or said["key"], "code": said["code"]}
            yield reason("disputeNotHeard", declaration=one.id, **who)
    left = {c.token.sid: (c.token, c.signer) for c in one.others if c.token is not None}
    for check in one.alone["checks"]:
        detail = check["detail"]
        if check["code"] == "currency.withdrawal-ignored" and detail["of"] in one.sids:
            token, signer = left[detail["sid"]]
            name = signer.name if signer is not None else None
            yield reason("withdrawalNotHeard", declaration=one.id, signer=name or token.key)


def endorsed(one: Declared) -> Iterator[dict[str, Any]]:
    """What others have signed about a declaration, as its verification found it, with tokens."""
    texts = {c.token.sid: c.token.compact for c in one.others if c.token is not None}
    for said in one.report["endorsements"]:
        yield {**said, "token": texts.get(said["sid"])}


def _as_json(act: str, token: Token, other: Candidate, evidence: Sequence[str]) -> dict[str, Any]:
    said, signer, best = other.statement, other.signer, other.best
    return {
        "act": act,
        "sid": token.sid,
        "key": token.key,
        "name": signer.name if signer is not None else None,
        "rung": signer.rung if signer is not None else "unknown",
        "issued": said.issued if said is not None else None,
        "proven": spelled(best.at) if best is not None and best.proven else None,
        "reason": said.reason if isinstance(said, Withdrawal) else None,
        "evidence": list(evidence),
        "token": token.compact,
    }
