"""The sample that pages, PDF, letters and questions are tested with is a report by the schemas."""

import json

import pytest
from provenance.audit.model import Flag, State
from provenance.wire.schemas import check, load_json

from support.audits import sample

KINDS = ("track", "manifest", "ern", "detector", "crowdList", "credits")


@pytest.mark.parametrize(("recordings", "weeks"), [(12, 1), (40, 3)])
def test_the_sample_is_a_report(recordings, weeks):
    report = sample(recordings, weeks)
    assert list(check(report.whole(), "audit")) == []
    assert [list(check(one, "audit-exhibit")) for one in report.exhibits()] == [[]] * recordings


def test_it_has_everything_that_there_is():
    exhibits = list(sample().exhibits())
    assert {x["state"] for x in exhibits} == set(State)
    assert {f["flag"] for x in exhibits for f in x["flags"]} == set(Flag)
    assert {e["kind"] for x in exhibits for e in x["evidence"]} == set(KINDS)


def test_evidence_says_what_its_kind_says():
    schema = load_json("1.0/audit-exhibit.schema.json")
    from jsonschema import Draft202012Validator

    for exhibit in sample().exhibits():
        for one in exhibit["evidence"]:
            kind = {"$ref": f"#/$defs/{one['kind']}", "$defs": schema["$defs"]}
            assert [e.message for e in Draft202012Validator(kind).iter_errors(one["says"])] == []


def test_it_is_the_same_each_time():
    assert json.dumps(sample().whole()) == json.dumps(sample().whole())
