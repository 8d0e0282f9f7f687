"""From reports to the rows of a history: one stream of rows for both engines (spec 25.9).

A chart's week counts once, from the latest report of that chart; what reports found about
recordings and declarations is kept from each of them, and what declarations say once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from provenance.audit.questions.claims import Claim, claim_of
from provenance.audit.questions.credited import degree, rows_of
from provenance.audit.questions.reports import Report, refuse
from provenance.audit.questions.vocabulary import Row, Value, tables
from provenance.audit.report import is_apart, rules_of
from provenance.audit.store import named
from provenance.model.records import dataclass

Tick = Callable[[str, int], None]
"""Called with the report's name and how many of its rows were read."""

_NUMBER = re.compile(r"d[0-9]{1,9}", re.ASCII)
_SID = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_SAFE = re.compile(r"[A-Za-z0-9._-]{1,100}", re.ASCII)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_HOLDS = "signature.valid"
_OVER = frozenset({"currency.superseded", "currency.withdrawn"})
_EPOCH = date(1970, 1, 1).toordinal()
_EVERY = 500


@dataclass(frozen=True)
class Fact:
    """One row of one table, or one claim as it was signed."""

    table: str
    row: Row = ()
    claim: Claim | None = None


def facts(reports: Sequence[Report], tick: Tick) -> Iterator[Fact]:
    """Everything that the reports say, report by report.

    Raises ``RefusedError`` for a report whose rows have not the form of ``audit.schema.json``.
    """
    weeks = _weeks(reports)
    seen: set[str] = set()
    for report in reports:
        yield _checked("audit", (report.audit, report.chart, report.at, report.auditor), report)
        steps = ((report.entries, _entry), (report.exhibits, _exhibit))
        mine = _Mine(report, weeks, seen)
        for rows, told in steps:
            for place, plain in enumerate(rows(), 1):
                if place % _EVERY == 0:
                    tick(report.shown, place)
                yield from _safely(told, plain, place, mine)
    for chart, found in weeks.items():
        for week, (report, previous) in found.items():
            row = (_week(report, week), report.audit, chart, week, previous)
            yield _checked("week", row, report)


@dataclass(frozen=True)
class _Mine:
    """One report among the others."""

    report: Report
    weeks: _Weeks
    seen: set[str]
    """The claims that stand in the history already."""


_Weeks = Mapping[str, Mapping[str, tuple[Report, str | None]]]


def _weeks(reports: Sequence[Report]) -> _Weeks:
    """For each chart its weeks, each with the latest report of it and the week before (AUD-101)."""
    found: dict[str, dict[str, Report]] = {}
    for report in reports:
        found.setdefault(report.chart, {}).update(dict.fromkeys(report.weeks, report))
    return {
        chart: {
            week: (mine[week], before)
            for week, before in zip(sorted(mine), (None, *sorted(mine)), strict=False)
        }
        for chart, mine in found.items()
    }


def _safely(
    told: Callable[[Mapping[str, Any], int, _Mine], Iterator[Fact]],
    plain: Mapping[str, Any],
    place: int,
    mine: _Mine,
) -> Iterator[Fact]:
    """What one row says; a row that is none refuses its report."""
    try:
        found = list(told(plain, place, mine))
    except (KeyError, TypeError, AttributeError, ValueError):
        refuse(mine.report.shown)
    yield from found


def _checked(table: str, row: Row, report: Report) -> Fact:
    made = tuple(_storable(value) for value in row)
    if not tables()[table].fits(made):
        refuse(report.shown)
    return Fact(table, made)


def _storable(value: Value) -> Value:
    """A text without what no store keeps: NUL and lone surrogates."""
    return _UNSTORABLE.sub("\ufffd", value) if isinstance(value, str) else value


def _week(report: Report, week: str) -> str:
    return f"{report.audit}#/weeks/{week}"


def _named(report: Report, number: Any) -> str:
    """The name of an exhibit."""
    if type(number) is not int:
        raise TypeError(number)
    return f"{report.audit}#/exhibits/{number}"


def _entry(plain: Mapping[str, Any], place: int, mine: _Mine) -> Iterator[Fact]:
    report = mine.report
    latest, _ = mine.weeks[report.chart][plain["week"]]
    if latest is not report:
        return
    said = (plain[member] for member in ("week", "rank", "title", "artist", "isrc", "label"))
    links = (_week(report, plain["week"]), _named(report, plain["exhibit"]))
    name = f"{report.audit}#/entries/{place}"
    row = (name, *links, report.chart, *said, plain["state"], is_apart(plain))
    yield _checked("entry", row, report)


