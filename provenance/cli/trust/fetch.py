"""``prov trust fetch``: the one verb that asks the internet whose keys are whose."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from provenance.cli._options import FILES, OUT, home_of, is_terminal, quoted, say
from provenance.model.errors import RefusedError, UsageError
from provenance.reports.escaping import shown

if TYPE_CHECKING:
    from provenance.network.fetching import Route
    from provenance.trust.directories import Content
    from provenance.workspace.snapshots import Before, Change

_EPILOG = """\b
Examples:
  prov trust fetch label.example
  prov trust fetch label.example --party label
  prov trust fetch label.example --party label --into policy.json
  prov trust fetch label.example --out label.json --yes
\b
Exit codes: 0 written, 1 not accepted, 2 usage, 5 network or disk,
            70 a bug.
"""


@click.command("fetch", epilog=_EPILOG)
@click.argument("host")
@click.option("--party", help="Whose directory it is: the id of a party of your trust policy.")
@click.option("--into", type=FILES, help="The policy that it is added to. Default: yours.")
@click.option("--out", type=OUT, help="Where the snapshot goes. Default: HOST.json.")
@click.option("--yes", is_flag=True, help="Take what is new without asking.")
@click.option(
    "--accept-losses", is_flag=True, help="Take it although keys or revocations have gone."
)
@click.option(
    "--address", metavar="IP:PORT", help="Where the host is, for one in your own network."
)
@click.option("--ca", type=FILES, help="Authorities of your own network's certificates (PEM).")
def command(  # noqa: PLR0913 - one parameter an option
    host: str,
    into: Path | None,
    party: str | None,
    out: Path | None,
    yes: bool,
    accept_losses: bool,
    address: str | None,
    ca: Path | None,
) -> None:
    """Take a copy of the key directory of a domain, to believe its keys from now on.

    HOST is a name like label.example (or did:web:label.example). What changed since your last
    copy is shown, and nothing is written before you accept it. Verifying never asks the
    network: it reads the copy.
    """
    from provenance.network.fetching import fetch_directory
    from provenance.network.hosts import host_of
    from provenance.workspace import snapshots

    name = host_of(host)
    policy = _policy(into, party)
    place = out or _default_place(name, policy)
    before = snapshots.read_before(place, name)
    fetched = fetch_directory(name, _route(address, ca))
    content = snapshots.accepted_content(name, fetched.body)
    found = list(snapshots.changes(before.content if before else None, content))
    _show(name, content, before, found)
    _accept(found, yes=yes, accept_losses=accept_losses)
    now = datetime.now(UTC)
    at = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    data = snapshots.snapshot_bytes(content, fetched.body, name, fetched.certificate, at)
    snapshots.write_snapshot(place, data)
    click.echo(shown(str(place)))
    if policy is not None and party is not None:
        _add(policy, party, place, now)
    else:
        say("Nothing believes it yet: --party adds it to your trust policy.")


def _policy(into: Path | None, party: str | None) -> Path | None:
    """The policy that has the party; None when only a snapshot is asked for."""
    from provenance.workspace.policies import chosen_policy
    from provenance.workspace.snapshots import parties_of

    if party is None:
        if into is not None:
            raise UsageError("--into needs --party", hint="Say whose directory it is.")
        return None
    policy = chosen_policy(home_of(), into)
    known = parties_of(policy)
    if party not in known:
        raise UsageError(
            f"{policy}: has no party '{party}'",
            hint=f"It has: {', '.join(known) or 'none'}. Add one with 'prov trust add-party'.",
        )
    return policy


def _default_place(name: str, policy: Path | None) -> Path:
    return Path(f"{name}.json") if policy is None else policy.parent / "snapshots" / f"{name}.json"


def _route(address: str | None, ca: Path | None) -> Route:
    """Where to go instead of asking the name system; both are for one's own network."""
    from provenance.network.fetching import Route
    from provenance.network.hosts import endpoint_of

    return Route(None if address is None else endpoint_of(address), ca)


def _show(name: str, content: Content, before: Before | None, found: list[Change]) -> None:
    from provenance.workspace.snapshots import describe

    calls_itself = f", calls itself {shown(content.party)}" if content.party else ""
    since = f"since {before.fetched[:10]}" if before else "seen for the first time"
    click.echo(f"{name}{calls_itself}; {since}:")
    for change in found:
        click.echo(f"  {change.kind:9}  {change.key.key}  {describe(change.key)}")
    if not found:
        click.echo("  nothing has changed" if before else "  it lists no keys that can sign")
    if before is None:
        say(
            "Nothing but this connection says that these are the keys of whom you mean. "
            "Compare the thumbprints with their owner by another way."
        )
    if any(change.loss for change in found):
        say(
            "WARNING: a directory never lets go of a key or of a revocation. Somebody else may "
            "have taken over this site: ask its owner by another way before you go on."
        )


def _accept(found: list[Change], *, yes: bool, accept_losses: bool) -> None:
    losses = [change for change in found if change.loss and not accept_losses]
    if not losses and (yes or not found):
        return
    if is_terminal():
        if click.confirm("Take this?", default=False, err=True):
            return
        say("Nothing was written.")
        raise click.exceptions.Exit(1)
    if losses and yes:
        raise RefusedError("directory.losses")
    raise UsageError("nobody is here to accept this", hint="Look at it, then give --yes.")


def _add(policy: Path, party: str, place: Path, now: datetime) -> None:
    from provenance.workspace import policies
    from provenance.workspace.snapshots import add_directory

    made = add_directory(policy, party, place, now)
    if made is None:
        return
    say(f"Added to party {shown(party)} of {quoted(policy)}: version {made.version}.")
    home = home_of()
    chosen = policies.default_policy(home)
    if chosen is not None and chosen.resolve() == policy.resolve():
        policies.remember(home, made)
