"""Key bindings that may be believed, as far as their own signers go (spec 17.4, STM-040).

Whether the voucher may give these identifiers is the identity ladder's question
(``trust.identity``). Who vouches is never known by another's voucher.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from provenance.model.statements import KeyBinding
from provenance.trust.identity import Vouch
from provenance.trust.policy import Policy
from provenance.verify.currency import Known, is_clean, withdrawals
from provenance.verify.outcome import Candidate
from provenance.verify.signers import parse_time

_MAY_VOUCH = frozenset({"party", "certified", "domain"})


def vouches(candidates: Sequence[Candidate], policy: Policy) -> tuple[Vouch, ...]:
    """The key bindings among ``candidates`` that a party of the policy signed and left standing.

    ``candidates`` are all statements that are no disclosures, identified without any voucher.
    """
    return tuple(_vouches(candidates, policy))


def _vouches(candidates: Sequence[Candidate], policy: Policy) -> Iterator[Vouch]:
    gone = withdrawals(candidates, candidates, Known(policy=policy)).by
    for candidate in candidates:
        said, token, signer = candidate.statement, candidate.token, candidate.signer
        if not isinstance(said, KeyBinding) or token is None or signer is None:
            continue
        if signer.party is None or signer.rung not in _MAY_VOUCH or candidate.best is None:
            continue
        if is_clean(candidate) and token.sid not in gone:
            yield Vouch(
                voucher=signer.party,
                name=said.party.name,
                ids=said.party.ids,
                keys=said.keys,
                at=candidate.best.at,
                sid=token.sid,
                start=_moment(said.from_),
                end=_moment(said.until),
                by_key=token.key,
            )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else parse_time(text)
