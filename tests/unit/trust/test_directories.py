"""Key directories and snapshots: what holds, and what refuses them as a whole (spec 18.2)."""

import copy
import hashlib
import json
import random
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from provenance.trust.directories import DirectoryError, read_directory, read_snapshot
from provenance.trust.policy import Revocation

# RFC 8037 A.1 and A.3: a public key and its thumbprint as the RFC prints them.
ED25519 = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
ED25519_THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
# RFC 7515 A.3.1.
P256 = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}
# RFC 7638 3.1: an RSA key and its thumbprint as the RFC prints them.
RSA = {
    "kty": "RSA",
    "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    "e": "AQAB",
}
RSA_THUMBPRINT = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def thumbprint(jwk):
    text = json.dumps(dict(sorted(jwk.items())), separators=(",", ":"))
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def entry(jwk=P256, **more):
    return {**jwk, "kid": thumbprint(jwk), "use": "sig", **more}


def directory(*keys, **about):
    return {"keys": list(keys), **about}


def read(plain):
    return read_directory(json.dumps(plain).encode())


def test_a_directory_with_everything():
    revoked = {"revoked_at": 1780272000, "reason": "keyCompromise", "invalid_from": 1779000000}
    content = read(
        directory(
            entry(nbf=1767225600, exp=1830297600),
            entry(ED25519, revoked=revoked),
            entry(RSA),
            musicprov={
                "party": "Northern Lights",
                "ids": {"isni": ["0000000073669144"], "domain": ["label.example"]},
                "updated": "2026-11-01T00:00:00Z",
            },
        )
    )

    assert [k.key for k in content.keys] == [thumbprint(P256), ED25519_THUMBPRINT, RSA_THUMBPRINT]
    assert content.keys[0].not_before == datetime(2026, 1, 1, tzinfo=UTC)
    assert content.keys[0].not_after == datetime(2028, 1, 1, tzinfo=UTC)
    assert content.keys[1].revoked == Revocation(
        datetime(2026, 6, 1, tzinfo=UTC),
        "keyCompromise",
        datetime(2026, 5, 17, 6, 40, tzinfo=UTC),
    )
    assert content.jwks[0] == P256
    assert (content.party, content.ids["isni"]) == ("Northern Lights", ("0000000073669144",))


@pytest.mark.requirement("DIR-007")
def test_keys_of_other_kinds_are_left_out_and_unknown_members_mean_nothing():
    other = {"kty": "AKP", "alg": "ML-DSA-44", "kid": "A" * 43, "pub": "AA"}
    curve = {"kty": "EC", "crv": "P-521", "kid": "E" * 43, "x": "A" * 88, "y": "A" * 88}

    content = read(directory(other, curve, entry(alg="ES256", later=[1]), unknown={"a": 1}))

    assert [k.key for k in content.keys] == [thumbprint(P256)]


def test_a_directory_may_be_empty():
    assert read(directory()).keys == ()


def _with(**more):
    return directory(entry(**more))


def _without(member):
    made = entry()
    del made[member]
    return directory(made)


