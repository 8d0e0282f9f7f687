"""``prov trust pin``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from provenance.cli._options import FILES, home_of, public_key_of, say
from provenance.reports.escaping import shown


@click.command("pin", epilog="Example: prov trust pin label.pub.jwk --name 'Northern Lights'")
@click.argument("key", type=FILES)
@click.option("--name", help="Your own name for whose key this is. Only this name is ever shown.")
def command(key: Path, name: str | None) -> None:
    """Remember a public key (JWK or PEM). Check its thumbprint with its owner first."""
    public = public_key_of(key)
    home_of().pin(public.thumbprint, name, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    say(f"Pinned{f' as {shown(name)}' if name else ''}. Compare this thumbprint with its owner's:")
    click.echo(public.thumbprint)
