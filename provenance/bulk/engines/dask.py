"""Workers of a Dask cluster, by the address of its scheduler: ``dask://HOST:PORT``.

Tasks are groups of files, since one costs the scheduler some milliseconds. A worker that dies is
the scheduler's business: it gives the task to another one, and gives up a task that some workers
died of, which is then split until the file alone is named (BLK-021, BLK-024).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager
from functools import partial
from importlib import metadata
from typing import Any, TypeVar

from provenance.bulk._apart import Origin, origin_of, require_same, verify_apart
from provenance.bulk._pool import ALONE
from provenance.bulk.engines.base import Engine, UnfitError, Wishes, WorkerError
from provenance.bulk.running import verify_group
from provenance.bulk.settings import Settings
from provenance.model.errors import MissingExtraError, NetworkError, ProvError, UsageError

T = TypeVar("T")

GROUP = 50
"""Files a task: a task costs the scheduler 6 to 10 ms, a file of 10 MB about as much."""
_TASKS_A_SIZE = 4
_CONNECT_SECONDS, _WORKER_SECONDS = 10, 30
_DISTRIBUTION = "musicprov"
_RUNNING = "running"
_START = "Start them with: dask worker HOST:PORT"


def size_of(number: int) -> int:
    """Files in the task of a number from 0: few at first, so that a small whole is shared out."""
    return min(GROUP, 1 + number // _TASKS_A_SIZE)


@contextmanager
def _open(address: str, wishes: Wishes) -> Iterator[Executor]:
    """The cluster's executor; what has not begun is taken back at the end.

    Raises ``UsageError`` for an address without a scheduler, ``NetworkError`` where there is none
    or it has no workers, ``UnfitError`` for a worker that cannot do this, and
    ``MissingExtraError`` without the extra.
    """
    place = address.partition("://")[2]
    if not place:
        raise UsageError(f"{address}: names no scheduler", hint="Write dask://HOST:PORT")
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        hint = "Install it with: pip install 'musicprov[catalog]'"
        raise MissingExtraError("the engine 'dask' needs the extra 'catalog'", hint=hint) from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what counts is said here
    safe = dask.config.get("distributed.comm.require-encryption", None)
    connect: Callable[..., Any] = Client
    try:
        client = connect(
            f"{'tls' if safe else 'tcp'}://{place}",
            timeout=_CONNECT_SECONDS,
            set_as_default=False,
        )
    except (OSError, ValueError, TypeError) as error:  # TimeoutError is an OSError
        hint = "Start one with: dask scheduler"
        raise NetworkError(f"{place}: there is no Dask scheduler", hint=hint) from error
    try:
        _require_ready(client, place)
        yield _ClusterExecutor(client, wishes.seconds)
    finally:
        client.close()


def _require_ready(client: Any, place: str) -> None:
    """There are workers, and all have this version of the distribution (BLK-023)."""
    try:
        client.wait_for_workers(1, timeout=_WORKER_SECONDS)
    except TimeoutError as error:
        raise NetworkError(f"{place}: the scheduler has no workers", hint=_START) from error
    here = _version()
    for worker, found in _on_each(client, metadata.version, _DISTRIBUTION).items():
        if found != here:
            there = "no musicprov" if isinstance(found, Exception) else f"musicprov {found}"
            hint = f"Install there: pip install 'musicprov[catalog]=={here}'"
            raise UnfitError(f"{worker}: has {there}, not {here}", hint=hint)


def _version() -> str:
    return metadata.version(_DISTRIBUTION)


def _on_each(client: Any, call: Callable[..., Any], *arguments: Any) -> Mapping[str, Any]:
    """What a call gives on each worker: a result or an exception."""
    found: Mapping[str, Any] = client.run(call, *arguments, on_error="return")
    return found


class ClusterGoneError(NetworkError, BrokenExecutor):
    """The scheduler ended, or cannot be reached any more: nothing more comes."""


class _ClusterExecutor(Executor):
    """Tasks of a cluster as futures of the protocol; groups of files go beside the workers.

    Dask's own executor leaves a future open for ever when fetching its result fails once.
    """

    def __init__(self, client: Any, seconds: float) -> None:
        self._client, self._seconds = client, seconds
        self._origins: dict[Settings, Origin] = {}

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Hand in a call. Raises ``ClusterGoneError`` when the scheduler is gone."""
        call: Callable[..., Any] = fn
        if call is verify_group:
            call, args = verify_apart, (*args, self._origin(args[1]))
        if self._client.status != _RUNNING:
            raise self._gone()
        ours: Future[T] = Future()
        theirs = self._client.submit(call, *args, pure=False, **kwargs)
        theirs.add_done_callback(partial(self._hand_over, ours))
        return ours

    def _hand_over(self, ours: Future[Any], theirs: Any) -> None:
        """In a thread of Dask's: what a task gave; a worker lost meanwhile is waited for."""
        if not ours.set_running_or_notify_cancel():
            return
        try:
            ours.set_result(theirs.result())
        except BaseException as error:  # noqa: BLE001 - raised again by the future
            ours.set_exception(self._said(error))

    def _said(self, error: BaseException) -> BaseException:
        if self._client.status != _RUNNING or isinstance(error, CancelledError):
            return self._gone()
        if type(error).__name__ == "KilledWorker":
            return WorkerError("the workers that verified it ended", hint=ALONE)
        return error

    def _gone(self) -> ClusterGoneError:
        hint = "Start it, and run the same command again; with --resume it goes on."
        return ClusterGoneError("the Dask scheduler is gone", hint=hint)

    def _origin(self, settings: Settings) -> Origin:
        """The origin of a call; when it is the first, all workers must have the same keys."""
        if settings not in self._origins:
            origin = origin_of(settings, self._seconds)
            for worker, found in _on_each(self._client, require_same, settings, origin).items():
                if isinstance(found, ProvError):
                    raise UnfitError(f"{worker}: {found}", hint=found.hint)
                if isinstance(found, Exception):
                    raise UnfitError(f"{worker}: cannot verify ({type(found).__name__})")
            self._origins[settings] = origin
        return self._origins[settings]


ENGINE = Engine("dask", _open, size_of)
