"""The verification procedure (spec 8): pure over a stream, a time and what the asker knows.

1.  Collect   every place of the file that carries a manifest, and what was given beside it.
2.  Parse     each value into statements; equal statements collapse.
3.  Envelope  each statement's framing, header, algorithm and key.
4.  Signature over the bytes as they are, with the embedded key.
5.  Content   strict JSON, text rules, version, schema, consistency.
6.  Time      what is claimed, and what time-stamps prove.
7.  Identity  whose key, to this asker: first of those who vouch, then of all.
8.  Binding   whether this is the recording that a disclosure is about.
9.  Authority whether the asker's policy lets the signer speak for it; currency: which disclosure
    supersedes which, among those at hand, and what is withdrawn.
10. Select    the one that counts (a conflict is never resolved by choosing), and what others say
    about it; what other tools wrote about AI into the file (spec 21).
11. Require   what the policy asks of a statement that counts.
12. Status    follows from the findings (``model.verdict``).

Signatures come first and binding late: no audio is hashed twice, and no decoder runs, for a
statement whose signature does not hold. Out of scope here: opening files, looking for sidecars,
reading keyrings, policies and clocks (the caller's), and logs (a later chapter).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from provenance.containers.base import Container, Scan
from provenance.marks import find
from provenance.model.codes import Axis, Code
from provenance.model.findings import Finding, finding
from provenance.model.verdict import Verdict
from provenance.trust.requirements import unmet
from provenance.verify import signers, steps
from provenance.verify.outcome import Candidate, Context, Given, Outcome
from provenance.verify.select import select
from provenance.verify.stages import Stages, done

if TYPE_CHECKING:
    from provenance.bindings.base import Computed
    from provenance.bindings.compare import InHand
    from provenance.marks.base import Mark
    from provenance.verify.endorsing import Endorsed


def verify(
    stream: BinaryIO | None,
    container: Container | None,
    context: Context,
    given: Sequence[Given] = (),
    known: Computed | None = None,
    hand: InHand | None = None,
) -> Verdict:
    """Say what ``stream`` carries, who signed it and what that shows (spec 8).

    Without a stream only the given values are looked at; they are bound to what is ``known``, or
    to nothing. ``hand`` is the file's audio where it is verified more than once: each tier is
    made once for all of these. Only ``OSError`` of the stream and ``EOFError`` (the file shrank
    while it was read) may escape.
    """
    return done(verifying(stream, container, context, given, known, hand))


def verifying(
    stream: BinaryIO | None,
    container: Container | None,
    context: Context,
    given: Sequence[Given] = (),
    known: Computed | None = None,
    hand: InHand | None = None,
) -> Stages[Verdict]:
    """``verify`` in stages: the walk over the file, what it declares, its audio, the verdict."""
    yield
    scan = container.scan(stream, context.limits, True) if stream and container else None
    yield
    places, notes = steps.collect(scan, given)  # 1
    values, parse_notes = steps.parse(places, context.limits)  # 2
    signed, unopened = steps.check_signatures(values, context)  # 3, 4
    yield
    hashed = scan
    if scan is not None and stream is not None and steps.may_count(signed):
        hashed = steps.with_digest(stream, scan)
    yield
    candidates, unread = steps.read_contents(signed, context)  # 5-7: used at once (decision 31)
    notes += parse_notes + unopened + unread + steps.several(candidates)
    disclosures, others = steps.split(candidates)
    if any(c.counts for c in disclosures):
        scan = hashed
    audio = hand or (steps.in_hand(disclosures, stream, scan, context) if stream else known)
    bound = [steps.bind(c, audio) for c in disclosures]  # 8
    bound = [signers.authorise(c, context) for c in bound]  # 9
    selected, currency = select(bound, others, context)  # 9, 10
    endorsed, said = _endorsed(selected, others, context, bound)  # 10
    found = _together(scan, (*bound, *others), selected, (*notes, *currency, *said))
    marks = find(stream, container, scan) if stream and container and scan else ()
    found += tuple(_marked(marks, selected))
    found += _standing(context)
    if selected is not None and selected.counts:
        found += tuple(unmet(context.required, found, context.strict))  # 11
    found += (finding(Code.TRUTH_NOT_ASSESSED),)
    essence = steps.essence_digest(scan)
    if stream is None and known is not None and known.essence is not None:
        essence = known.essence.digest
    outcome = Outcome(scan, tuple(bound), selected, essence, tuple(others), endorsed, marks)
    return Verdict(found, context.required, outcome)  # 12


def _endorsed(
    selected: Candidate | None,
    others: Sequence[Candidate],
    context: Context,
    beside: Sequence[Candidate],
) -> tuple[tuple[Endorsed, ...], tuple[Finding, ...]]:
    if selected is None or not others:
        return (), ()
    from provenance.verify.endorsing import endorsements

    return endorsements(selected, others, context, beside)


def _marked(marks: Sequence[Mark], selected: Candidate | None) -> Iterator[Finding]:
    """What others wrote about AI, and where the statement that counts contradicts it (spec 21).

    Remarks: anybody can write a mark, so none of them lowers a result.
    """
    for mark in marks:
        yield finding(
            Code.CARRIER_MARK_FOUND,
            mark.where,
            kind=mark.kind,
            strength=mark.strength,
            says=mark.says,
            **{k: v for k, v in mark.detail.items() if k in {"tool", "term"}},
        )
    if not marks or selected is None or selected.manifest is None:
        return
    from provenance.marks.contradicting import contradictions

    for mark, level in contradictions(marks, selected.manifest):
        yield finding(
            Code.CONTENT_MARK_CONTRADICTS,
            mark.where,
            kind=mark.kind,
            says=mark.says,
            declared=level.value,
        )


def _alone(others: Sequence[Candidate]) -> Iterator[Finding]:
    """What each statement beside no disclosure is, and of which one it speaks (STM-005)."""
    for other in others:
        said, token = other.statement, other.token
        if said is not None and token is not None and other.is_intact:
            of = getattr(said, "of", None)
            about = {"sid": token.sid, "key": token.key, "of": of.sid if of else None}
            yield finding(
                Code.CARRIER_STATEMENT_ALONE, other.where[0], type=str(said.type), **about
            )


def _no_disclosure(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """That none is there, unless that is said, or something was not read (STM-004).

    What others say about a disclosure is none itself, and one of later is not looked at.
    """
    known = {Code.CARRIER_ABSENT, Code.CARRIER_SCAN_INCOMPLETE, Code.CARRIER_MALFORMED}
    return () if any(f.code in known for f in found) else (finding(Code.CARRIER_ABSENT),)


def _standing(context: Context) -> tuple[Finding, ...]:
    """Whether the policy itself may be relied on: not expired, not older than one used before."""
    if context.policy is None:
        return ()
    from provenance.trust.requirements import standing

    return tuple(standing(context.policy, context.now))


def _together(
    scan: Scan | None,
    candidates: Sequence[Candidate],
    selected: Candidate | None,
    notes: Iterable[Finding],
) -> tuple[Finding, ...]:
    """All findings: the file's, the selected statement's, and a line for each other one."""
    found = tuple(notes)
    if selected is None:
        return found + tuple(_alone(candidates)) + _no_disclosure(found)
    found += selected.findings
    found += tuple(steps.unusable(c) for c in candidates if steps.is_unusable(c, selected))
    if selected.manifest is not None and scan is not None:
        from provenance.verify.tags import compare_tags

        found += tuple(compare_tags(selected.manifest, scan))
    if not any(f.axis is Axis.AUTHORITY for f in found):
        found += (finding(Code.AUTHORITY_NOT_EVALUATED),)
    return (*found, finding(Code.CURRENCY_NOT_CHECKED))
