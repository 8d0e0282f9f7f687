"""What makes a run end with an exit code that is not zero (``--fail-on``, spec 27.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provenance.model.errors import UsageError
from provenance.model.records import dataclass
from provenance.model.verdict import EXIT_CODES, WORST_FIRST, Status
from provenance.plugins import did_you_mean
from provenance.wire.registries import codes

DECISIONS: Mapping[str, int] = {"reject": EXIT_CODES[Status.FAILED], "hold": 3}
"""Decisions at ingest that can count, each with its exit code: 3 is 'a person has to look'."""
NEVER = "never"
_WORST_EXIT_FIRST = (*(EXIT_CODES[status] for status in WORST_FIRST),)
_STATUSES = {status.value.lower(): status for status in Status if status is not Status.PASSED}


@dataclass(frozen=True)
class FailOn:
    """What counts against a run: statuses, codes that were found, decisions at ingest."""

    statuses: frozenset[Status]
    codes: frozenset[str] = frozenset()
    decisions: frozenset[str] = frozenset()

    def fails(self, report: Mapping[str, Any]) -> bool:
        """Whether a result counts against the run."""
        return self.exit_of(report) != 0

    def exit_of(self, report: Mapping[str, Any]) -> int:
        """The exit code that one result asks for; the worst of what counts (ING-031)."""
        status, asked = Status(report["status"]), [0]
        if status in self.statuses:
            asked.append(EXIT_CODES[status])
        decision = report["decision"]["outcome"] if "decision" in report else None
        if decision in self.decisions:
            asked.append(DECISIONS[decision])
        if not self.codes.isdisjoint(check["code"] for check in report["checks"]):
            asked.append(EXIT_CODES[status] or EXIT_CODES[Status.FAILED])
        return worst_exit(asked)

    def exit_of_nothing(self) -> int:
        """The exit code of a run without anything to verify: it shows nothing, so it is no success.

        0 where nothing was to count (``never``).
        """
        counts = self.statuses or self.codes or self.decisions
        return EXIT_CODES[Status.ABSENT] if counts else 0


USUAL = FailOn(frozenset(_STATUSES.values()))
"""Without ``--fail-on``: whatever did not pass (spec 9.5)."""
AT_INGEST = FailOn(frozenset(), decisions=frozenset(DECISIONS))
"""Without ``--fail-on``, under a policy at ingest: what it holds or rejects (ING-030)."""


def fail_on(words: str) -> FailOn:
    """What ``--fail-on`` asks for: words joined by commas; ``never`` alone counts nothing.

    Case does not count: reports write ``FAILED``.
    Raises ``UsageError`` for a word that is no status, no active code and no decision.
    """
    wanted = [word.strip().lower() for word in words.split(",")]
    if wanted == [NEVER]:
        return FailOn(frozenset())
    known = {slug for slug, entry in codes().items() if entry["status"] != "reserved"}
    for word in wanted:
        if word not in _STATUSES and word not in DECISIONS and word not in known:
            raise _unknown(word, known)
    return FailOn(
        frozenset(_STATUSES[word] for word in wanted if word in _STATUSES),
        frozenset(word for word in wanted if word in known),
        frozenset(word for word in wanted if word in DECISIONS),
    )


def worst_exit(exits: Iterable[int]) -> int:
    """The worst of several exit codes, in the order of spec 9.5; none is 0."""
    found = set(exits)
    return next((code for code in _WORST_EXIT_FIRST if code in found), 0)


def _unknown(word: str, known: set[str]) -> UsageError:
    plain = [*_STATUSES, *DECISIONS, NEVER]
    hint = did_you_mean(word, [*plain, *known])
    if word == NEVER:
        hint = "'never' stands alone. "
    hint += f"There are: {', '.join(plain)}; and every code ('prov explain --list' has them)."
    return UsageError(f"--fail-on: there is no '{word[:60]}'", hint=hint)
