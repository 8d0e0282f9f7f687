"""CSV (RFC 4180, UTF-8): a row a result; nothing in a cell is run as a formula (ING-020)."""

from __future__ import annotations

import csv
import io
from typing import IO

from provenance.reports.forms._rows import Value, columns, row
from provenance.reports.forms.base import Form, Layout, Report
from provenance.wire.cell_texts import harmless


class _Csv:
    def __init__(self, out: IO[bytes], layout: Layout) -> None:
        del layout
        self._out = out
        self._write([column.name for column in columns()])

    def each(self, name: str, report: Report) -> None:
        del name
        self._write([_cell(value) for value in row(report).values()])
        self._out.flush()

    def end(self) -> None:
        self._out.flush()

    def _write(self, cells: list[str]) -> None:
        line = io.StringIO()
        csv.writer(line).writerow(cells)
        self._out.write(line.getvalue().encode("utf-8", "backslashreplace"))


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return harmless(str(value).replace("\x00", "\\u0000"))


FORM = Form("a table for spreadsheets, a row a result", _Csv)
