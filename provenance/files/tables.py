"""Tables of text as people and their programs save them: rows of CSV, one after another.

What separates the cells is found out; a first line that only tells a program the separator
(``sep=;``) is passed over. Memory is that of one row.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import IO

from provenance.model.errors import UsageError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD_BYTES = 4096
_SAVE = "Save it as CSV in UTF-8 again."
_ROW_CHARS = 1 << 20
_SEPARATORS = ",;\t"


def text_rows(stream: io.BufferedReader) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the number that a spreadsheet program shows.

    UTF-8 or UTF-16, with or without a byte order mark; bytes that are no UTF-8 are kept as
    ``surrogateescape`` does. Raises ``UsageError`` for what is no table of text.
    """
    mark, encoding = encoding_of(stream.peek(_HEAD_BYTES))
    stream.read(len(mark))
    text = io.TextIOWrapper(stream, encoding, errors="surrogateescape", newline="")
    try:
        lines = _Lines(text)
        reader = csv.reader(lines, delimiter=separator(lines.first), strict=False)
        for number, cells in enumerate(reader, 1):
            lines.taken = 0
            if number == 1 and is_hint("".join(cells)):
                continue
            if any(cell.strip() for cell in cells):
                yield number, cells
    except (csv.Error, UnicodeDecodeError) as error:
        raise UsageError(f"the table cannot be read: {error}", hint=_SAVE) from error


class _Lines:
    """The lines of a table with their ends; a row of more than any row can have is refused."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self.first = text.readline(_ROW_CHARS)
        self._waiting: str | None = self.first
        self.taken = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._text.readline(_ROW_CHARS) if self._waiting is None else self._waiting
        self._waiting = None
        self.taken += len(line)
        if not line:
            raise StopIteration
        if self.taken >= _ROW_CHARS:
            raise UsageError("a row of the table has more text than can be read", hint=_SAVE)
        return line


def encoding_of(head: bytes) -> tuple[bytes, str]:
    """The byte order mark of a text, and its encoding: UTF-8 where nothing says otherwise."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return mark, encoding
    if head[1:2] == b"\x00":
        return b"", "utf-16-le"
    return b"", "utf-16-be" if head[:1] == b"\x00" else "utf-8"


def is_hint(text: str) -> bool:
    """Whether a first line only tells a program the separator: ``sep=;``."""
    return text.lower().startswith("sep=") and len(text) <= len("sep=;")


def separator(text: str) -> str:
    """What separates the cells: what the first line says, or has most of outside quotes."""
    outside = "".join(_first_line(text).split('"')[::2])
    return hinted(text, _SEPARATORS) or max(_SEPARATORS, key=outside.count)


def hinted(text: str, among: str) -> str:
    """The separator that a first line tells a program; empty where it tells none of these."""
    first = _first_line(text)
    return first[-1] if is_hint(first) and first[-1] in among else ""


def _first_line(text: str) -> str:
    return text[:_HEAD_BYTES].lstrip().partition("\n")[0].rstrip("\r")


def folded(name: str) -> str:
    """A name of a column without what does not count: case, spaces, hyphens, underscores."""
    return "".join(c for c in name.casefold() if c.isalnum())
