"""Text for people: five lines about one input, one line each about several, and a count."""

from __future__ import annotations

from typing import IO

from provenance.reports.as_text import one_line, render
from provenance.reports.escaping import shown
from provenance.reports.forms._counting import Counts, passed_over
from provenance.reports.forms.base import Form, Layout, Report
from provenance.reports.sentences import other_isrc

_MOST = 1000
"""Characters of a line."""


class _Text:
    def __init__(self, out: IO[str], layout: Layout) -> None:
        self._out, self._layout = out, layout
        self._counts = Counts()

    def each(self, name: str, report: Report) -> None:
        self._counts.add(report)
        whole = self._layout.verbose or not self._layout.many
        if whole:
            text = render(name, report, verbose=self._layout.verbose)
        else:
            text = one_line(name, report)
        if whole or report["status"] == "ERROR":
            text = self._layout.fitted(text)
        self._out.write(f"{text}\n")
        for line in (*_noted(report), *_decided(report)):
            self._out.write(f"{self._layout.fitted(line)}\n")
        self._out.flush()

    def end(self) -> None:
        if self._layout.many:
            self._out.write(f"{self._counts.line()}\n")
        passed = passed_over(self._layout.links())
        if passed:
            self._out.write(f"{self._layout.fitted(passed)}\n")
        self._out.flush()


def _noted(report: Report) -> list[str]:
    other = other_isrc(report)
    return [f"  Note:   {other}"] if other else []


def _decided(report: Report) -> list[str]:
    """What the policy at ingest makes of it, and what to tell whoever sent it."""
    decision = report.get("decision")
    if decision is None:
        return []
    rules = ", ".join(rule["rule"] for rule in decision["rules"])
    first = f"  Ingest: {decision['outcome']}" + (f" ({shown(rules)})" if rules else "")
    tells = decision["tell"].items() if decision["outcome"] != "accept" else ()
    return [first, *(line for language, text in tells for line in _told(language, text))]


def _told(language: str, text: str) -> list[str]:
    opening, *asks = text.split("\n")
    return [
        f"  Tell:   [{language}] {shown(opening, _MOST)}",
        *(f"    {shown(a, _MOST)}" for a in asks),
    ]


FORM = Form("for people: five lines about one file, one line each about several", _Text, True)
