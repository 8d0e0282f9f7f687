"""Step 10: what others say about the selected statement (spec 17.3; STM-030 to STM-038).

An endorsement is attached by content: the statement, its payload, its key and its recording
must all be the ones that it names. It never changes whose key signed the statement, and says
which signature it names: of co-signed statements each has a signer of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from provenance.model.codes import Code
from provenance.model.findings import Finding, finding
from provenance.model.records import dataclass
from provenance.model.statements import Check, Endorsement
from provenance.trust.identity import Signer
from provenance.verify.currency import (
    DISPUTES,
    Known,
    is_clean,
    is_one_signer,
    manifest_of,
    token_of,
    withdrawals,
)
from provenance.verify.outcome import Candidate, Context
from provenance.verify.rights import may, recording_of


@dataclass(frozen=True)
class Endorsed:
    """One endorsement of the selected statement, for reports."""

    sid: str
    of: str
    """The ``sid`` of the statement that it names: the selected one, or a co-signed one."""
    of_key: str
    """The key that signed that one."""
    act: str
    key: str
    party: str | None
    """The endorser's id in the policy, if it is a party."""
    name: str | None
    """The name under which the asker knows the endorser."""
    rung: str
    limits: str | None
    basis: tuple[Check, ...]
    issued: str | None
    proven: datetime | None
    code: Code
    """The ``endorsement.*`` code that it gave."""


def endorsements(
    selected: Candidate,
    others: Sequence[Candidate],
    context: Context,
    beside: Sequence[Candidate] = (),
) -> tuple[tuple[Endorsed, ...], tuple[Finding, ...]]:
    """What the endorsements among ``others`` say about the selected statement.

    ``beside`` are all disclosures: an endorsement of a co-signed one, with the same payload, is
    about the same declaration.
    """
    known = Known(context.keyring, context.policy)
    taken_back = withdrawals(others, others, known)
    found: list[Finding] = [*taken_back.ignored]
    attached: list[Endorsed] = []
    signed = {token_of(c).sid: c for c in _same_payload(selected, beside)}
    gone = withdrawals(list(signed.values())[1:], others, known).by
    standing = {sid: c for sid, c in signed.items() if sid not in gone}
    for other in others:
        if other.token is None or other.statement is None:
            continue
        if other.token.sid in taken_back.by:
            found.append(_gone(other, taken_back.by[other.token.sid]))
        elif isinstance(other.statement, Endorsement) and is_clean(other):
            near = signed if other.statement.act == DISPUTES else standing  # STM-038
            made, about = _attached(other, other.statement, near, known)
            found.append(about)
            attached += [made] if made is not None else []
    return tuple(attached), tuple(found)


def _same_payload(selected: Candidate, beside: Sequence[Candidate]) -> Iterator[Candidate]:
    if selected.manifest is None or selected.token is None:
        return
    yield selected
    for other in beside:
        if other.token is None or not other.counts or other.token.sid == selected.token.sid:
            continue
        if other.token.payload_digest == selected.token.payload_digest:
            yield other


def _gone(other: Candidate, why: Finding) -> Finding:
    """STM-054: what is taken back does not count."""
    return finding(
        Code.CARRIER_UNUSABLE,
        other.where[0],
        reason=why.code.slug,
        sid=token_of(other).sid,
        by=why.detail["by"],
    )


def _attached(
    endorsement: Candidate, said: Endorsement, standing: dict[str, Candidate], known: Known
) -> tuple[Endorsed | None, Finding]:
    target = standing.get(said.of.sid) if said.of else None
    token, signer = token_of(endorsement), endorsement.signer
    where = endorsement.where[0]
    if target is None or not _is_about(said, target):
        of = said.of.sid if said.of else None
        return None, finding(Code.ENDORSEMENT_ORPHAN, where, sid=token.sid, of=of, act=said.act)
    if signer is None:
        raise ValueError("an endorsement that was read has a signer")
    code = _judged(endorsement, said, signer, target, known)
    best = endorsement.best
    made = Endorsed(
        sid=token.sid,
        of=token_of(target).sid,
        of_key=token_of(target).key,
        act=str(said.act),
        key=token.key,
        party=signer.party,
        name=signer.name,
        rung=signer.rung,
        limits=said.limits,
        basis=said.basis,
        issued=said.issued,
        proven=best.at if best is not None and best.proven else None,
        code=code,
    )
    detail = {"act": made.act, "party": made.party, "name": made.name, "limits": made.limits}
    detail |= {"of": made.of, "coSigner": made.of_key if made.of != next(iter(standing)) else None}
    return made, finding(code, where, sid=token.sid, key=token.key, **detail)


def _is_about(said: Endorsement, target: Candidate) -> bool:
    """STM-032: statement, payload, key and recording are all the ones that are named."""
    token, recording = token_of(target), recording_of(manifest_of(target))
    if said.of is None or (said.of.payload, said.of.key) != (token.payload_digest, token.key):
        return False
    mine = (said.subject.isrc, set(said.subject.essence))
    return mine == (recording.isrc, set(recording.essence))


def _judged(
    endorsement: Candidate, said: Endorsement, signer: Signer, target: Candidate, known: Known
) -> Code:
    """STM-030 to STM-036: whose word it is, and whether it is anyone's at all."""
    is_dispute = said.act == DISPUTES
    if not is_dispute and is_one_signer(endorsement, target, known):
        return Code.ENDORSEMENT_SELF
    if not signer.is_known:
        return Code.ENDORSEMENT_UNKNOWN_ENDORSER
    recording = recording_of(manifest_of(target))
    if known.policy is not None and not may("endorse", endorsement, recording, known.policy):
        return Code.ENDORSEMENT_NOT_GRANTED
    return Code.ENDORSEMENT_DISPUTE if is_dispute else Code.ENDORSEMENT_VALID
