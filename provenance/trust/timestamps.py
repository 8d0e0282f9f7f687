"""Time-stamps: what a token of RFC 3161 proves about a signature (spec 16.2, TIM).

The checks, in this order; the first that fails is the reason why a token is ignored:

1.  the policy lists time-stamping authorities, and the extra ``time`` is installed;
2.  the item holds exactly one token, not too large, in DER;
3.  its imprint is the digest of *this* signature, by SHA-256, SHA-384 or SHA-512;
4.  one certificate is the signer's, for time-stamping and nothing else, and the token's signed
    attributes name it (RFC 5816);
5.  an authority of the policy accepts the token's TSA policy, and its roots verify certificate
    and signature at the time that the token states.

rfc3161-client does 5. It wants a response where JAdES has a bare token, and DER order among
certificates that nobody signed: both are mended first. Not here: revocation of authorities (take
the authority out of the policy), archive time-stamps, anything that fails a statement.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from provenance.model.codes import Code
from provenance.model.findings import Finding, finding
from provenance.model.limits import DEFAULT_LIMITS, Limits
from provenance.model.records import dataclass
from provenance.trust import _der
from provenance.trust._der import Element
from provenance.trust.moments import Proof, spelled
from provenance.trust.policy import Tsa
from provenance.wire.etsi import Stamp, stamps_of

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

_GRANTED = bytes.fromhex("3003020100")
"""PKIStatusInfo: granted."""
_DIGESTS = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
_DIGESTS_DER = {
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
}
_SIGNING_CERTIFICATE = bytes.fromhex("2a864886f70d010910020c")
_SIGNING_CERTIFICATE_V2 = bytes.fromhex("2a864886f70d010910022f")
_CACHED = 256
_FEW = 2


class IgnoredError(Exception):
    """Why a token is ignored, in a word of TIM-010."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Read:
    """A token that fits a signature and whose signer is known by name; not yet trusted."""

    response: TimeStampResponse
    at: datetime
    policy: str
    signer: Certificate
    embedded: bool
    """Whether the token carries the signer's certificate itself."""


