"""Whose key signed: the identity ladder (spec 13, IDN).

Names come only from the asker's policy, from a certificate under an authority that the policy
accepts, from somebody whom the policy lets vouch, or from what the asker said when pinning a
key; never from the manifest. The key inside a statement proves integrity alone: identity is a
look-up of its thumbprint, or the validation of its certificate.

Each kind of evidence is asked for. One that fails (a chain that leads nowhere, a key that has
expired) counts only where nothing else says whose key it is; a revocation always counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from provenance.model.codes import Code, Effect
from provenance.model.findings import Finding, Scalar, finding
from provenance.model.records import dataclass
from provenance.trust.moments import BestTime
from provenance.trust.validity import judge

if TYPE_CHECKING:
    from provenance.trust.certificates import Certified
    from provenance.trust.policy import Directory, KnownKey, Party, Policy

LADDER = ("unknown", "pinned", "domain", "vouched", "certified", "party")
"""From weak to strong; ``self`` stands beside ``pinned`` and satisfies nothing higher."""

_REVOKED = frozenset({Code.IDENTITY_REVOKED, Code.IDENTITY_REVOKED_NO_POE})


@dataclass(frozen=True)
class Keyring:
    """The user's own keys and the keys they pinned: thumbprint to the user's own name for it."""

    own: Mapping[str, str | None] = field(default_factory=dict)
    pinned: Mapping[str, str | None] = field(default_factory=dict)

    def name(self, thumbprint: str) -> str | None:
        """The name that the user gave to this key, if any."""
        return self.own.get(thumbprint) or self.pinned.get(thumbprint)


NO_KEYS = Keyring()


@dataclass(frozen=True)
class Vouch:
    """A key binding whose signer is a party of the policy: who says that keys are whose."""

    voucher: str
    """The voucher's id in the policy."""
    name: str | None
    ids: Mapping[str, str]
    keys: tuple[str, ...]
    at: datetime
    """The best signature time of the key binding."""
    sid: str
    start: datetime | None = None
    end: datetime | None = None
    by_key: str | None = None
    """The key that signed the key binding."""


@dataclass(frozen=True)
class Signer:
    """Who signed, to this asker: the highest rung, and what is known by it."""

    key: str
    rung: str
    party: str | None = None
    """The id of the party in the policy, if it is one."""
    name: str | None = None
    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by: str | None = None
    """Who says so, where it is not the asker: the authority, the voucher, the domain."""
    vouched_by: tuple[str, ...] = ()
    """The parties that vouch for the key."""
    certified: Certified | None = None

    @property
    def is_known(self) -> bool:
        """Whether the asker has been told whose key it is, in any way."""
        return self.rung != "unknown"


@dataclass(frozen=True)
class Asker:
    """Whom the relying party knows: their keyring, their policy, who vouches for whom."""

    keyring: Keyring = NO_KEYS
    policy: Policy | None = None
    vouches: tuple[Vouch, ...] = ()


@dataclass(frozen=True)
class _Evidence:
    """One way in which the key is known, and what stands against it."""

    signer: Signer
    findings: tuple[Finding, ...]
    faults: tuple[Finding, ...] = ()


def identify(
    key: str,
    asker: Asker,
    best: BestTime,
    *,
    now: datetime,
    certificates: tuple[bytes, ...] = (),
    claimed: Mapping[str, str] | None = None,
) -> tuple[Signer, tuple[Finding, ...]]:
    """Say whose key it is, to this asker, at the best signature time (IDN-001).

    ``certificates`` are DER, leaf first. ``claimed`` are the identifiers that the statement
    gives for its declarant: never a name, only compared (IDN-010).
    """
    evidence = list(_evidence(key, asker, best, certificates, now))
    good = [e for e in evidence if not e.faults]
    used = max(good, key=lambda e: rung(e.signer.rung), default=None)
    found = [f for e in _in_order(good) for f in e.findings]
    if used is None:
        used, found = _unheld(key, evidence, asker, claimed or {})
    revoked = [f for e in evidence for f in e.faults if f.code in _REVOKED]
    found += [f for f in revoked if f not in found]
    signer = _with_party(used.signer, good)
    if revoked:
        signer = replace(signer, rung="unknown", party=None, vouched_by=())
    found += _mismatch(signer, claimed or {}, asker.policy)
    return signer, tuple(found)


