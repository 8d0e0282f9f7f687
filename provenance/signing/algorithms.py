"""The algorithm table: nothing else names an algorithm (spec 4.4; RFC 7518, RFC 9864).

The key's type decides which algorithms are possible; ``alg`` never selects how a key is read.
"""

from __future__ import annotations

from collections.abc import Mapping

from provenance.model.records import dataclass

RSA = "RSA"


@dataclass(frozen=True)
class Algorithm:
    """One ``alg`` value: the curve that it needs and the length of its signatures in bytes.

    ``RSA`` stands for a curve; its signatures are as long as the key's modulus.
    """

    name: str
    curve: str
    signature_bytes: int
    may_sign: bool = True
    deprecated_name: bool = False
    certified: bool = False
    """Whether it belongs to the certificate profile alone."""
    rsa_bits: int = 0
    """The least size of an RSA key."""


ALGORITHMS: Mapping[str, Algorithm] = {
    a.name: a
    for a in (
        Algorithm("ES256", "P-256", 64),
        Algorithm("ES384", "P-384", 96),
        Algorithm("Ed25519", "Ed25519", 64),
        Algorithm("EdDSA", "Ed25519", 64, may_sign=False, deprecated_name=True),
        Algorithm("PS256", RSA, 0, certified=True, rsa_bits=3072),
        Algorithm("RS256", RSA, 0, may_sign=False, certified=True, rsa_bits=2048),
    )
}

BY_CURVE: Mapping[str, Algorithm] = {a.curve: a for a in ALGORITHMS.values() if a.may_sign}
"""The algorithm that a key of this curve signs with."""

COORDINATE_BYTES: Mapping[str, int] = {"P-256": 32, "P-384": 48, "Ed25519": 32}
