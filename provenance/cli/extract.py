"""``prov extract``."""

from __future__ import annotations

from pathlib import Path

import click

from provenance.cli._options import FILES, OUT, context_of, home_of, say, without_policy
from provenance.reports.escaping import shown

_EPILOG = """\b
Examples:
  prov extract track.flac
  prov extract --payload --out - track.flac
\b
Exit codes: 0 written, 1 refused (the rule is named), 2 usage, 4 nothing was
            found, 5 disk, or the target exists, 70 a bug.
"""


@click.command("extract", epilog=_EPILOG)
@click.argument("file", type=FILES)
@click.option("--out", type=OUT, help="Where it goes; '-' is stdout. Default: the sidecar.")
@click.option("--token", is_flag=True, help="Write a compact token (no time-stamps), no bundle.")
@click.option("--payload", is_flag=True, help="Write what is declared, without the signature.")
@click.option("--sid", help="Only the statement whose identity begins so.")
@click.pass_context
def command(
    ctx: click.Context, file: Path, out: Path | None, token: bool, payload: bool, sid: str | None
) -> None:
    """Write the declaration of a file beside it (FILE.musicprov.json), signature included."""
    from provenance.files.replacing import write_new
    from provenance.issuing.carrying import write_sidecar
    from provenance.issuing.preparing import sidecar_path
    from provenance.workspace.extracting import extract

    context = without_policy(context_of(home_of()))
    form = "payload" if payload else "token" if token else "bundle"
    data = extract(file, context, form, sid)
    if data is None:
        what = "declaration" if sid is None else f"statement {shown(sid)}"
        say(f"{shown(str(file))}: carries no {what}")
        ctx.exit(4)
    if out is not None and str(out) == "-":
        click.echo(data.decode("utf-8"))
        return
    if out is None:
        write_sidecar(file, data + b"\n", overwrite=False)
    else:
        write_new(out, data + b"\n")
    say(f"Written: {shown(str(out or sidecar_path(file)))}")
