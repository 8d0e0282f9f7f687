"""What one cell of a chart says: texts, ranks, numbers, identifiers (spec 25.2)."""

from __future__ import annotations

import re
import unicodedata

from provenance.audit.charts.columns import data, words
from provenance.model.identifiers import is_isrc, normalise_isrc
from provenance.model.records import dataclass
from provenance.sheets.cells import MAX_TEXT
from provenance.sheets.tables import TableRow
from provenance.wire.cell_texts import plain

_SHOWN = 200
_DIGITS = 7
_RANK = re.compile(
    r"(?P<tie>[=T](?=\s*\d))?\s*(?:#|No\.?|Nr\.?)?\s*(?P<rank>\d{1,7})(?:\.0{1,9})?\s*(?P<tied>[=T])?"
    r"(?:st|nd|rd|th|:[ae]|[.):\u00ba\u00aa\u4f4d\uc704])?"
    r"(?:\s+[^\d\s][^\d]{0,30})?",
    re.IGNORECASE,
)
_AS_TEXT = re.compile(r'="([^"]*)"')
"""How a spreadsheet keeps zeros in CSV: a formula that is one text (AUD-004)."""
_FORMULA = re.compile(r"[=\uff1d](?!\s*\d*$)")
"""Not the rank ``=1``, and not the title ``=``."""
_UNSEEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
_JOINERS = "\u200c\u200d"
"""Needed to write some languages and emoji."""
_SPACES = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]")
_MOJIBAKE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6-\u02dc\u2013-\u2122]")
_REPLACED = "\ufffd"


@dataclass(frozen=True)
class Rank:
    """A rank, and whether the chart itself says that others share it."""

    value: int | None
    is_tied: bool = False


NO_RANK = Rank(None)


def cell(row: TableRow, place: int | None) -> tuple[str, str]:
    """The text of a cell and its form; a formula, and an error, has no text (AUD-004)."""
    if place is None or place >= len(row.texts):
        return "", "text"
    text = row.texts[place].strip()
    form = row.forms.get(place, "text") if row.forms else "text"
    if form == "text" and text[:1].isalnum():
        return text, form
    if form in {"formula", "error"}:
        return "", form
    if text[:1] in {"=", "\uff1d", "'"} and form == "text":
        as_text = _AS_TEXT.fullmatch(text)
        if as_text:
            return as_text[1].strip(), "text"
        if _FORMULA.match(text):
            return "", "formula"
        return plain(text), "text"
    return text, form


def shown(text: str) -> str:
    """A text of anybody for a message: one line, nothing unseen, at most 200 characters."""
    cut = text[:_SHOWN]
    escaped = _UNSEEN.sub(lambda m: f"\\u{ord(m[0]):04x}", cut)
    return escaped if len(escaped) <= _SHOWN else escaped[: _SHOWN - 1] + "\u2026"


def clean(text: str) -> tuple[str, str]:
    """A text on one line in NFC, without characters that nobody sees; and what was wrong with it.

    That is ``changed`` (something was taken away), ``damaged`` (characters were lost before) or
    nothing (AUD-012).
    """
    if text.isascii() and text.isprintable() and len(text) <= MAX_TEXT and "  " not in text:
        return text.strip(), ""
    spaced = " ".join(_SPACES.sub(" ", text[: MAX_TEXT * 4]).split())
    seen = _UNSEEN.sub(lambda m: m[0] if m[0] in _JOINERS else "", spaced)
    kept = unicodedata.normalize("NFC", seen)[:MAX_TEXT].strip()
    if _REPLACED in kept or _reads_doubly_encoded(kept):
        return kept, "damaged"
    return kept, "changed" if seen != spaced or len(seen) > MAX_TEXT else ""


def _reads_doubly_encoded(text: str) -> bool:
    """Whether UTF-8 was once read as Windows-1252, as in ``Beyonc\u00c3\u00a9``."""
    if not _MOJIBAKE.search(text):
        return False
    try:
        text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    return True


def rank_of(text: str) -> Rank:
    """``1``, ``1=``, ``#1``, ``1st``, ``1 (NEW)``; no rank for what is none (AUD-007)."""
    if text.isascii() and text.isdecimal() and len(text) <= _DIGITS:
        return Rank(int(text) or None)
    found = _RANK.fullmatch(unicodedata.normalize("NFKC", text[:60]))
    if found is None or int(found["rank"]) == 0:
        return NO_RANK
    return Rank(int(found["rank"]), bool(found["tie"] or found["tied"]))


def number_of(text: str) -> tuple[int | None, bool]:
    """A number that may be missing, and whether the text is understood: ``NEW`` is no number."""
    if text.isdecimal() and len(text) <= _DIGITS:
        return int(text), True
    if entered(text) or _word(text) in words("noNumber") or is_empty(text):
        return None, True
    found = rank_of(text).value
    return found, found is not None


def entered(text: str) -> str | None:
    """What a cell says of how the entry came in: ``new``, ``reEntry``, or nothing."""
    word = _word(text)
    if word in words("newEntry"):
        return "new"
    return "reEntry" if word in words("reEntry") else None


def _word(text: str) -> str:
    return text[:60].casefold().strip("()[] *.!")


def is_empty(text: str) -> bool:
    """Whether a text stands for nothing: ``-``, ``N/A``."""
    short = text[:60]
    return not any(map(str.isalnum, short)) or short.casefold() in words("empty")


def isrc_of(text: str) -> str | None:
    """An ISRC in its exact form; None for what is none (AUD-010)."""
    if is_isrc(text):
        return text
    return normalise_isrc(text) if len(text) <= 40 else None


def split(text: str) -> tuple[str, str] | None:
    """The two texts of a cell that has both artist and title; None where nothing is between."""
    for between in data()["between"]:
        first, found, second = text.partition(between)
        if found and first.strip() and second.strip():
            return first.strip(), second.strip()
    return None
