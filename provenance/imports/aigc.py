"""AIGC labels (GB 45438-2025) in a file's tags: who generated it, under which number.

The label has one value for a whole file and names no part and no share: no level is drafted
from it. A document that is the JSON object itself is read too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from provenance.imports._marked import entries_of, stated, text_of
from provenance.imports.base import Draft, Import
from provenance.marks.aigc import KEYS, parse
from provenance.model.errors import InputError

_MOST = 20
_DECLARATION = "urn:uuid:"
"""How the identifier of a declaration begins, which an export writes where no tool has a number."""
_CODE = re.compile(r"[0-9A-Z]{18,40}")
"""A provider's code; other texts are names."""
_LABELS = {
    "1": "AI generated at least some of it; which part and how much is not said",
    "2": "AI may have generated it: a supposition, which is not declared",
    "3": "AI is suspected to have generated it: a supposition, which is not declared",
}


def _read(document: bytes) -> tuple[Draft, ...]:
    """Raises ``InputError`` for what is neither a label nor an audio file."""
    return tuple(_draft(where, plain) for where, plain in _labels(document))[:_MOST]


def _labels(document: bytes) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if document.lstrip()[:1] == b"{":
        plain = parse(document)
        if plain is None or "Label" not in plain:
            raise InputError("AIGC: is no label", hint=f"Its keys are {', '.join(KEYS)}.")
        yield "document", plain
        return
    for entry in entries_of(document, "AIGC", frozenset({"AIGC"})):
        plain = parse(entry.value)
        if plain is not None:
            yield entry.where, plain


def _draft(where: str, plain: Mapping[str, Any]) -> Draft:
    said = {key: text_of(plain.get(key)) for key in KEYS}
    producer = said["ContentProducer"]
    code = producer if producer and _CODE.fullmatch(producer) else None
    number, left = said["ProduceID"], list(_left(said))
    if number and number.lower().startswith(_DECLARATION):
        left.append(f"ProduceID: {number}: may be the identifier of a declaration, not a tool's")
        number = None
    elif number and not producer:
        left.append(f"ProduceID: {number}: whose number it is, is not said")
    tool = stated(
        provider=None if code else producer,
        outputId=number,
        ids={"aigc": code} if code else None,
    )
    declaration = stated(tools=[{"ref": "t1", **tool}] if producer else None)
    return Draft(declaration, f"AIGC label at {where}", producer, tuple(left))


def _left(said: Mapping[str, str | None]) -> Iterator[str]:
    label = said["Label"]
    yield f"Label {label}: {_LABELS.get(label or '', 'of no known meaning')}"
    for key in KEYS[3:]:
        if said[key]:
            yield f"{key}: {said[key]}"


IMPORT = Import("China: AIGC label (GB 45438-2025), from a file's tags", _read)
