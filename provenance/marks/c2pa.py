"""C2PA: that a manifest store stands in the file; it is not read or validated here (MRK-003)."""

from __future__ import annotations

from collections.abc import Iterator

from provenance.marks._entries import Entry
from provenance.marks.base import Mark


def read(entry: Entry) -> Iterator[Mark]:
    """The mark of a manifest store."""
    yield Mark("c2pa", entry.where, "unread", None)
