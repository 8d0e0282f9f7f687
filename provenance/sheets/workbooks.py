"""XLSX, in and out: the one door to openpyxl, which reads, and XlsxWriter, which writes.

A workbook is a ZIP of XML from anybody: what it unpacks to is bounded before anything is parsed,
and a part that declares entities is refused (SHT-002).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import IO, Any

from provenance.model.errors import MissingExtraError, RefusedError
from provenance.model.limits import MIB
from provenance.model.records import dataclass
from provenance.sheets._elements import ROW, Elements
from provenance.sheets._parts import Parts
from provenance.sheets.cells import EMPTY, Cell
from provenance.sheets.columns import Column
from provenance.wire.cell_texts import harmless

_PARTS = 1_000
LAST_ROW = 1_048_576
"""The last row of a worksheet, by the format; rows that are not there are cheap."""
_ROW_END = re.compile(rb"</(?:[\w.-]{1,30}:)?row\s{0,9}>")
_LONGEST_TAG = 50
_SPARE_ROWS = 500
"""Rows below the last one that have the drop-down lists too."""
_WIDTHS = {"path": 44, "text": 24, "list": 28, "areas": 22, "isrc": 16, "upc": 16}
_USUAL_WIDTH = 14
_HEADER_HEIGHT = 30
_MADE = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""What a workbook says about when it was made, so that the same rows give the same bytes."""


def _missing(what: str) -> MissingExtraError:
    return MissingExtraError(
        f"{what} XLSX needs the extra 'sheets'",
        hint="Install it with: pip install 'musicprov[sheets]'; or use CSV.",
    )


@dataclass(frozen=True)
class Bounds:
    """What a workbook may be; the values are those of a sheet (SHT-002)."""

    unpacked_bytes: int = 64 * MIB
    """All parts together."""
    part_bytes: int = 64 * MIB
    """A part that is no worksheet: those are read whole."""
    row_bytes: int = 64 * MIB
    """One row of a worksheet, as XML."""
    elements: int = 50_000
    """Elements of a part that are held at once: of a row, of a text, of a part read whole."""
    items: int = 250_000
    """Rows of a worksheet, and texts that its cells share."""
    cells: int = 4_000_000
    """Cells and rows of all worksheets that are walked, empty ones included."""
    sheets: int = 10
    """Worksheets that are looked at."""


SHEET = Bounds()


def read_workbook(data: bytes, most: int) -> list[list[tuple[int, list[Cell]]]]:
    """The first ``most`` rows of each worksheet that are not blank, numbered.

    Raises ``RefusedError`` for what is no workbook, ``MissingExtraError`` without the extra.
    """
    found = worksheets(io.BytesIO(data), SHEET)
    return [list(islice(filter(_is_filled, rows), most)) for _, rows in found]


def _is_filled(row: tuple[int, Sequence[Cell]]) -> bool:
    return any(cell.text.strip() for cell in row[1])


def worksheets(
    stream: IO[bytes], bounds: Bounds
) -> Iterator[tuple[str, Iterator[tuple[int, list[Cell]]]]]:
    """The name of each worksheet, and its rows one by one as they are asked for.

    The stream has to stay open meanwhile; memory does not grow with the rows. Raises what
    ``read_workbook`` raises, also while rows are read.
    """
    try:
        import openpyxl.reader.excel
    except ImportError as error:
        raise _missing("reading") from error
    parts = _bounded(stream, bounds)
    with _damage_told():
        reader = openpyxl.reader.excel.ExcelReader(stream, read_only=True, keep_links=False)
        reader.read_chartsheet = lambda *_: None  # it reads the whole part, whatever that is
        reader.read()
        sheets = reader.wb.worksheets[: bounds.sheets]
        if not all(parts.may_be_worksheet(sheet._worksheet_path) for sheet in sheets):  # noqa: SLF001
            raise RefusedError("sheet.unreadable", "the workbook cannot be read")
    walk = _Walk(bounds.cells)
    for sheet in sheets:
        yield str(sheet.title), _rows(sheet, walk)


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except (RefusedError, MemoryError):
        raise
    except Exception as error:  # a library's own errors on a damaged file are of every kind
        raise RefusedError("sheet.unreadable", "the workbook cannot be read") from error


def _bounded(stream: IO[bytes], bounds: Bounds) -> Parts:
    """The parts of a workbook that is within the bounds; raises ``RefusedError`` for others."""
    with _damage_told(), zipfile.ZipFile(stream) as packed:
        parts = packed.infolist()
        if len(parts) > _PARTS or sum(p.file_size for p in parts) > bounds.unpacked_bytes:
            raise RefusedError("sheet.too-large", "the workbook unpacks to too much")
        large = [part.filename for part in parts if part.file_size > bounds.part_bytes]
        known = Parts(packed)
        if any(known.item(name) != ROW for name in large):
            raise RefusedError("sheet.too-large", "a part of the workbook is too large")
        for part in parts:
            name = part.filename
            most = bounds.row_bytes if name in large else part.file_size
            held = part.file_size if known.is_unread(name) else bounds.elements
            elements = Elements(held, bounds.items, known.item(name), strict=known.is_whole(name))
            with packed.open(part) as content:
                _require_harmless(content, part.file_size, most, elements)
    return known


