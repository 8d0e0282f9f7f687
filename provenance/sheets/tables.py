"""Any table of rows, CSV or XLSX, read one row after another (spec 25.2).

Unlike a sheet (``reading``) a table may be long and may come from anybody: memory does not grow
with its rows, and a row that cannot be read is told of and passed over.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple, TextIO

from provenance.files.opening import open_regular
from provenance.files.tables import encoding_of, hinted, is_hint
from provenance.model.errors import InputError, RefusedError
from provenance.model.limits import KIB, MIB
from provenance.sheets.cells import Cell

MAX_BYTES = 512 * MIB
MAX_ROWS, MAX_COLUMNS = 2_000_000, 200
MAX_WORKBOOK_BYTES = 64 * MIB
MAX_UNPACKED_BYTES = 128 * MIB
MAX_PART_BYTES = 32 * MIB
MAX_ROW_BYTES = MIB
"""One row: as characters of CSV, as XML of XLSX."""
MAX_WORKSHEETS = 100
_MAX_LINES = 10
"""Lines of one row of CSV."""

_ZIP = b"PK\x03\x04"
_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old workbook (XLS)"),
    (b"\x1f\x8b", "a compressed file"),
    (b"<", "a web page or XML"),
    (b"{", "JSON"),
)
_LIST = re.compile(rb"\A\[\s*(?=\{)")
"""How a JSON array of objects begins."""
_HEAD_BYTES = 64 * KIB
_SAMPLE_ROWS = 60
_SEPARATORS = ",;\t|"
_WRONG = re.compile("[\udc80-\udcff]")
_FORMS: Mapping[int, str] = {}


class TableRow(NamedTuple):
    """One row: its number as a spreadsheet program shows it, and its cells as texts.

    ``forms`` says of a cell by its place that a program took it for something else than text:
    ``number``, ``date``, ``yesno``, ``formula``, ``error`` (of XLSX alone). ``fault`` says why
    the row cannot be read, and where it stands.
    """

    number: int
    texts: list[str]
    forms: Mapping[int, str] = _FORMS
    fault: str = ""


class Worksheet(NamedTuple):
    """The rows of one worksheet; a CSV is one without a name."""

    name: str
    rows: Iterator[TableRow]


class Table(NamedTuple):
    """A table that is open: its worksheets, and what had to be guessed."""

    notes: tuple[str, ...]
    worksheets: Iterator[Worksheet]


def open_table(path: Path, rules: str, *, follow: bool = True) -> Table:
    """Open a table by its content, whatever its name; ``follow`` False refuses a symbolic link.

    Raises ``InputError`` for what is no file, and ``RefusedError`` for what is no table or too
    large, by the rules ``RULES.unreadable`` and ``RULES.too-large``; while rows are read too.
    """
    try:
        stream = open_regular(path, follow=follow)
    except InputError as error:
        raise InputError(str(error), hint="Name a table: CSV or XLSX.") from error
    size = os.fstat(stream.fileno()).st_size
    head = stream.read(_HEAD_BYTES)
    is_workbook = head.startswith(_ZIP)
    if size > (MAX_WORKBOOK_BYTES if is_workbook else MAX_BYTES):
        stream.close()
        most = (MAX_WORKBOOK_BYTES if is_workbook else MAX_BYTES) // MIB
        raise RefusedError(f"{rules}.too-large", f"{path.name}: is larger than {most} MiB")
    stream.seek(0)
    if is_workbook:
        return Table((), _workbook(stream, rules, path.name))
    start = _LIST.sub(b"", head.lstrip())
    other = next((what for magic, what in _OTHERS if start.startswith(magic)), None)
    if other is not None:
        stream.close()
        raise RefusedError(
            f"{rules}.unreadable",
            f"{path.name}: is {other}, not a table",
            hint="Open it in a spreadsheet program and save it as XLSX, or as CSV in UTF-8.",
        )
    encoding, skip, notes = _encoding(stream, head)
    stream.seek(skip)
    text = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
    return Table(notes, iter([Worksheet("", _csv(text, head[skip:].decode(encoding, "replace")))]))


def _encoding(stream: BinaryIO, head: bytes) -> tuple[str, int, tuple[str, ...]]:
    """The encoding of a CSV, the length of its mark, and a remark where it was guessed."""
    mark, encoding = encoding_of(head)
    if mark:
        return encoding, len(mark), ()
    if head[1::2].count(0) * 4 > len(head):
        return "utf-16-le", 0, ()
    if head[::2].count(0) * 4 > len(head):
        return "utf-16-be", 0, ()
    good, bad = _utf_8(stream)
    if not bad:
        return "utf-8", 0, ()
    if good > bad:
        return "utf-8", 0, ("Some characters are damaged: they are not UTF-8, as the others are.",)
    return "cp1252", 0, ("It is not in UTF-8 and was read as Windows-1252: look at the names.",)


def _utf_8(stream: BinaryIO) -> tuple[int, int]:
    """How much beyond ASCII is UTF-8 and how much is not: bytes, and places."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = bad = 0
    stream.seek(0)
    while block := stream.read(MIB):
        text = decoder.decode(block)
        if not text.isascii():
            wrong = len(_WRONG.findall(text))
            good += len(text.encode("utf-8", "surrogatepass")) - len(text) - 2 * wrong
            bad += wrong
    return good, bad


