"""Annotations of GitHub Actions: one command a line for what did not pass, a count at the end.

Form and escapes as GitHub's runner reads them (actions/toolkit, ``packages/core/src/command.ts``):
``%``, CR and LF in the message, and ``:`` and ``,`` in a property.
"""

from __future__ import annotations

from typing import IO

from provenance.reports.escaping import shown
from provenance.reports.forms._asks import decided, level_of, told
from provenance.reports.forms._counting import Counts, passed_over
from provenance.reports.forms.base import Form, Layout, Report

_MOST = 2000
"""Characters of a message."""
_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


class _Github:
    def __init__(self, out: IO[bytes], layout: Layout) -> None:
        self._out, self._fails, self._links = out, layout.fails, layout.links
        self._counts = Counts()

    def each(self, name: str, report: Report) -> None:
        self._counts.add(report)
        fails = self._fails(report)
        if report["status"] == "PASSED" and not fails:
            return
        level = _LEVELS[level_of(report, fails=fails)]
        passed = report["status"] == "PASSED" and decided(report)
        title = report["status"] if passed else f"{report['status']} {report['code']}"
        title += decided(report)
        self._say(level, {"file": name, "title": title}, told(report))

    def end(self) -> None:
        self._say("notice", {"title": "prov verify"}, self._counts.line())
        passed = passed_over(self._links())
        if passed:
            self._say("warning", {"title": "prov verify"}, passed)

    def _say(self, level: str, properties: dict[str, str], message: str) -> None:
        given = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
        self._out.write(f"::{level} {given}::{_data(message)}\n".encode())
        self._out.flush()


def _data(text: str) -> str:
    """A message: what could end the line or begin a command is escaped (ING-020)."""
    safe = shown(text, _MOST)
    return safe.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORM = Form("annotations for GitHub Actions", _Github)
