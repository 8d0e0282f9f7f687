"""``prov endorse``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from provenance.cli._beside import (
    declarant,
    party_options,
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
from provenance.cli._options import FILES, asker_of, home_of, key_options, say
from provenance.model.errors import UsageError
from provenance.wire.registries import names

_EPILOG = """\b
Examples:
  prov endorse track.flac --act accepted --limits 'No check of our own.'
  prov endorse track.flac --act disputes --limits 'The voice is a clone.'
  prov endorse track.flac --act received --limits Unread. --out receipt.jws
\b
Exit codes: 0 done, 1 refused (the rule is named), 2 usage, 5 disk or key,
            70 a bug.
"""

_DISPUTES, _BINDING, _ACCURATE = "disputes", "verified-binding", "attests-accurate"
_WHAT_YOU_DISPUTE = "Say what you dispute, and why, for whoever has to decide."
_WHAT_YOU_DID_NOT_CHECK = "Say what you did not check, so that nobody reads more into it."


@click.command("endorse", epilog=_EPILOG)
@click.argument("file", type=FILES)
@click.option(
    "--act",
    required=True,
    type=click.Choice(names("acts")),
    metavar="ACT",
    help="What you say: received, verified-signer, verified-binding, attests-accurate, accepted "
    "or disputes.",
)
@click.option(
    "--limits",
    help="What it does not cover; of a dispute, what you dispute. Needed but for attests-accurate.",
)
@click.option("--check", "checks", multiple=True, metavar="NAME=RESULT", help="What you looked at.")
@click.option("--sid", help="The statement that is meant, where there are several.")
@click.option("--also", multiple=True, metavar="SID", help="Endorsements that it builds upon.")
@party_options("you")
@key_options
@tsa_option
@place_options
def command(file: Path, **options: Any) -> None:
    """Sign what you say about somebody's declaration, and put it beside that declaration.

    The declaration stays as it is. Unless you dispute it, it must stand: nothing may be wrong with
    it, nobody may have taken it back, and your own trust policy, if you have one, must pass it.
    What you say counts for whoever knows your key; it does not give the declaration's signer a
    name (that is 'prov vouch').
    """
    from provenance.issuing import beside
    from provenance.model.statements import Endorsement

    if not options["limits"] and options["act"] != _ACCURATE:
        raise UsageError(
            f"--act {options['act']} needs --limits",
            hint=_WHAT_YOU_DISPUTE if options["act"] == _DISPUTES else _WHAT_YOU_DID_NOT_CHECK,
        )
    home = home_of()
    context = asker_of(home)
    place, stamper = place_of(options), stamper_of(options)
    found = beside.look(file, context)
    meant = beside.choose(found, options["sid"])
    if options["act"] != _DISPUTES:
        beside.require_standing(found, meant, context)
    statement = Endorsement(
        type="Endorsement",
        **beside.head(context.now),
        endorser=declarant(options),
        of=beside.reference_to(meant),
        also=options["also"],
        subject=beside.subject_of(meant),
        act=options["act"],
        basis=_basis(options, beside.binding_shown(meant)),
        limits=options["limits"],
    )
    say_about(meant, context)
    signer = signer_from(options)
    if beside.is_said(found, statement, signer.public.thumbprint, place):
        say(said_already(file, options))
        return
    token = beside.make(statement, signer, context)
    if meant.token is not None and signer.public.thumbprint == meant.token.key:
        say("  It is your own declaration: endorsing it adds nothing for others.")
    signed = token if stamper is None else stamper.stamp(token)
    where = beside.add(file, [signed], context, place)
    say(told(where, place))
    if stamper is not None:
        stamper.tell(where)
    say_check(file, signer, options)


def _basis(options: dict[str, Any], shown: str | None) -> tuple[Any, ...]:
    """The checks that were named, and the comparison with the audio that was just made."""
    from provenance.model.statements import Check

    found: dict[str, str] = {}
    for wish in options["checks"]:
        name, equals, result = wish.partition("=")
        if not equals or not name or not result:
            raise UsageError(f"--check {wish}: is not NAME=RESULT", hint="Like account-kyc=pass.")
        found[name] = result
    if shown is not None:
        found.setdefault("binding", shown)
    elif options["act"] == _BINDING and "binding" not in found:
        raise UsageError(
            "--act verified-binding: there is no audio here to compare the statement with",
            hint="Endorse the audio file, or name the result: --check binding=exact.",
        )
    return tuple(Check(check=name, result=result) for name, result in found.items())
