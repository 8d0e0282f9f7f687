"""Drafts: a declaration on its way to a signature, kept between questions (spec 2.13).

A draft is keyed by the essence of its recording, so a renamed or retagged file finds it again.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provenance.containers.base import Scan, Tags
from provenance.files.opening import open_regular
from provenance.issuing.embedding import require_writable
from provenance.issuing.from_tags import clean_text, subject_of
from provenance.issuing.preparing import adapter_of, named, naming
from provenance.issuing.standing import TOOL_MEMBERS
from provenance.issuing.targets import may_be_copy
from provenance.model.errors import RefusedError, UsageError
from provenance.model.limits import Limits
from provenance.model.records import dataclass
from provenance.plugins import did_you_mean
from provenance.verify import steps
from provenance.workspace.asking import parsed

if TYPE_CHECKING:
    from provenance.model.manifest import Manifest
    from provenance.verify.outcome import Context
    from provenance.workspace.home import Home


_HEAD_BYTES = 1 << 18
_WRITTEN = frozenset({*TOOL_MEMBERS, "type", "specVersion"})


@dataclass(frozen=True)
class Seen:
    """A file as the questions need it: what it is and what its tags say already."""

    path: Path
    essence: str
    scan: Scan

    @property
    def tags(self) -> Tags:
        """Its ordinary tags."""
        return self.scan.tags


def look_at(path: Path, limits: Limits) -> Seen:
    """Open, scan and hash a file; raises ``RefusedError`` when it can never be signed."""
    with open_regular(path) as stream, naming(path):
        scan = adapter_of(stream, path).scan(stream, limits, True)
        require_writable(scan)
        essence = steps.essence_digest(steps.with_digest(stream, scan))
    if essence is None:
        raise named(RefusedError("essence.none"), path)
    return Seen(path, essence, scan)


def start(seen: Seen) -> dict[str, Any]:
    """A declaration that states nothing but what the tags say about the recording."""
    subject = subject_of(seen.tags)
    album = clean_text(seen.tags.album[0]) if seen.tags.album else None
    if album:
        subject["release"] = {"title": album}
    return {"subject": subject} if subject else {}


def set_level(declaration: dict[str, Any], area: str, level: str) -> None:
    """State one level for an area: one entry, in place of what stood there (spec 2.6).

    Raises ``UsageError`` for a term that the registries do not know.
    """
    from provenance.wire.registries import terms

    areas = {t["term"]: t for t in terms("areas")}
    _require_term(area, list(areas), "area")
    _require_term(level, [t["term"] for t in terms("levels")], "level")
    entries = [c for c in declaration.get("contributions", []) if c.get("area") != area]
    entries.append({"asset": areas[area]["asset"], "area": area, "level": level})
    declaration["contributions"] = entries


def _require_term(term: str, known: list[str], what: str) -> None:
    if term in known:
        return
    hint = f"{did_you_mean(term, known)}There are: {', '.join(known)}."
    raise UsageError(f"no {what} '{term}'", hint=hint)


def drop_area(declaration: dict[str, Any], area: str) -> None:
    """Take back what is stated for an area: it is undeclared then."""
    entries = [c for c in declaration.get("contributions", []) if c.get("area") != area]
    declaration.pop("contributions", None)
    if entries:
        declaration["contributions"] = entries


def set_voices(declaration: dict[str, Any], voices: list[dict[str, Any]]) -> None:
    """State these voices; a person whom nothing but a voice before them named is gone with it."""
    gone = _people_of(declaration)
    declaration.pop("voices", None)
    if voices:
        declaration["voices"] = voices
    gone -= _people_of(declaration)
    gone -= {
        a.get("person") for c in declaration.get("contributions", []) for a in c.get("agents", [])
    }
    people = declaration.pop("people", [])
    kept = [p for p in people if p["ref"] not in gone or not set(p) <= {"ref", "name"}]
    if kept:
        declaration["people"] = kept


def _people_of(declaration: Mapping[str, Any]) -> set[str | None]:
    return {voice.get("person") for voice in declaration.get("voices", [])}


def set_person(declaration: dict[str, Any], voice: dict[str, Any], name: str) -> None:
    """Say whose voice one of the voices is, in the same declaration; nobody's for no name."""
    changed = {member: value for member, value in voice.items() if member != "person"}
    if name:
        people = declaration.get("people", [])
        person = next((p for p in people if p.get("name") == name), None)
        if person is None:
            person = {"ref": free_ref(declaration, "p"), "name": name}
            declaration["people"] = [*people, person]
        changed["person"] = person["ref"]
    set_voices(declaration, [changed if v is voice else v for v in declaration["voices"]])


