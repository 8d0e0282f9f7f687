"""Keys from labels and tokens by hand, for the vectors of envelopes and keys (spec 4, 7).

Nothing of the package under test is imported. ECDSA is deterministic (RFC 6979), Ed25519 is by
nature, so a rebuild gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import sys
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

sys.path.insert(0, str(Path(__file__).parents[1]))
from making import keep

IAT = 1_795_392_000  # 2026-11-23T00:00:00Z
TYP = "vnd.musicprov.disclosure+jwt"
CTY = "vnd.musicprov.disclosure+json"
KID = "urn:ietf:params:oauth:jwk-thumbprint:sha-256:"
PAYLOAD = b'{"title":"\xc3\x86\xc3\xb8\xc3\xa5 ???>>>","type":"Disclosure"}'
"""The envelope does not care what it holds; these bytes need all of the alphabet."""

ORDERS = {
    "P-256": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "P-384": int("F" * 48 + "C7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973", 16),
    "Ed25519": 2**252 + 27742317777372353535851937790883648493,
}
PRIMES = {
    "P-256": 2**256 - 2**224 + 2**192 + 2**96 - 1,
    "P-384": 2**384 - 2**128 - 2**96 + 2**32 - 1,
    "Ed25519": 2**255 - 19,
}
SIZES = {"P-256": 32, "P-384": 48, "Ed25519": 32}
ALGS = {"P-256": "ES256", "P-384": "ES384", "Ed25519": "Ed25519"}
_HASHES = {"P-256": hashes.SHA256, "P-384": hashes.SHA384}
_CURVES = {"P-256": ec.SECP256R1, "P-384": ec.SECP384R1}


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(data: bytes) -> str:
    return b64(hashlib.sha256(data).digest())


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """RFC 7638: the required members in the order of their names."""
    return sha256(compact({m: jwk[m] for m in ("crv", "kty", "x", "y") if m in jwk}))


class Key:
    """A key whose secret is the hash of a label, or given."""

    def __init__(self, label: str, curve: str = "P-256", secret: bytes | None = None) -> None:
        self.curve, self.alg = curve, ALGS[curve]
        self.secret = secret or hashlib.sha512(f"musicprov vectors: {label}".encode()).digest()
        self.secret = self.secret[: SIZES[curve]]
        self.jwk: dict[str, str]
        if curve == "Ed25519":
            self.private: Any = Ed25519PrivateKey.from_private_bytes(self.secret)
            x = self.private.public_key().public_bytes_raw()
            self.jwk = {"kty": "OKP", "crv": curve, "x": b64(x)}
        else:
            number = int.from_bytes(self.secret, "big") % (ORDERS[curve] - 1) + 1
            self.private = ec.derive_private_key(number, _CURVES[curve]())
            point = self.private.public_key().public_numbers()
            x, y = (n.to_bytes(SIZES[curve], "big") for n in (point.x, point.y))
            self.jwk = {"kty": "EC", "crv": curve, "x": b64(x), "y": b64(y)}
        self.thumbprint = thumbprint(self.jwk)

    def der(self, data: bytes) -> bytes:
        algorithm = ec.ECDSA(_HASHES[self.curve](), deterministic_signing=True)
        made: bytes = self.private.sign(data, algorithm)
        return made

    def sign(self, data: bytes) -> bytes:
        if self.curve == "Ed25519":
            made: bytes = self.private.sign(data)
            return made
        return raw(*decode_dss_signature(self.der(data)), self.curve)

    def pem(self) -> bytes:
        made: bytes = self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return made


def raw(r: int, s: int, curve: str = "P-256") -> bytes:
    return r.to_bytes(SIZES[curve], "big") + s.to_bytes(SIZES[curve], "big")


def header_of(key: Key, **changed: Any) -> dict[str, Any]:
    """The header of a statement; a member that is changed to ``...`` is left out."""
    made: dict[str, Any] = {
        "alg": key.alg,
        "typ": TYP,
        "cty": CTY,
        "iat": IAT,
        "jwk": key.jwk,
        "kid": KID + key.thumbprint,
    }
    made.update(changed)
    return {name: value for name, value in made.items() if value is not ...}


def text_of(key: Key, **changed: Any) -> str:
    """The header's JSON, to be edited as text."""
    return compact(header_of(key, **changed)).decode()


def signing_input(protected: bytes, payload: bytes = PAYLOAD) -> bytes:
    return f"{b64(protected)}.{b64(payload)}".encode()


def join(message: bytes, signature: bytes) -> bytes:
    return message + b"." + b64(signature).encode()


def sealed(protected: str | bytes, key: Key, payload: bytes = PAYLOAD) -> bytes:
    """A token with exactly this header, signed by this key as it stands."""
    plain = protected.encode() if isinstance(protected, str) else protected
    message = signing_input(plain, payload)
    return join(message, key.sign(message))


def token(key: Key, payload: bytes = PAYLOAD, **changed: Any) -> bytes:
    return sealed(compact(header_of(key, **changed)), key, payload)


def flat_of(made: bytes) -> dict[str, Any]:
    protected, payload, signature = made.decode().split(".")
    return {"payload": payload, "protected": protected, "signature": signature}


def names_of(made: bytes, key: Key) -> dict[str, str]:
    """The three identities of spec 4.5 for a compact token."""
    message = made.rsplit(b".", 1)[0]
    payload = message.split(b".")[1].decode()
    from base64 import urlsafe_b64decode

    plain = urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    return {"sid": sha256(message), "key": key.thumbprint, "payload": sha256(plain)}


@dataclass(frozen=True)
class Row:
    """One case: what is read, what must be said of it, and what else it depends on."""

    requirements: str
    description: str
    data: bytes | None
    expect: Mapping[str, Any]
    options: Mapping[str, Any] | None = None
    danger: str = ""
    operation: str = "envelope"
    given: bytes | None = None
    source: str = "hand-made"


def good(made: bytes, key: Key, *informs: str) -> dict[str, Any]:
    """A token that is whole and whose signature holds."""
    return {"codes": [], "informs": sorted(informs), "valid": True, **names_of(made, key)}


def bad(code: str) -> dict[str, Any]:
    return {"codes": [code], "valid": False}


def files_of(area: str, slug: str, row: Row) -> dict[str, bytes]:
    name = "given.jws" if row.given is not None else "input.jws"
    plain: dict[str, Any] = {
        "id": f"{area}/{slug}",
        "operation": row.operation,
        "requirements": row.requirements.split(),
        "description": row.description,
        "danger": row.danger,
        "input": "input.jws" if row.data is not None else None,
    }
    options = dict(row.options or {})
    if row.given is not None:
        options["given"] = name
    if options:
        plain["options"] = options
    plain |= {"expect": row.expect, "source": row.source}
    out = {"case.json": json.dumps(plain, indent=2).encode() + b"\n"}
    data = row.given if row.given is not None else row.data
    if data is not None:
        out[name] = data
    return out


def build(folder: Path, rows: Mapping[str, Row]) -> int:
    """Write the cases; with ``--check`` compare them instead, 1 on drift."""
    return keep(folder, {slug: files_of(folder.name, slug, row) for slug, row in rows.items()})
