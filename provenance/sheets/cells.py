"""Cells: what stands in one, made harmless for spreadsheet programs, and what it means (spec 22.2).

The value of a cell has one exact text; ``value_of`` finds it, or says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from provenance.files.tables import folded
from provenance.issuing.from_tags import clean_text
from provenance.model.identifiers import normalise
from provenance.model.records import dataclass
from provenance.sheets.columns import Column
from provenance.wire.cell_texts import DITTO, ERRORS, plain
from provenance.wire.formats import is_date

MAX_TEXT = 1000
"""Characters of one text of a declaration."""
MAX_CELL = 32_000
"""Characters; XLSX has room for 32,767."""

_ERROR = re.compile(ERRORS)
_IS_DITTO = re.compile(DITTO, re.IGNORECASE)
_SCIENTIFIC = re.compile(r"[+-]?\d+([.,]\d+)?E[+-]?\d+", re.IGNORECASE)
_MONTH = (
    r"(?:jan|ene|feb|f\u00e9v|fev|mar|m\u00e4r|mrz|apr|avr|abr|may|mai|maj|jun|jui|jul|aug|ago"
    r"|ao\u00fb|sep|set|oct|okt|out|nov|dec|dez|d\u00e9c|dic)[^\W\d_]{0,6}\.?"
)
_DATE_LIKE = re.compile(
    rf"\d{{1,4}}[-./]\d{{1,2}}[-./]\d{{1,4}}|\d{{1,2}}[-. ]{{1,2}}{_MONTH}|{_MONTH}[- ]\d{{2,4}}",
    re.IGNORECASE,
)
_UPC_SEPARATORS = {ord(c): None for c in " -"}
_MAX_UPC = 40
"""Characters of a UPC with whatever separates its digits."""
_SEPARATOR = re.compile(r"(?<!\\);")

_YES = frozenset({"yes", "y", "true", "1", "ja", "j", "oui", "vrai", "wahr", "si", "s\u00ed"})
_NO = frozenset({"no", "n", "false", "0", "nein", "non", "faux", "falsch", "nej", "falso"})


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, and what a program took it for.

    ``form`` is ``text``, ``number``, ``date``, ``yesno``, ``formula`` or ``error``.
    """

    text: str
    form: str = "text"


EMPTY = Cell("")


@dataclass(frozen=True)
class CellFault:
    """Why a cell is refused: the rule, what is wrong, and what to do instead of the usual."""

    rule: str
    message: str
    fix: str = ""


def cell_of_text(text: str) -> Cell:
    """The cell that a text of a CSV stands for."""
    if text.lstrip(" ")[:1] in {"=", "\uff1d"}:
        return Cell(text, "formula")
    return Cell(text, "error" if _ERROR.fullmatch(text.strip()) else "text")


def is_ditto(cell: Cell) -> bool:
    """Whether a cell stands for the one above it."""
    return cell.form == "text" and bool(_IS_DITTO.fullmatch(cell.text.strip()))


def reads_like_damage(text: str) -> bool:
    """Whether a text looks as if a program had made it from another: ``04-Mar``, ``1E+05``."""
    return bool(_SCIENTIFIC.fullmatch(text) or _DATE_LIKE.fullmatch(text))


def joined(names: Sequence[str]) -> str:
    """A list as one text: a semicolon between two items, with a backslash before one within."""
    text = ""
    for name in names:
        spaced = " " if text.endswith("\\") else ""
        more = name.replace(";", "\\;")
        if len(text) + len(more) > MAX_CELL:
            break
        text = f"{text}{spaced}; {more}" if text else more
    return text


def items(text: str) -> list[str]:
    """The items of a list, without spaces around them; empty ones are left out."""
    parts = (part.strip().replace("\\;", ";") for part in _SEPARATOR.split(text))
    return [part for part in parts if part]


def upc_of(text: str) -> str | None:
    """A UPC or EAN; None for what is none, and for zeros alone.

    Zeros that a spreadsheet program took away are put back (SHT-011).
    """
    digits = text.translate(_UPC_SEPARATORS)
    if len(text) > _MAX_UPC or not digits.strip("0"):
        return None
    candidates = (normalise("upc", digits.zfill(length)) for length in (0, 12, 13))
    return next(filter(None, candidates), None)


