"""What happens where the output of the command line cannot be written: a full disk, no reader."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from provenance.model.errors import InputError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
AGAIN = "run the same command again"
_OPEN = "Send it to a file with >, or to /dev/null."
GOES_ON = "the same command goes on from there"


def open_missing() -> None:
    """Open standard streams that the caller closed, so that no file of ours takes their place.

    Input is then empty and talk is lost, as with ``/dev/null``; output is not, for what was asked
    for would be lost unnoticed: writing to it fails.
    """
    modes = (os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)
    for number, (name, mode) in enumerate(zip(("stdin", "stdout", "stderr"), modes, strict=True)):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, mode)  # the lowest number that is free: this one
            os.set_inheritable(opened, True)
            stream = os.fdopen(opened, "w" if number else "r", encoding="utf-8", closefd=False)
            setattr(sys, name, stream)


def given_up() -> None:
    """Write nothing more to standard output: what is left of it cannot be written either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


@contextmanager
def written(what: str, then: str = AGAIN) -> Iterator[None]:
    """Say of what could not be written that it could not, and why; a reader that left is not that.

    Raises ``InputError`` where the system refused to write.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        given_up()
        raise unwritten(what, error, then) from error


def unwritten(what: str, error: OSError, then: str = AGAIN) -> InputError:
    """The error that says why something could not be written, and how it goes on."""
    hint = f"Free some space, and {then}." if error.errno in _FULL else ""
    if error.errno == errno.EBADF:
        return InputError(f"{what} cannot be written: standard output is closed", hint=_OPEN)
    return InputError(f"{what} cannot be written: {error.strerror or error}", hint=hint)
