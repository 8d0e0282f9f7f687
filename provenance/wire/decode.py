"""From bytes to the model: strict JSON, text, version, schema, consistency (spec 3, 8.5).

The steps stop at the first one that breaks, because the next would only repeat the fault in
other words. Nothing is lost: members that are not known are kept in their records and noted.
Verifiers never refuse an unknown member; ``mustUnderstand`` is the only gate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from typing import Any

from provenance.model.codes import Code, Effect
from provenance.model.contribution import Contribution, TimeRange
from provenance.model.facts import Evidence, Expression, Facts, Permission
from provenance.model.findings import Finding, finding
from provenance.model.levels import Level
from provenance.model.limits import DEFAULT_LIMITS, Limits
from provenance.model.manifest import Manifest
from provenance.model.parties import Agent, Artist, Declarant, Person
from provenance.model.recording import Release, Subject
from provenance.model.tools import Licence, Terms, Tool
from provenance.model.voices import Consent, Voice
from provenance.wire import consistency, schemas, strict_json
from provenance.wire.encode import members
from provenance.wire.strict_json import JsonError

Decoded = tuple[Manifest | None, tuple[Finding, ...]]

_LONG_TEXT = ("/description", "/constraints", "/scope")
_REMARKS = frozenset({"mark", "mixed-script"})
_MAJOR = "1."
_MAX_FAULTS = 20


def decode(payload: bytes, limits: Limits = DEFAULT_LIMITS, *, strict: bool = False) -> Decoded:
    """Read a disclosure; None when it breaks or blocks. Never raises for what the bytes say.

    ``strict`` refuses unknown members outside ``extensions``: for producers (WIR-021).
    """
    return _decode(payload, limits, "manifest-strict" if strict else "manifest")


def decode_declaration(payload: bytes, limits: Limits = DEFAULT_LIMITS) -> Decoded:
    """Read a declaration that is not signed yet, strictly (spec 2.13)."""
    return _decode(payload, limits, "declaration")


def _decode(payload: bytes, limits: Limits, schema: str) -> Decoded:
    try:
        plain = strict_json.parse(
            payload, max_bytes=limits.envelope_bytes, max_depth=limits.json_depth
        )
    except JsonError as error:
        fault = finding(Code.CONTENT_JSON_INVALID, None, reason=error.reason, message=str(error))
        return None, (fault,)
    if not isinstance(plain, dict):
        return None, (finding(Code.CONTENT_JSON_INVALID, None, reason="not-an-object"),)
    found: list[Finding] = []
    for step in (_text, _gates, lambda value: _schema(value, schema)):
        found += step(plain)
        if any(f.effect in {Effect.BREAKS, Effect.BLOCKS} for f in found):
            return None, tuple(found)
    manifest: Manifest = _record(Manifest, plain)
    found += _unknown(manifest, "")
    found += (
        finding(Code.CONTENT_INCONSISTENT, f.pointer, rule=f.rule, message=f.message)
        for f in consistency.faults(manifest)
    )
    if any(f.effect is Effect.BREAKS for f in found):
        return (None if schema == "declaration" else manifest), tuple(found)
    return manifest, (*found, finding(Code.CONTENT_VALID))


def _text(plain: Mapping[str, Any]) -> Iterator[Finding]:
    """The text rules (WIR-010): remarks for direction marks and mixed scripts in names."""
    for pointer, fault in strict_json.find_text_faults(plain, _is_long):
        if fault == "mixed-script" and not pointer.endswith("/name"):
            continue
        code = Code.CONTENT_SUSPICIOUS_TEXT if fault in _REMARKS else Code.CONTENT_JSON_INVALID
        yield finding(code, pointer, reason=fault, message=f"text: {fault}")


def _is_long(pointer: str) -> bool:
    return pointer.endswith(_LONG_TEXT)


def _gates(plain: Mapping[str, Any]) -> Iterator[Finding]:
    """Version first: a statement of another major version is not judged by this schema."""
    version = plain.get("specVersion")
    if isinstance(version, str) and not version.startswith(_MAJOR):
        yield finding(Code.CONTENT_VERSION_UNSUPPORTED, "/specVersion", version=version[:40])
        return
    demanded = plain.get("mustUnderstand")
    known = {member for _, member in members(Manifest)}
    for index, name in enumerate(demanded if isinstance(demanded, list) else ()):
        if isinstance(name, str) and name not in known:
            where = f"/mustUnderstand/{index}"
            yield finding(Code.CONTENT_MUST_UNDERSTAND, where, member=name[:80])


def _schema(plain: Mapping[str, Any], schema: str) -> Iterator[Finding]:
    if schemas.is_valid(plain, schema):
        return
    for count, fault in enumerate(schemas.faults(plain, schema)):
        if count == _MAX_FAULTS:
            return
        yield finding(Code.CONTENT_SCHEMA_INVALID, fault.pointer or "/", message=fault.message)


_NESTED: Mapping[type, Mapping[str, Any]] = {
    Manifest: {
        "declarant": Declarant,
        "subject": Subject,
        "contributions": [Contribution],
        "tools": [Tool],
        "people": [Person],
        "voices": [Voice],
        "facts": Facts,
        "permissions": [Permission],
        "evidence": [Evidence],
    },
    Subject: {"release": Release, "artists": [Artist]},
    Contribution: {"agents": [Agent], "time_ranges": [TimeRange], "level": Level},
    Tool: {"licence": Licence, "terms": Terms},
    Voice: {"consent": Consent},
    Facts: {"human_expression": Expression},
}
"""Where a member is a record, a list of records, or an enumeration; all else is plain."""


def _record(kind: Any, plain: Mapping[str, Any]) -> Any:
    nested = _NESTED.get(kind, {})
    left = dict(plain)
    given = {
        attribute: _member(nested.get(attribute), left.pop(member))
        for attribute, member in members(kind)
        if member in plain
    }
    return kind(**given, unknown=left)


def _member(shape: Any, value: Any) -> Any:
    if shape is None:
        return tuple(value) if isinstance(value, list) else value
    if isinstance(shape, list):
        return tuple(_record(shape[0], item) for item in value)
    return _record(shape, value) if is_dataclass(shape) else shape(value)


def _unknown(record: Any, pointer: str) -> Iterator[Finding]:
    """A remark for each member that was kept without being known."""
    for name in record.unknown:
        yield finding(Code.CONTENT_MEMBER_UNKNOWN, f"{pointer}/{name[:80]}")
    for attribute, member in members(type(record)):
        value = getattr(record, attribute)
        for suffix, item in _children(value):
            yield from _unknown(item, f"{pointer}/{member}{suffix}")


def _children(value: Any) -> Sequence[tuple[str, Any]]:
    if is_dataclass(value):
        return [("", value)]
    if isinstance(value, tuple):
        return [(f"/{n}", item) for n, item in enumerate(value) if is_dataclass(item)]
    return ()
