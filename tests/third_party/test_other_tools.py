"""Other programs read our tokens, and we read theirs: openssl, jose for Node, three of Python.

The libraries are oracles for tests alone. What one of them cannot do is named here.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from base64 import b64encode
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from provenance.signing import envelope
from provenance.signing.keys import load_private
from provenance.signing.signer import FileSigner

from support.certificates import module

I = module("issuing")  # noqa: E741
B = module("build")
T = I.T
ROOT = Path(__file__).parents[2]
OPENSSL = ROOT / "examples" / "verifying" / "verify-with-openssl"
AT = datetime(2026, 11, 23, tzinfo=UTC)
PAYLOAD = T.PAYLOAD
KEYS = {"ES256": B.P256, "ES384": B.P384, "Ed25519": B.ED, "PS256": B.RSA3072, "RS256": B.RS256}
TOKENS = [
    "K-ES256",
    "K-ES384",
    "K-Ed25519",
    "C-ES256",
    "C-ES384",
    "C-Ed25519",
    "C-PS256",
    "C-RS256",
]
JOSE = "jose@6.2.18"


def private_pem(key):
    return key.private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def chain(alg):
    return (B.CA.leaf(B.LABEL, KEYS[alg]), B.CA.certificate)


@cache
def token(name):
    """A token that our writer made; RS256, which it does not make, from the vectors' own hands."""
    profile, alg = name.split("-")
    key = KEYS[alg]
    if alg == "RS256":
        return I.token(key, chain(alg)).decode()
    ders = tuple(I.der(c) for c in chain(alg)) if profile == "C" else ()
    signer = FileSigner(load_private(private_pem(key), None, rsa=True), ders)
    typ = envelope.DISCLOSURE_TYP
    return envelope.write(PAYLOAD, signer, typ=typ, cty=envelope.TYPES[typ], issued_at=AT)


def broken(text):
    """The same token, with another payload."""
    head, _, tail = text.split(".")
    return f"{head}.{T.b64(PAYLOAD.replace(b'Disclosure', b'disclosure'))}.{tail}"


