"""``prov explain``: every name that a tool of ours prints is one that it knows."""

import re

import pytest
from provenance.model.verdict import EXIT_CODES, Status
from provenance.wire.registries import codes, problems, rules

from support.command import prov


@pytest.mark.parametrize("name", ["binding.exact", "wav.codec", "request.schema", "error"])
def test_codes_rules_and_problems_are_explained(tmp_path, name):
    said = prov(tmp_path, "explain", name).stdout

    assert said.startswith(f"{name}: ")
    assert "\nWhat to do: " in said


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("typed", [str.upper, str.capitalize])
def test_every_status_is_explained_with_its_exit_code(tmp_path, status, typed):
    said = prov(tmp_path, "explain", typed(status.value)).stdout

    assert said.startswith(f"{status.value}: ")
    assert "\nWhat to do: " in said
    assert f"ends with {EXIT_CODES[status]}." in said


def test_a_code_that_is_spelt_like_a_status_is_the_code(tmp_path):
    assert "prov verify" not in prov(tmp_path, "explain", "error").stdout


def test_a_status_that_is_spelt_wrong_gets_the_one_that_was_meant(tmp_path):
    assert "Did you mean 'FAILED'?" in prov(tmp_path, "explain", "FAILLED", expect=2).stderr


def test_what_to_do_about_a_problem_is_told_for_the_queue_too(tmp_path):
    assert "\nIn a queue: Name the file by 'path'" in prov(tmp_path, "explain", "url.off").stdout


def test_all_of_them_are_listed_once(tmp_path):
    listed = [line.split()[0] for line in prov(tmp_path, "explain", "--list").stdout.splitlines()]

    assert listed == list(dict.fromkeys([*codes(), *rules(), *problems()]))


def test_a_name_that_a_code_and_a_rule_have_is_the_codes(tmp_path):
    (name, *_) = sorted(set(codes()) & set(rules()))

    assert "(axis " in prov(tmp_path, "explain", name).stdout


@pytest.mark.parametrize(
    ("call", "meant"),
    [(("explain", "BINDING.EXAKT"), "binding.exact"), (("VERIFI",), "verify")],
)
def test_case_does_not_hide_the_name_that_was_meant(tmp_path, call, meant):
    assert f"Did you mean '{meant}'?" in prov(tmp_path, *call, expect=2).stderr


def test_a_name_that_is_none_gets_the_one_that_was_meant(tmp_path):
    said = prov(tmp_path, "explain", "request.schem", expect=2).stderr

    assert (
        "no code, status, rule or problem 'request.schem'. Did you mean 'request.schema'? See"
        in said
    )
    assert not re.search(r"\?\.", said)
