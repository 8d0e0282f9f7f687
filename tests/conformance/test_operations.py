"""What the page of operations says of inputs and results, the schema of cases and the tool give."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from provenance.bindings.base import Reason
from provenance.conformance.cases import find_cases, vectors_root
from provenance.conformance.operations import OPERATIONS, perform

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "spec" / "operations.md").read_text(encoding="utf-8")
SCHEMA = json.loads((ROOT / "schemas" / "1.0" / "case.schema.json").read_bytes())
CODES = json.loads((ROOT / "schemas" / "registries" / "codes.json").read_bytes())["codes"]
NAMES = SCHEMA["properties"]["operation"]["enum"]
CASES = {case.id: case for case in find_cases(vectors_root())}
OPENED = ("options", "file")
"""Inputs whose members the page lists one by one."""


def section(title):
    return re.split(r"^## ", PAGE, flags=re.MULTILINE)[titles().index(title) + 1]


def titles():
    return re.findall(r"^## (.+)$", PAGE, re.MULTILINE)


def rows(text, heading):
    """The cells of each row of the table whose first column has this heading."""
    table = re.search(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [[c.strip() for c in line.strip("|").split("|")] for line in table[1].splitlines()]


def named(text, heading):
    return {name for row in rows(text, heading) for name in re.findall("`([^`]+)`", row[0])}


def inputs_of(operation):
    found = set()
    for name, schema in SCHEMA["$defs"][operation]["properties"].items():
        if schema is False or name == "expect":
            continue
        found |= {f"{name}.{m}" for m in schema["properties"]} if name in OPENED else {name}
    return found


def result_schema(operation):
    return SCHEMA["$defs"][operation]["properties"]["expect"]


@cache
def result_of(name):
    return perform(CASES[name])


def test_the_page_the_schema_and_the_tool_have_the_same_operations():
    assert [t for t in titles() if t in NAMES] == NAMES
    assert set(OPERATIONS) == set(NAMES)
    assert {case.operation for case in CASES.values()} == set(NAMES)
    assert [when["then"] for when in SCHEMA["allOf"]] == [{"$ref": f"#/$defs/{n}"} for n in NAMES]


@pytest.mark.requirement("CON-004")
def test_every_operation_has_its_classes():
    chapter = (ROOT / "spec" / "01-introduction.md").read_text(encoding="utf-8")
    table = section("Which operations a class answers")
    classes = [row[0] for row in rows(chapter, "class")]

    assert f"| operation | {' | '.join(classes)} |" in table
    assert [row[0].strip("`") for row in rows(table, "operation")] == NAMES


@pytest.mark.parametrize("operation", NAMES)
def test_the_page_names_every_member(operation):
    assert named(section(operation), "case") == inputs_of(operation)
    assert named(section(operation), "result") == set(result_schema(operation)["properties"])


def test_the_page_has_every_reason_and_whether_the_tier_applies():
    told = {row[0].strip("`"): row[1] for row in rows(section("compare"), "reason")}

    assert told == {r.slug: "yes" if r.applies else "no" for r in Reason}
    assert set(SCHEMA["$defs"]["reason"]["enum"]) == set(told)


def test_the_page_has_the_place_of_every_contradiction():
    sources = [ROOT / f"provenance/wire/{name}.py" for name in ("consistency", "statements")]
    text = "".join(path.read_text(encoding="utf-8") for path in sources)

    assert named(section("content"), "rule") == set(re.findall(r'Inconsistency\("([^"]+)"', text))


def test_every_member_of_the_form_of_a_case_is_described_in_the_chapter():
    chapter = (ROOT / "spec" / "12-versioning.md").read_text(encoding="utf-8")

    assert named(chapter, "member") == set(SCHEMA["properties"])


@pytest.mark.slow
@pytest.mark.requirement("CON-011")
@pytest.mark.parametrize("operation", NAMES)
def test_a_result_has_the_members_of_the_page_and_no_others(operation):
    validator = Draft202012Validator({**result_schema(operation), "$defs": SCHEMA["$defs"]})
    wanted = set(result_schema(operation)["properties"])
    answers = {name: result_of(name) for name, c in CASES.items() if c.operation == operation}
    results = {name: a["result"] for name, a in answers.items() if "result" in a}

    wrong = {
        name: [set(result) ^ wanted, *(e.message for e in validator.iter_errors(result))]
        for name, result in results.items()
        if set(result) != wanted or not validator.is_valid(result)
    }

    assert wrong == {}
    assert results


def test_every_code_that_a_case_expects_is_registered():
    known = {code["code"] for code in CODES}
    members = ("codes", "informs", "confirms", "notes")
    expected = {
        code: name
        for name, case in CASES.items()
        for member in members
        for code in case.expect.get(member, ())
    }

    assert {code: name for code, name in expected.items() if code not in known} == {}


SPOILED = {
    "a member of another operation": {"recorded": []},
    "an option of another operation": {"options": {"now": "2027-01-01T00:00:00Z", "claim": {}}},
    "a status that is none": {"expect": {"status": "GOOD", "codes": []}},
    "a result that says too little": {"expect": {"status": "PASSED"}},
    "a member that the result has not": {"expect": {"status": "PASSED", "codes": [], "valid": True}},
    "a code twice": {"expect": {"status": "FAILED", "codes": ["time.order", "time.order"]}},
}  # fmt: skip


@pytest.mark.parametrize("more", SPOILED.values(), ids=SPOILED)
def test_the_schema_refuses_what_the_page_does_not_name(more):
    case = dict(CASES["verify/passed-own-key"].content)
    validator = Draft202012Validator(SCHEMA)

    assert validator.is_valid(case)
    assert not validator.is_valid({**case, **more})
