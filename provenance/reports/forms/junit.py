"""JUnit XML, as CI systems read it: a test case a result.

``testsuite`` begins with totals, so the cases are kept on disk until the end (ING-011). What
counts against the run is a ``failure`` (``error`` for an ERROR); what does not, and did not
pass, is ``skipped``: that nothing is declared is neither a success nor a failure. All text is
ASCII with references, so no encoding and no control character can break it (ING-020).
"""

from __future__ import annotations

import html
from pathlib import PurePosixPath
from typing import IO

from provenance.reports.escaping import shown
from provenance.reports.forms._asks import decided, reason, result, told
from provenance.reports.forms._counting import Counts, passed_over
from provenance.reports.forms._spool import Spool
from provenance.reports.forms.base import Form, Layout, Report

_MOST = 2000
"""Characters of a text."""
_SUITE = "prov verify"


class _Junit:
    def __init__(self, out: IO[bytes], layout: Layout) -> None:
        self._out, self._fails, self._links = out, layout.fails, layout.links
        self._cases, self._counts = Spool(), Counts()
        self._results = {"failure": 0, "error": 0, "skipped": 0, "": 0}

    def each(self, name: str, report: Report) -> None:
        self._counts.add(report)
        kind = _kind(report, fails=self._fails(report))
        self._results[kind] += 1
        path = PurePosixPath(name)
        case = f"    <testcase classname={_quoted(str(path.parent))} name={_quoted(path.name)}"
        self._cases.write(f"{case}{_inner(kind, report)}\n".encode("ascii"))

    def end(self) -> None:
        totals = (
            f'name="{_SUITE}" tests="{self._counts.total}" failures="{self._results["failure"]}" '
            f'errors="{self._results["error"]}" skipped="{self._results["skipped"]}" time="0"'
        )
        self._out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
        self._out.write(f"<testsuites {totals}>\n  <testsuite {totals}>\n".encode("ascii"))
        self._cases.copy_to(self._out)
        passed = passed_over(self._links())
        if passed:
            self._out.write(f"    <system-out>{_text(passed)}</system-out>\n".encode("ascii"))
        self._out.write(b"  </testsuite>\n</testsuites>\n")
        self._out.flush()


def _kind(report: Report, *, fails: bool) -> str:
    if fails:
        return "error" if report["status"] == "ERROR" else "failure"
    return "" if report["status"] == "PASSED" else "skipped"


def _inner(kind: str, report: Report) -> str:
    start = ' time="0"'
    if not kind:
        return f"{start}><system-out>{_text(result(report))}</system-out></testcase>"
    summary = f"{report['status']}{decided(report)}: {result(report)}"
    message = f"message={_quoted(summary)}"
    if kind == "skipped":
        return f"{start}><skipped {message}/></testcase>"
    said = _text(told(report))
    return f"{start}><{kind} type={_quoted(reason(report))} {message}>{said}</{kind}></testcase>"


def _text(text: str) -> str:
    """Text of an element: escaped, without anything that XML 1.0 does not allow."""
    safe = html.escape(shown(text, _MOST))
    return safe.encode("ascii", "xmlcharrefreplace").decode()


def _quoted(text: str) -> str:
    return f'"{_text(text)}"'


FORM = Form("JUnit XML for CI systems", _Junit)
