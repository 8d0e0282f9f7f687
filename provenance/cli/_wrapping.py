"""Breaking lines between words, on a terminal only: what programs read stays one line."""

from __future__ import annotations

import re
from typing import TextIO

_MAX_COLUMNS = 100
_LABEL = re.compile(r" *\w+: +")


def fitted(text: str, stream: TextIO) -> str:
    """The text as it goes to ``stream``: wrapped to the terminal's width (at most 100 columns).

    A line that begins with a label (``Says:   ...``) goes on under its first word, any other
    two columns to the right of where it began. Off a terminal nothing changes.
    """
    if not stream.isatty():
        return text
    import shutil

    width = max(20, min(shutil.get_terminal_size().columns, _MAX_COLUMNS))
    return "\n".join(_wrapped(line, width) for line in text.split("\n"))


def _wrapped(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    import textwrap

    label = _LABEL.match(line)
    indent = label.end() if label else len(line) - len(line.lstrip()) + 2
    return textwrap.fill(
        line,
        width,
        subsequent_indent=" " * min(indent, width // 2),
        break_long_words=False,
        break_on_hyphens=False,
    )
