"""Bundles, and telling the three forms apart (spec 4.2, 4.6)."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from provenance.model.codes import Code
from provenance.model.limits import DEFAULT_LIMITS
from provenance.signing.bundle import read_values, write_bundle
from provenance.signing.envelope import read

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "envelope"
GOOD = (VECTORS / "good-es256" / "input.jws").read_bytes()
OTHER = (VECTORS / "good-ed25519" / "input.jws").read_bytes()


def flat(token, **more):
    protected, payload, signature = token.decode().split(".")
    return {"payload": payload, "protected": protected, "signature": signature, **more}


def bundle(*statements, **more):
    made = {"bundle": "musicprov-bundle/1", "statements": list(statements), **more}
    return json.dumps(made, indent=2).encode()


ONE = {
    "compact": GOOD,
    "flattened": json.dumps(flat(GOOD)).encode(),
    "flattened, members in another order": json.dumps(dict(reversed(flat(GOOD).items()))).encode(),
    "a bundle": bundle(flat(GOOD)),
    "a bundle with a log": bundle(flat(GOOD), tlog=[]),
    "a bundle of two equal ones": bundle(flat(GOOD), flat(GOOD)),
}


@pytest.mark.requirement("ENV-040")
@pytest.mark.requirement("ENV-042")
@pytest.mark.parametrize("value", ONE.values(), ids=ONE)
def test_a_statement_is_the_same_bytes_in_whatever_form_it_comes(value):
    found, notes = read_values(value)

    assert set(found) == {GOOD}
    assert notes == ()


@pytest.mark.requirement("ENV-040")
def test_what_is_written_is_read_back():
    tokens = [GOOD.decode(), OTHER.decode()]

    found, notes = read_values(write_bundle(tokens))

    assert [t.decode() for t in found] == tokens
    assert notes == ()


@pytest.mark.requirement("ENV-006")
def test_a_flattened_statement_with_time_stamps_keeps_them():
    stamped = flat(GOOD, header={"etsiU": ["AAAA"]})

    (found,), _ = read_values(bundle(stamped))

    assert json.loads(found) == stamped
    assert read(found)[0].etsi_u == ("AAAA",)


@pytest.mark.requirement("ENV-041")
@pytest.mark.parametrize(("count", "kept", "told"), [(32, 32, False), (33, 32, True)])
def test_a_bundle_is_read_as_far_as_its_limit_and_says_so(count, kept, told):
    found, notes = read_values(bundle(*[flat(GOOD)] * count))

    assert len(found) == kept
    assert [n.code for n in notes] == [Code.CARRIER_SCAN_INCOMPLETE] * told


@pytest.mark.requirement("ENV-041")
def test_a_bundle_beyond_its_size_is_not_parsed():
    value = bundle(flat(GOOD))
    at, under = (
        replace(DEFAULT_LIMITS, bundle_bytes=size) for size in (len(value), len(value) - 1)
    )

    assert read_values(value, at) == ((GOOD,), ())
    assert [n.code for n in read_values(value, under)[1]] == [Code.CARRIER_TOO_LARGE]
    assert read_values(value, under)[0] == ()
    assert DEFAULT_LIMITS.bundle_bytes == 1_048_576
    assert DEFAULT_LIMITS.statements == 32


ODD = {
    "a compact token as a string": GOOD.decode(),
    "a bundle in a bundle": json.loads(bundle(flat(GOOD))),
    "a number": 5,
    "nothing": None,
    "a list": [flat(GOOD)],
    "an empty object": {},
    "a member too many": flat(GOOD, note="x"),
    "a signature that is a number": {**flat(GOOD), "signature": 1},
    "letters that are not ASCII": {**flat(GOOD), "signature": "\u00e9"},
    "four segments": {**flat(GOOD), "signature": "AAAA.AAAA"},
    "an empty signature": {**flat(GOOD), "signature": ""},
}


@pytest.mark.requirement("ENV-006")
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_statement_in_a_bundle_is_malformed_and_leaves_the_good_one_alone(odd):
    found, _ = read_values(bundle(odd, flat(GOOD)))

    assert found[1] == GOOD
    token, reasons = read(found[0])
    assert token is None
    assert reasons[0].code is Code.JWS_MALFORMED


NO_BUNDLE = {
    "another version": {"bundle": "musicprov-bundle/2", "statements": [flat(GOOD)]},
    "no version": {"bundle": None, "statements": [flat(GOOD)]},
    "no statements": {"bundle": "musicprov-bundle/1"},
    "an empty list": {"bundle": "musicprov-bundle/1", "statements": []},
    "an object of statements": {"bundle": "musicprov-bundle/1", "statements": flat(GOOD)},
}


@pytest.mark.requirement("VER-021")
@pytest.mark.parametrize("value", NO_BUNDLE.values(), ids=NO_BUNDLE)
def test_what_calls_itself_a_bundle_and_is_none_is_said(value):
    found, notes = read_values(json.dumps(value).encode())

    assert found == ()
    assert [n.code for n in notes] == [Code.CARRIER_MALFORMED]


@settings(max_examples=200)
@given(st.binary(max_size=200).map(lambda b: b"{" + b) | st.binary(max_size=50))
def test_no_bytes_make_it_raise(data):
    found, notes = read_values(data)

    assert found or notes
