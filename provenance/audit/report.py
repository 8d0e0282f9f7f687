"""The finished audit as readers of every form take it: a small head, and rows one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from provenance.audit.model import Flag


class AuditReport(Protocol):
    """What HTML, PDF, CSV, JSON, letters and questions are made from (``audit.schema.json``).

    ``head`` has every member of the report but ``entries`` and ``exhibits``, which may be many
    and are gone through from the disk, as often as is needed, always in the same order.
    """

    @property
    def head(self) -> Mapping[str, Any]:
        """The report without its entries and exhibits."""

    def entries(self, week: str | None = None) -> Iterator[Mapping[str, Any]]:
        """The rows of the charts by week, rank and row; of one week or of all."""

    def exhibits(self) -> Iterator[Mapping[str, Any]]:
        """One exhibit a recording (``audit-exhibit.schema.json``), by number."""

    def exhibit(self, number: int) -> Mapping[str, Any]:
        """One exhibit by its number."""


def is_apart(entry: Mapping[str, Any]) -> bool:
    """Whether the declaration that counts names another title or other artists than an entry."""
    return Flag.NAMES_DIFFER in entry["flags"]


def rules_of(exhibit: Mapping[str, Any], *, apart: bool) -> Sequence[Mapping[str, Any]]:
    """What rules make of the entries of an exhibit: of those ``apart``, or of the others."""
    found: Sequence[Mapping[str, Any]] = exhibit["rulesNamesDiffer" if apart else "rules"]
    return found
