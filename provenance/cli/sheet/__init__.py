"""``prov sheet``: many recordings in one table."""

from __future__ import annotations

import click

from provenance.cli._verbs import Verbs

VERBS = {
    "new": "Make a sheet for a folder, filled from the tags.",
    "check": "Say what is wrong in a sheet, row by row; writes nothing.",
    "sign": "Sign every good row into its file.",
}


class _Sheet(Verbs):
    """The verbs of ``prov sheet``."""

    verbs = VERBS
    package = "provenance.cli.sheet"


@click.group(
    "sheet",
    cls=_Sheet,
    epilog="""\b
Examples:
  prov sheet new release/ --out sheet.xlsx
  prov sheet check sheet.xlsx
  prov sheet sign sheet.xlsx
""",
)
def command() -> None:
    """Declare and sign many recordings in one table, with a spreadsheet program.

    CSV needs nothing more; XLSX, which has drop-down lists and notes, needs the extra 'sheets'.
    """
