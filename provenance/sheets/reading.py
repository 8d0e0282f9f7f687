"""Reading a sheet as people and their programs save it (spec 22.1): CSV here, XLSX beside.

What the sheet itself is refused for raises; what a row is refused for is told of that row later.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from provenance.files.opening import open_regular
from provenance.files.tables import encoding_of, folded, is_hint, separator
from provenance.model.errors import RefusedError
from provenance.model.limits import MIB
from provenance.model.records import dataclass
from provenance.sheets.cells import EMPTY, Cell, cell_of_text, is_ditto
from provenance.sheets.columns import match, passed_over

MAX_BYTES = 16 * MIB
MAX_ROWS, MAX_COLUMNS = 10_000, 200
_OWN = frozenset({"file", "title", "isrc"})
"""What no row takes from the one above."""
_NAMED = 5
"""How many columns that are passed over are named."""
_ZIP = b"PK\x03\x04"

Numbered = tuple[int, Sequence[Cell]]
"""The number of a row, as a spreadsheet program shows it, and its cells."""


@dataclass(frozen=True)
class Row:
    """One row: its number as a spreadsheet program shows it, and its cells by column."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Table:
    """A sheet as it was read: its columns, its rows, what is to be said about the reading."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    is_typed: bool = False
    """Whether each cell says what a program took it for (XLSX), or has its text alone (CSV)."""


def read_sheet(path: Path) -> Table:
    """Read a sheet by its content, whatever its name. Raises ``RefusedError``, ``InputError``."""
    with open_regular(path) as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise RefusedError("sheet.too-large", f"{path}: is larger than {MAX_BYTES // MIB} MiB")
    if data.startswith(_ZIP):
        from provenance.sheets.workbooks import read_workbook

        tables = read_workbook(data, MAX_ROWS + 2)
        return replace(_table(_with_files(tables), ()), is_typed=True)
    text, notes = _decoded(data)
    return _table(list(islice(_csv_rows(text), MAX_ROWS + 2)), notes)


def _with_files(tables: Sequence[Sequence[Numbered]]) -> list[Numbered]:
    """The first worksheet that has a column ``file``, else the first."""
    from provenance.sheets.columns import FILE, column

    names = {folded(name) for name in (FILE, *column(FILE).also)}
    for table in tables:
        if table and names & {folded(cell.text) for cell in table[0][1]}:
            return list(table)
    return list(tables[0]) if tables else []


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a CSV file, and a remark where its encoding had to be guessed."""
    mark, encoding = encoding_of(data)
    if mark or encoding != "utf-8":
        return _strictly(data[len(mark) :], encoding), ()
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        note = "The sheet is not in UTF-8 and was read as Windows-1252: look at the names in it."
        return _strictly(data, "cp1252"), (note,)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise RefusedError("sheet.unreadable", "the sheet is not text that can be read") from error


def _csv_rows(text: str) -> Iterator[Numbered]:
    """The rows that are not blank; numbered as a spreadsheet program numbers them."""
    if "\x00" in text:
        raise RefusedError("sheet.unreadable", "the sheet is not text that can be read")
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=separator(text), strict=False)
    try:
        for number, texts in enumerate(reader, 1):
            if number == 1 and is_hint("".join(texts)):
                continue
            while texts and not texts[-1].strip():
                texts.pop()
            if len(texts) > MAX_COLUMNS:
                raise _too_wide()
            if texts:
                yield number, [cell_of_text(t) for t in texts]
    except csv.Error as error:
        raise RefusedError("sheet.unreadable", f"line {reader.line_num}: {error}") from error


def _too_wide() -> RefusedError:
    return RefusedError("sheet.too-large", f"the sheet has more than {MAX_COLUMNS} columns")


def _table(rows: Sequence[Numbered], notes: tuple[str, ...]) -> Table:
    if not rows:
        raise RefusedError("sheet.no-file-column", "the sheet is empty")
    body = rows[1:]
    if len(body) > MAX_ROWS:
        raise RefusedError("sheet.too-large", f"the sheet has more than {MAX_ROWS} rows")
    width = max(_width(cells) for _, cells in rows)
    if width > MAX_COLUMNS:
        raise _too_wide()
    header, *filled = ([*cells, *[EMPTY] * (width - len(cells))][:width] for _, cells in rows)
    used = [any(row[place].text.strip() for row in filled) for place in range(width)]
    texts = [cell.text for cell in header]
    names = match(texts, used)
    if others := passed_over(texts, names, used):
        notes = (*notes, _not_taken(others))
    kept = [place for place, name in enumerate(names) if name is not None]
    made: list[Row] = []
    for (number, _), cells in zip(body, filled, strict=True):
        above = made[-1].cells if made else {}
        row = {str(names[place]): cells[place] for place in kept}
        if any(cell.text.strip() for cell in row.values()):
            made.append(Row(number, {n: _or_above(n, c, above) for n, c in row.items()}))
    return Table(tuple(str(names[place]) for place in kept), tuple(made), notes)


def _not_taken(others: Sequence[str]) -> str:
    """What is said of columns that are passed over (SHT-005)."""
    names = [name for name in others if name][:_NAMED]
    named = ", ".join(f"'{name[:60]}'" for name in names)
    more = f" and {len(others) - len(names)} more" if len(others) > len(names) else ""
    what = f"No column has the name {named}{more}" if names else "A column with values has no name"
    return (
        f"{what}: what stands there is passed over and not declared. "
        "Begin a name with # if that is what you want."
    )


def _width(cells: Sequence[Cell]) -> int:
    """How many cells there are up to the last that is not empty."""
    return max((place for place, cell in enumerate(cells, 1) if cell.text.strip()), default=0)


def _or_above(name: str, cell: Cell, above: Mapping[str, Cell]) -> Cell:
    return above.get(name, cell) if name not in _OWN and is_ditto(cell) else cell
