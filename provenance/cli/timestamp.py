"""``prov timestamp``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provenance.cli._options import FILES, context_of, home_of, say, without_policy
from provenance.cli._stamping import Authority
from provenance.reports.escaping import shown

if TYPE_CHECKING:
    from provenance.issuing.stamping import Added
    from provenance.verify.outcome import Context

_EPILOG = """\b
Examples:
  prov timestamp track.flac --tsa https://tsa.example/
  prov timestamp track.flac.musicprov.json --tsa https://tsa.example/ --again
\b
Exit codes: 0 done or nothing to do, 1 refused (the rule is named), 2 usage,
            4 a file carries no declaration, 5 the authority or the disk,
            70 a bug.
"""
EXIT_NOTHING = 4


@click.command("timestamp", epilog=_EPILOG)
@click.argument("files", nargs=-1, required=True, type=FILES, metavar="FILE...")
@click.option("--tsa", "url", required=True, metavar="URL", help="Address of the authority.")
@click.option("--again", is_flag=True, help="Add one even where there is one already.")
@click.option("--touch", is_flag=True, help="Renew the file's modification time.")
@click.option("--break-link", is_flag=True, help="Replace this name of a hard-linked file only.")
@click.pass_context
def command(
    ctx: click.Context, /, files: tuple[Path, ...], url: str, again: bool, **options: Any
) -> None:
    """Have a time-stamping authority confirm that declarations exist now (RFC 3161).

    Works on audio files, sidecars and token files, whoever signed them. Nothing is signed anew;
    the authority sees a digest of the signature and nothing else. Its answer must be about this
    very signature. A later check counts it if the checker's trust policy lists the authority.
    """
    from provenance.files.replacing import Replacing

    home = home_of()
    context = without_policy(context_of(home))
    authority = Authority(url, home)
    how = Replacing(touch=options["touch"], break_link=options["break_link"])
    empty = [path for path in files if not _stamp_file(path, authority, context, how, again=again)]
    if empty:
        ctx.exit(EXIT_NOTHING)


def _stamp_file(
    path: Path, authority: Authority, context: Context, how: Any, *, again: bool
) -> bool:
    """Stamp all that a file carries, and its sidecar; whether there was anything."""
    from provenance.issuing.stamping import places_of

    places = places_of(path, context, how)
    if not any(place.statements for place in places):
        say(f"{shown(str(path))}: carries no declaration")
        return False
    for place in places:
        _tell(place.path, place.add(authority.stamp, again=again), authority)
    return True


def _tell(path: Path, added: Added, authority: Authority) -> None:
    name = shown(str(path))
    for made in added.new:
        say(f"{name}: {authority.told(made)}")
    if added.had and not added.new:
        say(f"{name}: has a time-stamp already (--again adds another)")
    elif not added.new:
        say(f"{name}: no declaration with a good signature, so nothing to stamp")
