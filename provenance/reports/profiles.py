"""What the rules of profiles say, for a program and for a person (spec 20.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from provenance.profiles.judging import Answer, rules_of, worst
from provenance.reports.escaping import shown

EXAMPLES = (
    "These rules are examples, each with its source and date, and not the issuers' own texts; "
    "charts decide by theirs."
)
NOT_SAID = (
    EXAMPLES,
    "What is not stated is never taken for 'none'.",
    "None of this says that the declaration is true.",
)
_SEEN = {
    "primary": "seen in the issuer's own text",
    "tested": "tested",
    "secondary": "as others report it",
    "inferred": "inferred",
}


def report(
    subject: Mapping[str, Any], day: str, answers: Mapping[str, Sequence[Answer]]
) -> dict[str, Any]:
    """The report by ``check.schema.json``: ``subject`` is its ``input``, answers by profile."""
    return {
        "report": "musicprov-check/1",
        "input": dict(subject),
        "date": day,
        "outcome": worst(a for found in answers.values() for a in found),
        "profiles": [_profile(name, found) for name, found in answers.items()],
        "notSaid": list(NOT_SAID),
    }


def _profile(name: str, answers: Sequence[Answer]) -> dict[str, Any]:
    data = rules_of(name)
    taken = ("profile", "title", "issuer", "kind", "source", "confidence", "note")
    return {
        **{member: data[member] for member in taken if member in data},
        "outcome": worst(answers),
        "rules": [_rule(answer) for answer in answers],
    }


def _rule(answer: Answer) -> dict[str, Any]:
    taken = ("clause", "quote", "source", "date", "confidence", "inferred")
    return {
        "rule": answer.rule["id"],
        "outcome": answer.outcome,
        "fired": answer.fired,
        "says": says(answer),
        **{member: answer.rule[member] for member in taken if member in answer.rule},
        "parameters": dict(answer.parameters),
        "changed": sorted(answer.changed),
        "facts": dict(answer.facts),
        "missing": list(answer.missing),
    }


def says(answer: Answer) -> str:
    """One or two sentences: what it means for this recording."""
    if answer.fired:
        return str(answer.rule["message"])
    if answer.fired is False:
        return "Does not apply, by what is declared."
    open_question = answer.rule.get("judgement", "")
    missing = f"Not stated: {', '.join(answer.missing)}." if answer.missing else ""
    return " ".join(part for part in (open_question, missing) if part) or "Not settled."


def as_text(found: Mapping[str, Any]) -> str:
    """A report for a person; every foreign text escaped."""
    subject = found["input"]
    lines = [f"{found['outcome']}  {shown(subject['name'])}  (rules as of {found['date']})"]
    lines.append(f"  Declared: {_standing(subject)}")
    for profile in found["profiles"]:
        lines += _section(profile)
    return "\n".join([*lines, *(f"Note: {line}" for line in found["notSaid"])])


def _standing(subject: Mapping[str, Any]) -> str:
    if subject["status"] == "UNSIGNED":
        return "a declaration that nobody has signed yet"
    if not subject["declared"]:
        return f"nothing that holds, which is not 'no AI' [{subject['code']}]"
    claim = "" if subject["status"] == "PASSED" else "an unverified claim: "
    return f"{claim}{subject['status']} [{subject['code']}]"


def _section(profile: Mapping[str, Any]) -> Iterator[str]:
    yield f"{profile['title']} ({profile['issuer']}): {profile['outcome']}"
    if "note" in profile:
        yield f"  Note: {profile['note']}"
    for rule in profile["rules"]:
        if rule["fired"] is not False:
            yield from _fired(rule)
    clear = [rule["rule"] for rule in profile["rules"] if rule["fired"] is False]
    if clear:
        yield f"  clear: {', '.join(clear)}"


def _fired(rule: Mapping[str, Any]) -> Iterator[str]:
    yield f"  {rule['outcome']}: {rule['rule']}: {rule['says']}"
    yield f"    Rule: {clause(rule)}"
    yield f"    Source: {origin(rule)}"
    stated = {name: value for name, value in rule["facts"].items() if value is not None}
    if stated:
        yield f"    Stated: {shown('; '.join(f'{name} {v}' for name, v in stated.items()))}"
    for name in rule["changed"]:
        yield f"    With: {name} = {shown(_plain(rule['parameters'][name]))} (by --set)"


def clause(rule: Mapping[str, Any]) -> str:
    """The rule in words, with the issuer's own where they were seen."""
    quote = f' ("{rule["quote"]}")' if "quote" in rule else ""
    return f"{rule['clause']}{quote}{' [our reading]' if rule['inferred'] else ''}"


def origin(rule: Mapping[str, Any]) -> str:
    """Where the rule was seen, when, and how sure that is."""
    day = f" ({rule['date']})" if rule["date"] else ""
    return f"{rule['source']}{day}: {_SEEN[rule['confidence']]}"


def explained(name: str, rule: Mapping[str, Any]) -> str:
    """Everything about one rule."""
    data = rules_of(name)
    lines = [
        f"{rule['id']}: {data['title']} ({data['issuer']}), profile {name}",
        f"  Rule: {clause(rule)}",
        f"  Source: {origin(rule)}",
        f"  When it fires: {rule['outcome']}: {rule['message']}",
        f"  When that is not settled: {rule['unsettled']}. {rule.get('judgement', '')}".rstrip(),
    ]
    if rule.get("needs"):
        lines.append(f"  Looks at: {', '.join(rule['needs'])}")
    for parameter, about in rule.get("parameters", {}).items():
        lines.append(f"  --set {rule['id']}.{parameter}={_plain(about['default'])}")
        lines.append(f"      {about['kind']}: {about['means']}")
    return "\n".join(lines)


def _plain(value: Any) -> str:
    """A value as it is typed after ``--set``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list) else str(value)
