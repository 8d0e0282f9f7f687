"""Which state a recording has, and why (spec 25.4): the decision, over what was found.

Each recording has exactly one state. The table of spec 25.4 is gone through from above:

1.  no declaration is at hand, nor anything that may be one: undeclared;
2.  none of them holds: unverifiable;
3.  one holds, and something says otherwise: contradicted;
4.  one holds, but not all statements were looked at, or which of several counts is open:
    unverifiable;
5.  declared.

So nothing that is added, and does not itself pass the asked policy, can make a recording declared
(AUD-057).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from provenance.audit.contradicting import Contradiction, against, by_declaration, residues
from provenance.audit.declarations import Declared, declarations, unreadable
from provenance.audit.evidence import MAX_EVIDENCE, Found
from provenance.audit.model import Recording, State
from provenance.audit.opposing import unheard
from provenance.audit.reasons import UNREAD, reason
from provenance.audit.standing import TORN, Standing
from provenance.model.records import dataclass

if TYPE_CHECKING:
    from provenance.verify.outcome import Candidate, Context

MAX_REASONS = 8
"""Reasons of one kind that are told."""


@dataclass(frozen=True)
class Known:
    """All declarations at hand for one recording, and how they stand to each other."""

    all: tuple[Declared, ...]
    foreign: frozenset[str] = frozenset()
    """Ids of those that are signed for another ISRC: they are about something else."""
    live: tuple[Declared, ...] = ()
    """Those that no other one replaces and nobody has taken back."""
    replaced: Mapping[str, str] = field(default_factory=dict)
    """Id of each that was replaced, to the id of what stands in its place."""
    broken: tuple[tuple[Found, str], ...] = ()
    """Files in which something stands that cannot be read, each with the code."""
    limit: int | None = None
    """The number of items or statements that was passed, where there were more."""


@dataclass(frozen=True)
class Decision:
    """The state of a recording."""

    state: State
    why: tuple[Mapping[str, Any], ...]
    counts: Declared | None = None
    """The declaration that state and rules go by; None where none holds."""
    contradictions: tuple[Contradiction, ...] = ()


def known(
    recording: Recording, evidence: Sequence[Found], context: Context, *, more: bool
) -> Known:
    """The declarations of a recording (AUD-040, AUD-043, AUD-045)."""
    found, limit = declarations(evidence, context)
    foreign = frozenset(one.id for one in found if _is_foreign(one, recording.isrc))
    mine = [one for one in found if one.id not in foreign]
    live, replaced = _lineage(mine, context)
    broken = tuple(unreadable(evidence, found))
    return Known(found, foreign, tuple(live), replaced, broken, MAX_EVIDENCE if more else limit)


def decide(have: Known, evidence: Sequence[Found], threshold: int) -> Decision:
    """The state by the table of spec 25.4. ``threshold`` of detectors in permille (AUD-042)."""
    made = _decided(have, evidence, threshold)
    apart = (r for one in have.live for r in unheard(one))
    left = () if made.counts is None else _left(made.counts, evidence)
    why = (*made.why, *_few(apart), *_few(left), *_few(_aside(have.live)))
    return replace(made, why=why)


def _decided(have: Known, evidence: Sequence[Found], threshold: int) -> Decision:
    one = _counting(have.live)
    if one is None or one.manifest is None:
        return _without(have, evidence)
    rivals = [r for r in have.live if r is not one and _is_heard(r, one)]
    found = (
        *(c for rival in rivals for c in by_declaration(one, rival)),
        *against(one, one.manifest, evidence, threshold),
    )
    why = (*_holding(one), *_otherwise(one, rivals, found), *_beside(one, have, rivals, found))
    if found:
        return Decision(State.CONTRADICTED, why, one, found)
    if one.standing is Standing.TORN:
        return Decision(State.UNVERIFIABLE, tuple(_torn(one, rivals)))
    if have.limit is not None:
        return Decision(State.UNVERIFIABLE, (reason("tooMany", limit=have.limit),))
    return Decision(State.DECLARED, why, one)


def _is_heard(rival: Declared, one: Declared) -> bool:
    """Whether a declaration may contradict another (AUD-044).

    Not where it was found by name and the other more surely. A stranger's only where both stand
    in one file, which then shows neither.
    """
    near = one.best.is_weak or not rival.best.is_weak
    return near and (rival.is_known or one.standing is Standing.TORN)


def _counting(live: Sequence[Declared]) -> Declared | None:
    """The declaration that holds best (AUD-056): by name only where none was found more surely.

    The last members make the choice the same in every order.
    """
    holding = [one for one in live if one.standing > Standing.FAILS]

    def height(one: Declared) -> tuple[bool, int, int, int, str]:
        sequence = one.manifest.sequence if one.manifest else None
        return (not one.best.is_weak, one.standing, one.best.rank, sequence or 1, one.sid)

    return max(holding, key=height, default=None)


def _is_foreign(one: Declared, isrc: str | None) -> bool:
    """AUD-045: signed for another ISRC than the entry's, whatever a tag or a name says."""
    signed = one.manifest.subject.isrc if one.manifest else None
    return signed is not None and isrc is not None and signed != isrc


