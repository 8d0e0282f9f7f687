"""Processes on this machine: the default. A file that ends or stalls its worker costs itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any, TypeVar

from provenance.bulk._pool import IsolatedExecutor
from provenance.bulk.engines.base import Engine, Wishes
from provenance.bulk.running import group_in_stages, verify_group

T = TypeVar("T")


class _Executor(IsolatedExecutor):
    """Workers that go through several groups stage by stage."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Hand in a call. Raises ``RuntimeError`` after ``shutdown``."""
        call: Callable[..., Any] = group_in_stages if fn is verify_group else fn
        return super().submit(call, *args, **kwargs)


@contextmanager
def _open(address: str, wishes: Wishes) -> Iterator[Executor]:
    """Workers of this machine; all gone at the end, at once where the run is broken off."""
    del address
    executor = _Executor(wishes.jobs, wishes.seconds, wishes.together)
    try:
        yield executor
    except BaseException:
        executor.stop()
        raise
    executor.shutdown()


ENGINE = Engine("processes", _open)
