"""The trust policy as records: parties, keys, authorities, grants (spec 14, POL).

Everything here is a value: the files that a policy names are read already (``trust.loading``).
Times are aware datetimes in UTC; thumbprints are RFC 7638, SHA-256, base64url.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from functools import cached_property

from provenance.model.records import dataclass

Ids = Mapping[str, tuple[str, ...]]
"""Identifiers by kind (``dpid``, ``isni``, ``domain`` ...), in their exact forms."""

KEY_COMPROMISE = "keyCompromise"
REVOCATION_REASONS = (
    KEY_COMPROMISE,
    "superseded",
    "cessationOfOperation",
    "affiliationChanged",
)
"""Why a key may be revoked (RFC 5280 5.3.1, as far as it is about keys of parties)."""
_REGISTRANT = 5
"""Country and registrant: the beginning of an ISRC."""


@dataclass(frozen=True)
class Revocation:
    """A key that is no longer to be believed, from ``at`` on; see IDN-023 for ``invalid_from``."""

    at: datetime
    reason: str
    """One of ``REVOCATION_REASONS``."""
    invalid_from: datetime | None = None


@dataclass(frozen=True)
class KnownKey:
    """A key of a party, or of a directory: its thumbprint and when it may be believed."""

    key: str
    not_before: datetime | None = None
    not_after: datetime | None = None
    revoked: Revocation | None = None


@dataclass(frozen=True)
class CertificateSubject:
    """What a certificate under an anchor must say to be this party's: attribute to value."""

    anchor: str
    attributes: Mapping[str, str]
    """``organizationIdentifier``, ``organization``, ``commonName``, ``serialNumber``: all equal."""


@dataclass(frozen=True)
class Directory:
    """An accepted snapshot of a domain's key directory (spec 18)."""

    domain: str
    fetched: datetime
    keys: tuple[KnownKey, ...]


@dataclass(frozen=True)
class Party:
    """Somebody whom the relying party knows, under the relying party's name for them."""

    id: str
    name: str
    ids: Ids = field(default_factory=dict)
    keys: tuple[KnownKey, ...] = ()
    subjects: tuple[CertificateSubject, ...] = ()
    directories: tuple[Directory, ...] = ()


@dataclass(frozen=True)
class Anchor:
    """An authority whose certificates are accepted: DER of its certificates and CRLs."""

    id: str
    name: str
    certificates: tuple[bytes, ...]
    ekus: tuple[str, ...] = ()
    """Accepted purposes (dotted OIDs); empty means those of spec 15."""
    require_eku: bool = True
    crls: tuple[bytes, ...] = ()
    seal: bool = False
    """Whether this authority issues electronic seals."""


@dataclass(frozen=True)
class Tsa:
    """A time-stamping authority: DER of its roots, of certificates that tokens may lack."""

    id: str
    name: str
    roots: tuple[bytes, ...]
    certificates: tuple[bytes, ...] = ()
    policy_oids: tuple[str, ...] = ()
    """Accepted TSA policies; empty accepts any."""


@dataclass(frozen=True)
class Scope:
    """What a grant is over; each kind that is given must match (POL-010)."""

    isrc: tuple[str, ...] = ()
    """Exact, a prefix and ``*``, or an inclusive range ``A-B``."""
    upc: tuple[str, ...] = ()
    """Exact, or a prefix and ``*``."""
    iswc: tuple[str, ...] = ()
    grid: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    """Thumbprints of the keys that may use the grant; empty: any of the party's."""
    ids: tuple[str, ...] = ()
    """For ``vouch``: the kinds of identifiers that may be given to somebody."""


@dataclass(frozen=True)
class Grant:
    """A right: who may do what over which recordings, between two times."""

    act: str
    """``declare``, ``endorse``, ``vouch`` or ``withdraw``."""
    party: str | None = None
    vouched_by: str | None = None
    """Instead of a party: whoever this party vouches for."""
    roles: tuple[str, ...] = ()
    """For ``declare``: the declarant roles that it covers; empty covers any."""
    over: Scope = field(default_factory=Scope)
    start: datetime | None = None
    end: datetime | None = None
    place: str = ""
    """JSON Pointer of the line in the policy, for explanations."""


