"""What is read is what was signed (WIR-009): nothing beside the signed bytes is listened to."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from provenance.reports import as_json
from provenance.signing.envelope import read
from provenance.trust.identity import Keyring
from provenance.verify.outcome import Context, Given
from provenance.verify.procedure import verify

VECTORS = Path(__file__).resolve().parents[2] / "vectors"
TOKEN = (VECTORS / "verify" / "bare-token" / "given.jws").read_bytes()
VALID = sorted(
    path
    for area in ("envelope", "keys")
    for path in (VECTORS / area).glob("*/case.json")
    if json.loads(path.read_bytes())["expect"].get("valid")
)
LIE = {"declarant": {"role": "artist", "name": "Mallory"}, "contributions": []}
HEADER, PAYLOAD, SIGNATURE = TOKEN.decode().split(".")
FLAT = {"payload": PAYLOAD, "protected": HEADER, "signature": SIGNATURE}
OTHER_PAYLOAD = urlsafe_b64encode(json.dumps(LIE).encode()).rstrip(b"=").decode()


@pytest.mark.requirement("WIR-009")
@pytest.mark.parametrize("path", VALID, ids=[p.parent.name for p in VALID])
def test_header_and_payload_are_the_segments_that_were_signed(path):
    token, _ = read((path.parent / "input.jws").read_bytes())
    protected, payload = token.signing_input.split(b".")

    assert urlsafe_b64encode(token.payload).rstrip(b"=") == payload
    assert token.header == json.loads(_decoded(protected))


def _decoded(segment):
    from base64 import urlsafe_b64decode

    return urlsafe_b64decode(segment + b"=" * (-len(segment) % 4))


def report(value):
    keyring = Keyring(own={read(TOKEN)[0].key: None})
    context = Context(now=datetime(2027, 1, 1, tzinfo=UTC), keyring=keyring)
    verdict = verify(None, None, context, (Given("given", value),))
    return as_json.report("x", verdict, context)


BESIDE = {
    "words in the bundle": {"bundle": "musicprov-bundle/1", "statements": [FLAT], "manifest": LIE},
    "a payload of the bundle": {
        "bundle": "musicprov-bundle/1",
        "statements": [FLAT],
        "payload": OTHER_PAYLOAD,
    },
    "time stamps with words": {**FLAT, "header": {"etsiU": [{"manifest": LIE}]}},
}


@pytest.mark.requirement("WIR-009")
@pytest.mark.parametrize("value", BESIDE.values(), ids=BESIDE)
def test_unsigned_words_around_a_statement_change_nothing(value):
    plain, around = report(TOKEN), report(json.dumps(value).encode())

    assert plain["declaration"] is not None
    assert around["declaration"] == plain["declaration"]
    assert around["signer"] == plain["signer"]
    assert (around["status"], around["code"]) == (plain["status"], plain["code"])
    assert "Mallory" not in json.dumps(around)


@pytest.mark.requirement("WIR-009")
@pytest.mark.parametrize(
    "value",
    [
        json.dumps({**FLAT, "payload": OTHER_PAYLOAD}),
        '{"payload":"' + OTHER_PAYLOAD + '",' + json.dumps(FLAT)[1:],
        json.dumps(FLAT)[:-1] + ',"payload":"' + OTHER_PAYLOAD + '"}',
        json.dumps({**FLAT, "manifest": LIE}),
    ],
    ids=["in its place", "before it", "after it", "decoded, beside it"],
)
def test_another_payload_is_never_read(value):
    found = report(value.encode())

    assert found["status"] == "FAILED"
    assert found["declaration"] is None
    assert "Mallory" not in json.dumps(found)
