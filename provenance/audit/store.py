"""The working store of one audit: on disk, so that memory does not grow with the weeks.

SQLite in a file of its own, made anew for each run and thrown away; nothing is read from it that
this run did not write.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from provenance.audit.model import Entry, Flag, Input, Item, Keys, Problem, Recording

_TABLES = """
CREATE TABLE input (number INTEGER PRIMARY KEY, role TEXT, name TEXT, size INTEGER, sha256 TEXT);
CREATE TABLE entry (
    id INTEGER PRIMARY KEY, input INTEGER, row INTEGER, week TEXT, rank INTEGER, title TEXT,
    artist TEXT, isrc TEXT, label TEXT, upc TEXT, last_week INTEGER, weeks_on_chart INTEGER,
    entered TEXT, problems TEXT, subject TEXT, recording INTEGER,
    apart INTEGER NOT NULL DEFAULT 0);
CREATE INDEX entry_subject ON entry (subject);
CREATE INDEX entry_week ON entry (week, rank);
CREATE INDEX entry_recording ON entry (recording);
CREATE TABLE problem (input INTEGER, row INTEGER, rule TEXT, value TEXT);
CREATE TABLE item (
    number INTEGER PRIMARY KEY, kind TEXT, input INTEGER, place TEXT, keys TEXT, says TEXT);
