"""A policy at ingest: when a service accepts, holds or rejects a recording (spec 27.4).

A policy is read whole or not at all. ``decide`` is a pure function of a report: the worst outcome
of all rules that apply.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any

from provenance.bulk._conditions import applies
from provenance.bulk._ingest_faults import parse, require_sound
from provenance.bulk._uploader import told, words
from provenance.files.opening import input_error, open_regular
from provenance.model.errors import InputError, PolicyError
from provenance.model.limits import KIB
from provenance.model.records import dataclass
from provenance.plugins import did_you_mean
from provenance.wire.digests import digest_of
from provenance.wire.schemas import load_json

MAX_POLICY_BYTES = 256 * KIB
_OUTCOMES = ("accept", "hold", "reject")
"""From the best to the worst (ING-044)."""


Plain = Mapping[str, Any]


@dataclass(frozen=True)
class Rule:
    """When one outcome is asked for; ``when`` and ``unless`` are conditions as they are written."""

    id: str
    when: Plain
    outcome: str
    unless: Plain | None = None
    says: Mapping[str, str] = field(default_factory=dict)
    """Words of the service's own, by language."""


@dataclass(frozen=True)
class IngestPolicy:
    """A policy that holds together."""

    id: str
    version: int
    digest: str
    rules: tuple[Rule, ...]
    otherwise: str
    languages: tuple[str, ...] = ("en",)
    profiles: tuple[str, ...] = ()
    trust: Path | None = None
    """The trust policy to verify by; None for the caller's."""


_ERROR = Rule("error", {"status": ["ERROR"]}, "hold")
"""What could not be looked at is not accepted (ING-045)."""


@cache
def presets() -> Mapping[str, Plain]:
    """The ready-made policies by name: what each means, and the policy (ING-060)."""
    found = load_json("registries/ingest-presets.json")["presets"]
    return {entry["preset"]: entry for entry in found}


def load(data: bytes, folder: Path | None = None) -> IngestPolicy:
    """Read a policy; ``folder`` is where the trust policy is that it names.

    Raises ``PolicyError`` with the rule that refuses it (ING-040 to ING-042).
    """
    plain = parse(data, MAX_POLICY_BYTES)
    require_sound(plain)
    return IngestPolicy(
        id=plain["id"],
        version=plain["version"],
        digest=digest_of(data),
        rules=tuple(_rule(entry) for entry in plain["rules"]),
        otherwise=plain["otherwise"],
        languages=tuple(plain.get("languages", ("en",))),
        profiles=tuple(plain.get("profiles", ())),
        trust=_trust(plain, folder),
    )


def load_policy(name: str) -> IngestPolicy:
    """The preset of that name, else the policy in the file at that path.

    Raises ``PolicyError``, or ``InputError`` when the file cannot be read.
    """
    preset = presets().get(name)
    if preset is not None:
        return load(json.dumps(preset["policy"]).encode())
    path = Path(name)
    try:
        with open_regular(path) as stream:
            data = stream.read(MAX_POLICY_BYTES + 1)
    except InputError as error:
        near = did_you_mean(name, presets())
        hint = f"{near}Name a policy at ingest, or one of: {', '.join(presets())}."
        raise InputError(str(error), hint=hint) from error
    except OSError as error:
        raise input_error(path, error) from error
    try:
        return load(data, path.resolve().parent)
    except PolicyError as error:
        made = PolicyError(error.rule, f"{path}: {error}", hint=error.hint)
        made.where = error.where
        raise made from error


def decide(report: Plain, policy: IngestPolicy) -> dict[str, Any]:
    """The decision about a report, with what to tell the uploader (ING-043 to ING-051).

    Raises ``ValueError`` for a report that was not judged by the profiles of the policy.
    """
    judged = {entry["profile"] for entry in report.get("profiles", ())}
    if report["status"] != "ERROR" and not judged.issuperset(policy.profiles):
        raise ValueError("the report was not judged by the profiles of the policy")
    found = [rule for rule in policy.rules if applies(rule.when, rule.unless, report)]
    if report["status"] == "ERROR" and not any(map(_holds_errors, found)):
        found.append(_ERROR)
    outcome = _worst(found) or policy.otherwise
    return {
        "outcome": outcome,
        "rules": [
            {
                "rule": rule.id,
                "outcome": rule.outcome,
                "says": {lang: words(rule, report, lang) for lang in policy.languages},
            }
            for rule in found
        ],
        "tell": {lang: told(outcome, found, report, lang) for lang in policy.languages},
        "policy": {"id": policy.id, "version": policy.version, "sha256": policy.digest},
    }


def _holds_errors(rule: Rule) -> bool:
    return rule.outcome != "accept" and "ERROR" in rule.when.get("status", ())


def _worst(rules: list[Rule]) -> str | None:
    return max((rule.outcome for rule in rules), key=_OUTCOMES.index, default=None)


def _rule(entry: Plain) -> Rule:
    return Rule(
        entry["id"],
        entry["when"],
        entry["outcome"],
        entry.get("unless"),
        entry.get("says", {}),
    )


def _trust(plain: Plain, folder: Path | None) -> Path | None:
    """The trust policy that is named: a regular file that does not lie outside the folder."""
    if "trust" not in plain:
        return None
    name = str(plain["trust"])
    top = folder.resolve() if folder is not None else None
    try:
        place = (top / name).resolve() if top is not None else None
        if top is not None and place is not None and place.is_relative_to(top) and place.is_file():
            return place
    except (OSError, RuntimeError, ValueError):  # links in a circle, a NUL
        pass
    message = f"'{name}' is no file in the folder of the policy"
    hint = "Put the trust policy there, and name it from there."
    raise PolicyError("ingest.trust-path", message, where="/trust", hint=hint)
