"""Whether a key may be believed at the time that counts: expiry and revocation (spec 13.4).

One rule for every kind of key: those of parties, of directories, of certificates. Its input is
the best signature time (``trust.moments``): a proven one, or now.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from provenance.model.codes import Code
from provenance.model.findings import Finding, Scalar, finding
from provenance.trust.moments import BestTime
from provenance.trust.policy import KEY_COMPROMISE, Revocation


def judge(
    not_before: datetime | None,
    not_after: datetime | None,
    revoked: Revocation | None,
    best: BestTime,
    **detail: Scalar,
) -> Iterator[Finding]:
    """What stands against a key at the best signature time; nothing when it may be believed.

    ``not_after`` is the first moment at which the key is no longer valid. ``detail`` is put
    into each finding (IDN-020 to IDN-024).
    """
    if revoked is not None:
        yield from _revoked(revoked, best, detail)
    if not_before is not None and best.at < not_before:
        yield finding(Code.IDENTITY_NOT_YET_VALID, None, notBefore=_text(not_before), **detail)
    if not_after is not None and best.at >= not_after:
        code = Code.IDENTITY_EXPIRED if best.proven else Code.IDENTITY_EXPIRED_NO_POE
        yield finding(code, None, notAfter=_text(not_after), **detail)


def _revoked(revoked: Revocation, best: BestTime, detail: dict[str, Scalar]) -> Iterator[Finding]:
    """Proven before the cut-off is fine; a stolen key's unproven statements never are."""
    stolen = revoked.reason == KEY_COMPROMISE
    cut = (revoked.invalid_from or revoked.at) if stolen else revoked.at
    if best.proven and best.at < cut:
        return
    is_unproven = not best.proven and not stolen
    code = Code.IDENTITY_REVOKED_NO_POE if is_unproven else Code.IDENTITY_REVOKED
    yield finding(code, None, reason=revoked.reason, since=_text(cut), **detail)


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
