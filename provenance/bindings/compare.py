"""Whether the audio in hand is what a statement was bound to (spec 5.7).

Tier 1 is computed first and is enough. A decoder runs only when it does not hold, once, for
what the statement records. A mismatch is said only from tiers that were computed; a tier that
applies and could not be made is said to be missing, with what to install.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations
from typing import Any, BinaryIO

from provenance.bindings.base import (
    Binding,
    Computed,
    EssenceBinding,
    FingerprintBinding,
    Reason,
    SamplesBinding,
    from_json,
)
from provenance.bindings.compute import ALL_TIERS, compute
from provenance.bindings.likeness import SIMILAR, Comparison, compare_prints
from provenance.bindings.presentation import presented
from provenance.bindings.samples import is_pcm
from provenance.containers.base import Presentation, Scan
from provenance.model.codes import Code
from provenance.model.findings import Finding, Scalar, finding
from provenance.model.limits import Limits

__all__ = [
    "Computed",
    "InHand",
    "compare",
    "compute",
    "judge",
    "judge_stated",
    "same_recording",
    "stated",
    "tiers_of",
]

_ANY_RATE = 44_100
"""Hz, for the length of a second where nobody says how long one is."""

Recorded = Binding | Mapping[str, Any]


class InHand:
    """The file in hand: each tier is computed when it is asked for, once for all statements.

    ``recorded`` are the tiers that any of the statements records, so that the one decoder that
    may run makes all that could be asked for (BND-071). ``decode`` is ``auto`` or ``never``.
    """

    def __init__(
        self,
        stream: BinaryIO,
        scan: Scan,
        limits: Limits,
        *,
        recorded: frozenset[str] = ALL_TIERS,
        decode: str = "auto",
    ) -> None:
        self.scan = scan
        self.cheap = frozenset({"essence", "samples"} if is_pcm(scan) else {"essence"})
        """Tiers that need no decoder."""
        self._make = partial(compute, stream, scan, limits, decode=decode)
        self._recorded = recorded
        self._facts = Computed((), {})
        self._made = frozenset[str]()

    def facts(self, want: frozenset[str]) -> Computed:
        """The wanted tiers; raises ``EOFError`` when the file became shorter meanwhile."""
        left = want - self._made
        if left - self.cheap:
            left |= self._recorded - self.cheap - self._made
        if left:
            self._facts = _joined(self._facts, self._make(want=left))
            self._made |= left
        return self._facts.only(want)


def compare(recorded: Sequence[Recorded], hand: InHand) -> tuple[Finding, ...]:
    """Say how the file in hand relates to the recorded bindings (spec 5.7).

    Never raises for what the bytes say; ``EOFError`` when the file became shorter meanwhile.
    """
    bound = _known(recorded)
    scan = hand.scan
    rate = scan.audio.rate if scan.audio else 0
    rule = scan.refusal.rule if scan.refusal else None
    facts = Computed((), {})
    for want in _stages(bound, hand.cheap):
        facts = _joined(facts, hand.facts(want))
        found = _decided(bound, facts, rate)
        if found:
            return _with_refusal(found, bound, rule)
    return judge(bound, facts, rate=rate, rule=rule)


def judge(
    recorded: Sequence[Recorded], facts: Computed, *, rate: int, rule: str | None = None
) -> tuple[Finding, ...]:
    """The findings that follow from facts alone; ``rule`` is what refused tier 1 (spec 5.7).

    ``rate`` in Hz is the length of one second, for trims.
    """
    bound = _known(recorded)
    found = _decided(bound, facts, rate) or _undecided(bound, facts, rule)
    return _with_refusal(found, bound, rule)


def stated(digests: Sequence[Mapping[str, Any]]) -> Computed:
    """What somebody says that they computed of audio which they do not give (SRV-006).

    A tier of which they say nothing is missing: it is never what a mismatch is said from. Raises
    ``ValueError`` for what is no binding of a tier that this version knows.
    """
    found = [from_json(one) for one in digests]
    known = tuple(binding for binding in found if binding is not None)
    tiers = [binding.tier for binding in known]
    if len(known) != len(found) or len(set(tiers)) != len(tiers):
        raise ValueError("each of them is of a tier that is known, and no tier comes twice")
    return Computed(known, {tier: Reason.NOT_GIVEN for tier in ALL_TIERS if tier not in tiers})


def judge_stated(recorded: Sequence[Recorded], facts: Computed) -> tuple[Finding, ...]:
    """``judge`` for audio that is not at hand, of which ``stated`` made the facts (SRV-006)."""
    return judge(recorded, facts, rate=facts.samples.rate if facts.samples else _ANY_RATE)


def same_recording(files: Mapping[str, Computed]) -> str | None:
    """Why files, by their names, are not shown to be one recording; None when every pair is.

    A pair is one recording when its essence or samples are equal, or its fingerprints score at
    least 0.60 (BND-060).
    """
    for (name, one), (other, two) in combinations(files.items(), 2):
        doubt = _doubt(one, two)
        if doubt is not None:
            return f"{name} and {other}: {doubt}"
    return None


def tiers_of(recorded: Sequence[Recorded]) -> frozenset[str]:
    """The tiers of recorded bindings that this version knows."""
    return frozenset(b.tier for b in _known(recorded))


def _known(recorded: Sequence[Recorded]) -> list[Binding]:
    """The bindings of tiers that this version knows; what is not well-formed binds nothing."""
    bound: list[Binding] = []
    for one in recorded:
        if not isinstance(one, Mapping):
            bound.append(one)
            continue
        try:
            read = from_json(one)
        except ValueError:
            continue
        bound += [read] if read is not None else []
    return bound


def _stages(bound: Sequence[Binding], cheap: frozenset[str]) -> Iterator[frozenset[str]]:
    """Which tiers to compute, the cheapest first; a decoder makes all that is left in one run."""
    tiers = frozenset(b.tier for b in bound)
    for tier in sorted(tiers & cheap):  # essence, then samples
        yield frozenset({tier})
    rest = tiers - cheap
    if rest:
        yield rest


def _joined(one: Computed, two: Computed) -> Computed:
    return Computed(
        (*one.bindings, *two.bindings),
        {**one.missing, **two.missing},
        one.ineligible or two.ineligible,
    )


def _decided(bound: Sequence[Binding], facts: Computed, rate: int) -> tuple[Finding, ...]:
    """What tiers 1 and 2 decide alone: exact, lossless, or samples that were changed."""
    equal = [b for b in _essences(bound) if facts.essence and b.digest == facts.essence.digest]
    if facts.essence is not None and equal:
        exact = finding(Code.BINDING_EXACT, tier="essence", profile=facts.essence.profile)
        return (exact, *_played([b.presentation for b in equal], facts.essence, rate))
    hand = facts.samples
    if hand is None:
        return ()
    if any(b.digest == hand.digest for b in _samples(bound)):
        lossless = finding(Code.BINDING_LOSSLESS, tier="samples")
        whole = Presentation(0, 0, 0, hand.samples)
        return (lossless, *_played([whole], facts.essence, hand.rate))
    if any(b.shape == hand.shape for b in _samples(bound)):
        score = _score(compare_prints(_prints(bound), facts))
        detail: dict[str, Scalar] = {"tiers": "samples", "cause": "samples-changed", **score}
        return (finding(Code.BINDING_MISMATCH, None, **detail),)
    return ()


def _played(
    recorded: Sequence[Presentation], hand: EssenceBinding | None, rate: int
) -> tuple[Finding, ...]:
    change = presented(recorded, hand.presentation, rate) if hand else None
    return (change,) if change is not None else ()


def _undecided(bound: Sequence[Binding], facts: Computed, rule: str | None) -> tuple[Finding, ...]:
    """What is left when neither tier 1 nor tier 2 holds."""
    compared = compare_prints(_prints(bound), facts)
    if compared is not None and compared.code is not None:
        return (finding(compared.code, None, **{"tier": "fingerprint", **_score(compared)}),)
    lacking = list(_lacking(bound, facts, compared))
    if lacking:
        return tuple(_not_checked(tier, reason) for tier, reason in lacking)
    tiers = [b.tier for b in (facts.essence, facts.samples) if b and _records(bound, b.tier)]
    tiers += ["fingerprint"] if compared is not None else []
    if tiers:
        detail: dict[str, Scalar] = {"tiers": " ".join(tiers), **_score(compared)}
        detail |= {"cause": compared.taken.slug} if compared and compared.taken else {}
        return (finding(Code.BINDING_MISMATCH, None, **detail),)
    if rule is not None:
        return (finding(Code.BINDING_UNSUPPORTED, rule=rule),)
    return (_nothing_compared(bound, facts),)


def _lacking(
    bound: Sequence[Binding], facts: Computed, compared: Comparison | None
) -> Iterator[tuple[str, Reason]]:
    """Recorded tiers that apply to this file and could not be compared here (BND-045)."""
    samples = facts.missing.get("samples")
    if _records(bound, "samples") and samples is not None and samples.applies:
        yield "samples", samples
    if compared is not None and compared.reason is not None:
        yield "fingerprint", compared.reason


def _not_checked(tier: str, reason: Reason) -> Finding:
    detail: dict[str, Scalar] = {"tier": tier, "reason": reason.words, "cause": reason.slug}
    detail |= {"hint": reason.hint} if reason.hint else {}
    return finding(Code.BINDING_NOT_CHECKED, None, **detail)


def _nothing_compared(bound: Sequence[Binding], facts: Computed) -> Finding:
    """No tier took part: the statement is bound to nothing, or to nothing this file can have."""
    if not bound:
        return finding(
            Code.BINDING_NOT_CHECKED, cause="unbound", reason="the statement is bound to no audio"
        )
    tier, reason = next(iter(facts.missing.items()), ("essence", Reason.UNKNOWN_AUDIO))
    return _not_checked(tier, reason)


def _with_refusal(
    found: tuple[Finding, ...], bound: Sequence[Binding], rule: str | None
) -> tuple[Finding, ...]:
    """A remark that tier 1 was refused, beside whatever the other tiers gave."""
    if rule is None or not _records(bound, "essence"):
        return found
    return (*found, finding(Code.ESSENCE_REFUSED, rule=rule))


def _score(compared: Comparison | None) -> dict[str, Scalar]:
    """The figures of tier 3 as details, in permille and milliseconds."""
    if compared is None or compared.likeness is None:
        return {}
    return {
        "score": compared.likeness.score,
        "coverage": compared.likeness.coverage,
        "durationMs": compared.duration_ms,
        "recordedDurationMs": compared.recorded_duration_ms,
    }


def _records(bound: Sequence[Binding], tier: str) -> bool:
    return any(b.tier == tier for b in bound)


def _essences(bound: Sequence[Binding]) -> list[EssenceBinding]:
    return [b for b in bound if isinstance(b, EssenceBinding)]


def _samples(bound: Sequence[Binding]) -> list[SamplesBinding]:
    return [b for b in bound if isinstance(b, SamplesBinding)]


def _prints(bound: Sequence[Binding]) -> list[FingerprintBinding]:
    return [b for b in bound if isinstance(b, FingerprintBinding)]


def _doubt(one: Computed, two: Computed) -> str | None:
    if one.essence and two.essence and one.essence.digest == two.essence.digest:
        return None
    if one.samples and two.samples and one.samples.digest == two.samples.digest:
        return None
    for facts in (one, two):
        if facts.fingerprint is None:
            return (
                f"the fingerprint is missing ({facts.missing.get('fingerprint', 'not asked for')})"
            )
    compared = compare_prints([one.fingerprint] if one.fingerprint else [], two)
    score = compared.likeness.score if compared and compared.likeness else 0
    return None if score >= SIMILAR else f"their fingerprints score {score / 1000:.2f}, not 0.60"
