"""Key files (spec 7.2): how they are encrypted, what other programs make of them, what is refused."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import pytest
from provenance.model.errors import KeyFileError
from provenance.signing.keys import generate, load_private, load_public, private_pem

from support.command import prov

PLAIN = Path(__file__).resolve().parents[2] / "vectors" / "verify" / "absent" / "input.wav"
SECRET = b"correct horse"
PAIR = generate("ES256")


def der_of(pem):
    body = re.search(rb"-----BEGIN [A-Z ]+-----\n(.+)-----END", pem, re.DOTALL)[1]
    return b64decode(body)


def tree(data):
    """DER as nested lists of (tag, content); only what a key file needs."""
    found = []
    while data:
        tag, size, start = data[0], data[1], 2
        if size & 0x80:
            start = 2 + (size & 0x7F)
            size = int.from_bytes(data[2:start], "big")
        body = data[start : start + size]
        assert len(body) == size
        found.append((tag, tree(body) if tag == 0x30 else body))
        data = data[start + size :]
    return found


@pytest.mark.requirement("KEY-010")
def test_the_file_is_pkcs8_with_scrypt_and_aes_256_in_cbc():
    ((_, ((_, algorithm), (tag, secret))),) = tree(der_of(private_pem(PAIR, SECRET)))
    (_, oid), (_, ((_, kdf), (_, cipher))) = algorithm
    (_, kdf_oid), (_, numbers) = kdf
    salt, *costs = (body for _, body in numbers)

    assert oid.hex() == "2a864886f70d01050d"  # PBES2, 1.2.840.113549.1.5.13
    assert kdf_oid.hex() == "2b06010401da47040b"  # scrypt, 1.3.6.1.4.1.11591.4.11
    assert cipher[0][1].hex() == "60864801650304012a"  # aes256-CBC, 2.16.840.1.101.3.4.1.42
    assert [int.from_bytes(c, "big") for c in costs] == [2**14, 8, 5, 32]
    assert len(salt) == len(cipher[1][1]) == 16
    assert (tag, len(secret) % 16) == (0x04, 0)


@pytest.mark.requirement("KEY-010")
def test_salt_and_vector_are_new_each_time_and_the_key_is_not_in_the_clear():
    one, two = (private_pem(PAIR, SECRET) for _ in range(2))
    number = PAIR.handle.private_numbers().private_value.to_bytes(32, "big")

    assert one != two
    assert number not in der_of(one)
    assert number in der_of(private_pem(PAIR, None))


STORED = [
    ("ES256", None),
    ("ES384", None),
    ("Ed25519", None),
    ("ES256", SECRET),
    ("Ed25519", "pässwörd 音".encode()),
    ("ES384", b"x" * 300),
]


@pytest.mark.slow
@pytest.mark.parametrize(("alg", "secret"), STORED)
def test_what_is_stored_is_loaded(alg, secret):
    pair = generate(alg)

    loaded = load_private(private_pem(pair, secret), secret)

    assert loaded.public.jwk == pair.public.jwk
    assert loaded.alg == alg


FAULTS = {
    "a wrong passphrase": (lambda: private_pem(PAIR, SECRET), b"wrong", "passphrase"),
    "no passphrase": (lambda: private_pem(PAIR, SECRET), None, "--passphrase-file"),
    "a passphrase for a plain key": (lambda: private_pem(PAIR, None), SECRET, "Leave"),
    "a public key": (PAIR.public.pem, None, "PEM private key"),
    "a JWK": (lambda: json.dumps(dict(PAIR.public.jwk)).encode(), None, "PEM private key"),
    "a cut file": (lambda: private_pem(PAIR, None)[:-60], None, "PEM private key"),
    "an empty file": (lambda: b"", None, "PEM private key"),
    "no text": (lambda: bytes(range(256)), None, "PEM private key"),
}


@pytest.mark.parametrize(("made", "secret", "hint"), FAULTS.values(), ids=FAULTS)
def test_a_key_that_cannot_be_opened_says_what_to_do(made, secret, hint):
    with pytest.raises(KeyFileError) as error:
        load_private(made(), secret)

    assert hint in error.value.hint


def test_a_wrong_passphrase_is_said_to_be_one():
    with pytest.raises(KeyFileError, match="wrong passphrase"):
        load_private(private_pem(PAIR, SECRET), b"wrong")


PUBLIC = {
    "PEM": PAIR.public.pem(),
    "JWK": json.dumps(dict(PAIR.public.jwk)).encode(),
    "JWK with more members": json.dumps({**PAIR.public.jwk, "use": "sig", "kid": "me"}).encode(),
    "JWK after white space": b"\n " + json.dumps(dict(PAIR.public.jwk)).encode() + b"\n",
}


@pytest.mark.parametrize("data", PUBLIC.values(), ids=PUBLIC)
def test_a_public_key_is_taken_from_either_form(data):
    assert load_public(data).thumbprint == PAIR.public.thumbprint


LOW = b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA%s=\n-----END PUBLIC KEY-----\n" % (b"A" * 43)
NOT_PUBLIC = {
    "a private PEM": private_pem(PAIR, None),
    "an encrypted private PEM": private_pem(PAIR, SECRET),
    "a private JWK": json.dumps({**PAIR.public.jwk, "d": "AAAA"}).encode(),
    "a symmetric JWK": b'{"kty":"oct","k":"AAAA"}',
    "a PEM of low order": LOW,
    "a JWK off its curve": json.dumps({**PAIR.public.jwk, "y": PAIR.public.jwk["x"]}).encode(),
    "a member twice": b'{"kty":"EC","kty":"OKP"}',
    "deep JSON": b'{"kty":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "kty a list": b'{"kty":[]}',
    "kty missing": b"{}",
    "broken JSON": b"{",
    "a JSON list": b"[]",
    "no bytes": b"",
    "bytes": bytes(range(256)),
    "a certificate": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    "large": b'{"kty":"' + b"A" * 1_000_000 + b'"}',
}


@pytest.mark.requirement("KEY-004")
@pytest.mark.requirement("KEY-003")
@pytest.mark.parametrize("data", NOT_PUBLIC.values(), ids=NOT_PUBLIC)
def test_what_is_no_public_key_is_an_error_of_the_key_file(data):
    with pytest.raises(KeyFileError):
        load_public(data)


def test_a_private_key_given_as_public_is_called_so():
    for name in ("a private PEM", "an encrypted private PEM", "a private JWK"):
        with pytest.raises(KeyFileError, match="private key"):
            load_public(NOT_PUBLIC[name])


def openssl(*arguments, **more):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: its key files are not tried")
    done = subprocess.run(["openssl", *arguments], capture_output=True, check=False, **more)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.mark.slow
@pytest.mark.requirement("KEY-010")
@pytest.mark.parametrize("alg", ["ES256", "ES384", "Ed25519"])
def test_openssl_reads_our_encrypted_key(alg, tmp_path):
    pair = generate(alg)
    (tmp_path / "key.pem").write_bytes(private_pem(pair, SECRET))
    (tmp_path / "pass").write_bytes(SECRET + b"\n")

    public = openssl("pkey", "-in", "key.pem", "-passin", "file:pass", "-pubout", cwd=tmp_path)

    assert load_public(public).thumbprint == pair.public.thumbprint


MADE = {
    "P-256, SEC1": ("ES256", ["ecparam", "-name", "prime256v1", "-genkey", "-noout"], None),
    "P-256, SEC1 with parameters": ("ES256", ["ecparam", "-name", "prime256v1", "-genkey"], None),
    "P-256, PKCS#8": ("ES256", ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], None),
    "P-384, SEC1": ("ES384", ["ecparam", "-name", "secp384r1", "-genkey", "-noout"], None),
    "Ed25519": ("Ed25519", ["genpkey", "-algorithm", "ed25519"], None),
    "Ed25519, PBKDF2": ("Ed25519", ["genpkey", "-algorithm", "ed25519", "-aes-256-cbc", "-pass", "pass:correct horse"], SECRET),
}  # fmt: skip


@pytest.mark.parametrize(("alg", "command", "secret"), MADE.values(), ids=MADE)
def test_a_key_that_openssl_made_is_loaded_and_signs(alg, command, secret):
    pair = load_private(openssl(*command), secret)

    assert pair.alg == alg
    assert pair.public.verify(pair.sign(b"message"), b"message")


def test_a_key_with_the_old_encryption_of_openssl_is_loaded(tmp_path):
    plain = openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout")
    (tmp_path / "pass").write_bytes(SECRET + b"\n")
    old = openssl("ec", "-aes128", "-passout", "file:pass", input=plain, cwd=tmp_path)

    assert b"Proc-Type: 4,ENCRYPTED" in old
    assert load_private(old, SECRET).public.jwk == load_private(plain, None).public.jwk


STRANGE = {
    "RSA": ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "secp256k1": ["ecparam", "-name", "secp256k1", "-genkey", "-noout"],
    "P-521": ["ecparam", "-name", "secp521r1", "-genkey", "-noout"],
    "X25519": ["genpkey", "-algorithm", "x25519"],
    "Ed448": ["genpkey", "-algorithm", "ed448"],
}


@pytest.mark.parametrize("command", STRANGE.values(), ids=STRANGE)
def test_a_key_of_another_kind_is_refused_with_a_hint(command):
    with pytest.raises(KeyFileError) as error:
        load_private(openssl(*command), None)

    assert "keygen" in error.value.hint


def keygen(place, *more):
    """``prov keygen`` under a umask that hides nothing."""
    return subprocess.run(
        [sys.executable, "-m", "provenance", "keygen", *more],
        cwd=place,
        env={**os.environ, "MUSICPROV_HOME": str(place / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        umask=0,
        timeout=600,
        check=False,
    )


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.requirement("KEY-011")
def test_a_private_key_file_is_for_its_owner_and_never_overwritten(tmp_path):
    first = keygen(tmp_path, "--out", "key.pem", "--no-passphrase")
    before = (tmp_path / "key.pem").read_bytes(), (tmp_path / "key.pub.jwk").read_bytes()
    second = keygen(tmp_path, "--out", "key.pem", "--no-passphrase")

    assert (first.returncode, mode(tmp_path / "key.pem")) == (0, 0o600)
    assert second.returncode not in {0, 1}
    after = (tmp_path / "key.pem").read_bytes(), (tmp_path / "key.pub.jwk").read_bytes()
    assert after == before
    jwk = json.loads(before[1])
    assert set(jwk) == {"kty", "crv", "x", "y"}
    assert load_private(before[0], None).public.jwk == jwk
    assert sorted(p.name for p in tmp_path.iterdir()) == ["key.pem", "key.pub.jwk"]


@pytest.mark.requirement("KEY-011")
@pytest.mark.parametrize("kind", ["file", "link", "dangling link"])
def test_whatever_stands_at_the_place_of_a_key_stays(tmp_path, kind):
    other = tmp_path / "other"
    other.write_bytes(b"mine")
    if kind == "file":
        (tmp_path / "key.pem").write_bytes(b"mine")
    else:
        (tmp_path / "key.pem").symlink_to("other" if kind == "link" else "nowhere")

    done = keygen(tmp_path, "--out", "key.pem", "--no-passphrase")

    assert done.returncode not in {0, 1}
    assert other.read_bytes() == b"mine"
    assert not (tmp_path / "nowhere").exists()
    assert (kind == "file") == (not (tmp_path / "key.pem").is_symlink())


@pytest.mark.requirement("KEY-011")
def test_the_folder_of_the_own_keys_is_for_its_owner(tmp_path):
    done = keygen(tmp_path, "--no-passphrase")

    assert done.returncode == 0
    assert mode(tmp_path / "home" / "keys") == 0o700
    assert mode(tmp_path / "home" / "keys" / "default.pem") == 0o600


@pytest.mark.slow
@pytest.mark.requirement("KEY-014")
def test_no_key_is_made_where_nobody_can_answer(tmp_path):
    asked = keygen(tmp_path)
    song = tmp_path / "song.wav"
    shutil.copyfile(PLAIN, song)
    (tmp_path / "m.json").write_text(
        json.dumps(
            {
                "declarant": {"role": "artist", "name": "Somebody"},
                "contributions": [{"area": "mixing", "level": "utility"}],
            }
        )
    )
    signing = prov(tmp_path, "sign", "song.wav", "--manifest", "m.json", expect=2)

    assert asked.returncode == 2
    assert "keygen" in signing.stderr
    assert list(tmp_path.rglob("*.pem")) == []


@pytest.mark.requirement("KEY-011")
def test_no_private_key_is_left_behind_where_its_public_half_has_no_place(tmp_path):
    (tmp_path / "key.pub.jwk").write_bytes(b"mine")

    done = keygen(tmp_path, "--out", "key.pem", "--no-passphrase")

    assert done.returncode not in {0, 1}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["key.pub.jwk"]
    assert (tmp_path / "key.pub.jwk").read_bytes() == b"mine"


@pytest.mark.requirement("KEY-012")
@pytest.mark.parametrize("content", [b"", b"\n", b"\nsecond line\n"])
def test_a_passphrase_that_did_not_arrive_makes_no_open_key(tmp_path, content):
    (tmp_path / "secret").write_bytes(content)

    done = keygen(tmp_path, "--out", "key.pem", "--passphrase-file", "secret")

    assert done.returncode == 2
    assert "empty" in done.stderr
    assert not (tmp_path / "key.pem").exists()


@pytest.mark.requirement("KEY-010")
def test_a_passphrase_from_a_file_is_its_first_line(tmp_path):
    (tmp_path / "secret").write_bytes(SECRET + b"\nsecond line\n")

    keygen(tmp_path, "--out", "key.pem", "--passphrase-file", "secret")

    pem = (tmp_path / "key.pem").read_bytes()
    assert pem.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert load_private(pem, SECRET).alg == "ES256"
