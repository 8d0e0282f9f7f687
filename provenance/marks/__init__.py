"""Marks: what other tools wrote about AI into a file, as evidence and never as a verdict.

One file a kind of mark; read-only (spec 21).
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import BinaryIO

from provenance.containers.base import MANIFEST_TAG, SUMMARY_TAG, Container, Scan
from provenance.marks._entries import Entry, entries
from provenance.marks.base import KIND_OF, MAX_MARKS, Mark

__all__ = ["Entry", "entries", "find"]


def find(stream: BinaryIO, container: Container, scan: Scan) -> tuple[Mark, ...]:
    """The foreign AI marks of a file that was scanned, in file order (MRK-001 to MRK-008).

    Bounded by ``MAX_MARKS`` and by what ``_entries`` reads; a last mark of the kind ``more``
    says that there is more than was looked at. Only ``OSError`` of the stream may escape.
    """
    found: list[Mark] = []
    for entry in (*_unsigned(scan), *entries(stream, container, scan)):
        if entry.name == "MORE":
            return (*found, _more(scan))
        kind = KIND_OF.get(entry.name)
        if kind is None:
            continue
        module = importlib.import_module(f"{__name__}.{kind}")
        found += module.read(entry)
        if len(found) >= MAX_MARKS:
            return (*found[:MAX_MARKS], _more(scan))
    return tuple(found)


def _unsigned(scan: Scan) -> Iterator[Entry]:
    """Summaries where no statement stands beside them: somebody else's words, or leftovers."""
    if not scan.named(MANIFEST_TAG):
        for carrier in scan.named(SUMMARY_TAG):
            yield Entry(carrier.where, carrier.name, carrier.value)


def _more(scan: Scan) -> Mark:
    return Mark("more", scan.container, "unread", None)
