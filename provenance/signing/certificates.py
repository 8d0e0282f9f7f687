"""Certificates in a token and beside a key: ``x5c``, the leaf's key, PEM chains (spec 4.3, 15.6).

Nothing here says whether a chain is to be believed: that is ``trust.certificates``.
"""

from __future__ import annotations

import hashlib
import warnings
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.utils import CryptographyDeprecationWarning

from provenance.model.errors import KeyFileError
from provenance.signing.keys import KeyValueError, PublicKey, b64encode_url, public_of

_UNREADABLE = (
    ValueError,
    TypeError,
    OverflowError,
    UnsupportedAlgorithm,
    CryptographyDeprecationWarning,
    x509.InvalidVersion,
)
MAX_BYTES = 16 * 1024
"""The most that one certificate may have."""
_HOLDER_CHARACTERS = 200
_TO_READ = "%d %b %Y %H:%M:%S UTC"


def decode_x5c(value: object, most: int) -> tuple[bytes, ...] | None:
    """The certificates of ``x5c`` as DER, leaf first; None for another form (ENV-025).

    Base64 is the standard one with its padding, in its one spelling (RFC 7515 4.1.6).
    """
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        return None
    found = [_decoded(item) for item in value]
    good = [der for der in found if der]
    return tuple(good) if len(good) == len(found) else None


def _decoded(item: object) -> bytes | None:
    if not isinstance(item, str) or not item.isascii() or len(item) > 4 * (MAX_BYTES // 3 + 1):
        return None
    try:
        der = b64decode(item, validate=True)
    except ValueError:
        return None
    return der if b64encode(der).decode("ascii") == item and len(der) <= MAX_BYTES else None


def encode_x5c(certificates: Sequence[bytes]) -> list[str]:
    """The value of ``x5c``."""
    return [b64encode(der).decode("ascii") for der in certificates]


def digest(certificate: bytes) -> str:
    """The value of ``x5t#S256`` (RFC 7515 4.1.8)."""
    return b64encode_url(hashlib.sha256(certificate).digest())


def leaf_key(certificate: bytes) -> PublicKey:
    """The public key in a certificate; raises ``KeyValueError`` when there is none (KEY-006)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            warnings.simplefilter("error", CryptographyDeprecationWarning)
            handle: Any = x509.load_der_x509_certificate(certificate).public_key()
        return public_of(handle, rsa=True)
    except KeyValueError:
        raise
    except KeyFileError:
        raise KeyValueError("kind-of-key") from None
    except _UNREADABLE:
        raise KeyValueError("certificate") from None


def load_chain(pem: bytes, public: PublicKey | None, most: int) -> tuple[bytes, ...]:
    """A PEM file's certificates as ``x5c`` wants them: leaf first, each issued by the next.

    The leaf is the certificate of ``public``, or the first one. A root is left out (CRT-041).
    Raises ``KeyFileError`` when the file holds no such chain.
    """
    try:
        given = x509.load_pem_x509_certificates(pem)
        keys = [_key_of(c) for c in given]
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise KeyFileError("this is no file of certificates (PEM)") from error
    leaf = given[0] if public is None else _certificate_of(public, given, keys)
    rest, chain = [c for c in given if c != leaf], [leaf]
    while chain[-1].issuer != chain[-1].subject:
        issuer = next((c for c in rest if c.subject == chain[-1].issuer), None)
        if issuer is None or _is_root(issuer):
            break
        rest.remove(issuer)
        chain.append(issuer)
    found = tuple(c.public_bytes(_der()) for c in chain)
    if len(found) > most or any(len(der) > MAX_BYTES for der in found):
        raise KeyFileError(f"the chain is too long: {most} certificates at most")
    return found


def require_current(chain: Sequence[bytes], now: datetime) -> None:
    """Raise ``KeyFileError`` for a certificate (DER) that is not valid now (CRT-043).

    The last second of ``notAfter`` is inside, as for whoever verifies (CRT-015).
    """
    for der in chain:
        try:
            certificate = x509.load_der_x509_certificate(der)
            begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
            holder = certificate.subject.rfc4514_string()[:_HOLDER_CHARACTERS]
        except _UNREADABLE:
            raise KeyFileError("the time in which a certificate is valid cannot be read") from None
        if now < begins:
            raise KeyFileError(
                f"the certificate of '{holder}' is not valid before {begins:{_TO_READ}};"
                f" this machine's clock says {now:{_TO_READ}}",
                hint="Wait until then, or set the clock.",
            )
        if now.replace(microsecond=0) > ends:
            raise KeyFileError(
                f"the certificate of '{holder}' ended at {ends:{_TO_READ}}:"
                " nobody could take what is signed with it now for the holder's",
                hint="Have it renewed, and name the new one with --cert.",
            )


def _certificate_of(
    public: PublicKey, given: Sequence[x509.Certificate], keys: Sequence[PublicKey | None]
) -> x509.Certificate:
    for certificate, key in zip(given, keys, strict=True):
        if key is not None and key.thumbprint == public.thumbprint:
            return certificate
    raise KeyFileError(
        "no certificate in this file belongs to the signing key",
        hint="Give the certificate that was issued for this key, then those that issued it.",
    )


def _key_of(certificate: x509.Certificate) -> PublicKey | None:
    try:
        return public_of(certificate.public_key(), rsa=True)
    except (KeyFileError, KeyValueError):
        return None


def _is_root(certificate: x509.Certificate) -> bool:
    return certificate.issuer == certificate.subject


def _der() -> Any:
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.DER
