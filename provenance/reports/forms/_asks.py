"""What to say about a result where there is room for a sentence or two."""

from __future__ import annotations

from provenance.reports.forms.base import Report
from provenance.wire.registries import codes


def fix_of(report: Report) -> str:
    """What to do, in the registry's words; empty where the summary says it (ERROR, PASSED)."""
    if report["status"] in {"PASSED", "ERROR"}:
        return ""
    return str(codes().get(report["code"], {}).get("fix", ""))


def told(report: Report) -> str:
    """The summary, what to do, and what the policy at ingest makes of it, in one line."""
    decision = report.get("decision")
    decided = f"Decision at ingest: {decision['outcome']}." if decision else ""
    return " ".join(part for part in (report["summary"], fix_of(report), decided) if part)
