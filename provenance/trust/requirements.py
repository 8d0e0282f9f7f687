"""What a verification must show to pass: the only place where policy touches the status.

A requirement names an axis and the least that it must show. The built-in policy ``personal``
(spec 8.11) asks for integrity, content, a binding that is exact or lossless, and a key that is
the user's own or pinned; a trust policy states its own in ``require`` (spec 14.5). ``--require``
can only add to either or tighten it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from provenance.model.codes import Axis, Code, Effect
from provenance.model.errors import UsageError
from provenance.model.findings import Finding, finding
from provenance.trust.identity import LADDER, rung

if TYPE_CHECKING:
    from provenance.trust.policy import Policy

CONFIRMED = "confirmed"
BINDING_STRICT_FIRST = ("exact", "lossless", "similar", "any")

PERSONAL: Mapping[str, str] = {
    Axis.INTEGRITY.value: CONFIRMED,
    Axis.CONTENT.value: CONFIRMED,
    Axis.BINDING.value: "lossless",
    Axis.IDENTITY.value: "pinned",
}

_VALUES: Mapping[str, Sequence[str]] = {
    Axis.BINDING.value: BINDING_STRICT_FIRST,
    Axis.IDENTITY.value: LADDER,
    Axis.AUTHORITY.value: ("granted",),
    Axis.TIME.value: ("trusted",),
    Axis.ENDORSEMENT.value: ("valid",),
}
_CONFIRMING = frozenset({"granted", "trusted", "valid"})
"""Words of policies for what confirms an axis; the other words for these ask for nothing."""

REVOCATION, SEAL = "revocation", "seal"


def required_of(policy: Policy) -> dict[str, str]:
    """What a trust policy requires: its ``require``, over integrity and content (POL-041).

    Words that ask for nothing (``any``, ``claimed``) leave an axis out, but the binding's.
    """
    required = {Axis.INTEGRITY.value: CONFIRMED, Axis.CONTENT.value: CONFIRMED}
    for axis, least in policy.require.items():
        if axis in {Axis.BINDING.value, Axis.IDENTITY.value}:
            required[axis] = least
        elif least in _CONFIRMING:
            required[axis] = CONFIRMED
    return required


def standing(policy: Policy, now: datetime) -> Iterator[Finding]:
    """What stands against the policy itself; it blocks every result (POL-030, POL-031)."""
    if policy.expires is not None and now >= policy.expires:
        expired = policy.expires.strftime("%Y-%m-%dT%H:%M:%SZ")
        yield finding(Code.POLICY_EXPIRED, policy=policy.id, expires=expired)
    if policy.superseded_by is not None:
        yield finding(
            Code.POLICY_ROLLBACK,
            policy=policy.id,
            version=policy.version,
            seen=policy.superseded_by,
        )


def tighten(required: Mapping[str, str], wishes: Sequence[str]) -> dict[str, str]:
    """Add wishes (``AXIS`` or ``AXIS=VALUE``) to a policy; a weaker wish changes nothing.

    Raises ``UsageError`` for an unknown axis or value.
    """
    result = dict(required)
    for wish in wishes:
        axis, _, value = wish.partition("=")
        _require_known(axis, value)
        want = CONFIRMED if value in _CONFIRMING else value or CONFIRMED
        result[axis] = _stricter(axis, result.get(axis), want)
    return result


def _require_known(axis: str, value: str) -> None:
    known = [a.value for a in Axis if a not in {Axis.POLICY, Axis.TRUTH}]
    if axis not in known:
        raise UsageError(f"--require: no axis '{axis}'", hint=f"Axes: {', '.join(known)}.")
    values = (*_VALUES.get(axis, ()), CONFIRMED)
    if value and value not in values:
        raise UsageError(f"--require: no value '{value}'", hint=f"{axis}: {', '.join(values)}.")


def _stricter(axis: str, have: str | None, want: str) -> str:
    if have is None or have == want:
        return want
    if axis == Axis.BINDING.value:
        order: Sequence[str] = ("any", "similar", CONFIRMED, "lossless", "exact")
    elif axis == Axis.IDENTITY.value:
        order = ("unknown", CONFIRMED, *LADDER[1:])
    else:
        return CONFIRMED
    return max(have, want, key=order.index)


def unmet(
    required: Mapping[str, str],
    findings: Sequence[Finding],
    strict: frozenset[str] = frozenset(),
) -> Iterator[Finding]:
    """Yield one ``policy.unmet`` for every required axis that does not show enough.

    ``strict`` may hold ``revocation`` (of a certificate it must be known whether it is revoked)
    and ``seal`` (the signer's certificate must be one for electronic seals); see POL-042, POL-043.
    """
    for axis, want in required.items():
        mine = [f for f in findings if f.code.axis == axis]
        if not _met(axis, want, mine):
            have = _leading(mine)
            yield finding(Code.POLICY_UNMET, axis=axis, have=have, want=want)
    identity = [f for f in findings if f.axis is Axis.IDENTITY]
    unknown = Code.IDENTITY_REVOCATION_UNKNOWN
    if REVOCATION in strict and any(f.code is unknown for f in identity):
        yield _unmet_identity(unknown.slug, "revocation known")
    if SEAL in strict and not any(_is_seal(f) for f in identity):
        yield _unmet_identity(_leading(identity), "seal")


def _is_seal(found: Finding) -> bool:
    return found.code is Code.IDENTITY_CERTIFIED and found.detail.get("seal") is True


def _unmet_identity(have: str | None, want: str) -> Finding:
    return finding(Code.POLICY_UNMET, axis=Axis.IDENTITY.value, have=have, want=want)


def _met(axis: str, want: str, mine: Sequence[Finding]) -> bool:
    if want == CONFIRMED:
        return any(f.effect is Effect.CONFIRMS for f in mine)
    if axis == Axis.BINDING.value:
        accepted = BINDING_STRICT_FIRST[: BINDING_STRICT_FIRST.index(want) + 1]
        shown = {f.code.slug.removeprefix("binding.") for f in mine}
        return bool(shown & set(accepted)) or (want == "any" and bool(mine))
    if axis == Axis.IDENTITY.value:
        return any(rung(f.code.slug) >= LADDER.index(want) for f in mine)
    return False


def _leading(mine: Sequence[Finding]) -> str | None:
    order = (Effect.BREAKS, Effect.BLOCKS, Effect.CONFIRMS, Effect.INFORMS)
    return min(mine, key=lambda f: order.index(f.effect)).code.slug if mine else None
