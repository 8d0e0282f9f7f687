"""What a worker of a cluster does: hands each file to a process beside it (BLK-021, BLK-022).

So that a file that crashes or stalls its process costs itself, and not the worker with all that
the worker has in hand. The processes serve all tasks of a worker; they end when there was no
task for a while, or when the worker does.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from provenance.bulk._pool import IsolatedExecutor
from provenance.bulk.engines.base import TOGETHER, UnfitError, WorkerError
from provenance.bulk.items import Item, Sources, is_address
from provenance.bulk.journal import call_of
from provenance.bulk.judging import forget
from provenance.bulk.running import Report, Verify, fault_of
from provenance.bulk.settings import Settings
from provenance.model.records import dataclass
from provenance.verify.stages import Stages

IDLE_SECONDS = 20.0
"""How long processes wait for the next task."""
_SHARE = "Workers need the same files, keys and policies at the same paths: share the folders."


@dataclass(frozen=True)
class Origin:
    """Where a call comes from, for whoever does a part of it elsewhere."""

    folder: str
    """Where names that are relative start."""
    call: str
    """The digest of its keys and policies (``journal.call_of``)."""
    seconds: float
    """Time that one file may take."""


def origin_of(settings: Settings, seconds: float) -> Origin:
    """The origin of a call that is made here."""
    return Origin(os.getcwd(), call_of(Sources(), settings), seconds)  # noqa: PTH109 - as text


def verify_apart(
    items: list[Item], settings: Settings, verify: Verify, origin: Origin
) -> list[Report]:
    """The reports of some items, each made in a process beside this one.

    Raises ``UnfitError`` where this worker has other keys or policies than the caller.
    """
    with _pool(origin.seconds) as pool:
        waiting = [pool.submit(_verify, item, settings, verify, origin) for item in items]
        return [_report(pool, *pair, settings, origin) for pair in zip(items, waiting, strict=True)]


def require_same(settings: Settings, origin: Origin) -> None:
    """Raises ``UnfitError`` where this worker has other keys or policies than the caller."""
    with _pool(origin.seconds) as pool:
        pool.submit(_settled, settings, origin).result()


def _report(
    pool: IsolatedExecutor, item: Item, waiting: Future[Report], settings: Settings, origin: Origin
) -> Report:
    try:
        return waiting.result()
    except UnfitError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a task can do
        return pool.submit(_fault, item, error, settings, origin).result()


def _verify(item: Item, settings: Settings, verify: Verify, origin: Origin) -> Stages[Report]:
    """The report in stages; between them this process may have gone to another run's folder."""
    _go(item, settings, origin)
    made = verify(item, settings)
    while not isinstance(made, dict):
        _go(item, settings, origin)
        try:
            next(made)
        except StopIteration as end:
            report: Report = end.value
            return report
        yield
    return made


def _go(item: Item, settings: Settings, origin: Origin) -> None:
    """Settle, and raise ``WorkerError`` where the item cannot be found without the folder."""
    is_there = _settled(settings, origin)
    if not (is_there or os.path.isabs(item.name) or is_address(item.name)):  # noqa: PTH117
        raise WorkerError(f"the worker does not have the folder {origin.folder}", hint=_SHARE)


def _fault(item: Item, error: Exception, settings: Settings, origin: Origin) -> Report:
    _settled(settings, origin)
    return fault_of(item, error, settings)


_known: dict[tuple[Settings, Origin], bool] = {}
"""Of a process: whether the folder of a call is there."""


def _settled(settings: Settings, origin: Origin) -> bool:
    """Whether this process could go to the caller's folder; its keys and policies are the same."""
    if (settings, origin) not in _known:
        _known.clear()  # before anything of the call before is left, whatever fails below
        is_there = os.path.isdir(origin.folder)  # noqa: PTH112 - never raises
        os.chdir(origin.folder if is_there else "/")
        forget()  # names of another call, or of another folder, mean other files
        if call_of(Sources(), settings) != origin.call:
            raise UnfitError("a worker has other keys or policies than there are here", hint=_SHARE)
        _known[settings, origin] = is_there
    return _known[settings, origin]


class _Shared:
    """An executor that several tasks use, and how many of them there are."""

    def __init__(self, seconds: float) -> None:
        self.executor = IsolatedExecutor(_threads(), seconds, TOGETHER)
        self.users = 0
        self.timer: threading.Timer | None = None


_lock = threading.Lock()
_pools: dict[float, _Shared] = {}


def _threads() -> int:
    """How many tasks this worker does at the same time."""
    import distributed

    try:
        count: int = distributed.get_worker().state.nthreads
    except ValueError:  # no worker: a test, or another executor
        return 1
    return count


@contextmanager
def _pool(seconds: float) -> Iterator[Any]:
    with _lock:
        shared = _pools.get(seconds) or _pools.setdefault(seconds, _Shared(seconds))
        shared.users += 1
        if shared.timer is not None:
            shared.timer.cancel()
    try:
        yield shared.executor
    finally:
        with _lock:
            shared.users -= 1
            if not shared.users:
                shared.timer = threading.Timer(IDLE_SECONDS, _close, (seconds,))
                shared.timer.daemon = True
                shared.timer.start()


def _close(seconds: float) -> None:
    with _lock:
        shared = _pools.get(seconds)
        if shared is None or shared.users:
            return
        del _pools[seconds]
    shared.executor.shutdown()
