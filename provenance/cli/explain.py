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
  prov explain --list
"""


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Codes and rules for the shell's completion."""
    del ctx, param
    from provenance.wire.registries import codes, rules

    return [slug for slug in (*codes(), *rules()) if slug.startswith(incomplete)]


@click.command("explain", epilog=_EPILOG)
@click.argument("name", metavar="[CODE]", required=False, shell_complete=_complete)
@click.option("--list", "listing", is_flag=True, help="List all codes and rules.")
def command(name: str | None, listing: bool) -> None:
    """Say what a code of a report, or a rule that refused a file, means and what to do."""
    from provenance.wire.registries import codes, rules

    if listing or name is None:
        for slug, known in {**codes(), **rules()}.items():
            kept = "(for later versions) " if known.get("status") == "reserved" else ""
            click.echo(f"{slug:34} {kept}{known['meaning']}")
        return
    entry: dict[str, Any] | None = codes().get(name) or rules().get(name)
    if entry is None:
        raise UsageError(_unknown(name, [*codes(), *rules()]), hint="See 'prov explain --list'.")
    lines = [f"{name}: {entry['meaning']}", f"What to do: {entry['fix']}"]
    if "effect" in entry:
        lines.append(f"{_EFFECTS[entry['effect']]} (axis {entry['axis']}, {entry['effect']})")
    if entry.get("status") == "reserved":
        lines.append("It is kept for a later version: this one never reports it.")
    if entry.get("requirement"):
        lines.append(f"Requirement in the standard: {entry['requirement']}")
    for line in lines:
        click.echo(fitted(line, sys.stdout))


_EFFECTS = {
    "confirms": "Evidence for passing.",
    "informs": "A remark.",
    "blocks": "A doubt: while it stands, nothing passes.",
    "breaks": "A failure: the declaration does not hold.",
}


def _unknown(name: str, known: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, n=1)
    return f"no code or rule '{name}'" + (f"; did you mean '{near[0]}'?" if near else "")
