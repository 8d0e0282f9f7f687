"""Words for whoever sent a file: what to do, and never whose fault it is (spec 27.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from provenance.bulk._conditions import (
    codes_found,
    hidden_by,
    is_damaged,
    is_files_fault,
    missing,
    profiles_found,
)
from provenance.labels.messages import catalogue, listed
from provenance.reports.sentences import cut_short
from provenance.wire.schemas import load_json

if TYPE_CHECKING:
    from provenance.bulk.ingest import Rule

Plain = Mapping[str, Any]

_OURSELVES, _NOT_COMPARED = "we-look", "not-compared"
_OURS = frozenset({_OURSELVES, _NOT_COMPARED})
"""What asks the uploader for nothing."""
_MISMATCH, _WHOLE = "binding.mismatch", "whole-audio"
_NOT_CHECKED, _DAMAGED = "binding.not-checked", "damaged-audio"
_ISRC = {True: _OURSELVES, False: "isrc-differs", None: "isrc-missing"}


@cache
def asks() -> Mapping[str, str]:
    """What each code asks the uploader for, by code; ``error`` stands for an ERROR."""
    found = load_json("registries/uploader-asks.json")["asks"]
    return {code: entry["ask"] for entry in found for code in entry["codes"]}


def words(rule: Rule, report: Plain, language: str) -> str:
    """What one rule says: its own words, else those for what was found."""
    if language in rule.says:
        return rule.says[language]
    uploader = catalogue(language)["uploader"]
    if rule.outcome == "accept":
        return str(uploader["accept"])
    said = (_said(ask, rule, report, language) for ask in _asked(rule, report))
    return " ".join(dict.fromkeys(said))


def told(outcome: str, rules: Sequence[Rule], report: Plain, language: str) -> str:
    """The whole text: an opening, and a line for each thing to do.

    Nothing is said to be asked for where nothing is (ING-050, ING-053).
    """
    uploader = catalogue(language)["uploader"]
    if outcome == "accept":
        return str(uploader["accept"])
    open_rules = [rule for rule in rules if rule.outcome != "accept"]
    asking = [rule for rule in open_rules if language in rule.says or not _is_ours(rule, report)]
    saying = [r for r in open_rules if r not in asking and _NOT_COMPARED in _asked(r, report)]
    telling = [*asking, *saying] if asking else open_rules
    lines = [words(rule, report, language) for rule in telling]
    is_asked = bool(asking)
    if not lines:  # no rule: the policy says so of everything else
        ask = _for(report["code"], report)
        is_asked = ask not in _OURS
        lines = [str(uploader["asks"][ask])]
    opening = str(uploader[outcome if is_asked else f"{outcome}-unasked"])
    return "\n- ".join([opening, *dict.fromkeys(lines)])


def _is_ours(rule: Rule, report: Plain) -> bool:
    """Whether a rule asks the uploader for nothing."""
    return _OURS.issuperset(_asked(rule, report))


def _asked(rule: Rule, report: Plain) -> list[str]:
    """What a rule asks the uploader for: that we look ourselves only where it is nothing else."""
    found = list(_found(rule.when, report))
    return [ask for ask in found if ask != _OURSELVES] or [_OURSELVES]


def _found(when: Plain, report: Plain) -> Iterator[str]:
    """What the conditions that hold ask for; where they say too little, the report's code."""
    axis = [slug for slugs in when.get("axis", {}).values() for slug in slugs]
    found = codes_found([*when.get("code", ()), *axis], report)
    asked = [_for(code, report) for code in found if code in asks()]
    asked += [_unless_hidden("areas", report)] if "missing" in when else []
    asked += ["mark"] if "marks" in when else []
    asked += ["profile"] if "profile" in when else []
    if "isrc" in when:
        ask = _ISRC[report["expected"]["matches"]]
        asked.append(ask if ask != "isrc-missing" else _unless_hidden(ask, report))
    yield from dict.fromkeys(asked or [_for(report["code"], report)])


def _unless_hidden(ask: str, report: Plain) -> str:
    """To add what is missing; where that does not show, what would let it show (ING-050)."""
    code = hidden_by(report)
    return ask if code is None else _for(code, report)


def _for(code: str, report: Plain) -> str:
    """What the code of a report asks for; nothing, where the file is not at fault."""
    if report["status"] == "ERROR" and not is_files_fault(report):
        return _OURSELVES
    if code == _MISMATCH and cut_short(report):
        return _WHOLE
    if code == _NOT_CHECKED and is_damaged(report):
        return _DAMAGED
    return asks().get(code, _OURSELVES)


def _said(ask: str, rule: Rule, report: Plain, language: str) -> str:
    found = catalogue(language)
    text = str(found["uploader"]["asks"][ask])
    if ask == "areas":
        names = [found["areas"][area] for area in missing(rule.when["missing"], report)]
        return text.replace("{areas}", listed(names, language))
    if ask == "profile":
        titles = [_title(name) for name in profiles_found(rule.when["profile"], report)]
        return text.replace("{profiles}", listed(titles, language))
    if ask in _ISRC.values() and "expected" in report:
        return text.replace("{isrc}", report["expected"]["isrc"])
    return text


def _title(profile: str) -> str:
    from provenance.profiles.judging import rules_of

    return str(rules_of(profile)["issuer"])
