"""A report with what profiles and the policy at ingest make of it (spec 27.4)."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from provenance.bulk.ingest import IngestPolicy, decide, load_policy
from provenance.bulk.settings import Settings
from provenance.bulk.settings import forget as forget_context
from provenance.model.errors import UsageError
from provenance.model.verdict import Verdict
from provenance.profiles.base import Evidence
from provenance.profiles.judging import judge, worst
from provenance.verify.outcome import Context
from provenance.workspace.checking import declared_in


def policy_of(settings: Settings) -> IngestPolicy | None:
    """The policy at ingest that is asked for, read once a process; raises ``ProvError``."""
    return None if settings.ingest is None else _kept(settings.ingest)


@lru_cache(maxsize=4)
def _kept(name: str) -> IngestPolicy:
    return load_policy(name)


def forget() -> None:
    """Let go of the policies that were read, of both kinds, and of the keys."""
    _kept.cache_clear()
    forget_context()


def under(settings: Settings, *, chosen: bool = False) -> Settings:
    """The settings with the trust policy that the policy at ingest names, if it names one.

    Raises ``UsageError`` where another one was ``chosen`` for this call, and ``ProvError`` for a
    policy at ingest that cannot be used.
    """
    policy = policy_of(settings)
    if policy is None or policy.trust is None:
        return settings
    if chosen and settings.trust is not None and Path(settings.trust).resolve() != policy.trust:
        hint = "Leave out --trust, or 'trust' in the policy at ingest."
        raise UsageError("the policy at ingest names another trust policy", hint=hint)
    return replace(settings, trust=str(policy.trust))


def judged(
    made: dict[str, Any], verdict: Verdict | None, settings: Settings, context: Context
) -> dict[str, Any]:
    """The report with ``profiles`` and ``decision``, as far as they are asked for.

    Without a verdict the report is an ERROR: no profile can say anything of it.
    """
    policy = policy_of(settings)
    wanted = dict.fromkeys((*settings.profiles, *(policy.profiles if policy else ())))
    if wanted and verdict is not None:
        made["profiles"] = [_answers(name, verdict, context) for name in wanted]
    if policy is not None:
        made["decision"] = decide(made, policy)
    return made


def _answers(name: str, verdict: Verdict, context: Context) -> dict[str, Any]:
    """The worst outcome of a profile, and its rules that are not clear."""
    manifest, seen = declared_in(verdict)
    evidence = Evidence(manifest, {**seen, "date": context.now.date().isoformat()})
    answers = judge(name, evidence)
    return {
        "profile": name,
        "outcome": worst(answers),
        "rules": [
            {"rule": answer.rule["id"], "outcome": answer.outcome}
            for answer in answers
            if answer.outcome != "clear"
        ],
    }
