"""Steps 6, 7 and 9 for one statement: when, whose key, and whether its holder may say so (spec 8).

Time before identity: keys and certificates are judged at the best signature time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from provenance.model.codes import Code
from provenance.model.findings import Finding, finding
from provenance.signing import envelope
from provenance.trust.identity import Asker, identify
from provenance.trust.moments import EARLY_SECONDS, best_time, disagreements, spelled
from provenance.verify.outcome import Candidate, Context

if TYPE_CHECKING:
    from provenance.model.manifest import Manifest
    from provenance.signing.envelope import Token
    from provenance.trust.authority import Claim
    from provenance.trust.identity import Signer
    from provenance.trust.moments import BestTime
    from provenance.trust.policy import Policy

_CLOCK_SLACK_SECONDS = 24 * 3600


def parse_time(text: str | None) -> datetime | None:
    """An RFC 3339 time in UTC (``Z``) as a datetime; None when it is not one."""
    if not text or not text.endswith("Z"):
        return None
    try:
        return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        return None


def claimed_time(issued: str | None, iat: int) -> Iterator[Finding]:
    """Step 6: the time that the signer claims; ``issued`` and ``iat`` must agree to a day."""
    at = parse_time(issued)
    if at is None:
        return
    yield finding(Code.TIME_CLAIMED, at=issued)
    if abs(at.timestamp() - iat) > _CLOCK_SLACK_SECONDS:
        yield finding(Code.TIME_ORDER, "/issued", issued=issued, iat=iat)


def proven_time(tokens: Sequence[Token], context: Context) -> tuple[BestTime, tuple[Finding, ...]]:
    """Step 6: the time that is proven, else now, and what was found about the proofs.

    The tokens are one statement, with one signature value or several.
    """
    if not any(token.etsi_u for token in tokens):
        return best_time((), context.now), ()
    from provenance.trust.timestamps import check

    tsas = context.policy.tsas if context.policy else ()
    checked = [check(token.etsi_u, token.signature_text, tsas) for token in tokens]
    proofs = [proof for proven, _ in checked for proof in proven]
    found = [one for _, said in checked for one in said]
    if context.until is not None:
        proofs = [proof for proof in proofs if proof.at <= context.until]
        kept = {spelled(proof.at) for proof in proofs}
        found = [f for f in found if f.code is not Code.TIME_TRUSTED or f.detail["at"] in kept]
    best = best_time(proofs, context.now)
    return best, (*found, *disagreements(tokens[0].iat, best))


def strong(token: Token, context: Context, best: BestTime) -> Iterator[Finding]:
    """Whether the algorithm was strong enough at the time that counts, and is accepted."""
    if context.policy is None and token.profile == "K":
        return
    from provenance.trust.algorithms import judge

    yield from judge(token.alg, token.public_key.rsa_bits, context.policy, best.at)


def identified(candidates: Sequence[Candidate], context: Context) -> list[Candidate]:
    """Step 7: whose keys. Whoever vouches is looked up first, and never by another's word.

    What is of later than the asker looks at is left out.
    """
    candidates = [c for c in candidates if not is_of_later(c, context)]
    asker = Asker(context.keyring, context.policy)
    if context.policy is None or not any(_is_binding(c) for c in candidates):
        return [_with_signer(c, asker, context) for c in candidates]
    from provenance.verify.vouching import vouches

    unvouched = {id(c): _with_signer(c, asker, context) for c in candidates if not c.is_disclosure}
    vouched = replace(asker, vouches=vouches(list(unvouched.values()), context.policy))
    return [
        unvouched[id(c)] if _is_binding(c) else _with_signer(c, vouched, context)
        for c in candidates
    ]


def is_of_later(candidate: Candidate, context: Context) -> bool:
    """Whether a signed statement says that it is of after the time up to which the asker looks."""
    until, token = context.until, candidate.token
    if until is None or token is None or not candidate.is_signed:
        return False
    said = candidate.manifest or candidate.statement
    issued = parse_time(said.issued) if said is not None else None
    latest = max(token.iat, issued.timestamp() if issued else 0)
    return latest > until.timestamp() + EARLY_SECONDS


def _is_binding(candidate: Candidate) -> bool:
    return candidate.token is not None and candidate.token.typ == envelope.KEY_BINDING_TYP


def _with_signer(candidate: Candidate, asker: Asker, context: Context) -> Candidate:
    token, best = candidate.token, candidate.best
    if token is None or best is None:
        return candidate
    declarant = candidate.manifest.declarant if candidate.manifest else None
    signer, found = identify(
        token.key,
        asker,
        best,
        now=context.now,
        certificates=token.certificates,
        claimed=declarant.ids if declarant else None,
    )
    found += tuple(_alike(declarant.name if declarant else None, signer, asker.policy))
    return replace(candidate, signer=signer, findings=candidate.findings + found)


def _alike(name: str | None, signer: Signer, policy: Policy | None) -> Iterator[Finding]:
    """A remark when somebody who is no party calls itself like one (DIR-050)."""
    if policy is None or not name or signer.party is not None:
        return
    for party in policy.looking_like(name):
        where = "/declarant/name"
        yield finding(Code.CONTENT_SUSPICIOUS_TEXT, where, looksLike=party.name, party=party.id)


def authorise(candidate: Candidate, context: Context) -> Candidate:
    """Step 9: whether the asker's policy lets this signer speak for this recording."""
    policy, manifest, token = context.policy, candidate.manifest, candidate.token
    if policy is None or manifest is None or candidate.signer is None or token is None:
        return candidate
    if candidate.best is None or not candidate.counts:
        return candidate
    from provenance.trust.authority import authorise

    claim = claim_of(manifest, candidate.signer, token.key)
    found = authorise(policy, claim, candidate.best.at)
    return replace(candidate, findings=(*candidate.findings, found))


def claim_of(manifest: Manifest, signer: Signer, key: str) -> Claim:
    """What the signer of a disclosure does, as the grants of a policy are asked."""
    from provenance.trust.authority import DECLARE, Claim

    subject = manifest.subject
    release = subject.release
    return Claim(
        act=DECLARE,
        party=signer.party,
        vouched_by=signer.vouched_by,
        role=manifest.declarant.role if manifest.declarant else None,
        key=key,
        isrc=subject.isrc,
        upc=release.upc if release else None,
        iswc=subject.iswc,
        grid=release.grid if release else None,
    )
