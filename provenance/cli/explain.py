"""``prov explain``."""

from __future__ import annotations

from typing import Any

import click

from provenance.model.errors import UsageError


@click.command("explain", epilog="Example: prov explain binding.similar")
@click.argument("name", metavar="CODE", required=False)
@click.option("--list", "listing", is_flag=True, help="List all codes and rules.")
def command(name: str | None, listing: bool) -> None:
    """Say what a code of a report, or a rule that refused a file, means and what to do."""
    from provenance.wire.registries import codes, rules

    if listing or name is None:
        for slug, known in {**codes(), **rules()}.items():
            click.echo(f"{slug:34} {known['meaning']}")
        return
    entry: dict[str, Any] | None = codes().get(name) or rules().get(name)
    if entry is None:
        raise UsageError(_unknown(name, [*codes(), *rules()]), hint="See 'prov explain --list'.")
    click.echo(f"{name}: {entry['meaning']}")
    click.echo(f"What to do: {entry['fix']}")
    if "effect" in entry:
        click.echo(f"Axis {entry['axis']}; it {entry['effect']} the result.")
    if entry.get("requirement"):
        click.echo(f"Requirement: {entry['requirement']}")


def _unknown(name: str, known: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, n=1)
    return f"no code or rule '{name}'" + (f"; did you mean '{near[0]}'?" if near else "")
