"""Reading Chromaprint's compressed form; nothing that is not one may raise."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provenance.bindings.base import FingerprintBinding, Reason
from provenance.bindings.fingerprint import MAX_VALUES, decompress, ineligible, values_of

# Printed by fpcalc 1.5.1, with and without -raw, for six seconds of a sine sweep in noise.
FPCALC = (
    "AQAAG0ki0UnSRMERnjqa_cQVvUe2NJlSJMuLHjfo5kmQaMlqITaT4zluH6bHZLiUb0acKZlC6EiPg_aFpFodIVueD-"
    "9xH97HEM8FbAgQQAAsCCDMEgKECgQQ4BgkwCg"
)
FPCALC_RAW = [
    3695052975, 3694790831, 4230891710, 4105095566, 1973863118, 2008855047, 1455206964,
    1455202852, 1455219492, 1434198316, 1413294311, 1547319462, 3694790822, 4230629798,
    4126067590, 2007418566, 1992077831, 1455206917, 1455202852, 1455203108, 1476141356,
    1430071407, 1547577510, 3694790822, 4230629542, 4109289862, 4121874310,
]  # fmt: skip


def text_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def test_the_library_and_this_reader_agree():
    assert decompress(FPCALC) == FPCALC_RAW


@pytest.mark.parametrize(
    ("data", "values"),
    [
        (b"\x01\0\0\0", []),
        # one value, no set bit: the group 0
        (b"\x01\0\0\1" + bytes([0b000]), [0]),
        # bit 0 (distance 1), end; then the same value again: end
        (b"\x01\0\0\2" + (0b000_000_001).to_bytes(2, "little"), [1, 1]),
        # bits 1 and 2: distances 2 and 1
        (b"\x01\0\0\1" + (0b000_001_010).to_bytes(2, "little"), [6]),
        # bit 6: distance 7, excess 0 in the fives
        (b"\x01\0\0\1" + bytes([0b000_111, 0]), [64]),
        # bit 31: distance 32, 7 and excess 25
        (b"\x01\0\0\1" + bytes([0b000_111, 25]), [1 << 31]),
    ],
)
def test_values_worked_out_by_hand_are_read(data, values):
    assert decompress(text_of(data)) == values


@pytest.mark.requirement("BND-038")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        "AQAA",
        "AQAAA",
        "not base64!",
        "AQAAG0ki0U",
        "AQAAAA==",
        "AQAA+A",
        "AQAAéA",
        FPCALC[:-1] + "\n",
        " " + FPCALC,
        FPCALC[:60],
        text_of(b"\x02\0\0\0"),
        text_of(b"\x01\xff\xff\xff" + bytes(100)),
        text_of(b"\x01" + (MAX_VALUES + 1).to_bytes(3, "big") + bytes(MAX_VALUES)),
        text_of(b"\x01\0\0\1" + bytes([0b000_111])),
        text_of(b"\x01\0\0\1" + bytes([0b000_111, 26])),
        text_of(
            b"\x01\0\0\1"
            + (0b000_111_111).to_bytes(2, "little")
            + (31 << 5 | 31).to_bytes(2, "little")
        ),
        "A" * 100_000,
    ],
)
def test_what_is_no_fingerprint_gives_nothing(text):
    assert decompress(text) is None


@given(st.binary(max_size=200))
def test_no_bytes_raise(data):
    values = decompress(text_of(b"\x01\0" + data))

    assert values is None or all(0 <= v < 1 << 32 for v in values)


@pytest.mark.requirement("BND-038")
def test_another_algorithm_is_not_read():
    assert values_of(FingerprintBinding("chromaprint-1", FPCALC, 6000)) == FPCALC_RAW
    assert values_of(FingerprintBinding("chromaprint-2", FPCALC, 6000)) is None


@pytest.mark.requirement("BND-033")
@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (list(range(243)), None),
        (list(range(242)), Reason.TOO_SHORT),
        ([], Reason.TOO_SHORT),
        ([7] * 300, Reason.TOO_UNIFORM),
        # exactly 20 % of places is allowed, one more is not
        ([7] * 60 + list(range(1000, 1240)), None),
        ([7] * 61 + list(range(1000, 1239)), Reason.TOO_UNIFORM),
        # exactly 30 % distinct is allowed, one less is not
        ([i % 90 for i in range(300)], None),
        ([i % 89 for i in range(300)], Reason.TOO_UNIFORM),
    ],
)
def test_short_and_uniform_fingerprints_are_not_eligible(values, reason):
    assert ineligible(values) is reason
