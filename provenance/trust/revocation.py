"""Whether a certificate is revoked, by the revocation lists that the policy gives (spec 15.3).

Full lists of the issuer itself only: deltas, partitions and lists of other issuers say nothing.
A certificate is good only when a list speaks for it; else it is not known, which is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from provenance.model.codes import Code
from provenance.model.findings import Finding, finding
from provenance.model.records import dataclass
from provenance.trust.moments import BestTime
from provenance.trust.paths import UNREADABLE, name_of
from provenance.trust.policy import KEY_COMPROMISE, Revocation
from provenance.trust.validity import judge

_COMPROMISED = frozenset(
    {
        x509.ReasonFlags.key_compromise,
        x509.ReasonFlags.ca_compromise,
        x509.ReasonFlags.aa_compromise,
    }
)
_HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
_NOT_FULL = (x509.IssuingDistributionPoint, x509.DeltaCRLIndicator)
_EXPIRED_STAY = x509.ObjectIdentifier("2.5.29.60")
"""``expiredCertsOnCRL`` (X.509 9.5.2.8): since when expired certificates stay on the list."""


@dataclass(frozen=True)
class _List:
    """A revocation list that can be used."""

    crl: x509.CertificateRevocationList
    expired_since: datetime | None


def check(
    chain: Sequence[x509.Certificate], crls: Sequence[bytes], best: BestTime, now: datetime
) -> Iterator[Finding]:
    """What the lists say against a chain (leaf first, anchor last) at the best signature time.

    A revoked certificate is judged by IDN-023 and IDN-024. One whose state is not known gives
    ``identity.revocation-unknown``, once a chain (CRT-020).
    """
    unknown: list[Finding] = []
    for certificate, issuer in pairwise(chain):
        found = _status(certificate, issuer, crls, best, now)
        if found is None:
            continue
        name = certificate.subject.rfc4514_string()[:200]
        if isinstance(found, Revocation):
            yield from judge(None, None, found, best, certificate=name)
        else:
            code, holder = Code.IDENTITY_REVOCATION_UNKNOWN, name_of(certificate.subject)[:200]
            detail = {"reason": found, "name": holder, "certificate": name}
            unknown.append(finding(code, None, **detail))
    yield from unknown[:1]


def _status(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    crls: Sequence[bytes],
    best: BestTime,
    now: datetime,
) -> Revocation | str | None:
    """The revocation; None when a list says that there is none; else why it is not known."""
    reason, is_good = "no list of its issuer", False
    revoked: list[Revocation] = []
    for der in crls:
        used = _usable(der, issuer, now)
        if used is None:
            continue
        if isinstance(used, str):
            reason = used
            continue
        entry = _entry(der, certificate.serial_number)
        if entry is not None:
            revoked.append(_revocation(entry))
            continue
        doubt = _doubt(used, certificate, best, now)
        is_good = is_good or doubt is None
        reason = doubt or reason
    if revoked:
        return min(revoked, key=_cut)
    return None if is_good else reason


def _cut(revoked: Revocation) -> tuple[bool, datetime]:
    """Compromise before all else, then the earliest."""
    return revoked.reason != KEY_COMPROMISE, revoked.invalid_from or revoked.at


def _usable(der: bytes, issuer: x509.Certificate, now: datetime) -> _List | str | None:
    """The list, if it is one of this issuer; why it cannot be used; None for another's list."""
    found = _parsed(der)
    if found is None:
        return "a list cannot be read"
    if found.issuer != issuer.subject:
        return None
    return "a list of the future" if found.last_update_utc > now else _examined(der, issuer)


@lru_cache(maxsize=32)
def _parsed(der: bytes) -> x509.CertificateRevocationList | None:
    """The list, or None when it is none; what the library reads late is read at once."""
    try:
        found = x509.load_der_x509_crl(der)
        _ = found.issuer, found.last_update_utc, found.next_update_utc, found.extensions
        _ = found.get_revoked_certificate_by_serial_number(0)
    except UNREADABLE:
        return None
    return found


@lru_cache(maxsize=4096)
def _entry(der: bytes, serial: int) -> x509.RevokedCertificate | None:
    """The certificate's entry; the library walks the whole list each time."""
    crl = _parsed(der)
    return None if crl is None else crl.get_revoked_certificate_by_serial_number(serial)


@lru_cache(maxsize=64)
def _examined(der: bytes, issuer: x509.Certificate) -> _List | str:
    """CRT-021, CRT-022: signed by the issuer, who may sign lists; whole, and understood."""
    crl = _parsed(der)
    if crl is None:
        return "a list cannot be read"
    try:
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
        if not usage.crl_sign or not _is_signed(crl, issuer):
            return "a list that its issuer did not sign"
        for extension in crl.extensions:
            if isinstance(extension.value, _NOT_FULL) or extension.critical:
                return "a list of a kind that is not supported"
        return _List(crl, _expired_since(crl))
    except (*UNREADABLE, x509.ExtensionNotFound):
        return "a list cannot be read"


def _is_signed(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    algorithm = crl.signature_hash_algorithm
    if algorithm is not None and not isinstance(algorithm, _HASHES):
        return False
    return crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]


def _expired_since(crl: x509.CertificateRevocationList) -> datetime | None:
    for extension in crl.extensions:
        if extension.oid == _EXPIRED_STAY:
            text = getattr(extension.value, "value", b"")[2:].decode("ascii", "replace")
            try:
                return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
            except ValueError:
                return None
    return None


def _doubt(used: _List, certificate: x509.Certificate, best: BestTime, now: datetime) -> str | None:
    """Why a list that does not name the certificate does not speak for it (CRT-023)."""
    issued, ends = used.crl.last_update_utc, certificate.not_valid_after_utc
    stays = used.expired_since is not None and used.expired_since <= ends
    if issued > ends and not stays:
        return "a list from after the certificate's end"
    if best.proven and best.at <= issued:
        return None
    until = used.crl.next_update_utc
    return "no current list" if until is None or now > until else None


def _revocation(entry: x509.RevokedCertificate) -> Revocation:
    """An entry as a revocation of the policy's kind; an unreadable reason is none."""
    reason, invalid = "unspecified", None
    try:
        for extension in entry.extensions:
            if isinstance(extension.value, x509.CRLReason):
                flag = extension.value.reason
                reason = KEY_COMPROMISE if flag in _COMPROMISED else str(flag.value)
            elif isinstance(extension.value, x509.InvalidityDate):
                invalid = min(extension.value.invalidity_date_utc, entry.revocation_date_utc)
    except UNREADABLE:
        reason = KEY_COMPROMISE
    return Revocation(entry.revocation_date_utc, reason, invalid)
