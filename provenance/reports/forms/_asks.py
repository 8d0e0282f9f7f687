"""What to say about a result where there is room for a sentence or two."""

from __future__ import annotations

from provenance.reports.forms.base import Report
from provenance.reports.sentences import fix_of, other_isrc


def level_of(report: Report, *, fails: bool) -> str:
    """``error`` for what failed, ``warning`` for what else counts, else ``note`` (ING-012)."""
    if not fails:
        return "note"
    return "error" if report["status"] in {"FAILED", "ERROR"} else "warning"


def told(report: Report) -> str:
    """The summary, another ISRC, what to do, and what the policy at ingest says, in one line."""
    decision = report.get("decision")
    decided = f"Decision at ingest: {decision['outcome']}." if decision else ""
    return " ".join(part for part in (result(report), fix_of(report), decided) if part)


def result(report: Report) -> str:
    """The summary, and that the ISRC is another one than the asker expects."""
    other = other_isrc(report)
    return f"{report['summary']} {other[:1].upper()}{other[1:]}." if other else report["summary"]