def _lineage(found: Sequence[Declared], context: Context) -> tuple[list[Declared], dict[str, str]]:
    """Those that none of their lineage replaces (spec 8.10) and nobody has taken back (17.6)."""
    from provenance.verify.currency import Known as Asker
    from provenance.verify.currency import manifest_of, supersession, token_of, withdrawals

    mine = {
        token_of(one.candidate).sid: one
        for one in found
        if one.candidate is not None and one.manifest is not None
    }
    candidates = [one.candidate for one in mine.values() if one.candidate is not None]
    asker = Asker(context.keyring, context.policy)
    heads, _ = supersession(candidates, asker)
    others = _distinct(candidate for one in mine.values() for candidate in one.others)
    gone = withdrawals(candidates, others, asker).by
    standing = {token_of(head).sid for head in heads}
    live = [one for sid, one in mine.items() if sid in standing and sid not in gone]
    replaced = {}
    for one in mine.values():
        previous = mine.get(manifest_of(one.candidate).supersedes or "") if one.candidate else None
        if previous is not None and _sid(previous) not in standing:
            replaced[previous.id] = one.id
    return live, replaced


def _sid(one: Declared) -> str:
    return one.candidate.token.sid if one.candidate and one.candidate.token else ""


def _distinct(candidates: Iterator[Candidate]) -> list[Candidate]:
    kept: dict[str, Candidate] = {}
    for candidate in candidates:
        if candidate.token is not None:
            kept.setdefault(candidate.token.sid, candidate)
    return list(kept.values())


# ---- why -----------------------------------------------------------------------------------


def _without(have: Known, evidence: Sequence[Found]) -> Decision:
    """No declaration that holds: unverifiable where there is one, else undeclared."""
    foreign = [
        reason("signedIsrcDiffers", declaration=one.id, isrc=_isrc(one))
        for one in have.all
        if one.id in have.foreign
    ][:MAX_REASONS]
    mine = [one for one in have.all if one.id not in have.foreign]
    failing = [one for one in mine if one.id not in have.replaced]
    why = [reason("doesNotHold", declaration=one.id, code=one.code) for one in failing]
    why += [reason(UNREAD, evidence=found.id, code=code) for found, code in have.broken]
    differing = [one for one in failing if one.differing is not None]
    audio = [_differs(one) for one in differing][:MAX_REASONS]
    older = [reason("replaces", declaration=new, other=old) for old, new in have.replaced.items()]
    if why:
        more = (*audio, *older[:MAX_REASONS], *foreign)
        return Decision(State.UNVERIFIABLE, (*why[:MAX_REASONS], *more))
    if have.limit is not None:
        return Decision(State.UNVERIFIABLE, (reason("tooMany", limit=have.limit), *foreign))
    later = [reason("ofLater", evidence=f.id, n=f.later) for f in evidence if f.later]
    nothing = reason("nothingFound", items=len(evidence))
    return Decision(State.UNDECLARED, (nothing, *later[:MAX_REASONS], *foreign))


def _differs(one: Declared) -> dict[str, Any]:
    found = one.differing.id if one.differing else None
    return reason("audioDiffers", declaration=one.id, evidence=found, code=one.code)


def _isrc(one: Declared) -> str | None:
    return one.manifest.subject.isrc if one.manifest else None


