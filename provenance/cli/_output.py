"""What happens where the output of the command line cannot be written: a full disk, no reader."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from provenance.model.errors import InputError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
AGAIN = "run the same command again"
GOES_ON = "the same command goes on from there"


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
        raise unwritten(what, error, then) from error


def unwritten(what: str, error: OSError, then: str = AGAIN) -> InputError:
    """The error that says why something could not be written, and how it goes on."""
    hint = f"Free some space, and {then}." if error.errno in _FULL else ""
    return InputError(f"{what} cannot be written: {error.strerror or error}", hint=hint)
