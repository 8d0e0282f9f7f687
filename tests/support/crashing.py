"""Verifications that do to their worker what no file should: chosen by the name of the item.

Passed in as ``verify`` of ``verify_many``; workers import it from here.
"""

import ctypes
import os
import signal
import sys
import time

from provenance.bulk import _worker
from provenance.bulk.verifying import verify_in_stages

from support.speed import slower


def seconds():
    """A deadline that ``stalls`` runs past, and a verification never, however slow the machine."""
    return 3.0 * slower()


def verify(item, settings):
    """Verify, but for the names that say something else."""
    act = _ACTS.get(item.name.partition(".")[0])
    return act() if act else verify_in_stages(item, settings)


def verify_late(item, settings):
    """As ``verify``, but what happens happens in the second stage."""
    yield
    made = verify(item, settings)
    return made if isinstance(made, dict) else (yield from made)


def count(item, settings):
    """How many are in their stages beside this one; ``slow`` names take a while."""
    del settings
    _beside.add(item.number)
    if item.name == "slow":
        time.sleep(0.1)
    yield
    seen = len(_beside)
    yield
    _beside.discard(item.number)
    return {"beside": seen}


_beside: set[int] = set()


def wants_all(item, settings):
    """Needs so much memory that there is none for another one beside it; ``bug`` never ends well."""
    _beside.add(item.number)
    try:
        yield
        if len(_beside) > 1:
            raise MemoryError
        if item.name == "bug":
            _bug()
        return {"name": item.name}
    finally:
        _beside.discard(item.number)


def answer_nothing():
    """From the next call on this worker's answers are none."""
    _worker._answers = lambda calls: []


def _segfault():
    return ctypes.string_at(0)


def _kill():
    os.kill(os.getpid(), signal.SIGKILL)


def _exit():
    os._exit(3)


def _stall():
    time.sleep(600)


def _no_memory():
    raise MemoryError


def _bug():
    raise KeyError("x")


class _CannotMoveError(Exception):
    def __init__(self, first, second):
        super().__init__(f"{first} {second}")


def _strange():
    raise _CannotMoveError("one", "two")


def _print():
    print("noise")
    sys.stdout.flush()
    os.write(1, b"more noise\n")
    return {"report": "printed", "pid": os.getpid()}


def _exits():
    sys.exit(7)


_ACTS = {
    "segfaults": _segfault,
    "killed": _kill,
    "exits": _exit,
    "stalls": _stall,
    "memory": _no_memory,
    "bug": _bug,
    "strange": _strange,
    "prints": _print,
    "leaves": _exits,
}
