"""The entries as CSV, for spreadsheet programs and data tools (spec 25.6).

RFC 4180, UTF-8 with a byte order mark, since Excel takes a file without one for the machine's own
encoding and shows other letters; data tools pass it over. A text that a spreadsheet program would
run is written with an apostrophe before it (SHT-013).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from provenance.audit.report import AuditReport, is_apart, rules_of
from provenance.sheets.cells import MAX_CELL
from provenance.wire.cell_texts import harmless

_KEPT = 4_096
_COLUMNS = {
    "week": "week",
    "rank": "rank",
    "title": "title",
    "artist": "artist",
    "isrc": "isrc",
    "label": "label",
    "upc": "upc",
    "last_week": "lastWeek",
    "weeks_on_chart": "weeksOnChart",
    "entered": "entered",
    "state": "state",
    "flags": "flags",
    "exhibit": "exhibit",
    "chart": "input",
    "row": "row",
    "problems": "problems",
}
"""The header of a column and the member of an entry; after them one column for each rule set."""


def write_csv(report: AuditReport, path: Path) -> None:
    """Write ``entries.csv``: a row for each entry, in the order of the report (AUD-072)."""
    profiles = [one["profile"] for one in report.head["rules"]]
    with path.open("x", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow([*_COLUMNS, *profiles])
        writer.writerows(_rows(report, profiles))


def _rows(report: AuditReport, profiles: list[str]) -> Iterator[list[str]]:
    @lru_cache(maxsize=_KEPT)
    def outcomes(number: int, *, apart: bool) -> Mapping[str, str]:
        rules = rules_of(report.exhibit(number), apart=apart)
        return {one["profile"]: one["outcome"] for one in rules}

    for entry in report.entries():
        found = outcomes(entry["exhibit"], apart=is_apart(entry)) if profiles else {}
        cells = [_cell(entry[member]) for member in _COLUMNS.values()]
        yield [*cells, *(found.get(name, "") for name in profiles)]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(value)
    return harmless(_text(str(value)))


def _text(text: str) -> str:
    """A text that fits a cell: no control characters or halves of characters, and not too long."""
    plain = "".join(c if c.isprintable() else "\ufffd" for c in text[:MAX_CELL])
    return plain.encode("utf-8", "replace").decode("utf-8")
