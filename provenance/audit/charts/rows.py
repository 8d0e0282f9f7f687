"""One row of a chart after another made an entry, or a problem that says why not (spec 25.2)."""

from __future__ import annotations

from collections.abc import Iterator

from provenance.audit.charts.columns import folded
from provenance.audit.charts.layout import Layout
from provenance.audit.charts.seen import Seen
from provenance.audit.charts.values import (
    Rank,
    cell,
    clean,
    entered,
    is_empty,
    isrc_of,
    number_of,
    rank_of,
    shown,
    split,
)
from provenance.audit.charts.weeks import week_in, week_of_number
from provenance.audit.model import Entry, Problem
from provenance.sheets.cells import upc_of
from provenance.sheets.tables import TableRow

_TEXT_RULES = {"changed": "chart.text-changed", "damaged": "chart.text-damaged"}
_FORM_RULES = {"formula": "chart.formula", "error": "chart.text-damaged"}


class RowReader:
    """Reads the rows of one worksheet; nothing is dropped without a problem (AUD-007)."""

    def __init__(self, number: int, layout: Layout, week: str | None, order: str) -> None:
        self._number = number
        self._layout = layout
        self._week = week
        self._order = order
        self._row = TableRow(0, [])
        self._found: list[tuple[str, str]] = []
        """Rules and what stood there, of the row that is being read."""

    def read(self, row: TableRow, seen: Seen) -> Iterator[Entry | Problem]:
        """The problems of a row, then its entry if it has one."""
        if row.fault:
            yield Problem(self._number, row.number, "chart.row-unreadable", row.fault)
            return
        if self._is_header(row) or self._begins_week(row):
            return
        self._row, self._found = row, []
        entry = self._entry(seen)
        for rule, value in self._found:
            yield Problem(self._number, row.number, rule, value)
        if entry is not None:
            yield entry

    def _is_header(self, row: TableRow) -> bool:
        names = self._layout.folded
        if not names or len(row.texts) < len(names) or row.texts[0].isdecimal():
            return False
        if folded(row.texts[0]) != names[0]:
            return False
        return tuple(folded(clean(text)[0]) for text in row.texts[: len(names)]) == names

    def _begins_week(self, row: TableRow) -> bool:
        """Whether the row is one cell alone that names the week of the rows below it."""
        if "week" in self._layout.places or sum(1 for t in row.texts if t.strip()) != 1:
            return False
        week = week_in(next(t for t in row.texts if t.strip()))
        self._week = week or self._week
        return week is not None

    def _entry(self, seen: Seen) -> Entry | None:
        title, artist = self._names()
        isrc, rank = self._isrc(), self._rank()
        label, upc = self._text("label"), self._upc()
        last, on = self._number_in("lastWeek"), self._number_in("weeksOnChart")
        if not (isrc or (title and artist) or (rank.value and (title or artist))):
            text = " | ".join(filter(None, (t.strip() for t in self._row.texts)))
            self._found = [f for f in self._found if f[0] == "chart.formula"]
            self._found.append(("chart.row-passed-over", shown(text)))
            return None
        week = self._week_of_row()
        if week is None:
            return None
        self._tell_missing(title, artist, isrc)
        seen.add_week(week)
        self._tell_again(seen, week, rank, isrc)
        came = self._entered()
        if came == "new" and (on or 0) > 1:
            self._tell("chart.new-weeks", str(on))
        return Entry(
            input=self._number,
            row=self._row.number,
            week=week,
            rank=rank.value,
            title=title,
            artist=artist,
            isrc=isrc,
            label=label if any(map(str.isalnum, label)) else "",
            upc=upc,
            last_week=last or None,
            weeks_on_chart=on,
            entered=came,
            problems=tuple(dict.fromkeys(self._found)),
        )

    # the cells

    def _tell(self, rule: str, value: str = "") -> None:
        self._found.append((rule, shown(value)))

    def _raw(self, column: str) -> tuple[str, str]:
        """The text of a cell and its form; a formula and an error are told of (AUD-004)."""
        place = self._layout.places.get(column)
        text, form = cell(self._row, place)
        if form in _FORM_RULES and place is not None:
            self._tell(_FORM_RULES[form], f"{column}: {self._row.texts[place]}")
        return text, form

    def _text(self, column: str) -> str:
        raw, form = self._raw(column)
        text, fault = clean(raw)
        if form == "date":
            fault = "damaged"
        if fault:
            self._tell(_TEXT_RULES[fault], raw)
        return text

    def _names(self) -> tuple[str, str]:
        """Title and artist, of two cells or of one (AUD-008)."""
        if self._layout.merged is None:
            return self._text("title"), self._text("artist")
        raw, _ = self._raw("title")
        parts = split(raw)
        if parts is None:
            if raw:
                self._tell("chart.not-split", raw)
            return clean(raw)[0], ""
        (first, fault), (second, other) = map(clean, parts)
        if fault or other:
            self._tell(_TEXT_RULES[fault or other], raw)
        return (second, first) if self._layout.merged == "artistTitle" else (first, second)

    def _rank(self) -> Rank:
        text, form = self._raw("rank")
        rank = rank_of(text)
        if rank.value is None and form not in _FORM_RULES:
            self._tell("chart.rank", text)
        return rank

    def _isrc(self) -> str | None:
        text, form = self._raw("isrc")
        if is_empty(text):
            if form not in _FORM_RULES and "isrc" in self._layout.places:
                self._tell("chart.isrc-missing")
            return None
        isrc = isrc_of(text)
        if isrc is None:
            self._tell("chart.isrc", text)
        return isrc

    def _upc(self) -> str | None:
        text, _ = self._raw("upc")
        if is_empty(text):
            return None
        upc = upc_of(text)
        if upc is None:
            self._tell("chart.upc", text)
        return upc

    def _number_in(self, column: str) -> int | None:
        text, _ = self._raw(column)
        if not text:
            return None
        number, is_understood = number_of(text)
        if not is_understood:
            self._tell("chart.number", f"{column}: {text}")
        return number

    def _entered(self) -> str | None:
        """Whether the chart calls the entry new, or come back, in the place of a number."""
        texts = [self._text_in(name) for name in ("lastWeek", "weeksOnChart")]
        rank, _, more = self._text_in("rank").partition(" ")
        return next(filter(None, map(entered, (*texts, rank, more))), None)

    def _text_in(self, column: str) -> str:
        return cell(self._row, self._layout.places.get(column))[0]

    def _week_of_row(self) -> str | None:
        """The week of the row; of the row above where its cell is empty (AUD-009)."""
        if "week" in self._layout.places:
            text, _ = self._raw("week")
            if text:
                year, _ = self._raw("year")
                self._week = week_in(text, self._order) or week_of_number(text, year)
                if self._week is None:
                    self._tell("chart.week", text)
                    return None
        if self._week is None:
            self._tell("chart.week")
        return self._week

    # the chart as a whole

    def _tell_missing(self, title: str, artist: str, isrc: str | None) -> None:
        if not title:
            self._tell("chart.title-missing", isrc or artist)
        if not artist and ("chart.not-split" not in (rule for rule, _ in self._found)):
            self._tell("chart.artist-missing", isrc or title)

    def _tell_again(self, seen: Seen, week: str, rank: Rank, isrc: str | None) -> None:
        """What the week has had before (AUD-011); all entries are kept."""
        if isrc is not None and seen.is_isrc_again(week, isrc):
            self._tell("chart.isrc-twice", isrc)
        if rank.value is not None and seen.is_rank_again(week, rank.value, is_tied=rank.is_tied):
            self._tell("chart.rank-twice", str(rank.value))