def free_ref(declaration: Mapping[str, Any], letter: str) -> str:
    """A ref that no tool or person has (MOD-082)."""
    taken = {one["ref"] for kind in ("tools", "people") for one in declaration.get(kind, [])}
    return next(ref for n in range(1, len(taken) + 2) if (ref := f"{letter}{n}") not in taken)


def merged(base: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """A declaration with another one laid over it: member by member, area by area."""
    made = {**base, **more}
    for member in ("subject", "declarant"):
        both = {**base.get(member, {}), **more.get(member, {})}
        if both:
            made[member] = both
    stated = {c.get("area") for c in more.get("contributions", [])}
    kept = [c for c in base.get("contributions", []) if c.get("area") not in stated]
    entries = [*kept, *more.get("contributions", [])]
    if entries:
        made["contributions"] = entries
    return made


def before(
    seen: Seen, home: Home, own: frozenset[str], context: Context, copy: Path | None = None
) -> dict[str, Any]:
    """The draft for a recording: the one that is kept, else what one of these keys has signed.

    ``copy`` is where a signed copy of the file goes: what stands there already comes before what
    the file carries. Where there is neither, a draft that only holds what the file's tags say.
    """
    kept = home.read_draft(seen.essence)
    if kept is not None:
        return {**kept, "declaration": merged(start(seen), kept.get("declaration", {}))}
    signed = _signed_copy(seen, copy, own, context) or signed_before(seen, own, context)
    if signed is None:
        return {"declaration": start(seen)}
    return {"declaration": signed, "finished": True}


def _signed_copy(
    seen: Seen, copy: Path | None, own: frozenset[str], context: Context
) -> dict[str, Any] | None:
    """What a signed copy declares about the same recording, where there is one."""
    if copy is None or not may_be_copy(seen.path, copy, context.limits):
        return None
    try:
        there = look_at(copy, context.limits)
    except RefusedError:
        return None
    return signed_before(there, own, context) if there.essence == seen.essence else None


def signed_before(seen: Seen, own: frozenset[str], context: Context) -> dict[str, Any] | None:
    """What the file's own intact statement by one of these keys declares, about this recording."""
    from provenance.issuing.preparing import existing_statements, sidecar_of
    from provenance.wire.encode import to_plain

    given = sidecar_of(seen.path, context.limits)
    newest: tuple[int, dict[str, Any]] | None = None
    for candidate in existing_statements(seen.scan, context, given):
        token, manifest = candidate.token, candidate.manifest
        if token is None or manifest is None or token.key not in own:
            continue
        plain = to_plain(manifest)
        bindings = plain["subject"].pop("bindings", [])
        bound = {b.get("digest") for b in bindings} if candidate.counts else set()
        sequence = manifest.sequence or 1
        if seen.essence in bound and (newest is None or sequence > newest[0]):
            newest = (sequence, {k: v for k, v in plain.items() if k not in _WRITTEN})
    return newest[1] if newest else None


def read_unsigned(path: Path) -> Manifest | None:
    """A declaration file (JSON object that is no signed form), as a manifest; else None.

    Raises ``UsageError`` for what looks like one and cannot be read, saying where.
    """
    with open_regular(path) as stream:
        head = stream.read(_HEAD_BYTES)
    if head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] != b"{":
        return None
    try:
        plain = json.loads(head.removeprefix(codecs.BOM_UTF8))
    except (ValueError, RecursionError):
        plain = {}
        if len(head) == _HEAD_BYTES:  # cut, so larger than any declaration
            return None
    if "payload" in plain or "bundle" in plain:
        return None
    parsed(path, head)
    from provenance.wire.decode import decode_declaration

    manifest, found = decode_declaration(head)
    if manifest is None:
        faults = "; ".join(f"{f.where or '/'}: {f.detail.get('message')}" for f in found[:3])
        raise UsageError(f"{path}: is not a well-formed declaration: {faults}")
    return manifest
