"""``prov audit rerun``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from provenance.cli._options import FILES, processors, say
from provenance.cli.audit._progress import ticking
from provenance.cli.audit.check import finish, keyring_of, listed, named_of, signature_line
from provenance.reports.escaping import shown

if TYPE_CHECKING:
    from provenance.audit.rerunning import Rerun

_EPILOG = """\b
Examples:
  prov audit rerun report/archive.zip
  prov audit rerun report/archive.zip --out again/
  prov audit rerun archive.zip --tracks audio/ --known-key bureau.pub.jwk
\b
Exit codes: 0 the same, 1 something differs or the archive is refused (the
            rule is named), 2 usage, 3 the same, but signed by none of the
            keys that --known-key names, 5 disk or a missing extra, 70 a bug.
"""


@click.command("rerun", epilog=_EPILOG)
@click.argument("archive", type=FILES)
@click.option("--out", type=FILES, help="Keep the report that is made, in a new folder.")
@click.option("--tracks", type=FILES, help="Audio to verify anew: folder or file.")
@click.option("--known-key", "keys", multiple=True, type=FILES, help="A public key you know (JWK).")
@click.option("--jobs", type=click.IntRange(1, 64), help="Processes. Default: one a CPU.")
@click.pass_context
def command(
    context: click.Context,
    archive: Path,
    out: Path | None,
    tracks: Path | None,
    keys: tuple[Path, ...],
    jobs: int | None,
) -> None:
    """Make a report again from its archive, and say what differs from the one that was signed.

    ARCHIVE is the archive, or the folder of the report with it. The auditor's signatures are
    carried over. Every declaration's own signature is checked again.
    """
    from provenance.audit.rerunning import Wishes, rerun
    from provenance.audit.sealing import ARCHIVE

    named = named_of(keys)
    wishes = Wishes(tracks, keyring_of(named), jobs or processors())
    with ticking() as tick:
        found = rerun(archive / ARCHIVE if archive.is_dir() else archive, out, tick, wishes)
    for line in _told(found):
        click.echo(line)
    if out is not None:
        say(f"Report: {out / 'index.html'}")
    finish(context, found.seal, named, is_good=found.is_same)


def _told(found: Rerun) -> Iterator[str]:
    same = "the same" if found.is_same else "NOT the same"
    yield f"{shown(found.audit['title'])}, as of {found.audit['at']}: {same}"
    yield f"  {signature_line(found.seal)}"
    yield f"  {found.same} files are byte for byte the same"
    yield from listed("Same text and structure, other bytes", found.alike)
    yield from listed("Different", found.differing)
    yield from listed("Not made now", found.missing)
    yield from listed("Made now, but not in the report", found.extra)
    yield from listed("Rule sets that have changed since", found.rules)
    versions = (f"{n}: {a or 'none'}, now {b or 'none'}" for n, (a, b) in found.versions.items())
    yield from listed("Other versions", tuple(versions))
    tokens = found.tokens
    yield f"  {tokens.checked} declarations checked again by their own signatures"
    yield from listed("Signatures that do not hold", tokens.failing)
    yield from listed("Declarations that say something else than their token", tokens.differing)
    if found.anew is not None:
        yield f"  {found.anew.same} audio files verified anew, with the same result"
        yield from listed("Audio files with another result", found.anew.differing)
        yield from listed("Audio files that were not given", found.anew.missing)
