"""Credits lists: names with roles, of a recording that an ISRC, or artist and title, names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from provenance.audit.model import Input, Item, Keys, Problem
from provenance.audit.sources import _tables
from provenance.audit.sources._files import File, each, ending, storable
from provenance.audit.sources.base import Reading, SourceKind
from provenance.model.identifiers import normalise_isrc

MAX_CREDITS = 200
"""Credits that stand together in one item."""

_Group = tuple[str, ...]


def _read(path: Path, reading: Reading) -> Iterator[Item | Problem]:
    return each(path, ending(*_tables.ENDINGS), "credits", reading, _credits)


def _credits(made: Input, file: File) -> Iterator[Item | Problem]:
    rows = _tables.rows(file, "credits", made.number)
    for _, group in groupby(_checked(rows, made), key=_together):
        yield from _items(group, made)


def _checked(rows: Iterator[_tables.Row | Problem], made: Input) -> Iterator[_tables.Row | Problem]:
    """Rows that say who did what in which recording; a problem for each other one."""
    for row in rows:
        if isinstance(row, Problem):
            yield row
            continue
        number, cells = row
        missing = sorted(_tables.required("credits") - cells.keys())
        if missing:
            yield Problem(made.number, number, "audit.cell-missing", ", ".join(missing))
        elif "isrc" in cells and normalise_isrc(cells["isrc"]) is None:
            yield Problem(made.number, number, "audit.isrc-bad", cells["isrc"])
        elif "isrc" not in cells and not {"artist", "title"} <= cells.keys():
            yield Problem(made.number, number, "audit.row-without-key", cells["name"])
        else:
            yield row


def _together(row: _tables.Row | Problem) -> _Group:
    """What rows that follow each other share when they are about one recording."""
    if isinstance(row, Problem):
        return ("problem",)
    cells = row[1]
    isrc = normalise_isrc(cells["isrc"]) if "isrc" in cells else ""
    return ("row", isrc or "", cells.get("artist", ""), cells.get("title", ""))


def _items(group: Iterator[_tables.Row | Problem], made: Input) -> Iterator[Item | Problem]:
    held: list[_tables.Row] = []
    for row in group:
        if isinstance(row, Problem):
            yield row
            continue
        held.append(row)
        if len(held) == MAX_CREDITS:
            yield _item(held, made)
            held = []
    if held:
        yield _item(held, made)


def _item(rows: Sequence[_tables.Row], made: Input) -> Item:
    first, last = rows[0][0], rows[-1][0]
    where = f"row {first}" if first == last else f"rows {first} to {last}"
    credited = [{"name": cells["name"], "role": cells["role"]} for _, cells in rows]
    return Item("credits", made.number, where, _keys(rows[0][1]), storable({"credits": credited}))


def _keys(cells: Mapping[str, str]) -> Keys:
    isrc = normalise_isrc(cells["isrc"]) if "isrc" in cells else None
    names = ((cells["artist"], cells.get("title", "")),) if "artist" in cells else ()
    return Keys(isrcs=(isrc,) if isrc else (), names=names)


SOURCE = SourceKind("Credits", _read)