@dataclass(frozen=True)
class Policy:
    """A relying party's trust policy, read and whole."""

    id: str
    version: int
    issued: datetime
    expires: datetime | None
    require: Mapping[str, str] = field(default_factory=dict)
    """Axis to least, as ``trust.requirements`` reads it."""
    strict: frozenset[str] = frozenset()
    """``revocation`` (it must be known) and ``seal`` (an electronic seal) where required."""
    algorithms: frozenset[str] = frozenset()
    """Accepted ``alg`` values; empty accepts all of the standard."""
    rsa_min_bits: int = 3072
    anchors: tuple[Anchor, ...] = ()
    parties: tuple[Party, ...] = ()
    grants: tuple[Grant, ...] = ()
    tsas: tuple[Tsa, ...] = ()
    decode: str | None = None
    digest: str | None = None
    """SHA-256 of the policy file, spelled."""
    superseded_by: int | None = None
    """A higher version of the same policy that was used before, if any (POL-031)."""

    @cached_property
    def _by_id(self) -> dict[str, Party]:
        return {party.id: party for party in self.parties}

    @cached_property
    def _by_key(self) -> dict[str, list[tuple[Party, KnownKey]]]:
        found: dict[str, list[tuple[Party, KnownKey]]] = {}
        for party in self.parties:
            for known in party.keys:
                found.setdefault(known.key, []).append((party, known))
        return found

    @cached_property
    def _by_listed_key(self) -> dict[str, list[tuple[Party, Directory, KnownKey]]]:
        found: dict[str, list[tuple[Party, Directory, KnownKey]]] = {}
        for party in self.parties:
            for directory in party.directories:
                for known in directory.keys:
                    found.setdefault(known.key, []).append((party, directory, known))
        return found

    @cached_property
    def _by_identifier(self) -> dict[tuple[str, str], list[Party]]:
        found: dict[tuple[str, str], list[Party]] = {}
        for party in self.parties:
            for kind, values in party.ids.items():
                for value in values:
                    found.setdefault((kind, value), []).append(party)
        return found

    @cached_property
    def _by_look(self) -> dict[str, list[Party]]:
        from provenance.trust.names import skeleton

        found: dict[str, list[Party]] = {}
        for party in self.parties:
            found.setdefault(skeleton(party.name), []).append(party)
        return found

    @cached_property
    def _by_registrant(self) -> tuple[dict[str, list[int]], list[int]]:
        """Grants by the registrants whose ISRCs they are over; and those over more than one."""
        narrow: dict[str, list[int]] = {}
        wide: list[int] = []
        for number, grant in enumerate(self.grants):
            heads = {p.partition("*")[0][:_REGISTRANT] for p in grant.over.isrc} or {""}
            if any(len(head) < _REGISTRANT for head in heads):
                wide.append(number)
                continue
            for head in heads:
                narrow.setdefault(head, []).append(number)
        return narrow, wide

    def grants_about(self, isrc: str | None) -> Sequence[Grant]:
        """The grants that may cover a recording with this ISRC, in their order; no other can."""
        narrow, wide = self._by_registrant
        found = narrow.get((isrc or "")[:_REGISTRANT], [])
        return [self.grants[number] for number in sorted((*found, *wide))]

    def party(self, name: str | None) -> Party | None:
        """The party of this id."""
        return self._by_id.get(name or "")

    def with_key(self, key: str) -> Sequence[tuple[Party, KnownKey]]:
        """The parties of which the policy lists this key."""
        return self._by_key.get(key, ())

    def with_listed_key(self, key: str) -> Sequence[tuple[Party, Directory, KnownKey]]:
        """The parties in whose directories this key stands."""
        return self._by_listed_key.get(key, ())

    def owners(self, kind: str, value: str) -> Sequence[Party]:
        """The parties to whom the policy gives an identifier."""
        return self._by_identifier.get((kind, value), ())

    def looking_like(self, name: str) -> Sequence[Party]:
        """The parties whose names look like this one, or are it (spec 18.5)."""
        from provenance.trust.names import skeleton

        shape = skeleton(name)
        return self._by_look.get(shape, ()) if shape else ()
