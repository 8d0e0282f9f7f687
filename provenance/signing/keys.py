"""Keys: JWK in and out, thumbprints, key files with scrypt (spec 7; RFC 7517, 7638, 8018, 7914).

A public key is exactly ``{kty, crv, x, y}`` or ``{kty, crv, x}``. Points must lie on their
curve; Ed25519 keys must be canonical and not of low order. RSA keys exist only in certificates
and behind them (``signing.rsa``). Private keys are PKCS#8 PEM, by
default encrypted with PBES2 (scrypt N=2^14, r=8, p=5; AES-256-CBC), which openssl reads too.
"""

from __future__ import annotations

import os
from base64 import b64encode
from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from provenance.model.errors import KeyFileError
from provenance.model.records import dataclass
from provenance.signing.algorithms import ALGORITHMS, BY_CURVE, COORDINATE_BYTES, RSA
from provenance.wire import strict_json
from provenance.wire.thumbprints import thumbprint

_EC_CURVES = {"P-256": ec.SECP256R1, "P-384": ec.SECP384R1}
_HASHES = {"P-256": hashes.SHA256, "P-384": hashes.SHA384}
_MAX_JWK_BYTES, _MAX_JWK_DEPTH = 65_536, 8
_KEPT = 256
_PLAIN, _OF_URLS = bytes.maketrans(b"-_", b"+/"), bytes.maketrans(b"+/", b"-_")
_MEMBERS = {"EC": {"kty", "crv", "x", "y"}, "OKP": {"kty", "crv", "x"}}
_PRIMES = {
    "P-256": 2**256 - 2**224 + 2**192 + 2**96 - 1,
    "P-384": 2**384 - 2**128 - 2**96 + 2**32 - 1,
}
_P25519 = 2**255 - 19
_Y_OF_ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022
_LOW_ORDER_Y = frozenset({0, 1, _P25519 - 1, _Y_OF_ORDER_8, _P25519 - _Y_OF_ORDER_8})
"""The y coordinates of the eight points of small order (RFC 7748 curve, CCTV vectors)."""


def b64encode_url(data: bytes) -> str:
    """Base64url without padding (RFC 7515 2)."""
    return _url(data).decode("ascii")


def b64decode_url(text: str) -> bytes | None:
    """The bytes of canonical unpadded base64url; None for any other spelling (ENV-003)."""
    if not text.isascii() or len(text) % 4 == 1:
        return None
    spelled = text.encode("ascii")
    try:
        data = a2b_base64(spelled.translate(_PLAIN) + b"=" * (-len(text) % 4))
    except ValueError:
        return None
    return data if _url(data) == spelled else None


def _url(data: bytes) -> bytes:
    return b2a_base64(data, newline=False).translate(_OF_URLS, b"=")


class KeyValueError(ValueError):
    """A JWK that is no acceptable public key; ``reason`` is a slug."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class PublicKey:
    """A public key: its curve, its exact JWK and its RFC 7638 thumbprint (base64url)."""

    curve: str
    """``P-256``, ``P-384``, ``Ed25519``, or ``RSA``."""
    jwk: Mapping[str, str]
    thumbprint: str
    handle: Any
    rsa_bits: int | None = None
    """The size of an RSA key's modulus; None for the other kinds."""

    @property
    def signature_bytes(self) -> int:
        """The length of this key's raw signatures."""
        return 2 * COORDINATE_BYTES[self.curve] if self.rsa_bits is None else self.rsa_bits // 8

    def verify(self, signature: bytes, data: bytes, alg: str | None = None) -> bool:
        """Whether ``signature`` (raw r||s, Ed25519, or RSA) is good for ``data``.

        ``alg`` matters for RSA alone, which has two kinds of signatures; PS256 if not given.
        """
        if len(signature) != self.signature_bytes:
            return False
        try:
            if self.curve == RSA:
                from provenance.signing import rsa

                rsa.verify(self.handle, signature, data, alg or BY_CURVE[RSA].name)
            elif self.curve == "Ed25519":
                self.handle.verify(signature, data)
            else:
                half = len(signature) // 2
                r, s = (int.from_bytes(p, "big") for p in (signature[:half], signature[half:]))
                der = encode_dss_signature(r, s)
                self.handle.verify(der, data, ec.ECDSA(_HASHES[self.curve]()))
        except (InvalidSignature, ValueError):
            return False
        return True

    def pem(self) -> bytes:
        """The key as SubjectPublicKeyInfo PEM."""
        from cryptography.hazmat.primitives import serialization

        data: bytes = self.handle.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return data


def public_from_jwk(jwk: object) -> PublicKey:
    """The key of an exact public JWK; raises ``KeyValueError`` (KEY-001 to KEY-005)."""
    if not isinstance(jwk, Mapping) or not all(isinstance(v, str) for v in jwk.values()):
        raise KeyValueError("not-a-jwk")
    kind, curve = str(jwk.get("kty")), str(jwk.get("crv"))
    if set(jwk) != _MEMBERS.get(kind):
        raise KeyValueError("members")
    if (kind == "OKP") != (curve == "Ed25519") or curve not in COORDINATE_BYTES:
        raise KeyValueError("curve")
    return _public(tuple((m, jwk[m]) for m in ("kty", "crv", "x", "y") if m in jwk))


