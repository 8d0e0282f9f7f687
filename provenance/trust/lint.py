"""What is dangerous in a trust policy, or surely a mistake (spec 14.7).

A policy that loads may still let in too much. Each remark is a slug of the registry
``trust-lint`` and the place of the line. Pure: a policy and a time in, remarks out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from provenance.model.records import dataclass
from provenance.trust.authority import DECLARE, RECORDING, VOUCH, WITHDRAW
from provenance.trust.policy import Anchor, Grant, Party, Policy
from provenance.wire.registries import lint_remarks
from provenance.wire.strict_json import is_mixed_script

_LONG = timedelta(days=2 * 366)
_OLD = timedelta(days=90)
_RSA_BITS = 3072
_EVERYTHING = {DECLARE: "declare-everything", WITHDRAW: "withdraw-everything"}


@dataclass(frozen=True)
class Remark:
    """One thing to look at: its slug in the registry, and the line by JSON Pointer."""

    slug: str
    where: str
    about: str = ""
    """What it is about, where the pointer alone does not say: an id, a pattern."""

    @property
    def is_dangerous(self) -> bool:
        """Whether somebody may pass who should not."""
        return bool(lint_remarks()[self.slug]["dangerous"])


def lint(policy: Policy, now: datetime) -> tuple[Remark, ...]:
    """All remarks on a policy, dangerous ones first."""
    found = [
        *_about_requirements(policy),
        *_about_grants(policy, now),
        *_about_parties(policy, now),
        *_about_anchors(policy, now),
        *_about_times(policy, now),
    ]
    return tuple(sorted(found, key=lambda remark: not remark.is_dangerous))


def _about_requirements(policy: Policy) -> Iterator[Remark]:
    require = policy.require
    if require.get("identity") == "unknown":
        yield Remark("stranger-passes", "/require/identity")
    needs_party = require.get("identity") == "party" or require.get("authority") == "granted"
    if needs_party and not policy.parties:
        yield Remark("no-party", "/parties")
    if require.get("authority") != "granted" and any(g.act == DECLARE for g in policy.grants):
        yield Remark("grants-not-required", "/require/authority")
    if require.get("binding") in {"any", "similar"}:
        slug = "any-audio" if require["binding"] == "any" else "similar-audio"
        yield Remark(slug, "/require/binding")
    if require.get("time") == "trusted" and not policy.tsas:
        yield Remark("no-time-stamping", "/require/time")
    if "seal" in policy.strict and not any(anchor.seal for anchor in policy.anchors):
        yield Remark("no-seal-authority", "/require/seal")
    if policy.anchors and (not policy.algorithms or "RS256" in policy.algorithms):
        yield Remark("rs256-allowed", "/algorithms/allow")
    if policy.anchors and policy.rsa_min_bits < _RSA_BITS:
        yield Remark("rsa-short", "/algorithms/rsaMinBits")


def _about_grants(policy: Policy, now: datetime) -> Iterator[Remark]:
    vouchers = {g.party for g in policy.grants if g.act == VOUCH}
    for grant in policy.grants:
        about = grant.party or f"vouched by {grant.vouched_by}"
        if grant.act in _EVERYTHING and _is_over_everything(grant):
            yield Remark(_EVERYTHING[grant.act], grant.place, about)
        if grant.act == DECLARE and not grant.roles:
            yield Remark("any-role", grant.place, about)
        if grant.act == VOUCH and not grant.over.ids:
            yield Remark("vouch-every-kind", grant.place, about)
        if grant.act == VOUCH and "name" in grant.over.ids:
            yield Remark("vouch-by-name", grant.place, about)
        if grant.vouched_by is not None and grant.vouched_by not in vouchers:
            yield Remark("voucher-without-right", grant.place, about)
        if grant.end is not None and grant.end <= now:
            yield Remark("grant-ended", grant.place, about)


def _is_over_everything(grant: Grant) -> bool:
    """Whether no kind of scope limits the recordings."""
    scopes = (getattr(grant.over, kind) for kind in RECORDING)
    return all(not patterns or "*" in patterns for patterns in scopes)


def _about_parties(policy: Policy, now: datetime) -> Iterator[Remark]:
    granted = {grant.party for grant in policy.grants}
    vouched = {grant.vouched_by for grant in policy.grants}
    for number, party in enumerate(policy.parties):
        place = f"/parties/{number}"
        if not (party.keys or party.subjects or party.directories or party.ids):
            yield Remark("party-unreachable", place, party.id)
        elif policy.require.get("authority") == "granted" and party.id not in granted | vouched:
            yield Remark("party-without-grant", place, party.id)
        if is_mixed_script(party.name):
            yield Remark("suspicious-name", f"{place}/name", party.id)
        yield from _about_keys(party, place, now)


def _about_keys(party: Party, place: str, now: datetime) -> Iterator[Remark]:
    for number, known in enumerate(party.keys):
        if known.not_after is None and known.revoked is None:
            yield Remark("key-without-end", f"{place}/keys/{number}", party.id)
    for number, directory in enumerate(party.directories):
        where = f"{place}/directories/{number}"
        if now - directory.fetched > _OLD:
            yield Remark("directory-old", where, directory.domain)
        if not party.keys and not party.subjects:
            yield Remark("directory-without-own-key", where, party.id)


def _about_anchors(policy: Policy, now: datetime) -> Iterator[Remark]:
    mapped = {subject.anchor for party in policy.parties for subject in party.subjects}
    for number, anchor in enumerate(policy.anchors):
        place = f"/anchors/{number}"
        if not anchor.require_eku and not anchor.seal:
            yield Remark("purpose-not-asked", f"{place}/requireEku", anchor.id)
        if not anchor.crls:
            yield Remark("anchor-without-crls", place, anchor.id)
        if anchor.id not in mapped:
            yield Remark("anchor-unmapped", place, anchor.id)
        yield from _about_files(anchor, place, now)


def _about_files(anchor: Anchor, place: str, now: datetime) -> Iterator[Remark]:
    from cryptography import x509

    for der in anchor.certificates:
        if x509.load_der_x509_certificate(der).not_valid_after_utc < now:
            yield Remark("certificate-expired", f"{place}/certs", anchor.id)
    for number, der in enumerate(anchor.crls):
        due = x509.load_der_x509_crl(der).next_update_utc
        if due is not None and due < now:
            yield Remark("crl-old", f"{place}/crls/{number}", anchor.id)


def _about_times(policy: Policy, now: datetime) -> Iterator[Remark]:
    if policy.expires is None:
        yield Remark("never-expires", "/expires")
    elif policy.expires <= now:
        yield Remark("expired", "/expires")
    elif policy.expires - now > _LONG:
        yield Remark("expires-late", "/expires")
