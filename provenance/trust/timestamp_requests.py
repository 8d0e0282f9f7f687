"""Asking for a time-stamp, and looking at what came back before it is attached (spec 16.4)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from provenance.model.errors import MissingExtraError
from provenance.model.records import dataclass
from provenance.trust import _der
from provenance.trust.policy import Tsa
from provenance.trust.timestamps import (
    IgnoredError,
    Read,
    digest_named,
    fitting,
    is_issued_by,
    response_of,
    signed_data,
)

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampRequest

_GRANTED = {b"\x00", b"\x01"}
"""PKIStatus granted, and grantedWithMods: RFC 3161 2.4.2."""
_STATUS_BYTES = 4
"""A longer status is not written as a number: Python refuses to write those without end."""


class UnusableError(Exception):
    """An answer that holds no token that can be attached; ``str()`` says why, for a person."""

    hint = "Try again later, or name another authority."


class UnknownAuthorityError(UnusableError):
    """The authority is none of those whom the producer's own policy lists."""

    hint = "Add it with 'prov trust add-authority --tsa', or name another authority."


@dataclass(frozen=True)
class Query:
    """A request for one signature: SHA-256, a nonce, the authority's certificate asked for."""

    covered: bytes
    request: TimeStampRequest

    @property
    def der(self) -> bytes:
        """The bytes to send."""
        return self.request.as_bytes()


def query_for(signature_text: bytes) -> Query:
    """The request for the ASCII of a base64url signature.

    Raises ``MissingExtraError`` where the extra ``time`` is not installed.
    """
    try:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
    except ImportError as error:
        raise MissingExtraError(
            "time-stamps need the extra 'time'", hint="pip install 'musicprov[time]'"
        ) from error
    made = TimestampRequestBuilder().data(signature_text).hash_algorithm(HashAlgorithm.SHA256)
    return Query(signature_text, made.nonce(nonce=True).cert_request(cert_request=True).build())


def token_in(answer: bytes, query: Query, tsas: Sequence[Tsa]) -> tuple[bytes, Read]:
    """The token of an answer to a query, and what it says (TIM-031).

    It is about the signature, repeats the nonce, carries the certificate that it names and is
    signed by it, and is by one of ``tsas`` where there are any. Raises ``UnusableError``.
    """
    token = _granted(answer)
    try:
        read = fitting(response_of(token), token, query.covered)
        known = not tsas or any(is_issued_by(read, tsa) for tsa in tsas)
    except IgnoredError as ignored:
        raise UnusableError(_WHY.get(ignored.reason, ignored.reason)) from None
    if read.response.tst_info.nonce != query.request.nonce:
        raise UnusableError("the answer is to another request")
    if not is_signed_by(token, read.signer):
        raise UnusableError("the time-stamp's signature is broken")
    if not known:
        raise UnknownAuthorityError("no authority of your trust policy issued it")
    return token, read


def is_signed_by(token: bytes, signer: Certificate) -> bool:
    """Whether a token's signature is by a certificate; whose that is, is not asked (RFC 5652 5.4).

    rfc3161-client checks it together with a path to a root, which a producer may not know.
    """
    try:
        return _verified(token, signer.public_key())
    except (ValueError, InvalidSignature, UnsupportedAlgorithm):
        return False


def _verified(token: bytes, key: Any) -> bool:
    signed = signed_data(token)
    content = signed.child(2, _der.SEQUENCE).child(1, 0xA0).child(0, _der.OCTETS).content
    info = signed.last(_der.SET).child(0, _der.SEQUENCE)
    name = digest_named(info.child(2, _der.SEQUENCE)) or ""
    attributes, signature = info.child(3, 0xA0), info.child(5, _der.OCTETS).content
    stated = [
        attribute.child(1, _der.SET).child(0, _der.OCTETS).content
        for attribute in attributes.children()
        if attribute.child(0, _der.OID).content == _MESSAGE_DIGEST
    ]
    if stated != [hashlib.new(name, content).digest()]:
        return False
    message, digest = bytes([_der.SET]) + attributes.whole[1:], _HASHES[name]
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, message, ec.ECDSA(digest))
    elif isinstance(key, rsa.RSAPublicKey):
        is_pss = info.child(4, _der.SEQUENCE).child(0, _der.OID).content == _PSS
        pss = padding.PSS(padding.MGF1(digest), padding.PSS.AUTO)
        key.verify(signature, message, pss if is_pss else padding.PKCS1v15(), digest)
    elif isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signature, message)
    else:
        return False
    return True


_HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
_MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
_PSS = bytes.fromhex("2a864886f70d01010a")

_WHY = {
    "malformed": "the answer is no time-stamp",
    "algorithm": "the time-stamp uses a digest that verifiers do not accept",
    "other-signature": "the time-stamp is for something else",
    "certificate": "the time-stamp does not show who issued it, as RFC 5816 asks",
}


def _granted(answer: bytes) -> bytes:
    """The token in a TimeStampResp; raises ``UnusableError``."""
    try:
        response = _der.parse(answer)
        status = response.child(0, _der.SEQUENCE).child(0, _der.INTEGER).content
        if status not in _GRANTED:
            said = int.from_bytes(status, "big") if len(status) <= _STATUS_BYTES else "unknown"
            raise UnusableError(f"the authority refused (status {said})")
        return response.child(1, _der.SEQUENCE).whole
    except _der.DerError:
        raise UnusableError("the answer is no time-stamp") from None
