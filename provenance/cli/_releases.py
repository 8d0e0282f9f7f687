"""``prov check`` of a release message and of a release folder (spec 20.5)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from provenance.cli._options import asker_of, home_of
from provenance.model.errors import UsageError

PROFILE = "ddex"


def is_release(path: Path) -> bool:
    """Whether a release message or a folder is named: both are checked by the rules of DDEX."""
    from provenance.workspace.release_folder import is_message

    return path.is_dir() or (path.is_file() and is_message(path))


def show_release(path: Path, profiles: tuple[str, ...], form: str) -> str:
    """Check it and print the report; the worst outcome."""
    if set(profiles) - {PROFILE}:
        raise UsageError(
            f"a release message is checked by the profile {PROFILE} only",
            hint="The other profiles judge declarations: name an audio file or a declaration.",
        )
    found = _report(path)
    if form == "json":
        from provenance.reports.as_json import dumps

        click.echo(dumps(found, indent=2))
    else:
        import sys

        from provenance.cli._wrapping import fitted

        click.echo(fitted(_text(found), sys.stdout))
    return str(found["outcome"])


def _report(path: Path) -> dict[str, Any]:
    from provenance.workspace.release_folder import as_json, check_folder, check_message, worst

    rows = check_folder(path, asker_of(home_of())) if path.is_dir() else check_message(path)
    return {
        "report": "musicprov-release/1",
        "input": str(path).encode("utf-8", "replace").decode(),
        "outcome": worst(rows),
        "rows": as_json(rows),
        "notSaid": [
            "The rules are those of DDEX as they were read, and no text of DDEX.",
            "That nothing contradicts anything does not show that it is true.",
        ],
    }


def _text(found: dict[str, Any]) -> str:
    from provenance.reports.escaping import shown
    from provenance.workspace.release_folder import as_text

    lines = [f"{shown(found['input'])}: {found['outcome']}", as_text(found["rows"])]
    if any(row["rule"].startswith(f"{PROFILE}-") for row in found["rows"]):
        lines.append("The clause and source of a rule: prov check --explain RULE")
    return "\n".join([*lines, *found["notSaid"]])
