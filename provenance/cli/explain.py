"""``prov explain``."""

from __future__ import annotations

import sys
from typing import Any

import click

from provenance.cli._wrapping import fitted
from provenance.model.errors import UsageError

_EPILOG = """\b
Examples:
  prov explain binding.similar
  prov explain INDETERMINATE
  prov explain --list
"""


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Names for the shell's completion."""
    del ctx, param
    return [name for name in (*_known(), *_statuses()) if name.startswith(incomplete)]


def _known() -> dict[str, dict[str, Any]]:
    """Codes, rules and problems by name; of a name that two have, the code's."""
    from provenance.wire.registries import codes, problems, rules

    return {**codes(), **rules(), **problems(), **codes()}


def _statuses() -> dict[str, dict[str, Any]]:
    from provenance.wire.registries import statuses

    return statuses()


@click.command("explain", epilog=_EPILOG)
@click.argument("name", metavar="[CODE]", required=False, shell_complete=_complete)
@click.option("--list", "listing", is_flag=True, help="List all codes, rules and problems.")
def command(name: str | None, listing: bool) -> None:
    """Say what a code or status of a report, a rule that refused a file or a problem means.

    Problems are what prov worker and prov serve answer to a request that they cannot take.
    """
    if listing or name is None:
        for slug, known in _known().items():
            kept = "(for later versions) " if known.get("status") == "reserved" else ""
            click.echo(f"{slug:34} {kept}{known['meaning']}")
        return
    entry = _known().get(name)
    if entry is None and name.upper() in _statuses():
        _status(name.upper())
        return
    if entry is None:
        raise UsageError(f"no code, status, rule or problem '{name}'", hint=_near(name))
    lines = [f"{name}: {entry['meaning']}", f"What to do: {entry['fix']}"]
    if "effect" in entry:
        lines.append(f"{_EFFECTS[entry['effect']]} (axis {entry['axis']}, {entry['effect']})")
    if "fixInQueue" in entry:
        lines.append(f"In a queue: {entry['fixInQueue']}")
    if entry.get("status") == "reserved":
        lines.append("It is kept for a later version: this one never reports it.")
    if entry.get("requirement"):
        lines.append(f"Requirement in the standard: {entry['requirement']}")
    for line in lines:
        click.echo(fitted(line, sys.stdout))


def _status(name: str) -> None:
    """What one of the five answers means (spec 9.4)."""
    from provenance.model.verdict import EXIT_CODES, Status

    entry = _statuses()[name]
    exit_code = f"A status of 'prov verify', which then ends with {EXIT_CODES[Status(name)]}."
    for line in (f"{name}: {entry['meaning']}", f"What to do: {entry['fix']}", exit_code):
        click.echo(fitted(line, sys.stdout))


_EFFECTS = {
    "confirms": "Evidence for passing.",
    "informs": "A remark.",
    "blocks": "A doubt: while it stands, nothing passes.",
    "breaks": "A failure: the declaration does not hold.",
}


def _near(name: str) -> str:
    from provenance.plugins import did_you_mean

    return f"{did_you_mean(name, [*_known(), *_statuses()])}See 'prov explain --list'."
