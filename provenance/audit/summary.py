"""Counts over the entries of a finished audit (spec 25.4; AUD-054, AUD-055): SQL over the store.

Every count is of entries: a recording that charts in ten weeks is counted ten times. What is
counted is read from the exhibits alone, so that the summary cannot say what no exhibit shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from provenance.audit.model import Flag, State, Sure
from provenance.audit.reasons import UNREAD
from provenance.audit.store import Store
from provenance.model.levels import AREAS, CORE_AREAS, Level
from provenance.profiles.judging import OUTCOMES

MAX_LABELS = 30
UNDECLARED = "undeclared"

_MAKE = {
    "counted_level": (
        "SELECT exhibit.number AS number, area.key AS name, area.value AS value FROM exhibit,"
        " json_each(exhibit.body, '$.declarations') AS one, json_each(one.value, '$.areas') AS area"
        " WHERE json_extract(one.value, '$.counts')"
    ),
    "counted_one": (
        "SELECT exhibit.number AS number, exhibit.state AS state,"
        " json_extract(one.value, '$.binding') AS binding,"
        " json_extract(one.value, '$.join.sure') AS sure"
        " FROM exhibit, json_each(exhibit.body, '$.declarations') AS one"
        " WHERE json_extract(one.value, '$.counts')"
    ),
    "counted_flag": (
        "SELECT exhibit.number AS number, json_extract(one.value, '$.flag') AS name"
        " FROM exhibit, json_each(exhibit.body, '$.flags') AS one"
    ),
    "counted_rule": (
        "SELECT exhibit.number AS number, json_extract(one.value, '$.profile') AS name,"
        " json_extract(one.value, '$.outcome') AS value, kind.apart AS apart"
        " FROM exhibit, (SELECT 0 AS apart, '$.rules' AS path"
        " UNION ALL SELECT 1, '$.rulesNamesDiffer') AS kind,"
        " json_each(exhibit.body, kind.path) AS one"
    ),
}
"""What exhibits say, as tables: which of a recording's levels, flags and outcomes count."""
_WEEKS_OF = "FROM entry JOIN {table} AS t ON t.number = entry.recording"

Rows = Iterable[tuple[Any, ...]]


