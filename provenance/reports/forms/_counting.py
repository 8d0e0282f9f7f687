"""Counts by status, for what comes last in a form."""

from __future__ import annotations

from collections import Counter

from provenance.model.verdict import Status
from provenance.reports.forms.base import Report


class Counts:
    """How many results have which status."""

    def __init__(self) -> None:
        self._found: Counter[str] = Counter()

    def add(self, report: Report) -> None:
        """Count one result."""
        self._found[report["status"]] += 1

    @property
    def total(self) -> int:
        """How many there were."""
        return self._found.total()

    def by_status(self) -> dict[str, int]:
        """Every status, also those that nothing has."""
        return {status.value: self._found[status.value] for status in Status}

    def line(self) -> str:
        """The count in one line: ``3 files: 2 PASSED, 1 ABSENT``."""
        found = ", ".join(f"{count} {status}" for status, count in sorted(self._found.items()))
        return f"{self.total} files: {found or 'nothing to verify'}"
