"""The envelope: a strict reader and a writer of JWS (spec 4; RFC 7515, RFC 8725).

The rules, in the order of spec 4.7; the first that is broken gives the code:

1.  the size is checked before anything is split or decoded;
2.  compact form: ASCII, three non-empty canonical base64url segments, nothing else;
    flattened form: a strict JSON object with exactly ``payload``, ``protected``, ``signature``
    and, perhaps, ``header`` holding only ``etsiU``;
3.  the header is strict JSON; duplicates, ``crit``, and the members that change how a JWS is
    read are refused;
4.  what is always there is there, each with its type;
5.  ``typ`` decides what this is; an unknown one is not processed;
6.  the algorithm is of the closed table; the key is of the header, exactly one: a bare ``jwk``
    (profile K) or the leaf of ``x5c`` (profile C); well-formed, fits what names it and the
    algorithm;
7.  the signature is checked over the received bytes, with that key only.

A good signature proves integrity alone; whose key it is, is asked elsewhere (spec 8.7). Not here:
whether a certificate is any good, time-stamps, decryption of any kind, fetching of anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from provenance.model.codes import Code
from provenance.model.findings import Finding, finding
from provenance.model.limits import DEFAULT_LIMITS, Limits
from provenance.model.records import dataclass
from provenance.signing.algorithms import ALGORITHMS, BY_CURVE
from provenance.signing.keys import (
    KeyValueError,
    PublicKey,
    b64decode_url,
    b64encode_url,
    public_from_jwk,
)
from provenance.wire import strict_json
from provenance.wire.strict_json import JsonError

if TYPE_CHECKING:
    from provenance.signing.signer import Signer

DISCLOSURE_TYP = "vnd.musicprov.disclosure+jwt"
DISCLOSURE_CTY = "vnd.musicprov.disclosure+json"
ENDORSEMENT_TYP = "vnd.musicprov.endorsement+jwt"
KEY_BINDING_TYP = "vnd.musicprov.key-binding+jwt"
WITHDRAWAL_TYP = "vnd.musicprov.withdrawal+jwt"
TYPES: Mapping[str, str] = {
    DISCLOSURE_TYP: DISCLOSURE_CTY,
    ENDORSEMENT_TYP: "vnd.musicprov.endorsement+json",
    KEY_BINDING_TYP: "vnd.musicprov.key-binding+json",
    WITHDRAWAL_TYP: "vnd.musicprov.withdrawal+json",
}
"""The types that this version processes, each with its payload's ``cty``."""

KID_PREFIX = "urn:ietf:params:oauth:jwk-thumbprint:sha-256:"
MIN_IAT, MAX_IAT = 1_577_836_800, 2**53 - 1

