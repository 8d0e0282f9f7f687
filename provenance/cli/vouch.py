"""``prov vouch``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from provenance.cli._beside import (
    exact_ids,
    identifier_options,
    ids_of,
    signer_from,
    stamper_of,
    tsa_option,
)
from provenance.cli._options import FILES, OUT, context_of, home_of, key_options, say
from provenance.model.errors import UsageError
from provenance.reports.escaping import shown
from provenance.wire.registries import names
from provenance.workspace.asking import public_key_of

_EPILOG = """\b
Examples:
  prov vouch artist.pub.jwk --name Ana --basis account-kyc --out ana.jws
  prov vouch artist.pub.jwk --name Ana --basis contract --into track.flac
\b
Exit codes: 0 done, 1 refused (the rule is named), 2 usage, 5 disk or key,
            70 a bug.
"""

_DAY = len("2026-11-23")


@click.command("vouch", epilog=_EPILOG)
@click.argument("keys", nargs=-1, required=True, type=FILES, metavar="KEY.pub.jwk...")
@click.option("--name", required=True, help="Whose keys they are.")
@identifier_options
@click.option(
    "--basis", required=True, type=click.Choice(names("vouching-bases")), help="How you know."
)
@click.option("--limits", help="What it does not cover.")
@click.option("--from", "start", metavar="TIME", help="From when they are theirs: 2026-01-01.")
@click.option("--until", "end", metavar="TIME", help="Until when.")
@click.option("--as-role", "role", metavar="ROLE", help="As what you speak: distributor, society.")
@click.option("--as-name", help="The name that you go by.")
@click.option("--as-id", multiple=True, metavar="KIND=VALUE", help="An identifier of yours.")
@key_options
@tsa_option
@click.option("--out", type=OUT, help="Write it there.")
@click.option("--into", multiple=True, type=FILES, help="Add it to this file (repeatable).")
@click.option("--sidecar", is_flag=True, help="With --into: beside the files, not into them.")
def command(keys: tuple[Path, ...], **options: Any) -> None:
    """Sign whose keys these are, for an artist or a label that you know.

    It counts for those whose trust policy lets you vouch. Send it to whoever verifies, or put it
    into the files that the keys sign.
    """
    from provenance.issuing import beside
    from provenance.model.parties import Declarant
    from provenance.model.statements import BoundParty, KeyBinding

    if options["out"] is None and not options["into"]:
        raise UsageError("where to?", hint="Say --out FILE.musicprov.jws, or --into TRACK.")
    context, stamper = context_of(home_of()), stamper_of(options)
    schemes = ("isni", "ipi", "ipn", "dpid", "domain")
    mine = ids_of(options["as_id"])
    says_who = options["role"] or options["as_name"] or mine
    voucher = Declarant(role=options["role"], name=options["as_name"], ids=mine)
    statement = KeyBinding(
        type="KeyBinding",
        **beside.head(context.now),
        voucher=voucher if says_who else None,
        party=BoundParty(
            name=options["name"], ids=exact_ids({scheme: options[scheme] for scheme in schemes})
        ),
        keys=tuple(dict.fromkeys(public_key_of(key).thumbprint for key in keys)),
        from_=_time(options["start"]),
        until=_time(options["end"]),
        basis=options["basis"],
        limits=options["limits"],
    )
    token = beside.make(statement, signer_from(options), context)
    signed = token if stamper is None else stamper.stamp(token)
    say(f"You vouch: {', '.join(statement.keys)}\n  is {shown(options['name'])}")
    if options["out"] is not None:
        alone = beside.Place(out=options["out"])
        say(f"Written: {shown(str(beside.add(options['out'], [signed], context, alone)))}")
    for path in options["into"]:
        place = beside.Place(sidecar=options["sidecar"])
        say(f"Added to: {shown(str(beside.add(path, [signed], context, place)))}")
    if stamper is not None:
        stamper.tell(options["out"] or options["into"][0])


def _time(text: str | None) -> str | None:
    """A time as the wire wants it; a day stands for its first moment in UTC."""
    if text is None:
        return None
    return f"{text}T00:00:00Z" if len(text) == _DAY else text
