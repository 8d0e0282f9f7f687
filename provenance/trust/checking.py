"""What a schema cannot say about a trust policy: whether its lines fit together (spec 14.3).

Works on plain JSON values that the schema accepts, so that each fault names its line. Every
fault is a load error: a policy that contradicts itself decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from provenance.model.errors import PolicyError
from provenance.trust.authority import DECLARE, RECORDING, VOUCH
from provenance.trust.patterns import is_range, normalise_pattern

Plain = Mapping[str, Any]
_DAY = len("2026-11-23")
_LAST = datetime(9999, 12, 30, tzinfo=UTC)
"""The last day that has a next one."""


def check(plain: Plain) -> None:
    """Raise ``PolicyError`` for the first line that does not fit (POL-006 to POL-009)."""
    for member in ("anchors", "parties", "tsa"):
        _require_once(_numbered(plain, member), "id", "policy.id-repeated")
    _require_in_order(plain, "", "issued", "expires")
    for place, party in _numbered(plain, "parties"):
        _check_party(place, party, {a["id"] for a in plain.get("anchors", ())})
    _check_shared(plain)
    known = {p["id"] for p in plain.get("parties", ())}
    for place, grant in _numbered(plain, "grants"):
        _check_grant(place, grant, known)


def _numbered(plain: Plain, member: str) -> list[tuple[str, Plain]]:
    return [(f"/{member}/{n}", item) for n, item in enumerate(plain.get(member, ()))]


def _require_once(items: Sequence[tuple[str, Plain]], name: str, rule: str) -> None:
    seen: dict[str, str] = {}
    for place, item in items:
        first = seen.setdefault(item[name], place)
        if first != place:
            raise PolicyError(rule, f"'{item[name]}' stands at {first} already", where=place)


def _check_party(place: str, party: Plain, anchors: set[str]) -> None:
    keys = [(f"{place}/keys/{n}", key) for n, key in enumerate(party.get("keys", ()))]
    _require_once(keys, "key", "policy.key-repeated")
    for where, key in keys:
        _require_in_order(key, where, "nbf", "exp")
        revoked = key.get("revoked")
        if revoked and moment(revoked.get("invalidFrom", revoked["at"])) > moment(revoked["at"]):
            message = "'invalidFrom' is later than 'at'"
            raise PolicyError("policy.times", message, where=f"{where}/revoked")
    for number, subject in enumerate(party.get("subjects", ())):
        if subject["anchor"] not in anchors:
            message = f"there is no anchor '{subject['anchor']}'"
            where = f"{place}/subjects/{number}/anchor"
            raise PolicyError("policy.anchor-unknown", message, where=where)


def _require_in_order(item: Plain, where: str, first: str, last: str) -> None:
    start, end = item.get(first), item.get(last)
    if start and end and moment(start) >= moment(end, end=True):
        message = f"'{last}' is not later than '{first}'"
        raise PolicyError("policy.times", message, where=where or "/")


def _check_shared(plain: Plain) -> None:
    """No key, identifier or certificate subject may be two parties'."""
    owners: dict[tuple[str, ...], str] = {}
    subjects: list[tuple[str, str, frozenset[tuple[str, str]]]] = []
    for place, party in _numbered(plain, "parties"):
        for rule, where, what in _belongings(place, party):
            owner = owners.setdefault((rule, *what), party["id"])
            if owner != party["id"]:
                message = f"{' '.join(what)} is of party '{owner}' already"
                raise PolicyError(rule, message, where=where)
        for number, subject in enumerate(party.get("subjects", ())):
            where, says = f"{place}/subjects/{number}", frozenset(subject.items())
            for owner, first, other in subjects:
                if owner != party["id"] and (says <= other or other <= says):
                    message = f"a certificate may fit {first} of party '{owner}' too"
                    raise PolicyError("policy.subject-shared", message, where=where)
            subjects.append((party["id"], where, says))


def _belongings(place: str, party: Plain) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for number, key in enumerate(party.get("keys", ())):
        yield "policy.key-shared", f"{place}/keys/{number}/key", ("key", key["key"])
    for kind, values in party.get("ids", {}).items():
        for number, value in enumerate(values):
            yield "policy.id-shared", f"{place}/ids/{kind}/{number}", (kind, value)


_AS_A_RANGE = "Let both ends have one registrant, and the first stand before the last."


def _check_grant(place: str, grant: Plain, parties: set[str]) -> None:
    holders = [name for name in ("party", "vouchedBy") if name in grant]
    if len(holders) != 1:
        message = "a grant has either 'party' or 'vouchedBy'"
        raise PolicyError("policy.holder", message, where=place)
    (name,) = holders
    if grant[name] not in parties:
        message = f"there is no party '{grant[name]}'"
        raise PolicyError("policy.party-unknown", message, where=f"{place}/{name}")
    fault = _scope_fault(grant)
    if fault:
        raise PolicyError("policy.scope", fault, where=place)
    _require_in_order(grant, place, "from", "until")
    for kind in RECORDING:
        for number, text in enumerate(grant.get("over", {}).get(kind, ())):
            if normalise_pattern(kind, text) is None:
                where = f"{place}/over/{kind}/{number}"
                hint = _AS_A_RANGE if kind == "isrc" and is_range(text) else ""
                message = f"'{text}' is no {kind} pattern"
                raise PolicyError("policy.pattern", message, where=where, hint=hint)


def _scope_fault(grant: Plain) -> str | None:
    """What has no meaning for an act must not stand there: it would look like a limit."""
    over = grant.get("over", {})
    if grant["act"] != DECLARE and "as" in grant:
        return "'as' is for the act 'declare'"
    if grant["act"] != VOUCH:
        return "'ids' is for the act 'vouch'" if "ids" in over else None
    if "vouchedBy" in grant:
        return "the right to vouch is for a party, not for whom it vouches for"
    if any(kind in over for kind in RECORDING):
        return "for the act 'vouch', 'over' has 'ids' and 'key' only"
    return None


def moment(text: str, *, end: bool = False) -> datetime:
    """A time of the policy; a day is its beginning, or with ``end`` the beginning of the next."""
    if len(text) > _DAY:
        return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    day = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return min(day, _LAST) + timedelta(days=1) if end else day
