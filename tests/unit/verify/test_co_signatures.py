"""What is said of those who signed the same declaration, and no more (spec 17.6, 17.8)."""

import pytest
from provenance.conformance.cases import load_case, vectors_root
from provenance.conformance.operations import perform

ABOUT = {"carrier.co-signed", "currency.co-signature-withdrawn"}


@pytest.mark.requirement("STM-072")
@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("co-signed", ["carrier.co-signed"]),
        ("co-signed-by-expired", []),
        ("withdrawn-co-signature", ["currency.co-signature-withdrawn"]),
        ("withdrawn-co-signature-of-stranger", ["currency.co-signature-withdrawn"]),
        ("withdrawal-of-co-signature-by-stranger", ["carrier.co-signed"]),
        ("endorsed-co-signature-withdrawn", ["currency.co-signature-withdrawn"]),
        ("withdrawn-newer", []),
        ("fork", []),
    ],
)
def test_only_signatures_that_stand_or_were_taken_back_are_told(case, told):
    result = perform(load_case(vectors_root() / "statements" / case / "case.json"))["result"]

    assert [code for code in result["informs"] if code in ABOUT] == told
