"""``verify_many``: many items over any executor, answers in order, memory flat (spec 26.3)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from itertools import islice
from queue import SimpleQueue
from typing import Any

from provenance.bulk.items import Item
from provenance.bulk.settings import Settings, context_of
from provenance.bulk.verifying import failed, verify_in_stages
from provenance.model.errors import ProvError
from provenance.verify.stages import Stages, done
from provenance.wire.addresses import without_secrets

WINDOW = 128
"""Groups in flight: as many reports are held at most."""

Sizes = Callable[[int], int]
"""How many items are in a group, by its number from 0."""
Report = dict[str, Any]
Verify = Callable[[Item, Settings], Report | Stages[Report]]


def verify_many(
    items: Iterable[Item],
    executor: Executor,
    settings: Settings,
    *,
    group: int | Sizes = 1,
    window: int = WINDOW,
    verify: Verify = verify_in_stages,
) -> Iterator[tuple[Item, Report]]:
    """Each item with its report, in the order of the items, as soon as it is there (BLK-020).

    ``executor`` follows ``concurrent.futures``; at most ``window`` tasks of ``group`` items are in
    flight. A task that fails costs its items an ERROR report each, after each was tried alone
    where there were several (BLK-021). ``items`` are drawn in a thread of their own.

    Raises ``ProvError`` for settings that cannot be used; what ``items`` raises is raised here
    when its turn comes. An executor that breaks as a whole raises its ``BrokenExecutor``.
    """
    context_of(settings)
    feed = _Feed(executor, settings, verify, group, window)
    threading.Thread(target=feed.run, args=(items,), daemon=True).start()
    try:
        while True:
            sent = feed.sent.get()
            if sent is None:
                return
            if isinstance(sent, BaseException):
                raise sent
            yield from zip(sent.items, feed.reports(sent), strict=True)
            feed.room.put(None)
    finally:
        feed.stop()


def verify_group(items: list[Item], settings: Settings, verify: Verify) -> list[Report]:
    """The reports of some items: one task of an executor."""
    return done(group_in_stages(items, settings, verify))


def group_in_stages(items: list[Item], settings: Settings, verify: Verify) -> Stages[list[Report]]:
    """``verify_group`` in stages, for an executor whose workers take several tasks at once."""
    reports = []
    for item in items:
        made = verify(item, settings)
        reports.append(made if isinstance(made, dict) else (yield from made))
    return reports


class _Sent:
    """A group on its way; ``done`` has something once its future is done."""

    def __init__(self, items: list[Item], future: Future[list[Report]]) -> None:
        self.items, self.future = items, future
        self.done: SimpleQueue[object] = SimpleQueue()
        future.add_done_callback(self.done.put)


class _Feed:
    """Draws items, sends them in groups, and holds as many back as there is no room for.

    Whoever takes the reports waits at queues alone. An interrupt (Ctrl-C) that comes while a
    semaphore, an event or an unfinished future is asked can leave its lock locked for ever, and
    the end of the run would wait for that; queues are one step for the interpreter.
    """

    def __init__(
        self,
        executor: Executor,
        settings: Settings,
        verify: Verify,
        group: int | Sizes,
        window: int,
    ) -> None:
        self.room: SimpleQueue[None] = SimpleQueue()
        """Something for each group that may still be sent."""
        for _ in range(window):
            self.room.put(None)
        self.sent: SimpleQueue[_Sent | BaseException | None] = SimpleQueue()
        self._executor, self._settings, self._verify = executor, settings, verify
        self._group = group
        self._stopped = False

    def run(self, items: Iterable[Item]) -> None:
        """Send all items; what drawing or sending raises goes to whoever takes the reports."""
        try:
            left, number = iter(items), 0
            while chunk := list(islice(left, self._size(number))):
                number += 1
                self.room.get()
                if self._stopped:
                    return
                self.sent.put(_Sent(chunk, self._submit(chunk)))
        except BaseException as error:  # noqa: BLE001 - told in the other thread
            self.sent.put(error)
        else:
            self.sent.put(None)

    def _size(self, number: int) -> int:
        return self._group if isinstance(self._group, int) else self._group(number)

    def stop(self) -> None:
        """Send no more, and take back what has not begun."""
        self._stopped = True
        self.room.put(None)
        while not self.sent.empty():
            waiting = self.sent.get()
            if isinstance(waiting, _Sent):
                waiting.future.cancel()

    def reports(self, sent: _Sent) -> list[Report]:
        """The reports of a group; of one that failed, those of its items one by one."""
        sent.done.get()
        try:
            return sent.future.result()
        except BrokenExecutor:
            raise
        except (Exception, CancelledError) as error:  # noqa: BLE001 - whatever a task can do
            if len(sent.items) == 1:
                return [fault_of(sent.items[0], error, self._settings)]
        return [
            report
            for item in sent.items
            for report in self.reports(_Sent([item], self._submit([item])))
        ]

    def _submit(self, chunk: list[Item]) -> Future[list[Report]]:
        return self._executor.submit(verify_group, chunk, self._settings, self._verify)


def fault_of(item: Item, error: BaseException, settings: Settings) -> Report:
    """The report of an item whose task failed."""
    what, hint = _said(error)
    return failed(item, f"{without_secrets(item.name)}: {what}", hint, settings, error)


def _said(error: BaseException) -> tuple[str, str]:
    """What happened to a file's task, and what to do."""
    if isinstance(error, ProvError):
        return str(error), error.hint
    if isinstance(error, MemoryError):
        return "needs more memory than there is", "Verify it with fewer --jobs."
    if isinstance(error, OSError):
        return error.strerror or str(error), "Run the same command again."
    name = type(error).__name__
    return f"could not be verified: {name}", "This is a bug in prov; please report it."
