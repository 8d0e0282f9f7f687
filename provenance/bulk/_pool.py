"""An executor whose tasks cannot harm each other (decision 0026; BLK-021, BLK-022).

One thread looks after one worker process. A worker that dies, or is not done in time, fails the
task in its hands and nothing else; the next task gets a new worker. While tasks are short, a
worker takes several at once; when that fails, each is done again by itself.
"""

from __future__ import annotations

import contextlib
import math
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from provenance.bulk._worker import HEAD_BYTES, READY, TAKEN
from provenance.bulk.engines.base import LateError, WorkerError
from provenance.model.records import dataclass

T = TypeVar("T")

_BOOT = (
    "import sys; seconds = float(sys.argv[1]); sys.path[:] = sys.argv[2:]; "
    "from provenance.bulk._worker import serve; serve(seconds)"
)
_START_SECONDS = 120.0
_SHORT_SECONDS = 0.05
"""A call that takes longer gains nothing by company, and would keep others waiting."""
_CHUNK_BYTES = 1 << 20
ALONE = "Other files are not touched by this. If it happens again, please report it."


class IsolatedExecutor(Executor):
    """Runs picklable calls on ``jobs`` processes, each call within ``seconds``.

    Processes are started when there is work for them, by a new interpreter: nothing of this
    process is copied, and no main module is run again. A call may give ``Stages``: of those, up
    to ``together`` that wait are done stage by stage while each takes little time.
    """

    def __init__(self, jobs: int, seconds: float, together: int = 1) -> None:
        self._jobs, self._seconds, self._together = jobs, seconds, together
        self._waiting: SimpleQueue[_Task | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._workers: set[_Worker] = set()
        self._lock = threading.Lock()
        self._closed = self._stopped = False

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Hand in a call. Raises ``RuntimeError`` after ``shutdown``."""
        call = pickle.dumps((fn, args, kwargs))
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("no calls are taken after shutdown")
            self._waiting.put(_Task(future, call))
            if len(self._threads) < self._jobs:
                self._threads.append(threading.Thread(target=self._look_after, daemon=True))
                self._threads[-1].start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; those taken are done, or with ``cancel_futures`` the running ones."""
        with self._lock:
            self._closed = True
        if cancel_futures:
            self._cancel_waiting()
        for _ in self._threads:
            self._waiting.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def stop(self) -> None:
        """End everything now: what waits is cancelled, what runs fails, all workers are gone."""
        with self._lock:
            self._closed = self._stopped = True
            for worker in self._workers:
                worker.kill()
        self.shutdown(cancel_futures=True)

    def _cancel_waiting(self) -> None:
        with contextlib.suppress(Empty):
            while True:
                task = self._waiting.get_nowait()
                if task is not None:
                    task.future.cancel()

    def _look_after(self) -> None:
        """One worker's life, and that of those who follow it."""
        worker = None
        while (task := self._waiting.get()) is not None:
            is_quick = worker is not None and worker.pace < _SHORT_SECONDS
            taken = [task, *(self._more() if is_quick else ())]
            taken = [one for one in taken if one.future.set_running_or_notify_cancel()]
            worker = self._do(worker, taken)
        self._end(worker)

    def _more(self) -> Iterator[_Task]:
        """What waits as well: this worker's share, and no more than may be done together."""
        for _ in range(min(self._together - 1, self._waiting.qsize() // self._jobs)):
            try:
                task = self._waiting.get_nowait()
            except Empty:
                return
            if task is None:  # some thread's sign that it is over
                self._waiting.put(None)
                return
            yield task

    def _do(self, worker: _Worker | None, tasks: list[_Task]) -> _Worker | None:
        """Do tasks, those that fail together one by one; the worker for the next."""
        if not tasks:
            return worker
        calls = [task.call for task in tasks]
        try:
            if worker is None or not worker.takes(calls, self._seconds):
                ended, worker = worker, None  # while it had no task
                self._end(ended)
                worker = self._started()
                worker.takes(calls, self._seconds)  # one that did not has no answers either
            answers = worker.answers(len(calls), self._seconds)
        except Exception as error:  # noqa: BLE001 - what it sent may be anything
            self._end(worker)
            worker, answers = None, [(False, error)] * len(tasks)
        failed: list[_Task] = []
        for task, (answered, value) in zip(tasks, answers, strict=True):
            if answered:
                task.future.set_result(value)
            elif len(tasks) == 1:
                task.future.set_exception(value)
            else:  # alone it has all memory and time for itself
                failed.append(task)
        for task in failed:
            worker = self._do(worker, [task])
        return worker

    def _started(self) -> _Worker:
        with self._lock:
            if self._stopped:
                raise WorkerError("the run was stopped")
            worker = _Worker(self._seconds)
            self._workers.add(worker)
            return worker

    def _end(self, worker: _Worker | None) -> None:
        if worker is not None:
            with self._lock:
                self._workers.discard(worker)
            worker.close()


@dataclass(frozen=True)
class _Task:
    future: Future[Any]
    call: bytes


class _Worker:
    """A process that answers one message at a time; it has a process group of its own."""

    def __init__(self, seconds: float) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-c", _BOOT, str(seconds), *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            process_group=0,
        )
        self._is_ready = False
        self.pace = math.inf
        """Seconds that a call of the last message took."""

    def takes(self, calls: list[bytes], seconds: float) -> bool:
        """Whether the worker took the calls; False where it had ended before, and began none.

        Raises ``WorkerError`` when it ends before it is ready, or does not take them in time.
        """
        if not self._is_ready:
            self._whole(len(READY), time.monotonic() + _START_SECONDS, _START_SECONDS)
            self._is_ready = True
        message = pickle.dumps(calls)
        try:
            self._send(len(message).to_bytes(HEAD_BYTES) + message)
        except BrokenPipeError:
            return False
        return self._receive(len(TAKEN), time.monotonic() + seconds, seconds) == TAKEN

    def answers(self, count: int, seconds: float) -> list[tuple[bool, Any]]:
        """For each call that it took: whether it came back with a result, and that or the error.

        Raises ``WorkerError`` when the worker ends, or does not answer in ``seconds``.
        """
        began = time.monotonic()
        deadline = began + seconds
        length = int.from_bytes(self._whole(HEAD_BYTES, deadline, seconds))
        answers = pickle.loads(self._whole(length, deadline, seconds))  # noqa: S301 - our own
        self.pace = (time.monotonic() - began) / count
        found = [(answered, value) for answered, value in map(pickle.loads, answers)]
        if len(found) != count:
            raise ValueError("a worker gives an answer to each call")
        return found

    def _send(self, data: bytes) -> None:
        stdin = self._process.stdin
        left = memoryview(data)
        while stdin is not None and left:
            left = left[stdin.write(left) :]

    def _whole(self, length: int, deadline: float, seconds: float) -> bytes:
        data = self._receive(length, deadline, seconds)
        if len(data) < length:
            raise self._lost()
        return data

    def _receive(self, length: int, deadline: float, seconds: float) -> bytes:
        """So many bytes of what it sends, fewer where it ended."""
        if self._process.stdout is None:
            raise AssertionError
        end = self._process.stdout.fileno()
        ready = select.poll()
        ready.register(end, select.POLLIN)
        parts: list[bytes] = []
        while length:
            if not ready.poll(max(0.0, deadline - time.monotonic()) * 1000):
                hint = "Give it more time with --timeout SECONDS."
                raise LateError(f"was not verified within {seconds:g} seconds", hint=hint)
            part = os.read(end, min(length, _CHUNK_BYTES))
            if not part:
                break
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def _lost(self) -> WorkerError:
        self.kill()
        code = self._process.wait()
        how = f"exit code {code}" if code >= 0 else _signal(-code)
        return WorkerError(f"the process that verified it ended ({how})", hint=ALONE)

    def kill(self) -> None:
        """End the process, and whatever it has started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Let it go: it ends at the end of its stdin; one that has not answered is ended."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self.kill()
        self._process.wait()


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
