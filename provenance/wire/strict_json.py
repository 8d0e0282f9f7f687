"""Strict JSON: I-JSON in, compact deterministic JSON out (spec 3; RFC 8259, RFC 7493).

Refused on reading: more bytes or nesting than the limits, a byte order mark, bytes that are no
UTF-8, lone surrogates and noncharacters, duplicate member names at any depth, NaN and infinities,
fractions and exponents, integers beyond 2^53 - 1. Nothing is canonicalised: the bytes are signed
as they are.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

MAX_INTEGER = 2**53 - 1
_BOM = b"\xef\xbb\xbf"
_SURROGATE = re.compile("[\ud800-\udfff]")
_NONCHARACTER = re.compile(
    "[\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | n) for plane in range(17) for n in (0xFFFE, 0xFFFF))
    + "]"
)
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MARK = re.compile("[\u061c\u200e\u200f]")
_BYTE_ORDER_MARK = re.compile("[\ufeff]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2064\u206a-\u206f\u3164\uffa0]"
    "|[\ufff9-\ufffb\U000e0000-\U000e0fff]|[A-Za-z][\u200c\u200d]|[\u200c\u200d][A-Za-z]"
)
"""What shows nothing. Joiners are letters' business in some scripts, beside ASCII ones in none."""
REMARKS = frozenset({"mark", "mixed-script", "invisible"})
"""Faults of text that are only remarked on (WIR-012); all others refuse it."""


_HINTS = {
    "byte-order-mark": "Save it as UTF-8 without BOM (byte order mark).",
    "not-utf-8": "Save it as UTF-8.",
    "not-json": "A comma, quotation mark or bracket is missing there or too many.",
    "not-an-integer": "Write whole numbers only.",
}


class JsonError(ValueError):
    """The bytes are not strict JSON.

    ``reason`` is a slug, ``where`` a place if one is known, ``hint`` how to mend it, or empty.
    """

    def __init__(self, reason: str, where: str = "", hint: str | None = None) -> None:
        super().__init__(f"{reason} at {where}" if where else reason)
        self.reason = reason
        self.where = where
        self.hint = _HINTS.get(reason, "") if hint is None else hint


def parse(data: bytes, *, max_bytes: int, max_depth: int) -> Any:
    """Parse strict JSON; raises ``JsonError`` for anything else (WIR-001 to WIR-007)."""
    if len(data) > max_bytes:
        raise JsonError("too-large")
    if data.startswith(_BOM):
        raise JsonError("byte-order-mark")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JsonError("not-utf-8", f"byte {error.start}") from None
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise JsonError("too-deep") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise JsonError("not-json", where, None if text.strip() else "It is empty.") from None
    _require_depth(value, max_depth)
    if not (text.isascii() and "\\" not in text):  # else no string can have either of them
        _require_characters(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise JsonError("duplicate-member", _SURROGATE.sub("\ufffd", name[:80]))
            seen.add(name)
    return members


def _integer(digits: str) -> int:
    if len(digits) > 17 or not -MAX_INTEGER <= (value := int(digits)) <= MAX_INTEGER:
        raise JsonError("integer-range")
    return value


def _fraction(_: str) -> Any:
    raise JsonError("not-an-integer")


def _constant(_: str) -> Any:
    raise JsonError("not-a-number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
)


def _require_depth(value: Any, max_depth: int) -> None:
    """Objects and lists in one another, level by level."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(max_depth):
        if not level:
            return
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, (dict, list))
        ]
    if level:
        raise JsonError("too-deep")


def _require_characters(value: Any) -> None:
    """No lone surrogate and no noncharacter, without recursion on the input's depth."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if _SURROGATE.search(item):
                raise JsonError("lone-surrogate")
            if not item.isascii() and _NONCHARACTER.search(item):
                raise JsonError("noncharacter")
            continue
        if isinstance(item, dict):
            children: list[Any] = [*item.keys(), *item.values()]
        elif isinstance(item, list):
            children = item
        else:
            continue
        waiting += [
            child
            for child in children
            if not (isinstance(child, str) and child.isascii())  # has neither of them
        ]


def encode(value: Any) -> bytes:
    """Compact UTF-8 JSON, members in the order given; raises ``TypeError`` for floats."""
    _require_integers(value)
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _require_integers(value: Any) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, float):
            raise TypeError("the wire form has no fractions")
        if isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, (list, tuple)):
            waiting += item


def normalise(value: Any) -> Any:
    """The same value with every string in NFC: what a signer does before signing (WIR-011)."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {normalise(k): normalise(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [normalise(v) for v in value]
    return value


def find_text_faults(
    value: Any, is_long_text: Callable[[str], bool] = lambda _: False
) -> Iterator[tuple[str, str]]:
    """Yield (JSON Pointer, fault) for every string that breaks the text rules (WIR-010).

    Faults: ``not-nfc``, ``control``, ``bidi-control``, ``byte-order-mark``, ``line-feed`` (outside
    long text), and the remarks ``mark`` (direction marks), ``mixed-script`` and ``invisible``.
    """
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        pointer, item = waiting.pop()
        if isinstance(item, dict):
            waiting += [(f"{pointer}/{_token(k)}", v) for k, v in item.items()]
            yield from ((f"{pointer}/{_token(k)}", f) for k in item for f in _faults(k, False))
        elif isinstance(item, list):
            waiting += [(f"{pointer}/{n}", v) for n, v in enumerate(item)]
        elif isinstance(item, str):
            yield from ((pointer, f) for f in _faults(item, is_long_text(pointer)))


def _token(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _faults(text: str, long_text: bool) -> Iterator[str]:
    if text.isascii():
        if _CONTROL.search(text):
            yield "control"
        if "\n" in text and not long_text:
            yield "line-feed"
        return
    if not unicodedata.is_normalized("NFC", text):
        yield "not-nfc"
    for pattern, fault in (
        (_CONTROL, "control"),
        (_BIDI, "bidi-control"),
        (_BYTE_ORDER_MARK, "byte-order-mark"),
        (_MARK, "mark"),
        (_INVISIBLE, "invisible"),
    ):
        if pattern.search(text):
            yield fault
    if "\n" in text and not long_text:
        yield "line-feed"
    if is_mixed_script(text):
        yield "mixed-script"


def is_plain(data: bytes) -> bool:
    """Whether no string of a strict JSON text can break a text rule or deserve a remark.

    Quicker than looking at each; False says nothing. No quote or bracket composes with what
    follows it, so a text in NFC has only strings in NFC.
    """
    if b"\\" in data:  # what an escape stands for is not in sight
        return False
    if data.isascii():
        return b"\x7f" not in data
    text = data.decode()
    return (
        unicodedata.is_normalized("NFC", text)
        and not any(pattern.search(text) for pattern in _UNPLAIN)
        and not is_mixed_script(text)
    )


_UNPLAIN = (re.compile("[\x7f-\x9f]"), _BIDI, _BYTE_ORDER_MARK, _MARK, _INVISIBLE)
"""Below the space there are only line breaks and tabs between strings: JSON refuses all others."""


_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "DESERET"})
_ALIKE |= {"LISU", "OSAGE", "TIFINAGH", "CANADIAN"}
"""Alphabets with letters of one look, as the names of their letters begin."""


def is_mixed_script(text: str) -> bool:
    """Whether one word has letters of two alphabets that look alike: another name, perhaps."""
    for word in re.findall(r"\w+", text):
        if word.isascii():
            continue
        scripts = {unicodedata.name(c, "?").split(" ")[0] for c in word if c.isalpha()}
        if len(scripts & _ALIKE) > 1:
            return True
    return False
