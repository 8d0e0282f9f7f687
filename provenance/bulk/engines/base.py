"""What an engine is: it opens an executor, and says how many files go into one task (spec 26.3)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager

from provenance.model.errors import ProvError
from provenance.model.records import dataclass
from provenance.plugins import one

TOGETHER = 16
"""Files that one process verifies stage by stage: the program is fetched into its cache once."""


@dataclass(frozen=True)
class Wishes:
    """What the caller asks of an engine; each does what it can of it."""

    jobs: int
    """Files verified at the same time."""
    seconds: float
    """Time that one file may take."""
    together: int = 1
    """Files that one process may verify stage by stage while each takes little time."""


@dataclass(frozen=True)
class Engine:
    """One way to run verifications on many processors or machines.

    ``open`` takes the address as it was written (``processes``, ``dask://HOST:PORT``) and raises
    ``ProvError`` when there is nothing there. Its executor follows ``concurrent.futures``; what a
    file does to a worker is raised by that file's future alone, as a ``WorkerError``.
    """

    name: str
    open: Callable[[str, Wishes], AbstractContextManager[Executor]]
    group: int | Callable[[int], int] = 1
    """Files in one task: 1 where a task costs little; or by the task's number from 0."""


class WorkerError(ProvError):
    """What a task did to its worker: it ended, or went on for too long."""


class LateError(WorkerError):
    """A task that went on for too long."""


class UnfitError(ProvError):
    """A machine cannot take part in a run: it has another version, or other keys or policies."""


def engine_of(address: str) -> Engine:
    """The engine of an address: its name, or its name as the scheme of a URL.

    Raises ``UsageError`` for an engine that there is not.
    """
    return one(__package__, Engine, "ENGINE", address.partition("://")[0])
