"""A worker process: takes calls on stdin, answers on stdout, for as long as somebody asks.

Started by ``_pool``; each message is its length in 8 bytes, big-endian, and that many bytes of
pickle: a list of calls, or of their answers. Before these it says that it took the calls. What a
task prints goes to stderr. A worker ends when its caller does: at the end of stdin, or by its own
alarm where a task runs past its time and nobody is there to end it.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import traceback
from collections.abc import Callable, Generator, Sequence
from functools import partial
from typing import IO, Any

from provenance.bulk.engines.base import WorkerError
from provenance.verify.stages import Stages

HEAD_BYTES = 8
READY = b"ready..."
"""What a worker says first; from then on the time of a task counts."""
TAKEN = b"t"
"""What a worker says of calls that it holds whole, before it begins them."""
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
        message = calls.read(int.from_bytes(head))
        answers.write(TAKEN)
        answers.flush()
        asked = pickle.loads(message)  # noqa: S301 - from our own caller
        signal.setitimer(signal.ITIMER_REAL, seconds + GRACE_SECONDS)
        answer = pickle.dumps(_answers(asked))
        signal.setitimer(signal.ITIMER_REAL, 0)
        answers.write(len(answer).to_bytes(HEAD_BYTES) + answer)
        answers.flush()


def _moved(descriptor: int, instead: int, mode: str) -> IO[bytes]:
    """A standard stream for our messages alone; ``instead`` takes its place."""
    kept = os.dup(descriptor)  # not inherited by what a task starts
    os.dup2(instead, descriptor)
    return os.fdopen(kept, mode)


def _answers(calls: Sequence[bytes]) -> list[bytes]:
    """For each call the pickle of ``(True, result)`` or ``(False, exception)``.

    Those in stages wait for each other after every stage.
    """
    made = [_answer(partial(_begun, call)) for call in calls]
    while not all(isinstance(one, bytes) for one in made):
        made = [one if isinstance(one, bytes) else _answer(partial(_advanced, one)) for one in made]
    return [one for one in made if isinstance(one, bytes)]


def _answer(step: Callable[[], Any]) -> bytes | Stages[Any]:
    """What a step of a call comes to: an answer, or the stages that are left."""
    try:
        found, is_left = step()
        return found if is_left else pickle.dumps((True, found))
    except BaseException as error:  # noqa: BLE001 - raised again by the future
        return pickle.dumps((False, _portable(error)))


def _begun(call: bytes) -> tuple[Any, bool]:
    function, arguments, named = pickle.loads(call)  # noqa: S301 - from our own caller
    found = function(*arguments, **named)
    return found, isinstance(found, Generator)


def _advanced(stages: Stages[Any]) -> tuple[Any, bool]:
    try:
        next(stages)
    except StopIteration as end:
        return end.value, False
    return stages, True


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
