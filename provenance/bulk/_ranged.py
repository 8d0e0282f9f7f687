"""An object as a seekable stream, read in ranges that grow while it is read on (BLK-041)."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from provenance.model.errors import NetworkError

FIRST_BYTES = 64 << 10
"""What a jump fetches: headers and trailing tags stand in less, mostly."""
MOST_BYTES = 8 << 20
"""What one request fetches while a stream is read on."""
_GROWTH = 4
_KEPT_BYTES = 24 << 20
CHANGED = "changed while it was read"
AGAIN = "Run the same command again."

Fetch = Callable[[int, int], bytes]


class BrokenError(OSError):
    """What a store did while a stream of it was read: an ``OSError``, as scanners let through."""

    def __init__(self, said: Exception) -> None:
        super().__init__(str(said))
        self.said = said


class Ranged(io.RawIOBase):
    """``size`` bytes of an object; ``fetch(start, end)`` gives some of them.

    Bytes that are kept are not fetched again; at most 24 MiB are kept. Raises what ``fetch``
    raises, and ``BrokenError`` when it gives another number of bytes than it was asked for.
    """

    def __init__(self, fetch: Fetch, size: int, name: str) -> None:
        self._fetch, self._size, self._name = fetch, size, name
        self._at = 0
        self._kept: list[tuple[int, bytes]] = []
        """Ranges by their start, the one that was used last at the end."""

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def seekable(self) -> bool:
        """It can be read anywhere."""
        return True

    def tell(self) -> int:
        """The position in bytes."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position; nothing is fetched."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("a position before the start")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as one range goes; 0 at the end."""
        if self._at >= self._size:
            return 0
        start, data = self._range()
        view = memoryview(buffer).cast("B")
        part = memoryview(data)[self._at - start :][: len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _range(self) -> tuple[int, bytes]:
        """The range that the position is in."""
        for number, (start, data) in enumerate(self._kept):
            if start <= self._at < start + len(data):
                self._kept.append(self._kept.pop(number))
                return self._kept[-1]
        end = self._at + self._length()
        data = self._fetch(self._at, end)
        if len(data) != end - self._at:
            raise BrokenError(NetworkError(f"{self._name}: {CHANGED}", hint=AGAIN))
        self.keep(self._at, data)
        return self._kept[-1]

    def keep(self, start: int, data: bytes) -> None:
        """Keep a range, and let those go that were used longest ago."""
        self._kept.append((start, data))
        while sum(len(data) for _, data in self._kept) > _KEPT_BYTES:
            self._kept.pop(0)

    def _length(self) -> int:
        """How much to fetch: more where it is read on, and nothing that is kept already."""
        length, end = FIRST_BYTES, self._size
        for start, data in self._kept:
            if start + len(data) == self._at:
                length = min(_GROWTH * max(len(data), FIRST_BYTES), MOST_BYTES)
            if start > self._at:
                end = min(end, start)
        return min(length, end - self._at)
