"""Drafts: a declaration on its way to a signature, kept between questions (spec 2.13).

A draft is keyed by the essence of its recording, so a renamed or retagged file finds it again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provenance.containers.base import Scan, Tags
from provenance.files.opening import open_regular
from provenance.issuing.embedding import require_writable
from provenance.issuing.preparing import adapter_of
from provenance.issuing.sign import clean_isrc
from provenance.model.errors import RefusedError, UsageError
from provenance.model.limits import Limits
from provenance.model.records import dataclass
from provenance.verify import steps

if TYPE_CHECKING:
    from provenance.model.manifest import Manifest


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
    with open_regular(path) as stream:
        scan = adapter_of(stream, path).scan(stream, limits, True)
        require_writable(scan)
        essence = steps.essence_digest(steps.with_digest(stream, scan))
    if essence is None:
        raise RefusedError("essence.none")
    return Seen(path, essence, scan)


def start(seen: Seen) -> dict[str, Any]:
    """A declaration that states nothing but what the tags say about the recording."""
    subject: dict[str, Any] = {}
    tags = seen.tags
    if tags.title:
        subject["title"] = tags.title[0]
    if tags.artist:
        subject["artists"] = [{"name": name} for name in tags.artist]
    isrc = clean_isrc(tags.isrc[0]) if tags.isrc else None
    if isrc:
        subject["isrc"] = isrc
    if tags.album:
        subject["release"] = {"title": tags.album[0]}
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
    import difflib

    near = difflib.get_close_matches(term, known, n=1)
    also = f" Did you mean '{near[0]}'?" if near else ""
    raise UsageError(f"no {what} '{term}'.{also}", hint=f"There are: {', '.join(known)}.")


def finished(draft: Mapping[str, Any]) -> dict[str, Any]:
    """The declaration inside a kept draft."""
    found = draft.get("declaration")
    if not isinstance(found, dict) or not found.get("contributions"):
        raise UsageError(
            "the draft for this file does not state anything yet",
            hint="Go on with 'prov declare'.",
        )
    return found


def read_unsigned(path: Path) -> Manifest | None:
    """A declaration file (JSON object that is no signed form), as a manifest; else None."""
    with open_regular(path) as stream:
        head = stream.read(1 << 18)
    if head.lstrip()[:1] != b"{":
        return None
    try:
        plain = json.loads(head)
    except ValueError:
        return None
    if "payload" in plain or "bundle" in plain:
        return None
    from provenance.wire.decode import decode_declaration

    manifest, found = decode_declaration(head)
    if manifest is None:
        faults = "; ".join(f"{f.where or '/'}: {f.detail.get('message')}" for f in found[:3])
        raise UsageError(f"{path}: is not a well-formed declaration: {faults}")
    return manifest
