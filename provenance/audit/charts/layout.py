"""Where the columns of a chart are: its header found among its first rows (spec 25.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from provenance.audit.charts.columns import folded, known
from provenance.audit.charts.values import cell, clean, isrc_of, shown, split
from provenance.audit.charts.weeks import week_in
from provenance.model.errors import RefusedError
from provenance.model.records import dataclass
from provenance.sheets.cells import upc_of
from provenance.sheets.tables import TableRow

HEAD_ROWS = 60
"""Rows that are looked at to find the header and what the columns hold."""
_HEADER_ROWS = 30
_NEEDED = ("rank", "title", "artist")
_MERGED = ("artistTitle", "titleArtist")
_FEW, _MOST, _NEARLY_ALL = 3, 0.6, 0.8
_SHOWN_COLUMNS = 30
_SHOWN_HEADER = 40


@dataclass(frozen=True)
class Layout:
    """Which place holds which column."""

    places: Mapping[str, int]
    headers: Mapping[str, str]
    """Column to its header as it stands; ``#3`` for a third column without one."""
    header: int
    """How many of the first rows come before the chart's own, the header among them."""
    folded: tuple[str, ...]
    """The header as headers compare: where it comes again further down, it is no entry."""
    notes: tuple[str, ...]
    merged: str | None = None
    """``artistTitle`` or ``titleArtist`` where one cell holds both."""


class _Finding:
    """One header that is being made sense of."""

    def __init__(self, head: Sequence[TableRow], index: int, wanted: Mapping[str, str]) -> None:
        self.header = [clean(t)[0] for t in head[index].texts] if index >= 0 else []
        self.row = head[index].number if index >= 0 else None
        self.body = [row for row in head[index + 1 :] if not row.fault]
        self.places: dict[str, int] = {}
        self.notes: list[str] = []
        self._take_wanted(wanted)
        self._take_known()

    def name(self, place: int) -> str:
        """A column as people find it again."""
        has_name = place < len(self.header) and self.header[place]
        return shown(self.header[place])[:_SHOWN_HEADER] if has_name else f"#{place + 1}"

    def _take_wanted(self, wanted: Mapping[str, str]) -> None:
        """The header that the user named goes before any guess (AUD-006)."""
        names = [folded(text) for text in self.header]
        for column, text in wanted.items():
            if text.startswith("#") and text[1:].isdecimal() and int(text[1:]) > 0:
                self.places[column] = int(text[1:]) - 1
            elif folded(text) in names:
                self.places[column] = names.index(folded(text))
            else:
                raise self.refusal(f"no column is named '{shown(text)}'", column)

    def _take_known(self) -> None:
        for strength in ("also", "weak"):
            for place, text in enumerate(self.header):
                column = known(strength).get(folded(text)) if text else None
                if column is None or place in self.places.values():
                    continue
                if column not in self.places:
                    self.places[column] = place
                    if strength == "weak":
                        self._guessed(column, "by its name alone")
                elif strength == "also":
                    taken = self.name(self.places[column])
                    self.notes.append(f"'{self.name(place)}' was not used: {column} is '{taken}'.")

    def _guessed(self, column: str, how: str) -> None:
        name = self.name(self.places[column])
        self.notes.append(f"'{name}' was taken for {column} {how}.")

    def values(self, place: int) -> list[str]:
        """What stands in a column, of the rows that were looked at."""
        return [text for row in self.body if (text := cell(row, place)[0])]

    def take_by_content(self) -> None:
        """Columns that no header names and whose values cannot be anything else."""
        width = max((len(row.texts) for row in self.body), default=0)
        free = [place for place in range(width) if place not in self.places.values()]
        for column, test in (("isrc", _are_isrcs), ("upc", _are_upcs), ("rank", _are_ranks),
                             ("week", _are_weeks)):  # fmt: skip
            named = column in {"rank", "week"}  # a count or a date under a name is something else
            found = (p for p in free if test(self.values(p)) and not (named and self._named(p)))
            place = None if column in self.places else next(found, None)
            if place is not None:
                self.places[column] = place
                free.remove(place)
                self._guessed(column, "by what stands in it")

    def _named(self, place: int) -> bool:
        return place < len(self.header) and bool(self.header[place])

    def merge(self) -> str | None:
        """The kind of cell that holds both artist and title, where there is one (AUD-008)."""
        merged = next((name for name in _MERGED if name in self.places), None)
        if {"title", "artist"} <= self.places.keys():
            return None
        alone = self.places.get("title", self.places.get("artist"))
        if merged is None and alone is not None:
            texts = self.values(alone)
            both = sum(split(text) is not None for text in texts)
            if len(texts) >= _FEW and both >= _MOST * len(texts):
                merged = "artistTitle"
                self.places[merged] = alone
        if merged is not None:
            first, second = ("artist", "title") if merged == "artistTitle" else ("title", "artist")
            name = self.name(self.places[merged])
            self.notes.append(
                f"'{name}' was split: {first} before the first separator, {second} after it. If"
                f" it is the other way, say so: --map {_MERGED[merged == _MERGED[0]]}='{name}'."
            )
            self.places |= {"title": self.places[merged], "artist": self.places[merged]}
        return merged

    def refusal(self, what: str, column: str) -> RefusedError:
        """The one error about columns: what is missing, what is there, and what to do."""
        names = [f"'{self.name(place)}'" for place in range(len(self.header))][:_SHOWN_COLUMNS]
        where = f"row {self.row} was taken for the header; " if self.row is not None else ""
        there = f"; there are: {', '.join(names)}" if names else "; no row looks like a header"
        return RefusedError(
            "chart.columns-missing",
            f"{where}{what}{there}",
            hint=f"Say which it is: --map {column}=HEADER, or --map {column}=#3 for the third.",
        )


