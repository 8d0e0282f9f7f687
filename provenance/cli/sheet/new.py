"""``prov sheet new``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from provenance.cli._options import FILES, OUT, context_of, home_of, quoted, say
from provenance.model.errors import InputError, UsageError
from provenance.reports.escaping import shown
from provenance.workspace.asking import public_key_of

_EPILOG = """\b
Examples:
  prov sheet new release/
  prov sheet new release/ --out sheet.xlsx
  prov sheet new release/ --key label.pub.jwk --out update.csv
\b
Exit codes: 0 written, 1 some files were left out (each is named), 2 usage,
            4 no audio file in the folder, 5 disk, 70 a bug.
"""
EXIT_LEFT_OUT, EXIT_NONE = 1, 4


@click.command("new", epilog=_EPILOG)
@click.argument("folder", type=FILES)
@click.option(
    "--out", type=OUT, default="sheet.csv", show_default=True, help="The sheet: .csv or .xlsx."
)
@click.option(
    "--key", "keys", type=FILES, multiple=True, help="Public key that you sign with, if not yours."
)
def command(folder: Path, out: Path, keys: tuple[Path, ...]) -> None:
    """Make a sheet with a row for each audio file below FOLDER, filled from the tags.

    What is named like audio and cannot be signed is left out, and named.
    Where you have declared something in a file before, its row says that. Paths in the sheet
    begin at the folder in which the sheet stands. An existing file is never written over.
    """
    from provenance.bulk.items import PassedOver
    from provenance.cli.sheet._progress import ticking
    from provenance.sheets.columns import columns
    from provenance.sheets.reading import MAX_ROWS
    from provenance.sheets.starting import rows_of
    from provenance.sheets.writing import require_suffix, write_sheet
    from provenance.trust.identity import Keyring
    from provenance.workspace.verifying import entries, uploads_below

    require_suffix(out)
    if not folder.is_dir():
        raise UsageError(f"{folder}: is no folder", hint="Name the folder of the tracks.")
    if out.exists():
        raise InputError(f"{out}: exists already", hint="Choose another name with --out.")
    context = context_of(home_of())
    mine = {public_key_of(key).thumbprint: None for key in keys}
    ring = Keyring({**context.keyring.own, **mine}, context.keyring.pinned)
    base, is_beside = _base(folder, out)
    passed = PassedOver()
    entries(folder)  # raises where nothing of it can be read
    files = list(uploads_below(folder, passed.link))
    if len(files) > MAX_ROWS:
        hint = f"Make a sheet for each folder in it; one has {MAX_ROWS} rows at most."
        raise UsageError(f"{folder}: holds {len(files)} audio files", hint=hint)
    with ticking("Reading", len(files)) as tick:
        started = rows_of(files, base, replace(context, keyring=ring), tick)
    for reason in started.left_out:
        say(f"Left out: {shown(reason, 300)}")
    if passed.links:
        say(f"Passed over: {passed.links:,} symbolic {'link' if passed.links == 1 else 'links'}.")
    if not started.rows:
        say(f"{shown(str(folder))}: no audio file that can carry a declaration.")
        raise click.exceptions.Exit(EXIT_LEFT_OUT if started.left_out else EXIT_NONE)
    write_sheet(out, "Tracks", columns(), started.rows)
    say(f"Written: {shown(str(out))}, {len(started.rows)} rows. Fill it in, save it, then:")
    more = "" if is_beside else f" --folder {quoted(folder)}"
    say(f"  prov sheet check {quoted(out)}{more}")
    if started.left_out:
        raise click.exceptions.Exit(EXIT_LEFT_OUT)


def _base(folder: Path, out: Path) -> tuple[Path, bool]:
    """Where the paths of the sheet begin: at its own folder, if the tracks are below that."""
    beside = out.resolve().parent
    if folder.resolve().is_relative_to(beside):
        return beside, True
    return folder, False