@lru_cache(maxsize=_KEPT)
def _public(members: tuple[tuple[str, str], ...]) -> PublicKey:
    """The key of these members. Kept: a label signs thousands of recordings with one key."""
    exact = dict(members)
    curve = exact["crv"]
    coordinates = [b64decode_url(exact[m]) for m in ("x", "y") if m in exact]
    points = [c for c in coordinates if c is not None and len(c) == COORDINATE_BYTES[curve]]
    if len(points) < len(coordinates):
        raise KeyValueError("coordinates")
    handle = _ed25519(points[0]) if curve == "Ed25519" else _point(curve, *points)
    return PublicKey(curve, MappingProxyType(exact), thumbprint(exact), handle)


def _point(curve: str, x: bytes, y: bytes) -> Any:
    """The point; OpenSSL would reduce larger coordinates, and one key have two thumbprints."""
    across, up = int.from_bytes(x, "big"), int.from_bytes(y, "big")
    if max(across, up) >= _PRIMES[curve]:
        raise KeyValueError("not-canonical")
    try:
        return ec.EllipticCurvePublicNumbers(across, up, _EC_CURVES[curve]()).public_key()
    except ValueError:
        raise KeyValueError("not-on-curve") from None


def _ed25519(data: bytes) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    y = int.from_bytes(data, "little") & ((1 << 255) - 1)
    if y >= _P25519:
        raise KeyValueError("not-canonical")
    if y in _LOW_ORDER_Y:
        raise KeyValueError("low-order")
    if not _is_on_edwards(y):
        raise KeyValueError("not-on-curve")
    return Ed25519PublicKey.from_public_bytes(data)


