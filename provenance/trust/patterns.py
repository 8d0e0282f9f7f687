"""Patterns of identifiers in grants, in their exact forms (spec 14.4, POL-011)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import ascii_uppercase, digits

from provenance.model import identifiers

_LETTERS, _DIGITS = ascii_uppercase, digits
_BOTH = _LETTERS + _DIGITS
_PLACES: Mapping[str, tuple[str, ...]] = {
    "isrc": (_LETTERS,) * 2 + (_BOTH,) * 3 + (_DIGITS,) * 7,
    "upc": (_DIGITS,) * 14,
    "iswc": ("T",) + (_DIGITS,) * 10,
    "grid": ("A", "1") + (_BOTH,) * 16,
}
"""What may stand at each place of an identifier."""

_SEPARATORS = {"iswc": "[-. ]"}
"""What people write between the parts; a dot in others may be meant as an expression."""

_ISRC = "([A-Z]{2}-?[A-Z0-9]{3}-?[0-9]{2}-?[0-9]{5})"
_RANGE = re.compile(f"{_ISRC}-{_ISRC}")
_REGISTRANT = 5
"""Country and registrant: both ends of a range have the same."""


def normalise_pattern(kind: str, text: str) -> str | None:
    """The exact form of a pattern: an identifier, its beginning and ``*``, or an ISRC range.

    Takes lower case and hyphens; None when it is no pattern, or covers nothing.
    """
    plain = text.strip().upper()
    if plain.endswith("*"):
        return _prefix(kind, plain[:-1])
    if kind == "isrc" and (found := _RANGE.fullmatch(plain)):
        return _range(found[1].replace("-", ""), found[2].replace("-", ""))
    return identifiers.normalise(kind, plain)


def is_range(text: str) -> bool:
    """Whether this is written as an ISRC range, though its ends may make none."""
    return _RANGE.fullmatch(text.strip().upper()) is not None


def _prefix(kind: str, text: str) -> str | None:
    prefix = re.sub(_SEPARATORS.get(kind, "[- ]"), "", text)
    places = _PLACES[kind]
    fits = len(prefix) < len(places) and all(c in p for c, p in zip(prefix, places, strict=False))
    return prefix + "*" if fits else None


def _range(first: str, last: str) -> str | None:
    """Both ends of one registrant, in order: how many it covers can then be counted."""
    same = first[:_REGISTRANT] == last[:_REGISTRANT]
    return f"{first}-{last}" if same and first <= last else None
