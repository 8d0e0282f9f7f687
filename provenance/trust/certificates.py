"""Whose certificate it is, to an asker who accepts its authority (spec 15, CRT).

The records and the judgement; ``trust.paths`` looks for the chain, ``trust.revocation`` asks the
revocation lists. Both are imported only when there is a certificate to judge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from provenance.model.codes import Code, Effect
from provenance.model.findings import Finding, finding
from provenance.model.records import dataclass
from provenance.trust.moments import BestTime
from provenance.trust.policy import Anchor
from provenance.trust.validity import judge

_SECOND = timedelta(seconds=1)
_FAULTS = frozenset({Effect.BREAKS, Effect.BLOCKS})


@dataclass(frozen=True)
class Certified:
    """What a certificate says about its holder, and who says it."""

    anchor: str
    """The id of the anchor in the policy."""
    name: str
    """The holder: organization, else common name."""
    attributes: Mapping[str, str]
    """``organizationIdentifier``, ``organization``, ``commonName``, ``serialNumber``."""
    issuer: str
    """The name of whoever issued the certificate."""
    serial: str
    """The certificate's serial number, hexadecimal."""
    not_before: datetime
    not_after: datetime
    """The last second at which all certificates of the chain are valid."""
    seal: bool
    """Whether the policy takes the authority for one of electronic seals, and this for a seal."""


def certify(
    certificates: tuple[bytes, ...], anchors: Sequence[Anchor], best: BestTime, now: datetime
) -> tuple[Certified | None, tuple[Finding, ...]]:
    """Judge the certificates of a token (DER, leaf first) at the best signature time.

    Nothing is said without anchors: then nobody asked. Certified is given whenever there is a
    chain, even an expired or revoked one, so that its name can be shown; ``identity.certified``
    is found only when nothing speaks against it (CRT-001).
    """
    if not anchors or not certificates:
        return None, ()
    from provenance.trust import paths, revocation

    with paths.quiet():
        path = paths.find(certificates, anchors, best.at)
        if isinstance(path, Finding):
            return None, (path,)
        certified = paths.describe(path)
        end = certified.not_after + _SECOND
        found = [
            *judge(certified.not_before, end, None, best, anchor=certified.anchor),
            *revocation.check(path.chain, path.anchor.crls, best, now),
        ]
    if not any(f.effect in _FAULTS for f in found):
        found.insert(0, _certified(certified))
    return certified, tuple(found)


def _certified(certified: Certified) -> Finding:
    return finding(
        Code.IDENTITY_CERTIFIED,
        None,
        name=certified.name,
        issuer=certified.issuer,
        anchor=certified.anchor,
        organizationIdentifier=certified.attributes.get("organizationIdentifier"),
        seal=certified.seal,
    )