def _is_on_edwards(y: int) -> bool:
    """Whether an x exists for y on edwards25519 (RFC 8032 5.1.3)."""
    d = -121665 * pow(121666, -1, _P25519)
    u, v = (y * y - 1) % _P25519, (d * y * y + 1) % _P25519
    x2 = u * pow(v, -1, _P25519) % _P25519
    return x2 == 0 or pow(x2, (_P25519 - 1) // 2, _P25519) == 1


@dataclass(frozen=True)
class KeyPair:
    """A private key with its public half; ``alg`` is what it signs with."""

    public: PublicKey
    handle: Any

    @property
    def alg(self) -> str:
        """The algorithm of this key's curve."""
        return BY_CURVE[self.public.curve].name

    def sign(self, data: bytes) -> bytes:
        """Raw signature (r||s, deterministic; or Ed25519; or PS256)."""
        if self.public.curve == RSA:
            from provenance.signing import rsa

            return rsa.sign(self.handle, data)
        if self.public.curve == "Ed25519":
            signature: bytes = self.handle.sign(data)
            return signature
        kind = ec.ECDSA(_HASHES[self.public.curve](), deterministic_signing=True)
        return raw_signature(self.handle.sign(data, kind), self.public.curve)


def raw_signature(der: bytes, curve: str) -> bytes:
    """A DER ECDSA signature as r||s; raises ``ValueError`` when it is none."""
    size = COORDINATE_BYTES[curve]
    r, s = decode_dss_signature(der)
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def _pair(handle: Any, *, rsa: bool = False) -> KeyPair:
    return KeyPair(public_of(handle.public_key(), rsa=rsa), handle)


def public_of(handle: Any, *, rsa: bool = False) -> PublicKey:
    """A public key of the library as one of ours.

    Raises ``KeyFileError`` for a kind that cannot sign declarations, and ``KeyValueError`` for a
    value that is no good. ``rsa`` says that there is a certificate, without which RSA is none.
    """
    if isinstance(handle, ec.EllipticCurvePublicKey):
        curve = {"secp256r1": "P-256", "secp384r1": "P-384"}.get(handle.curve.name)
        if curve is None:
            raise KeyFileError(
                f"the key's curve {handle.curve.name} is not usable here",
                hint="Make a key with 'prov keygen' (P-256 or Ed25519).",
            )
        numbers, size = handle.public_numbers(), COORDINATE_BYTES[curve]
        x, y = (b64encode_url(n.to_bytes(size, "big")) for n in (numbers.x, numbers.y))
        return public_from_jwk({"kty": "EC", "crv": curve, "x": x, "y": y})
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    if isinstance(handle, Ed25519PublicKey):
        x = b64encode_url(handle.public_bytes_raw())
        return public_from_jwk({"kty": "OKP", "crv": "Ed25519", "x": x})
    if isinstance(handle, RSAPublicKey) and rsa:
        from provenance.signing.rsa import public_key

        return public_key(handle)
    raise KeyFileError(
        "this kind of key cannot sign declarations",
        hint="Make a key with 'prov keygen'; an RSA key works with its certificate (--cert) only.",
    )


def generate(alg: str = "ES256") -> KeyPair:
    """A new key for ``ES256``, ``ES384`` or ``Ed25519``; raises ``KeyFileError`` otherwise."""
    algorithm = ALGORITHMS.get(alg)
    if algorithm is None or not algorithm.may_sign or algorithm.certified:
        raise KeyFileError(f"no keys are made for '{alg}'", hint="ES256 is the default.")
    if algorithm.curve == "Ed25519":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return _pair(Ed25519PrivateKey.generate())
    return _pair(ec.generate_private_key(_EC_CURVES[algorithm.curve]()))


def load_private(pem: bytes, passphrase: bytes | None, *, rsa: bool = False) -> KeyPair:
    """A private key file (PEM, encrypted or not); raises ``KeyFileError`` saying what to do.

    ``rsa`` says that there is a certificate, without which an RSA key cannot be used.
    """
    from cryptography.hazmat.primitives import serialization

    try:
        handle = serialization.load_pem_private_key(pem, passphrase)
    except TypeError as error:
        needs = passphrase is None
        raise KeyFileError(
            "the key needs its passphrase" if needs else "the key has no passphrase",
            hint="Give it with --passphrase-file." if needs else "Leave the passphrase out.",
        ) from error
    except (ValueError, UnicodeDecodeError) as error:
        if is_encrypted(pem):
            hint = "Check the passphrase; if it is the right one, the key file is damaged."
            raise KeyFileError("wrong passphrase", hint=hint) from error
        hint = "It must be a PEM private key."
        raise KeyFileError("the key file cannot be opened", hint=hint) from error
    except UnsupportedAlgorithm as error:
        raise KeyFileError("the key file is of an unsupported kind") from error
    try:
        return _pair(handle, rsa=rsa)
    except KeyValueError as error:
        raise KeyFileError(f"the key cannot be used: {error.reason}") from error


def is_encrypted(pem: bytes) -> bool:
    """Whether a PEM private key is encrypted, by its label or old-style header."""
    return b"ENCRYPTED" in pem


def load_public(data: bytes) -> PublicKey:
    """A public key from a JWK (other members are dropped) or PEM; raises ``KeyFileError``."""
    from cryptography.hazmat.primitives import serialization

    unusable = "this is no public key (JWK or PEM) that we can use"
    if b"PRIVATE KEY-----" in data:
        raise _private_given()
    try:
        if data.lstrip()[:1] == b"{":
            return _from_jwk_file(data)
        handle = serialization.load_pem_public_key(data)
        return public_of(handle)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileError(unusable) from error


def _from_jwk_file(data: bytes) -> PublicKey:
    jwk = strict_json.parse(data, max_bytes=_MAX_JWK_BYTES, max_depth=_MAX_JWK_DEPTH)
    if "d" in jwk or "k" in jwk:
        raise _private_given()
    kind = _MEMBERS.get(str(jwk.get("kty")), set())
    return public_from_jwk({m: v for m, v in jwk.items() if m in kind})


def _private_given() -> KeyFileError:
    return KeyFileError("this is a private key", hint="Give the public one (KEY.pub.jwk).")


def private_pem(pair: KeyPair, passphrase: bytes | None) -> bytes:
    """The key as PKCS#8 PEM, encrypted with scrypt when there is a passphrase (KEY-010)."""
    from cryptography.hazmat.primitives import serialization

    plain: bytes = pair.handle.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    if passphrase is None:
        return _pem("PRIVATE KEY", plain)
    return _pem("ENCRYPTED PRIVATE KEY", _encrypt(plain, passphrase))


def _pem(label: str, der: bytes) -> bytes:
    text = b64encode(der).decode()
    lines = [text[n : n + 64] for n in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""]).encode()


_SCRYPT_N, _SCRYPT_R, _SCRYPT_P, _KEY_BYTES = 2**14, 8, 5, 32
_OID_PBES2 = bytes.fromhex("06092a864886f70d01050d")
_OID_SCRYPT = bytes.fromhex("06092b06010401da47040b")
_OID_AES256_CBC = bytes.fromhex("060960864801650304012a")


def _encrypt(plain: bytes, passphrase: bytes) -> bytes:
    """EncryptedPrivateKeyInfo (RFC 5958) with PBES2, scrypt (RFC 7914 7) and AES-256-CBC."""
    from cryptography.hazmat.primitives import padding
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    salt, iv = os.urandom(16), os.urandom(16)
    key = Scrypt(salt=salt, length=_KEY_BYTES, n=_SCRYPT_N, r=_SCRYPT_R, p=_SCRYPT_P).derive(
        passphrase
    )
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    padded = padder.update(plain) + padder.finalize()
    secret = encryptor.update(padded) + encryptor.finalize()
    numbers = (_SCRYPT_N, _SCRYPT_R, _SCRYPT_P, _KEY_BYTES)
    kdf = _der(0x30, _der(4, salt), *(_der(2, _number(n)) for n in numbers))
    scheme = _der(0x30, _der(0x30, _OID_SCRYPT, kdf), _der(0x30, _OID_AES256_CBC, _der(4, iv)))
    return _der(0x30, _der(0x30, _OID_PBES2, scheme), _der(4, secret))


def _number(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


def _der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body
