"""``prov trust list``."""

from __future__ import annotations

import click

from provenance.cli._options import home_of
from provenance.reports.escaping import shown


@click.command("list", epilog="Example: prov trust list")
def command() -> None:
    """List your own keys and those that you pinned."""
    keyring = home_of().keyring()
    for thumbprint, name in keyring.own.items():
        click.echo(f"self    {thumbprint}  {shown(name or '')}".rstrip())
    for thumbprint, name in keyring.pinned.items():
        click.echo(f"pinned  {thumbprint}  {shown(name or '')}".rstrip())
