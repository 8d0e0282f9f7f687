"""A worker process: takes calls on stdin, answers on stdout, for as long as somebody asks.

Started by ``_pool``; each message is its length in 8 bytes, big-endian, and that many bytes of
pickle. What a task prints goes to stderr. A worker ends when its caller does: at the end of
stdin, or by its own alarm where a task runs past its time and nobody is there to end it.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import traceback
from typing import IO

from provenance.bulk.engines.base import WorkerError

HEAD_BYTES = 8
READY = b"ready..."
"""What a worker says first; from then on the time of a task counts."""
GRACE_SECONDS = 10.0
"""How much later than its caller would a worker ends itself."""


def serve(seconds: float) -> None:
    """Answer calls until there are no more; each may take ``seconds``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever interrupts the run ends its workers
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    gc.freeze()
    with contextlib.suppress(BrokenPipeError):  # nobody waits for the answer any more
        instead = os.open(os.devnull, os.O_RDONLY)
        with _moved(0, instead, "rb") as calls, _moved(1, 2, "wb") as answers:
            _answer_all(calls, answers, seconds)


def _answer_all(calls: IO[bytes], answers: IO[bytes], seconds: float) -> None:
    answers.write(READY)
    answers.flush()
    while len(head := calls.read(HEAD_BYTES)) == HEAD_BYTES:
        call = calls.read(int.from_bytes(head))
        signal.setitimer(signal.ITIMER_REAL, seconds + GRACE_SECONDS)
        answer = _answer(call)
        signal.setitimer(signal.ITIMER_REAL, 0)
        answers.write(len(answer).to_bytes(HEAD_BYTES) + answer)
        answers.flush()


def _moved(descriptor: int, instead: int, mode: str) -> IO[bytes]:
    """A standard stream for our messages alone; ``instead`` takes its place."""
    kept = os.dup(descriptor)  # not inherited by what a task starts
    os.dup2(instead, descriptor)
    return os.fdopen(kept, mode)


def _answer(call: bytes) -> bytes:
    """The pickle of ``(True, result)`` or ``(False, exception)``."""
    try:
        function, arguments, named = pickle.loads(call)  # noqa: S301 - from our own caller
        return pickle.dumps((True, function(*arguments, **named)))
    except BaseException as error:  # noqa: BLE001 - raised again by the future
        return pickle.dumps((False, _portable(error)))


def _portable(error: BaseException) -> Exception:
    """The exception, or where it cannot be moved between processes one that says the same."""
    message = f"could not be verified: {type(error).__name__}: {error}"
    said = WorkerError(message, hint="This is a bug in prov; please report it.")
    try:
        made: object = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - an exception's class may do anything
        made = said
    moved = made if isinstance(made, Exception) else said  # who asks must not exit as well
    moved.add_note("".join(traceback.format_tb(error.__traceback__)))
    return moved
