"""``prov trust list``."""

from __future__ import annotations

from pathlib import Path

import click

from provenance.cli._options import home_of, quoted, say
from provenance.reports.escaping import shown
from provenance.workspace.asking import policy_of
from provenance.workspace.home import Home


@click.command("list", epilog="Example: prov trust list")
def command() -> None:
    """List your own keys, those that you pinned, and the parties of your trust policy."""
    home = home_of()
    keyring = home.keyring()
    for thumbprint, name in keyring.own.items():
        click.echo(f"self    {thumbprint}  {shown(name or '')}".rstrip())
    for thumbprint, name in keyring.pinned.items():
        click.echo(f"pinned  {thumbprint}  {shown(name or '')}".rstrip())
    path = policy_of(home, None)
    if path is not None:
        _list_policy(path, home)


def _list_policy(path: Path, home: Home) -> None:
    from provenance.workspace.policies import load_policy, seen_of

    policy = load_policy(path, home)
    for party in policy.parties:
        for known in party.keys:
            ended = " (revoked)" if known.revoked else ""
            click.echo(f"party   {known.key}  {shown(party.name)}{ended}")
        for subject in party.subjects:
            says = ", ".join(f"{k} {v}" for k, v in subject.attributes.items())
            click.echo(
                f"party   certificates of {subject.anchor}: {shown(says)}  {shown(party.name)}"
            )
        for directory in party.directories:
            click.echo(f"party   keys of {shown(directory.domain)}  {shown(party.name)}")
    for anchor in policy.anchors:
        kind = "seals" if anchor.seal else "certificates"
        click.echo(f"issues {kind}  {anchor.id}  {shown(anchor.name)}")
    for tsa in policy.tsas:
        click.echo(f"issues time-stamps  {tsa.id}  {shown(tsa.name)}")
    say(f"Your trust policy: {quoted(path)}, {shown(policy.id)}, version {policy.version}.")
    seen = seen_of(home, policy.id)
    if seen is not None and seen.version == policy.version and seen.digest != policy.digest:
        say("It has changed since you chose it, and its version has not: was it you?")
