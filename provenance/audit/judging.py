"""What written rules make of one recording of a chart (spec 25.5).

The rules see what is declared where the declaration holds, and nothing else: what fails, or is not
shown, is judged as if nothing were declared (AUD-052). No detector and no crowd list is a fact to a
rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from provenance.audit.model import State
from provenance.profiles.base import Evidence
from provenance.profiles.judging import Answer, judge, overrides_of, rules_of

if TYPE_CHECKING:
    from provenance.marks.base import Mark
    from provenance.model.manifest import Manifest

_OF_PROFILE = ("profile", "title", "issuer", "kind", "source", "confidence", "note")


def require_rules(rules: Sequence[str], settings: Sequence[str]) -> None:
    """Raise ``UsageError`` for a profile, rule, parameter or value that there is not (AUD-058)."""
    from provenance.profiles import load

    for name in rules:
        load(name)
    overrides_of(settings, rules)


def rules_asked(rules: Sequence[str], settings: Sequence[str]) -> list[dict[str, Any]]:
    """The profiles of an audit, each without its rules, with the settings that are its own."""
    found = []
    for name in dict.fromkeys(rules):
        data = rules_of(name)
        own = {rule["id"] for rule in data["rules"]}
        head = {member: data[member] for member in _OF_PROFILE if member in data}
        mine = [text for text in settings if text.partition("=")[0].rpartition(".")[0] in own]
        found.append({**head, "settings": mine})
    return found


def judged(
    state: State,
    manifest: Manifest | None,
    marks: Iterable[Mark],
    day: str,
    asked: tuple[Sequence[str], Sequence[str]],
) -> list[dict[str, Any]]:
    """Each profile with what its rules say, by ``check.schema.json``.

    ``day`` is the latest week that the recording charted in; ``asked`` are profiles and settings.
    """
    from provenance.reports.profiles import report
    from provenance.workspace.checking import seen_in

    rules, settings = asked
    overrides = overrides_of(settings, rules)
    facts: Mapping[str, Any] = {**seen_in(tuple(marks)), "date": day}
    evidence = Evidence(manifest, facts)
    answers = {}
    for name in dict.fromkeys(rules):
        found = judge(name, evidence, overrides)
        answers[name] = tuple(_opened(one) for one in found) if state is _OPEN else found
    profiles: list[dict[str, Any]] = report({}, day, answers)["profiles"]
    return profiles


_OPEN = State.CONTRADICTED


def _opened(answer: Answer) -> Answer:
    """A rule is not cleared by a declaration that something contradicts (AUD-053)."""
    if answer.fired is not False:
        return answer
    return replace(answer, fired=None, outcome=str(answer.rule["unsettled"]))
