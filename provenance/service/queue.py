"""The queue worker: requests in, answers out, one line each, while there are any (SRV-010).

Requests are read, checked and verified in worker processes; here lines are handed out and
answers put in order. A queue's own client, in whatever language, sits at the other ends of the
two pipes.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Executor, Future
from queue import SimpleQueue
from typing import Any, BinaryIO

from provenance.bulk.engines.base import WorkerError
from provenance.bulk.settings import Settings
from provenance.model.records import dataclass
from provenance.service import answers, requests
from provenance.service.answers import Fetching
from provenance.service.lines import Line
from provenance.service.problems import ProblemError

WINDOW_PER_JOB = 4
"""Requests that are taken before they can be begun, for each process."""
_MOST_ID = 256

Verify = Callable[[bytes, Fetching, Settings], bytes]


@dataclass(frozen=True)
class Queue:
    """How requests are answered."""

    settings: Settings
    fetching: Fetching
    jobs: int
    in_order: bool = True
    """Whether an answer waits for those of earlier requests (SRV-014)."""
    verify: Verify = answers.verify_line
    gave_up: Callable[[], object] = lambda: None
    """Called, from another thread, as soon as an answer cannot be written: ends the lines."""

    def serve(self, lines: Iterable[Line], executor: Executor, out: BinaryIO) -> Exception | None:
        """Answer all lines; what kept their answers from being written, if anything did.

        Then nothing more is taken: mostly whoever asked is gone.
        """
        window = self.jobs * WINDOW_PER_JOB
        writing = _Writing(out, window, self.gave_up, in_order=self.in_order)
        writing.start()
        turn = 0
        for line in lines:
            if line.text is not None and not line.text.strip():
                continue
            if not writing.has_room():
                break
            self._send(line, turn, executor, writing)
            turn += 1
        return writing.end(turn)

    def _send(self, line: Line, turn: int, executor: Executor, writing: _Writing) -> None:
        if line.text is None:
            problem = ProblemError("request.too-large", "the line is longer than a request may be")
            writing.put(turn, _refused(None, line.number, problem))
            return
        text = line.text
        future = executor.submit(self.verify, text, self.fetching, self.settings)

        def answered(done: Future[bytes]) -> None:
            writing.put(turn, self._answer(done, text, line.number))

        future.add_done_callback(answered)

    def _answer(self, done: Future[bytes], text: bytes, number: int) -> bytes:
        try:
            return done.result()
        except ProblemError as error:
            return _refused(_id_of(text), number, error)
        except (WorkerError, CancelledError) as error:
            return self._failed(text, error)
        except Exception as error:  # noqa: BLE001 - a bug costs its request, with its name
            problem = ProblemError("service.fault", f"{type(error).__name__}: {error}")
            return _refused(_id_of(text), number, problem)

    def _failed(self, text: bytes, error: BaseException) -> bytes:
        """A file that ended its process or was late has a report like any other (SRV-003)."""
        fault = error if isinstance(error, WorkerError) else WorkerError("was given up")
        answer = answers.failed(requests.unchecked_item_of(text), fault, self.settings)
        return b'{"id": %s, "report": %s}' % (json.dumps(_id_of(text)).encode(), answer.body)


class _Writing:
    """Writes answers from a thread of its own, in the order of their turns or as they come."""

    def __init__(
        self, out: BinaryIO, window: int, gave_up: Callable[[], object], *, in_order: bool
    ) -> None:
        self._out, self._in_order, self._gave_up = out, in_order, gave_up
        self._room = threading.Semaphore(window)
        self._ready: SimpleQueue[tuple[int, bytes]] = SimpleQueue()
        self._fault: Exception | None = None
        self._thread = threading.Thread(target=self._write, daemon=True)

    def start(self) -> None:
        """Begin to write what is put in."""
        self._thread.start()

    def has_room(self) -> bool:
        """Wait until one more answer can be on its way; False when none can be written."""
        self._room.acquire()
        return self._fault is None

    def put(self, turn: int, answer: bytes) -> None:
        """An answer, from any thread."""
        self._ready.put((turn, answer))

    def end(self, turns: int) -> Exception | None:
        """Wait until so many answers are written, or none can be: what kept them from it."""
        self._ready.put((-1, str(turns).encode()))
        self._thread.join()
        return self._fault

    def _write(self) -> None:
        waiting: dict[int, bytes] = {}
        written, all_of_them = 0, None
        while written != all_of_them and self._fault is None:
            turn, answer = self._ready.get()
            if turn < 0:
                all_of_them = int(answer)
                continue
            waiting[turn] = answer
            while waiting and self._fault is None:
                following = written if self._in_order else next(iter(waiting))
                if following not in waiting:
                    break
                self._line(waiting.pop(following))
                written += 1

    def _line(self, answer: bytes) -> None:
        try:
            self._out.write(answer + b"\n")
            self._out.flush()
        except (OSError, ValueError) as error:
            self._fault = error
            self._gave_up()
        self._room.release()


def _refused(known: Any, number: int, problem: ProblemError) -> bytes:
    answer = {"id": known, "problem": problem.plain(line=number)}
    return json.dumps(answer, ensure_ascii=True).encode()


def _id_of(text: bytes) -> Any:
    """The id of a line that could not be answered, if it has one that can be given back."""
    found = requests.unchecked(text).get("id")
    if isinstance(found, bool) or not isinstance(found, (str, int)):
        return None
    if isinstance(found, str):
        return found if len(found) <= _MOST_ID and found.isprintable() else None
    return found if abs(found) < 1 << 53 else None
