"""The verification procedure (spec 8): pure over a stream, a clock reading and a keyring.

1.  Collect   every place of the file that carries a manifest, and what was given beside it.
2.  Parse     each value into statements; equal statements collapse.
3.  Envelope  each statement's framing, header, algorithm and key.
4.  Signature over the bytes as they are, with the embedded key.
5.  Content   strict JSON, text rules, version, schema, consistency.
6.  Time      what is claimed; nothing proves it yet.
7.  Identity  whose key, to this asker.
8.  Binding   whether this is the recording that the statement is about.
9.  Currency  which statement supersedes which, among those at hand.
10. Select    the one statement that counts; a conflict is never resolved by choosing.
11. Require   what the policy asks of a statement that counts; the only step it touches.
12. Status    follows from the findings (``model.verdict``).

Signatures come first and binding last: no audio is hashed twice, and no decoder runs, for a
statement whose signature does not hold. Out of scope here: opening files, looking for sidecars,
reading keyrings and clocks (the caller's), trust policies, certificates, time-stamps and logs
(later chapters).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from provenance.containers.base import Container, Scan
from provenance.model.codes import Code
from provenance.model.findings import Finding, finding
from provenance.model.verdict import Verdict
from provenance.trust.requirements import unmet
from provenance.verify import steps
from provenance.verify.outcome import Candidate, Context, Given, Outcome
from provenance.verify.select import counts, select

_NOT_ASSESSED = (
    finding(Code.AUTHORITY_NOT_EVALUATED),
    finding(Code.CURRENCY_NOT_CHECKED),
)


def verify(
    stream: BinaryIO | None,
    container: Container | None,
    context: Context,
    given: Sequence[Given] = (),
) -> Verdict:
    """Say what ``stream`` carries, who signed it and what that shows (spec 8).

    Without a stream only the given values are looked at, and nothing is bound. Only ``OSError``
    of the stream and ``EOFError`` (the file shrank while it was read) may escape.
    """
    scan = container.scan(stream, context.limits, True) if stream and container else None
    places, notes = steps.collect(scan, given)  # 1
    values, parse_notes = steps.parse(places, context.limits)  # 2
    candidates, unread = steps.examine(values, context)  # 3-7
    notes += parse_notes + unread
    if scan is not None and stream is not None and any(steps.is_signed(c) for c in candidates):
        scan = steps.with_digest(stream, scan)
    hand = steps.in_hand(candidates, stream, scan, context)
    bound = [steps.bind(c, hand) for c in candidates]  # 8
    selected, currency = select(bound, context.keyring)  # 9, 10
    found = _together(scan, bound, selected, (*notes, *currency))
    if selected is not None and counts(selected):
        found += tuple(unmet(context.required, found))  # 11
    found += (finding(Code.TRUTH_NOT_ASSESSED),)
    outcome = Outcome(scan, tuple(bound), selected, steps.essence_digest(scan))
    return Verdict(found, context.required, outcome)  # 12


def _together(
    scan: Scan | None,
    candidates: Sequence[Candidate],
    selected: Candidate | None,
    notes: Iterable[Finding],
) -> tuple[Finding, ...]:
    """All findings: the file's, the selected statement's, and a line for each other one."""
    found = tuple(notes)
    if selected is None:
        return found
    found += selected.findings
    found += tuple(steps.unusable(c) for c in candidates if steps.is_unusable(c, selected))
    if selected.manifest is not None and scan is not None:
        found += tuple(steps.compare_tags(selected.manifest, scan))
    return found + _NOT_ASSESSED
