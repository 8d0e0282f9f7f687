"""Identifiers: real and standardised examples, and near misses."""

import pytest
from provenance.model.identifiers import CHECKS, normalise, normalise_isrc

GOOD = {
    "isrc": ["GBXYZ2600123", "USRC17607839", "QZ6DP2512345", "ISRC12600001"],
    # ISO 15707's own example; works registered with CISAC
    "iswc": ["T0345246801", "T9214745718"],
    # ISNI's own examples, with and without X
    "isni": ["000000012150090X", "0000000121032683", "0000000114559647"],
    "upc": ["093624920472", "190295810726", "00094631432057", "4006381333931"],
    # IFPI's example in the GRid handbook, and release ids of published messages
    "grid": ["A12425GABC1234002M", "A10302B0003311870S", "A10302B00033760393"],
    "ipi": ["00014107338", "00017798450", "00000000199"],
    "ipn": ["1", "00123456"],
    # party ids of published messages: Google, and three senders of samples
    "dpid": [
        "PADPIDA2013020802I",
        "PADPIDA2007041202Q",
        "PADPIDA2007050901U",
        "PADPIDA20090604014",
    ],
}

BAD = {
    "isrc": ["gbxyz2600123", "GB-XYZ-26-00123", "GBXYZ260012", "GBXYZ26001234", "G1XYZ2600123", ""],
    "iswc": ["T0345246802", "T-034.524.680-1", "t0345246801", "0345246801", "T034524680"],
    "isni": ["0000000121500901", "000000012150090x", "0000 0001 2150 090X", "00000001215009X0"],
    "upc": ["093624920473", "09362492047", "0936249204722222", "O93624920472"],
    "grid": ["A12425GABC1234002N", "A22425GABC1234002M", "A1-2425G-ABC1234002-M"],
    "ipi": ["00014107339", "14107338", "0001410733A", "000014107338"],
    "ipn": ["", "12a", "1" * 21],
    "dpid": ["PADPIDA2013020802J", "PADPIDB2013020802I", "PA-DPIDA-2013020802-I"],
}


def table(values):
    return [pytest.param(k, v, id=f"{k}:{v}") for k, many in values.items() for v in many]


@pytest.mark.parametrize(("kind", "text"), table(GOOD))
@pytest.mark.requirement("MOD-011")
def test_a_well_formed_identifier_is_taken_as_it_is(kind, text):
    assert CHECKS[kind](text)
    assert normalise(kind, text) == text


@pytest.mark.parametrize(("kind", "text"), table(BAD))
@pytest.mark.requirement("MOD-011")
def test_a_near_miss_is_refused(kind, text):
    assert not CHECKS[kind](text)


WRITTEN = {
    "hyphens": ("isrc", "GB-XYZ-26-00123", "GBXYZ2600123"),
    "lower case": ("isrc", "gbxyz2600123", "GBXYZ2600123"),
    "scheme first": ("isrc", "ISRC: GB-XYZ-26-00123", "GBXYZ2600123"),
    "scheme that is a country and registrant": ("isrc", "IS-RC1-26-00001", "ISRC12600001"),
    "non-breaking hyphen": ("isrc", "GB\u2011XYZ\u201126\u201100123", "GBXYZ2600123"),
    "spaces around": ("isrc", "  GBXYZ2600123\t", "GBXYZ2600123"),
    "dots": ("iswc", "T-034.524.680-1", "T0345246801"),
    "groups of four": ("isni", "0000 0001 2150 090x", "000000012150090X"),
    "GRid with hyphens": ("grid", "A1-2425G-ABC1234002-M", "A12425GABC1234002M"),
    "DPID with hyphens": ("dpid", "PA-DPIDA-2013020802-I", "PADPIDA2013020802I"),
    "IPI without zeros": ("ipi", "14107338", "00014107338"),
    "EAN in groups": ("upc", "4 006381 333931", "4006381333931"),
    "wrong check digit": ("iswc", "T-034.524.680-2", None),
    "empty": ("isrc", "", None),
    "two in one field": ("isrc", "GBXYZ2600123/GBXYZ2600124", None),
    "full width digits": ("isrc", "GBXYZ26\uff10\uff10\uff11\uff12\uff13", None),
    "Arabic digits": ("ipn", "\u0661\u0662", None),
    "very long": ("isrc", "GBXYZ2600123" * 100_000, None),
}


@pytest.mark.parametrize(("kind", "text", "wanted"), WRITTEN.values(), ids=WRITTEN)
@pytest.mark.requirement("MOD-012")
def test_what_people_write_becomes_the_exact_form_or_nothing(kind, text, wanted):
    assert normalise(kind, text) == wanted


@pytest.mark.parametrize("digit", "0123456789")
def test_every_single_wrong_check_digit_of_an_ean_is_found(digit):
    assert CHECKS["upc"](f"400638133393{digit}") == (digit == "1")


def test_the_isrc_of_a_tag_has_a_function_of_its_own():
    assert normalise_isrc("gb-xyz-26-00123") == "GBXYZ2600123"
    assert normalise_isrc("unknown") is None
