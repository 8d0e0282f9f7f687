"""``prov trust pin``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from provenance.cli._options import FILES, home_of, say
from provenance.model.errors import ProvError
from provenance.reports.escaping import shown
from provenance.workspace.asking import policy_of, public_key_of
from provenance.workspace.home import Home


@click.command("pin", epilog="Example: prov trust pin label.pub.jwk --name 'Northern Lights'")
@click.argument("key", type=FILES)
@click.option("--name", help="Your own name for whose key this is. Only this name is ever shown.")
def command(key: Path, name: str | None) -> None:
    """Remember a public key (JWK or PEM). Check its thumbprint with its owner first."""
    public = public_key_of(key)
    home = home_of()
    home.pin(public.thumbprint, name, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    say(f"Pinned{f' as {shown(name)}' if name else ''}. Compare this thumbprint with its owner's:")
    click.echo(public.thumbprint)
    _say_when_not_enough(home)


def _say_when_not_enough(home: Home) -> None:
    """A pinned key is the lowest rung but one: the user's own policy may ask for more."""
    from provenance.trust.identity import LADDER
    from provenance.workspace.policies import load_policy

    try:
        path = policy_of(home, None)
        policy = load_policy(path, home) if path else None
    except ProvError:
        return  # the key is pinned; what is wrong with the policy, verifying will say
    least = policy.require["identity"] if policy else "pinned"
    if LADDER.index(least) > LADDER.index("pinned"):
        say(f"Your trust policy asks for more than a pinned key (identity {least}).")
        say("To know its owner there: prov trust add-party --id ... --name ... --key ...")
