"""``prov strip``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from provenance.cli._options import FILES, OUT, context_of, home_of, say, without_policy
from provenance.model.errors import UsageError
from provenance.reports.escaping import shown

_EPILOG = """\b
Examples:
  prov strip track.flac
  prov strip track.flac --out clean.flac
\b
Exit codes: 0 done or nothing to do, 1 refused (the rule is named), 2 usage,
            5 disk, 70 a bug.
"""


@click.command("strip", epilog=_EPILOG)
@click.argument("files", nargs=-1, required=True, type=FILES, metavar="FILE...")
@click.option("--out", type=OUT, help="Write a stripped copy there.")
@click.option("--touch", is_flag=True, help="Renew the file's modification time.")
@click.option("--break-link", is_flag=True, help="Replace this name of a hard-linked file only.")
def command(files: tuple[Path, ...], out: Path | None, touch: bool, break_link: bool) -> None:
    """Remove our two tags from a file: every copy of them, and nothing else."""
    from provenance.files.replacing import Replacing
    from provenance.issuing.preparing import sidecar_path
    from provenance.issuing.strip import strip
    from provenance.issuing.targets import destination

    context = without_policy(context_of(home_of()))
    if len(files) > 1 and out is not None and not out.is_dir():
        raise UsageError(f"--out {out}: must be an existing folder for several files")
    for file in files:
        target = destination(file, out, many=len(files) > 1)
        how = Replacing(touch=touch, break_link=break_link)
        count = strip(file, context, out=target, how=how)
        what = f"{count} {'tag' if count == 1 else 'tags'} of the declaration removed"
        say(f"{shown(str(file))}: {what if count else 'nothing to remove'}")
        beside = sidecar_path(file)
        if target is None and os.path.lexists(beside):
            say(f"The declaration beside it stays: {shown(str(beside))}")