def find_layout(head: Sequence[TableRow], wanted: Mapping[str, str]) -> Layout:
    """The columns of a chart from its first rows; ``wanted`` is what ``--map`` says.

    Raises ``RefusedError`` where rank, title or artist has no column (AUD-005).
    """
    index = _header(head, wanted)
    found = _Finding(head, index, wanted)
    found.take_by_content()
    merged = found.merge()
    missing = [column for column in _NEEDED if column not in found.places]
    if missing:
        raise found.refusal(f"no column is the {' or the '.join(missing)}", missing[0])
    for name in {*_MERGED} & found.places.keys():
        del found.places[name]
    if "isrc" not in found.places:
        found.notes.append("No column is the ISRC: entries are joined by artist and title alone.")
    unused = [found.name(p) for p in range(len(found.header)) if p not in found.places.values()]
    if unused:
        found.notes.append(f"Columns that were not used: {', '.join(unused[:_SHOWN_COLUMNS])}.")
    headers = {column: found.name(place) for column, place in found.places.items()}
    names = tuple(folded(text) for text in found.header)
    return Layout(found.places, headers, index + 1, names, tuple(found.notes), merged)


def _header(head: Sequence[TableRow], wanted: Mapping[str, str]) -> int:
    """The row that names the most columns; -1 where none names two."""
    scores = [_score(row, wanted) for row in head[:_HEADER_ROWS]]
    best = max(scores, default=0)
    return scores.index(best) if best >= min(2, 1 + len(wanted)) and best > 0 else -1


def _score(row: TableRow, wanted: Mapping[str, str]) -> float:
    names = {folded(text) for text in row.texts if text.strip()}
    strong = {column for name in names if (column := known("also").get(name))}
    weak = {column for name in names if (column := known("weak").get(name))} - strong
    merged = len(strong & {*_MERGED})
    asked = sum(folded(text) in names for text in wanted.values())
    return len(strong) + merged + len(weak) / 2 + asked


def _are_isrcs(texts: Sequence[str]) -> bool:
    return bool(texts) and sum(map(bool, map(isrc_of, texts))) >= _MOST * len(texts)


def _are_upcs(texts: Sequence[str]) -> bool:
    return len(texts) >= _FEW and sum(map(bool, map(upc_of, texts))) >= _NEARLY_ALL * len(texts)


def _are_ranks(texts: Sequence[str]) -> bool:
    numbers = [int(t) for t in texts if t.isdecimal() and len(t) < len("1000000")]
    return len(numbers) == len(texts) >= _FEW and all(b - a == 1 for a, b in pairwise(numbers))


def _are_weeks(texts: Sequence[str]) -> bool:
    return len(texts) >= _FEW and all(map(week_in, texts))
