"""The vectors as files (spec 12.4): their form, their size, and that their builders make them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests" / "vectors"
SCHEMA = json.loads((ROOT / "schemas" / "1.0" / "case.schema.json").read_bytes())
CASES = {path: json.loads(path.read_bytes()) for path in sorted(VECTORS.rglob("case.json"))}
BUILDERS = sorted(VECTORS.rglob("build.py"))
MOST_BYTES = 3_600_000


def test_every_case_has_the_form_of_the_schema():
    validator = Draft202012Validator(SCHEMA)

    wrong = {
        str(path.parent.relative_to(VECTORS)): error.message
        for path, case in CASES.items()
        for error in validator.iter_errors(case)
    }

    assert wrong == {}
    assert len(CASES) > 700


def test_a_case_is_named_by_its_folder():
    wrong = [case["id"] for path, case in CASES.items() if case["id"] != _id(path)]

    assert wrong == []


def _id(path):
    return path.parent.relative_to(VECTORS).as_posix()


def test_a_folder_holds_what_its_case_names_and_nothing_else():
    wrong = {}
    for path, case in CASES.items():
        options = case.get("options") or {}
        named = [case.get("input"), options.get("given"), options.get("trust"), "case.json"]
        named = {name for name in named if isinstance(name, str)} | set(options.get("files", ()))
        if options.get("trust"):
            named |= set(_paths(json.loads((path.parent / options["trust"]).read_bytes())))
        there = {p.name for p in path.parent.iterdir()}
        if named != there:
            wrong[case["id"]] = sorted(named ^ there)

    assert wrong == {}


def _paths(policy):
    """The files that a trust policy names: they stand beside it."""
    for anchor in policy.get("anchors", ()):
        yield from (*anchor["certs"], *anchor.get("crls", ()))
    for party in policy.get("parties", ()):
        yield from party.get("directories", ())
    for tsa in policy.get("tsa", ()):
        yield from (*tsa["roots"], *tsa.get("certs", ()))


def test_every_rule_that_a_case_names_is_registered():
    registries = (ROOT / "schemas" / "registries" / "rules").glob("*.json")
    known = {r["rule"] for path in registries for r in json.loads(path.read_bytes())["rules"]}
    named = {rule: case["id"] for case in CASES.values() for rule in _rules(case)}

    assert {rule: where for rule, where in named.items() if rule not in known} == {}


def _rules(case):
    expect = case["expect"]
    return filter(None, [expect.get("refusal"), expect.get("error"),
                         case.get("file", {}).get("refusal")])  # fmt: skip


def test_the_set_is_small_enough_to_ship():
    """The scripts that make the vectors are not in the wheel."""
    # as in the wheel, which leaves out the scripts that made them
    shipped = (p for p in VECTORS.rglob("*") if p.is_file() and p.suffix not in {".py", ".pyc"})

    assert sum(p.stat().st_size for p in shipped) < MOST_BYTES


@pytest.mark.slow
@pytest.mark.parametrize("builder", BUILDERS, ids=[_id(b) for b in BUILDERS])
def test_a_builder_makes_the_files_that_are_there(builder):
    done = subprocess.run(
        [sys.executable, "-B", str(builder), "--check"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
