"""A progress bar for the steps of an audit on a terminal; nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from provenance.audit.auditing import Tick


@contextmanager
def ticking() -> Iterator[Tick]:
    """Gives a function that says what is being done, how many are done, and of how many."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    shown = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*shown, TimeElapsedColumn(), console=console, transient=True) as progress:
        tasks: dict[str, int] = {}

        def tick(what: str, done: int, total: int | None) -> None:
            task = tasks.setdefault(what, -1)
            if task < 0:
                task = tasks[what] = progress.add_task(what, total=total)
            progress.update(task, completed=done + 1, total=total)  # type: ignore[arg-type]

        yield tick
