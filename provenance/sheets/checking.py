"""Checking every row as ``declare`` and ``sign`` would, before anything is written (spec 22.3)."""

from __future__ import annotations

import os
import stat
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from provenance.files.replacing import require_replaceable
from provenance.issuing.from_tags import clean_text
from provenance.issuing.sign import Wishes, draft
from provenance.model.codes import Effect
from provenance.model.errors import ProvError, RefusedError
from provenance.model.records import dataclass
from provenance.sheets.cells import EMPTY, CellFault, reads_like_damage, value_of
from provenance.sheets.columns import FILE, column
from provenance.sheets.declaring import RowError, column_of, with_cells
from provenance.sheets.reading import Row, Table
from provenance.verify.outcome import Context
from provenance.wire import strict_json
from provenance.wire.cell_texts import plain
from provenance.wire.decode import decode_declaration
from provenance.wire.registries import explained
from provenance.wire.registries import rule as registered
from provenance.workspace.drafting import Seen, look_at, signed_before

STRUCTURE = frozenset({"essence"})
"""The tier that is enough to know whether a file can be signed; no decoder runs."""
_FROM_TAGS = {"title": "title", "release": "album"}
"""Columns whose text a program may have damaged, with the tag that says what it was."""


@dataclass(frozen=True)
class Fault:
    """Why a row is refused: its number, its file, the cell, the rule, and what to do."""

    row: int
    file: str
    column: str
    value: str
    rule: str
    message: str
    fix: str


@dataclass(frozen=True)
class Good:
    """A row that can be signed.

    ``state`` is ``new``, ``replaces`` (the signer's statement in the file) or ``unchanged``.
    """

    row: int
    file: str
    path: Path
    declaration: Mapping[str, Any]
    state: str


@dataclass(frozen=True)
class Checked:
    """All rows of a sheet: those that can be signed, and what is wrong with the others."""

    good: tuple[Good, ...]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]

    @property
    def bad(self) -> int:
        """How many rows are refused."""
        return len({fault.row for fault in self.faults})

    def count(self, state: str) -> int:
        """How many good rows are of a state."""
        return sum(row.state == state for row in self.good)


@dataclass(frozen=True)
class Asked:
    """For whom the rows are checked: the folder of the sheet, the signer's key, the wishes."""

    folder: Path
    key: str
    context: Context
    wishes: Wishes


class _RowRefusedError(Exception):
    """Carries the faults of a row."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__()
        self.faults = faults


def check_sheet(table: Table, asked: Asked, done: Callable[[], None]) -> Checked:
    """Check every row; nothing is written. ``done`` is called after each row.

    Never raises for what a row says or what its file is.
    """
    good: list[Good] = []
    faults: list[Fault] = []
    twice = _named_twice(table, asked.folder)
    for row in table.rows:
        try:
            good.append(_checked(row, asked, twice, is_typed=table.is_typed))
        except _RowRefusedError as refused:
            faults += refused.faults
        done()
    return Checked(tuple(good), tuple(faults), (*table.notes, *_same_isrc(good)))


def _checked(row: Row, asked: Asked, twice: Mapping[int, list[int]], *, is_typed: bool) -> Good:
    name = _name(row)
    path = _path(row, name, asked.folder)
    if row.number in twice:
        others = ", ".join(map(str, twice[row.number]))
        text = f"is the same file as in row {others}"
        raise _RowRefusedError(fault_of(row, FILE, "sheet.file-twice", text))
    cells = _values(row)
    try:
        require_replaceable(path, asked.wishes.files)
        seen = look_at(path, asked.context.limits)
        base = signed_before(
            seen, frozenset({asked.key, *asked.context.keyring.own}), asked.context
        )
        if not is_typed:
            _require_undamaged(row, cells, seen)
        made = with_cells({} if base is None else base, cells)
        _require_whole(row, made)
        drafted = _drafted(path, made, asked)
    except RowError as error:
        fault = fault_of(row, error.column, "sheet.value", str(error), error.fix)
        raise _RowRefusedError(fault) from error
    except (ProvError, OSError, EOFError) as error:
        raise _RowRefusedError(fault_of_error(row.number, name, path, error)) from error
    return Good(row.number, name, path, made, drafted)


def _drafted(path: Path, made: Mapping[str, Any], asked: Asked) -> str:
    """What signing would do, with all its refusals."""
    wishes = replace(asked.wishes, tiers=STRUCTURE)
    found = draft((path,), made, asked.key, asked.context, wishes)
    if not any(place.is_written for place in found.places):
        return "unchanged"
    return "new" if found.supersedes is None else "replaces"


def fault_of(row: Row, name: str, rule: str, message: str, fix: str = "") -> Fault:
    """A fault of a cell; what to do is the registry's where nothing better is known."""
    cell = row.cells.get(name, EMPTY)
    usual = str((registered(rule) or {}).get("fix", ""))
    return Fault(row.number, _name(row), name, cell.text[:200], rule, message, fix or usual)


