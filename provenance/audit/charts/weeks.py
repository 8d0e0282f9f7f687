"""Which week a text names: dates and week numbers as charts write them (spec 25.2).

An ISO week stands for its first day, Monday (ISO 8601). All expressions are linear, over at most
``_LONGEST`` characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, lru_cache

from provenance.audit.charts.columns import data

_LONGEST = 200
_YEAR = r"((?:19|20)\d\d)"
_WEEKS_OF_A_YEAR, _MONTHS = 53, 12
_NUMBER = re.compile(r"\d{1,2}")
_PLAIN_DAY = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2" + _YEAR + r"(?!\d)")


@cache
def _months() -> dict[str, int]:
    return {name: int(number) for number, all_ in data()["months"].items() for name in all_}


@cache
def _forms() -> tuple[tuple[re.Pattern[str], Callable[..., date]], ...]:
    """Each form of a date that has one meaning, and how its groups make the day."""
    month = "(" + "|".join(sorted(map(re.escape, _months()), key=len, reverse=True)) + ")"
    week = "(?:" + "|".join(sorted(data()["weekWords"], key=len, reverse=True)) + ")"
    start, end, nth = r"(?<![^\W_])", rf"{_YEAR}(?!\d)", r"(?:st|nd|rd|th|er|\.|\u00ba)?"
    forms: tuple[tuple[str, Callable[..., date]], ...] = (
        (rf"{_YEAR}([-._/ ])(\d{{1,2}})\2(\d{{1,2}})(?!\d)", lambda y, _, m, d: _day(y, m, d)),
        (rf"{_YEAR}(\d\d)(\d\d)(?!\d)", _day),
        (rf"{_YEAR}\u5e74 ?(\d{{1,2}})\u6708 ?(\d{{1,2}})\u65e5", _day),
        (rf"{_YEAR}[-_ ./]{{0,2}}{week}[-_ .]{{0,2}}(\d{{1,2}})(?!\d)", _monday),
        (rf"{start}{week}[-_ .:]{{0,2}}(\d{{1,2}})[-_ ,./]{{1,3}}(?:of )?{end}", _monday_of),
        (rf"(\d{{1,2}}){nth}[ _-]{{0,2}}(?:de |of )?{month}\.?[ ,_-]{{0,2}}(?:de )?{end}", _named),
        (rf"{start}{month}\.?[ _-]{{1,2}}(\d{{1,2}}){nth}[ ,_-]{{1,3}}{end}",
         lambda m, d, y: _named(d, m, y)),
    )  # fmt: skip
    return tuple((re.compile(rf"(?<!\d){form}"), make) for form, make in forms)


def _day(year: str, month: str | int, day: str) -> date:
    return date(int(year), int(month), int(day))


def _named(day: str, month: str, year: str) -> date:
    return _day(year, _months()[month], day)


def _monday_of(week: str, year: str) -> date:
    return _monday(year, week)


def _monday(year: str, week: str) -> date:
    return date.fromisocalendar(int(year), int(week), 1)


@lru_cache(maxsize=4096)
def week_in(text: str, order: str = "") -> str | None:
    """The first day that a text names, ``YYYY-MM-DD``; None where it names none for certain.

    ``order`` says what ``03/04/2026`` means: ``dm`` or ``md``. Where it is empty such a date has
    two meanings, and none is taken (AUD-009).
    """
    plain = text[:_LONGEST].casefold()
    for form, make in _forms():
        for found in form.finditer(plain):
            try:
                return make(*found.groups()).isoformat()
            except ValueError:
                continue
    days = (_plain(found, order) for found in _PLAIN_DAY.finditer(plain))
    return next(filter(None, days), None)


def _plain(found: re.Match[str], order: str) -> str | None:
    """A day of three numbers; with full stops the day comes first."""
    first, between, second, year = found.groups()
    order = "dm" if between == "." or first == second else order or _order(first, second)
    if not order:
        return None
    day, month = (first, second) if order == "dm" else (second, first)
    try:
        return _day(year, month, day).isoformat()
    except ValueError:
        return None


def _order(first: str, second: str) -> str:
    if int(first) > _MONTHS >= int(second):
        return "dm"
    return "md" if int(second) > _MONTHS >= int(first) else ""


def order_of(texts: Iterable[str]) -> str:
    """Whether in a column the day comes first (``dm``) or the month (``md``); empty if unsure."""
    found = {
        _order(match[1], match[3])
        for text in texts
        for match in _PLAIN_DAY.finditer(text[:_LONGEST])
        if match[2] != "."
    } - {""}
    return found.pop() if len(found) == 1 else ""


def week_of_number(text: str, year: str) -> str | None:
    """The Monday of a week that is a number alone, in a year that another cell says."""
    if not _NUMBER.fullmatch(text) or not re.fullmatch(_YEAR, year):
        return None
    try:
        return _monday(year, text).isoformat()
    except ValueError:
        return None
