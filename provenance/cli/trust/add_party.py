"""``prov trust add-party``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from provenance.cli._options import FILES, end_of_day
from provenance.model.errors import UsageError
from provenance.workspace.asking import public_key_of

_EPILOG = """\b
Examples:
  prov trust add-party --id north --name 'Northern Lights' --key label.pub.jwk
  prov trust add-party --id north --may-declare 'GBXYZ*' --as label
  prov trust add-party --id north --key next.pub.jwk --key-until 2029-12-31
  prov trust add-party --id dist --name 'Big Dist' --key dist.pub.jwk
  prov trust add-party --id dist --may-endorse '*' --may-vouch isni
  prov trust add-party --id dist --vouched-may-declare 'QZ*'
"""
_KINDS = ("dpid", "isni", "ipi", "ipn", "domain", "mbid")


def _kind_options(function: Any) -> Any:
    for kind in reversed(_KINDS):
        function = click.option(
            f"--{kind}", multiple=True, metavar="TEXT", help="Theirs, and nobody else's."
        )(function)
    return function


@click.command("add-party", epilog=_EPILOG)
@click.argument("policy", type=FILES, required=False)
@click.option("--id", "party_id", required=True, help="Your short name for them.")
@click.option("--name", help="Their name as reports show it. Needed for somebody new.")
@click.option(
    "--key", "keys", type=FILES, multiple=True, help="A public key of theirs (JWK or PEM)."
)
@click.option("--key-until", metavar="DAY", help="Last day on which these keys are valid.")
@click.option(
    "--subject", "subjects", multiple=True, metavar="ANCHOR=NUMBER",
    help="organizationIdentifier in certificates of theirs under an anchor.",
)  # fmt: skip
@_kind_options
@click.option(
    "--may-declare", multiple=True, metavar="ISRCS",
    help="GBXYZ2600123, GBXYZ*, GBXYZ2600100-GBXYZ2600199, or * for everything.",
)  # fmt: skip
@click.option(
    "--as", "roles", multiple=True, metavar="ROLE", help="As what they may declare: label ..."
)
@click.option("--may-endorse", multiple=True, metavar="ISRCS", help="What they may endorse.")
@click.option(
    "--may-vouch", multiple=True, metavar="KIND",
    help="Kinds of identifiers by which they may say whose a key is.",
)  # fmt: skip
@click.option(
    "--vouched-may-declare", multiple=True, metavar="ISRCS",
    help="What those may declare for whom they vouch.",
)  # fmt: skip
@click.option(
    "--vouched-as", "vouched_roles", multiple=True, metavar="ROLE", help="As what: artist ..."
)
@click.option("--until", metavar="DAY", help="Last day of these rights.")
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
def command(policy: Path | None, dry_run: bool, **given: Any) -> None:
    """Add somebody to a trust policy, or a key or right to somebody in it. Default: your policy.

    The version goes up by one, and what changed is shown. Compare thumbprints with the owner
    by another way than the one the key came by.
    """
    from provenance.cli.trust._saving import change
    from provenance.workspace.editing import add

    addition = _addition(given)
    change(policy, lambda plain, _: (add(plain, addition, datetime.now(UTC)), {}), dry_run=dry_run)


def _addition(given: dict[str, Any]) -> Any:
    from provenance.workspace.editing import Addition

    if given["roles"] and not given["may_declare"]:
        raise UsageError("--as says how they --may-declare", hint="Add --may-declare, or leave it.")
    if given["vouched_roles"] and not given["vouched_may_declare"]:
        message = "--vouched-as says how those --vouched-may-declare for whom they vouch"
        raise UsageError(message, hint="Add --vouched-may-declare, or leave it.")
    return Addition(
        id=given["party_id"],
        name=given["name"],
        ids={kind: _exact(kind, given[kind]) for kind in _KINDS if given[kind]},
        keys=tuple(public_key_of(path).thumbprint for path in given["keys"]),
        key_until=end_of_day("--key-until", given["key_until"]) if given["key_until"] else None,
        subjects=tuple(_subject(text) for text in given["subjects"]),
        declares=tuple(given["may_declare"]),
        roles=tuple(given["roles"]),
        endorses=tuple(given["may_endorse"]),
        vouches=tuple(given["may_vouch"]),
        vouched_declare=tuple(given["vouched_may_declare"]),
        vouched_roles=tuple(given["vouched_roles"]),
        until=given["until"],
    )


def _exact(kind: str, values: tuple[str, ...]) -> list[str]:
    """Identifiers in their exact forms, however they are written."""
    from provenance.model.identifiers import CHECKS, normalise

    if kind not in CHECKS:
        return [value.strip().lower() for value in values]
    exact = [(value, normalise(kind, value)) for value in values]
    for value, found in exact:
        if found is None:
            raise UsageError(f"--{kind}: '{value}' is none", hint="Check its digits.")
    return [found for _, found in exact if found is not None]


def _subject(text: str) -> tuple[str, str]:
    anchor, equals, number = text.partition("=")
    if not equals or not anchor or not number:
        hint = "Write the anchor's id, =, and the number: eu-seals=NTRGB-01234567."
        raise UsageError(f"--subject: '{text}' is not ANCHOR=NUMBER", hint=hint)
    return anchor, number