def fault_of_error(number: int, file: str, path: Path, error: Exception) -> Fault:
    """The fault of a row whose file could not be looked at or signed."""
    rule, message, fix = "", str(error), error.hint if isinstance(error, ProvError) else ""
    if isinstance(error, RefusedError):
        rule, (message, fix) = error.rule, explained(error)
    message = message.removeprefix(f"{path}: ").partition("\n")[0]
    return Fault(number, file, FILE, file[:200], rule, message, fix)


def _name(row: Row) -> str:
    """The path as the row says it, without what made it harmless."""
    return plain(row.cells.get(FILE, EMPTY).text).strip()


def _path(row: Row, name: str, folder: Path) -> Path:
    """The file of a row; refuses what is not a regular file below the folder (SHT-020)."""
    found = value_of(column(FILE), row.cells.get(FILE, EMPTY))
    if isinstance(found, CellFault):
        raise _RowRefusedError(fault_of(row, FILE, found.rule, found.message, found.fix))
    if not name:
        raise _RowRefusedError(fault_of(row, FILE, "sheet.no-file", "the row names no file"))
    if leads_out(name, folder):
        text = "leads out of the folder of the sheet"
        raise _RowRefusedError(fault_of(row, FILE, "sheet.path-outside", text))
    path = folder / name
    try:
        kind = path.lstat().st_mode
    except OSError as error:  # none, a name too long, a folder that may not be entered
        text = "there is no such file"
        raise _RowRefusedError(fault_of(row, FILE, "sheet.no-file", text)) from error
    if not stat.S_ISREG(kind):
        text = "is a symbolic link" if stat.S_ISLNK(kind) else "is no regular file"
        raise _RowRefusedError(fault_of(row, FILE, "sheet.no-file", text, "Name the file itself."))
    return path


def leads_out(name: str, folder: Path) -> bool:
    """Whether a path is absolute, goes up, or ends elsewhere through a link."""
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts or "\x00" in name:
        return True
    try:
        return not (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a name too long, a circle of links
        return False


def _named_twice(table: Table, folder: Path) -> dict[int, list[int]]:
    """The rows that name a file that others name too, each with the others."""
    rows: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for row in table.rows:
        name = _name(row)
        try:
            if name and not leads_out(name, folder):
                found = os.stat(folder / name)  # noqa: PTH116 - follows links: the same audio
                rows[found.st_dev, found.st_ino].append(row.number)
        except OSError:
            continue
    return {
        number: [n for n in same if n != number]
        for same in rows.values()
        if len(same) > 1
        for number in same
    }


def _values(row: Row) -> dict[str, str]:
    """The exact text of every cell but the path; all that are refused at once."""
    values: dict[str, str] = {}
    faults = []
    for name, cell in row.cells.items():
        if name == FILE:
            continue
        found = value_of(column(name), cell)
        if isinstance(found, CellFault):
            faults.append(fault_of(row, name, found.rule, found.message, found.fix))
        else:
            values[name] = found
    if faults:
        raise _RowRefusedError(*faults)
    return values


def _require_undamaged(row: Row, cells: Mapping[str, str], seen: Seen) -> None:
    """Refuse a text that reads like a date or number, where the tag says something else."""
    for name, tag in _FROM_TAGS.items():
        values = getattr(seen.tags, tag)
        text = cells.get(name, "")
        if not values or not reads_like_damage(text):
            continue
        if text not in {clean_text(value) for value in values}:
            said = f"looks damaged: the tag of the file says '{values[0][:100]}'"
            fix = "Write what the tag says, or mend the tag; in XLSX any text will do."
            raise _RowRefusedError(fault_of(row, name, "sheet.damaged", said, fix))


def _require_whole(row: Row, made: Mapping[str, Any]) -> None:
    """Refuse what is no declaration, or declares nothing; every place at once."""
    if not made.get("contributions"):
        text = "no area has a level"
        raise _RowRefusedError(fault_of(row, "", "sheet.nothing-declared", text))
    _, found = decode_declaration(strict_json.encode(strict_json.normalise(made)))
    faults = [
        fault_of(
            row,
            column_of(f.where or "", made),
            str(f.code.slug),
            str(f.detail.get("message") or f.code.slug),
            "Mend this cell.",
        )
        for f in found
        if f.effect in {Effect.BREAKS, Effect.BLOCKS}
    ]
    if faults:
        raise _RowRefusedError(*faults)


def _same_isrc(good: list[Good]) -> Iterator[str]:
    """A remark on each ISRC that stands for two titles: one of them is probably wrong."""
    titles: defaultdict[str, Counter[str]] = defaultdict(Counter)
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row in good:
        subject = row.declaration.get("subject", {})
        isrc = subject.get("isrc")
        if isrc:
            titles[isrc][str(subject.get("title"))] += 1
            rows[isrc].append(row.row)
    for isrc, found in titles.items():
        if len(found) > 1:
            named = ", ".join(map(str, rows[isrc]))
            yield f"Rows {named} have the same ISRC {isrc} and different titles."


def error_rows(faults: tuple[Fault, ...]) -> list[tuple[str, ...]]:
    """The rows of an error sheet."""
    return [(str(f.row), f.file, f.column, f.value, f.message, f.fix, f.rule) for f in faults]


ERROR_COLUMNS = ("row", "file", "column", "value", "problem", "what to do", "rule")
