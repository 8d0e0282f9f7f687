"""Chains from a leaf to an anchor: RFC 5280 by ``cryptography``, purposes by us (spec 15.2).

The library checks signatures, names, path lengths, name constraints, unknown critical extensions,
algorithms and times; its profile for web servers is replaced by the one of CRT-010 to CRT-014. A
chain that was found is kept, with the time in which it is valid: equal chains cost one search.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509 import verification
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from provenance.model.codes import Code
from provenance.model.findings import Finding, finding
from provenance.model.records import dataclass
from provenance.trust.certificates import Certified
from provenance.trust.policy import Anchor

DEFAULT_EKUS = ("1.3.6.1.5.5.7.3.36", "1.3.6.1.5.5.7.3.4")
"""Document signing (RFC 9336) and e-mail protection (RFC 5280)."""
MAX_INTERMEDIATES = 3
MAX_NAMES = 100
MAX_TRIED, MAX_EDGES = 64, 16
_ANY = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE
_ATTRIBUTES = {
    "organizationIdentifier": ObjectIdentifier("2.5.4.97"),
    "organization": NameOID.ORGANIZATION_NAME,
    "commonName": NameOID.COMMON_NAME,
    "serialNumber": NameOID.SERIAL_NUMBER,
}
_QC_STATEMENTS = ObjectIdentifier("1.3.6.1.5.5.7.1.3")
_QC_TYPE = bytes.fromhex("060604008e460106")
_QC_SEAL = bytes.fromhex("060704008e46010602")
_SECOND = timedelta(seconds=1)
_Extension = Callable[[Any, x509.Certificate, Any], None]
UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
    verification.VerificationError,
    CryptographyDeprecationWarning,
)
"""What the library raises for certificates and lists that are no good."""


@dataclass(frozen=True)
class Path:
    """A chain that holds: the leaf first, a certificate of the anchor last."""

    anchor: Anchor
    chain: tuple[x509.Certificate, ...]
    not_before: datetime
    not_after: datetime
    """The last second at which all of them are valid."""

    def is_valid_at(self, at: datetime) -> bool:
        """Whether all certificates are valid then."""
        return self.not_before <= at < self.not_after + _SECOND


class _Known:
    """What was found for one list of certificates and one anchor."""

    def __init__(self) -> None:
        self.paths: list[Path] = []
        self.failure: Finding | None = None
        self.tried: set[datetime] = set()
        """Times at which no path was found."""


def find(
    certificates: tuple[bytes, ...], anchors: Sequence[Anchor], at: datetime
) -> Path | Finding:
    """A path to one of the anchors, valid at that time if there is one that is.

    Else one that is valid at another time; else ``identity.eku`` when only the purpose is wrong;
    else ``identity.chain-invalid``.
    """
    given = [load(der) for der in certificates]
    loaded = [c for c in given if c is not None]
    if len(loaded) < len(given):
        return _invalid("a certificate cannot be read")
    if any(_names(c) > MAX_NAMES for c in loaded):
        return _invalid("too many names")
    if any(c.issuer != by.subject for c, by in pairwise(loaded)):
        return _invalid("x5c is not in the order of issuing")
    names = {c.issuer for c in loaded}
    found = [
        _lookup(certificates, anchor, at)
        for anchor in anchors
        if any(c.subject in names for c in _of(anchor))
    ]
    paths = [one for one in found if isinstance(one, Path)]
    if paths:
        return next((p for p in paths if p.is_valid_at(at)), paths[0])
    failures = [one for one in found if isinstance(one, Finding)]
    purposes = [one for one in failures if one.code is Code.IDENTITY_EKU]
    return (purposes or failures or [_invalid("no accepted authority issued it")])[0]


def _names(certificate: x509.Certificate) -> int:
    """The longest list of names or constraints; the library compares each with each (CRT-016)."""
    longest = 0
    for extension in certificate.extensions:
        value = extension.value
        if isinstance(value, x509.SubjectAlternativeName):
            longest = max(longest, len(list(value)))
        elif isinstance(value, x509.NameConstraints):
            both = (value.permitted_subtrees or [], value.excluded_subtrees or [])
            longest = max(longest, sum(map(len, both)))
    return longest


def _invalid(reason: str) -> Finding:
    return finding(Code.IDENTITY_CHAIN_INVALID, None, reason=reason)


@contextmanager
def quiet() -> Iterator[None]:
    """No warnings about odd names; what the library is about to refuse is refused at once."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        yield


