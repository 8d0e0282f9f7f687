"""How a declaration stands under the asked policy, by a verification report (spec 25.4)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

TORN = frozenset({"carrier.conflict", "currency.fork", "currency.rollback"})
"""Codes of a verification that found several declarations and chose none."""
_NO_AUDIO = "no audio given"
_UNMET = "policy.unmet"
COMPARED = frozenset({"exact", "lossless", "similar", "altered", "mismatch"})
"""How audio can turn out to be tied to a declaration that it was compared with."""
_BINDINGS = COMPARED | {"unsupported"}


class Standing(IntEnum):
    """How a declaration stands under the asked policy, from bad to good."""

    FAILS = 0
    """It breaks, or something blocks it."""
    TORN = 1
    """It passes but for another declaration beside it, or for one that it lost against."""
    UNCOMPARED = 2
    """It passes but for the audio, of which none was at hand."""
    HOLDS = 3
    """Its verification passed."""


def binding_of(report: Mapping[str, Any], code: str = "") -> str:
    """The binding axis of a report in the words of an exhibit."""
    axis, _, said = code.partition(".")
    if axis != "binding" or said not in _BINDINGS:
        axis, _, said = str(report["axes"].get("binding", "")).partition(".")
    if axis == "binding" and said in _BINDINGS:
        return said
    reasons = {c["detail"].get("reason") for c in report["checks"] if c["axis"] == "binding"}
    return "notCompared" if _NO_AUDIO in reasons else "notChecked"


def standing_of(report: Mapping[str, Any]) -> Standing:
    """How a declaration stands by its report; only a pass holds (AUD-041, AUD-042)."""
    if report["status"] == "PASSED":
        return Standing.HOLDS
    checks = report["checks"]
    slugs = {check["code"] for check in checks}
    if report["status"] != "INDETERMINATE" or "signature.valid" not in slugs:
        return Standing.FAILS
    no_audio = binding_of(report) == "notCompared"
    against = {_blocking(check, no_audio=no_audio) for check in checks} - {None}
    asked = set(report["policy"]["require"]) - {"binding"}
    if against - TORN or not asked:
        return Standing.FAILS
    if against:
        return Standing.TORN
    return Standing.UNCOMPARED if no_audio else Standing.FAILS


def _blocking(check: Mapping[str, Any], *, no_audio: bool) -> str | None:
    """What stands in the way; that there is no audio does not, here."""
    if check["kind"] not in {"blocks", "breaks"}:
        return None
    is_binding = check["code"] == "binding.not-checked" or (
        check["code"] == _UNMET and check["detail"].get("axis") == "binding"
    )
    return None if is_binding and no_audio else str(check["code"])


def code_of(report: Mapping[str, Any]) -> str:
    """The code that explains a report best, that there was no audio aside where more is wrong."""
    if report["status"] != "INDETERMINATE" or binding_of(report) != "notCompared":
        return str(report["code"])
    against = [c for c in report["checks"] if _blocking(c, no_audio=True)]
    direct = [str(c["code"]) for c in against if c["code"] != _UNMET]
    shown = [c["detail"].get("have") for c in against if c["code"] == _UNMET]
    return next((str(code) for code in (*direct, *shown) if code), str(report["code"]))
