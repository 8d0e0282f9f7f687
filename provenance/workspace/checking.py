"""Checking by the rules of profiles what a file on disk declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provenance.marks.base import GENERATED, USED
from provenance.model.verdict import Status, Verdict
from provenance.profiles.base import Evidence
from provenance.profiles.judging import Overrides, judge
from provenance.reports.profiles import report
from provenance.verify.outcome import Context, Outcome

if TYPE_CHECKING:
    from provenance.marks.base import Mark
    from provenance.model.manifest import Manifest

UNSIGNED = "UNSIGNED"


def check_path(
    path: Path,
    profiles: Sequence[str],
    context: Context,
    facts: Mapping[str, Any],
    overrides: Overrides,
) -> dict[str, Any]:
    """A report by ``check.schema.json`` about an audio file, a declaration, a token or a bundle.

    ``facts`` has the ``date``; marks in the file add to them. What failed verification is judged
    as if nothing were declared (PRF-030). Raises what ``verify_path`` raises.
    """
    manifest, seen, subject = _declared(path, context)
    evidence = Evidence(manifest, {**seen, **facts})
    answers = {name: judge(name, evidence, overrides) for name in dict.fromkeys(profiles)}
    return report(subject, str(facts["date"]), answers)


def _declared(
    path: Path, context: Context
) -> tuple[Manifest | None, Mapping[str, bool], dict[str, Any]]:
    from provenance.workspace.drafting import read_unsigned
    from provenance.workspace.verifying import verify_path

    name = str(path)
    unsigned = read_unsigned(path)
    if unsigned is not None:
        return unsigned, {}, {"name": name, "status": UNSIGNED, "code": None, "declared": True}
    verdict = verify_path(path, context)
    manifest, seen = declared_in(verdict)
    subject = {
        "name": name,
        "status": verdict.status.value,
        "code": verdict.code,
        "declared": manifest is not None,
    }
    return manifest, seen, subject


def declared_in(verdict: Verdict) -> tuple[Manifest | None, dict[str, bool]]:
    """What a verified file declares, where that holds (PRF-030), and what marks in it state."""
    outcome = verdict.subject
    if not isinstance(outcome, Outcome):
        return None, {}
    holds = verdict.status in {Status.PASSED, Status.INDETERMINATE}
    manifest = outcome.selected.manifest if outcome.selected and holds else None
    return manifest, seen_in(outcome.marks)


def seen_in(marks: Sequence[Mark]) -> dict[str, bool]:
    """What marks in the file state; where there is none, nothing is stated (PRF-034)."""
    found = {}
    if any(mark.strength == "stated" and mark.says in {GENERATED, USED} for mark in marks):
        found["marked"] = True
    aigc = [mark.detail for mark in marks if mark.kind == "aigc"]
    if aigc:
        found["aigcMark"] = any("text" not in d and "missing" not in d for d in aigc)
    return found
