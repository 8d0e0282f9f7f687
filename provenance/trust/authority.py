"""Who may speak for which recording: the grants of a trust policy (spec 14.4, POL).

A grant permits its holder something, and a grant to declare reserves what it is over against
wider grants. The signer's own grants permit; those of others can only take away. So removing a
grant of the signer's never gives authority, and neither does adding one for somebody else.
Pure: a policy, a claim and a time in, a finding out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from provenance.model.codes import Code
from provenance.model.findings import Finding, finding
from provenance.model.records import dataclass
from provenance.trust.policy import Grant, Policy

DECLARE, ENDORSE, VOUCH, WITHDRAW = "declare", "endorse", "vouch", "withdraw"
RECORDING = ("isrc", "upc", "iswc", "grid")
"""The kinds of scope that name recordings; every one that a grant gives must match."""

_LETTERS, _BOTH, _DIGITS = 26, 36, 10
_WIDTHS = {
    "isrc": (_LETTERS,) * 2 + (_BOTH,) * 3 + (_DIGITS,) * 7,
    "upc": (_DIGITS,) * 14,
    "iswc": (1,) + (_DIGITS,) * 10,
    "grid": (1, 1) + (_BOTH,) * 16,
}
"""How many characters are possible at each place of an identifier."""
_ISRC_SERIAL = 5
"""An ISRC's year and designation, seven digits, begin here."""


_MISSES = {
    "act": "it is for another act",
    "role": "not for this role",
    "key": "not for this key",
    "time": "not at this time",
    "isrc": "not this ISRC",
    "upc": "not this UPC",
    "iswc": "not this ISWC",
    "grid": "not this GRid",
}
"""What a grant can miss a claim by, in words."""


def in_words(missed: Iterable[str], role: str | None) -> str:
    """What a grant misses a claim by, for a person; ``role`` is the one that is declared."""
    declared = f", which is '{role}'" if role else ", as none is declared"
    return ", ".join(_MISSES.get(one, one) + declared * (one == "role") for one in missed)


@dataclass(frozen=True)
class Claim:
    """What somebody does: who they are to the asker, and about which recording they speak."""

    act: str
    party: str | None
    vouched_by: tuple[str, ...] = ()
    """The parties that vouch for the signer's key."""
    role: str | None = None
    """The declarant's role, for ``declare``."""
    key: str = ""
    isrc: str | None = None
    upc: str | None = None
    iswc: tuple[str, ...] = ()
    grid: str | None = None


def authorise(policy: Policy, claim: Claim, at: datetime) -> Finding:
    """``authority.granted``, ``not-granted`` or ``conflict`` at the best signature time ``at``.

    Granted: a grant of the signer's covers it, and no reservation of somebody else's is narrower.
    Conflict: each grant of the signer's has a narrower one against it (POL-020 to POL-022).
    """
    about = policy.grants_about(claim.isrc)
    own = [g for g in about if is_own(g, claim) and not misses(g, claim, at)]
    others = [g for g in about if is_reserved(g, claim, at)]
    for grant in own:
        if not any(outranks(other, grant, claim) for other in others):
            return finding(Code.AUTHORITY_GRANTED, grant=grant.place, holder=holder(grant))
    if own:
        against = next(other for other in others if outranks(other, own[0], claim))
        return finding(
            Code.AUTHORITY_CONFLICT,
            grant=own[0].place,
            against=against.place,
            holder=holder(against),
        )
    reserved = holder(others[0]) if others else None
    return finding(
        Code.AUTHORITY_NOT_GRANTED,
        party=claim.party,
        act=claim.act,
        holder=reserved,
        **_nearest(policy, claim, at),
    )


def _nearest(policy: Policy, claim: Claim, at: datetime) -> dict[str, str]:
    """The signer's grant for that act that misses the claim by the least, and by what."""
    if claim.party is None and not claim.vouched_by:
        return {}
    nearest, least = "", tuple[str, ...]()
    for grant in policy.grants:
        if grant.act != claim.act or not is_own(grant, claim):
            continue
        missed = misses(grant, claim, at)
        if not least or len(missed) < len(least):
            nearest, least = grant.place, missed
        if len(least) == 1:  # nothing is nearer, and a policy can have many thousands
            break
    if not least:
        return {}
    found = {"nearest": nearest, "missed": " ".join(least)}
    return found | ({"role": claim.role} if claim.role and "role" in least else {})


