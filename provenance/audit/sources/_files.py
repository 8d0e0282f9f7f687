"""Which files of a folder are read, in which order, and what is said of those that cannot be.

Everything here depends on names and bytes alone, so that two machines read the same (AUD-020).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from provenance.audit.model import Input, Item, Problem
from provenance.audit.sources.base import Reading
from provenance.files.opening import open_regular
from provenance.model.errors import InputError
from provenance.model.records import dataclass

MAX_FILES = 100_000
"""Files of one folder that are read."""
MAX_ENTRIES = 1_000_000
"""Names of files and folders that are looked at to find them."""


@dataclass(frozen=True)
class File:
    """A regular file to be read, and its name relative to what was named, with ``/``."""

    path: Path
    name: str

    def open(self) -> BinaryIO:
        """Open it; it must not have become a symbolic link. Raises ``InputError``."""
        return open_regular(self.path, follow=False)


def files(named: Path, wanted: Callable[[File], bool]) -> Iterator[File | Problem]:
    """The file that was named, or the wanted files below the folder, in order (AUD-020).

    Raises ``InputError`` when there is nothing of that name.
    """
    name = shown(os.fsencode(named.name))
    if not named.is_dir():
        with open_regular(named):
            yield File(named.resolve(), name)
        return
    found = 0
    for seen, one in enumerate(_below(named), 1):
        if seen > MAX_ENTRIES or found >= MAX_FILES:
            yield Problem(0, None, "audit.too-many-files", name)
            return
        if isinstance(one, Problem) or wanted(one):
            found += isinstance(one, File)
            yield one
    if not found:
        yield Problem(0, None, "audit.source-empty", name)


def _below(named: Path) -> Iterator[File | Problem]:
    """Regular files in byte order of relative names; hidden names and symbolic links left out."""
    waiting = [(named, b"")]
    while waiting:
        path, name = waiting.pop()
        if not name or name.endswith(b"/"):
            try:
                waiting += reversed(_entries(path, name))
            except OSError:
                yield Problem(0, None, "audit.unreadable", shown(name))
        else:
            yield File(path, shown(name))


def _entries(folder: Path, name: bytes) -> list[tuple[Path, bytes]]:
    found: list[tuple[Path, bytes]] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            kind = entry.stat(follow_symlinks=False).st_mode
            if stat.S_ISDIR(kind):
                found.append((folder / entry.name, name + os.fsencode(entry.name) + b"/"))
            elif stat.S_ISREG(kind):
                found.append((folder / entry.name, name + os.fsencode(entry.name)))
    return sorted(found, key=lambda one: one[1])


def shown(name: bytes) -> str:
    """A file's name as text; bytes of it that are no UTF-8 are written out."""
    return name.decode("utf-8", "backslashreplace")


def numbered(
    found: Iterable[File | Problem], role: str, reading: Reading
) -> Iterator[tuple[Input, File] | Problem]:
    """Each file with its number; what cannot be opened is a problem (AUD-021)."""
    for file in found:
        if isinstance(file, Problem):
            yield file
            continue
        made = registered(file, role, reading)
        yield made if isinstance(made, Problem) else (made, file)


def each(
    path: Path,
    wanted: Callable[[File], bool],
    role: str,
    reading: Reading,
    read: Callable[[Input, File], Iterator[Item | Problem]],
) -> Iterator[Item | Problem]:
    """What ``read`` finds in each wanted file; one that cannot be read is a problem (AUD-021).

    Raises ``InputError`` when there is nothing of that name.
    """
    for one in numbered(files(path, wanted), role, reading):
        if isinstance(one, Problem):
            yield one
            continue
        try:
            yield from read(*one)
        except (InputError, OSError):
            yield Problem(one[0].number, None, "audit.unreadable", one[1].name)


def ending(*endings: str) -> Callable[[File], bool]:
    """Whether a file's name ends with one of these, which are in lower case."""
    return lambda file: file.name.lower().endswith(endings)


def registered(file: File, role: str, reading: Reading) -> Input | Problem:
    """Give a file its number; a problem where it cannot be opened."""
    try:
        return reading.register(role, file.path, file.name)
    except InputError:
        return Problem(0, None, "audit.unreadable", file.name)


def storable(says: Mapping[str, Any]) -> dict[str, Any]:
    """JSON members without lone surrogates, which no text file can hold."""
    return {storable_text(name): _storable(value) for name, value in says.items()}


def storable_text(text: str) -> str:
    """A text with ``?`` for each lone surrogate."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, Mapping):
        return storable(value)
    if isinstance(value, (list, tuple)):
        return [_storable(one) for one in value]
    return value
