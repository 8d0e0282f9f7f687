"""Writing envelopes: what is signed is what was given, and any reader of JWS could read it."""

import json
import shutil
import subprocess
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from provenance.model.codes import Code
from provenance.signing.algorithms import ALGORITHMS, BY_CURVE
from provenance.signing.envelope import (
    DISCLOSURE_CTY,
    DISCLOSURE_TYP,
    check_signature,
    read,
    write,
)
from provenance.signing.keys import generate
from provenance.signing.signer import FileSigner

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAYLOAD = '{"title":"Åse"}'.encode()
PAIRS = {alg: generate(alg) for alg in ("ES256", "ES384", "Ed25519")}


def written(alg="ES256", payload=PAYLOAD, at=AT):
    signer = FileSigner(PAIRS[alg])
    return write(payload, signer, typ=DISCLOSURE_TYP, cty=DISCLOSURE_CTY, issued_at=at)


def decoded(segment):
    return urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


@pytest.mark.requirement("ENV-019")
@pytest.mark.parametrize("alg", PAIRS)
def test_what_is_written_is_read_and_holds(alg):
    token, found = read(written(alg).encode())

    assert found == ()
    assert token.payload == PAYLOAD
    assert token.alg == alg
    assert token.iat == 1_795_392_000
    assert token.key == PAIRS[alg].public.thumbprint
    assert check_signature(token).code is Code.SIGNATURE_VALID


@pytest.mark.requirement("ENV-013")
@pytest.mark.requirement("KEY-001")
@pytest.mark.parametrize("alg", PAIRS)
def test_the_header_has_exactly_the_members_of_the_profile(alg):
    header = json.loads(decoded(written(alg).split(".")[0]))

    assert list(header) == ["alg", "typ", "cty", "iat", "jwk", "kid"]
    assert set(header["jwk"]) == {"kty", "crv", "x"} | ({"y"} if alg != "Ed25519" else set())
    assert header["kid"].endswith(":" + PAIRS[alg].public.thumbprint)


@pytest.mark.parametrize("alg", PAIRS)
def test_signing_the_same_twice_gives_the_same_token(alg):
    assert written(alg) == written(alg)


def test_the_time_is_seconds_whatever_the_zone():
    there = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))

    assert read(written(at=there).encode())[0].iat == 1_795_392_000


@pytest.mark.requirement("ENV-019")
@pytest.mark.requirement("ENV-020")
def test_the_table_of_algorithms_is_the_one_of_the_standard():
    table = {
        a.name: (a.curve, a.signature_bytes, a.may_sign, a.deprecated_name)
        for a in ALGORITHMS.values()
    }

    assert table == {
        "ES256": ("P-256", 64, True, False),
        "ES384": ("P-384", 96, True, False),
        "Ed25519": ("Ed25519", 64, True, False),
        "EdDSA": ("Ed25519", 64, False, True),
        "PS256": ("RSA", 0, True, False),
        "RS256": ("RSA", 0, False, False),
    }
    certified = {a.name: a.rsa_bits for a in ALGORITHMS.values() if a.certified}
    assert certified == {"PS256": 3072, "RS256": 2048}
    assert {curve: a.name for curve, a in BY_CURVE.items()} == {
        "P-256": "ES256",
        "P-384": "ES384",
        "Ed25519": "Ed25519",
        "RSA": "PS256",
    }


@pytest.mark.parametrize("alg", ["ES256", "ES384"])
def test_openssl_agrees_with_the_signature(alg, tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no second opinion on signatures")
    message, signature = written(alg).rsplit(".", 1)
    raw = decoded(signature)
    half = len(raw) // 2
    numbers = (int.from_bytes(part, "big") for part in (raw[:half], raw[half:]))
    (tmp_path / "key.pem").write_bytes(PAIRS[alg].public.pem())
    (tmp_path / "signature.der").write_bytes(encode_dss_signature(*numbers))
    digest = {"ES256": "-sha256", "ES384": "-sha384"}[alg]

    done = subprocess.run(
        ["openssl", "dgst", digest, "-verify", "key.pem", "-signature", "signature.der"],
        cwd=tmp_path,
        input=message.encode(),
        capture_output=True,
        check=False,
    )

    assert done.stdout == b"Verified OK\n"
