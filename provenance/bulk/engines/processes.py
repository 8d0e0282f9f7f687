"""Processes on this machine: the default. A file that ends or stalls its worker costs itself."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from provenance.bulk._pool import IsolatedExecutor
from provenance.bulk.engines.base import Engine, Wishes


@contextmanager
def _open(address: str, wishes: Wishes) -> Iterator[Executor]:
    """Workers of this machine; all gone at the end, at once where the run is broken off."""
    del address
    executor = IsolatedExecutor(wishes.jobs, wishes.seconds)
    try:
        yield executor
    except BaseException:
        executor.stop()
        raise
    executor.shutdown()


ENGINE = Engine("processes", _open)
