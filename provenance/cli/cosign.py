"""``prov cosign``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from provenance.cli._beside import (
    place_of,
    place_options,
    say_about,
    say_check,
    signer_from,
    stamper_of,
    told,
    tsa_option,
)
from provenance.cli._options import FILES, context_of, home_of, is_terminal, key_options, say
from provenance.reports.escaping import shown

_EPILOG = """\b
Examples:
  prov cosign track.flac --key label.pem --cert label-chain.pem
  prov cosign track.flac --key label.pem --tsa https://tsa.example/
\b
Exit codes: 0 done, 1 refused (the rule is named), 2 usage, 5 disk or key,
            70 a bug, 130 not signed after all.
"""


@click.command("cosign", epilog=_EPILOG)
@click.argument("file", type=FILES)
@click.option("--sid", help="The declaration that is meant, where there are several.")
@tsa_option
@click.option("-y", "--yes", is_flag=True, help="Do not ask before signing.")
@key_options
@place_options
def command(file: Path, **options: Any) -> None:
    """Sign the very declaration that a file carries, with your key beside the first one.

    You declare the same as the first signer, word for word, within a day of it. To say that you
    checked or accept it without declaring it yourself, use 'prov endorse'.
    """
    from provenance.issuing import beside
    from provenance.issuing.cosigning import cosign, require_cosignable
    from provenance.labels.sentence import sentence
    from provenance.reports.sentences import co_signature

    context = context_of(home_of())
    stamper = stamper_of(options)
    place = place_of(options)
    found = beside.look(file, context)
    meant = beside.choose(found, options["sid"])
    beside.require_standing(found, meant, context)
    say_about(meant, context)
    for gone in beside.withdrawn_co_signatures(found, meant):
        say(f"  Note: {co_signature({'code': gone.code.slug, 'detail': gone.detail})}")
    if meant.manifest is not None:
        say(f"You declare: {shown(sentence(meant.manifest, 'en'), 1000)}")
    signer = signer_from(options)
    require_cosignable(meant, signer.public.thumbprint, context, found.disclosures)
    if is_terminal() and not options["yes"] and not click.confirm("Sign this?", err=True):
        say("Not signed; no file was changed.")
        raise click.exceptions.Exit(130)
    token = cosign(meant, signer, context, found.disclosures)
    statement = token if stamper is None else stamper.stamp(token)
    where = beside.add(file, [statement], context, place)
    say(told(where, place))
    if stamper is not None:
        stamper.tell(where)
    say_check(file, signer, options)
