"""What a service takes on, in one record with the unit in the name (spec 28.4, SRV-031)."""

from __future__ import annotations

from provenance.model.limits import KIB, MIB
from provenance.model.records import dataclass

GIB = 1024 * MIB


@dataclass(frozen=True)
class ServiceLimits:
    """Bounds on requests, connections and what lies on disk for them."""

    body_bytes: int = 1 * GIB
    """An upload, or a file that is fetched."""
    json_bytes: int = 2 * MIB
    """Any other body, and a line of the queue."""
    part_bytes: int = 1 * MIB
    """A part of a form that is not the file."""
    parts: int = 8
    part_head_bytes: int = 4 * KIB
    """A line of the header of a part; a part has at most eight."""
    head_bytes: int = 32 * KIB
    """The line and the header of a request."""
    head_seconds: float = 15.0
    idle_seconds: float = 5.0
    """A connection between two requests."""
    body_seconds: float = 30.0
    """A body may take this long, longer while it keeps up ``body_rate``; an answer, this long."""
    body_rate: int = 64 * KIB
    """Bytes a second."""
    connections: int = 1000
    requests: int = 256
    client_requests: int = 256
    """Of the requests under way, from one address."""
    spool_bytes: int = 16 * GIB
    """Uploads on disk at a time."""
    verify_seconds: float = 120.0
    """One verification, fetching included."""
    wait_seconds: float = 300.0
    """For a process that verifies, and its answer."""
    stop_seconds: float = 30.0
    """To answer what has begun, after a stop is asked for."""
    retry_seconds: int = 5
    """What Retry-After says."""


DEFAULT_LIMITS = ServiceLimits()
