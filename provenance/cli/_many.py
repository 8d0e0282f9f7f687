"""``prov verify`` over many files: sources, engine, state, forms and signals put together."""

from __future__ import annotations

import fcntl
import io
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any, NoReturn

import click

from provenance.bulk.engines import DEFAULT
from provenance.bulk.items import Item, PassedOver, Sources, is_address, items_of
from provenance.bulk.settings import Settings
from provenance.cli._options import say
from provenance.cli._telling import Teller
from provenance.model.errors import UsageError
from provenance.model.records import dataclass

TIMEOUT_SECONDS = 600.0
"""What one file may take: an hour of studio sound is read in less over a slow network."""
EXIT_STOPPED = 130

Report = dict[str, Any]
Result = tuple[Item, Report]


@dataclass(frozen=True)
class Run:
    """What is asked of a run beside its settings."""

    sources: Sources
    jobs: int
    seconds: float
    engine: str
    state: Path | None = None
    is_timed: bool = False
    """Whether the caller named the seconds."""

    @property
    def may_be_one(self) -> bool:
        """Whether it may be about one file alone."""
        plain = self.sources.table is None and self.state is None and self.engine == DEFAULT
        return plain and not any(a == "-" or a.startswith("@") for a in self.sources.arguments)

    def needs_worker(self, item: Item) -> bool:
        """Whether an only item has a deadline, which is a worker's: on disk none but by wish."""
        return self.is_timed or is_address(item.name)


def stdin() -> io.BufferedReader:
    """Standard input, read by nobody else."""
    return os.fdopen(os.dup(0), "rb")


def drawn(run: Run, passed: PassedOver) -> tuple[Iterator[Item], Item | None]:
    """The items of a run, and the only one if so; ``passed`` counts as they are drawn."""
    items = items_of(run.sources, stdin, passed)
    if not run.may_be_one:
        return items, None
    first = list(islice(items, 2))
    return chain(first, items), first[0] if len(first) == 1 else None


def one_by_one(items: Iterator[Item], settings: Settings) -> Iterator[Result]:
    """Verified in this process: a cold start loads no more than it needs."""
    from provenance.bulk.verifying import verify_item

    return ((item, verify_item(item, settings)) for item in items)


def over_many(run: Run, items: Iterator[Item], settings: Settings, teller: Teller) -> None:
    """Verify on an engine, and tell each result as it comes.

    Stopped by Ctrl-C or SIGTERM, it says how to go on, and ends with 130 (BLK-031).
    """
    from provenance.bulk.journal import call_of, journal
    from provenance.cli._progress import Total

    require_rewritable(run)
    try:
        with ExitStack() as stack:
            stack.enter_context(_stopped_by_sigterm())
            if sys.stderr.isatty() and run.sources.are_files:
                total = Total(items_of(run.sources, stdin))
                stack.callback(total.stop)
                teller.total = lambda: total.value
            kept = None
            if run.state is not None:
                kept = stack.enter_context(journal(run.state, call_of(run.sources, settings)))
                for item, report in kept.kept(items):
                    if report is None:
                        teller.take(item, _again(run, item, settings))
                    else:
                        teller.take(item, report, earlier=True)
            for item, report in _verified(stack, run, items, settings):
                if kept is not None:
                    kept.keep(report)
                teller.take(item, report)
    except KeyboardInterrupt:
        teller.pause()
        _stopped(run, teller.count)


def _verified(
    stack: ExitStack, run: Run, items: Iterator[Item], settings: Settings
) -> Iterator[Result]:
    from provenance.bulk.engines.base import TOGETHER, Wishes, engine_of
    from provenance.bulk.running import WINDOW, verify_many

    engine = engine_of(run.engine)
    executor = stack.enter_context(engine.open(run.engine, Wishes(run.jobs, run.seconds, TOGETHER)))
    alone = engine.group == 1
    window = max(WINDOW, (2 * TOGETHER if alone else 4) * run.jobs)
    return verify_many(items, executor, settings, group=engine.group, window=window)


def _again(run: Run, item: Item, settings: Settings) -> Report:
    """The report of one item whose earlier one was too large to be kept, as any other is made."""
    with ExitStack() as stack:
        ((_, report),) = _verified(stack, run, iter((item,)), settings)
        return report


def finished(run: Run) -> None:
    """All results are told: the state goes."""
    if run.state is not None:
        run.state.unlink(missing_ok=True)


@contextmanager
def _stopped_by_sigterm() -> Iterator[None]:
    """The signal that ends processes stops the run as Ctrl-C does."""
    import signal

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stopped(run: Run, done: int) -> NoReturn:
    files = f"{done:,} file{'' if done == 1 else 's'}"
    if run.state is None:
        say(f"Stopped after {files}. With --resume STATE a run can go on where it was stopped.")
    else:
        say(f"Stopped after {files}. The same command goes on from there.")
    raise click.exceptions.Exit(EXIT_STOPPED)


def require_rewritable(run: Run) -> None:
    """With a state the output is whole each time, so it must not be appended to another."""
    if run.state is None:
        return
    try:
        end = sys.stdout.fileno()
        is_file = stat.S_ISREG(os.fstat(end).st_mode)
        appends = is_file and fcntl.fcntl(end, fcntl.F_GETFL) & os.O_APPEND
    except (OSError, ValueError):  # no stream of the system
        return
    if appends:
        hint = "Write > in place of >>: what was found before is written again."
        raise UsageError("--resume does not append to a file", hint=hint)
