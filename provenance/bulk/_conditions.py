"""Whether a rule of a policy at ingest applies to a report (spec 27.4)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

Plain = Mapping[str, Any]

_HOLDS = frozenset({"PASSED", "INDETERMINATE"})
_NOT_WHOLE = "carrier.scan-incomplete"
_NOT_CHECKED = "binding.not-checked"
_DAMAGED = frozenset({"decoder-error", "stream-disagrees"})
"""Causes of it that a whole file does not have."""
_MATCHES = {True: "matches", False: "differs", None: "unknown"}


def applies(when: Plain, unless: Plain | None, report: Plain) -> bool:
    """Whether ``when`` holds, and ``unless`` does not (ING-043)."""
    return _hold(when, report) and not (unless is not None and _hold(unless, report))


def missing(areas: Collection[str], report: Plain) -> list[str]:
    """The areas that are not declared; by what failed nothing is (ING-046)."""
    declaration = report["declaration"] if report["status"] in _HOLDS else None
    declared = declaration["areas"] if declaration is not None else {}
    return [area for area in areas if area not in declared]


def hidden_by(report: Plain) -> str | None:
    """The code of why nobody can tell what is declared, and in what tags; None where that shows.

    What is not seen is told of nobody as missing (ING-050).
    """
    if report["status"] not in {*_HOLDS, "ABSENT"}:
        return str(report["code"])
    if codes_found([_NOT_WHOLE], report):
        return _NOT_WHOLE
    is_seen = report["status"] == "ABSENT" or report["declaration"] is not None
    return None if is_seen else str(report["code"])


def is_files_fault(report: Plain) -> bool:
    """Whether an ERROR is due to what the file is, not to the asker or the world (ING-052)."""
    return bool(report["fault"] == "file")


def is_damaged(report: Plain) -> bool:
    """Whether audio could not be compared because it is damaged or not all there (BND-072)."""
    found = (c["detail"].get("cause") for c in report["checks"] if c["code"] == _NOT_CHECKED)
    return not _DAMAGED.isdisjoint(found)


def codes_found(slugs: Collection[str], report: Plain) -> list[str]:
    """Those of some codes that were found, in the order in which they were."""
    found = dict.fromkeys(check["code"] for check in report["checks"])
    return [slug for slug in found if slug in slugs]


def profiles_found(wanted: Mapping[str, Collection[str]], report: Plain) -> list[str]:
    """The profiles that have one of the outcomes given for them."""
    judged = {entry["profile"]: entry["outcome"] for entry in report.get("profiles", ())}
    return [name for name, outcomes in wanted.items() if judged.get(name) in outcomes]


def _hold(conditions: Plain, report: Plain) -> bool:
    return all(_MEMBERS[member](wanted, report) for member, wanted in conditions.items())


def _axis(wanted: Mapping[str, Collection[str]], report: Plain) -> bool:
    return all(report["axes"].get(axis) in slugs for axis, slugs in wanted.items())


def _profile(wanted: Mapping[str, Collection[str]], report: Plain) -> bool:
    return len(profiles_found(wanted, report)) == len(wanted)


def _marks(wanted: Collection[str], report: Plain) -> bool:
    return any(mark["says"] in wanted for mark in report["marks"])


def _isrc(wanted: Collection[str], report: Plain) -> bool:
    expected = report.get("expected")
    return expected is not None and _MATCHES[expected["matches"]] in wanted


_MEMBERS: Mapping[str, Callable[[Any, Plain], bool]] = {
    "status": lambda wanted, report: report["status"] in wanted,
    "code": lambda wanted, report: bool(codes_found(wanted, report)),
    "axis": _axis,
    "profile": _profile,
    "missing": lambda wanted, report: bool(missing(wanted, report)),
    "marks": _marks,
    "isrc": _isrc,
}