@lru_cache(maxsize=256)
def load(der: bytes) -> x509.Certificate | None:
    """A certificate, or None when it is none, or such as the library will not read for long."""
    try:
        with quiet():
            found = x509.load_der_x509_certificate(der)
            _ = found.subject, found.issuer, found.extensions
    except UNREADABLE:
        return None
    return found


def _of(anchor: Anchor) -> Iterator[x509.Certificate]:
    for der in anchor.certificates:
        found = load(der)
        if found is not None:
            yield found


@lru_cache(maxsize=128)
def _known(certificates: tuple[bytes, ...], anchor: Anchor) -> _Known:
    """The memory of one pair; ``_lookup`` fills it (CRT-015)."""
    del certificates, anchor
    return _Known()


def _lookup(certificates: tuple[bytes, ...], anchor: Anchor, at: datetime) -> Path | Finding:
    """A path that is remembered, or found at the time itself, else at any other time."""
    known = _known(certificates, anchor)
    remembered = next((p for p in known.paths if p.is_valid_at(at)), None)
    if remembered is not None:
        return remembered
    chain = [c for c in map(load, certificates) if c is not None]
    moments = [] if at in known.tried else [at]
    if known.failure is None and not known.paths:
        moments += _edges(chain, anchor)
    for moment in moments:
        found = _search(chain, anchor, moment)
        if isinstance(found, Path):
            known.paths.append(found)
            return found
        known.failure = known.failure or found
        if len(known.tried) < MAX_TRIED:
            known.tried.add(moment)
    return known.paths[0] if known.paths else known.failure or _invalid("no time to try")


def _edges(chain: Sequence[x509.Certificate], anchor: Anchor) -> list[datetime]:
    """When something begins to be valid: a path that is valid at any time is so at one of these."""
    names = {c.issuer for c in chain}
    above = [c for c in _of(anchor) if c.subject in names]
    return sorted({c.not_valid_before_utc for c in (*chain, *above)})[-MAX_EDGES:]


def _search(chain: Sequence[x509.Certificate], anchor: Anchor, at: datetime) -> Path | Finding:
    try:
        return _verified(chain, anchor, at, purposes=True)
    except UNREADABLE as error:
        reason = _said(error)
    try:
        _verified(chain, anchor, at, purposes=False)
    except UNREADABLE:
        return _invalid(reason)
    return finding(Code.IDENTITY_EKU, None, anchor=anchor.id)


def _said(error: Exception) -> str:
    """The library's reason, or our own, without what stands around it."""
    text = str(error).partition(" (encountered")[0]
    for before in ("validation failed: ", "candidates exhausted: ", "Python extension validator "):
        text = text.removeprefix(before)
    return text.removeprefix("failed: ValueError: ")[:200]


def _verified(
    chain: Sequence[x509.Certificate], anchor: Anchor, at: datetime, *, purposes: bool
) -> Path:
    store = verification.Store(list(_of(anchor)))
    accepted = frozenset(anchor.ekus or DEFAULT_EKUS)
    verifier = (
        verification.PolicyBuilder()
        .store(store)
        .time(at)
        .max_chain_depth(MAX_INTERMEDIATES)
        .extension_policies(
            ca_policy=_authorities(_nested(accepted) if purposes else None),
            ee_policy=_leaves(_accepted(accepted, anchor.require_eku) if purposes else None),
        )
        .build_client_verifier()
    )
    found = tuple(verifier.verify(chain[0], list(chain[1:])).chain)
    if len(found) < 2:
        raise ValueError("an anchor is an authority, not the certificate itself")
    return Path(
        anchor,
        found,
        max(c.not_valid_before_utc for c in found),
        min(c.not_valid_after_utc for c in found),
    )


