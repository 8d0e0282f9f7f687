"""Counts by status and decision, for what comes last in a form."""

from __future__ import annotations

from collections import Counter

from provenance.model.verdict import Status
from provenance.reports.forms.base import Report


class Counts:
    """How many results have which status, and which decision of the policy at ingest."""

    def __init__(self) -> None:
        self._found: Counter[str] = Counter()
        self.decisions: Counter[str] = Counter()
        """By outcome; empty where no policy at ingest was asked."""

    def copy(self) -> Counts:
        """The same counts, to go on from."""
        other = Counts()
        other._found, other.decisions = self._found.copy(), self.decisions.copy()
        return other

    def add(self, report: Report) -> None:
        """Count one result."""
        self._found[report["status"]] += 1
        if "decision" in report:
            self.decisions[report["decision"]["outcome"]] += 1

    @property
    def total(self) -> int:
        """How many there were."""
        return self._found.total()

    def by_status(self) -> dict[str, int]:
        """Every status, also those that nothing has."""
        return {status.value: self._found[status.value] for status in Status}

    def line(self) -> str:
        """The count in one line: ``3 files: 1 ABSENT, 2 PASSED; at ingest: 2 accept, 1 hold``."""
        files = f"{self.total} file{'' if self.total == 1 else 's'}"
        decided = f"; at ingest: {_listed(self.decisions)}" if self.decisions else ""
        return f"{files}: {_listed(self._found) or 'nothing to verify'}{decided}"


def passed_over(links: int) -> str:
    """That links were passed over, and how to include them; empty where none was (BLK-005)."""
    if not links:
        return ""
    what = "1 symbolic link was" if links == 1 else f"{links:,} symbolic links were"
    how = "find FOLDER -type l -print0 | prov verify -0 -"
    return f"{what} passed over in folders; to verify what such links lead to: {how}"


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
