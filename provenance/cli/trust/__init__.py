"""``prov trust``: whom you know, and what you let them say."""

from __future__ import annotations

import click

from provenance.cli._verbs import Verbs

VERBS = {
    "pin": "Remember a public key under your own name for it.",
    "list": "List your own keys, those that you pinned, and the parties of your policy.",
    "init": "Make a trust policy: what you require.",
    "add-party": "Add somebody to a trust policy, with keys and rights.",
    "add-authority": "Add an authority of certificates or time-stamps.",
    "revoke": "No longer believe a key of a party.",
    "use": "Make a trust policy your default.",
    "lint": "Say what is dangerous in a trust policy.",
    "explain": "Say which line of your policy granted or refused, and why.",
    "fetch": "Take a copy of the key directory of a domain.",
    "publish": "Make the key directory of your own domain.",
}


class _Trust(Verbs):
    """The verbs of ``prov trust``."""

    verbs = VERBS
    package = "provenance.cli.trust"


@click.group(
    "trust",
    cls=_Trust,
    epilog="""\b
Examples:
  prov trust pin label.pub.jwk --name 'Northern Lights'
  prov trust init --preset distributor
  prov trust explain track.flac
""",
)
def command() -> None:
    """Say whom you know, and what you let them say.

    Pin single keys under names that you choose, or write a trust policy: parties, their keys,
    and the recordings that each may speak for.
    """
