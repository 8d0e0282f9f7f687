"""The string formats that the schemas name, and how to write each (spec 3.5, WIR-040).

All expressions are linear; a check never raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime

from provenance.model import identifiers

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z")
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_UUID_4_URN = re.compile(
    r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
)
_LANGUAGE = re.compile(
    r"([a-z]{2,3}(-[a-z]{3}){0,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?"
    r"(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(-[0-9a-wy-z](-[a-z0-9]{2,8})+)*(-x(-[a-z0-9]{1,8})+)?"
    r"|x(-[a-z0-9]{1,8})+)",
    re.ASCII | re.IGNORECASE,
)
_MAX_LANGUAGE = 60
_HOST_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_MAX_HOST = 253
_YEAR, _MONTH = len("2026"), len("2026-11")


def is_time(text: str) -> bool:
    """RFC 3339 in UTC with ``Z``, a real date and time; no leap second (WIR-008)."""
    if not _TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text[: len("2026-11-23T08:00:00")])
    except ValueError:
        return False
    return True


def is_date(text: str) -> bool:
    """A year, a month or a day of ISO 8601 (MOD-009)."""
    if not _DATE.fullmatch(text):
        return False
    rest = {_YEAR: "-01-01", _MONTH: "-01"}.get(len(text), "")
    try:
        date.fromisoformat(text + rest)
    except ValueError:
        return False
    return True


def is_date_or_time(text: str) -> bool:
    """A date as above, or a time."""
    return is_date(text) or is_time(text)


def is_language(text: str) -> bool:
    """A tag of RFC 5646 in any case; no language has a registered subtag of over three letters."""
    return len(text) <= _MAX_LANGUAGE and bool(_LANGUAGE.fullmatch(text))


def is_domain(text: str) -> bool:
    """A host name in lower case with at least one dot (RFC 1123)."""
    labels = text.split(".")
    return len(text) <= _MAX_HOST and len(labels) > 1 and all(map(_HOST_LABEL.fullmatch, labels))


FORMATS: Mapping[str, Callable[[str], object]] = {
    "date-time": is_time,
    "date": is_date,
    "date-or-time": is_date_or_time,
    "uuid": _UUID.fullmatch,
    "uuid-urn": _UUID_4_URN.fullmatch,
    "language": is_language,
    "domain": is_domain,
    **identifiers.CHECKS,
}
"""Each format's check; its result is true or false in a truth test."""

_HOW = {
    "date-time": "a time in UTC, like 2026-11-23T08:00:00Z",
    "date": "a date like 2026-11-23 (or 2026-11, or 2026)",
    "date-or-time": "a date like 2026-11-23, or a time in UTC like 2026-11-23T08:00:00Z",
    "uuid": "a UUID in lower case",
    "uuid-urn": "urn:uuid: and a UUID of version 4 in lower case",
    "language": "a BCP 47 tag, like en or pt-BR; zxx where there are no words",
    "domain": "a host name in lower case, like label.example",
    "isrc": "12 characters without hyphens, like GBXYZ2600123",
    "iswc": "T and ten digits without separators; the last is a check digit",
    "isni": "16 characters without spaces; the last is a check character",
    "upc": "12 to 14 digits; the last is a check digit",
    "grid": "18 characters that begin with A1; the last is a check character",
    "ipi": "eleven digits; the last two are a check number",
    "ipn": "digits only",
    "dpid": "18 characters that begin with PADPIDA; the last is a check character",
}


def how_to_write(name: str, value: object) -> str:
    """The fix in words: the same identifier in its exact form where there is one, else the form."""
    if isinstance(value, str) and name in identifiers.CHECKS:
        exact = identifiers.normalise(name, value)
        if exact is not None:
            return f"write {exact}"
    return f"write {_HOW.get(name, name)}"