def _holding(one: Declared) -> Iterator[dict[str, Any]]:
    if one.standing is Standing.UNCOMPARED:
        yield reason("holdsWithoutAudio", declaration=one.id, signer=one.signer)
    elif one.standing is Standing.HOLDS:
        yield reason("holds", declaration=one.id, signer=one.signer, code=one.code)
    if one.best.is_weak:
        yield reason("joinedByName", declaration=one.id)
    elif _isrc(one) is None:
        yield reason("joinedByIdentifier", declaration=one.id)


def _beside(
    one: Declared, have: Known, rivals: Sequence[Declared], found: Sequence[Contradiction]
) -> Iterator[dict[str, Any]]:
    """The other declarations: replaced, alike, or about something else."""
    for old, new in list(have.replaced.items())[:MAX_REASONS]:
        yield reason("replaces", declaration=new, other=old)
    apart = {c.other for c in found}
    alike = [r for r in rivals if r.id not in apart][:MAX_REASONS]
    yield from (reason("sameElsewhere", declaration=one.id, other=r.id) for r in alike)
    strangers = [r for r in have.live if r is not one and r not in rivals]
    yield from _few(_not_heard(one, other) for other in strangers)
    for other in [o for o in have.all if o.id in have.foreign][:MAX_REASONS]:
        yield reason("signedIsrcDiffers", declaration=other.id, isrc=_isrc(other))


def _not_heard(one: Declared, other: Declared) -> dict[str, Any]:
    key = "notHeardDiffers" if any(by_declaration(one, other)) else "notHeard"
    return reason(key, declaration=one.id, other=other.id, signer=other.signer)


def _few(found: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Of each kind of reason the first ``MAX_REASONS``: no kind takes the place of another."""
    told: Counter[str] = Counter()
    for one in found:
        told[one["reason"]] += 1
        if told[one["reason"]] <= MAX_REASONS:
            yield one


def _torn(one: Declared, rivals: Sequence[Declared]) -> Iterator[dict[str, Any]]:
    code = next((c["code"] for c in one.report["checks"] if c["code"] in TORN), one.code)
    if not rivals:
        yield reason("doesNotHold", declaration=one.id, code=code)
    for rival in rivals[:MAX_REASONS]:
        yield reason("conflict", declaration=one.id, other=rival.id, code=code)


def _left(one: Declared, evidence: Sequence[Found]) -> Iterator[dict[str, Any]]:
    """What tools left in files that the declaration contradicts, and that does not count."""
    for found in residues(one, evidence):
        yield reason("residueNotHeard", declaration=one.id, evidence=found.id)


_ASIDE = {
    "binding.mismatch": "weakAudioDiffers",
    "binding.altered": "weakAudioAlike",
    "binding.similar": "weakAudioAlike",
}


def _aside(live: Sequence[Declared]) -> Iterator[dict[str, Any]]:
    """Audio that was compared with a declaration and is tied to it by name or likeness alone.

    Or by nothing but a declaration in it.
    """
    for one in live:
        for found, code in one.aside:
            if code in _ASIDE:
                told = {"declaration": one.id, "evidence": found.id, "code": code}
                yield reason("copyAudioDiffers" if found.is_stray else _ASIDE[code], **told)


_SENTENCES = {
    "mark": "contradictedByMark",
    "detector": "contradictedByDetector",
    "ern": "contradictedByErn",
    "declaration": "contradictedByDeclaration",
}


def _otherwise(
    one: Declared, rivals: Sequence[Declared], found: Sequence[Contradiction]
) -> Iterator[dict[str, Any]]:
    """One reason for each that says otherwise, however many areas it is about."""
    signers = {rival.id: rival.signer for rival in rivals}
    told: dict[tuple[str, str | None], dict[str, Any]] = {}
    for c in found:
        detail: dict[str, Any] = {"declaration": one.id}
        if c.other is not None:
            detail |= {"other": c.other, "signer": signers[c.other]}
        else:
            detail["evidence"] = c.evidence
        if c.by == "detector":
            detail["score"] = int(c.says)
        told.setdefault((c.by, c.other or c.evidence), reason(_SENTENCES[c.by], **detail))
    yield from list(told.values())[: 2 * MAX_REASONS]