def _loose(text):
    """Another spelling of the same bytes: bits that the last letter does not use."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = text[:-1] + alphabet[alphabet.index(text[-1]) ^ 1]
    assert urlsafe_b64decode(other + "=") == urlsafe_b64decode(text + "=")
    return other


LOOSE = {**P256, "x": _loose(P256["x"])}
REVOKED = {"revoked_at": 1780272000, "reason": "keyCompromise"}

REFUSED = {
    "DIR-002 a list": [entry()],
    "DIR-002 no keys": {"musicprov": {}},
    "DIR-002 a key without kid": _without("kid"),
    "DIR-002 a key for encryption": _with(use="enc"),
    "DIR-002 a time in text": _with(nbf="2026-01-01"),
    "DIR-002 an unknown reason": _with(revoked={**REVOKED, "reason": "lost"}),
    "DIR-002 a revocation without time": _with(revoked={"reason": "keyCompromise"}),
    "DIR-002 a misspelt revocation": _with(revoked={**REVOKED, "invalidFrom": 1}),
    "DIR-002 a party without a name": directory(musicprov={"updated": "2026-11-01T00:00:00Z"}),
    "DIR-002 an identifier that is none": directory(
        musicprov={"party": "x", "updated": "2026-11-01T00:00:00Z", "ids": {"isni": ["1"]}}
    ),
    "DIR-002 an escape sequence in the name": directory(
        musicprov={"party": "\x1b[2J", "updated": "2026-11-01T00:00:00Z"}
    ),
    "DIR-003 another key's kid": _with(kid=thumbprint(ED25519)),
    "DIR-003 a name as kid": _with(kid="label-2026"),
    "DIR-003 a coordinate is missing": _without("y"),
    "DIR-003 a short coordinate": directory(entry({**P256, "y": P256["y"][:40]})),
    "DIR-003 a loose spelling": directory(entry(LOOSE)),
    "DIR-003 a curve of another kind": directory(entry({**ED25519, "kty": "EC", "y": P256["y"]})),
    "DIR-003 another exponent": directory(entry({**RSA, "e": "AAEAAQ"})),
    "DIR-004 a private key": _with(d="jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"),
    "DIR-004 a shared secret": directory({"kty": "oct", "kid": "A" * 43, "k": "AAAA"}),
    "DIR-005 a key twice": directory(entry(), entry(exp=1830297600)),
    "DIR-006 an end before the beginning": _with(nbf=2, exp=1),
    "DIR-006 an end at the beginning": _with(nbf=2, exp=2),
    "DIR-006 not to be believed from after the revocation on": _with(
        revoked={**REVOKED, "invalid_from": REVOKED["revoked_at"] + 1}
    ),
}


@pytest.mark.requirement("DIR-002")
@pytest.mark.requirement("DIR-003")
@pytest.mark.requirement("DIR-004")
@pytest.mark.requirement("DIR-005")
@pytest.mark.requirement("DIR-006")
@pytest.mark.requirement("DIR-009")
@pytest.mark.parametrize("plain", REFUSED.values(), ids=REFUSED)
def test_what_is_refused_as_a_whole(plain):
    with pytest.raises(DirectoryError):
        read(plain)


@pytest.mark.requirement("DIR-002")
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"keys":[],"keys":[]}',
        b'\xef\xbb\xbf{"keys":[]}',
        b'{"keys":[],"a":1.5}',
        '{"keys":[]}'.encode("utf-16"),
        b'{"keys":[' + b" " * 65536 + b"]}",
        b'{"keys":[],"a":' + b"[" * 40 + b"]" * 40 + b"}",
    ],
)
def test_what_is_no_strict_json(data):
    with pytest.raises(DirectoryError):
        read_directory(data)


SNAPSHOT = {
    "snapshot": "musicprov-directory-snapshot/1",
    "domain": "label.example",
    "fetchedAt": "2026-11-23T08:00:00Z",
    "digest": "sha-256:" + "A" * 43,
    "certificate": "sha-256:" + "A" * 43,
    "directory": directory(entry()),
}


@pytest.mark.requirement("DIR-030")
def test_a_snapshot_is_its_domain_its_time_and_its_keys():
    found = read_snapshot(json.dumps(SNAPSHOT).encode())

    assert found.domain == "label.example"
    assert found.fetched == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert [k.key for k in found.keys] == [thumbprint(P256)]


@pytest.mark.requirement("DIR-030")
@pytest.mark.parametrize(
    "change",
    [
        {"snapshot": "musicprov-directory-snapshot/2"},
        {"domain": "https://label.example"},
        {"domain": "Label.Example"},
        {"fetchedAt": "2026-11-23"},
        {"digest": "sha-256:abc"},
        {"unknown": 1},
        {"directory": directory(entry(), entry())},
        {"directory": directory(entry(kid=ED25519_THUMBPRINT))},
        {"directory": {}},
    ],
)
def test_a_snapshot_that_breaks_a_rule(change):
    plain = copy.deepcopy(SNAPSHOT) | change

    with pytest.raises(DirectoryError):
        read_snapshot(json.dumps(plain).encode())


ODD = [None, True, 0, -1, 2**53, 253402300800, "", "\n", "EC", "OKP", "RSA", "A" * 43, [], {}, [1]]
MEMBERS = ["d", "kty", "crv", "x", "y", "n", "e", "kid", "use", "nbf", "exp", "revoked", "keys"]


def test_whatever_is_changed_it_is_read_or_refused_and_nothing_else():
    choose = random.Random(20261125)
    revoked = {"revoked_at": 5, "reason": "keyCompromise", "invalid_from": 3}
    about = {"party": "x", "ids": {}, "updated": "2026-11-01T00:00:00Z"}
    whole = directory(
        entry(nbf=1, exp=2, revoked=revoked), entry(ED25519), entry(RSA), musicprov=about
    )
    refused = 0
    for _ in range(600):
        plain = copy.deepcopy({**SNAPSHOT, "directory": whole})
        places = list(_objects(plain))
        for _ in range(choose.randint(1, 3)):
            place = choose.choice(places)
            place[choose.choice([*MEMBERS, *place])] = copy.deepcopy(choose.choice(ODD))
        try:
            read_snapshot(json.dumps(plain).encode())
        except DirectoryError:
            refused += 1

    assert 100 < refused < 600


def _objects(value):
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item)
