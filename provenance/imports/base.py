"""What an import is: a document or file in, drafts of declarations out, each with its origin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from provenance.model.records import dataclass


@dataclass(frozen=True)
class Draft:
    """A declaration as plain JSON values, unsigned, and where it was read.

    What the document does not say is left out, and never becomes ``none`` (EXP-012).
    """

    declaration: Mapping[str, Any]
    source: str
    """What it was read from: ``ddex-ern SoundRecording A1``."""
    said_by: str | None
    """Who said it there, in that document's own words; nobody has checked that."""
    left_out: tuple[str, ...] = ()
    """What the document says and a declaration cannot, or what could be read in two ways."""


@dataclass(frozen=True)
class Import:
    """One source: its name is its module's, with hyphens."""

    title: str
    read: Callable[[bytes], tuple[Draft, ...]]
    """Bytes of a document; raises ``InputError`` saying what to do."""