def value_of(column: Column, cell: Cell) -> str | CellFault:
    """The exact text of a cell; empty where nothing is stated."""
    text = plain(cell.text).strip() if cell.form == "text" else cell.text.strip()
    if not text:
        return ""
    if is_ditto(cell):
        fix = "Write what you mean; if the cell is to hold just this, with an apostrophe before it."
        return CellFault(
            "sheet.value", "stands for the cell above, but nothing is taken from there", fix
        )
    if cell.form == "formula":
        return CellFault("sheet.formula", "is a formula")
    if cell.form == "error":
        return CellFault("sheet.damaged", "is an error of a spreadsheet program")
    if cell.form == "date" and column.kind != "date":
        return CellFault("sheet.damaged", "is a date; a spreadsheet program may have made it one")
    if len(text) > MAX_CELL:
        return CellFault("sheet.value", f"has more than {MAX_CELL} characters")
    return _KINDS[column.kind](column, Cell(text, cell.form))


def _path(column: Column, cell: Cell) -> str | CellFault:
    del column
    return cell.text


def _text(column: Column, cell: Cell) -> str | CellFault:
    del column
    if cell.form == "number" and not cell.text.lstrip("-").isdigit():
        return CellFault("sheet.damaged", "is a number; a spreadsheet program may have made it one")
    if len(cell.text) > MAX_TEXT:
        return CellFault("sheet.value", f"has more than {MAX_TEXT} characters", "Shorten it.")
    cleaned = clean_text(cell.text)
    if cleaned is None:
        return CellFault("sheet.value", "has a character that no declaration may hold")
    return cleaned


def _list(column: Column, cell: Cell) -> str | CellFault:
    names = []
    for item in items(cell.text):
        cleaned = _text(column, Cell(item, cell.form))
        if isinstance(cleaned, CellFault):
            return cleaned
        names.append(cleaned)
    return joined(names)


def _term(column: Column, cell: Cell) -> str | CellFault:
    wanted = folded(cell.text)
    found = next((t for t in column.terms if folded(t) == wanted), None)
    return found or CellFault(
        "sheet.value", "is no term of this column", f"Choose one of: {', '.join(column.terms)}."
    )


def _areas(column: Column, cell: Cell) -> str | CellFault:
    wanted = [folded(part) for item in items(cell.text) for part in item.split(",")]
    known = {folded(t): t for t in column.terms}
    if not set(wanted) <= set(known):
        fix = f"Choose among: {', '.join(column.terms)}; a semicolon between two."
        return CellFault("sheet.value", "names an area that there is not", fix)
    return joined([t for t in column.terms if folded(t) in wanted])


def _yesno(column: Column, cell: Cell) -> str | CellFault:
    del column
    word = cell.text.casefold()
    if word in _YES or word in _NO:
        return "yes" if word in _YES else "no"
    return CellFault("sheet.value", "is neither yes nor no", "Write yes or no, or leave it empty.")


def _date(column: Column, cell: Cell) -> str | CellFault:
    del column
    if is_date(cell.text):
        return cell.text
    return CellFault(
        "sheet.value", "is no date that has one meaning", "Write it like 2026-11-23 (or 2026-11)."
    )


def _isrc(column: Column, cell: Cell) -> str | CellFault:
    del column
    found = normalise("isrc", cell.text)
    if found is not None:
        return found
    if cell.form == "number" or _SCIENTIFIC.fullmatch(cell.text):
        return CellFault("sheet.damaged", "is a number, not an ISRC")
    return CellFault("sheet.value", "is no ISRC", "Write its 12 characters, like GBXYZ2600123.")


def _upc(column: Column, cell: Cell) -> str | CellFault:
    del column
    if _SCIENTIFIC.fullmatch(cell.text):
        return CellFault("sheet.damaged", "is a number that lost digits")
    fix = "Write its 12 to 14 digits."
    return upc_of(cell.text) or CellFault("sheet.value", "is no UPC or EAN", fix)


_KINDS: Mapping[str, Callable[[Column, Cell], str | CellFault]] = {
    "path": _path,
    "text": _text,
    "list": _list,
    "term": _term,
    "areas": _areas,
    "yesno": _yesno,
    "date": _date,
    "isrc": _isrc,
    "upc": _upc,
}
