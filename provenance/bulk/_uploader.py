"""Words for whoever sent a file: what to do, and never whose fault it is (spec 27.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from provenance.bulk._conditions import (
    codes_found,
    hidden_by,
    is_askers_mistake,
    missing,
    profiles_found,
)
from provenance.labels.messages import catalogue, listed
from provenance.reports.sentences import cut_short
from provenance.wire.schemas import load_json

if TYPE_CHECKING:
    from provenance.bulk.ingest import Rule

Plain = Mapping[str, Any]

_OURSELVES = "we-look"
_MISMATCH, _WHOLE = "binding.mismatch", "whole-audio"
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
    said = (_said(ask, rule, report, language) for ask in _asked(rule.when, report))
    return " ".join(dict.fromkeys(said))


def told(outcome: str, rules: Sequence[Rule], report: Plain, language: str) -> str:
    """The whole text: an opening by the outcome, and a line for each thing to do (ING-050)."""
    opening = str(catalogue(language)["uploader"][outcome])
    if outcome == "accept":
        return opening
    open_rules = [rule for rule in rules if rule.outcome != "accept"]
    lines = [words(rule, report, language) for rule in open_rules]
    if not lines:  # no rule: the policy says so of everything else
        ask = _for(report["code"], report)
        lines = [str(catalogue(language)["uploader"]["asks"][ask])]
    return "\n- ".join([opening, *dict.fromkeys(lines)])


def _asked(when: Plain, report: Plain) -> Iterator[str]:
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
    """What the code of a report asks for; nothing, where it is about the asker's own mistake."""
    if is_askers_mistake(report):
        return _OURSELVES
    return _WHOLE if code == _MISMATCH and cut_short(report) else asks().get(code, _OURSELVES)


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