def _require_harmless(content: IO[bytes], size: int, row_bytes: int, elements: Elements) -> None:
    """No part declares entities, is longer than it says, or has what fills the memory."""
    kept, read, since = b"", 0, 0
    while block := content.read(MIB):
        read += len(block)
        plain = kept + block.replace(b"\x00", b"")
        if read > size:
            raise RefusedError("sheet.unreadable", "the workbook cannot be read")
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            raise RefusedError("sheet.unreadable", "the workbook declares entities")
        elements.feed(block)
        if row_bytes < size:
            ends = [found.end() for found in _ROW_END.finditer(plain)]
            since = len(plain) - ends[-1] if ends else since + len(block)
            if since > row_bytes or b"<!" in plain:
                raise RefusedError("sheet.too-large", "a row of the workbook is too long")
        kept = plain[-_LONGEST_TAG:]


class _Walk:
    """How many cells and rows of a workbook may still be walked."""

    def __init__(self, most: int) -> None:
        self.left = most


def _rows(sheet: Any, walk: _Walk) -> Iterator[tuple[int, list[Cell]]]:
    with _damage_told():
        sheet.reset_dimensions()  # what it says about its own size may be anything
        for number, row in enumerate(sheet.iter_rows(), 1):
            walk.left -= 1 + len(row)
            if number > LAST_ROW or walk.left < 0:
                raise RefusedError("sheet.too-large", "the workbook has too many cells")
            if any(found.value is not None for found in row):
                yield number, [EMPTY if found.value is None else _cell(found) for found in row]


def _cell(found: Any) -> Cell:
    value = found.value
    if found.data_type == "f":
        return Cell(str(value), "formula")
    if found.data_type == "e":
        return Cell(str(value), "error")
    if isinstance(value, bool):
        return Cell("yes" if value else "no", "yesno")
    if isinstance(value, (datetime, date, time)):
        return Cell(_day(value), "date")
    if isinstance(value, (int, float)):
        return Cell(_digits(value), "number")
    return Cell(value) if isinstance(value, str) else Cell(str(value), "date")


def _day(value: datetime | date | time) -> str:
    """A date in full; with a time of day where it has one, which no column takes."""
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date().isoformat()
    return value.isoformat()


def _digits(value: float) -> str:
    is_whole = isinstance(value, int) or value.is_integer()
    return str(int(value)) if is_whole and abs(value) < 10**15 else repr(value)


def write_workbook(title: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook with one worksheet of rows and one that says what each column means.

    Cells are text, so nothing turns into a number or date; terms have drop-down lists, headers
    have notes and stay in sight.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise _missing("writing") from error
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": _MADE})
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#D9E2EC"})
        _fill(book.add_worksheet(title), columns, rows, text, head)
        wrapped = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        _explain(book.add_worksheet("Columns"), columns, wrapped, head)
    return out.getvalue()


def _fill(
    sheet: Any, columns: Sequence[Column], rows: Sequence[Sequence[str]], text: Any, head: Any
) -> None:
    last = len(rows) + _SPARE_ROWS
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _WIDTHS.get(column.kind, _USUAL_WIDTH), text)
        sheet.write_string(0, place, column.name, head)
        if column.note:
            sheet.write_comment(0, place, column.note, {"x_scale": 2})
        if column.choices:
            choices = {
                "validate": "list",
                "source": list(column.choices),
                "error_title": column.name,
                "error_message": "Choose one of the list, or leave the cell empty.",
            }
            sheet.data_validation(1, place, last, place, choices)
    sheet.set_row(0, _HEADER_HEIGHT, head)
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            if value:
                sheet.write_string(number, place, harmless(value), text)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)


def _explain(sheet: Any, columns: Sequence[Column], text: Any, head: Any) -> None:
    widths = (22, 70, 70)
    for place, (name, width) in enumerate(zip(("column", "means", "takes"), widths, strict=True)):
        sheet.set_column(place, place, width, text)
        sheet.write_string(0, place, name, head)
    for number, column in enumerate(columns, 1):
        sheet.write_string(number, 0, column.name, text)
        sheet.write_string(number, 1, column.note, text)
        sheet.write_string(number, 2, takes(column), text)
    sheet.freeze_panes(1, 1)


_TAKES = {
    "path": "a path",
    "text": "text",
    "list": "texts, with a semicolon between two",
    "date": "a date such as 2026-11-23",
    "isrc": "12 characters, hyphens or not",
    "upc": "12 to 14 digits",
}


def takes(column: Column) -> str:
    """What a cell of a column takes, in words."""
    if column.kind == "areas":
        return "areas, with a semicolon between two"
    return ", ".join(column.choices) or _TAKES[column.kind]
