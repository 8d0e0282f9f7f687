"""From bytes to a record: strict JSON, version, text, schema, consistency (spec 3, 8.5).

Shared by everything that is signed: disclosures (``wire.decode``) and the statements beside
them (``wire.statements``). The steps stop at the first one that breaks, because the next would
only repeat the fault in other words. Nothing is lost: members that are not known are kept in
their records and noted. Verifiers never refuse an unknown member; ``mustUnderstand`` is the only
gate. What a later minor version of the standard allows and this one does not is unsupported
here, never invalid (MOD-054).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from provenance.model.codes import Code, Effect
from provenance.model.findings import Finding, finding
from provenance.model.limits import Limits
from provenance.model.records import dataclass
from provenance.wire import schemas, strict_json, text_rules
from provenance.wire.consistency import Inconsistency
from provenance.wire.encode import attributes_of, members
from provenance.wire.schemas import MAX_FAULTS, pointer_token
from provenance.wire.strict_json import JsonError

SPEC_VERSION = "1.0"
"""The version of the standard that this module reads and that producers write."""

_VERSION = re.compile(r"(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})")

Nested = Mapping[type, Mapping[str, Any]]
"""Where a member is a record, a list of records, or an enumeration; all else is plain."""


class _Member(NamedTuple):
    """What becomes of a member: its attribute, and the record, records or term that it holds."""

    attribute: str | None = None
    one: Any = None
    many: Any = None
    as_term: Any = None


_NOTHING = _Member()
_Plans = Mapping[Any, Mapping[str, _Member]]


@dataclass(frozen=True)
class Shape:
    """What a payload becomes: its record, its schema, its nested records, its consistency."""

    record: Any
    schema: str
    nested: Nested
    consistency: Callable[[Any], Iterator[Inconsistency]]
    whole: bool = False
    """Whether nothing is given of what contradicts itself."""

    @cached_property
    def plans(self) -> _Plans:
        """For each record class that a payload may become, what becomes of each member."""
        return _plans(self.record, self.nested)


def read(payload: bytes, limits: Limits, shape: Shape) -> tuple[Any, tuple[Finding, ...]]:
    """Read a payload. Never raises for what the bytes say.

    The record is None when it cannot be read or judged; one that contradicts itself is given
    with the findings that break it, unless the shape wants it whole.
    """
    try:
        plain = strict_json.parse(
            payload, max_bytes=limits.envelope_bytes, max_depth=limits.json_depth
        )
    except JsonError as error:
        return None, (_json_fault(error.reason, error.where),)
    if not isinstance(plain, dict):
        return None, (_json_fault("not-an-object", ""),)
    found: list[Finding] = []
    steps = (
        _version,
        lambda value: () if strict_json.is_plain(payload) else _text(value),
        lambda value: _must_understand(value, shape.record),
        lambda value: _schema(value, shape.schema),
    )
    for step in steps:
        found += _as_unsupported(plain, step(plain))
        if _stops(found):
            return None, tuple(found)
    has_unknown: list[bool] = []
    record = _record(shape.record, plain, shape.plans, has_unknown)
    if has_unknown:
        found += islice(_unknown(record, "", shape.nested), MAX_FAULTS)
    faults = islice(_consistency(record, shape), MAX_FAULTS)
    found += _as_unsupported(plain, faults)
    if _stops(found):
        return (None if shape.whole else record), tuple(found)
    return record, (*found, finding(Code.CONTENT_VALID))


def _stops(found: Sequence[Finding]) -> bool:
    return any(f.effect in {Effect.BREAKS, Effect.BLOCKS} for f in found)


_JSON_FAULTS = {
    "too-large": "larger than the limit",
    "too-deep": "nested deeper than the limit",
    "byte-order-mark": "begins with a byte order mark: save it as UTF-8 without one",
    "not-utf-8": "is not UTF-8: save it as UTF-8",
    "not-json": "is not JSON: look for a missing comma, quote or bracket there",
    "duplicate-member": "has a member twice: keep one",
    "integer-range": "has a number beyond 2^53 - 1",
    "not-an-integer": "has a number with a fraction or exponent: write whole numbers only",
    "not-a-number": "has NaN or Infinity: write whole numbers only",
    "lone-surrogate": "has half a character (a lone surrogate)",
    "not-an-object": "is not a JSON object",
}


def _json_fault(reason: str, where: str) -> Finding:
    message = _JSON_FAULTS.get(reason, reason)
    message += f" ({where})" if where else ""
    return finding(Code.CONTENT_JSON_INVALID, None, rule=reason, message=f"the content {message}")


def _version(plain: Mapping[str, Any]) -> Iterator[Finding]:
    """Version first: a statement of another major version is not judged by these rules."""
    stated = plain.get("specVersion")
    version = _VERSION.fullmatch(stated) if isinstance(stated, str) else None
    if version is not None and version[1] != "1":
        message = f"version {stated} of the standard is not known here: update the tool"
        yield finding(Code.CONTENT_VERSION_UNSUPPORTED, "/specVersion", message=message)


def _as_unsupported(plain: Mapping[str, Any], found: Iterable[Finding]) -> Iterator[Finding]:
    """Faults that a later minor version may have made legal are not held against it (MOD-054)."""
    version = plain.get("specVersion")
    is_later = (
        isinstance(version, str) and version != SPEC_VERSION and bool(_VERSION.fullmatch(version))
    )
    for fault in found:
        may_be_new = fault.code in _MAY_BE_NEW or fault.detail.get("rule") == text_rules.LINE_FEED
        if is_later and may_be_new:
            yield finding(Code.CONTENT_VERSION_UNSUPPORTED, fault.where, **fault.detail)
        else:
            yield fault


_MAY_BE_NEW = frozenset({Code.CONTENT_SCHEMA_INVALID, Code.CONTENT_INCONSISTENT})


def _text(plain: Mapping[str, Any]) -> Iterator[Finding]:
    """The text rules (WIR-010 to WIR-012); many remarks never hide a fault."""
    told: Counter[Code] = Counter()
    for fault in text_rules.check(plain):
        code = Code.CONTENT_SUSPICIOUS_TEXT if fault.is_remark else Code.CONTENT_JSON_INVALID
        told[code] += 1
        if told[code] <= MAX_FAULTS:
            yield finding(code, fault.pointer, rule=fault.rule, message=fault.message)


def _must_understand(plain: Mapping[str, Any], record: Any) -> Iterator[Finding]:
    """The gate of WIR-022; what is no list of names is left to the schema."""
    demanded = plain.get("mustUnderstand")
    known = attributes_of(record)
    names = enumerate(demanded if isinstance(demanded, list) else ())
    unknown = ((n, name) for n, name in names if isinstance(name, str) and name not in known)
    for index, name in islice(unknown, MAX_FAULTS):
        yield finding(
            Code.CONTENT_MUST_UNDERSTAND,
            f"/mustUnderstand/{index}",
            member=name[:80],
            message="this must be understood, and is not known here: update the tool",
        )


def _schema(plain: Mapping[str, Any], schema: str) -> Iterator[Finding]:
    if schemas.is_valid(plain, schema):
        return
    for fault in schemas.check(plain, schema):
        yield finding(
            Code.CONTENT_SCHEMA_INVALID, fault.pointer, rule=fault.rule, message=str(fault)
        )


def _consistency(record: Any, shape: Shape) -> Iterator[Finding]:
    for fault in shape.consistency(record):
        yield finding(
            Code.CONTENT_INCONSISTENT, fault.pointer, rule=fault.rule, message=fault.message
        )


def _record(kind: Any, plain: Mapping[str, Any], plans: _Plans, has_unknown: list[bool]) -> Any:
    """The record of an object; ``has_unknown`` is filled where a member is kept unknown."""
    plan: Mapping[str, _Member] = plans[kind]
    given: dict[str, Any] = {}
    unknown: dict[str, Any] = {}
    for member, value in plain.items():
        into: _Member = plan.get(member, _NOTHING)
        attribute, one, many, as_term = into
        if attribute is None:
            unknown[member] = value
        elif many is not None:
            given[attribute] = tuple([_record(many, v, plans, has_unknown) for v in value])
        elif one is not None:
            given[attribute] = _record(one, value, plans, has_unknown)
        elif as_term is not None:
            given[attribute] = as_term(value)
        else:
            given[attribute] = tuple(value) if isinstance(value, list) else value
    if unknown:
        has_unknown.append(True)
    return kind(**given, unknown=unknown)


def _plans(kind: Any, nested: Nested) -> dict[Any, dict[str, _Member]]:
    """For a record class, and those that it holds, what becomes of each member."""
    plans: dict[Any, dict[str, _Member]] = {kind: {}}
    for member, attribute in attributes_of(kind).items():
        shape = nested.get(kind, {}).get(attribute)
        if isinstance(shape, list):
            plans[kind][member] = _Member(attribute, many=shape[0])
            plans |= _plans(shape[0], nested)
        elif is_dataclass(shape):
            plans[kind][member] = _Member(attribute, one=shape)
            plans |= _plans(shape, nested)
        else:
            plans[kind][member] = _Member(attribute, as_term=shape)
    return plans


def _unknown(record: Any, pointer: str, shapes: Nested) -> Iterator[Finding]:
    """A remark for each member that was kept without being known."""
    for name in record.unknown:
        yield finding(Code.CONTENT_MEMBER_UNKNOWN, f"{pointer}/{pointer_token(name)}")
    kind: Any = type(record)
    nested = shapes.get(kind, {})
    for attribute, member in members(kind):
        if attribute not in nested:
            continue
        for suffix, item in _children(getattr(record, attribute)):
            yield from _unknown(item, f"{pointer}/{member}{suffix}", shapes)


def _children(value: Any) -> Sequence[tuple[str, Any]]:
    if is_dataclass(value):
        return [("", value)]
    if isinstance(value, tuple):
        return [(f"/{n}", item) for n, item in enumerate(value) if is_dataclass(item)]
    return ()
