"""The verdict: what a verification found, and the status that follows from it (spec 9).

The status is computed from codes, never stated, and passing needs positive evidence: every
axis that the policy requires must be confirmed. A verdict has no truth value, so it cannot be
mistaken for a yes (spec 9.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import StrEnum
from functools import cached_property

from provenance.model.codes import Axis, Code, Effect
from provenance.model.findings import Finding
from provenance.model.records import dataclass


class Status(StrEnum):
    """The five answers; ERROR is not computed but said by who could not run (spec 9.4)."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    INDETERMINATE = "INDETERMINATE"
    ABSENT = "ABSENT"
    ERROR = "ERROR"


EXIT_CODES: Mapping[Status, int] = {
    Status.PASSED: 0,
    Status.FAILED: 1,
    Status.INDETERMINATE: 3,
    Status.ABSENT: 4,
    Status.ERROR: 5,
}

WORST_FIRST = (Status.FAILED, Status.ERROR, Status.INDETERMINATE, Status.ABSENT, Status.PASSED)

_LENIENT = frozenset({"similar", "any", "unknown"})
"""Requirements that something less than a confirmation meets (``trust.requirements``)."""

_SHOWN_FIRST = (Effect.BREAKS, Effect.BLOCKS, Effect.CONFIRMS, Effect.INFORMS)


def worst(statuses: Iterable[Status]) -> Status:
    """The status of several: FAILED > ERROR > INDETERMINATE > ABSENT > PASSED (VDT).

    No status at all is ABSENT: nothing was shown.
    """
    found = set(statuses)
    return next((status for status in WORST_FIRST if status in found), Status.ABSENT)


@dataclass(frozen=True)
class Verdict:
    """All findings of one verification; the statement they are about is in ``subject``.

    ``required`` are the axes that the policy asked for: an empty policy passes nothing.
    """

    findings: tuple[Finding, ...]
    required: Mapping[str, str] = field(default_factory=dict)
    subject: object = None

    def __bool__(self) -> bool:
        """Refuse: a verdict has five answers, not two."""
        raise TypeError("a Verdict has no truth value: compare its status")

    def has(self, code: Code) -> bool:
        """Whether a code was found."""
        return any(f.code is code for f in self.findings)

    def of_effect(self, effect: Effect) -> tuple[Finding, ...]:
        """The findings of one effect, in the order they were made."""
        return tuple(f for f in self.findings if f.code.effect is effect)

    @cached_property
    def status(self) -> Status:
        """The status that follows from the findings and from nothing else (spec 9.4)."""
        if self.of_effect(Effect.BREAKS):
            return Status.FAILED
        if self.has(Code.CARRIER_ABSENT):
            return Status.ABSENT
        if self.of_effect(Effect.BLOCKS) or not self._is_shown():
            return Status.INDETERMINATE
        return Status.PASSED

    def _is_shown(self) -> bool:
        """Whether there is positive evidence on every required axis; none required is none shown.

        An axis of which the policy accepts less than a confirmation must still say something.
        """
        if not self.required:
            return False
        for axis, least in self.required.items():
            effects = {f.code.effect for f in self.findings if f.code.axis == axis}
            if Effect.CONFIRMS not in effects and not (effects and least in _LENIENT):
                return False
        return True

    @property
    def axes(self) -> dict[str, str]:
        """The leading code of each axis that has one: the worst, else the confirming one."""
        leading: dict[Axis, Code] = {}
        for code in (f.code for f in self.findings):
            shown = leading.setdefault(code.axis, code)
            if _SHOWN_FIRST.index(code.effect) < _SHOWN_FIRST.index(shown.effect):
                leading[code.axis] = code
        return {str(axis): leading[axis].slug for axis in Axis if axis in leading}

    @cached_property
    def code(self) -> str:
        """The one code that explains the status best."""
        status = self.status
        if status is Status.FAILED:
            return self.of_effect(Effect.BREAKS)[0].code.slug
        if status is Status.ABSENT:
            return Code.CARRIER_ABSENT.slug
        if status is Status.INDETERMINATE:
            return self._doubt()
        return self.axes.get(Axis.BINDING.value, Code.CONTENT_VALID.slug)

    def _doubt(self) -> str:
        """What blocks, else what is unmet, else a value that holds no statement (VDT-006)."""
        blocks = self.of_effect(Effect.BLOCKS)
        direct = [f for f in blocks if f.code is not Code.POLICY_UNMET]
        if direct:
            return direct[0].code.slug
        for unmet in blocks:
            have = unmet.detail.get("have")
            if isinstance(have, str):
                return have
        malformed = self.has(Code.CARRIER_MALFORMED)
        return (Code.CARRIER_MALFORMED if malformed else Code.POLICY_UNMET).slug
