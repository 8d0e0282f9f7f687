"""Where a form keeps what it has to write after a total: on disk, above a little (ING-011)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO

from provenance.model.errors import InputError
from provenance.model.limits import MIB


@contextmanager
def kept(also: type[Exception] = OSError) -> Iterator[None]:
    """Say of what cannot be kept on disk that it is not the output that has no room.

    Raises ``InputError`` for ``OSError`` and ``also``, a library's own.
    """
    try:
        yield
    except (OSError, also) as error:
        folder = tempfile.gettempdir()
        why = getattr(error, "strerror", None) or "its disk is full, or cannot be written to"
        hint = "Free some space, or name another folder with TMPDIR, and run the command again."
        raise InputError(f"{folder}: temporary files cannot be kept: {why}", hint=hint) from error


class Spool:
    """Bytes that are written now and copied to the end later; gone when it is closed."""

    def __init__(self) -> None:
        self._kept = SpooledTemporaryFile(max_size=MIB)  # noqa: SIM115 - as long as the form

    def write(self, data: bytes) -> None:
        """Keep some more."""
        with kept():
            self._kept.write(data)

    def copy_to(self, out: IO[bytes]) -> None:
        """Write all that was kept, and let it go."""
        with self._kept as stream:
            with kept():
                stream.seek(0)  # and what was not on disk yet is
            shutil.copyfileobj(stream, out)
