"""``prov trust lint``."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from provenance.cli._options import FILES, home_of, quoted, say
from provenance.cli._wrapping import fitted
from provenance.reports.escaping import shown

if TYPE_CHECKING:
    from provenance.trust.lint import Remark

_EPILOG = """\b
Examples:
  prov trust lint
  prov trust lint --format json policy.json
\b
Exit codes: 0 nothing dangerous, 1 something dangerous, 5 it cannot be used.
"""


@click.command("lint", epilog=_EPILOG)
@click.argument("policy", type=FILES, required=False)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="json is one object.",
)  # fmt: skip
@click.pass_context
def command(ctx: click.Context, policy: Path | None, form: str) -> None:
    """Say what is dangerous in a trust policy, what could go wrong, and what to do.

    A policy that contradicts itself is an error, here and when verifying. Default: your policy.
    """
    from provenance.trust.lint import Remark, lint
    from provenance.trust.loading import parse
    from provenance.workspace.policies import (
        chosen_policy,
        load_policy,
        read_policy,
        writable_by_others,
    )

    home = home_of()
    path = chosen_policy(home, policy)
    found = load_policy(path, home)
    exposed = writable_by_others(path, parse(read_policy(path)))
    about_files = tuple(Remark("writable-by-others", "", str(name)) for name in exposed)
    remarks = about_files + lint(found, datetime.now(UTC))
    dangerous = sum(remark.is_dangerous for remark in remarks)
    if form == "json":
        head = {"policy": found.id, "version": found.version, "sha256": found.digest}
        click.echo(json.dumps({**head, "remarks": [_plain(r) for r in remarks]}, indent=2))
    else:
        for remark in remarks:
            _show(remark)
        count = f"{dangerous} dangerous, {len(remarks) - dangerous} to think about"
        say(f"{quoted(path)}: {count if remarks else 'nothing to remark'}.")
    ctx.exit(1 if dangerous else 0)


def _plain(remark: Remark) -> dict[str, object]:
    from provenance.wire.registries import lint_remarks

    entry = lint_remarks()[remark.slug]
    return {
        "remark": remark.slug,
        "dangerous": remark.is_dangerous,
        "where": remark.where,
        "about": remark.about or None,
        "meaning": entry["meaning"],
        "fix": entry["fix"],
    }


def _show(remark: Remark) -> None:
    from provenance.wire.registries import lint_remarks

    entry = lint_remarks()[remark.slug]
    level = "DANGER" if remark.is_dangerous else "think "
    about = f" ({shown(remark.about)})" if remark.about else ""
    where = f"  {remark.where}" if remark.where else ""
    click.echo(f"{level}  {remark.slug}{where}{about}")
    click.echo(fitted(f"        {entry['meaning']} {entry['fix']}", sys.stdout))
