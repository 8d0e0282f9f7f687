"""Reports of detectors: who says how sure that AI made a recording, on what day (spec 25.3).

A score is no proof, and the detector is nobody that this tool knows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from provenance.audit.model import Input, Item, Keys, Problem
from provenance.audit.sources import _tables
from provenance.audit.sources._files import File, each, ending, storable, storable_text
from provenance.audit.sources.base import Reading, SourceKind
from provenance.files.tables import folded
from provenance.model.identifiers import normalise_isrc
from provenance.model.levels import AREAS
from provenance.wire.digests import parse_digest, spell

_ENDINGS = (*_tables.ENDINGS, ".json", ".ndjson", ".jsonl")
_MAX_JSON = 16 << 20
"""Bytes of a report that is one JSON array."""
_MAX_LINE = 1 << 20
_SCORE = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,18}))?\s?(%?)", re.ASCII)
_HEX = re.compile(r"[0-9A-Fa-f]{64}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_AREAS = {area.casefold(): area for area in AREAS}


class _RowError(ValueError):
    """What is wrong in a row: the rule, and what stood there."""


def _read(path: Path, reading: Reading) -> Iterator[Item | Problem]:
    return each(path, ending(*_ENDINGS), "detector", reading, _scores)


def _scores(made: Input, file: File) -> Iterator[Item | Problem]:
    for row in _rows(made, file):
        yield row if isinstance(row, Problem) else _item(row, made)


def _rows(made: Input, file: File) -> Iterator[_tables.Row | Problem]:
    with file.open() as stream:
        head = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        stream.seek(0)
        if head == b"[":
            yield from _of_array(stream, made, file)
        elif head == b"{":
            yield from _of_lines(stream, made)
        else:
            yield from _tables.rows(file, "detector", made.number)


def _of_array(stream: BinaryIO, made: Input, file: File) -> Iterator[_tables.Row | Problem]:
    """The objects of a JSON array, numbered from 1."""
    data = stream.read(_MAX_JSON + 1)
    found = _parsed(data) if len(data) <= _MAX_JSON else None
    if not isinstance(found, list):
        rule = "audit.too-large" if len(data) > _MAX_JSON else "audit.unreadable"
        yield Problem(made.number, None, rule, file.name)
        return
    yield from (_object(n, one, made) for n, one in enumerate(found, 1))


def _of_lines(stream: BinaryIO, made: Input) -> Iterator[_tables.Row | Problem]:
    """The objects of JSON, one a line."""
    number = 0
    while line := stream.readline(_MAX_LINE + 1):
        number += 1
        if number > _tables.MAX_ROWS:
            yield Problem(made.number, number, "audit.too-many-rows")
            return
        if len(line) > _MAX_LINE:
            yield Problem(made.number, number, "audit.row-unreadable")
            return
        if line.strip():
            yield _object(number, _parsed(line), made)


def _parsed(data: bytes) -> Any:
    """JSON with numbers as they are written; None for what is none."""
    try:
        return json.loads(data.decode("utf-8-sig"), parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return None


def _object(number: int, found: Any, made: Input) -> _tables.Row | Problem:
    if not isinstance(found, dict):
        return Problem(made.number, number, "audit.row-unreadable")
    known = _tables.names("detector")
    cells: dict[str, str] = {}
    for name, value in found.items():
        column = known.get(folded(name))
        if column is not None and isinstance(value, str) and value.strip():
            cells.setdefault(column, " ".join(storable_text(value).split())[: _tables.MAX_TEXT])
    return number, cells


def _item(row: _tables.Row, made: Input) -> Item | Problem:
    number, cells = row
    try:
        keys, says = _keys(cells), _says(cells)
    except _RowError as error:
        rule, value = error.args
        return Problem(made.number, number, rule, value)
    return Item("detector", made.number, f"row {number}", keys, storable(says))


def _says(cells: Mapping[str, str]) -> dict[str, Any]:
    missing = sorted(_tables.required("detector") - cells.keys())
    if missing:
        raise _RowError("audit.cell-missing", ", ".join(missing))
    area = cells.get("area")
    if area is not None and area.casefold() not in _AREAS:
        raise _RowError("audit.area-unknown", area)
    return {
        "tool": cells["tool"],
        "version": cells["version"],
        "score": permille(cells["score"]),
        "date": _day(cells["date"]),
        "area": _AREAS[area.casefold()] if area is not None else None,
        "verdict": cells.get("verdict"),
    }


def permille(text: str) -> int:
    """A score in permille, rounded down, so that no score is shown higher than it is (AUD-029).

    0 to 1, or 0 to 100 with ``%``: a bare number above 1 could be either, and is refused.
    """
    match = _SCORE.fullmatch(text.strip())
    if match is None:
        raise _RowError("audit.score-bad", text)
    value = Decimal(f"{match[1]}.{match[2] or 0}") / (100 if match[3] else 1)
    if value > 1:
        raise _RowError("audit.score-bad", text)
    return int(value * 1000)


def _day(text: str) -> str:
    """The day, or the day and time, as it stands there."""
    try:
        if _DAY.fullmatch(text):
            date.fromisoformat(text)
        elif _DAY.match(text) and text[10:11] in {"T", " "}:
            datetime.fromisoformat(text)
        else:
            raise _RowError
    except ValueError:
        raise _RowError("audit.date-bad", text) from None
    return text


def _keys(cells: Mapping[str, str]) -> Keys:
    """AUD-028: a row names the file that was analysed, or an ISRC, or both."""
    files_: list[str] = []
    isrcs: list[str] = []
    if "file_sha256" in cells:
        digest = digest_of_text(cells["file_sha256"])
        if digest is None:
            raise _RowError("audit.digest-bad", cells["file_sha256"])
        files_.append(digest)
    if "isrc" in cells:
        isrc = normalise_isrc(cells["isrc"])
        if isrc is None:
            raise _RowError("audit.isrc-bad", cells["isrc"])
        isrcs.append(isrc)
    if not files_ and not isrcs:
        raise _RowError("audit.row-without-key", cells.get("title", ""))
    names = ((cells["artist"], cells.get("title", "")),) if "artist" in cells else ()
    return Keys(tuple(isrcs), tuple(files_), (), names)


def digest_of_text(text: str) -> str | None:
    """A SHA-256 in hexadecimal digits or in our own spelling, in the latter; None for others."""
    if _HEX.fullmatch(text):
        return spell(bytes.fromhex(text))
    return text if parse_digest(text) is not None else None


SOURCE = SourceKind("Detector reports", _read)
