"""``prov check``: exit codes, what a report says, what is refused (spec 20.3, 20.4)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from provenance.cli.main import cli
from provenance.model.errors import UsageError
from provenance.profiles import judging, names
from provenance.profiles._elsewhere import read_facts
from provenance.wire.schemas import check as faults_of

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
VECTORS = ROOT / "tests" / "vectors" / "verify"
MARKS = VECTORS.parent / "marks"
WALK = EXAMPLES / "walk-my-walk" / "declaration.json"
HUMAN = EXAMPLES / "all-human" / "declaration.json"
DECLARATIONS = sorted(EXAMPLES.glob("*/declaration.json"))


def run(*arguments):
    done = CliRunner(env={"MUSICPROV_HOME": "/nonexistent/home"}).invoke(
        cli, ["check", *map(str, arguments)]
    )
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout


def report(*arguments):
    code, text = run(*arguments, "--format", "json", "--date", "2026-11-24")
    return code, json.loads(text)


def refused(*arguments):
    done = CliRunner().invoke(cli, ["check", *map(str, arguments)])
    assert isinstance(done.exception, UsageError), done.output
    return f"{done.exception} {done.exception.hint}"


def test_a_file_of_ones_own_is_no_profile_and_that_is_said():
    said = refused(WALK, "--profile", "mine.json")

    assert "all of them come with prov" in said
    assert "prov verify --policy" in said


@pytest.mark.requirement("PRF-021")
@pytest.mark.parametrize(
    ("file", "profile", "code"),
    [
        (WALK, "sverigetopplistan", 1),
        (WALK, "symphonic", 1),
        (WALK, "musichub", 3),
        (WALK, "tidal", 0),
        (WALK, "billboard", 0),
        (HUMAN, "sverigetopplistan", 0),
        (HUMAN, "spotify", 0),
    ],
    ids=lambda v: v if isinstance(v, str) else None,
)
def test_the_exit_code_is_that_of_the_worst_outcome(file, profile, code):
    assert run(file, "--profile", profile)[0] == code


def test_a_process_ends_with_it_too(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "provenance", "check", str(WALK), "--profile", "norway"],
        env={**os.environ, "MUSICPROV_HOME": str(tmp_path / "home")},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip

    assert done.returncode == 1, done.stderr
    assert not (tmp_path / "home").exists()


@pytest.mark.requirement("PRF-020")
@pytest.mark.requirement("PRF-033")
@pytest.mark.parametrize("path", DECLARATIONS, ids=lambda p: p.parent.name)
def test_the_report_meets_its_schema_and_its_outcome_is_the_worst(path):
    code, found = report(path, "--profile", "all")
    rank = judging.OUTCOMES.index

    assert list(faults_of(found, "check")) == []
    for profile in found["profiles"]:
        assert rank(profile["outcome"]) == max(rank(r["outcome"]) for r in profile["rules"])
    worst = max(rank(p["outcome"]) for p in found["profiles"])
    assert rank(found["outcome"]) == worst
    assert code == {"error": 1, "ineligible": 1, "review": 3}.get(found["outcome"], 0)


def test_the_order_of_outcomes_is_that_of_the_chapter():
    text = (ROOT / "spec" / "20-profiles.md").read_text(encoding="utf-8")
    table = text.split("## 20.3 ")[1].split("**PRF-020**")[0]

    rows = [line.split("`")[1] for line in table.split("\n") if line.startswith("| `")]

    assert tuple(rows) == judging.OUTCOMES


@pytest.mark.requirement("PRF-031")
@pytest.mark.parametrize("path", DECLARATIONS, ids=lambda p: p.parent.name)
def test_the_text_says_whose_rule_it_is_and_where_it_was_found(path):
    _, text = run(path, "--profile", "all", "--date", "2026-11-24")
    _, found = report(path, "--profile", "all")

    for profile in found["profiles"]:
        assert f"{profile['title']} ({profile['issuer']}): {profile['outcome']}\n" in text
        for rule in profile["rules"]:
            if rule["fired"] is False:
                continue
            lines = text.split(f"\n  {rule['outcome']}: {rule['rule']}: ")[1].split("\n")[:3]
            assert rule["clause"] in lines[1]
            assert ("[our reading]" in lines[1]) == rule["inferred"]
            assert rule["source"] in lines[2]
            assert lines[2].endswith(("text", "it", "tested", "inferred"))
            if rule["fired"] is None:
                assert all(name in lines[0] for name in rule["missing"])


@pytest.mark.requirement("PRF-032")
@pytest.mark.parametrize("profile", ["billboard", "sverigetopplistan", "prs", "all"])
def test_every_report_says_that_the_rules_are_examples(profile):
    _, text = run(HUMAN, "--profile", profile)
    _, found = report(HUMAN, "--profile", profile)

    assert "These rules are examples" in text
    assert "not the issuers' own texts" in text
    assert found["notSaid"][0] in text


@pytest.mark.requirement("PRF-031")
def test_a_changed_parameter_is_named():
    code, text = run(WALK, "--profile", "norway", "--set", "no-1.mainly=0.75")
    _, found = report(WALK, "--profile", "norway", "--set", "no-1.mainly=0.75")

    assert code == 1
    assert "With: mainly = 0.75 (by --set)" in text
    assert found["profiles"][0]["rules"][0]["changed"] == ["mainly"]


@pytest.mark.requirement("PRF-030")
def test_what_failed_verification_declares_nothing():
    copied = VECTORS / "copied-to-other-recording" / "input.wav"
    _, found = report(copied, "--profile", "mello", "--profile", "emastered")

    assert found["input"]["status"] == "FAILED"
    assert found["input"]["declared"] is False
    assert {r["fired"] for p in found["profiles"] for r in p["rules"]} == {None}
    assert {v for p in found["profiles"] for r in p["rules"] for v in r["facts"].values()} == {None}


def test_absence_is_not_no_ai():
    code, text = run(VECTORS / "absent" / "input.wav", "--profile", "emastered")

    assert code == 3
    assert "which is not 'no AI'" in text


def test_what_a_stranger_signed_is_an_unverified_claim():
    signed = VECTORS / "passed-own-key" / "input.wav"
    code, text = run(signed, "--profile", "mello")

    assert code == 1  # its lead vocals are declared as full
    assert "an unverified claim: INDETERMINATE" in text


def test_a_bare_token_is_judged(tmp_path):
    token = next((VECTORS / "bare-token").glob("*.jws"), None) or next(
        p for p in (VECTORS / "bare-token").iterdir() if p.name != "case.json"
    )

    assert run(token, "--profile", "billboard")[0] == 0


def test_facts_from_elsewhere_are_used():
    assert run(HUMAN, "--profile", "uk")[0] == 3
    assert run(HUMAN, "--profile", "uk", "--fact", "takedown=yes")[0] == 1
    assert read_facts(["aiReleasesInWeek=3", "category=other", "marked=no"]) == {
        "aiReleasesInWeek": 3,
        "category": "other",
        "marked": False,
    }


def facts_seen(folder):
    _, found = report(next(folder.glob("input.*")), "--profile", "china", "--profile", "eu")
    rules = {r["rule"]: r["facts"] for p in found["profiles"] for r in p["rules"]}
    return rules["cn-1"]["context.aigcMark"], rules["eu-1"]["context.marked"]


@pytest.mark.requirement("PRF-034")
@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("none-declared-aigc-label", ("yes", "yes")),
        ("aigc-suspected", ("yes", None)),
        ("aigc-no-json", ("no", None)),
    ],
)
def test_marks_in_the_file_state_facts(name, seen):
    assert facts_seen(MARKS / name) == seen


@pytest.mark.requirement("PRF-034")
def test_a_mark_that_is_not_there_states_nothing():
    assert facts_seen(VECTORS / "passed-own-key") == (None, None)


@pytest.mark.requirement("PRF-034")
def test_what_is_asked_wins_over_what_a_mark_says():
    file = next((MARKS / "none-declared-aigc-label").glob("input.*"))
    _, found = report(file, "--profile", "china", "--fact", "aigcMark=no")

    assert found["profiles"][0]["rules"][0]["facts"]["context.aigcMark"] == "no"


def test_the_date_decides():
    early, late = (
        report(WALK, "--profile", "eu", "--fact", "marked=no", "--fact", "marksRemoved=no")[1]
        if day is None
        else json.loads(
            run(WALK, "--profile", "eu", "--fact", "marked=no", "--date", day,
                "--format", "json")[1]
        )
        for day in ("2026-08-01", None)
    )  # fmt: skip

    assert early["profiles"][0]["rules"][0]["fired"] is False
    assert late["profiles"][0]["rules"][0]["fired"] is True


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([WALK], "--profile all"),
        ([], "no file"),
        ([WALK, "--profile", "nobody"], "sverigetopplistan"),
        ([WALK, "--profile", "prs", "--set", "se-1.mainly=0.5"], "no rule 'se-1'"),
        ([WALK, "--profile", "norway", "--set", "no-1.some=1"], "mainly"),
        ([WALK, "--profile", "norway", "--set", "no-1.mainly=most"], "a share from 0 to 1"),
        ([WALK, "--profile", "norway", "--set", "no-1.mainly=nan"], "a share"),
        ([WALK, "--profile", "norway", "--set", "no-1.mainly=2"], "a share from 0 to 1"),
        ([WALK, "--profile", "norway", "--set", "no-1.mainly=-0.1"], "a share"),
        ([WALK, "--profile", "norway", "--set", "no-1.core=drums"], "leadVocals"),
        ([WALK, "--profile", "norway", "--set", "no-1.voiceAndMusic=1"], "true or false"),
        ([WALK, "--profile", "bandcamp", "--set", "band-1.substantial=much"], "predominant"),
        ([WALK, "--profile", "apple", "--set", "apple-2.requiredFrom=2027"], "a day"),
        ([WALK, "--profile", "norway", "--set", "mainly"], "RULE.PARAM=VALUE"),
        ([WALK, "--profile", "uk", "--fact", "mood=good"], "takedown"),
        ([WALK, "--profile", "uk", "--fact", "takedown=perhaps"], "yes or no"),
        ([WALK, "--profile", "beatchain", "--fact", "aiReleasesInWeek=-1"], "whole number"),
        ([WALK, "--profile", "uk", "--date", "tomorrow"], "2026-11-23"),
        (["--explain", "se-9"], "--list"),
    ],
    ids=lambda v: None if isinstance(v, str) else " ".join(map(str, v[1:])),
)
def test_what_cannot_be_asked_says_what_can(arguments, said):
    assert said in refused(*arguments)


def test_the_list_has_every_rule_with_its_parameters():
    code, text = run("--list")

    assert code == 0
    for name in names():
        for rule in judging.rules_of(name)["rules"]:
            assert f"  {rule['id']}" in text
            for parameter in rule.get("parameters", {}):
                assert f"--set {rule['id']}.{parameter}" in text


def test_a_rule_is_explained_with_its_source():
    code, text = run("--explain", "se-1")

    assert code == 0
    for said in ("Sverigetopplistan", "nordiskpost.com", "as others report it", "our reading",
                 "se-1.mainly=0.5"):  # fmt: skip
        assert said in text
