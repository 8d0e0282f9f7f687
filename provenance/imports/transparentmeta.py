"""TransparentMeta 0.1, from a file's tags: company, model, one level for the whole file.

Its signature covers the text and no audio, and is not checked: the draft is an unsigned claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provenance.imports._marked import WHOLE, entries_of, stated, text_of
from provenance.imports.base import Draft, Import
from provenance.marks.base import json_of

_MOST = 20
_LEFT = {
    "ai_assisted": "ai_assisted: anything from a suggestion to most of it",
    "human_created": "human_created: whoever knows it declares 'none' part by part",
}
_NO_PLACE = ("created_at", "user_id", "private_key_id", "additional_info")


def _read(document: bytes) -> tuple[Draft, ...]:
    """Raises ``InputError`` for what is no audio file."""
    found = []
    for entry in entries_of(document, "TransparentMeta", frozenset({"TRANSPARENCY"})):
        plain = json_of(entry.value)
        if isinstance(plain, dict) and "ai_usage_level" in plain:
            found.append(_draft(entry.where, plain))
    return tuple(found[:_MOST])


def _draft(where: str, plain: Mapping[str, Any]) -> Draft:
    company = text_of(plain.get("company"))
    tool = stated(
        provider=company,
        system=text_of(plain.get("model")),
        outputId=text_of(plain.get("content_id")),
    )
    entry: dict[str, Any] | None = None
    if plain["ai_usage_level"] == "ai_generated":
        entry = {"asset": "recording", "area": WHOLE, "level": "full", "process": "generated"}
        entry |= {"agents": [{"tool": "t1"}]} if tool else {}
    declaration = stated(
        contributions=[entry] if entry else None, tools=[{"ref": "t1", **tool}] if tool else None
    )
    source = f"TransparentMeta at {where}"
    return Draft(declaration, source, company, tuple(_left(plain, is_drafted=entry is not None)))


def _left(plain: Mapping[str, Any], *, is_drafted: bool) -> Iterator[str]:
    yield "its signature was not checked, and covers no audio"
    level = text_of(plain["ai_usage_level"])
    if is_drafted:
        yield "ai_generated is said of the whole file: divide the entry by area"
    else:
        yield _LEFT.get(level or "", f"ai_usage_level {level}: of no known meaning")
    for key in _NO_PLACE:
        if plain.get(key):
            yield f"{key}: {text_of(plain[key]) or 'an object'}"


IMPORT = Import("TransparentMeta 0.1, from a file's tags", _read)
