"""``prov trust use``."""

from __future__ import annotations

from pathlib import Path

import click

from provenance.cli._options import FILES, home_of, quoted, say
from provenance.reports.escaping import shown


@click.command("use", epilog="Example: prov trust use policy.json")
@click.argument("policy", type=FILES)
@click.option("--older", is_flag=True, help="Go back to a version lower than one used before.")
def command(policy: Path, older: bool) -> None:
    """Make a trust policy your default: 'prov verify' uses it from now on.

    Its version is remembered: when a lower one comes back later, nothing passes by it. The file
    stays where it is.
    """
    from provenance.workspace.policies import use

    made = use(home_of(), policy, older=older)
    say(f"{quoted(policy)} is your default now: {shown(made.id)}, version {made.version}.")
    if made.expires is None:
        say("It never expires. See 'prov trust lint'.")
    click.echo(made.digest or "")