def check(
    etsi_u: Sequence[Any],
    signature_text: bytes,
    tsas: Sequence[Tsa],
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[tuple[Proof, ...], tuple[Finding, ...]]:
    """What the time-stamps among the unsigned items prove; never raises.

    ``signature_text`` is the ASCII of the base64url signature. Each token gives a proof with
    ``time.trusted``, or ``time.token-ignored`` with its reason.
    """
    proofs: list[Proof] = []
    found: list[Finding] = []
    for place, stamp in enumerate(stamps_of(etsi_u, limits)):
        proof, reason = _judged(stamp, signature_text, tuple(tsas))
        if proof is None:
            found.append(finding(Code.TIME_TOKEN_IGNORED, None, reason=reason, stamp=place))
        elif proof not in proofs:
            proofs.append(proof)
            at = spelled(proof.at)
            found.append(finding(Code.TIME_TRUSTED, None, at=at, by=proof.by, name=proof.name))
    return tuple(proofs), tuple(found)


def stated(
    etsi_u: Sequence[Any], signature_text: bytes, limits: Limits = DEFAULT_LIMITS
) -> Iterator[tuple[str | None, str]]:
    """What the time-stamps say of themselves, for looking at them: nothing of it is checked.

    Each is a time and the name in the signer's certificate, or None and a word of TIM-010.
    """
    for stamp in stamps_of(etsi_u, limits):
        if stamp.token is None:
            yield None, stamp.reason
            continue
        try:
            read = fitting(response_of(stamp.token), stamp.token, signature_text)
        except IgnoredError as ignored:
            yield None, ignored.reason
        else:
            yield spelled(read.at), read.signer.subject.rfc4514_string()


def _judged(stamp: Stamp, signature_text: bytes, tsas: tuple[Tsa, ...]) -> tuple[Proof | None, str]:
    if not tsas:
        return None, "no-authority"
    if stamp.token is None:
        return None, stamp.reason
    return _proof(stamp.token, signature_text, tsas)


@lru_cache(maxsize=_CACHED)
def _proof(token: bytes, signature_text: bytes, tsas: tuple[Tsa, ...]) -> tuple[Proof | None, str]:
    """The proof that a token gives, or why it gives none; depends on nothing else."""
    try:
        given = tuple(c for tsa in tsas for c in tsa.certificates)
        read = fitting(response_of(token), token, signature_text, given)
        tsa = _authority(read, tsas)
    except IgnoredError as ignored:
        return None, ignored.reason
    return Proof("rfc3161", tsa.id, tsa.name, read.at), ""


def response_of(token: bytes) -> TimeStampResponse:
    """A bare token as the library's response; raises ``IgnoredError``."""
    try:
        from rfc3161_client import decode_timestamp_response
    except ImportError:
        raise IgnoredError("not-installed") from None
    with _odd_bytes():
        content = _GRANTED + _ordered(token)
        return decode_timestamp_response(_der.wrapped(_der.SEQUENCE, content))


def _ordered(token: bytes) -> bytes:
    """The token with its certificates in the order of DER: a set that no signature covers."""
    for element in signed_data(token).children():
        if element.tag == 0xA0:
            sorted_set = b"".join(sorted(c.whole for c in element.children()))
            return token[: element.start] + sorted_set + token[element.stop :]
    return token


def signed_data(token: bytes) -> Element:
    """SignedData inside a token (RFC 5652 5.1); raises ``DerError``."""
    return _der.parse(token).child(1, 0xA0).child(0, _der.SEQUENCE)


def fitting(
    response: TimeStampResponse, token: bytes, covered: bytes, given: Sequence[bytes] = ()
) -> Read:
    """A token that is about the covered bytes and names its signer; raises ``IgnoredError``.

    ``given`` are certificates that it may lack. Nothing is trusted by this.
    """
    with _odd_bytes():
        info = response.tst_info
        imprint = info.message_imprint
        algorithm = _DIGESTS.get(imprint.hash_algorithm.dotted_string)
        if algorithm is None:
            raise IgnoredError("algorithm")
        if imprint.message != hashlib.new(algorithm, covered).digest():
            raise IgnoredError("other-signature")
        embedded = sorted(response.signed_data.certificates)
        signer = _signer(response, embedded or given)
        _require_named(token, signer)
        _require_purpose(signer)
        at = info.gen_time.astimezone(UTC)
        return Read(response, at, info.policy.dotted_string, signer, bool(embedded))


@contextmanager
def _odd_bytes() -> Iterator[None]:
    """Two libraries over a stranger's bytes: whatever they raise, the token is malformed (SEC-002).

    Warnings about odd certificates are not for the user.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except IgnoredError:
        raise
    except Exception:  # noqa: BLE001 -- they raise ValueError, KeyError, InvalidVersion and more
        raise IgnoredError("malformed") from None


def _signer(response: TimeStampResponse, certificates: Sequence[bytes]) -> Certificate:
    """The one certificate that the signer's issuer and serial number name."""
    infos = list(response.signed_data.signer_infos)
    if len(infos) != 1:
        raise IgnoredError("malformed")
    named = infos[0].issuer, infos[0].serial_number
    loaded = (_loaded(der) for der in dict.fromkeys(certificates))
    found = [c for c in loaded if (c.issuer, c.serial_number) == named]
    if len(found) != 1:
        raise IgnoredError("certificate")
    return found[0]


@lru_cache(maxsize=_CACHED)
def _loaded(der: bytes) -> Certificate:
    from cryptography.x509 import load_der_x509_certificate

    return load_der_x509_certificate(der)


def _require_named(token: bytes, signer: Certificate) -> None:
    """ESSCertID or ESSCertIDv2 is the hash of the signer's certificate (RFC 5816 2.2.1)."""
    from cryptography.hazmat.primitives.serialization import Encoding

    der = signer.public_bytes(Encoding.DER)
    named = list(_named(token))
    if not named or any(hashlib.new(a, der).digest() != digest for a, digest in named):
        raise IgnoredError("certificate")


def _named(token: bytes) -> Iterator[tuple[str, bytes]]:
    """The signing certificate attributes: each algorithm and hash; the first of its list."""
    info = signed_data(token).last(_der.SET).child(0, _der.SEQUENCE)
    if digest_named(info.child(2, _der.SEQUENCE)) is None:
        raise IgnoredError("algorithm")
    for attribute in info.child(3, 0xA0).children():
        kind = attribute.child(0, _der.OID).content
        if kind in {_SIGNING_CERTIFICATE, _SIGNING_CERTIFICATE_V2}:
            value = attribute.child(1, _der.SET).child(0, _der.SEQUENCE)
            identifier = value.child(0, _der.SEQUENCE).child(0, _der.SEQUENCE)
            yield _identifier(identifier, v2=kind == _SIGNING_CERTIFICATE_V2)


def _identifier(identifier: Element, *, v2: bool) -> tuple[str, bytes]:
    children = identifier.children()
    if children and children[0].tag == _der.OCTETS:
        return "sha256" if v2 else "sha1", children[0].content
    algorithm = digest_named(identifier.child(0, _der.SEQUENCE))
    if not v2 or algorithm is None:
        raise IgnoredError("algorithm")
    return algorithm, identifier.child(1, _der.OCTETS).content


def digest_named(identifier: Element) -> str | None:
    """The digest that an AlgorithmIdentifier names, if it is one that is accepted."""
    return _DIGESTS_DER.get(identifier.child(0, _der.OID).content)


def _require_purpose(signer: Certificate) -> None:
    if not _stamps_only(signer):
        raise IgnoredError("certificate")


@lru_cache(maxsize=_CACHED)
def _stamps_only(signer: Certificate) -> bool:
    """Time-stamping is the one purpose, critical, and the certificate is no authority's."""
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    usage: Any = None
    for extension in signer.extensions:
        if isinstance(extension.value, x509.BasicConstraints) and extension.value.ca:
            return False
        if isinstance(extension.value, x509.ExtendedKeyUsage):
            usage = extension
    only = [ExtendedKeyUsageOID.TIME_STAMPING]
    return usage is not None and bool(usage.critical) and list(usage.value) == only


def _authority(read: Read, tsas: Sequence[Tsa]) -> Tsa:
    """The authority of the policy that issued the token; raises ``IgnoredError``."""
    reason = "unknown-authority"
    if len(tsas) > _FEW and not is_issued_by(read, _pooled(tsas)):
        raise IgnoredError(reason)  # one look, however many there are
    for tsa in tsas:
        if not is_issued_by(read, tsa):
            continue
        if not tsa.policy_oids or read.policy in tsa.policy_oids:
            return tsa
        reason = "tsa-policy"
    raise IgnoredError(reason)


def _pooled(tsas: Sequence[Tsa]) -> Tsa:
    """All authorities as one: by whom a token is, is still asked of each."""
    roots = dict.fromkeys(root for tsa in tsas for root in tsa.roots)
    return Tsa("", "", tuple(roots), tuple(c for tsa in tsas for c in tsa.certificates))


def is_issued_by(read: Read, tsa: Tsa) -> bool:
    """Whether the roots of an authority verify certificate and signature at the token's time."""
    from rfc3161_client import VerificationError, VerifierBuilder

    with _odd_bytes():
        verifier = VerifierBuilder(
            roots=[_loaded(c) for c in tsa.roots],
            intermediates=[_loaded(c) for c in tsa.certificates],
            tsa_certificate=None if read.embedded else read.signer,
        ).build()
        message = read.response.tst_info.message_imprint.message
        try:
            return verifier.verify(read.response, message)
        except VerificationError:
            return False
