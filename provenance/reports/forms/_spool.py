"""Where a form keeps what it has to write after a total: on disk, above a little (ING-011)."""

from __future__ import annotations

import shutil
from tempfile import SpooledTemporaryFile
from typing import IO

from provenance.model.limits import MIB


class Spool:
    """Bytes that are written now and copied to the end later; gone when it is closed."""

    def __init__(self) -> None:
        self._kept = SpooledTemporaryFile(max_size=MIB)  # noqa: SIM115 - as long as the form

    def write(self, data: bytes) -> None:
        """Keep some more."""
        self._kept.write(data)

    def copy_to(self, out: IO[bytes]) -> None:
        """Write all that was kept, and let it go."""
        with self._kept as kept:
            kept.seek(0)
            shutil.copyfileobj(kept, out)
