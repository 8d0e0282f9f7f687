"""``prov sheet check``."""

from __future__ import annotations

from pathlib import Path

import click

from provenance.cli._options import (
    FILES,
    OUT,
    PUBLIC,
    context_of,
    home_of,
    public_path,
    quoted,
    say,
)
from provenance.reports.escaping import shown
from provenance.workspace.asking import public_key_of

_EPILOG = """\b
Examples:
  prov sheet check sheet.xlsx
  prov sheet check sheet.csv --out errors.csv
  prov sheet check sheet.csv --folder release/ --key label.pub.jwk
\b
Exit codes: 0 every row can be signed, 1 some cannot (row, cell and rule are
            named) or the sheet is refused, 2 usage, 5 disk, 70 a bug.
"""


@click.command("check", epilog=_EPILOG)
@click.argument("sheet", type=FILES)
@click.option("--out", type=OUT, help="Write what is wrong there, as a sheet.")
@click.option("--folder", type=FILES, help="Where the paths begin. Default: where the sheet is.")
@click.option("--key", type=FILES, help="Public key that will sign. Default: your own key.")
def command(sheet: Path, out: Path | None, folder: Path | None, key: Path | None) -> None:
    """Check every row as 'prov sheet sign' will, and say what is wrong, row by row.

    No audio file is written. Rows are numbered as your spreadsheet program numbers them.
    """
    from provenance.cli.sheet import _telling
    from provenance.issuing.sign import Wishes
    from provenance.sheets.checking import Asked
    from provenance.sheets.writing import require_suffix

    if out is not None:
        require_suffix(out)
    table = _telling.read(sheet)
    home = home_of()
    named = _own_key(home.default_key()) if key is None else public_key_of(key).thumbprint
    asked = Asked(_telling.folder_of(sheet, folder), named, context_of(home), Wishes(replace="own"))
    found = _telling.checked(table, asked)
    for line in _telling.lines_of(found.faults):
        click.echo(line)
    _telling.write_errors(out, found.faults)
    for note in found.notes:
        say(f"Note: {shown(note, 300)}")
    say(
        f"{len(found.good)} good rows ({found.count('unchanged')} signed already), {found.bad} bad."
    )
    replacing = found.count("replaces")
    if replacing:
        say(f"{replacing} replace what you declared before: sign them with --replace.")
    if not found.bad and found.good:
        words = ["prov sheet sign", quoted(sheet)]
        words += [] if folder is None else ["--folder", quoted(folder)]
        words += [] if key is None else ["--key", quoted(_private_of(key))]
        words += ["--replace"] if replacing else []
        say(f"Sign them with: {' '.join(words)}")
    _telling.end(found.bad)


def _private_of(public: Path) -> Path:
    """The private key that stands beside a public one; where none does, a name in its place."""
    beside = public.with_name(public.name.removesuffix(PUBLIC) + ".pem")
    return beside if public_path(beside) == public and beside.is_file() else Path("KEY.pem")


def _own_key(private: Path | None) -> str:
    """The thumbprint of the default key; empty while there is none."""
    if private is None:
        return ""
    public = public_path(private)
    return public_key_of(public).thumbprint if public.is_file() else ""
