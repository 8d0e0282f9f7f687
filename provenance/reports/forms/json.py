"""JSON: one object a run (``run.schema.json``), written as the results arrive; counts come last."""

from __future__ import annotations

import json
from typing import IO

from provenance.reports.as_json import OUTCOMES, RUN, dumps, encodable
from provenance.reports.forms._counting import Counts
from provenance.reports.forms._pieces import Pieces
from provenance.reports.forms.base import Form, Layout, Report

_INDENT = 2
_START = f'{{\n  "report": "{RUN}",\n  "results": ['


class _Json:
    def __init__(self, out: IO[bytes], layout: Layout) -> None:
        self._links = layout.links
        self._pieces = Pieces(out, Counts())

    def each(self, name: str, report: Report) -> None:
        del name
        counts = self._pieces.state.copy()
        before = "," if counts.total else _START
        counts.add(report)
        text = f"{before}\n{_indented(dumps(report, indent=_INDENT), 2)}"
        self._pieces.write(text.encode(), counts)

    def end(self) -> None:
        self._close("")

    def break_off(self, why: str) -> None:
        self._pieces.finish()
        self._close(f',\n  "brokenOff": {json.dumps(encodable(why))}')

    def _close(self, more: str) -> None:
        counts = self._pieces.state
        summary = dumps(counts.by_status(), indent=_INDENT)
        close = "\n  ]" if counts.total else f"{_START}]"
        decided = dumps({name: counts.decisions[name] for name in OUTCOMES}, indent=_INDENT)
        passed = dumps({"symbolicLinks": self._links()}, indent=_INDENT)
        text = f'{close},\n  "summary": {_indented(summary, 1).lstrip()}'
        if counts.decisions:
            text += f',\n  "decisions": {_indented(decided, 1).lstrip()}'
        text += f',\n  "passedOver": {_indented(passed, 1).lstrip()}{more}\n}}\n'
        self._pieces.write(text.encode(), counts)


def _indented(text: str, depth: int) -> str:
    """JSON text further to the right: no string in it has a line break of its own."""
    spaces = " " * (_INDENT * depth)
    return spaces + text.replace("\n", f"\n{spaces}")


FORM = Form("one JSON object a run (run.schema.json)", _Json)
