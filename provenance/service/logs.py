"""The log: one JSON object a line, about requests and never about what they held (SRV-040)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TextIO


class Log:
    """Writes lines; ``now`` is the clock."""

    def __init__(
        self, out: TextIO, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._out, self._now = out, now

    def line(self, event: str, **members: Any) -> None:
        """One line; members that are None are left out. A reader that went away is no fault."""
        at = self._now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        kept = {name: value for name, value in members.items() if value is not None}
        text = json.dumps({"time": at, "event": event, **kept}, ensure_ascii=True, default=str)
        try:
            self._out.write(text + "\n")
            self._out.flush()
        except (OSError, ValueError):
            return

    def takes(self, logger: str, level: int) -> None:
        """Let the log of libraries come out here, as lines of the event ``server``."""
        theirs = logging.getLogger(logger)
        theirs.handlers = [_Handler(self)]
        theirs.propagate = False
        theirs.setLevel(level)


class _Handler(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """One line, with where an exception came from and not what it said."""
        fault = record.exc_info[0] if record.exc_info else None
        self._log.line(
            "server",
            level=record.levelname.lower(),
            says=record.getMessage().split("\n")[0],
            fault=fault.__name__ if fault else None,
        )
