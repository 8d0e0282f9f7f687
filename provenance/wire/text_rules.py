"""The text rules over a whole manifest: which strings break them, and where (spec 3.2).

The walk is iterative and keeps a place as a chain of names, because a payload of 200 KiB can have
so long names over so many values that writing out every pointer would take gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from provenance.model.records import dataclass
from provenance.wire.schemas import pointer_token
from provenance.wire.strict_json import REMARKS, find_text_faults

LONG_TEXT = frozenset({"description", "constraints", "scope"})
"""The members whose text may have line feeds (WIR-010)."""

LINE_FEED = "line-feed"

_NAMES = frozenset({"name", "label", "provider", "system"})
_OF_NAMES = frozenset({"mixed-script", "invisible"})
"""What deserves a remark in a name, and nowhere else."""
_MESSAGES = {
    "not-nfc": "text is not in Unicode normalisation form C: normalise it",
    "control": "text has a control character: remove it",
    "bidi-control": "text has a character that turns the reading direction: remove it",
    "byte-order-mark": "text has an invisible byte order mark: remove it",
    LINE_FEED: f"a line break stands only in {', '.join(sorted(LONG_TEXT))}: remove it",
    "mark": "text has an invisible direction mark",
    "invisible": "a name has a character that shows nothing",
    "mixed-script": "a word mixes letters of alphabets that look alike",
}


@dataclass(frozen=True)
class TextFault:
    """A string that breaks a rule, or deserves a remark: JSON Pointer, slug, words."""

    pointer: str
    rule: str
    message: str
    is_remark: bool


class _Place(NamedTuple):
    above: _Place | None
    name: str | int


def check(plain: Any) -> Iterator[TextFault]:
    """Every string and member name that breaks WIR-010 or WIR-011, or that WIR-012 is about.

    ``strict_json.is_plain`` is the quick way to know that there is none.
    """
    waiting: list[tuple[_Place | None, Any]] = [(None, plain)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, str):
            yield from _faults(place, value)
        elif isinstance(value, dict):
            for name in value:
                if not _is_plain(name):
                    yield from _faults(_Place(place, name), name, is_name=True)
            below = [(_Place(place, n), item) for n, item in value.items() if not _is_plain(item)]
            waiting += reversed(below)
        elif isinstance(value, list):
            below = [(_Place(place, n), item) for n, item in enumerate(value)]
            waiting += reversed(below)


def _is_plain(value: Any) -> bool:
    """Whether it is text of nothing but spaces and visible ASCII: no rule is about these."""
    return isinstance(value, str) and value.isascii() and value.isprintable()


def _faults(place: _Place | None, text: str, *, is_name: bool = False) -> Iterator[TextFault]:
    if _is_plain(text):
        return
    member = place.name if place is not None and not is_name else None
    for _, rule in find_text_faults(text, lambda _: member in LONG_TEXT):
        if rule in _OF_NAMES and member not in _NAMES:
            continue
        yield TextFault(_pointer(place), rule, _MESSAGES.get(rule, rule), rule in REMARKS)


def _pointer(place: _Place | None) -> str:
    names = []
    while place is not None:
        names.append(pointer_token(str(place.name)))
        place = place.above
    return "".join(f"/{name}" for name in reversed(names))
