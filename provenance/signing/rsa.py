"""RSA, for keys with a certificate: PS256 in both directions, RS256 to verify (spec 4.4, 7.1).

Only public exponent 65537, and 2,048 to 16,384 bits in whole bytes. RFC 8017, RFC 7518 3.3, 3.5.
"""

from __future__ import annotations

from types import MappingProxyType

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from provenance.signing.algorithms import ALGORITHMS, RSA
from provenance.signing.keys import KeyValueError, PublicKey, b64encode_url
from provenance.wire.thumbprints import thumbprint

EXPONENT = 65537
LEAST_BITS, MOST_BITS = min(a.rsa_bits for a in ALGORITHMS.values() if a.rsa_bits), 16_384
SALT_BYTES = 32


def public_key(handle: RSAPublicKey) -> PublicKey:
    """An RSA public key of ours; raises ``KeyValueError`` for another exponent or size (KEY-007).

    Longer keys than ``MOST_BITS`` would let a hostile certificate cost seconds.
    """
    numbers, bits = handle.public_numbers(), handle.key_size
    if numbers.e != EXPONENT:
        raise KeyValueError("rsa-exponent")
    if not LEAST_BITS <= bits <= MOST_BITS or bits % 8:
        raise KeyValueError("rsa-size")
    e, n = (
        b64encode_url(v.to_bytes((v.bit_length() + 7) // 8, "big")) for v in (EXPONENT, numbers.n)
    )
    jwk = {"kty": RSA, "e": e, "n": n}
    return PublicKey(RSA, MappingProxyType(jwk), thumbprint(jwk), handle, bits)


def verify(key: RSAPublicKey, signature: bytes, data: bytes, alg: str) -> None:
    """Check a signature; raises ``InvalidSignature`` when it does not hold."""
    key.verify(signature, data, _padding(alg), hashes.SHA256())


def sign(key: RSAPrivateKey, data: bytes) -> bytes:
    """A PS256 signature."""
    return key.sign(data, _padding("PS256"), hashes.SHA256())


def _padding(alg: str) -> padding.AsymmetricPadding:
    if alg == "PS256":
        return padding.PSS(padding.MGF1(hashes.SHA256()), SALT_BYTES)
    return padding.PKCS1v15()
