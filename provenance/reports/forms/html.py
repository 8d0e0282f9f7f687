"""HTML: a summary of a run on one page, for people; what asks for attention first.

One file that loads nothing and runs nothing: its policy (CSP) allows its own style sheet alone,
and every text is escaped and in ASCII with references (ING-020). The counts stand first, so the
rows are kept until the end; a page of a million rows helps nobody, so at most ``_MOST`` of each
kind are shown, and the page says how many are not.
"""

from __future__ import annotations

import base64
import html
from hashlib import sha256
from typing import IO

from provenance.reports.as_json import tool
from provenance.reports.escaping import shown
from provenance.reports.forms._asks import deciding, result
from provenance.reports.forms._counting import Counts, passed_over
from provenance.reports.forms.base import Form, Layout, Report
from provenance.reports.sentences import fix_of

_MOST = {True: 2000, False: 500}
"""Rows that are shown: of what asks for attention, and of what does not."""
_TITLES = {True: "Asks for attention", False: "Nothing to do"}
_LONG = 600
_STYLE = """
:root{color-scheme:light dark;--line:#8886}
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:0 0 2rem}
caption{text-align:left;font-weight:600;padding:.5rem 0}
th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0}
th,td{border-top:1px solid var(--line)}
td.file{overflow-wrap:anywhere;min-width:12rem}
td.status{font-weight:600;white-space:nowrap}
ul{padding-left:1.2rem}
"""


class _Html:
    def __init__(self, out: IO[bytes], layout: Layout) -> None:
        self._out, self._fails, self._links = out, layout.fails, layout.links
        self._counts = Counts()
        self._rows: dict[bool, list[str]] = {True: [], False: []}
        self._total = {True: 0, False: 0}
        self._not_said: dict[str, None] = {}
        self._at = ""

    def each(self, name: str, report: Report) -> None:
        self._counts.add(report)
        self._at = self._at or report["verifiedAt"]
        self._not_said.update(dict.fromkeys(report["notSaid"]))
        asks = self._fails(report) or report["status"] != "PASSED"
        self._total[asks] += 1
        if len(self._rows[asks]) < _MOST[asks]:
            self._rows[asks].append(_row(name, report))

    def end(self) -> None:
        self._out.write(_head(self._counts.total).encode("ascii"))
        about = f"prov {tool()['version']}, verified {self._at}" if self._at else "Nothing."
        self._write(f"<p>{_text(about)}</p>\n")
        passed = passed_over(self._links())
        self._write(f"<p>{_text(passed)}</p>\n" if passed else "")
        self._write(_counted("Results", self._counts.by_status()))
        if self._counts.decisions:
            self._write(_counted("Decisions at ingest", self._counts.decisions))
        for asks, rows in self._rows.items():
            self._write(_table(asks, rows, self._total[asks]))
        said = "".join(f"<li>{_text(line)}</li>" for line in self._not_said)
        self._write(f"<h2>What this does not show</h2>\n<ul>{said}</ul>\n" if said else "")
        self._write("</body>\n</html>\n")
        self._out.flush()

    def _write(self, text: str) -> None:
        self._out.write(text.encode("ascii"))


def _head(total: int) -> str:
    digest = base64.b64encode(sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>Verification of {total} files</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>Verification of {total} files</h1>\n"
    )


def _counted(caption: str, counts: dict[str, int]) -> str:
    heads = "".join(f'<th scope="col">{_text(name)}</th>' for name in counts)
    cells = "".join(f"<td>{count}</td>" for count in counts.values())
    return (
        f"<table>\n<caption>{caption}</caption>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody><tr>{cells}</tr></tbody>\n</table>\n"
    )


def _table(asks: bool, rows: list[str], total: int) -> str:
    if not rows:
        return ""
    left = total - len(rows)
    more = f"; {left} more are not shown here: see --format csv or ndjson" if left else ""
    heads = "".join(f'<th scope="col">{h}</th>' for h in ("File", "Status", "Result"))
    return (
        f"<table>\n<caption>{_TITLES[asks]} ({total}{more})</caption>\n"
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody>\n</table>\n"
    )


def _row(name: str, report: Report) -> str:
    decision = report.get("decision")
    decided = f"<br>At ingest: {_text(decision['outcome'])}" if decision else ""
    rules = "".join(f"<br>{_text(f'{r}: {says}')}" for r, says in deciding(report).items())
    fix = fix_of(report)
    todo = f"<br>To do: {_text(fix)}" if fix else ""
    return (
        f'<tr><td class="file"><bdi>{_text(name)}</bdi></td>'
        f'<td class="status">{_text(report["status"])}{decided}</td>'
        f"<td>{_text(result(report))} [{_text(report['code'])}]{todo}{rules}</td></tr>\n"
    )


def _text(text: str) -> str:
    safe = html.escape(shown(text, _LONG))
    return safe.encode("ascii", "xmlcharrefreplace").decode()


FORM = Form("a page with the counts and what asks for attention", _Html)
