"""Which weeks a chart has had, with which ranks and ISRCs, on disk: what comes twice or never."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from itertools import groupby, islice

_TABLES = """
CREATE TABLE week (week TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE rank (week TEXT, rank INTEGER, tied INTEGER, rows INTEGER,
    PRIMARY KEY (week, rank)) WITHOUT ROWID;
CREATE TABLE isrc (week TEXT, isrc TEXT, PRIMARY KEY (week, isrc)) WITHOUT ROWID;
"""
_GAPS = """
SELECT week, before, rank - 1 FROM (
    SELECT week, rank, coalesce(lag(rank + rows) OVER (PARTITION BY week ORDER BY rank), 1)
        AS before FROM rank)
WHERE rank > before ORDER BY week, rank LIMIT ?
"""
_CACHE_KIB = 16_000
MAX_GAPS = 1_000


class Seen:
    """What one chart has had so far; a private database that goes with this object.

    Memory does not grow with the chart (AUD-002).
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        self._db.executescript(_TABLES)
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Throw it away."""
        self._db.close()

    def add_week(self, week: str) -> None:
        """Keep that there was an entry of this week."""
        self._db.execute("INSERT OR IGNORE INTO week VALUES (?)", (week,))

    def weeks_with_dates(self) -> Iterator[tuple[str, list[str]]]:
        """Weeks of ISO 8601 of which several dates begin a week of the chart, with these dates."""
        days = (
            date.fromisoformat(w)
            for (w,) in self._db.execute("SELECT week FROM week ORDER BY week")
        )
        found = ((of, [str(day) for day in some]) for of, some in groupby(days, _iso_week))
        yield from islice((one for one in found if len(one[1]) > 1), MAX_GAPS)

    def is_isrc_again(self, week: str, isrc: str) -> bool:
        """Whether the week has had this ISRC before; it has now."""
        added = self._db.execute("INSERT OR IGNORE INTO isrc VALUES (?,?)", (week, isrc))
        return added.rowcount == 0

    def is_rank_again(self, week: str, rank: int, *, is_tied: bool) -> bool:
        """Whether the week has had this rank before and no row says that it is shared."""
        values = (week, rank, is_tied)
        added = self._db.execute("INSERT OR IGNORE INTO rank VALUES (?,?,?,1)", values)
        if added.rowcount:
            return False
        sql = "SELECT tied FROM rank WHERE week = ? AND rank = ?"
        (was_tied,) = self._db.execute(sql, (week, rank)).fetchone()
        sql = "UPDATE rank SET rows = rows + 1, tied = max(tied, ?) WHERE week = ? AND rank = ?"
        self._db.execute(sql, (is_tied, week, rank))
        return not (was_tied or is_tied)

    def gaps(self) -> Iterator[tuple[str, int, int]]:
        """Ranks that a week does not have though it has later ones: week, first, last."""
        yield from self._db.execute(_GAPS, (MAX_GAPS,))


def _iso_week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"
