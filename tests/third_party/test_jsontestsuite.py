"""JSONTestSuite against the strict parser: nothing that is no JSON is taken, nothing raises.

A text that is JSON is refused only where a rule of chapter 3 says so; those are listed here with
the rule. What RFC 8259 leaves open (``i_``) is never I-JSON, so none of it is taken.
"""

from __future__ import annotations

import tarfile
from pathlib import PurePosixPath

import pytest
from provenance.model.limits import DEFAULT_LIMITS
from provenance.wire.strict_json import JsonError, parse

from support.samples import third_party

FRACTIONS = (
    "y_number y_number_0e+1 y_number_0e1 y_number_double_close_to_zero"
    " y_number_int_with_exp y_number_real_capital_e y_number_real_capital_e_neg_exp"
    " y_number_real_capital_e_pos_exp y_number_real_exponent y_number_real_fraction_exponent"
    " y_number_real_neg_exp y_number_real_pos_exponent y_number_simple_real"
    " y_object_extreme_numbers y_structure_lonely_negative_real"
)
NONCHARACTERS = (
    "y_string_escaped_noncharacter y_string_nonCharacterInUTF-8_U+10FFFF"
    " y_string_nonCharacterInUTF-8_U+FFFF y_string_unicode_U+10FFFE_nonchar"
    " y_string_unicode_U+1FFFE_nonchar y_string_unicode_U+FDD0_nonchar"
    " y_string_unicode_U+FFFE_nonchar y_string_last_surrogates_1_and_2"
)
REFUSED = {
    **dict.fromkeys(FRACTIONS.split(), "not-an-integer"),  # WIR-004
    "y_object_duplicated_key": "duplicate-member",  # WIR-003
    "y_object_duplicated_key_and_value": "duplicate-member",  # WIR-003
    **dict.fromkeys(NONCHARACTERS.split(), "noncharacter"),  # WIR-006
}


def cases(prefix):
    path = third_party("vectors/jsontestsuite.tar.gz")
    found = {}
    with tarfile.open(path) as archive:
        for member in archive.getmembers():
            name = PurePosixPath(member.name)
            if name.parent.name == "test_parsing" and name.name.startswith(prefix):
                found[name.name.removesuffix(".json")] = archive.extractfile(member).read()
    return found


def outcome(data):
    """The reason of a refusal, or None; anything but ``JsonError`` fails the test."""
    limits = DEFAULT_LIMITS
    try:
        parse(data, max_bytes=limits.envelope_bytes, max_depth=limits.json_depth)
    except JsonError as error:
        return error.reason
    return None


@pytest.mark.requirement("WIR-004")
@pytest.mark.requirement("WIR-006")
def test_json_is_refused_only_by_a_rule_that_is_named():
    found = {name: outcome(data) for name, data in cases("y_").items()}

    assert {name: reason for name, reason in found.items() if reason} == REFUSED
    assert len(found) == 95


@pytest.mark.parametrize(("prefix", "count"), [("n_", 188), ("i_", 35)])
def test_what_is_no_json_and_what_is_left_open_is_refused(prefix, count):
    found = {name: outcome(data) for name, data in cases(prefix).items()}

    assert [name for name, reason in found.items() if reason is None] == []
    assert len(found) == count
