"""Steps 9 and 10: which statement counts (spec 8.9, 8.10, 17.5; VER).

A candidate counts when nothing about it breaks and its content could be read. Exactly one, or
several with the same payload, or several linked by ``supersedes`` with one head in one lineage:
that one is used. Any other set is a conflict, whatever the ranks: whoever can add a tag can
also strip one, so nothing is lost by refusing to choose. Candidates that do not count never
lower the result, but for a newer number of the selected one's signer. When none counts, the
best of the failures is the answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from provenance.model.codes import Code, Effect
from provenance.model.findings import Finding, finding
from provenance.trust.identity import rung
from provenance.verify.currency import (
    Known,
    forks,
    is_clean,
    manifest_of,
    rollbacks,
    supersession,
    token_of,
    withdrawals,
)
from provenance.verify.outcome import Candidate, Context


def select(
    candidates: Sequence[Candidate], others: Sequence[Candidate], context: Context
) -> tuple[Candidate | None, tuple[Finding, ...]]:
    """The candidate that the verdict is about, and findings about the set.

    ``candidates`` are the disclosures, compared with the file; ``others`` the statements of
    other kinds, of which the withdrawals matter here.
    """
    if not candidates:
        return None, ()
    counting = [c for c in candidates if c.counts]
    if not counting:
        return _least_bad(candidates), ()
    if len(candidates) == 1 and not others:  # as in most files: there is nothing to compare it with
        return candidates[0], ()
    known = Known(context.keyring, context.policy)
    taken_back = withdrawals(counting, others, known)
    by_payload: dict[str, list[Candidate]] = {}
    for candidate in counting:
        by_payload.setdefault(token_of(candidate).payload_digest, []).append(candidate)
    groups = [_best(group, taken_back.by) for group in by_payload.values()]
    heads, notes = supersession(groups, known)
    selected = _best(heads, taken_back.by)
    sid = token_of(selected).sid
    against = [finding(Code.CARRIER_CONFLICT, statements=len(heads))] if len(heads) > 1 else []
    against += forks(selected, counting, known)
    against += rollbacks(selected, candidates, known)
    against += [taken_back.by[sid]] if sid in taken_back.by else []
    selected = replace(selected, findings=(*selected.findings, *against))
    group = by_payload[token_of(selected).payload_digest]
    notes += co_signatures(sid, group, taken_back.by)
    return selected, (*notes, *taken_back.ignored)


def co_signatures(
    selected: str, group: Sequence[Candidate], taken_back: Mapping[str, Finding]
) -> Iterator[Finding]:
    """Who else signed what the ``selected`` statement says, and who took that back (STM-055, 072).

    Remarks: nobody takes back what another one signed, and anybody can add a signature.
    """
    for other in group:
        token, signer = token_of(other), other.signer
        if token.sid == selected or signer is None:
            continue
        who = {"sid": token.sid, "key": token.key, "rung": signer.rung, "party": signer.party}
        who |= {"name": signer.name, "by": signer.by, "profile": token.profile}
        gone = taken_back.get(token.sid)
        if gone is not None:
            why = {name: gone.detail[name] for name in ("reason", "replacement")}
            yield finding(Code.CURRENCY_CO_SIGNATURE_WITHDRAWN, other.where[0], **who, **why)
        elif is_clean(other):
            yield finding(Code.CARRIER_CO_SIGNED, other.where[0], **who)


def _best(candidates: Sequence[Candidate], taken_back: Collection[str]) -> Candidate:
    """Of co-signed statements, or of several heads, the first by VER-103."""

    def height(candidate: Candidate) -> tuple[bool, bool, bool, int, int, str]:
        codes = {f.code for f in candidate.findings}
        sid = token_of(candidate).sid
        return (
            sid not in taken_back,
            not any(code.effect is Effect.BLOCKS for code in codes),
            Code.AUTHORITY_GRANTED in codes,
            max((rung(code.slug) for code in codes), default=-1),
            manifest_of(candidate).sequence or 1,
            sid,
        )

    return max(candidates, key=height)


def _least_bad(candidates: Sequence[Candidate]) -> Candidate:
    """When none counts: FAILED before INDETERMINATE, what got furthest, what was found first."""

    def height(candidate: Candidate) -> tuple[bool, bool, bool, bool]:
        return (
            any(f.effect is Effect.BREAKS for f in candidate.findings),
            candidate.manifest is not None,
            candidate.is_signed,
            candidate.token is not None,
        )

    return max(candidates, key=height)