def rung(slug: str) -> int:
    """How high an ``identity.*`` code stands on the ladder; below it all when unknown to us."""
    name = slug.removeprefix("identity.")
    if name == "self":
        return LADDER.index("pinned")
    return LADDER.index(name) if name in LADDER else -1


def _in_order(evidence: Sequence[_Evidence]) -> list[_Evidence]:
    return sorted(evidence, key=lambda e: -rung(e.signer.rung))


def _with_party(signer: Signer, good: Sequence[_Evidence]) -> Signer:
    """The strongest evidence, with what weaker evidence adds: certificate, vouchers, a name."""
    for other in (e.signer for e in good):
        signer = replace(
            signer,
            party=signer.party or other.party,
            name=signer.name or other.name,
            certified=signer.certified or other.certified,
            vouched_by=signer.vouched_by or other.vouched_by,
        )
    return signer


def _unheld(
    key: str, evidence: Sequence[_Evidence], asker: Asker, claimed: Mapping[str, str]
) -> tuple[_Evidence, list[Finding]]:
    """Nothing that holds says whose key it is: what failed, and whom the statement claims to be.

    The name by evidence that failed is kept, for reports to say whose key has expired.
    """
    detail: dict[str, Scalar] = {"key": key}
    owners = sorted({owner.id for _, owner in _owners(claimed, asker.policy)})
    if owners:
        detail["claims"] = ", ".join(owners)
    found = list[Finding]()
    for fault in (f for e in evidence for f in e.faults):
        if fault not in found:  # a certificate of a party is evidence of both
            found.append(fault)
    failed = _in_order([e for e in evidence if e.signer.name])
    if not failed:
        return _Evidence(Signer(key, "unknown"), ()), [
            *found,
            Finding(Code.IDENTITY_UNKNOWN, None, detail),
        ]
    shown = replace(failed[0].signer, rung="unknown", party=None, vouched_by=())
    return _Evidence(shown, ()), found


def _evidence(
    key: str,
    asker: Asker,
    best: BestTime,
    certificates: tuple[bytes, ...],
    now: datetime,
) -> Iterator[_Evidence]:
    if asker.policy is not None:
        yield from _of_parties(key, asker.policy, best)
        if certificates and asker.policy.anchors:
            yield from _of_certificate(key, asker.policy, best, certificates, now)
        yield from _of_vouchers(key, asker, best)
        yield from _of_directories(key, asker.policy, best)
    if key in asker.keyring.own:
        signer = Signer(key, "self", name=asker.keyring.name(key))
        yield _Evidence(signer, (finding(Code.IDENTITY_SELF, key=key),))
    elif key in asker.keyring.pinned:
        signer = Signer(key, "pinned", name=asker.keyring.name(key))
        yield _Evidence(signer, (finding(Code.IDENTITY_PINNED, key=key),))


def _of_parties(key: str, policy: Policy, best: BestTime) -> Iterator[_Evidence]:
    """IDN-002: the key stands in the policy itself."""
    for party, known in policy.with_key(key):
        signer = Signer(key, "party", party.id, party.name, party.ids)
        found = finding(Code.IDENTITY_PARTY, key=key, party=party.id, via="key")
        yield _Evidence(signer, (found,), _faults(known, best, party=party.id))


def _of_directories(key: str, policy: Policy, best: BestTime) -> Iterator[_Evidence]:
    """DIR-001: the key stands in a snapshot that the policy takes for a party's."""
    for party, directory, known in policy.with_listed_key(key):
        yield _in_directory(party, directory, known, best)


def _in_directory(party: Party, directory: Directory, known: KnownKey, best: BestTime) -> _Evidence:
    signer = Signer(known.key, "domain", party.id, party.name, party.ids, directory.domain)
    found = finding(Code.IDENTITY_DOMAIN, key=known.key, party=party.id, domain=directory.domain)
    return _Evidence(signer, (found,), _faults(known, best, domain=directory.domain))


def _faults(known: KnownKey, best: BestTime, **detail: str) -> tuple[Finding, ...]:
    return tuple(judge(known.not_before, known.not_after, known.revoked, best, **detail))


