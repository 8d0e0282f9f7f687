"""What a source of evidence is: it reads a file or folder and yields items and problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from provenance.audit.asked import Asked
from provenance.audit.model import Input, Item, Problem
from provenance.audit.store import Store
from provenance.model.records import dataclass

Register = Callable[[str, Path, str], Input]
"""Role, path and relative name of a file that is read: hashes it and gives it its number."""


@dataclass(frozen=True)
class Reading:
    """What a source may use while it reads."""

    asked: Asked
    store: Store
    """What earlier sources found (``ORDER``)."""
    register: Register
    jobs: int = 1
    """Processes that may verify audio side by side; the result does not depend on it."""


@dataclass(frozen=True)
class SourceKind:
    """One kind of source.

    ``read`` never raises for what stands in the files: that is a ``Problem``. It raises
    ``InputError`` where what was named cannot be opened at all, and bounds time and memory.
    """

    title: str
    read: Callable[[Path, Reading], Iterator[Item | Problem]]
