"""What to say about a result where there is room for a sentence or two."""

from __future__ import annotations

from provenance.reports.forms.base import Report
from provenance.reports.sentences import fix_of, other_isrc

_ACCEPT, _PASSED = "accept", "PASSED"
_OTHERWISE = "otherwise"
"""Stands for a rule where none applies, as in a policy at ingest."""
_PREFIX = "ingest."


def level_of(report: Report, *, fails: bool) -> str:
    """``error`` for what failed, ``warning`` for what else counts, else ``note`` (ING-012)."""
    if not fails:
        return "note"
    return "error" if report["status"] in {"FAILED", "ERROR"} else "warning"


def deciding(report: Report) -> dict[str, str]:
    """The rules by which the policy at ingest does not accept, each with its words (ING-014).

    The words are in the first language of the policy.
    """
    decision = report.get("decision")
    if decision is None or decision["outcome"] == _ACCEPT:
        return {}
    found = {r["rule"]: _first(r["says"]) for r in decision["rules"] if r["outcome"] != _ACCEPT}
    return found or {_OTHERWISE: " ".join(_first(decision["tell"]).split("\n- "))}


def _first(texts: Report) -> str:
    return next(iter(texts.values()), "")


def named(rule: str) -> str:
    """A rule of a policy at ingest among the codes of reports."""
    return f"{_PREFIX}{rule}"


def reason(report: Report) -> str:
    """Why a result is told of: its code, or of what passed the first rule that does not accept."""
    rules = deciding(report)
    return named(next(iter(rules))) if rules and report["status"] == _PASSED else report["code"]


def decided(report: Report) -> str:
    """``, hold by core-areas`` for what comes after a status; empty for what is accepted."""
    rules = deciding(report)
    return f", {report['decision']['outcome']} by {', '.join(rules)}" if rules else ""


def told(report: Report) -> str:
    """The summary, another ISRC, what to do, and what the policy at ingest says, in one line."""
    decision = report.get("decision")
    outcome = f"Decision at ingest: {decision['outcome']}." if decision else ""
    rules = (f"{rule}: {says}" for rule, says in deciding(report).items())
    return " ".join(part for part in (result(report), fix_of(report), outcome, *rules) if part)


def result(report: Report) -> str:
    """The summary, and that the ISRC is another one than the asker expects."""
    other = other_isrc(report)
    return f"{report['summary']} {other[:1].upper()}{other[1:]}." if other else report["summary"]
