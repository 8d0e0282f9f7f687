"""What ``check`` and ``sign`` share: reading the sheet, and saying what is wrong in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from provenance.cli._options import say
from provenance.reports.escaping import shown

if TYPE_CHECKING:
    from provenance.sheets.checking import Asked, Checked, Fault
    from provenance.sheets.reading import Table

EXIT_BAD = 1


def folder_of(sheet: Path, folder: Path | None) -> Path:
    """Where the paths of a sheet begin."""
    return sheet.parent if folder is None else folder


def read(sheet: Path) -> Table:
    """The sheet; a refusal names it."""
    from provenance.issuing.preparing import naming
    from provenance.sheets.reading import read_sheet

    with naming(sheet):
        return read_sheet(sheet)


def checked(table: Table, asked: Asked) -> Checked:
    """All rows, with a progress bar on a terminal."""
    from provenance.cli.sheet._progress import ticking
    from provenance.sheets.checking import check_sheet

    with ticking("Checking", len(table.rows)) as tick:
        return check_sheet(table, asked, tick)


def lines_of(faults: Sequence[Fault]) -> list[str]:
    """A line for each fault: where, what, what to do, which rule."""
    return [_line(fault) for fault in sorted(faults, key=lambda f: f.row)]


_OF_THE_VALUE = ("is ", "has ", "looks ", "leads ", "names ", "stands ")
"""How a message begins that goes on from the value; any other is a sentence of its own."""


def _line(fault: Fault) -> str:
    where = f"row {fault.row}" + (f", {fault.column}" if fault.column else "")
    value = f" '{shown(fault.value, 60)}'" if fault.value else ""
    message = shown(fault.message, 300).removesuffix(".")
    if value and not message.startswith(_OF_THE_VALUE):
        value += ":"
    fix = f" {shown(fault.fix, 300)}" if fault.fix else ""
    rule = f" [{fault.rule}]" if fault.rule else ""
    return f"{where}:{value} {message}.{fix}{rule}"


def write_errors(out: Path | None, faults: Sequence[Fault]) -> None:
    """Write the error sheet, if one was asked for."""
    if out is None:
        return
    from provenance.sheets.checking import ERROR_COLUMNS, error_rows
    from provenance.sheets.columns import Column
    from provenance.sheets.writing import write_sheet

    columns = [Column(name, "text", "") for name in ERROR_COLUMNS]
    rows = error_rows(tuple(sorted(faults, key=lambda f: f.row)))
    write_sheet(out, "Errors", columns, rows, again=True)
    say(f"Written: {shown(str(out))}")


def end(bad: int) -> None:
    """End with 1 when a row is bad."""
    if bad:
        raise click.exceptions.Exit(EXIT_BAD)
