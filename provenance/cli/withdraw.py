"""``prov withdraw``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from provenance.cli._beside import (
    place_of,
    place_options,
    said_already,
    say_about,
    say_check,
    signer_from,
    stamper_of,
    told,
    tsa_option,
)
from provenance.cli._options import FILES, context_of, home_of, key_options, say
from provenance.wire.registries import names

_EPILOG = """\b
Examples:
  prov withdraw track.flac --reason error
  prov withdraw track.flac --reason rights-transfer --out withdrawn.jws
  prov withdraw track.flac --reason key-compromise
\b
Exit codes: 0 done, 1 refused (the rule is named), 2 usage, 5 disk or key,
            70 a bug.
"""


@click.command("withdraw", epilog=_EPILOG)
@click.argument("file", type=FILES)
@click.option(
    "--reason", required=True, type=click.Choice(names("withdrawal-reasons")), help="Why."
)
@click.option("--replacement", metavar="SID", help="The statement that takes its place.")
@click.option("--sid", help="The statement that is meant, where you signed several there.")
@key_options
@tsa_option
@place_options
def command(file: Path, **options: Any) -> None:
    """Sign that a statement of yours no longer stands, and put that beside it.

    Without --sid it is your declaration, or else the endorsement or binding that you signed there.
    A withdrawal reaches only those who see it: send it to whoever got the statement. To say
    something else instead, 'prov supersede' makes a new declaration in its place.
    """
    from provenance.issuing import beside
    from provenance.model.statements import Withdrawal

    context = context_of(home_of())
    place, stamper = place_of(options), stamper_of(options)
    found = beside.look(file, context)
    signer = signer_from(options)
    meant = beside.choose_withdrawn(found, options["sid"], signer.public.thumbprint)
    statement = Withdrawal(
        type="Withdrawal",
        **beside.head(context.now),
        of=beside.reference_to(meant),
        reason=options["reason"],
        replacement=options["replacement"],
    )
    say_about(meant, context)
    if beside.is_said(found, statement, signer.public.thumbprint, place):
        say(said_already(file, options))
        return
    token = beside.make(statement, signer, context)
    if meant.token is not None and signer.public.thumbprint != meant.token.key:
        say(
            "  Another key signed it: your withdrawal counts for those who know both keys as one "
            "party's, or whose policy lets you withdraw."
        )
    signed = token if stamper is None else stamper.stamp(token)
    where = beside.add(file, [signed], context, place)
    say(told(where, place))
    if stamper is not None:
        stamper.tell(where)
    say_check(file, signer, options)
