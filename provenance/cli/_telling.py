"""Telling the results of ``prov verify`` as they come: a form on stdout, talk on stderr."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any

import click

from provenance.bulk.exits import FailOn, worst_exit
from provenance.bulk.items import Item, is_address
from provenance.cli._options import quoted, say
from provenance.cli._output import AGAIN, GOES_ON, written
from provenance.model.errors import ProvError, UsageError
from provenance.reports import forms
from provenance.reports.forms._counting import passed_over
from provenance.reports.forms.base import Document, Form, Layout, Writer
from provenance.wire.addresses import without_secrets, without_secrets_in

if TYPE_CHECKING:
    from provenance.cli._progress import Progress


class Teller:
    """Writes each result in the form that was chosen, and says how far the run is."""

    def __init__(self, name: str, layout: Layout, counts: FailOn, *, goes_on: bool = False) -> None:
        """``goes_on``: the same command goes on where this one is stopped."""
        self._form = forms.load(name)
        self._then = GOES_ON if goes_on else AGAIN
        self._layout, self._counts = layout, counts
        self._out = _out(self._form)
        self._for_people = self._form.is_text
        self.total: Callable[[], int | None] = lambda: None
        self._exits: set[int] = set()
        self.count = 0
        self._is_lost = False
        """Whether the output takes nothing more."""
        self._progress = self._begun() if layout.many else None

    def _begun(self) -> Progress:
        from provenance.cli._progress import Progress

        return Progress(sys.stderr, self._known_total, time.monotonic)

    @cached_property
    def _writer(self) -> Writer:
        """Begun with the first result: a call that is refused writes nothing."""
        return self._form.begin(self._out, self._layout)

    def take(self, item: Item, report: dict[str, Any], *, earlier: bool = False) -> None:
        """Tell one result; ``earlier`` where a run before this one found it."""
        if sys.stdout.isatty():
            self.pause()
        try:
            with written("the results", self._then):
                self._writer.each(without_secrets(item.name), report)
        except (OSError, ProvError):
            self._is_lost = True
            raise
        if self._for_people and (self._layout.verbose or not self._layout.many):
            _say_next(item, report)
        self.count += 1
        self._exits.add(self._counts.exit_of(report))
        if self._progress is not None:
            self._progress.count(report["status"], earlier=earlier)

    @contextmanager
    def closing(self) -> Iterator[None]:
        """A document that was begun is closed where the run breaks off inside (ING-013)."""
        try:
            yield
        except BaseException as error:
            begun = None if self._is_lost else vars(self).get("_writer")
            if isinstance(begun, Document):
                with suppress(OSError):
                    begun.break_off(_why(error))
            raise

    def _known_total(self) -> int | None:
        return self.total()

    def pause(self) -> None:
        """Leave the terminal clean."""
        if self._progress is not None:
            self._progress.erase()

    @property
    def exit_code(self) -> int:
        """The worst of what counts against the run (ING-031)."""
        return worst_exit(self._exits) if self.count else self._counts.exit_of_nothing()

    def end(self) -> None:
        """Tell what comes last."""
        self.pause()
        with written("the results", self._then):
            self._writer.end()
        if not self.count and not self._for_people:
            say("Nothing to verify.")
        passed = passed_over(self._layout.links())
        if passed and not self._for_people:
            say(passed)


def _why(error: BaseException) -> str:
    """Why a run broke off."""
    if isinstance(error, ProvError):
        return without_secrets_in(str(error))
    is_stop = isinstance(error, (KeyboardInterrupt, click.exceptions.Exit))
    return "it was stopped" if is_stop else f"internal error: {type(error).__name__}"


def _out(form: Form) -> IO[Any]:
    """Standard output for a form."""
    if form.is_binary and sys.stdout.isatty():
        hint = "Send it to a file with >."
        raise UsageError("this format would play with a terminal", hint=hint)
    sys.stdout.flush()
    if form.is_text:
        return sys.stdout
    try:
        return sys.stdout.buffer
    except AttributeError:  # a stream of texts alone, as notebooks have
        return _AsText()


class _AsText(io.BytesIO):
    """What is written goes to standard output as text."""

    def write(self, data: Any) -> int:
        """Write bytes of UTF-8."""
        sys.stdout.write(bytes(data).decode("utf-8", "backslashreplace"))
        return len(data)


def _say_next(item: Item, report: dict[str, Any]) -> None:
    """What to do about a result that is not PASSED, in the registry's words."""
    from provenance.reports.sentences import fix_of

    fix = fix_of(report, "FILE" if is_address(item.name) else quoted(item.name))
    if fix:
        say(f"  Next:   {fix}")