def summarise(store: Store) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The counts of each week, in order, and of all weeks together (``audit.schema.json``)."""
    for name, sql in _MAKE.items():
        store.query(f"CREATE TEMP TABLE {name} AS {sql}")
        store.query(f"CREATE INDEX {name}_number ON {name} (number)")
    try:
        weeks = list(_weeks(store))
        (recordings,) = store.query("SELECT count(*) FROM exhibit")[0]
        labels = list(_labels(store))
        summary = {
            **_whole(weeks),
            "recordings": recordings,
            "counted": _counted(store),
            "labels": labels[:MAX_LABELS],
            "otherLabels": sum(one["entries"] for one in labels[MAX_LABELS:]),
            "rules": _rules(store),
        }
    finally:
        for name in _MAKE:
            store.query(f"DROP TABLE {name}")
    return weeks, summary


def _weeks(store: Store) -> Iterator[dict[str, Any]]:
    """One week after another: each table is gone through once, in the order of weeks."""
    areas = _areas_shown(store)
    states = _by_week(
        store.query(
            "SELECT week, state, count(*) FROM entry JOIN exhibit ON number = recording"
            " GROUP BY week, state"
        )
    )
    flags = _by_week(
        store.query(
            f"SELECT week, name, count(*) {_WEEKS_OF.format(table='counted_flag')}"
            " WHERE name != ? OR entry.apart GROUP BY week, name",
            (Flag.NAMES_DIFFER,),
        )
    )
    levels = _by_week(
        store.query(
            f"SELECT week, name, value, count(*) {_WEEKS_OF.format(table='counted_level')}"
            " GROUP BY week, name, value"
        )
    )
    for week in store.weeks():
        entries = sum(count for _, count in states.get(week, ()))
        yield {
            "week": week,
            "entries": entries,
            "states": _ordered(states.get(week, ()), State),
            "flags": _ordered(flags.get(week, ()), Flag),
            "areas": _areas(levels.get(week, ()), areas, entries),
        }


def _by_week(rows: Rows) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for week, *rest in rows:
        found.setdefault(week, []).append(tuple(rest))
    return found


def _ordered(rows: Rows, order: Iterable[str]) -> dict[str, int]:
    """Counts by name in a fixed order; what does not occur is left out."""
    counts: dict[str, int] = dict(rows)
    return {str(name): counts[name] for name in order if name in counts}


def _areas_shown(store: Store) -> list[str]:
    """The areas that labels name, and each other one that anybody declares."""
    declared = {name for (name,) in store.query("SELECT DISTINCT name FROM counted_level")}
    return [area for area in AREAS if area in CORE_AREAS or area in declared]


def _areas(rows: Rows, shown: Sequence[str], entries: int) -> dict[str, dict[str, int]]:
    """Entries by level for each area; the rest is undeclared."""
    found: dict[str, dict[str, int]] = {area: {} for area in shown}
    for area, level, count in rows:
        if area in found:
            found[area][level] = count
    made = {}
    for area, counts in found.items():
        levels = {str(level): counts[level] for level in Level if level in counts}
        rest = entries - sum(levels.values())
        made[area] = {**levels, **({UNDECLARED: rest} if rest else {})}
    return made


def _whole(weeks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """All weeks together."""
    areas = {
        area: _added((week["areas"][area] for week in weeks), (*Level, UNDECLARED))
        for area in (weeks[0]["areas"] if weeks else ())
    }
    return {
        "entries": sum(week["entries"] for week in weeks),
        "states": _added((week["states"] for week in weeks), State),
        "flags": _added((week["flags"] for week in weeks), Flag),
        "areas": areas,
    }


def _added(counts: Iterable[dict[str, int]], order: Iterable[str]) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in counts:
        for name, count in one.items():
            total[name] = total.get(name, 0) + count
    return _ordered(total.items(), order)


def _counted(store: Store) -> dict[str, int]:
    """How many entries rest on no audio, on a name or likeness, on what could not be read."""
    audio, name, declared = store.query(
        "SELECT count(CASE WHEN state = ? AND binding = ? THEN 1 END),"
        " count(CASE WHEN sure = ? THEN 1 END),"
        " count(CASE WHEN sure = ? AND state = ? THEN 1 END)"
        f" {_WEEKS_OF.format(table='counted_one')}",
        (State.DECLARED, "notCompared", Sure.WEAK, Sure.WEAK, State.DECLARED),
    )[0]
    (unread,) = store.query(
        "SELECT count(*) FROM entry JOIN exhibit ON number = recording"
        " WHERE json_extract(body, '$.why[0].reason') = ?",
        (UNREAD,),
    )[0]
    return {"withoutAudio": audio, "byName": name, "declaredByName": declared, "unread": unread}


def _labels(store: Store) -> Iterator[dict[str, Any]]:
    """Each label as the chart spells it, those with the most entries first."""
    rows = store.query(
        "SELECT label, state, count(*) FROM entry JOIN exhibit ON number = recording"
        " GROUP BY label, state"
    )
    by_label = _by_week(rows)
    counts = {label: sum(count for _, count in found) for label, found in by_label.items()}
    for label in sorted(counts, key=lambda name: (-counts[name], name)):
        states = _ordered(by_label[label], State)
        yield {"label": label, "entries": counts[label], "states": states}


def _rules(store: Store) -> dict[str, dict[str, int]]:
    """Entries by outcome for each profile, in the order in which they were asked for."""
    rows = store.query(
        "SELECT name, value, count(*), min(t.rowid)"
        f" {_WEEKS_OF.format(table='counted_rule')} AND t.apart = entry.apart"
        " GROUP BY name, value"
    )
    first: dict[str, int] = {}
    by_profile: dict[str, list[tuple[str, int]]] = {}
    for name, outcome, count, place in rows:
        first[name] = min(place, first.get(name, place))
        by_profile.setdefault(name, []).append((outcome, count))
    return {
        name: _ordered(by_profile[name], OUTCOMES) for name in sorted(first, key=first.__getitem__)
    }