# CSV


class _RowTooLongError(Exception):
    """A row is too long, has too many lines or no end; reading goes on after its first line."""


class _Lines:
    """The lines of a text for a CSV reader, with a bound on how many make a row.

    A row that is too long comes from a quotation mark that nothing closes: its first line is
    given up, and what was taken for the rest of it is read again as rows of their own.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._again: deque[str | None] = deque()
        self._row: list[str | None] = []
        self._row_length = 0
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        if line == "":
            raise _RowTooLongError if self._row else StopIteration
        self.number += 1
        self._row.append(line)
        self._row_length += len(line or "")
        if line is None or self._row_length > MAX_ROW_BYTES or len(self._row) > _MAX_LINES:
            raise _RowTooLongError
        return line

    def _read(self) -> str | None:
        """The next line; None for one that is longer than a row may be, which is skipped."""
        line = self._text.readline(MAX_ROW_BYTES + 1)
        if len(line) <= MAX_ROW_BYTES:
            return line
        while line and not line.endswith(("\n", "\r")):
            line = self._text.readline(MIB)
        return None

    def begin_row(self) -> None:
        """Begin to count a row's lines."""
        self._row, self._row_length = [], 0

    def give_up_first(self) -> None:
        """Read again what came after the first line of the row."""
        self._again.extendleft(reversed(self._row[1:]))
        self.number -= len(self._row) - 1


def _csv(text: TextIO, head: str) -> Iterator[TableRow]:
    lines = _Lines(text)
    with text:
        reader = csv.reader(lines, delimiter=_separator(head))
        for number in count(1):
            lines.begin_row()
            try:
                texts = next(reader)
            except StopIteration:
                return
            except (_RowTooLongError, csv.Error):
                lines.give_up_first()
                yield TableRow(number, [], fault=f"line {lines.number}")
                continue
            if number > 1 or not is_hint("".join(texts)):
                yield TableRow(number, texts[:MAX_COLUMNS])


def _separator(head: str) -> str:
    """What separates the cells: what a first line says, or what makes the most rows alike."""
    guess = partial(_alike, head)
    return hinted(head, _SEPARATORS) or max(_SEPARATORS, key=guess)


def _alike(head: str, separator: str) -> int:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
    try:
        widths = Counter(len(row) for row in islice(reader, _SAMPLE_ROWS))
    except csv.Error:
        widths = Counter(line.count(separator) + 1 for line in head.splitlines()[:_SAMPLE_ROWS])
    return max(((width - 1) * rows for width, rows in widths.items()), default=0)


# XLSX


def _workbook(stream: IO[bytes], rules: str, name: str) -> Iterator[Worksheet]:
    from provenance.sheets.workbooks import LAST_ROW, Bounds, worksheets

    bounds = Bounds(
        unpacked_bytes=MAX_UNPACKED_BYTES,
        part_bytes=MAX_PART_BYTES,
        row_bytes=MAX_ROW_BYTES,
        items=LAST_ROW,
        sheets=MAX_WORKSHEETS,
    )
    with stream:
        try:
            for title, rows in worksheets(stream, bounds):
                yield Worksheet(title, _told(rows, rules, name))
        except RefusedError as error:
            raise _renamed(error, rules, name) from error


def _told(rows: Iterator[tuple[int, list[Cell]]], rules: str, name: str) -> Iterator[TableRow]:
    try:
        for number, cells in rows:
            forms = {p: c.form for p, c in enumerate(cells[:MAX_COLUMNS]) if c.form != "text"}
            yield TableRow(number, [c.text for c in cells[:MAX_COLUMNS]], forms)
    except RefusedError as error:
        raise _renamed(error, rules, name) from error


def _renamed(error: RefusedError, rules: str, name: str) -> RefusedError:
    if not error.rule.startswith("sheet."):
        return error
    return RefusedError(f"{rules}.{error.rule.removeprefix('sheet.')}", f"{name}: {error}")