def _of_certificate(
    key: str,
    policy: Policy,
    best: BestTime,
    certificates: tuple[bytes, ...],
    now: datetime,
) -> Iterator[_Evidence]:
    """CRT-001: a chain to an accepted authority, and the party that its subject is mapped to."""
    from provenance.trust.certificates import certify

    certified, found = certify(certificates, policy.anchors, best, now)
    faults = tuple(f for f in found if f.effect in {Effect.BREAKS, Effect.BLOCKS})
    notes = tuple(f for f in found if f not in faults)
    if certified is None:
        yield _Evidence(Signer(key, "unknown"), (), faults)
        return
    signer = Signer(key, "certified", name=certified.name, by=certified.issuer, certified=certified)
    yield _Evidence(signer, notes, faults)
    party = _mapped(certified, policy)
    if party is not None:
        mapped = replace(signer, rung="party", party=party.id, name=party.name, ids=party.ids)
        known = finding(Code.IDENTITY_PARTY, key=key, party=party.id, via="certificate")
        yield _Evidence(mapped, (known,), faults)


def _mapped(certified: Certified, policy: Policy) -> Party | None:
    """The party whose ``subjects`` the certificate fits; None unless it is exactly one."""
    fitting = [
        party
        for party in policy.parties
        if any(
            s.anchor == certified.anchor
            and all(certified.attributes.get(name) == v for name, v in s.attributes.items())
            for s in party.subjects
        )
    ]
    return fitting[0] if len(fitting) == 1 else None


def _of_vouchers(key: str, asker: Asker, best: BestTime) -> Iterator[_Evidence]:
    """STM-040: parties with the right to vouch say whose key it is; they must not disagree."""
    policy = asker.policy
    if policy is None:
        return
    vouches = [v for v in asker.vouches if key in v.keys and _may(v, policy)]
    if not vouches:
        return
    faults = tuple(f for v in vouches for f in judge(v.start, v.end, None, best, sid=v.sid))
    if not _agree(vouches, policy):
        doubt = finding(Code.IDENTITY_UNKNOWN, key=key, reason="vouchers disagree")
        yield _Evidence(Signer(key, "unknown"), (), (doubt,))
        return
    first = vouches[0]
    voucher = policy.party(first.voucher)
    party = _meant(first, policy)
    signer = Signer(
        key,
        "vouched",
        party.id if party else None,
        party.name if party else first.name,
        {kind: (value,) for kind, value in first.ids.items()},
        voucher.name if voucher else first.voucher,
        tuple(sorted({v.voucher for v in vouches})),
    )
    found = tuple(
        finding(Code.IDENTITY_VOUCHED, key=key, by=v.voucher, name=v.name, sid=v.sid)
        for v in vouches
    )
    yield _Evidence(signer, found, faults)


def _may(vouch: Vouch, policy: Policy) -> bool:
    """Whether the voucher may give every kind of identifier that it gives (STM-041)."""
    from provenance.trust.authority import may_vouch

    kinds = tuple(vouch.ids) or ("name",)
    return all(may_vouch(policy, vouch.voucher, kind, vouch.at, vouch.by_key) for kind in kinds)


def _agree(vouches: Sequence[Vouch], policy: Policy) -> bool:
    """Whether no two give another value for one kind of identifier, or mean other parties."""
    seen: dict[str, str] = {}
    for vouch in vouches:
        if any(seen.setdefault(kind, value) != value for kind, value in vouch.ids.items()):
            return False
    return len({p.id for v in vouches if (p := _meant(v, policy)) is not None}) <= 1


def _meant(vouch: Vouch, policy: Policy) -> Party | None:
    """The party of the policy that the voucher's identifiers name; None unless exactly one."""
    owners = {owner.id: owner for _, owner in _owners(vouch.ids, policy)}
    return next(iter(owners.values())) if len(owners) == 1 else None


def _owners(ids: Mapping[str, str], policy: Policy | None) -> Iterator[tuple[str, Party]]:
    """The identifiers that the policy gives to a party, with that party."""
    for kind, value in ids.items() if policy else ():
        for owner in policy.owners(kind, value) if policy else ():
            yield kind, owner


def _mismatch(
    signer: Signer, claimed: Mapping[str, str], policy: Policy | None
) -> Iterator[Finding]:
    """IDN-010: a signer who is known as one claims the identifier of another."""
    is_somebody = signer.party is not None or signer.rung == "vouched"
    for kind, owner in _owners(claimed, policy) if is_somebody else ():
        if owner.id != signer.party:
            yield finding(
                Code.IDENTITY_MISMATCH,
                f"/declarant/ids/{kind}",
                party=signer.party,
                belongsTo=owner.id,
            )
