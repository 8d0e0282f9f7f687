"""NDJSON: one report a line (``report.schema.json``), flushed each."""

from __future__ import annotations

from typing import IO

from provenance.reports.as_json import dumps
from provenance.reports.forms.base import Form, Layout, Report


class _Ndjson:
    def __init__(self, out: IO[bytes], layout: Layout) -> None:
        del layout
        self._out = out

    def each(self, name: str, report: Report) -> None:
        del name
        self._out.write(dumps(report).encode() + b"\n")
        self._out.flush()

    def end(self) -> None:
        self._out.flush()


FORM = Form("one JSON report a line (report.schema.json)", _Ndjson)
