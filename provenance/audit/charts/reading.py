"""Reading a chart: CSV or XLSX as people have it, to entries and problems (spec 25.2).

Rows stream: memory does not grow with the chart. Nothing in a cell is ever run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain, islice
from pathlib import Path

from provenance.audit.asked import Asked
from provenance.audit.charts.columns import chosen
from provenance.audit.charts.layout import HEAD_ROWS, Layout, find_layout
from provenance.audit.charts.rows import RowReader
from provenance.audit.charts.seen import MAX_GAPS, Seen
from provenance.audit.charts.values import cell, shown
from provenance.audit.charts.weeks import order_of, week_in
from provenance.audit.model import Entry, Problem
from provenance.audit.store import Store
from provenance.model.errors import RefusedError, UsageError
from provenance.model.records import dataclass
from provenance.sheets.tables import MAX_ROWS, TableRow, Worksheet, open_table

_OF_A_WORKSHEET = frozenset({"chart.columns-missing", "chart.empty", "chart.week-missing"})
"""Why one worksheet is no chart, where another may be."""


@dataclass(frozen=True)
class ChartReading:
    """A chart that is being read."""

    columns: Mapping[str, str]
    """Our column to the header that was taken for it."""
    notes: tuple[str, ...]
    """What had to be guessed, in words (AUD-006)."""
    rows: Iterator[Entry | Problem]
    """To be gone through once, in the order of the rows."""


@dataclass(frozen=True)
class _Section:
    """A worksheet whose columns are known, and what else has been found out about it."""

    layout: Layout
    rows: Iterator[TableRow]
    week: str | None
    order: str
    notes: tuple[str, ...]


def read_chart(path: Path, number: int, asked: Asked) -> ChartReading:
    """Read the chart that is input ``number``; columns are known at once, rows come one by one.

    Raises ``InputError`` for what is no file, ``RefusedError`` for what cannot be read as a chart
    (rules ``chart.*``), ``UsageError`` for a column or week that cannot be asked for, and
    ``MissingExtraError`` for XLSX without the extra.
    """
    wanted = chosen(dict(sorted(asked.columns.items())))
    given = _given_week(asked.week)
    table = open_table(path, "chart")
    refused: RefusedError | None = None
    passed_over: list[str] = []
    for worksheet in table.worksheets:
        try:
            section = _section(worksheet, wanted, given, path)
        except RefusedError as error:
            if error.rule not in _OF_A_WORKSHEET:
                raise
            refused = refused or error
            passed_over += [worksheet.name] if error.rule != "chart.empty" else []
            continue
        notes = (*table.notes, *section.notes)
        sections = chain(passed_over, [section], _sections(table.worksheets, wanted))
        rows = _rows(sections, number)
        return ChartReading(section.layout.headers, notes, rows)
    if refused is None:
        raise RefusedError("chart.empty", f"{path.name}: has no rows")
    raise RefusedError(refused.rule, f"{path.name}: {refused}", hint=refused.hint) from refused


def _given_week(text: str | None) -> str | None:
    if text is None:
        return None
    week = week_in(text)
    if week is None:
        raise UsageError(f"--week {text}: is no week", hint="Write it like 2025-11-08 or 2025-W45.")
    return week


def _section(
    worksheet: Worksheet, wanted: Mapping[str, str], given: str | None, path: Path | None
) -> _Section:
    rows = (row for row in worksheet.rows if row.fault or _says_something(row))
    head = list(islice(rows, HEAD_ROWS))
    if not head:
        raise RefusedError("chart.empty", "the chart has no rows")
    layout = find_layout(head, wanted)
    body = head[layout.header :]
    if not body:
        raise RefusedError("chart.empty", "the chart has a header and no rows below it")
    place = layout.places.get("week")
    order = order_of(cell(row, place)[0] for row in body) if place is not None else ""
    week, note = _week(head[: layout.header], given, worksheet.name, path)
    if place is not None:
        week, note = None, _order_note(order)
    elif week is None:
        raise RefusedError(
            "chart.week-missing", "nothing says which week the chart is of", hint="Add --week DATE."
        )
    notes = (*layout.notes, *((note,) if note else ()))
    return _Section(layout, chain(body, rows), week, order, notes)


def _says_something(row: TableRow) -> bool:
    """Whether any cell has a letter or digit: lines of hyphens and blanks say nothing."""
    return any(any(map(str.isalnum, text)) for text in row.texts)


def _order_note(order: str) -> str:
    means = {"dm": "the day first", "md": "the month first"}.get(order)
    return f"Dates such as 03/04/2026 have {means}, as others of the column show." if means else ""


def _week(
    above: Sequence[TableRow], given: str | None, worksheet: str, path: Path | None
) -> tuple[str | None, str]:
    """The week of a chart without a column for it, and a remark on where it was found (AUD-009)."""
    if given is not None:
        return given, ""
    for row in above:
        for text in row.texts:
            if week := week_in(text):
                return week, f"The week {week} was taken from row {row.number}: '{shown(text)}'."
    if week := week_in(worksheet):
        return week, f"The week {week} was taken from the name of the worksheet."
    if path is not None and (week := week_in(path.name)):
        return week, f"The week {week} was taken from the name of the file."
    return None, ""


def _rows(sections: Iterator[_Section | str], number: int) -> Iterator[Entry | Problem]:
    """The rows of the worksheets that are charts; those that are none are told by their names."""
    count = entries = 0
    with closing(Seen()) as seen:
        for section in sections:
            if isinstance(section, str):
                yield Problem(number, None, "chart.worksheet-passed-over", shown(section))
                continue
            reader = RowReader(number, section.layout, section.week, section.order)
            for row in section.rows:
                count += 1
                if count > MAX_ROWS:
                    raise RefusedError("chart.too-large", f"has more than {MAX_ROWS} rows")
                for found in reader.read(row, seen):
                    entries += isinstance(found, Entry)
                    yield found
        if not entries:
            yield Problem(number, None, "chart.no-entries")
        for week, days in seen.weeks_with_dates():
            yield Problem(number, None, "chart.week-dates", f"{week}: {', '.join(days)}")
        for week, start, end in seen.gaps():
            which = str(start) if start == end else f"{start} to {end}"
            yield Problem(number, None, "chart.rank-gap", f"{week}: {which}")


def _sections(others: Iterator[Worksheet], wanted: Mapping[str, str]) -> Iterator[_Section | str]:
    """Further worksheets that are charts with a week of their own; the names of all others."""
    for worksheet in others:
        try:
            yield _section(worksheet, wanted, None, None)
        except RefusedError as error:
            if error.rule not in _OF_A_WORKSHEET:
                raise
            if error.rule != "chart.empty":
                yield worksheet.name


def repeated_weeks(store: Store) -> Iterator[Problem]:
    """Weeks that more than one chart has entries of, told of each chart but the first (AUD-011)."""
    sql = (
        "SELECT week, input FROM (SELECT DISTINCT week, input FROM entry) AS one WHERE EXISTS"
        " (SELECT 1 FROM entry WHERE entry.week = one.week AND entry.input < one.input)"
        " ORDER BY week, input LIMIT ?"
    )
    for week, number in store.query(sql, (MAX_GAPS,)):
        yield Problem(number, None, "chart.week-twice", week)
