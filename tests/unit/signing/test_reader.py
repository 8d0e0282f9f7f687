"""The strict reader of envelopes (spec 4): every vector, and what no vector can hold."""

import json
import time
import tracemalloc
from base64 import urlsafe_b64decode
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from provenance.model.codes import Code, Effect
from provenance.model.limits import DEFAULT_LIMITS
from provenance.signing import envelope
from provenance.signing.envelope import check_signature, read

VECTORS = Path(__file__).resolve().parents[2] / "vectors"
CASES = sorted(
    path
    for area in ("envelope", "keys")
    for path in (VECTORS / area).glob("*/case.json")
    if json.loads(path.read_bytes())["operation"] == "envelope"
)
GOOD = (VECTORS / "envelope" / "good-es256" / "input.jws").read_bytes()
LIMIT = DEFAULT_LIMITS.envelope_bytes


def holds(value):
    token, _ = read(value)
    return token is not None and check_signature(token).code is Code.SIGNATURE_VALID


def header_of(value):
    part = value.split(b".")[0]
    return json.loads(urlsafe_b64decode(part + b"=" * (-len(part) % 4)))


@pytest.mark.requirement("VER-030")
@pytest.mark.parametrize("path", CASES, ids=[f"{p.parts[-3]}/{p.parts[-2]}" for p in CASES])
def test_a_token_gets_exactly_the_codes_and_names_of_its_vector(path):
    case = json.loads(path.read_bytes())
    wanted = case["expect"]
    limits = replace(DEFAULT_LIMITS, **case.get("options", {}).get("limits", {}))

    token, found = read((path.parent / "input.jws").read_bytes(), limits)
    signature = (check_signature(token),) if token else ()

    hard = {f.code.slug for f in (*found, *signature) if f.effect in {Effect.BREAKS, Effect.BLOCKS}}
    assert sorted(hard) == wanted["codes"]
    assert bool(token and signature[0].code is Code.SIGNATURE_VALID) == wanted["valid"]
    if "informs" in wanted:
        assert sorted({f.code.slug for f in found}) == wanted["informs"]
    if wanted["valid"]:
        names = {"sid": token.sid, "key": token.key, "payload": token.payload_digest}
        assert names == {name: wanted[name] for name in names}


def test_every_rule_of_the_envelope_and_of_keys_is_kept_by_one_vector_and_broken_by_another():
    kept, broken = set(), set()
    for path in CASES:
        case = json.loads(path.read_bytes())
        (kept if case["expect"]["valid"] else broken).update(case["requirements"])
    both = {f"ENV-{n:03}" for n in (1, 2, 5, 6, 10, 17, 20, 23)}
    never_kept = {"ENV-003", "ENV-004", "ENV-011", "ENV-012", "ENV-015", "ENV-016", "ENV-021"}

    assert both <= kept
    assert both | never_kept | {"ENV-013", "ENV-022"} <= broken
    assert {"KEY-001", "KEY-002", "KEY-003", "KEY-004"} <= broken
    assert {"KEY-001", "KEY-002", "KEY-005"} <= kept


@pytest.mark.requirement("ENV-023")
@pytest.mark.requirement("ENV-003")
def test_no_letter_of_a_token_can_be_exchanged_left_out_or_doubled():
    accepted = []
    for n in range(len(GOOD)):
        head, letter, tail = GOOD[:n], GOOD[n : n + 1], GOOD[n + 1 :]
        others = [b"A", b"B", b"_", b"."]
        for changed in (*(o for o in others if o != letter), b"", letter * 2):
            if holds(head + changed + tail):
                accepted.append((n, changed))

    assert holds(GOOD)
    assert accepted == []


@pytest.mark.requirement("SEC-002")
@settings(max_examples=200)
@given(st.binary(max_size=400) | st.text(alphabet='.ey{}"=A_-\n', max_size=80).map(str.encode))
def test_no_bytes_make_the_reader_raise(data):
    token, found = read(data)

    assert token is None
    assert len(found) == 1
    assert found[0].effect in {Effect.BREAKS, Effect.BLOCKS}


