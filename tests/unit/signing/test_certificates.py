"""Signing with a certificate: what is written, which chain, which keys (spec 15.6, 7.4)."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import serialization
from provenance.issuing.making import DISCLOSURE, signed
from provenance.model.errors import KeyFileError, SignerError
from provenance.model.limits import DEFAULT_LIMITS
from provenance.signing import envelope
from provenance.signing.certificates import (
    decode_x5c,
    encode_x5c,
    leaf_key,
    load_chain,
    require_current,
)
from provenance.signing.keys import KeyValueError, b64decode_url, load_private
from provenance.signing.signer import CommandSigner, FileSigner

from support.certificates import module

I = module("issuing")  # noqa: E741
B = module("build")
AT = datetime(2026, 11, 23, tzinfo=UTC)
KEYS = {key.alg: key for key in (B.P256, B.P384, B.ED, B.RSA3072)}


def pem(*certificates):
    return b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates)


def private_pem(key):
    return key.private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def signer(alg):
    key = KEYS[alg]
    pair = load_private(private_pem(key), None, rsa=True)
    chain = load_chain(pem(B.CA.leaf(B.LABEL, key), B.CA.certificate), pair.public, 4)
    return FileSigner(pair, chain)


def written(made, **more):
    kind = envelope.DISCLOSURE_TYP
    cty = envelope.TYPES[kind]
    return envelope.write(b'{"a":1}', made, typ=kind, cty=cty, issued_at=AT, **more)


@pytest.mark.requirement("CRT-040")
@pytest.mark.parametrize("alg", KEYS)
def test_a_certified_statement_has_the_members_of_jades_and_no_other(alg):
    made = written(signer(alg))

    header = json.loads(b64decode_url(made.split(".")[0]))
    assert set(header) == {"alg", "typ", "cty", "iat", "x5t#S256", "x5c"}
    assert header["alg"] == alg
    assert [b64decode(c) for c in header["x5c"]] == [
        I.der(B.CA.leaf(B.LABEL, KEYS[alg])),
        B.CA.der,
    ]
    token, found = envelope.read(made.encode())
    assert found == ()
    assert (token.profile, token.key) == ("C", KEYS[alg].thumbprint)
    assert envelope.check_signature(token).code.slug == "signature.valid"


def test_certificates_can_be_given_for_one_statement():
    bare = FileSigner(load_private(private_pem(B.P256), None))

    token, _ = envelope.read(written(bare, certificates=[I.der(B.LEAF)]).encode())

    assert (token.profile, len(token.certificates)) == ("C", 1)
    assert envelope.read(written(bare).encode())[0].profile == "K"


def test_an_rsa_key_without_a_certificate_writes_nothing():
    with pytest.raises(KeyFileError, match="kind of key") as error:
        load_private(private_pem(B.RSA3072), None)
    assert "--cert" in error.value.hint
    with pytest.raises(ValueError, match="PS256"):
        written(FileSigner(load_private(private_pem(B.RSA3072), None, rsa=True)))


def test_a_small_rsa_key_is_refused():
    with pytest.raises(KeyFileError, match="rsa-size"):
        load_private(private_pem(I.RsaKey(1024)), None, rsa=True)


@pytest.mark.requirement("CRT-041")
def test_a_certificate_of_another_key_is_refused():
    other = load_private(private_pem(B.OTHER), None).public

    with pytest.raises(KeyFileError, match="belongs to the signing key"):
        load_chain(pem(*B.CHAIN), other, 4)


@pytest.mark.requirement("CRT-042")
def test_the_root_is_left_out_and_the_order_is_made():
    mine = leaf_key(I.der(B.LEAF))
    root, ca = B.ROOT.certificate, B.CA.certificate
    expected = (I.der(B.LEAF), B.CA.der)

    for given in ((B.LEAF, ca), (B.LEAF, ca, root), (root, ca, B.LEAF), (ca, B.LEAF, root, ca)):
        assert load_chain(pem(*given), mine, 4) == expected
    assert load_chain(pem(B.LEAF, ca, root), None, 4) == expected
    assert load_chain(pem(B.LEAF), mine, 4) == expected[:1]


@pytest.mark.parametrize("junk", [b"", b"no certificates", pem(B.LEAF)[:200], b"\0" * 100])
def test_a_file_without_certificates_is_refused(junk):
    with pytest.raises(KeyFileError, match="no file of certificates"):
        load_chain(junk, None, 4)


def test_a_chain_that_is_too_long_is_refused():
    issuers = [B.ROOT]
    for n in range(4):
        issuers.append(I.Issuer(I.name(f"CA {n}"), I.T.Key(f"ca {n}"), issuers[-1]))
    leaf = issuers[-1].leaf(B.LABEL, B.P256)

    with pytest.raises(KeyFileError, match="4 certificates"):
        load_chain(pem(leaf, *(i.certificate for i in issuers)), None, 4)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


IN_TIME = ("2026-01-01 00:00:00", "2027-06-01", "2028-12-31 00:00:00.9")
ENDED = "certificate of '.*' ended at 31 Dec 2028"
EARLY = "certificate of '.*' is not valid before 01 Jan 2026"


@pytest.mark.requirement("CRT-043")
@pytest.mark.parametrize("now", IN_TIME)
def test_what_is_valid_now_signs(now):
    require_current([I.der(c) for c in B.CHAIN], at(now))

    assert signed(b'{"a":1}', signer("ES256"), DISCLOSURE, at(now), DEFAULT_LIMITS)


@pytest.mark.requirement("CRT-043")
@pytest.mark.parametrize(
    ("now", "words"), [("2028-12-31 00:00:01", ENDED), ("2025-12-31 23:59:59", EARLY)]
)
def test_nothing_is_signed_outside_the_time_of_a_certificate(now, words):
    with pytest.raises(KeyFileError, match=words):
        require_current([I.der(c) for c in B.CHAIN], at(now))
    with pytest.raises(KeyFileError, match=words):
        signed(b'{"a":1}', signer("ES256"), DISCLOSURE, at(now), DEFAULT_LIMITS)


@pytest.mark.requirement("CRT-043")
def test_those_who_issued_it_count_too():
    above = I.Issuer(I.name("Short"), I.T.Key("short"), B.ROOT, dates=("2026-01-01", "2026-06-01"))
    chain = [I.der(above.leaf(B.LABEL, B.P256)), above.der]

    require_current(chain[:1], AT)
    with pytest.raises(KeyFileError, match="'CN=Short' ended at 01 Jun 2026"):
        require_current(chain, AT)


def test_a_certificate_that_cannot_be_read_is_no_current_one():
    with pytest.raises(KeyFileError, match="cannot be read"):
        require_current([b"junk"], AT)


@pytest.mark.requirement("CRT-043")
@pytest.mark.parametrize(
    ("dates", "words"),
    [
        (("2024-01-01", "2026-06-01"), "ended at 01 Jun 2026"),
        (("2096-01-01", "2099-01-01"), "is not valid before 01 Jan 2096"),
    ],
)
def test_the_command_line_says_so_before_anything_is_asked_or_written(tmp_path, dates, words):
    song = tmp_path / "song.wav"
    song.write_bytes(B.V.wav(B.V.le16(B.TINY)))
    before = song.read_bytes()
    (tmp_path / "key.pem").write_bytes(private_pem(B.P256))
    (tmp_path / "chain.pem").write_bytes(pem(B.CA.leaf(B.LABEL, B.P256, dates=dates)))

    refused = prov(tmp_path, "sign", "song.wav", "--key", "key.pem", "--cert", "chain.pem")

    assert refused.returncode == 5, refused.stderr
    assert "chain.pem: the certificate of " in refused.stderr
    assert words in refused.stderr
    assert song.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chain.pem", "key.pem", "song.wav"]


def test_the_texts_of_x5c_are_read_back():
    assert decode_x5c(encode_x5c([b"a", b"bc", b"def"]), 4) == (b"a", b"bc", b"def")


@pytest.mark.requirement("ENV-025")
def test_a_certificate_has_at_most_16_kib():
    assert decode_x5c(encode_x5c([bytes(16_384)]), 4) == (bytes(16_384),)
    assert decode_x5c(encode_x5c([bytes(16_385)]), 4) is None
    assert decode_x5c(["A" * 4_000_000], 4) is None


@pytest.mark.requirement("KEY-006")
@pytest.mark.filterwarnings("error")
def test_a_serial_number_that_is_not_positive_is_refused_without_a_warning():
    serial = b"\x02\x01\x05"
    odd = I.der(B.CA.leaf(B.LABEL, B.P256, serial=5)).replace(serial, b"\x02\x01\x00", 1)

    with pytest.raises(KeyValueError, match="certificate"):
        leaf_key(odd)


ECHO = "import sys; data = sys.stdin.buffer.read(); sys.stdout.buffer.write(bytes.fromhex(%r))"


@pytest.mark.requirement("KEY-020")
@pytest.mark.parametrize("alg", KEYS)
def test_a_command_signs_with_the_key_of_the_leaf(alg, tmp_path):
    file = signer(alg)
    key = tmp_path / "key.pem"
    key.write_bytes(private_pem(KEYS[alg]))
    script = (
        "import sys; from pathlib import Path\n"
        "from provenance.signing.keys import load_private\n"
        "pair = load_private(Path(sys.argv[1]).read_bytes(), None, rsa=True)\n"
        "sys.stdout.buffer.write(pair.sign(sys.stdin.buffer.read()))\n"
    )
    command = CommandSigner(
        (sys.executable, "-c", script, str(key)),
        leaf_key(file.certificates[0]),
        certificates=file.certificates,
    )

    token, found = envelope.read(written(command).encode())

    assert (found, token.profile, token.alg) == ((), "C", alg)
    assert envelope.check_signature(token).code.slug == "signature.valid"


def test_a_command_that_answers_with_another_kind_of_rsa_signature_is_refused():
    key = I.RsaKey(3072, "RS256")
    answer = key.sign(b"data").hex()
    command = CommandSigner(
        (sys.executable, "-c", ECHO % answer), leaf_key(I.der(B.CA.leaf(B.LABEL, key)))
    )

    with pytest.raises(SignerError, match="does not verify"):
        command.sign(b"data")


def prov(place, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "provenance", *map(str, arguments)],
        cwd=place,
        env={"MUSICPROV_HOME": str(place / "home"), "PATH": "/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.requirement("CRT-041")
def test_the_command_line_signs_with_a_certificate_and_another_asker_sees_whose(tmp_path):
    (tmp_path / "song.wav").write_bytes(B.V.wav(B.V.le16(B.TINY)))
    (tmp_path / "key.pem").write_bytes(private_pem(B.RSA3072))
    leaf = B.CA.leaf(B.LABEL, B.RSA3072, dates=("2024-01-01", "2039-12-31"))
    (tmp_path / "chain.pem").write_bytes(pem(leaf, B.CA.certificate, B.ROOT.certificate))
    (tmp_path / "other.pem").write_bytes(pem(B.LEAF))
    declared = {"declarant": {"role": "label", "name": "Somebody"}, "contributions": B.SAID}
    (tmp_path / "said.json").write_text(json.dumps(declared), encoding="utf-8")
    (tmp_path / "root.pem").write_bytes(B.ROOT.pem)
    policy = {
        "policy": "musicprov-trust-policy/1",
        "id": "test",
        "version": 1,
        "issued": "2026-11-01T00:00:00Z",
        "require": {"binding": "exact", "identity": "certified", "authority": "any"},
        "anchors": [{"id": "seal-ca", "certs": ["root.pem"]}],
    }
    (tmp_path / "policy.json").write_text(json.dumps(policy), encoding="utf-8")
    sign = ("sign", "song.wav", "--manifest", "said.json", "--no-fingerprint")

    wrong = prov(tmp_path, *sign, "--key", "key.pem", "--cert", "other.pem")
    bare = prov(tmp_path, *sign, "--key", "key.pem")
    done = prov(tmp_path, *sign, "--key", "key.pem", "--cert", "chain.pem")
    seen = prov(tmp_path, "verify", "song.wav", "--trust", "policy.json")

    assert (wrong.returncode, bare.returncode) == (5, 5), wrong.stderr + bare.stderr
    assert "belongs to the signing key" in wrong.stderr
    assert "--cert" in bare.stderr
    assert done.returncode == 0, done.stderr
    assert "your certificate" in done.stderr
    assert seen.returncode == 0, seen.stdout + seen.stderr
    assert "Northern Lights Records Ltd" in seen.stdout
    assert "Example Seal CA G1" in seen.stdout
