"""Texts in the cells of a table, made harmless for spreadsheet programs (SHT-013)."""

from __future__ import annotations

import re

ERRORS = "#N/A|#NAME\\?|#REF!|#VALUE!|#DIV/0!|#NUM!|#NULL!|#####*"
"""What a spreadsheet program writes in the place of a value, as a regular expression."""
DITTO = '"|\u3003|same as above'
"""What people write for 'as above', likewise."""

_SPECIAL = r"[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]"
_WRITE = re.compile(rf"((?:^|[;,\t])[ ]*'*)(?={_SPECIAL})")
_READ = re.compile(rf"((?:^|[;,\t])[ ]*'*)'(?={_SPECIAL})")
_WORDS = re.compile(rf"'*(?:{ERRORS}|{DITTO})", re.IGNORECASE)


def harmless(text: str) -> str:
    """A text as it is written into a cell: nothing in it is taken for a formula (SHT-013)."""
    return f"'{text}" if _WORDS.fullmatch(text) else _WRITE.sub(r"\1'", text)


def plain(text: str) -> str:
    """The text that ``harmless`` was given."""
    if text[:1] == "'" and _WORDS.fullmatch(text):
        return text[1:]
    return _READ.sub(r"\1", text)