@settings(max_examples=200)
@given(
    st.dictionaries(
        st.sampled_from(["alg", "typ", "cty", "iat", "jwk", "kid", "x5c", "crit", "note"]),
        st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=2)
        | st.dictionaries(st.sampled_from(["kty", "crv", "x", "y", "d"]), st.text(), max_size=4),
    )
)  # fmt: skip
def test_no_header_makes_the_reader_raise(changed):
    plain = json.dumps({**header_of(GOOD), **changed}).encode()
    head = envelope.b64encode_url(plain).encode()

    token, found = read(b".".join((head, *GOOD.split(b".")[1:])))

    assert token is not None or found


HUGE = {
    "dots within the limit": b"." * LIMIT,
    "dots beyond it": b"." * 20_000_000,
    "segments beyond it": b".".join([b"A" * 8_000_000] * 3),
    "one segment": b"ey" + b"A" * (LIMIT - 2),
    "three segments within it": b".".join([b"A" * (LIMIT // 3 - 1)] * 3),
    "braces": b"{" * LIMIT,
    "brackets in an object": b'{"a":' + b"[" * (LIMIT - 5),
    "a flattened one beyond it": b'{"payload":"' + b"A" * 20_000_000 + b'"}',
    "members": b"{" + b",".join(b'"%d":1' % n for n in range(20_000)) + b"}",
    "digits": b'{"payload":' + b"9" * (LIMIT - 20) + b"}",
}


@pytest.mark.requirement("ENV-005")
@pytest.mark.parametrize("value", HUGE.values(), ids=HUGE)
def test_size_costs_neither_time_nor_memory(value):
    tracemalloc.start()
    began = time.perf_counter()
    try:
        token, found = read(value)
        elapsed = time.perf_counter() - began
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert token is None
    too_large = len(value) > LIMIT
    assert found[0].code is (Code.CARRIER_TOO_LARGE if too_large else Code.JWS_MALFORMED)
    assert elapsed < 2
    assert peak < (100_000 if too_large else 40 * LIMIT)


@pytest.mark.requirement("ENV-014")
def test_thousands_of_unknown_members_give_a_short_report():
    case = VECTORS / "envelope" / "unknown-forty" / "input.jws"

    _, found = read(case.read_bytes())

    named = [f.detail["member"] for f in found if "member" in f.detail]
    assert named == [f"m{n}" for n in range(32)]
    assert [f.detail["more"] for f in found if "more" in f.detail] == [8]


@pytest.mark.requirement("ENV-014")
@pytest.mark.parametrize(("count", "more"), [(1, []), (32, []), (33, [1])])
def test_what_is_not_named_is_counted(count, more):
    header = {**header_of(GOOD), **{f"m{n}": n for n in range(count)}}
    head = envelope.b64encode_url(json.dumps(header).encode()).encode()

    token, found = read(b".".join((head, *GOOD.split(b".")[1:])))

    assert token is not None
    assert [f.detail["more"] for f in found if "more" in f.detail] == more
    assert len(found) == min(count, 32) + len(more)


@pytest.mark.requirement("ENV-010")
def test_a_name_that_is_no_text_can_still_be_reported():
    case = VECTORS / "envelope" / "duplicate-lone-surrogate" / "input.jws"

    _, found = read(case.read_bytes())

    assert found[0].detail["member"].encode("utf-8")


@pytest.mark.requirement("ENV-030")
def test_the_sid_does_not_cover_the_signature_and_the_compact_form_is_the_same():
    flat = (VECTORS / "envelope" / "flat-good" / "input.jws").read_bytes()
    twin = (VECTORS / "envelope" / "twin-of-good-es256" / "input.jws").read_bytes()
    good, other, flattened = (read(v)[0] for v in (GOOD, twin, flat))

    assert good.sid == other.sid == flattened.sid
    assert good.signature != other.signature
    assert flattened.compact == good.compact == GOOD.decode()


@pytest.mark.requirement("ENV-006")
def test_the_unprotected_time_stamps_are_kept_apart_and_change_nothing():
    stamped = read((VECTORS / "envelope" / "flat-etsi-objects" / "input.jws").read_bytes())[0]

    assert stamped.etsi_u == ({"sigTst": {"tstTokens": [{"val": "AAAA"}]}},)
    assert "etsiU" not in stamped.header
    assert stamped.sid == read(GOOD)[0].sid
