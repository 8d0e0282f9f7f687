"""What two fingerprints say about two files: similar, altered, neither, or nothing (spec 5.5)."""

from __future__ import annotations

from collections.abc import Sequence

from provenance.bindings.base import Computed, FingerprintBinding, Reason
from provenance.bindings.fingerprint import ineligible, values_of
from provenance.bindings.score import ALIKE, UNLIKE, Likeness, likeness
from provenance.model.codes import Code
from provenance.model.records import dataclass

SIMILAR = 600
"""Permille of score for ``similar``, and for two files to be one recording (BND-036, BND-060)."""
COVERED = 900
"""Permille of windows that must be alike for ``similar``."""
_MOST = 2
"""Recorded fingerprints that are looked at (BND-039); a signer writes one."""
DURATION_SLACK_MS = 7000
"""More difference in duration than this is an alteration."""


@dataclass(frozen=True)
class Comparison:
    """The outcome of tier 3: figures, or the reason why there are none."""

    likeness: Likeness | None = None
    duration_ms: int = 0
    recorded_duration_ms: int = 0
    reason: Reason | None = None
    taken: Reason | None = None
    """Why the score was taken as 0, with nothing compared (BND-037)."""

    @property
    def code(self) -> Code | None:
        """``binding.similar``, ``binding.altered``, or None when it is not like the recorded."""
        if self.likeness is None or self.likeness.score < ALIKE:
            return None
        whole = abs(self.duration_ms - self.recorded_duration_ms) <= DURATION_SLACK_MS
        alike = self.likeness.score >= SIMILAR and self.likeness.coverage >= COVERED
        return Code.BINDING_SIMILAR if alike and whole else Code.BINDING_ALTERED


def compare_prints(recorded: Sequence[FingerprintBinding], facts: Computed) -> Comparison | None:
    """The best comparison with a recorded fingerprint; None when none is recorded or was asked.

    A reason takes the place of figures when this machine could not make a fingerprint, or when
    the recorded one cannot be used.
    """
    if not recorded or (facts.fingerprint is None and "fingerprint" not in facts.missing):
        return None
    return max((_one(old, facts) for old in recorded[:_MOST]), key=_rank)


def _rank(compared: Comparison) -> tuple[bool, bool, int]:
    """Figures before reasons, ``similar`` before all, then the higher score."""
    score = compared.likeness.score if compared.likeness else -1
    return (compared.likeness is not None, compared.code is Code.BINDING_SIMILAR, score)


def _one(old: FingerprintBinding, facts: Computed) -> Comparison:
    values = values_of(old)
    if values is None or ineligible(values) is not None:
        return Comparison(reason=Reason.RECORDED)
    hand = facts.fingerprint
    mine = values_of(hand) if hand else None
    if hand is None or mine is None:
        return _without_print(old, facts)
    return Comparison(likeness(values, mine), hand.duration_ms, old.duration_ms)


def _without_print(old: FingerprintBinding, facts: Computed) -> Comparison:
    """No eligible fingerprint in hand: audio that is not the recorded one, or not to be told.

    Silence is not the recorded music, and neither is something much shorter; but a track that
    is about as long as the recorded one and falls just below thirty seconds cannot be told.
    """
    reason = facts.missing.get("fingerprint", Reason.CRASHED)
    length = facts.ineligible.duration_ms if facts.ineligible else 0
    borderline = reason is Reason.TOO_SHORT and old.duration_ms - length <= DURATION_SLACK_MS
    if reason.applies or borderline:
        return Comparison(reason=reason)
    return Comparison(UNLIKE, length, old.duration_ms, taken=reason)
