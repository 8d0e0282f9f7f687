"""What every profile is held to: data and code agree, both kinds of vectors, short predicates."""

import inspect
import json
from pathlib import Path

import pytest
from provenance.conformance.cases import load_case
from provenance.conformance.comparing import differences
from provenance.conformance.operations import perform
from provenance.profiles import _elsewhere, load, names
from provenance.profiles.base import Evidence
from provenance.profiles.judging import OUTCOMES, judge, overrides_of, rules_of
from provenance.reports.profiles import _plain, explained
from provenance.wire.schemas import is_valid, validator

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "schemas" / "profiles"
VECTORS = ROOT / "tests" / "vectors" / "profiles"
NAMES = names()
OURS = [name for name in NAMES if rules_of(name)["kind"] != "standard"]
"""Profiles of declarations; those of a standard's own documents have vectors of their own."""
RULES = {r["id"]: (name, r) for name in OURS for r in rules_of(name)["rules"]}
ALWAYS = {"us-1"}
"""Rules that say that there is none: they apply to everything."""
MOST_LINES = 10


def test_there_are_profiles_of_every_kind_and_the_rules_of_the_study():
    kinds = {rules_of(name)["kind"] for name in OURS}

    assert kinds == {"delivery", "distributor", "chart", "award", "society", "law"}
    assert len(OURS) == 39
    assert len(RULES) >= 69


def test_every_file_of_data_has_its_module():
    assert sorted(p.stem for p in DATA.glob("*.json")) == sorted(NAMES)


@pytest.mark.requirement("PRF-002")
@pytest.mark.parametrize("name", NAMES)
def test_the_data_meets_its_schema(name):
    faults = [e.message for e in validator("profile").iter_errors(rules_of(name))]

    assert faults == []
    assert rules_of(name)["profile"] == name


@pytest.mark.parametrize("member", ["clause", "source", "date", "confidence", "inferred"])
def test_the_schema_refuses_a_rule_that_does_not_say_where_it_comes_from(member):
    data = json.loads((DATA / "prs.json").read_bytes())
    del data["rules"][0][member]

    assert not is_valid(data, "profile")


@pytest.mark.requirement("PRF-001")
@pytest.mark.parametrize("name", NAMES)
def test_data_and_code_have_the_same_rules_and_title(name):
    profile, data = load(name), rules_of(name)

    assert list(profile.rules) == [rule["id"] for rule in data["rules"]]
    assert profile.title == data["title"]


def test_no_rule_stands_in_two_profiles():
    every = [rule["id"] for name in NAMES for rule in rules_of(name)["rules"]]

    assert len(every) == len(set(every))


@pytest.mark.parametrize("name", OURS)
def test_a_predicate_is_short_and_named_after_its_rule(name):
    for rule, predicate in load(name).rules.items():
        lines = inspect.getsource(predicate).rstrip().split("\n")

        assert predicate.__name__ == rule.replace("-", "_")
        assert len(lines) <= MOST_LINES, rule


@pytest.mark.parametrize("name", OURS)
def test_a_rule_that_quotes_has_seen_the_issuers_text(name):
    for rule in rules_of(name)["rules"]:
        if "quote" in rule:
            assert rule["confidence"] == "primary", rule["id"]


@pytest.mark.parametrize("rule", RULES)
def test_what_is_open_is_never_better_than_review_where_it_matters(rule):
    data = RULES[rule][1]

    if data["outcome"] in {"ineligible", "error", "review"}:
        assert data["unsettled"] == "review"
    assert OUTCOMES.index(data["unsettled"]) > OUTCOMES.index("label")


@pytest.mark.parametrize("rule", RULES)
def test_the_defaults_can_be_typed(rule):
    name, data = RULES[rule]

    for parameter, about in data.get("parameters", {}).items():
        if about["default"] is None:
            continue
        typed = overrides_of([f"{rule}.{parameter}={_plain(about['default'])}"], [name])
        answer = next(a for a in judge(name, Evidence(None, {}), typed) if a.rule["id"] == rule)

        assert answer.parameters[parameter] == about["default"]


def test_the_facts_from_elsewhere_are_those_that_rules_look_for():
    needs = {n for _, rule in RULES.values() for n in rule.get("needs", ())}
    wanted = {n.removeprefix("context.") for n in needs if n.startswith("context.")}

    assert wanted - {"date"} == set(_elsewhere.KNOWN)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_names_the_parameters_that_it_uses_and_can_be_explained(rule):
    name, data = RULES[rule]
    text = explained(name, data)

    assert data["clause"] in text
    assert data["source"] in text
    for need in data.get("needs", ()):
        kind, _, parameter = need.partition(":")
        assert not parameter or parameter in data["parameters"], kind


# ---- vectors -------------------------------------------------------------------------------


@pytest.mark.requirement("PRF-011")
@pytest.mark.requirement("PRF-012")
@pytest.mark.requirement("PRF-013")
@pytest.mark.parametrize("name", OURS)
def test_every_declaration_of_the_vectors_has_its_outcome(name):
    case = load_case(VECTORS / name / "case.json")

    assert list(differences(case, perform(case)["result"])) == []


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_vector_that_fires_and_one_that_does_not(rule):
    name, data = RULES[rule]
    outcomes = json.loads((VECTORS / name / "case.json").read_bytes())["expect"]["outcomes"]
    found = {key.partition(" ")[2]: o[rule] for key, o in outcomes.items() if rule in o}

    assert found["fires"] == data["outcome"]
    if rule not in ALWAYS:
        assert found["clear"] == "clear"
        assert found["open"] == data["unsettled"]


@pytest.mark.requirement("PRF-010")
@pytest.mark.parametrize("name", OURS)
def test_nothing_declared_clears_no_rule(name):
    overrides = {"apple-2": {"requiredFrom": "2026-01-01"}}
    for answer in judge(name, Evidence(None, {"date": "2026-11-24"}), overrides):
        if answer.rule["id"] not in ALWAYS:
            assert answer.fired is None, answer.rule["id"]
            assert answer.missing
