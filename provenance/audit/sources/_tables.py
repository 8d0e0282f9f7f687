"""Tables with declared columns: detectors' reports and credits (spec 25.3).

The columns are data: ``schemas/audit/detector.json`` and ``credits.json``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache

from provenance.audit.charts.values import cell
from provenance.audit.model import Problem
from provenance.audit.sources._files import File
from provenance.files.tables import folded
from provenance.model.errors import InputError, RefusedError
from provenance.sheets.tables import TableRow, open_table
from provenance.wire.schemas import load_json

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx")
MAX_ROWS = 1_000_000
MAX_TEXT = 1_000
"""Characters of one cell that are kept."""

Row = tuple[int, Mapping[str, str]]
"""The number of a row as a spreadsheet program shows it, and its cells by column."""


@cache
def columns(kind: str) -> tuple[Mapping[str, object], ...]:
    """The columns of a kind of table, in their order."""
    return tuple(load_json(f"audit/{kind}.json")["columns"])


@cache
def names(kind: str) -> Mapping[str, str]:
    """Each name that a header may have, as names compare, to the column."""
    found: dict[str, str] = {}
    for one in columns(kind):
        also = one["also"] if isinstance(one["also"], list) else []
        found |= {folded(str(text)): str(one["column"]) for text in (*also, one["column"])}
    return found


def required(kind: str) -> frozenset[str]:
    """The columns without which a table or a row is of no use."""
    return frozenset(str(one["column"]) for one in columns(kind) if one["required"])


def rows(file: File, kind: str, number: int) -> Iterator[Row | Problem]:
    """The rows below the header, those without any value left out; of a workbook the first sheet's.

    A table without a required column is one problem, a row that cannot be read is another, and so
    is each further worksheet that has rows (AUD-021).
    """
    try:
        table = open_table(file.path, "audit", follow=False)
        worksheet = next(table.worksheets, None)
        if worksheet is None:
            yield Problem(number, None, "audit.source-empty", file.name)
            return
        with closing(worksheet.rows):  # type: ignore[type-var]  # a generator, where it matters
            yield from _below(worksheet.rows, kind, number)
        for other in table.worksheets:
            if any(_says_something(row) for row in other.rows):
                yield Problem(number, None, "audit.worksheet-passed-over", other.name)
    except RefusedError as error:
        yield Problem(number, None, error.rule, file.name)
    except InputError:
        yield Problem(number, None, "audit.unreadable", file.name)


def _below(found: Iterator[TableRow], kind: str, number: int) -> Iterator[Row | Problem]:
    places: dict[str, int] | None = None
    for row in found:
        if row.fault:
            yield Problem(number, row.number, "audit.row-unreadable", row.fault)
        elif not _says_something(row):
            continue
        elif places is None:
            places = _header(row.texts, kind)
            missing = required(kind) - places.keys()
            if missing:
                value = ", ".join(sorted(missing))
                yield Problem(number, row.number, "audit.column-missing", value)
                return
        elif row.number > MAX_ROWS:
            yield Problem(number, row.number, "audit.too-many-rows")
            return
        else:
            yield row.number, _cells(row, places)
    if places is None:
        yield Problem(number, None, "audit.column-missing", ", ".join(sorted(required(kind))))


def _says_something(row: TableRow) -> bool:
    return bool(row.fault) or any(text.strip() for text in row.texts)


def _header(texts: Sequence[str], kind: str) -> dict[str, int]:
    """The place of each column that is there; of two of one name the first."""
    known = names(kind)
    found: dict[str, int] = {}
    for place, text in enumerate(texts):
        column = known.get(folded(text))
        if column is not None:
            found.setdefault(column, place)
    return found


def _cells(row: TableRow, places: Mapping[str, int]) -> dict[str, str]:
    """The cells that hold a value; a formula, and an error, is none."""
    found: dict[str, str] = {}
    for column, place in places.items():
        text = " ".join(cell(row, place)[0].replace("\x00", "").split())[:MAX_TEXT]
        if text:
            found[column] = text
    return found
