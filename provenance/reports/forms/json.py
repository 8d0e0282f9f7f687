"""JSON: one object a run (``run.schema.json``), written as the results arrive; counts come last."""

from __future__ import annotations

import json
from typing import IO

from provenance.reports.as_json import RUN, dumps, encodable
from provenance.reports.forms._counting import Counts
from provenance.reports.forms.base import Form, Layout, Report

_INDENT = 2


class _Json:
    def __init__(self, out: IO[bytes], layout: Layout) -> None:
        self._out, self._counts, self._links = out, Counts(), layout.links
        self._is_between = True
        out.write(f'{{\n  "report": "{RUN}",\n  "results": ['.encode())

    def each(self, name: str, report: Report) -> None:
        del name
        comma = b"," if self._counts.total else b""
        data = comma + b"\n" + _indented(dumps(report, indent=_INDENT), 2).encode()
        self._is_between = False
        self._out.write(data)
        self._counts.add(report)
        self._is_between = True
        self._out.flush()

    def end(self) -> None:
        self._close("")

    def break_off(self, why: str) -> None:
        if self._is_between:
            self._close(f',\n  "brokenOff": {json.dumps(encodable(why))}')

    def _close(self, more: str) -> None:
        summary = dumps(self._counts.by_status(), indent=_INDENT)
        close = "\n  ]" if self._counts.total else "]"
        passed = dumps({"symbolicLinks": self._links()}, indent=_INDENT)
        text = f'{close},\n  "summary": {_indented(summary, 1).lstrip()}'
        text += f',\n  "passedOver": {_indented(passed, 1).lstrip()}{more}\n}}\n'
        self._out.write(text.encode())
        self._out.flush()


def _indented(text: str, depth: int) -> str:
    """JSON text further to the right: no string in it has a line break of its own."""
    spaces = " " * (_INDENT * depth)
    return spaces + text.replace("\n", f"\n{spaces}")


FORM = Form("one JSON object a run (run.schema.json)", _Json)
