"""Which line of a policy granted or refused, and why (spec 14.7, ``prov trust explain``).

Works from what a verification found. It decides nothing anew: for each grant it asks the
functions that decided what the grant failed on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from provenance.model.codes import Axis, Code, Effect
from provenance.model.findings import Detail, Finding
from provenance.model.records import dataclass
from provenance.trust.authority import (
    RECORDING,
    VOUCH,
    Claim,
    authorise,
    covers,
    holder,
    in_words,
    is_own,
    is_reserved,
    may_vouch,
    misses,
    outranks,
)
from provenance.trust.moments import BestTime, spelled
from provenance.trust.policy import Grant, Party, Policy
from provenance.trust.requirements import CONFIRMED, unmet


@dataclass(frozen=True)
class Line:
    """One line of an explanation: what it is about, whether it speaks for the result, why."""

    topic: str
    """``policy``, ``identity``, ``time``, ``authority`` or ``require``."""
    holds: bool | None
    """True: speaks for it. False: against it. None: was looked at."""
    where: str
    """The line of the policy by JSON Pointer; empty when no line of it is meant."""
    text: str


@dataclass(frozen=True)
class Binding:
    """A key binding: who signed it, and what kinds of identifiers it gives."""

    voucher: str | None
    """The voucher's id in the policy, if it is a party."""
    key: str
    kinds: tuple[str, ...]
    at: datetime
    sid: str


@dataclass(frozen=True)
class Found:
    """What a verification found, as far as the policy was asked."""

    findings: tuple[Finding, ...]
    required: Mapping[str, str]
    strict: frozenset[str]
    claim: Claim | None = None
    best: BestTime | None = None
    bindings: tuple[Binding, ...] = ()
    """The key bindings at hand that name the signer's key."""


def explain(policy: Policy, found: Found) -> Iterator[Line]:
    """All lines, in the order of the procedure."""
    for one in found.findings:
        if one.code in _STANDING:
            yield Line("policy", False, _STANDING[one.code], _with_detail(one))
    for one in found.findings:
        if one.axis is Axis.IDENTITY:
            yield _identity(policy, one)
    heard = {f.detail.get("sid") for f in found.findings if f.code is Code.IDENTITY_VOUCHED}
    yield from _unheard(policy, [b for b in found.bindings if b.sid not in heard])
    if found.claim is None or found.best is None:
        return
    yield from _time(policy, found.best)
    if any(one.effect is Effect.BREAKS for one in found.findings):
        text = "not asked: the declaration does not hold, whatever the policy says"
        yield Line("authority", None, "", text)
        return
    is_asked = Axis.AUTHORITY.value in found.required
    yield from _authority(policy, found.claim, found.best, is_asked=is_asked)
    yield from _requirements(policy, found)


_STANDING = {Code.POLICY_EXPIRED: "/expires", Code.POLICY_ROLLBACK: "/version"}


def _identity(policy: Policy, found: Finding) -> Line:
    holds = {Effect.CONFIRMS: True, Effect.INFORMS: None}.get(found.effect, False)
    if found.code is Code.IDENTITY_UNKNOWN:
        holds = False
    return Line("identity", holds, _place(policy, found), _in_words(policy, found))


def _in_words(policy: Policy, found: Finding) -> str:
    """An identity finding as a sentence; those without one as code and details."""
    wording = _WORDS.get((found.code, found.detail.get("via"))) or _WORDS.get((found.code, None))
    if wording is None:
        return _with_detail(found)
    party = policy.party(str(found.detail.get("party")))
    detail = {**found.detail, "party": party.name if party else found.detail.get("party")}
    claims = f"; it claims to be {detail['claims']}" if detail.get("claims") else ""
    return f"{found.code.slug}: {wording.format_map(_Shown(detail))}{claims}"


class _Shown(dict[str, object]):
    """Details for a sentence: what is not there is shown as a question mark."""

    def __missing__(self, name: str) -> str:
        return "?"


_WORDS: Mapping[tuple[Code, object], str] = {
    (Code.IDENTITY_PARTY, "key"): "the key {key} is listed for {party}",
    (Code.IDENTITY_PARTY, "certificate"): "the certificate fits what is said of {party}",
    (Code.IDENTITY_CERTIFIED, None): "{issuer} certifies {name} ({organizationIdentifier})",
    (Code.IDENTITY_VOUCHED, None): "{by} says that the key {key} is that of {name}",
    (Code.IDENTITY_DOMAIN, None): "{domain} listed the key {key}, for {party}",
    (Code.IDENTITY_PINNED, None): "you know the key {key}; the policy does not",
    (Code.IDENTITY_SELF, None): "it is your own key {key}",
    (Code.IDENTITY_UNKNOWN, None): "nobody whom the policy trusts says whose the key {key} is",
}


def _unheard(policy: Policy, bindings: Sequence[Binding]) -> Iterator[Line]:
    """Key bindings that say whose key it is, and why they are not believed."""
    for binding in bindings:
        if binding.voucher is None:
            text = f"a key binding by {binding.key}, which is not a key of a party"
            yield Line("identity", None, "", text)
            continue
        may = partial(may_vouch, policy, binding.voucher, at=binding.at, key=binding.key)
        refused = [kind for kind in binding.kinds if not may(kind)]
        rights = [g for g in policy.grants if g.act == VOUCH and g.party == binding.voucher]
        if refused:
            where = rights[0].place if rights else ""
            text = f"a key binding by {binding.voucher}, which may not vouch by "
            yield Line("identity", None, where, text + ", ".join(refused))
        else:
            text = f"a key binding by {binding.voucher}, which does not count: see 'prov verify -v'"
            yield Line("identity", None, "", text)


