"""A report as one row: what the forms for tables share (spec 27.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from provenance.model.levels import AREAS
from provenance.model.records import dataclass
from provenance.reports.forms.base import Report

Value = str | int | bool | None


@dataclass(frozen=True)
class Column:
    """One column: its name, its type in SQL, and where its value stands. None: there is none."""

    name: str
    kind: str
    of: Callable[[Report], Value]


@cache
def columns() -> tuple[Column, ...]:
    """The columns in their order; the areas stand where one looks for what is declared."""
    declared = [Column(f"declared_{area}", "VARCHAR", _area(str(area))) for area in AREAS]
    return (*_FIRST, *declared, *_LAST)


def row(report: Report) -> dict[str, Value]:
    """The values by column; an area without a value is not declared (ING-022)."""
    return {column.name: column.of(report) for column in columns()}


def _at(*path: str) -> Callable[[Report], Value]:
    """What stands at a path of members; None where one of them is null or missing."""

    def find(report: Report) -> Value:
        found: Any = report
        for name in path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return found if isinstance(found, str | int) else None

    return find


def _area(name: str) -> Callable[[Report], Value]:
    return _at("declaration", "areas", name)


def _codes(kind: str) -> Callable[[Report], Value]:
    def find(report: Report) -> Value:
        found = (check["code"] for check in report["checks"] if check["kind"] == kind)
        return _listed(dict.fromkeys(found))

    return find


def _listed(names: Iterable[str]) -> str | None:
    return "; ".join(names) or None


def _rules(report: Report) -> Value:
    return _listed(rule["rule"] for rule in report.get("decision", {}).get("rules", ()))


def _tell(report: Report) -> Value:
    return next(iter(report.get("decision", {}).get("tell", {}).values()), None)


def _others(code: str) -> Callable[[Report], Value]:
    return lambda report: sum(1 for one in report["endorsements"] if one["code"] == code)


def _marks(report: Report) -> Value:
    return len(report["marks"])


def _require(report: Report) -> Value:
    return _listed(f"{axis}={least}" for axis, least in report["policy"]["require"].items())


_FIRST = (
    Column("name", "VARCHAR", _at("input", "name")),
    Column("status", "VARCHAR", _at("status")),
    Column("code", "VARCHAR", _at("code")),
    Column("summary", "VARCHAR", _at("summary")),
    Column("decision", "VARCHAR", _at("decision", "outcome")),
    Column("decision_rules", "VARCHAR", _rules),
    Column("tell", "VARCHAR", _tell),
    Column("isrc_expected", "VARCHAR", _at("expected", "isrc")),
    Column("isrc_declared", "VARCHAR", _at("expected", "declared")),
    Column("isrc_tag", "VARCHAR", _at("expected", "tag")),
    Column("isrc_matches", "BOOLEAN", _at("expected", "matches")),
    Column("sentence", "VARCHAR", _at("declaration", "sentence")),
    Column("unverified_claim", "BOOLEAN", _at("declaration", "unverifiedClaim")),
)
_LAST = (
    Column("breaks", "VARCHAR", _codes("breaks")),
    Column("blocks", "VARCHAR", _codes("blocks")),
    Column("binding", "VARCHAR", _at("axes", "binding")),
    Column("signer_rung", "VARCHAR", _at("signer", "rung")),
    Column("signer_party", "VARCHAR", _at("signer", "party")),
    Column("signer_name", "VARCHAR", _at("signer", "name")),
    Column("signer_calls_itself", "VARCHAR", _at("signer", "callsItself")),
    Column("signer_key", "VARCHAR", _at("signer", "key")),
    Column("time_claimed", "VARCHAR", _at("time", "claimed")),
    Column("time_proven", "VARCHAR", _at("time", "best")),
    Column("endorsed_by", "BIGINT", _others("endorsement.valid")),
    Column("disputed_by", "BIGINT", _others("endorsement.dispute")),
    Column("marks", "BIGINT", _marks),
    Column("statement", "VARCHAR", _at("statement", "sid")),
    Column("container", "VARCHAR", _at("input", "container")),
    Column("size", "BIGINT", _at("input", "size")),
    Column("essence", "VARCHAR", _at("input", "essence")),
    Column("trust_policy", "VARCHAR", _at("policy", "id")),
    Column("trust_policy_version", "BIGINT", _at("policy", "version")),
    Column("required", "VARCHAR", _require),
    Column("verified_at", "VARCHAR", _at("verifiedAt")),
    Column("tool_version", "VARCHAR", _at("tool", "version")),
)