def may_vouch(
    policy: Policy, party_id: str, kind_of_id: str, at: datetime, key: str | None = None
) -> bool:
    """Whether a party may say whose key something is, giving an identifier of this kind."""
    return any(
        grant.act == VOUCH
        and grant.party == party_id
        and _is_on(grant, at)
        and (not grant.over.ids or kind_of_id in grant.over.ids)
        and (not grant.over.keys or key in grant.over.keys)
        for grant in policy.grants
    )


def holder(grant: Grant) -> str:
    """Whose grant it is, in words: a party's id, or whoever a party vouches for."""
    return grant.party or f"whoever {grant.vouched_by} vouches for"


def is_own(grant: Grant, claim: Claim) -> bool:
    """Whether the grant is the signer's."""
    if grant.party is not None:
        return grant.party == claim.party
    return grant.vouched_by in claim.vouched_by


def misses(grant: Grant, claim: Claim, at: datetime) -> tuple[str, ...]:
    """Why a grant does not cover a claim, whoever makes it; nothing when it does (POL-010)."""
    return tuple(_misses(grant, claim, at))


def _misses(grant: Grant, claim: Claim, at: datetime) -> Iterator[str]:
    if grant.act != claim.act:
        yield "act"
    if grant.roles and claim.role not in grant.roles:
        yield "role"
    if grant.over.keys and claim.key not in grant.over.keys:
        yield "key"
    if not _is_on(grant, at):
        yield "time"
    yield from (k for k in RECORDING if _breadth(grant, k, claim) is None)


def is_reserved(grant: Grant, claim: Claim, at: datetime) -> bool:
    """Whether somebody else's grant reserves the recording: one over everything does not.

    Which keys its holder may use does not matter: the recording is reserved all the same.
    """
    if claim.act != DECLARE or is_own(grant, claim) or set(misses(grant, claim, at)) - {"key"}:
        return False
    return any((_breadth(grant, k, claim) or 0) < _EVERYTHING[k] for k in RECORDING)


def outranks(grant: Grant, other: Grant, claim: Claim) -> bool:
    """Whether a grant is the narrower one: in no kind wider, in one kind narrower (POL-012)."""
    pairs = [(_breadth(grant, k, claim) or 0, _breadth(other, k, claim) or 0) for k in RECORDING]
    return all(mine <= theirs for mine, theirs in pairs) and any(m < t for m, t in pairs)


def _is_on(grant: Grant, at: datetime) -> bool:
    return (grant.start is None or grant.start <= at) and (grant.end is None or at < grant.end)


def _breadth(grant: Grant, kind: str, claim: Claim) -> int | None:
    """How many identifiers the narrowest pattern covers that matches; None when none does."""
    patterns: tuple[str, ...] = getattr(grant.over, kind)
    if not patterns:
        return _EVERYTHING[kind]
    given = getattr(claim, kind)
    values = given if isinstance(given, tuple) else (given,) if given else ()
    found = [breadth(kind, p) for p in patterns if any(covers(kind, p, v) for v in values)]
    return min(found, default=None)


def covers(kind: str, pattern: str, value: str) -> bool:
    """Whether a pattern (exact, prefix and ``*``, ISRC range ``A-B``) covers an identifier."""
    first, dash, last = pattern.partition("-")
    if dash and kind == "isrc":
        return len(value) == len(first) and first <= value <= last
    if pattern.endswith("*"):
        return value.startswith(pattern[:-1])
    return value == pattern


def breadth(kind: str, pattern: str) -> int:
    """How many identifiers a pattern covers: the fewer, the more specific (POL-012)."""
    first, dash, last = pattern.partition("-")
    if dash and kind == "isrc":
        return int(last[_ISRC_SERIAL:]) - int(first[_ISRC_SERIAL:]) + 1
    if not pattern.endswith("*"):
        return 1
    count = 1
    for choices in _WIDTHS[kind][len(pattern) - 1 :]:
        count *= choices
    return count


_EVERYTHING = {kind: breadth(kind, "*") for kind in RECORDING}
