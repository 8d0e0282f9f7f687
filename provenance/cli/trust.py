"""``prov trust``: pinning keys."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from provenance.cli._options import FILES, home_of, read_small, say
from provenance.reports.escaping import shown


@click.group("trust")
def command() -> None:
    """Pin the keys of people whom you know, under names that you choose."""


@command.command("pin", epilog="Example: prov trust pin label.pub.jwk --name 'Northern Lights'")
@click.argument("key", type=FILES)
@click.option("--name", help="Your own name for whose key this is. Only this name is ever shown.")
def pin(key: Path, name: str | None) -> None:
    """Remember a public key (JWK or PEM). Check its thumbprint with its owner first."""
    from provenance.signing.keys import load_public

    public = load_public(read_small(key))
    home_of().pin(public.thumbprint, name, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    say(f"Pinned{f' as {shown(name)}' if name else ''}. Compare this thumbprint with its owner's:")
    click.echo(public.thumbprint)


@command.command("list")
def list_keys() -> None:
    """List your own keys and those that you pinned."""
    keyring = home_of().keyring()
    for thumbprint, name in keyring.own.items():
        click.echo(f"self    {thumbprint}  {shown(name or '')}".rstrip())
    for thumbprint, name in keyring.pinned.items():
        click.echo(f"pinned  {thumbprint}  {shown(name or '')}".rstrip())
