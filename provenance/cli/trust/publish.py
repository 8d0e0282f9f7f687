"""``prov trust publish``: the key directory of one's own domain."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provenance.cli._options import FILES, OUT, quoted, say
from provenance.model.errors import UsageError
from provenance.reports.escaping import shown
from provenance.workspace.asking import public_key_of, read_small

if TYPE_CHECKING:
    from provenance.workspace.publishing import Revoking
from provenance.trust.policy import REVOCATION_REASONS

_EPILOG = """\b
Examples:
  prov trust publish label.pub.jwk --party 'North Lights' --out keys.json
  prov trust publish --update keys.json new.pub.jwk --until 2028-12-31
  prov trust publish --update keys.json --retire KEY
  prov trust publish --update keys.json --revoke KEY --reason superseded
\b
Exit codes: 0 written, 1 refused, 2 usage, 5 disk, 70 a bug.
"""
_WHY = "superseded, cessationOfOperation, affiliationChanged or keyCompromise"
_ID_KINDS = ("dpid", "isni", "ipi", "ipn", "domain")


class _Moment(click.ParamType):  # type: ignore[type-arg]
    """A day or a time in UTC."""

    name = "DATE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The moment, in UTC; a day begins at midnight."""
        from provenance.wire.formats import is_date, is_time

        text = str(value)
        if is_time(text):
            return datetime.fromisoformat(text)
        if is_date(text) and len(text) == len("2026-11-23"):
            return datetime.fromisoformat(text).replace(tzinfo=UTC)
        return self.fail(
            "write a date like 2026-11-23, or a time like 2026-11-23T08:00:00Z", param, ctx
        )


MOMENT = _Moment()


@click.command("publish", epilog=_EPILOG)
@click.argument("keys", nargs=-1, type=FILES)
@click.option("--party", metavar="NAME", help="Whose keys these are, as you call yourself.")
@click.option("--dpid", multiple=True, help="Your DDEX party identifier.")
@click.option("--isni", multiple=True, help="Your ISNI.")
@click.option("--ipi", multiple=True, help="Your IPI name number.")
@click.option("--ipn", multiple=True, help="Your IPN.")
@click.option("--domain", multiple=True, help="A domain of yours.")
@click.option("--from", "start", type=MOMENT, help="From when the new keys may sign.")
@click.option("--until", "end", type=MOMENT, help="Until when they may.")
@click.option(
    "--retire",
    multiple=True,
    metavar="THUMBPRINT",
    help="End a key: now, or --until when no key is added.",
)
@click.option("--revoke", metavar="THUMBPRINT", help="Say that a key is no longer to be believed.")
@click.option(
    "--reason", type=click.Choice(REVOCATION_REASONS), metavar="REASON", help=f"Why: {_WHY}."
)
@click.option("--invalid-from", type=MOMENT, help="From when nothing that it signed counts.")
@click.option("--update", type=FILES, help="Your directory until now; nothing in it is lost.")
@click.option("--out", type=OUT, help="Where it goes. Default: the place of --update.")
def command(  # noqa: PLR0913 - one parameter an option
    keys: tuple[Path, ...],
    party: str | None,
    start: datetime | None,
    end: datetime | None,
    retire: tuple[str, ...],
    revoke: str | None,
    reason: str | None,
    invalid_from: datetime | None,
    update: Path | None,
    out: Path | None,
    **ids: tuple[str, ...],
) -> None:
    """Make the list of your public keys that stands on your own web site.

    Whoever knows your domain can then take your keys from there with 'prov trust fetch'. Keys
    that end or are revoked stay listed for ever: old signatures are judged by them.
    """
    from provenance.files.replacing import write_new
    from provenance.workspace.publishing import Wishes, open_directory, updated

    place = _place(out, update)
    plain = open_directory(read_small(update), str(update)) if update else None
    wishes = Wishes(
        party=party,
        ids={kind: ids[kind] for kind in _ID_KINDS if ids[kind]},
        add=[public_key_of(path) for path in keys],
        start=start,
        end=end,
        retire=retire,
        revoke=_revoking(revoke, reason, invalid_from),
    )
    if plain is None and not keys:
        raise UsageError("there is no key to publish", hint="Name your KEY.pub.jwk.")
    write_new(place, updated(plain, wishes, datetime.now(UTC)), overwrite=place == update)
    click.echo(shown(str(place)))
    _tell(place, open_ended=bool(keys) and end is None)


def _place(out: Path | None, update: Path | None) -> Path:
    place = out or update
    if place is None:
        raise UsageError("nowhere to write it", hint="Give --out musicprov-keys.json.")
    return place


def _revoking(
    revoke: str | None, reason: str | None, invalid_from: datetime | None
) -> Revoking | None:
    from provenance.workspace.publishing import Revoking

    if revoke is None:
        if reason or invalid_from:
            raise UsageError("--reason and --invalid-from say how a key is revoked: --revoke it")
        return None
    if reason is None:
        raise UsageError("--revoke needs --reason", hint=f"One of {', '.join(REVOCATION_REASONS)}.")
    return Revoking(revoke, reason, invalid_from)


def _tell(place: Path, *, open_ended: bool) -> None:
    if open_ended:
        say("The new key has no end: give one with --until, a year or two from now.")
    say(
        f"Put {quoted(place)} on your web site as /.well-known/musicprov-keys.json, served as "
        "application/jwk-set+json (or application/json). Then look at it as others will: "
        "prov trust fetch YOUR-DOMAIN"
    )