def _place(policy: Policy, found: Finding) -> str:
    """The line that an identity finding comes from."""
    if found.code is Code.IDENTITY_VOUCHED:
        rights = (g for g in policy.grants if g.act == VOUCH and g.party == found.detail.get("by"))
        return next((grant.place for grant in rights), "")
    for number, party in enumerate(policy.parties):
        if party.id == found.detail.get("party"):
            return f"/parties/{number}{_entry(party, found.detail)}"
    ids = [anchor.id for anchor in policy.anchors]
    anchor = found.detail.get("anchor")
    return f"/anchors/{ids.index(anchor)}" if anchor in ids else ""


def _entry(party: Party, detail: Detail) -> str:
    """The entry of a party that a finding comes from; empty for the party as a whole."""
    if detail.get("via") == "certificate":
        return "/subjects"
    for number, directory in enumerate(party.directories):
        if directory.domain == detail.get("domain"):
            return f"/directories/{number}"
    keys = [known.key for known in party.keys]
    key = detail.get("key")
    return f"/keys/{keys.index(key)}" if key in keys else ""


def _with_detail(found: Finding) -> str:
    detail = ", ".join(f"{k} {v}" for k, v in found.detail.items() if v is not None)
    return f"{found.code.slug} ({detail})" if detail else found.code.slug


def _time(policy: Policy, best: BestTime) -> Iterator[Line]:
    ids = [tsa.id for tsa in policy.tsas]
    for proof in best.proofs:
        where = f"/tsa/{ids.index(proof.by)}" if proof.by in ids else ""
        yield Line("time", True, where, f"{proof.name} proves {spelled(proof.at)}")
    if not best.proven:
        text = "nothing proves when it was signed; keys and grants are judged as of now"
        yield Line("time", None, "/tsa" if policy.tsas else "", text)


def _authority(policy: Policy, claim: Claim, best: BestTime, *, is_asked: bool) -> Iterator[Line]:
    """The signer's grants, what covers or fails; and the reservations of others."""
    grants = [g for g in policy.grants if g.act == claim.act]
    others = [g for g in grants if is_reserved(g, claim, best.at)]
    for grant in (g for g in grants if is_own(g, claim)):
        failed = misses(grant, claim, best.at)
        stronger = [g for g in others if outranks(g, grant, claim)]
        if failed:
            why = in_words(failed, claim.role)
            yield Line("authority", None, grant.place, f"{holder(grant)}: {why}")
        elif stronger:
            why = f"covers it, but {stronger[0].place} is narrower"
            yield Line("authority", None, grant.place, f"{holder(grant)}: {why}")
        else:
            text = f"{holder(grant)}: covers it{_by(grant, claim)}"
            yield Line("authority", True, grant.place, text)
    for grant in others:
        text = f"reserved for {holder(grant)}{_by(grant, claim)}"
        yield Line("authority", None, grant.place, text)
    found = authorise(policy, claim, best.at)
    holds = {Effect.CONFIRMS: True, Effect.INFORMS: None}.get(found.effect, False)
    if is_asked and holds is None:
        holds = False
    asked = ", ".join(f"{kind} {text}" for kind, text in _asked(claim))
    yield Line("authority", holds, "", f"{found.code.slug} for {asked or 'no identifier'}")


def _asked(claim: Claim) -> Iterator[tuple[str, str]]:
    if claim.role:
        yield "role", claim.role
    for kind in RECORDING:
        value = getattr(claim, kind)
        if value:
            yield kind, " ".join(value) if isinstance(value, tuple) else value


def _by(grant: Grant, claim: Claim) -> str:
    """The patterns that match, of the many that a grant may have."""
    found = []
    for kind in RECORDING:
        given = getattr(claim, kind) or ()
        values = given if isinstance(given, tuple) else (given,)
        patterns = getattr(grant.over, kind)
        found += [f"{kind} {p}" for p in patterns if any(covers(kind, p, v) for v in values)]
    return f" by {', '.join(found)}" if found else ", as it is over everything"


def _requirements(policy: Policy, found: Found) -> Iterator[Line]:
    failing = list(unmet(found.required, found.findings, found.strict))
    for axis, want in found.required.items():
        bad = [f for f in failing if f.detail["axis"] == axis and f.detail["want"] == want]
        have = bad[0].detail["have"] or "nothing" if bad else ""
        asked = policy.require.get(axis, want) if want == CONFIRMED else want
        text = f"{axis} {asked}: {f'not met, found {have}' if bad else 'met'}"
        named = axis in policy.require
        yield Line("require", not bad, f"/require/{axis}" if named else "", text)
    for name in sorted(found.strict):
        want = {"revocation": "revocation known"}.get(name, name)
        bad = [f for f in failing if f.detail["want"] == want]
        text = f"{want}: {'not met' if bad else 'met'}"
        yield Line("require", not bad, f"/require/{name}", text)
