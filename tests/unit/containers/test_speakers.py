"""Which masks and layouts say nothing but what is usual (BND-017)."""

import pytest
from provenance.containers import _speakers


@pytest.mark.requirement("BND-017")
@pytest.mark.parametrize(
    ("text", "usual"),
    [
        (b"0x3", True), (b"0X0003", True), (b"3", True), (b"0", True), (b"0x0", True),
        (b"0xC", False), (b"12", False), (b"0x7", False), (b"1", False),
        # no number as it is written, whatever a language makes of it
        (b"", False), (b" 3", False), (b"3\n", False), (b"0b11", False), (b"0o3", False),
        (b"03", False), (b"0x_3", False), (b"+3", False), (b"-0", False), (b"3.0", False),
        (b"0x", False), (b"0x3,", False), (b"\xd9\xa3", False), (b"9" * 5000, False),
    ],
)  # fmt: skip
def test_a_mask_of_two_channels_that_is_written_as_text(text, usual):
    assert bool(_speakers.are_usual([text], 2)) is usual
    assert bool(_speakers.are_usual([b"3", text], 2)) is usual


@pytest.mark.requirement("BND-017")
def test_no_mask_is_usual_and_none_but_0_is_where_there_is_no_usual_one():
    assert _speakers.are_usual([], 2)
    assert _speakers.is_usual(0, 9)
    assert not _speakers.is_usual(0x3FFFF, 18)
