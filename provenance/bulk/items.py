"""What to verify, one after another: never a list of all, however many there are (spec 26.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from provenance.model.records import dataclass


@dataclass(frozen=True)
class Item:
    """One thing to verify."""

    number: int
    """From 0, in the order given."""
    name: str
    """As the caller wrote it: a path, or a URL with a scheme (``s3://``, ``https://`` ...)."""
    isrc: str | None = None
    """The ISRC that the caller expects, in its exact form or as it was written."""


def items_of(arguments: Iterable[str]) -> Iterator[Item]:
    """The items that arguments stand for: a folder for the audio below it, the rest for itself."""
    number = 0
    for argument in arguments:
        for name in _named(argument):
            yield Item(number, name)
            number += 1


def _named(argument: str) -> Iterator[str]:
    path = Path(argument)
    if not path.is_dir():
        yield argument
        return
    from provenance.workspace.verifying import audio_below

    yield from map(str, audio_below(path))
