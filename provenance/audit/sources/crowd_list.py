"""Lists that volunteers keep of artists who, they say, use AI: about artists, never recordings.

A list is a JSON array of entries, or an object with ``list``, ``licence`` and ``artists``. What
an entry says is kept as it stands; nobody has checked it, and entries that the list removed say
so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from provenance.audit.model import Input, Item, Keys, Problem
from provenance.audit.sources._files import File, each, ending, storable
from provenance.audit.sources.base import Reading, SourceKind
from provenance.wire.schemas import load_json

MAX_BYTES = 32 << 20
MAX_ENTRIES = 200_000
_MAX_TEXT = 1_000
_MAX_NAME = 500
_MAX_TERMS = 50


def _read(path: Path, reading: Reading) -> Iterator[Item | Problem]:
    return each(path, ending(".json"), "crowdList", reading, _entries)


def _entries(made: Input, file: File) -> Iterator[Item | Problem]:
    with file.open() as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        yield Problem(made.number, None, "audit.too-large", file.name)
        return
    found = _parsed(data)
    entries = found.get("artists") if isinstance(found, dict) else found
    if not isinstance(entries, list):
        yield Problem(made.number, None, "audit.list-unreadable", file.name)
        return
    of = _called(found, entries) or {"list": file.name, "licence": None}
    for place, entry in enumerate(entries):
        if place >= MAX_ENTRIES:
            yield Problem(made.number, place + 1, "audit.too-many-rows")
            return
        yield _item(entry, place, made, of)


def _called(found: Any, entries: Sequence[Any]) -> Mapping[str, str | None] | None:
    """The list's name and licence: as it says them, or by the form of its entries."""
    if isinstance(found, dict):
        name = _text(found.get("list"), _MAX_NAME)
        return {"list": name, "licence": _text(found.get("licence"))} if name else None
    return _known(entries[0]) if entries else None


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def _known(entry: Any) -> Mapping[str, str | None] | None:
    """The list whose entries have exactly these members, if it is a known one."""
    if not isinstance(entry, dict):
        return None
    for one in load_json("audit/crowd-lists.json")["lists"]:
        if set(one["members"]) == entry.keys():
            return {"list": str(one["list"]), "licence": str(one["licence"])}
    return None


def _item(entry: Any, place: int, made: Input, of: Mapping[str, str | None]) -> Item | Problem:
    artist = _text(entry.get("name"), _MAX_NAME) if isinstance(entry, dict) else None
    if artist is None:
        return Problem(made.number, place + 1, "audit.list-entry-bad")
    issue = entry.get("issue")
    says = {
        **of,
        "artist": artist,
        "disclosure": _text(entry.get("disclosure")),
        "disclosureTypes": _terms(entry.get("disclosureTypes")),
        "markers": _terms(entry.get("markers")),
        "notes": _text(entry.get("notes")),
        "dateAdded": _text(entry.get("dateAdded")),
        "dateUpdated": _text(entry.get("dateUpdated")),
        "removed": entry.get("removed") is True,
        "issue": issue if type(issue) is int else None,
    }
    keys = Keys(names=((artist, ""),))
    return Item("crowdList", made.number, f"/{place}", keys, storable(says))


def _text(value: Any, most: int = _MAX_TEXT) -> str | None:
    return value[:most] if isinstance(value, str) and value.strip() else None


def _terms(value: Any) -> Sequence[str] | None:
    """The terms of a list; None where the entry states no list."""
    if not isinstance(value, list):
        return None
    return [text for one in value[:_MAX_TERMS] if (text := _text(one)) is not None]


SOURCE = SourceKind("Crowd lists", _read)