def _exhibit(plain: Mapping[str, Any], place: int, mine: _Mine) -> Iterator[Fact]:
    if plain["exhibit"] != place:
        raise ValueError(place)
    report, name, what = mine.report, _named(mine.report, plain["exhibit"]), plain["recording"]
    one = what["isrc"] or named(what["artist"], what["title"])
    said = (what[member] for member in ("isrc", "title", "artist", "label"))
    row = (name, report.audit, report.at, one, *said, plain["state"])
    yield _checked("exhibit", row, report)
    for row in {_flag(name, flag)[0]: _flag(name, flag) for flag in plain["flags"]}.values():
        yield _checked("flag", row, report)
    yield from _unique(_outcomes(name, plain, report))
    claims = {one["id"]: claim_of(one) for one in plain["declarations"]}
    if len(claims) != len(plain["declarations"]):
        raise ValueError("ids")
    replaced = {claim.manifest.supersedes for claim in claims.values() if claim is not None}
    for one in plain["declarations"]:
        yield from _declaration(name, one, replaced, mine)
    for claim in claims.values():
        if claim is not None and claim.sid not in mine.seen:
            mine.seen.add(claim.sid)
            yield from _claim(claim, report)


def _unique(found: Iterator[Fact]) -> Iterator[Fact]:
    """Rows whose nodes have different names."""
    kept = list(found)
    if len({fact.row[0] for fact in kept}) != len(kept):
        raise ValueError("names")
    yield from kept


def _flag(exhibit: str, plain: Mapping[str, Any]) -> Row:
    detail, flag = plain["detail"], _safe(plain["flag"])
    declared, charted = detail.get("declared"), detail.get("charted")
    days = weeks = None
    if flag == "declaredAfterCharting":
        days = date.fromisoformat(declared).toordinal() - date.fromisoformat(charted).toordinal()
        weeks = detail.get("weeksOnChart")
    else:
        declared = charted = None
    return (f"{exhibit}/flags/{flag}", exhibit, flag, declared, charted, days, weeks)


def _safe(text: str) -> str:
    """A text that may stand in the name of a node."""
    if not _SAFE.fullmatch(text):
        raise ValueError(text)
    return text


def _outcomes(exhibit: str, plain: Mapping[str, Any], report: Report) -> Iterator[Fact]:
    for apart in (False, True):
        for profile in rules_of(plain, apart=apart):
            for rule in profile["rules"]:
                at = "rulesNamesDiffer" if apart else "rules"
                name = f"{exhibit}/{at}/{_safe(profile['profile'])}/{_safe(rule['rule'])}"
                said = (rule["rule"], rule["outcome"], rule["clause"])
                row = (name, exhibit, apart, profile["profile"], profile["issuer"], *said)
                yield _checked("outcome", row, report)


def _declaration(
    exhibit: str, plain: Mapping[str, Any], replaced: set[str | None], mine: _Mine
) -> Iterator[Fact]:
    """What a report found about a declaration, and the levels of one whose signature holds."""
    if not _NUMBER.fullmatch(plain["id"]):
        raise ValueError(plain["id"])
    name, report = f"{exhibit}/{plain['id']}", mine.report
    who, time, sid = (
        plain["signer"] or {},
        plain["time"] or {},
        (plain["statement"] or {}).get("sid"),
    )
    codes = sorted({_safe(check["code"]) for check in plain["checks"]} | {_safe(plain["code"])})
    is_over = sid in replaced or not _OVER.isdisjoint(codes) or _HOLDS not in codes
    row = (
        name,
        exhibit,
        None if sid is None else _statement(sid),
        report.at,
        plain["counts"],
        plain["status"] != "FAILED" and not is_over,
        plain["status"],
        plain["code"],
        who.get("name") or who.get("key"),
        who.get("callsItself"),
        who.get("rung"),
        who.get("key"),
        time.get("claimed"),
        time.get("best"),
    )
    yield _checked("verification", row, report)
    for code in codes:
        yield _checked("check", (f"{name}/checks/{code}", name, code), report)
    for area, level in plain["areas"].items():
        at = f"{name}/levels/{_safe(area)}"
        yield _checked("level", (at, name, area, level, degree(level)), report)


def _statement(sid: str) -> str:
    if not _SID.fullmatch(sid):
        raise ValueError(sid)
    return f"ni:///sha-256;{sid}"


def _claim(claim: Claim, report: Report) -> Iterator[Fact]:
    """What a declaration says, once; as rows, and as it was signed."""
    yield Fact("", claim=claim)
    name = _statement(claim.sid)
    day = date.fromisoformat(str(claim.manifest.issued)[:10]).toordinal() - _EPOCH
    yield _checked("claim", (name, claim.manifest.issued, day), report)
    for table, place, row in rows_of(claim.manifest):
        yield _checked(table, (f"{name}#/{table}/{place}", name, *row), report)