CREATE TABLE key (kind TEXT, value TEXT, item INTEGER);
CREATE INDEX key_value ON key (kind, value);
CREATE TABLE exhibit (number INTEGER PRIMARY KEY, state TEXT, flags TEXT, body TEXT);
"""
_ENTRY = "input,row,week,rank,title,artist,isrc,label,upc,last_week,weeks_on_chart,entered,problems"
_ORDER = "week, rank IS NULL, rank, input, row"
_ACCENTS = frozenset((1, *range(10, 37), *range(200, 256)))
"""Canonical combining classes of accents, and of the points of Hebrew, Arabic and Syriac."""
_VARIANTS = frozenset(map(chr, range(0xFE00, 0xFE10)))
"""Signs that only say how the one before looks (emoji)."""
MAX_PROBLEMS = 1_000
"""Problems that are listed; further ones are only counted."""


def folded(text: str) -> str:
    """A name with what does not count taken away: case, accents, spaces, punctuation (spec 25.3).

    Signs that spell another word are no accents: vowels and tones of Indic scripts and of Thai,
    the voicing of kana. Empty for a name of punctuation alone.
    """
    import unicodedata

    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum() or _is_spelling(c))


def _is_spelling(sign: str) -> bool:
    """Whether a combining sign is part of how a word is spelled."""
    import unicodedata

    is_sign = unicodedata.category(sign) in {"Mn", "Mc"} and sign not in _VARIANTS
    return is_sign and unicodedata.combining(sign) not in _ACCENTS


def name_key(artist: str, title: str) -> str | None:
    """Artist and title as joins by names compare them; None where one of them says nothing."""
    first, second = folded(artist), folded(title)
    return f"{first}:{second}" if first and second else None


def subject_of(entry: Entry) -> str:
    """What entries of one recording share: the ISRC, else artist and title as names compare."""
    if entry.isrc is not None:
        return f"isrc:{entry.isrc}"
    return f"name:{named(entry.artist, entry.title)}"


def named(artist: str, title: str) -> str:
    """One recording by artist and title alone; of a name of punctuation alone, that counts."""
    return ":".join(folded(one) or one.replace(":", " ").strip() for one in (artist, title))


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """A new store in a folder that the caller throws away afterwards."""
    connection = sqlite3.connect(folder / "audit.sqlite", isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-16000")
        connection.executescript(_TABLES)
        yield Store(connection, folder)
    finally:
        connection.close()


class Store:
    """What the steps of an audit leave for each other."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._db = connection
        self.folder = folder
        """Where it stands, and where steps may keep what else they need until the audit ends."""
        self.problems_seen = 0

    # inputs and problems

    def add_input(self, one: Input) -> None:
        """Keep what is known of an input file."""
        row = (one.number, one.role, one.name, one.size, one.sha256)
        self._db.execute("INSERT INTO input VALUES (?,?,?,?,?)", row)

    def next_input(self) -> int:
        """The number that the next input has."""
        (count,) = self._db.execute("SELECT count(*) FROM input").fetchone()
        return int(count) + 1

    def inputs(self) -> Iterator[Input]:
        """All inputs by number."""
        found = self._db.execute("SELECT number,role,name,size,sha256 FROM input ORDER BY number")
        yield from (Input(*row) for row in found)

    def add_problem(self, one: Problem) -> None:
        """Keep a problem, up to ``MAX_PROBLEMS``; all are counted."""
        self.problems_seen += 1
        if self.problems_seen <= MAX_PROBLEMS:
            row = (one.input, one.row, one.rule, one.value[:200])
            self._db.execute("INSERT INTO problem VALUES (?,?,?,?)", row)

    def problems(self) -> Iterator[Problem]:
        """The problems that were kept, in the order of input and row."""
        found = self._db.execute(
            "SELECT input,row,rule,value FROM problem ORDER BY input,row,rule,rowid"
        )
        yield from (Problem(*row) for row in found)

    # entries and recordings

    def add_entries(self, entries: Iterable[Entry]) -> int:
        """Keep entries as they come; how many there were."""
        count = 0
        self._db.execute("BEGIN")
        for one in entries:
            count += 1
            fields = [getattr(one, name) for name in _ENTRY.split(",")]
            fields[-1] = json.dumps(one.problems, ensure_ascii=False) if one.problems else ""
            marks = ",".join("?" * (len(fields) + 1))
            self._db.execute(
                f"INSERT INTO entry ({_ENTRY},subject) VALUES ({marks})",  # noqa: S608
                (*fields, subject_of(one)),
            )
        self._db.execute("COMMIT")
        return count

    def number_recordings(self) -> int:
        """Give each recording its number: by the first entry in order of week and rank."""
        self._db.execute("BEGIN")
        self._db.execute("CREATE TEMP TABLE first (subject TEXT PRIMARY KEY, n INTEGER)")
        self._db.execute(
            "INSERT INTO first SELECT subject, row_number() OVER (ORDER BY least) FROM"  # noqa: S608
            " (SELECT subject, min(place) AS least FROM (SELECT subject, row_number()"
            f" OVER (ORDER BY {_ORDER}) AS place FROM entry) GROUP BY subject)"
        )
        self._db.execute(
            "UPDATE entry SET recording = (SELECT n FROM first WHERE first.subject = entry.subject)"
        )
        (count,) = self._db.execute("SELECT count(*) FROM first").fetchone()
        self._db.execute("DROP TABLE first")
        self._db.execute("COMMIT")
        return int(count)

    def recordings(self) -> Iterator[Recording]:
        """Each recording with its entries, by number; named as its latest entry names it."""
        numbers = self._db.execute("SELECT DISTINCT recording FROM entry ORDER BY recording")
        for (number,) in numbers.fetchall():
            entries = tuple(self._entries("recording = ?", (number,)))
            last = entries[-1]
            yield Recording(
                number,
                last.isrc,
                last.title,
                last.artist,
                next((e.label for e in reversed(entries) if e.label), ""),
                next((e.upc for e in reversed(entries) if e.upc), None),
                entries,
            )

    def charted(self, isrc: str) -> list[tuple[str, str]]:
        """Artist and title as entries with an ISRC have them; each once."""
        sql = "SELECT DISTINCT artist,title FROM entry WHERE subject = ?"
        return self._db.execute(sql, (f"isrc:{isrc}",)).fetchall()

    def weeks(self) -> list[str]:
        """The weeks of all charts, in order."""
        return [w for (w,) in self._db.execute("SELECT DISTINCT week FROM entry ORDER BY week")]

    def _entries(self, where: str, values: tuple[Any, ...]) -> Iterator[Entry]:
        sql = f"SELECT {_ENTRY} FROM entry WHERE {where} ORDER BY {_ORDER}"  # noqa: S608
        for row in self._db.execute(sql, values):
            yield Entry(*(*row[:-1], _problems(row[-1])))

    # items of evidence

    def add_item(self, one: Item) -> int:
        """Keep an item under its keys; its number."""
        keys = json.dumps(
            [list(one.keys.isrcs), list(one.keys.files), list(one.keys.essences),
             [list(n) for n in one.keys.names], list(one.keys.statements)]
        )  # fmt: skip
        row = (one.kind, one.input, one.where, keys, json.dumps(one.says, ensure_ascii=False))
        made = self._db.execute(
            "INSERT INTO item (kind,input,place,keys,says) VALUES (?,?,?,?,?)", row
        )
        number = int(made.lastrowid or 0)
        self._db.executemany(
            "INSERT INTO key VALUES (?,?,?)", [(k, v, number) for k, v in _key_rows(one.keys)]
        )
        return number

    def items(self, kind: str | None = None) -> Iterator[Item]:
        """All items, or those of one kind, by number."""
        where, values = ("WHERE kind = ?", (kind,)) if kind else ("", ())
        sql = f"SELECT number,kind,input,place,keys,says FROM item {where} ORDER BY number"  # noqa: S608
        for row in self._db.execute(sql, values):
            yield _item(row)

    def items_with(self, key: str, value: str, most: int = -1) -> list[Item]:
        """The items under one key, by number; of more than ``most`` the unknown signers' last.

        Keys: ``isrc``, ``file``, ``essence``, ``statement``, ``name``, ``artist``. ``name`` is the
        folded artist, a colon and the folded title; ``artist`` the folded artist.
        """
        sql = (
            "SELECT DISTINCT number,item.kind,input,place,keys,says"
            " FROM item JOIN key ON item = number WHERE key.kind = ? AND key.value = ?"
            " ORDER BY item.kind = 'manifest' AND"
            " coalesce(json_extract(says, '$._report.signer.rung'), 'unknown') = 'unknown',"
            " number LIMIT ?"
        )
        found = [_item(row) for row in self._db.execute(sql, (key, value, most))]
        return sorted(found, key=lambda item: item.number)

    def count_with(self, key: str, value: str) -> int:
        """How many items there are under one key."""
        sql = "SELECT count(DISTINCT item) FROM key WHERE kind = ? AND value = ?"
        (found,) = self._db.execute(sql, (key, value)).fetchone()
        return int(found)

    # exhibits and what the report counts

    def put_exhibit(self, number: int, body: Mapping[str, Any]) -> None:
        """Keep the exhibit of a recording (``audit-exhibit.schema.json``)."""
        flags = " ".join(one["flag"] for one in body["flags"])
        text = json.dumps(body, ensure_ascii=False)
        row = (number, body["state"], f" {flags} ", text)
        self._db.execute("INSERT OR REPLACE INTO exhibit VALUES (?,?,?,?)", row)
        apart = {(a["title"], a["artist"]) for a in body["appearances"] if a["namesDiffer"]}
        if apart:
            sql = "SELECT id,title,artist FROM entry WHERE recording = ?"
            found = self._db.execute(sql, (number,)).fetchall()
            ids = [(one,) for one, *names in found if tuple(names) in apart]
            self._db.executemany("UPDATE entry SET apart = 1 WHERE id = ?", ids)

    def exhibits(self) -> Iterator[dict[str, Any]]:
        """All exhibits by number."""
        for (body,) in self._db.execute("SELECT body FROM exhibit ORDER BY number"):
            yield json.loads(body)

    def exhibit(self, number: int) -> dict[str, Any]:
        """One exhibit."""
        sql = "SELECT body FROM exhibit WHERE number = ?"
        (body,) = self._db.execute(sql, (number,)).fetchone()
        found: dict[str, Any] = json.loads(body)
        return found

    def rows(self, week: str | None = None) -> Iterator[dict[str, Any]]:
        """The entries of the report (``audit.schema.json``, ``entry``), of one week or of all."""
        where, values = ("WHERE entry.week = ?", (week,)) if week else ("", ())
        sql = (
            f"SELECT {_ENTRY},exhibit.number,state,flags,apart FROM entry JOIN exhibit"  # noqa: S608
            f" ON exhibit.number = recording {where} ORDER BY {_ORDER}"
        )
        for row in self._db.execute(sql, values):
            yield _report_row(row)

    def query(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Counts over entries and exhibits, for the summary."""
        return self._db.execute(sql, values).fetchall()


def _key_rows(keys: Keys) -> Iterator[tuple[str, str]]:
    yield from (("isrc", value) for value in keys.isrcs)
    yield from (("file", value) for value in keys.files)
    yield from (("essence", value) for value in keys.essences)
    yield from (("statement", value) for value in keys.statements)
    for artist, title in keys.names:
        yield "artist", folded(artist)
        if (key := name_key(artist, title)) is not None:
            yield "name", key


def _item(row: tuple[Any, ...]) -> Item:
    number, kind, source, place, keys, says = row
    isrcs, files, essences, names, said = json.loads(keys)
    named = tuple((a, t) for a, t in names)
    made = Keys(tuple(isrcs), tuple(files), tuple(essences), named, tuple(said))
    return Item(kind, source, place, made, json.loads(says), number)


def _problems(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((rule, value) for rule, value in json.loads(text)) if text else ()


def _report_row(row: tuple[Any, ...]) -> dict[str, Any]:
    (source, number, week, rank, title, artist, isrc, label, upc, last, on, came, problems, exhibit,
     state, flags, apart) = row  # fmt: skip
    return {
        "week": week,
        "rank": rank,
        "title": title,
        "artist": artist,
        "isrc": isrc,
        "label": label,
        "upc": upc,
        "lastWeek": last,
        "weeksOnChart": on,
        "entered": came,
        "input": source,
        "row": number,
        "problems": list(dict.fromkeys(rule for rule, _ in _problems(problems))),
        "exhibit": exhibit,
        "state": state,
        "flags": [flag for flag in flags.split() if apart or flag != Flag.NAMES_DIFFER],
    }
