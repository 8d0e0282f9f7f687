"""What a form is: it begins on a stream, takes each result as it arrives, and ends.

>>> form = load("csv")
>>> writer = form.begin(sys.stdout.buffer, Layout())
>>> for item, report in verify_many(...):
...     writer.each(without_secrets(item.name), report)
>>> writer.end()
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import IO, Any, Protocol, runtime_checkable

from provenance.model.records import dataclass

Report = Mapping[str, Any]
"""One result by ``report.schema.json``."""


def is_short_of_passed(report: Report) -> bool:
    """What fails where nobody said what shall: whatever did not pass."""
    return bool(report["status"] != "PASSED")


def unchanged(text: str) -> str:
    """The text as it is."""
    return text


def none() -> int:
    """Nothing was passed over."""
    return 0


@dataclass(frozen=True)
class Layout:
    """What a form is told about the run."""

    many: bool = True
    """Whether there may be more than one input; where not, ``text`` says everything of it."""
    verbose: bool = False
    fails: Callable[[Report], bool] = is_short_of_passed
    """Whether a result counts against the run (``--fail-on``)."""
    fitted: Callable[[str], str] = unchanged
    """Breaks the lines of a text to the width of a terminal."""
    links: Callable[[], int] = none
    """How many symbolic links were passed over: asked when all results are there (BLK-005)."""


class Writer(Protocol):
    """A form at work. What it wrote of a result before the next one is flushed or kept on disk."""

    def each(self, name: str, report: Report) -> None:
        """Take one result; ``name`` is the input as the caller wrote it, without secrets."""

    def end(self) -> None:
        """Write what comes last. The stream is the caller's to close."""


@runtime_checkable
class Document(Writer, Protocol):
    """A form that is one document, of which each result is written as it arrives."""

    def break_off(self, why: str) -> None:
        """Write what comes last of a run that broke off: it is valid, and not whole (ING-013).

        It may come in the middle of writing a result, of which the rest is written first.
        """


@dataclass(frozen=True)
class Form:
    """One way to write results."""

    about: str
    """One line for people who choose."""
    begin: Callable[[IO[Any], Layout], Writer]
    """Start on a stream: of text where ``is_text``, else of bytes (UTF-8 where it is text).

    Raises ``MissingExtraError`` where the form needs an extra that is not installed.
    """
    is_text: bool = False
    """Whether it is for people, in the encoding of their terminal."""
    is_binary: bool = False
    """Whether it would play with a terminal."""