def public_pem(name):
    return (
        KEYS[name.split("-")[1]]
        .private.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def public_jwk(name):
    return dict(KEYS[name.split("-")[1]].jwk)


def private_jwk(alg):
    """The private key with what Node's jose wants of it."""
    key = KEYS[alg]
    if alg == "Ed25519":
        return {**key.jwk, "d": T.b64(key.private.private_bytes_raw())}
    numbers = key.private.private_numbers()
    if alg in {"PS256", "RS256"}:
        names = {"d": "d", "p": "p", "q": "q", "dp": "dmp1", "dq": "dmq1", "qi": "iqmp"}
        more = {m: getattr(numbers, name) for m, name in names.items()}
        return {**key.jwk, **{m: _number(n) for m, n in more.items()}}
    return {**key.jwk, "d": T.b64(numbers.private_value.to_bytes(T.SIZES[key.curve], "big"))}


def _number(value):
    return T.b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def header(profile, alg):
    key = KEYS[alg]
    return I.header_of(key, chain(alg)) if profile == "C" else T.header_of(key)


# ---- openssl -----------------------------------------------------------------------------------


def with_openssl(text, tmp_path):
    for needed in ("openssl", "bash", "base64", "od"):
        if shutil.which(needed) is None:
            pytest.skip(f"{needed} is not installed: no check with openssl")
    path = tmp_path / "token.jws"
    path.write_text(text, encoding="ascii")
    done = subprocess.run([OPENSSL, path], capture_output=True, timeout=600, check=False)
    return done.returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", TOKENS)
def test_openssl_alone_checks_our_signature(name, tmp_path):
    assert with_openssl(token(name), tmp_path)
    assert not with_openssl(broken(token(name)), tmp_path)


# ---- jose for Node -----------------------------------------------------------------------------

READ = """
import { compactVerify, flattenedVerify, importJWK, importX509 } from 'jose';
import { readFileSync } from 'node:fs';
const answers = {};
for (const { name, token, flat, alg, jwk, pem } of JSON.parse(readFileSync(0, 'utf8'))) {
  try {
    const key = pem ? await importX509(pem, alg) : await importJWK(jwk, alg);
    const found = flat ? await flattenedVerify(flat, key) : await compactVerify(token, key);
    answers[name] = Buffer.from(found.payload).toString('hex');
  } catch (error) { answers[name] = error.code ?? String(error); }
}
console.log(JSON.stringify(answers));
"""
WRITE = """
import { CompactSign, importJWK } from 'jose';
import { readFileSync } from 'node:fs';
const answers = {};
for (const { name, header, payload, jwk } of JSON.parse(readFileSync(0, 'utf8'))) {
  const key = await importJWK(jwk, header.alg);
  const bytes = Buffer.from(payload, 'hex');
  answers[name] = await new CompactSign(bytes).setProtectedHeader(header).sign(key);
}
console.log(JSON.stringify(answers));
"""


@cache
def jose():
    """A folder with jose for Node; it is fetched once a machine."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node or npm is not installed: no check with jose")
    folder = Path(tempfile.gettempdir()) / f"musicprov-test-{JOSE.replace('@', '-')}-{os.getuid()}"
    if folder.is_dir():
        return folder
    new = Path(tempfile.mkdtemp(prefix="musicprov-test-"))
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", JOSE]
    try:
        done = subprocess.run(
            install, cwd=new, capture_output=True, text=True, timeout=600, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.skip("npm did not answer: no check with jose")
    if done.returncode:
        pytest.skip(f"npm could not install {JOSE}: no check with jose")
    with contextlib.suppress(OSError):  # another worker was quicker
        new.rename(folder)
    return folder


def node(script, value):
    path = jose() / f"{os.getpid()}.mjs"
    path.write_text(script, encoding="utf-8")
    try:
        done = subprocess.run(
            ["node", path], input=json.dumps(value), capture_output=True, text=True, timeout=600,
            check=False,
        )  # fmt: skip
    finally:
        path.unlink()
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def asked(name, text, **more):
    profile, alg = name.split("-")
    key = {"jwk": public_jwk(name)}
    if profile == "C":
        leaf = chain(alg)[0].public_bytes(serialization.Encoding.PEM)
        key = {"pem": leaf.decode()}
    return {"name": name, "token": text, "alg": alg, **key, **more}


@pytest.mark.slow
def test_jose_for_node_reads_our_tokens():
    good = node(READ, [asked(n, token(n)) for n in TOKENS])
    bad = node(READ, [asked(n, broken(token(n))) for n in TOKENS])

    assert good == dict.fromkeys(TOKENS, PAYLOAD.hex())
    assert bad == dict.fromkeys(TOKENS, "ERR_JWS_SIGNATURE_VERIFICATION_FAILED")


def test_jose_for_node_reads_our_flattened_form_with_a_time_stamp():
    protected, payload, signature = token("C-ES256").split(".")
    etsi = {"etsiU": [{"sigTst": {"tstTokens": [{"val": "MAMCAQA="}]}}]}
    flat = {"protected": protected, "payload": payload, "signature": signature, "header": etsi}

    found = node(READ, [asked("C-ES256", None, flat=flat)])

    assert found == {"C-ES256": PAYLOAD.hex()}


def test_we_read_the_tokens_of_jose_for_node():
    wanted = [
        {
            "name": n,
            "header": header(*n.split("-")),
            "payload": PAYLOAD.hex(),
            "jwk": private_jwk(n.split("-")[1]),
        }
        for n in TOKENS
    ]

    for name, made in node(WRITE, wanted).items():
        read_by_us(name, made)


def read_by_us(name, made):
    found, notes = envelope.read(made.encode())
    assert found is not None, (name, notes)
    assert envelope.check_signature(found).code.slug == "signature.valid", name
    assert (f"{found.profile}-{found.alg}", found.payload) == (name, PAYLOAD)
    assert found.key == KEYS[found.alg].thumbprint
    assert envelope.read(broken(made).encode())[0] is not None
    changed, _ = envelope.read(broken(made).encode())
    assert envelope.check_signature(changed).code.slug == "signature.invalid"


# ---- joserfc, jwcrypto, PyJWT --------------------------------------------------------------------


class Joserfc:
    """joserfc knows its headers from a registry: ours are told to it."""

    lacks = frozenset()

    def __init__(self):
        self.jws, self.jwk = (pytest.importorskip(f"joserfc.{m}") for m in ("jws", "jwk"))
        self.registry = self.jws.JWSRegistry(algorithms=list(KEYS), strict_check_header=False)
        self.registry.max_header_length = 16_384  # certificates are longer than its 512 bytes

    def key(self, jwk):
        return self.jwk.import_key(jwk)

    def read(self, name, text):
        key = self.key(public_jwk(name))
        return self.jws.deserialize_compact(text, key, registry=self.registry).payload

    def write(self, profile, alg):
        key = self.key(private_jwk(alg))
        return self.jws.serialize_compact(
            header(profile, alg), PAYLOAD, key, registry=self.registry
        )


class Jwcrypto:
    """jwcrypto takes our tokens once the algorithms are allowed."""

    lacks = frozenset()

    def __init__(self):
        self.jws, self.jwk = (pytest.importorskip(f"jwcrypto.{m}") for m in ("jws", "jwk"))

    def read(self, name, text):
        found = self.jws.JWS()
        found.allowed_algs = list(KEYS)
        found.deserialize(text, self.jwk.JWK(**public_jwk(name)))
        return found.payload

    def write(self, profile, alg):
        made = self.jws.JWS(PAYLOAD)
        made.allowed_algs = list(KEYS)
        protected = json.dumps(header(profile, alg))
        made.add_signature(self.jwk.JWK(**private_jwk(alg)), alg, protected)
        return made.serialize(compact=True)


class Pyjwt:
    """PyJWT knows Ed25519 by its old name alone."""

    lacks = frozenset({"Ed25519"})

    def __init__(self):
        self.jwt = pytest.importorskip("jwt")

    def read(self, name, text):
        return self.jwt.PyJWS().decode(text, public_pem(name), algorithms=list(KEYS))

    def write(self, profile, alg):
        head = header(profile, alg)
        return self.jwt.PyJWS().encode(PAYLOAD, private_pem(KEYS[alg]), alg, headers=head)


LIBRARIES = {"joserfc": Joserfc, "jwcrypto": Jwcrypto, "PyJWT": Pyjwt}


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
def test_libraries_of_python_read_our_tokens(library):
    made = library()
    for name in TOKENS:
        if name.split("-")[1] in library.lacks:
            with pytest.raises(Exception, match=r"[Aa]lgorithm"):
                made.read(name, token(name))
            continue
        assert made.read(name, token(name)) == PAYLOAD, name
        with pytest.raises(Exception, match=r".*"):
            made.read(name, broken(token(name)))


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
def test_we_read_the_tokens_of_libraries_of_python(library):
    made = library()
    for name in TOKENS:
        profile, alg = name.split("-")
        if alg not in library.lacks:
            read_by_us(name, made.write(profile, alg))


def test_the_certificate_in_a_token_is_read_by_openssl_too(tmp_path):
    """The leaf's key by ``openssl x509`` is the one that we name."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    leaf = tmp_path / "leaf.der"
    leaf.write_bytes(I.der(B.LEAF))
    done = subprocess.run(
        ["openssl", "x509", "-inform", "DER", "-in", leaf, "-pubkey", "-noout"],
        capture_output=True, check=True,
    )  # fmt: skip

    assert done.stdout == public_pem("C-ES256")
    assert b64encode(I.der(B.LEAF)).decode() in json.dumps(header("C", "ES256"))
