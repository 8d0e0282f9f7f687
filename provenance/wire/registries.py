"""The registries of terms, codes and rules, as plain data (spec 12.2)."""

from __future__ import annotations

from functools import cache
from typing import Any

from provenance.model.errors import PolicyError, RefusedError
from provenance.wire.schemas import load_json, schema_root


@cache
def terms(name: str) -> tuple[dict[str, Any], ...]:
    """The terms of a registry, in registry order: ``areas``, ``levels``, ``identities`` ..."""
    return tuple(load_json(f"registries/{name}.json")["terms"])


def names(registry: str) -> tuple[str, ...]:
    """The terms of a registry by name alone, in registry order: what may be chosen."""
    return tuple(entry["term"] for entry in terms(registry))


@cache
def codes() -> dict[str, dict[str, Any]]:
    """The codes by slug, active and reserved."""
    return {c["code"]: c for c in load_json("registries/codes.json")["codes"]}


@cache
def rules() -> dict[str, dict[str, Any]]:
    """The refusal rules of all containers and of writing, by name."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((schema_root() / "registries" / "rules").glob("*.json")):
        for entry in load_json(f"registries/rules/{path.name}")["rules"]:
            found[entry["rule"]] = entry
    return found


@cache
def problems() -> dict[str, dict[str, Any]]:
    """The problems of requests by code, each with its HTTP status, meaning and fix (SRV-030)."""
    return {p["problem"]: p for p in load_json("registries/problems.json")["problems"]}


@cache
def statuses() -> dict[str, dict[str, Any]]:
    """The five statuses (spec 9.4), each with its meaning and fix."""
    return {s["status"]: s for s in load_json("registries/statuses.json")["statuses"]}


@cache
def lint_remarks() -> dict[str, dict[str, Any]]:
    """What ``prov trust lint`` says about trust policies, by slug."""
    return {r["remark"]: r for r in load_json("registries/trust-lint.json")["remarks"]}


def rule(name: str) -> dict[str, Any] | None:
    """One rule by its name; None when it is not registered."""
    return rules().get(name)


def explained(error: RefusedError | PolicyError) -> tuple[str, str]:
    """What a refusal says, and what to do: in the registry's words where it has none of its own."""
    entry, message = rule(error.rule) or {}, str(error)
    if message == error.rule:
        message = str(entry.get("meaning", f"refused by rule {error.rule}"))
    return message, error.hint or str(entry.get("fix", ""))
