"""Figures for Prometheus, by prometheus-client: labels of closed sets alone (SRV-041)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

if TYPE_CHECKING:
    from provenance.service.answers import Answer

MEDIA_TYPE = CONTENT_TYPE_LATEST
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)


class Metrics:
    """What one service has done, and has under way."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = Counter(
            "musicprov_requests", "Requests answered.", ["kind", "http"], registry=registry
        )
        self._seconds = Histogram(
            "musicprov_request_seconds", "Time until the answer.", ["kind"],
            buckets=_BUCKETS, registry=registry,
        )  # fmt: skip
        self._reports = Counter(
            "musicprov_reports", "Reports by status.", ["status"], registry=registry
        )
        self._decisions = Counter(
            "musicprov_decisions", "Decisions at ingest.", ["decision"], registry=registry
        )
        self._uploaded = Counter(
            "musicprov_upload_bytes", "Bytes of uploads that were taken.", registry=registry
        )
        self.under_way = Gauge(
            "musicprov_requests_under_way", "Requests begun and not answered.", registry=registry
        )
        self.spooled = Gauge(
            "musicprov_spool_bytes", "Bytes of uploads on disk now.", registry=registry
        )

    def answered(self, kind: str, http: int, seconds: float, answer: Answer | None) -> None:
        """Count one answer; ``answer`` is None for a problem."""
        self._requests.labels(kind, str(http)).inc()
        self._seconds.labels(kind).observe(seconds)
        if answer is not None and answer.is_report:
            self._reports.labels(answer.status).inc()
            if answer.decision is not None:
                self._decisions.labels(answer.decision).inc()

    def uploaded(self, size: int) -> None:
        """Count bytes that were taken."""
        self._uploaded.inc(size)

    def text(self) -> bytes:
        """All figures in the text form."""
        return generate_latest(self._registry)
