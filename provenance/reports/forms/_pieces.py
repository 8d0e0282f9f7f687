"""Pieces of a document, each of which is written whole, whatever signal comes between."""

from __future__ import annotations

import errno
import os
from typing import IO, Any, Generic, TypeVar

State = TypeVar("State")


class Pieces(Generic[State]):
    """Writes a document piece by piece, and keeps what is true of it then.

    Ctrl-C is handled between two steps of the interpreter, and writing takes long enough for it
    to come meanwhile. So how much was written is noted in the step that writes it, and nothing
    is buffered: what a signal left unwritten can be written afterwards.
    """

    def __init__(self, out: IO[bytes], state: State) -> None:
        """``state`` is true of a document of which nothing is written."""
        out.flush()
        self._raw: Any = getattr(out, "raw", out)
        self._last: tuple[bytes, list[int | None], State] = b"", [], state

    @property
    def state(self) -> State:
        """What is true of the document after the last piece."""
        return self._last[2]

    def write(self, data: bytes, state: State) -> None:
        """Write a piece; ``state`` is true of the document from then on.

        Raises ``OSError`` where the system refuses.
        """
        self._last = data, [], state
        self.finish()

    def finish(self) -> None:
        """Write what a signal left of the last piece."""
        data, taken, _ = self._last
        while (start := _total(taken)) < len(data):
            taken.extend(map(self._raw.write, (memoryview(data)[start:],)))  # one step


def _total(taken: list[int | None]) -> int:
    """How many bytes the system took."""
    if None in taken:  # a descriptor that another program set not to wait
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    return sum(count for count in taken if count is not None)
