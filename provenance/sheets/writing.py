"""Writing a sheet: CSV that Excel opens in UTF-8, or XLSX by its suffix (spec 22.2)."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from provenance.files.opening import open_regular
from provenance.files.replacing import write_new
from provenance.model.errors import UsageError
from provenance.sheets.columns import Column
from provenance.wire.cell_texts import harmless

_BOM = "\ufeff"
_XLSX, _CSV = ".xlsx", ".csv"
_HEAD_BYTES = 4096


def write_sheet(
    path: Path,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    again: bool = False,
) -> None:
    """Write a sheet atomically; never over another file, but ``again`` over one of its own kind.

    Raises ``UsageError`` for a suffix that is neither ``.csv`` nor ``.xlsx``.
    """
    suffix = require_suffix(path)
    names = [column.name for column in columns]
    if suffix == _XLSX:
        from provenance.sheets.workbooks import write_workbook

        data = write_workbook(title, columns, rows)
    else:
        data = _csv(names, rows)
    write_new(path, data, overwrite=again and _is_of_kind(path, names, suffix))


def require_suffix(path: Path) -> str:
    """The suffix of a sheet in lower case; raises ``UsageError`` for another kind of file."""
    suffix = path.suffix.lower()
    if suffix not in {_CSV, _XLSX}:
        raise UsageError(f"{path}: is no name of a sheet", hint="Let it end in .csv or .xlsx.")
    return suffix


def _csv(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([harmless(value) for value in row] for row in rows)
    return (_BOM + out.getvalue()).encode()


def _is_of_kind(path: Path, names: Sequence[str], suffix: str) -> bool:
    """Whether a CSV that we wrote with the same columns stands there: it may be written over."""
    if suffix != _CSV or not os.path.lexists(path) or path.is_symlink():
        return False
    with open_regular(path) as stream:
        head = stream.read(_HEAD_BYTES)
    return head.startswith(_csv(names, []))
