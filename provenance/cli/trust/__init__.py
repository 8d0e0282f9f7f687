"""``prov trust``: whom you know, and what you let them say."""

from __future__ import annotations

import click

from provenance.cli._verbs import Verbs

VERBS = {
    "pin": "Remember a public key under your own name for it.",
    "list": "List your own keys and those that you pinned.",
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
  prov trust list
""",
)
def command() -> None:
    """Say whom you know: pin the keys of people under names that you choose."""
