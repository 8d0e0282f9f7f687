"""What a mark is: what a file carries about AI beside our own tags (spec 21.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from provenance.model.findings import Scalar
from provenance.model.limits import KIB
from provenance.model.records import dataclass

MAX_MARKS = 100
"""Marks of one file that are told; nobody's track has more."""
MAX_SHOWN = 200
"""Characters of a foreign text that a mark repeats."""

KIND_OF = {
    "AIGC": "aigc",
    "AI_DISCLOSURE": "disclosure",
    "AI_METADATA": "disclosure",
    "C2PA": "c2pa",
    "COMMENT": "generator",
    "DIGITALSOURCETYPE": "iptc",
    "ENCODER": "generator",
    "TRANSPARENCY": "transparentmeta",
    "URL": "generator",
    "XMP": "iptc",
}
"""Which kind of mark a value of this name may be: only that module is imported."""

GENERATED, USED, SUSPECTED, NO_AI = "generated", "used", "suspected", "none"


@dataclass(frozen=True)
class Mark:
    """One foreign mark. Anybody can have put it there; nothing of it was verified.

    ``kind`` is the scheme: ``aigc``, ``c2pa``, ``disclosure``, ``generator``, ``iptc``,
    ``transparentmeta``, or ``more``. ``strength``: ``stated`` (said in the words of a scheme made
    for it), ``residue`` (what a tool leaves behind; it names the tool), ``unread`` (something
    stands there that is not read here). ``says`` of AI: ``generated`` (it made at least some of
    this), ``used``, ``suspected``, ``none``; None when it does not say.
    """

    kind: str
    where: str
    strength: str
    says: str | None
    detail: Mapping[str, Scalar] = field(default_factory=dict)


def text_of(value: bytes) -> str:
    """A foreign value as text that is short enough to repeat."""
    return value[: 4 * MAX_SHOWN].decode("utf-8", "replace")[:MAX_SHOWN]


def json_of(value: bytes) -> Any:
    """The JSON of a foreign value; None for what is no strict JSON of a tag's size."""
    from provenance.wire.strict_json import JsonError, parse

    try:
        return parse(value.strip(b"\x00 \r\n\t"), max_bytes=64 * KIB, max_depth=8)
    except JsonError:
        return None
