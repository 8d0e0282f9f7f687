"""Wycheproof against the signature layer: nothing invalid is accepted, nothing valid refused.

The tokens of the JWS files have no ``typ``, ``cty``, ``iat`` and no embedded key, so the reader as
a whole refuses each of them. To say something about the layers below, the same functions are also
asked in their order with the key of the test: form, header, algorithm and key, signature.
Where a valid case is outside the profile the reason is named here, one rule a kind.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter

import pytest
from provenance.model.limits import DEFAULT_LIMITS
from provenance.signing import envelope
from provenance.signing.algorithms import ALGORITHMS, BY_CURVE
from provenance.signing.keys import (
    KeyValueError,
    b64encode_url,
    public_from_jwk,
    public_of,
    raw_signature,
)

from support.samples import third_party

JWS = ("json_web_signature", "json_web_crypto", "json_web_key")
FOREIGN_ALGS = ("HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
OUTSIDE = {
    **dict.fromkeys(FOREIGN_ALGS, "ENV-020: RSA belongs to certificates, HMAC to nothing here"),
    "ES512": "ENV-020: P-521 is not in the table",
}


def load(name):
    path = third_party(f"vectors/wycheproof__{name}_test.json.gz")
    content = json.loads(gzip.decompress(path.read_bytes()))
    found = [(group, test) for group in content["testGroups"] for test in group["tests"]]
    assert len(found) == content["numberOfTests"] > 0
    return found


def tokens():
    """Every JWS of the three files: (name, the token's bytes, the public keys, whether valid)."""
    for name in JWS:
        for group, test in load(name):
            if "jws" not in test:
                continue  # a JWE; asked apart below
            value = test["jws"]
            data = value.encode() if isinstance(value, str) else json.dumps(value).encode()
            key = group.get("public") or group.get("private") or {}
            keys = key.get("keys", [key])
            yield f"{name}-{test['tcId']}-{test['comment']}", data, keys, test["result"] == "valid"


def plain(jwk):
    """A JWK without what names it; what restricts its use stays, and refuses it (KEY-001)."""
    algorithm = BY_CURVE.get(jwk.get("crv"))
    names = {"kid": jwk.get("kid"), "use": "sig", "alg": algorithm.name if algorithm else None}
    return {m: v for m, v in jwk.items() if not (m in names and names[m] == v)}


def alg_of(data):
    """The alg that the header states, read leniently: only to say why a case is outside."""
    from base64 import urlsafe_b64decode

    try:
        header = data.split(b".")[0]
        return json.loads(urlsafe_b64decode(header + b"=" * (-len(header) % 4)))["alg"]
    except (ValueError, KeyError, TypeError):
        return "no header"


def holds(data, jwks):
    """Form, header, algorithm and signature of a token, for keys that come from elsewhere."""
    try:
        parts = envelope._split(data, DEFAULT_LIMITS)
        header = envelope._header(parts.protected, DEFAULT_LIMITS)
        envelope._require_allowed(header)
    except envelope._RefusedError:
        return False
    algorithm = ALGORITHMS.get(header.get("alg"))
    if algorithm is None:
        return False
    for jwk in jwks:
        try:
            key = public_from_jwk(plain(jwk))
        except KeyValueError:
            continue
        if key.curve == algorithm.curve and len(parts.signature) == algorithm.signature_bytes:
            return key.verify(parts.signature, parts.signing_input)
    return False


def test_no_token_that_is_invalid_holds_and_every_valid_one_of_the_profile_does():
    wrong, counts = [], Counter()
    for name, data, keys, valid in tokens():
        found, alg = holds(data, keys), alg_of(data)
        counts[valid, found] += 1
        outside = alg in OUTSIDE
        if found != (valid and not outside):
            wrong.append((name, alg, valid, found))

    assert wrong == []
    assert counts[True, True] == 3  # ES256: es256, SpecialCaseEs256, jws_ec
    assert counts[False, False] > 390
    assert counts[False, True] == 0


def test_the_reader_takes_none_of_them_for_a_statement():
    taken = [name for name, data, _, _ in tokens() if envelope.read(data)[0] is not None]

    assert taken == []


def test_no_encrypted_token_is_taken_apart():
    codes = Counter()
    for group, test in load("json_web_crypto"):
        if "jwe" in test:
            value = test["jwe"]
            data = value.encode() if isinstance(value, str) else json.dumps(value).encode()
            token, found = envelope.read(data)
            assert token is None
            codes[found[0].code.slug] += 1
        assert group["tests"]

    assert set(codes) == {"jws.malformed"}
    assert codes.total() == 34


def key_of(public):
    """The key of a group: its point as a JWK of ours."""
    if "pk" in public:
        x = b64encode_url(bytes.fromhex(public["pk"]))
        return public_from_jwk({"kty": "OKP", "crv": "Ed25519", "x": x})
    curve, size = {"secp256r1": ("P-256", 32), "secp384r1": ("P-384", 48)}[public["curve"]]
    point = bytes.fromhex(public["uncompressed"])[1:]
    x, y = (b64encode_url(point[n : n + size]) for n in (0, size))
    return public_from_jwk({"kty": "EC", "crv": curve, "x": x, "y": y})


RAW = {
    "ecdsa_secp256r1_sha256_p1363": 173,
    "ecdsa_secp384r1_sha384_p1363": 193,
    "ed25519": 88,
}


@pytest.mark.requirement("ENV-023")
@pytest.mark.parametrize("name", RAW)
def test_raw_signatures_are_judged_as_the_vectors_say(name):
    wrong, right = [], Counter()
    for group, test in load(name):
        signature, message = bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"])
        good = key_of(group["publicKey"]).verify(signature, message)
        right[good] += 1
        if good != (test["result"] == "valid"):
            wrong.append((test["tcId"], test["comment"], test["result"]))

    assert wrong == []
    assert right[True] == RAW[name]


RSA = {
    "rsa_pss_2048_sha256_mgf1_32": "PS256",
    "rsa_pss_3072_sha256_mgf1_32": "PS256",
    "rsa_signature_2048_sha256": "RS256",
}


@pytest.mark.requirement("ENV-023")
@pytest.mark.parametrize(("name", "alg"), RSA.items(), ids=RSA)
def test_rsa_signatures_are_judged_as_the_vectors_say(name, alg):
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    wrong, right, keys = [], Counter(), set()
    for group, test in load(name):
        handle = load_der_public_key(bytes.fromhex(group["publicKeyAsn"]))
        try:
            key = public_of(handle, rsa=True)
        except KeyValueError as error:
            keys.add(error.reason)
            continue
        signature, message = bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"])
        good = key.verify(signature, message, alg)
        right[test["result"], good] += 1
        if good != (test["result"] == "valid"):
            wrong.append((test["tcId"], test["comment"], test["result"], test["flags"]))

    assert [w for w in wrong if w[2] != "acceptable"] == []
    assert right["valid", True] == {"PS256": 63, "RS256": 7}[alg]
    assert right["acceptable", True] == 0  # PKCS #1 v1.5 without the NULL of its parameters
    assert keys == ({"rsa-exponent"} if alg == "RS256" else set())  # KEY-007


@pytest.mark.requirement("KEY-020")
def test_a_der_signature_is_converted_only_when_it_is_one():
    wrong = []
    for group, test in load("ecdsa_secp256r1_sha256"):
        key = key_of(group["publicKey"])
        try:
            raw = raw_signature(bytes.fromhex(test["sig"]), "P-256")
            good = key.verify(raw, bytes.fromhex(test["msg"]))
        except (ValueError, OverflowError):
            good = False
        if good != (test["result"] == "valid"):
            wrong.append((test["tcId"], test["comment"], test["result"], test["flags"]))

    assert wrong == []
