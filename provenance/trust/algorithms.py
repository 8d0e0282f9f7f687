"""Whether an algorithm was strong enough at the time that counts, and is accepted (spec 15.5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from provenance.model.codes import Code
from provenance.model.findings import Finding, finding
from provenance.trust.policy import Policy

RS256_ENDS = datetime(2029, 1, 1, tzinfo=UTC)
"""The first moment at which RSA with PKCS #1 v1.5 is no longer strong (CRT-030)."""
_OTHER_NAMES = {"EdDSA": "Ed25519"}


def judge(alg: str, rsa_bits: int | None, policy: Policy | None, at: datetime) -> Iterator[Finding]:
    """What speaks against an algorithm and key size at the best signature time (CRT-030, CRT-031).

    ``rsa_bits`` is None for a key that is no RSA key.
    """
    if alg == "RS256" and at >= RS256_ENDS:
        yield finding(Code.ALG_WEAK, None, alg=alg, until="2028-12-31")
    if policy is None:
        return
    if policy.algorithms and not policy.algorithms & {alg, _OTHER_NAMES.get(alg, alg)}:
        yield finding(Code.ALG_WEAK, None, alg=alg, reason="policy")
    if rsa_bits is not None and rsa_bits < policy.rsa_min_bits:
        yield finding(Code.ALG_WEAK, None, alg=alg, bits=rsa_bits, least=policy.rsa_min_bits)
