"""A table for people: columns of fixed width, so that each line can be written as it arrives.

Why an input could not be looked at, and that an ISRC is another one, stand in a line below.
"""

from __future__ import annotations

import unicodedata
from typing import IO, Any

from provenance.reports.escaping import shown
from provenance.reports.forms._counting import Counts, passed_over
from provenance.reports.forms.base import Form, Layout, Report
from provenance.reports.sentences import other_isrc

_COLUMNS = (("STATUS", 13), ("INGEST", 6), ("CODE", 24), ("AUDIO", 8), ("SIGNER", 24))
"""Titles and widths; the name stands last, as long as it is."""
_MOST_NAME, _MOST = 300, 1000


class _Table:
    def __init__(self, out: IO[str], layout: Layout) -> None:
        self._out, self._counts, self._layout = out, Counts(), layout
        self._write([title for title, _ in _COLUMNS], "FILE")

    def each(self, name: str, report: Report) -> None:
        self._counts.add(report)
        decision: Any = report.get("decision") or {"outcome": ""}
        cells = [
            report["status"],
            decision["outcome"],
            report["code"],
            report["axes"].get("binding", "").partition(".")[2],
            _signer(report["signer"]),
        ]
        self._write(cells, shown(name, _MOST_NAME))
        said = [report["summary"]] if report["status"] == "ERROR" else []
        for text in (*said, other_isrc(report)):
            if text:
                self._out.write(f"{self._layout.fitted(f'  {shown(text, _MOST)}')}\n")
        self._out.flush()

    def end(self) -> None:
        lines = (self._counts.line(), passed_over(self._layout.links()))
        self._out.writelines(f"{line}\n" for line in lines if line)
        self._out.flush()

    def _write(self, cells: list[str], last: str) -> None:
        widths = (width for _, width in _COLUMNS)
        fitted = [_fit(cell, width) for cell, width in zip(cells, widths, strict=True)]
        self._out.write("  ".join([*fitted, last]) + "\n")


def _signer(signer: Any) -> str:
    """Who it is to the asker: the name with whose word that is behind it, or that nobody knows."""
    if signer is None:
        return ""
    if signer["rung"] == "unknown" or not signer["name"]:
        return f"{signer['rung']} {signer['key'][:8]}"
    return shown(signer["name"])


def _fit(text: str, width: int) -> str:
    """The text on exactly ``width`` columns of a terminal; what is too long ends with a dot."""
    columns = [_width(char) for char in text]
    if sum(columns) > width:
        kept = 0
        while sum(columns[: kept + 1]) < width:
            kept += 1
        text, columns = f"{text[:kept]}\u2026", [*columns[:kept], 1]
    return text + " " * (width - sum(columns))


def _width(char: str) -> int:
    """Columns of a character: two for wide ones of East Asia, none for marks that combine."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


FORM = Form("for people: a line each in columns", _Table, True)
