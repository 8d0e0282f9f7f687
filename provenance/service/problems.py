"""Problems with requests, as RFC 9457 has them (spec 28.4; ``problem.schema.json``)."""

from __future__ import annotations

from typing import Any

from provenance.model.errors import ProvError
from provenance.wire.registries import problems
from provenance.wire.schemas import Fault

MEDIA_TYPE = "application/problem+json"
_TYPES = "https://musicprov.org/problems/"


class ProblemError(ProvError):
    """A request that is not answered with a report; ``code`` is one of the registry."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        faults: tuple[Fault, ...] = (),
        upstream: int | None = None,
    ) -> None:
        super().__init__(detail or code)
        self.upstream = upstream
        """The HTTP status that another host answered with."""
        self.code = code
        self.detail = detail
        self.faults = faults

    def __reduce__(self) -> Any:
        """It is raised in one process and answered in another."""
        return _again, (self.code, self.detail, self.faults, self.upstream)

    @property
    def status(self) -> int:
        """The HTTP status of its code."""
        return int(problems()[self.code]["status"])

    def plain(self, **more: Any) -> dict[str, Any]:
        """The problem as JSON values; ``more`` are further members of the schema.

        With a ``line`` it is one of the queue, where there is no HTTP.
        """
        entry = problems()[self.code]
        what = self.detail or entry["meaning"].rstrip(".")
        fix = entry.get("fixInQueue", entry["fix"]) if "line" in more else entry["fix"]
        made = {
            "type": _TYPES + self.code,
            "title": entry["meaning"],
            "status": entry["status"],
            "code": self.code,
            "detail": f"{what}. {fix}",
            **more,
        }
        if self.upstream is not None:
            made["upstream"] = self.upstream
        if self.faults:
            made["faults"] = [
                {"pointer": f.pointer, "message": f.message, "fix": f.fix} for f in self.faults
            ]
        return made


def _again(code: str, detail: str, faults: tuple[Fault, ...], upstream: int | None) -> ProblemError:
    return ProblemError(code, detail, faults=faults, upstream=upstream)
