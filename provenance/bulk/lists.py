"""Lists and tables of names, as programs print and people save them (spec 26.1)."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence

from provenance.files.tables import encoding_of, folded, text_rows
from provenance.model.errors import UsageError
from provenance.wire.cell_texts import plain

NAME_BYTES = 1 << 16
"""No path is longer, nor any address that means something."""
_CHUNK_BYTES = 1 << 16
_COLUMNS = {
    "path": frozenset({"path", "file", "filename", "filepath", "url"}),
    "isrc": frozenset({"isrc", "isrccode"}),
}
"""Names of columns, without what does not count in them."""


def names_in(stream: io.BufferedReader, *, nul: bool = False) -> Iterator[str]:
    """The names in a list, one a line or ended by NUL; empty ones are passed over (BLK-001).

    Each is given as soon as it can be read; bytes that are no UTF-8 are kept. Raises
    ``UsageError`` for a list in UTF-16, or with a name that none can be.
    """
    end, rest, number = b"\x00" if nul else b"\n", b"", 0
    for chunk in _chunks(stream, nul=nul):
        *whole, rest = (rest + chunk).split(end)
        for name in whole if chunk else [rest]:
            number += 1
            kept = name if nul else name.removesuffix(b"\r")
            if len(kept) > NAME_BYTES:
                raise _too_long(number)
            if kept:
                yield os.fsdecode(kept)
        if len(rest) > NAME_BYTES:
            raise _too_long(number + 1)


def _chunks(stream: io.BufferedReader, *, nul: bool) -> Iterator[bytes]:
    """A list in pieces as they arrive, without a byte order mark; an empty one at the end."""
    head = stream.read1(_CHUNK_BYTES)
    mark, encoding = (b"", "utf-8") if nul else encoding_of(head)
    if encoding != "utf-8":
        hint = "Save it in UTF-8, or give names that end with NUL with -0."
        raise UsageError("the list of names is not in UTF-8", hint=hint)
    chunk = head[len(mark) :]
    while chunk:
        yield chunk
        chunk = stream.read1(_CHUNK_BYTES)
    yield b""


def _too_long(number: int) -> UsageError:
    hint = "A list has one name a line, or with -0 ends each with NUL."
    return UsageError(f"name {number} of the list is longer than any name can be", hint=hint)


def rows_in(stream: io.BufferedReader) -> Iterator[tuple[str, str | None]]:
    """The path and the expected ISRC of each row of a CSV (BLK-004).

    Raises ``UsageError`` for one without a column of paths, or with two.
    """
    rows = text_rows(stream)
    _, header = next(rows, (0, []))
    names = [folded(cell) for cell in header]
    path, isrc = _place(names, "path"), _place(names, "isrc")
    if not header:
        hint = "Its first row names its columns: 'path' (and 'isrc' where you expect one)."
        raise UsageError("the table is empty", hint=hint)
    if path is None:
        shown = ", ".join(cell.strip() for cell in header[:10])
        hint = "Name a column 'path' (and 'isrc' where you expect one)."
        raise UsageError(f"the table has no column of paths, but: {shown}", hint=hint)
    for number, cells in rows:
        name = _cell(cells, path)
        expected = _cell(cells, isrc) if isrc is not None else ""
        yield _on_disk(plain(name)) if name else f"(row {number} names no file)", expected or None


def _place(names: Sequence[str], wanted: str) -> int | None:
    found = [place for place, name in enumerate(names) if name in _COLUMNS[wanted]]
    if len(found) > 1:
        hint = "Give all but one of them another name."
        raise UsageError(f"the table has two columns for '{wanted}'", hint=hint)
    return found[0] if found else None


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _on_disk(name: str) -> str:
    """A name whose bytes are no UTF-8: as it is where it stands so on disk, else Windows-1252."""
    if name.isascii() or os.path.lexists(name):
        return name
    try:
        raw = name.encode("utf-8", "surrogateescape")
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
    except UnicodeEncodeError:
        return name
    return name