_FORBIDDEN = frozenset(
    {"jku", "x5u", "x5t", "zip", "b64", "enc", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c"}
    | {"url", "sigD", "exp", "nbf", "nonce"}
)
_KNOWN = frozenset({"alg", "typ", "cty", "iat", "jwk", "kid", "x5c", "x5t#S256"})
_FLATTENED = frozenset({"payload", "protected", "signature"})
_MAX_ETSI_U = 8
_MAX_NOTES = 32


@dataclass(frozen=True)
class Token:
    """One statement's envelope, read and well-formed; the signature is not checked yet."""

    header: Mapping[str, Any]
    payload: bytes
    signature: bytes
    signing_input: bytes
    typ: str
    alg: str
    iat: int
    public_key: PublicKey
    etsi_u: tuple[Any, ...] = ()
    certificates: tuple[bytes, ...] = ()
    """The certificates of ``x5c``, leaf first; nothing says yet that they are any good."""

    @property
    def profile(self) -> str:
        """``C`` when a certificate holds the key, ``K`` when the key is bare."""
        return "C" if self.certificates else "K"

    @property
    def signature_text(self) -> bytes:
        """The signature as it stands in the token: what a time-stamp is over."""
        return b64encode_url(self.signature).encode("ascii")

    @property
    def compact(self) -> str:
        """The compact form of the same signature."""
        return f"{self.signing_input.decode('ascii')}.{b64encode_url(self.signature)}"

    @cached_property
    def sid(self) -> str:
        """The statement's identity: over header and payload, never the signature value."""
        return b64encode_url(hashlib.sha256(self.signing_input).digest())

    @cached_property
    def payload_digest(self) -> str:
        """SHA-256 of the payload bytes, base64url: groups co-signatures."""
        return b64encode_url(hashlib.sha256(self.payload).digest())

    @property
    def key(self) -> str:
        """The RFC 7638 thumbprint of the signer's key."""
        return self.public_key.thumbprint


class _RefusedError(Exception):
    """Carries the finding that ends the reading of a token."""

    def __init__(self, code: Code, **detail: str | int | None) -> None:
        super().__init__(code.slug)
        self.found = finding(code, None, **detail)


@dataclass(frozen=True)
class _Parts:
    """The three segments of either form, decoded, and what they were decoded from."""

    protected: bytes
    payload: bytes
    signature: bytes
    signing_input: bytes
    etsi_u: tuple[Any, ...] = ()


def read(
    value: bytes, limits: Limits = DEFAULT_LIMITS, types: Mapping[str, str] = TYPES
) -> tuple[Token | None, tuple[Finding, ...]]:
    """Read a compact or flattened token strictly; the signature is not checked (ENV).

    The token is None when a finding breaks or blocks it. Never raises. ``types`` are the types
    that are processed, each with its ``cty``.
    """
    try:
        parts = _split(value, limits)
        header = _header(parts.protected, limits)
        _require_allowed(header)
        token = _token(parts, header, limits, types)
        return token, (*_unknown(header), *_deprecated(token))
    except _RefusedError as refusal:
        return None, (refusal.found,)


def check_signature(token: Token) -> Finding:
    """``signature.valid`` or ``signature.invalid``, with the embedded key over exact bytes."""
    good = token.public_key.verify(token.signature, token.signing_input, token.alg)
    return finding(Code.SIGNATURE_VALID if good else Code.SIGNATURE_INVALID, None, alg=token.alg)


def _split(value: bytes, limits: Limits) -> _Parts:
    if len(value) > limits.envelope_bytes:
        raise _RefusedError(Code.CARRIER_TOO_LARGE, bytes=len(value), limit=limits.envelope_bytes)
    if value[:1] == b"{":
        return _flattened(value, limits)
    if not value.isascii():
        raise _RefusedError(Code.JWS_MALFORMED, reason="not ASCII")
    parts = value.decode("ascii").split(".", 3)
    if len(parts) != 3:
        raise _RefusedError(Code.JWS_MALFORMED, reason="not three segments")
    return _decode(parts[0], parts[1], parts[2])


def _flattened(value: bytes, limits: Limits) -> _Parts:
    try:
        found = strict_json.parse(
            value, max_bytes=limits.envelope_bytes, max_depth=limits.json_depth
        )
    except JsonError as error:
        raise _RefusedError(Code.JWS_MALFORMED, reason=error.reason) from None
    if not _FLATTENED <= set(found) <= _FLATTENED | {"header"}:
        raise _RefusedError(Code.JWS_MALFORMED, reason="members")
    if not all(isinstance(found[m], str) and found[m].isascii() for m in _FLATTENED):
        raise _RefusedError(Code.JWS_MALFORMED, reason="members")
    etsi_u = _unprotected(found["header"]) if "header" in found else ()
    return _decode(found["protected"], found["payload"], found["signature"], etsi_u)


def _unprotected(header: Any) -> tuple[Any, ...]:
    items = header.get("etsiU") if isinstance(header, dict) and set(header) == {"etsiU"} else None
    if not isinstance(items, list) or not 1 <= len(items) <= _MAX_ETSI_U:
        raise _RefusedError(Code.JWS_MALFORMED, reason="unprotected header")
    if {type(item) for item in items} not in ({dict}, {str}):
        raise _RefusedError(Code.JWS_MALFORMED, reason="unprotected header")
    return tuple(items)


def _decode(protected: str, payload: str, signature: str, etsi_u: tuple[Any, ...] = ()) -> _Parts:
    signing_input = f"{protected}.{payload}".encode("ascii")
    return _Parts(
        _decoded(protected, "header"),
        _decoded(payload, "payload"),
        _decoded(signature, "signature"),
        signing_input,
        etsi_u,
    )


def _decoded(segment: str, name: str) -> bytes:
    data = b64decode_url(segment) if segment else None
    if data is None:
        raise _RefusedError(Code.JWS_MALFORMED, reason=f"{name} is not canonical base64url")
    return data


def _header(data: bytes, limits: Limits) -> dict[str, Any]:
    try:
        header = strict_json.parse(
            data, max_bytes=limits.envelope_bytes, max_depth=limits.json_depth
        )
    except JsonError as error:
        if error.reason == "duplicate-member":
            raise _RefusedError(Code.JWS_HEADER_DUPLICATE, member=error.where) from None
        raise _RefusedError(Code.JWS_MALFORMED, reason=f"header: {error.reason}") from None
    if not isinstance(header, dict):
        raise _RefusedError(Code.JWS_MALFORMED, reason="header is no object")
    return header


def _require_allowed(header: Mapping[str, Any]) -> None:
    """Step 3: what may not stand in the header."""
    if "crit" in header:
        raise _RefusedError(Code.JWS_CRIT_UNSUPPORTED)
    forbidden = sorted(_FORBIDDEN & set(header))
    if forbidden:
        raise _RefusedError(Code.JWS_HEADER_FORBIDDEN, member=forbidden[0])


def _unknown(header: Mapping[str, Any]) -> Iterator[Finding]:
    """A remark for every member that is not known; beyond 32, one with the number of the rest."""
    names = [name for name in header if name not in _KNOWN]
    for name in names[:_MAX_NOTES]:
        yield finding(Code.JWS_HEADER_UNKNOWN, None, member=name[:80])
    if len(names) > _MAX_NOTES:
        yield finding(Code.JWS_HEADER_UNKNOWN, None, more=len(names) - _MAX_NOTES)


def _token(
    parts: _Parts, header: Mapping[str, Any], limits: Limits, types: Mapping[str, str]
) -> Token:
    """Steps 4 to 6: what must be there, type, algorithm and key."""
    for name in ("alg", "typ", "cty", "iat"):
        if name not in header:
            raise _RefusedError(Code.JWS_HEADER_MISSING, member=name)
    alg, typ, cty = (_text(header, name) for name in ("alg", "typ", "cty"))
    iat = _iat(header)
    typ = _type(typ, cty, types)
    algorithm = ALGORITHMS.get(alg)
    if algorithm is None or (algorithm.certified and "x5c" not in header):
        raise _RefusedError(Code.ALG_FORBIDDEN, alg=alg[:80])
    key, certificates = _key(header, limits)
    if key.curve != algorithm.curve:
        raise _RefusedError(Code.ALG_KEY_MISMATCH, alg=alg, curve=key.curve)
    if key.rsa_bits is not None and key.rsa_bits < algorithm.rsa_bits:
        raise _RefusedError(Code.ALG_KEY_MISMATCH, alg=alg, bits=key.rsa_bits)
    if len(parts.signature) != key.signature_bytes:
        raise _RefusedError(Code.SIGNATURE_INVALID, reason="length", bytes=len(parts.signature))
    return Token(
        header,
        parts.payload,
        parts.signature,
        parts.signing_input,
        typ,
        alg,
        iat,
        key,
        parts.etsi_u,
        certificates,
    )


def _text(header: Mapping[str, Any], name: str) -> str:
    value = header[name]
    if not isinstance(value, str):
        raise _RefusedError(Code.JWS_MALFORMED, reason=f"header: {name} is no text")
    return value


def _iat(header: Mapping[str, Any]) -> int:
    iat = header["iat"]
    if not isinstance(iat, int) or isinstance(iat, bool) or not MIN_IAT <= iat <= MAX_IAT:
        raise _RefusedError(Code.JWS_MALFORMED, reason="header: iat is no time")
    return iat


def _type(typ: str, cty: str, types: Mapping[str, str]) -> str:
    """The type in the spelling of the table; an unknown one, or another ``cty``, is refused."""
    named = _media_type(typ)
    if named not in types:
        raise _RefusedError(Code.JWS_TYP_UNSUPPORTED, typ=typ[:80])
    if _media_type(cty) != types[named]:
        raise _RefusedError(Code.JWS_TYP_UNSUPPORTED, cty=cty[:80])
    return named


def _media_type(text: str) -> str:
    """ASCII letters in lower case, without one ``application/`` (RFC 7515 4.1.9)."""
    return text.lower().removeprefix("application/") if text.isascii() else text


def _key(header: Mapping[str, Any], limits: Limits) -> tuple[PublicKey, tuple[bytes, ...]]:
    """The one key of the header, and the certificates that it comes with."""
    if ("jwk" in header) == ("x5c" in header) or {"jwk", "x5t#S256"} <= set(header):
        raise _RefusedError(Code.JWS_KEY_AMBIGUOUS)
    if "x5c" in header:
        return _certified_key(header, limits)
    try:
        key = public_from_jwk(header["jwk"])
    except KeyValueError as error:
        raise _RefusedError(Code.JWS_KEY_INVALID, reason=error.reason) from None
    if "kid" not in header:
        raise _RefusedError(Code.JWS_HEADER_MISSING, member="kid")
    if _text(header, "kid") != KID_PREFIX + key.thumbprint:
        raise _RefusedError(Code.JWS_KEY_MISMATCH)
    return key, ()


def _certified_key(
    header: Mapping[str, Any], limits: Limits
) -> tuple[PublicKey, tuple[bytes, ...]]:
    """The leaf's key (ENV-018, ENV-025, KEY-006); the import is late, for it takes its time."""
    from provenance.signing.certificates import decode_x5c, digest, leaf_key

    certificates = decode_x5c(header["x5c"], limits.chain)
    if certificates is None:
        raise _RefusedError(Code.JWS_MALFORMED, reason="header: x5c is no list of certificates")
    if "x5t#S256" not in header:
        raise _RefusedError(Code.JWS_HEADER_MISSING, member="x5t#S256")
    if _text(header, "x5t#S256") != digest(certificates[0]):
        raise _RefusedError(Code.JWS_KEY_MISMATCH)
    try:
        return leaf_key(certificates[0]), certificates
    except KeyValueError as error:
        raise _RefusedError(Code.JWS_KEY_INVALID, reason=error.reason) from None


def _deprecated(token: Token) -> Iterator[Finding]:
    """A remark when the algorithm goes by a name that is deprecated (RFC 9864)."""
    if ALGORITHMS[token.alg].deprecated_name:
        yield finding(Code.ALG_DEPRECATED_NAME, None, alg=token.alg)


def write(
    payload: bytes,
    signer: Signer,
    *,
    typ: str,
    cty: str,
    issued_at: datetime,
    certificates: Sequence[bytes] = (),
) -> str:
    """Sign ``payload`` as it is; the compact token.

    With certificates (these, else the signer's own; DER, leaf first) it is of profile C and
    exactly a JAdES B-B signature; without, of profile K. ``issued_at`` is an aware datetime.
    Raises ``ValueError`` for an RSA key without certificate, and what the signer raises.
    """
    chain = tuple(certificates) or signer.certificates
    if not chain and BY_CURVE[signer.public.curve].certified:
        raise ValueError(signer.alg)
    header = {"alg": signer.alg, "typ": typ, "cty": cty, "iat": int(issued_at.timestamp())}
    protected = b64encode_url(strict_json.encode({**header, **_named(signer.public, chain)}))
    signing_input = f"{protected}.{b64encode_url(payload)}"
    signature = signer.sign(signing_input.encode("ascii"))
    return f"{signing_input}.{b64encode_url(signature)}"


def _named(public: PublicKey, chain: Sequence[bytes]) -> dict[str, Any]:
    """The members that say which key it is (ENV-015)."""
    if not chain:
        return {"jwk": dict(public.jwk), "kid": KID_PREFIX + public.thumbprint}
    from provenance.signing.certificates import digest, encode_x5c

    return {"x5t#S256": digest(chain[0]), "x5c": encode_x5c(chain)}
