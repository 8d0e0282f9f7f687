"""``prov inspect``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from provenance.cli._options import FILES, context_of, home_of, without_policy
from provenance.cli._wrapping import fitted
from provenance.model.errors import ProvError

_EPILOG = """\b
Examples:
  prov inspect track.flac
  prov inspect --format json track.flac
\b
Exit codes: 0 something was found, 4 nothing, 5 a file could not be looked at.
"""


@click.command("inspect", epilog=_EPILOG)
@click.argument("files", nargs=-1, required=True, type=FILES, metavar="FILE...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text for people, json for programs.",
)
@click.pass_context
def command(ctx: click.Context, files: tuple[Path, ...], form: str) -> None:
    """Show every carrier of a file, where it stands and what it says. Approves nothing."""
    from provenance.workspace.inspecting import inspect_path

    context = without_policy(context_of(home_of()))
    found: list[dict[str, Any]] = []
    failed = False
    for file in files:
        try:
            found.append(inspect_path(file, context))
        except ProvError as error:
            from provenance.cli.main import show_error

            show_error(error)
            failed = True
    _print(found, form)
    some = any(f["carriers"] for f in found)
    ctx.exit(5 if failed else 0 if some else 4)


def _print(found: list[dict[str, Any]], form: str) -> None:
    from provenance.reports.as_json import dumps

    if form == "json":
        click.echo(dumps({"report": "musicprov-inspect/1", "files": found}, indent=2))
        return
    from provenance.workspace.inspecting import as_text

    for file in found:
        click.echo(fitted(as_text(file), sys.stdout))
