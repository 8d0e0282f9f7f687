"""Remarks in words: whatever the reason, a sentence with its code, and nothing that plays."""

import pytest
from provenance.model.codes import Code
from provenance.model.findings import finding
from provenance.reports.as_json import _check
from provenance.reports.sentences import note


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("no-authority", "your policy lists no time-stamping authority"),
        ("unknown-authority", "by an authority that your policy does not list"),
        ("other-signature", "of another statement"),
        ("not-installed", "musicprov[time]"),
        ("malformed", "of no use: malformed"),
    ],
)
def test_an_ignored_time_stamp_is_told_in_words(reason, words):
    said = note(_check(finding(Code.TIME_TOKEN_IGNORED, reason=reason)))

    assert words in said
    assert said.endswith("[time.token-ignored]")


def test_an_unknown_state_of_revocation_is_told_with_its_reason_escaped():
    said = note(_check(finding(Code.IDENTITY_REVOCATION_UNKNOWN, reason="a list\x1b[2J")))

    assert "is not known: a list" in said
    assert "\x1b" not in said


def test_other_remarks_are_left_to_their_codes():
    assert note(_check(finding(Code.ESSENCE_JUNK))) is None
