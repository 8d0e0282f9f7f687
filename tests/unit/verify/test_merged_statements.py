"""One statement in several forms is one candidate (VER-023); no policy, no authority (VER-093)."""

import json
from datetime import UTC, datetime

import pytest
from provenance.model.codes import Code
from provenance.signing import bundle, envelope
from provenance.signing.keys import b64encode_url, generate
from provenance.signing.signer import FileSigner
from provenance.verify.outcome import Context, Given
from provenance.verify.procedure import verify

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORDER = int("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16)
SIGNER = FileSigner(generate())
PAYLOAD = json.dumps(
    {
        "type": "Disclosure",
        "specVersion": "1.0",
        "id": "urn:uuid:11111111-1111-4111-8111-111111111111",
        "issued": "2026-11-23T12:00:00Z",
        "sequence": 1,
        "subject": {"bindings": [{"tier": "essence", "digest": "sha-256:" + "A" * 43}]},
    }
).encode()
KIND = {"typ": envelope.DISCLOSURE_TYP, "cty": envelope.DISCLOSURE_CTY}
TOKEN = envelope.write(PAYLOAD, SIGNER, issued_at=NOW, **KIND)
FIRST, SECOND = {"sigTst": {"tstTokens": [{"val": "QQ=="}]}}, {"xVals": []}


def malleated(token):
    """Another value that is a signature of the same bytes: (r, n - s)."""
    signed, _, _ = token.rpartition(".")
    raw = envelope.read(token.encode())[0].signature
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    return f"{signed}.{b64encode_url(r.to_bytes(32, 'big') + (ORDER - s).to_bytes(32, 'big'))}"


def stamped(token, *items):
    return json.dumps({**bundle.flattened_of(token), "header": {"etsiU": list(items)}})


def candidates(*values):
    given = [Given(f"given {n}", value.encode()) for n, value in enumerate(values)]
    verdict = verify(None, None, Context(NOW), given)
    return verdict, verdict.subject.candidates


@pytest.mark.requirement("VER-023")
def test_one_statement_with_and_without_time_stamps_is_one_candidate():
    verdict, found = candidates(TOKEN, stamped(TOKEN, FIRST), stamped(TOKEN, FIRST, SECOND))

    assert [c.where for c in found] == [("given 0", "given 1", "given 2")]
    assert found[0].token.etsi_u == (FIRST, SECOND)
    assert not verdict.has(Code.CARRIER_CONFLICT)


@pytest.mark.requirement("VER-023")
def test_another_signature_value_of_one_statement_keeps_its_own_time_stamps_alone():
    twin = malleated(TOKEN)
    assert twin != TOKEN

    _, found = candidates(TOKEN, stamped(twin, FIRST))
    assert [c.where for c in found] == [("given 0", "given 1")]
    assert found[0].token.compact == twin  # a time-stamp is over the signature value
    assert found[0].token.etsi_u == (FIRST,)

    _, found = candidates(stamped(TOKEN, SECOND), stamped(twin, FIRST))
    assert found[0].token.compact == TOKEN
    assert found[0].token.etsi_u == (SECOND,)


class Place(str):
    """A place that counts how often it is compared."""

    __slots__ = ()
    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other):
        Place.compared += 1
        return str.__eq__(self, other)


@pytest.mark.requirement("VER-023")
def test_the_places_of_one_statement_are_not_each_compared_with_all_others():
    places = [Place(f"place {n}") for n in range(200)]
    given = [Given(where, TOKEN.encode()) for where in places[:100]]
    given += [Given(where, stamped(TOKEN, FIRST).encode()) for where in places[100:]]
    Place.compared = 0

    (found,) = verify(None, None, Context(NOW), given).subject.candidates
    assert list(map(str, found.where)) == list(map(str, places))
    assert Place.compared < 1000


@pytest.mark.requirement("VER-023")
def test_a_value_whose_signature_does_not_hold_is_not_merged():
    broken = TOKEN[:-8] + "AAAAAAAA"

    _, found = candidates(broken, TOKEN)

    assert [len(c.where) for c in found] == [1, 1]


@pytest.mark.requirement("VER-093")
def test_without_a_policy_nobody_asks_for_the_right_to_declare():
    verdict, _ = candidates(TOKEN)

    assert verdict.axes["authority"] == "authority.not-evaluated"
