"""How far a long run is: one line on a terminal, nothing in a pipe."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TextIO

REDRAWN_SECONDS = 0.2
_ERASE = "\r\x1b[K"
_UNITS = ((3600, "h"), (60, "min"), (1, "s"))


class Total:
    """How many items there are, counted beside the run; unknown until all are counted."""

    def __init__(self, items: Iterable[object]) -> None:
        self.value: int | None = None
        self._items = items
        self._stopped = False
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        count = 0
        try:
            for _ in self._items:
                count += 1
                if self._stopped:
                    return
        except Exception:  # noqa: BLE001 - the run itself says what is wrong
            return
        self.value = count

    def stop(self) -> None:
        """Count no further."""
        self._stopped = True


class Progress:
    """The line: how many of how many, how fast, how long yet, and counts by status."""

    def __init__(
        self, stream: TextIO, total: Callable[[], int | None], clock: Callable[[], float]
    ) -> None:
        self._stream, self._total, self._clock = stream, total, clock
        self._is_shown = stream.isatty()
        self._counts: Counter[str] = Counter()
        self._earlier = 0
        self._began = clock()
        self._drawn = self._began

    def count(self, status: str, *, earlier: bool = False) -> None:
        """One more item has this status; ``earlier`` where a run before this one found it."""
        self._counts[status] += 1
        self._earlier += earlier
        now = self._clock()
        if self._is_shown and now - self._drawn >= REDRAWN_SECONDS:
            self._drawn = now
            columns = shutil.get_terminal_size().columns
            self._stream.write(_ERASE + self.line(now)[: columns - 1])
            self._stream.flush()

    def erase(self) -> None:
        """Make room for what is printed."""
        if self._is_shown:
            self._stream.write(_ERASE)
            self._stream.flush()

    def line(self, now: float) -> str:
        """The line at a time."""
        done, total = self._counts.total(), self._total()
        rate = (done - self._earlier) / max(now - self._began, 1e-6)
        parts = [f"{done:,}" if total is None else f"{done:,} of {total:,}", f"{rate:,.1f} files/s"]
        if total is not None and rate > 0:
            parts.append(f"{_spoken(max(0, total - done) / rate)} left")
        parts += [f"{count:,} {status}" for status, count in sorted(self._counts.items())]
        return "  ".join(parts)


def _spoken(seconds: float) -> str:
    """A time in the two largest units that it has."""
    left = round(seconds)
    parts: list[str] = []
    for size, unit in _UNITS:
        if left >= size or (unit == "s" and not parts):
            parts.append(f"{left // size} {unit}")
            left %= size
    return " ".join(parts[:2])
