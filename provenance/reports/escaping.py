"""Making foreign text harmless on a terminal (spec 10.2, SEC).

Titles, names and file names may be crafted: control characters, escape sequences and
bidirectional controls are shown as escapes, never sent.
"""

from __future__ import annotations

import unicodedata

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_UNSAFE = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})


def shown(text: str, limit: int = 300) -> str:
    """The text with unsafe characters escaped, cut to ``limit`` characters."""
    cut = text if len(text) <= limit else text[: limit - 1] + "\u2026"
    if cut.isascii() and cut.isprintable():
        return cut
    return "".join(_shown(c) for c in cut)


def _shown(char: str) -> str:
    if char in _BIDI or unicodedata.category(char) in _UNSAFE:
        code = ord(char)
        if 0xDC80 <= code <= 0xDCFF:  # an undecodable byte of a file name
            return f"\\x{code - 0xDC00:02x}"
        return f"\\u{code:04x}"
    return char
