"""From findings to a status: the first row that holds, and no yes without evidence (spec 9)."""

from __future__ import annotations

import itertools

import pytest
from provenance.model.codes import Axis, Code, Effect
from provenance.model.findings import finding
from provenance.model.verdict import EXIT_CODES, Status, Verdict, worst

GOOD = (
    Code.CARRIER_FOUND,
    Code.SIGNATURE_VALID,
    Code.CONTENT_VALID,
    Code.BINDING_EXACT,
    Code.IDENTITY_PINNED,
)
ASKED = {
    "integrity": "confirmed",
    "content": "confirmed",
    "binding": "lossless",
    "identity": "pinned",
}


def verdict(*codes, required=ASKED):
    return Verdict(tuple(finding(c) for c in codes), required)


STATUS = {
    "all that is asked is shown": (GOOD, "PASSED", "binding.exact"),
    "remarks change nothing": ((*GOOD, Code.CARRIER_UNUSABLE), "PASSED", "binding.exact"),
    "a failure": ((*GOOD, Code.BINDING_MISMATCH), "FAILED", "binding.mismatch"),
    "the first failure explains": (
        (Code.SIGNATURE_INVALID, Code.BINDING_MISMATCH),
        "FAILED",
        "signature.invalid",
    ),
    "a failure outweighs a doubt": (
        (Code.CARRIER_CONFLICT, Code.SIGNATURE_INVALID),
        "FAILED",
        "signature.invalid",
    ),
    "a doubt": ((*GOOD, Code.TIME_ORDER), "INDETERMINATE", "time.order"),
    "nothing but a value without a statement": (
        (Code.CARRIER_MALFORMED,),
        "INDETERMINATE",
        "carrier.malformed",
    ),
    "a value without a statement beside one that is not enough": (
        (Code.CARRIER_MALFORMED, Code.TIME_ORDER),
        "INDETERMINATE",
        "time.order",
    ),
    "nothing that says why": ((Code.CARRIER_MULTIPLE,), "INDETERMINATE", "policy.unmet"),
    "nothing found": ((Code.CARRIER_ABSENT,), "ABSENT", "carrier.absent"),
}


@pytest.mark.requirement("VDT-005")
@pytest.mark.requirement("VDT-006")
@pytest.mark.parametrize(("codes", "status", "code"), STATUS.values(), ids=STATUS)
def test_the_first_row_that_holds_decides(codes, status, code):
    found = verdict(*codes)

    assert (found.status.value, found.code) == (status, code)


def test_an_unmet_axis_is_explained_by_its_own_code_and_a_direct_doubt_comes_first():
    unmet = finding(Code.POLICY_UNMET, axis="identity", have="identity.unknown", want="pinned")
    alone = Verdict((finding(Code.IDENTITY_UNKNOWN), unmet), ASKED)
    beside = Verdict((unmet, finding(Code.CARRIER_CONFLICT)), ASKED)

    assert alone.code == "identity.unknown"
    assert beside.code == "carrier.conflict"


@pytest.mark.requirement("VDT-003")
def test_a_policy_that_requires_nothing_passes_nothing():
    assert verdict(*GOOD, required={}).status is Status.INDETERMINATE


@pytest.mark.requirement("VDT-003")
@pytest.mark.parametrize("codes", [(), (Code.TRUTH_NOT_ASSESSED,), (Code.CARRIER_MALFORMED,)])
def test_remarks_alone_never_pass(codes):
    assert verdict(*codes).status is not Status.PASSED


@pytest.mark.requirement("VDT-004")
def test_a_verdict_has_no_truth_value():
    with pytest.raises(TypeError, match="no truth value"):
        bool(verdict(*GOOD))


@pytest.mark.requirement("VDT-010")
def test_each_status_has_the_exit_code_of_the_text():
    codes = {status.value: code for status, code in EXIT_CODES.items()}

    assert codes == {"PASSED": 0, "FAILED": 1, "INDETERMINATE": 3, "ABSENT": 4, "ERROR": 5}


@pytest.mark.requirement("VDT-010")
def test_of_several_the_worst_counts_in_any_order():
    order = ("FAILED", "ERROR", "INDETERMINATE", "ABSENT", "PASSED")
    for one, two in itertools.product(order, repeat=2):
        expected = min(one, two, key=order.index)

        assert worst([Status(one), Status(two)]).value == expected


def test_the_leading_code_of_an_axis_is_the_worst_else_the_one_that_confirms():
    found = verdict(Code.CARRIER_MULTIPLE, Code.CARRIER_FOUND, Code.BINDING_EXACT)
    doubtful = verdict(Code.CARRIER_FOUND, Code.CARRIER_CONFLICT)

    assert found.axes == {"carrier": "carrier.found", "binding": "binding.exact"}
    assert doubtful.axes == {"carrier": "carrier.conflict"}
    assert set(found.axes) <= {a.value for a in Axis}


def test_of_several_that_are_as_bad_the_first_that_was_found_leads_its_axis():
    breaking = [code for code in Code if code.axis is Axis.CONTENT and code.effect is Effect.BREAKS]
    assert len(breaking) > 1
    for first, second in itertools.permutations(breaking, 2):
        assert verdict(Code.CONTENT_VALID, first, second).axes == {"content": first.slug}