def _authorities(purpose: _Extension | None) -> verification.ExtensionPolicy:
    """CRT-013: what every certificate above the leaf must have."""
    policy = (
        verification.ExtensionPolicy.permit_all()
        .require_present(x509.BasicConstraints, verification.Criticality.CRITICAL, _is_ca)
        .require_present(x509.KeyUsage, verification.Criticality.AGNOSTIC, _may_certify)
    )
    return _with_purpose(policy, purpose)


def _leaves(purpose: _Extension | None) -> verification.ExtensionPolicy:
    """CRT-014: what the leaf must have."""
    policy = (
        verification.ExtensionPolicy.permit_all()
        .may_be_present(x509.BasicConstraints, verification.Criticality.AGNOSTIC, _is_no_ca)
        .may_be_present(x509.KeyUsage, verification.Criticality.AGNOSTIC, _may_sign)
    )
    return _with_purpose(policy, purpose)


def _with_purpose(
    policy: verification.ExtensionPolicy, purpose: _Extension | None
) -> verification.ExtensionPolicy:
    return policy.may_be_present(x509.ExtendedKeyUsage, verification.Criticality.AGNOSTIC, purpose)


def _is_ca(_: Any, __: x509.Certificate, found: x509.BasicConstraints) -> None:
    if not found.ca:
        raise ValueError("issued by a certificate that is no authority's")


def _may_certify(_: Any, __: x509.Certificate, found: x509.KeyUsage) -> None:
    if not found.key_cert_sign:
        raise ValueError("issued with a key that may not issue")


def _is_no_ca(_: Any, __: x509.Certificate, found: x509.BasicConstraints | None) -> None:
    if found is not None and found.ca:
        raise ValueError("signed by an authority's own certificate")


def _may_sign(_: Any, __: x509.Certificate, found: x509.KeyUsage | None) -> None:
    if found is None:
        return
    if found.key_cert_sign or not (found.digital_signature or found.content_commitment):
        raise ValueError("the key is not for signing")


def _nested(accepted: frozenset[str]) -> _Extension:
    """CRT-011: an authority that is limited to purposes must be allowed one of the accepted."""

    def purpose(_: Any, __: x509.Certificate, found: x509.ExtendedKeyUsage | None) -> None:
        if found is not None and _ANY not in found and not _shares(found, accepted):
            raise ValueError("an authority for other purposes")

    return purpose


def _accepted(accepted: frozenset[str], is_required: bool) -> _Extension:
    """CRT-011: the leaf is for one of the accepted purposes, or has none where that will do."""

    def purpose(_: Any, __: x509.Certificate, found: x509.ExtendedKeyUsage | None) -> None:
        if is_required if found is None else not _shares(found, accepted):
            raise ValueError("issued for other purposes")

    return purpose


def _shares(found: x509.ExtendedKeyUsage, accepted: frozenset[str]) -> bool:
    return any(oid.dotted_string in accepted for oid in found)


def describe(path: Path) -> Certified:
    """What the leaf says; an attribute that it has more than once is left out (CRT-002)."""
    leaf = path.chain[0]
    attributes = {}
    for name, oid in _ATTRIBUTES.items():
        values = leaf.subject.get_attributes_for_oid(oid)
        if len(values) == 1 and isinstance(values[0].value, str):
            attributes[name] = values[0].value
    name = attributes.get("organization") or attributes.get("commonName") or ""
    return Certified(
        path.anchor.id,
        name or leaf.subject.rfc4514_string(),
        attributes,
        name_of(leaf.issuer),
        f"{leaf.serial_number:x}",
        path.not_before,
        path.not_after,
        path.anchor.seal and _is_seal(leaf),
    )


def name_of(name: x509.Name) -> str:
    """The common name, else the organization's, else all of it by RFC 4514."""
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in name.get_attributes_for_oid(oid):
            return str(attribute.value)
    return name.rfc4514_string()


def _is_seal(leaf: x509.Certificate) -> bool:
    """CRT-003: a type of qualified certificate, where one is stated, is that of a seal."""
    for extension in leaf.extensions:
        if extension.oid == _QC_STATEMENTS:
            value = getattr(extension.value, "value", b"")
            return _QC_TYPE not in value or _QC_SEAL in value
    return True
