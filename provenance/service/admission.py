"""How many requests are under way, in all and for each address (SRV-031, SRV-032)."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator

from provenance.service.limits import ServiceLimits
from provenance.service.problems import ProblemError


class Gate:
    """Lets requests in while there is room; used by one event loop, so it needs no lock."""

    def __init__(self, limits: ServiceLimits) -> None:
        self._limits = limits
        self._clients: Counter[str] = Counter()
        self.under_way = 0

    @contextlib.contextmanager
    def entered(self, client: str) -> Iterator[None]:
        """One request of an address; raises ``ProblemError`` where there is no room for it."""
        if self.under_way >= self._limits.requests:
            raise ProblemError("service.busy")
        if self._clients[client] >= self._limits.client_requests:
            raise ProblemError("service.client-busy")
        self.under_way += 1
        self._clients[client] += 1
        try:
            yield
        finally:
            self.under_way -= 1
            self._clients[client] -= 1
            if not self._clients[client]:
                del self._clients[client]
