"""Inspecting: every carrier with its place and content, without a verdict (spec 9.8)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from provenance.containers import identify, load
from provenance.containers.base import Scan
from provenance.files.opening import open_regular
from provenance.issuing.preparing import sidecar_of
from provenance.marks import find
from provenance.marks.base import Mark
from provenance.reports.as_json import mark_of
from provenance.reports.escaping import shown
from provenance.verify import steps
from provenance.verify.outcome import Candidate, Context, Given
from provenance.wire.encode import to_plain
from provenance.workspace.verifying import bare_value

_LONGEST = 120


def inspect_path(path: Path, context: Context) -> dict[str, Any]:
    """All carriers of an audio file, its sidecar, or a bare token, as plain JSON values.

    Raises ``InputError`` when the file cannot be read, ``UnsupportedContainerError`` when it is
    neither.
    """
    marks: tuple[Mark, ...] = ()
    with open_regular(path) as stream:
        name = identify(stream)
        if name is None:
            value = bare_value(stream, str(path), context.limits)
            given: tuple[Given, ...] = (Given("file", value),)
            scan = None
        else:
            given = sidecar_of(path, context.limits)
            scan = load(name).scan(stream, context.limits, False)
            marks = find(stream, load(name), scan)
    places, notes = steps.collect(scan, given)
    values, more = steps.parse(places, context.limits)
    candidates, unread = steps.examine(values, context)
    return {
        "name": str(path).encode("utf-8", "replace").decode(),
        "container": scan.container if scan else None,
        "size": scan.size if scan else None,
        "audio": _audio(scan),
        "refusal": scan.refusal.rule if scan and scan.refusal else None,
        "tags": _tags(scan),
        "carriers": list(_carriers(scan, candidates)),
        "marks": [mark_of(m) for m in marks],
        "notes": [f.code.slug for f in (*notes, *more, *unread, *steps.several(candidates))],
    }


def _audio(scan: Scan | None) -> dict[str, Any] | None:
    if scan is None or scan.audio is None:
        return None
    audio = scan.audio
    return {
        "codec": audio.codec,
        "rate": audio.rate,
        "channels": audio.channels,
        "bits": audio.bits,
        "samples": audio.samples,
        "lossless": audio.lossless,
    }


def _tags(scan: Scan | None) -> dict[str, list[str]]:
    if scan is None:
        return {}
    tags = scan.tags
    found = {"title": tags.title, "artist": tags.artist, "album": tags.album, "isrc": tags.isrc}
    return {name: list(values) for name, values in found.items() if values}


def _carriers(scan: Scan | None, candidates: list[Candidate]) -> Iterator[dict[str, Any]]:
    for candidate in candidates:
        said = candidate.manifest or candidate.statement
        for where in candidate.where:
            yield {
                "name": "MUSICPROV",
                "where": where,
                "sid": candidate.token.sid if candidate.token else None,
                "key": candidate.token.key if candidate.token else None,
                "codes": [f.code.slug for f in candidate.findings],
                "stamps": list(_stamps(candidate)),
                "content": to_plain(said) if said is not None else None,
            }
    for carrier in scan.named("AI_DISCLOSURE") if scan else ():
        yield {
            "name": carrier.name,
            "where": carrier.where,
            "sid": None,
            "key": None,
            "codes": [],
            "stamps": [],
            "content": carrier.value[:1000].decode("utf-8", "replace"),
        }


def _stamps(candidate: Candidate) -> Iterator[dict[str, Any]]:
    """The time-stamps of a statement by their own account: nothing is checked here."""
    if candidate.token is None or not candidate.token.etsi_u:
        return
    from provenance.trust.timestamps import stated

    for at, who in stated(candidate.token.etsi_u, candidate.token.signature_text):
        yield {"at": at, "by": who if at else None, "reason": None if at else who}


def _facts(audio: dict[str, Any]) -> str:
    facts = [str(audio["codec"]), f"{audio['rate']} Hz", f"{audio['channels']} channels"]
    facts += [f"{audio[k]} {k}" for k in ("bits", "samples") if audio[k] is not None]
    return ", ".join([*facts, "lossless" if audio["lossless"] else "lossy"])


def _shortened(value: Any) -> Any:
    """The same with long unbroken strings cut: a fingerprint tells a person nothing."""
    if isinstance(value, dict):
        return {k: _shortened(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_shortened(v) for v in value]
    if isinstance(value, str) and len(value) > _LONGEST and " " not in value:
        return f"{value[:40]}... ({len(value)} characters; --format json shows all)"
    return value


def _kind(content: Any) -> str:
    """What kind of statement it is, and of another one what it says of which statement."""
    if not isinstance(content, dict) or not isinstance(content.get("type"), str):
        return ""
    of = content.get("of") or {}
    said = content.get("act") or content.get("reason") or (content.get("party") or {}).get("name")
    kind = shown(content["type"]) + (f" ({shown(str(said))})" if said else "")
    return f": {kind}" + (f" of {of['sid']}" if isinstance(of, dict) and "sid" in of else "")


_MOST_SHOWN = 100
"""Carriers, and marks, that are shown to a person: a crafted file can have thousands."""
_ABOUT_MARKS = "Marks are not verified: anybody can add or remove one."
_NO_MARKS = "No marks of AI tools. That proves nothing: they are easily removed."


def _marks(marks: list[dict[str, Any]]) -> list[str]:
    lines = [f"  Mark: {_mark(m)}" for m in marks[:_MOST_SHOWN]]
    about = _ABOUT_MARKS if marks else _NO_MARKS
    return [*lines, *_more(len(marks), "marks"), f"  {about}"]


def _more(count: int, what: str) -> Iterator[str]:
    if count > _MOST_SHOWN:
        yield f"  And {count - _MOST_SHOWN:,} more {what} (--format json shows all)"


def _mark(mark: dict[str, Any]) -> str:
    """One mark in a line: where it stands, how strong it is, what it says, word for word."""
    words = f"{mark['kind']} at {shown(mark['where'])}, {mark['strength']}"
    words += f", says: {mark['says']}" if mark["says"] else ""
    detail = "; ".join(f"{k}: {shown(str(v), 80)}" for k, v in mark["detail"].items())
    return words + (f" ({detail})" if detail else "")


def _carrier(carrier: dict[str, Any]) -> Iterator[str]:
    """One carrier: where it stands, whose it is, what it says."""
    import json

    yield f"  {carrier['name']} at {carrier['where']}{_kind(carrier['content'])}"
    if carrier["sid"]:
        yield f"    Statement {carrier['sid']}, by key {carrier['key']}"
    if carrier["codes"]:
        yield f"    Found: {', '.join(carrier['codes'])}"
    for stamp in carrier["stamps"]:
        said = f"says {stamp['at']}, by {shown(stamp['by'])}" if stamp["at"] else stamp["reason"]
        yield f"    Time-stamp (not checked): {said}"
    if isinstance(carrier["content"], str):
        yield f"    Says (unsigned): {shown(carrier['content'])}"
    elif carrier["content"]:
        text = json.dumps(_shortened(carrier["content"]), indent=2, ensure_ascii=True)
        yield from (f"    {line}" for line in text.split("\n"))


def as_text(found: dict[str, Any]) -> str:
    """The same for a person; every foreign string escaped."""
    lines = [f"{shown(found['name'])}  ({found['container'] or 'declaration'})"]
    if found["audio"]:
        lines.append(f"  Audio: {_facts(found['audio'])}")
    if found["refusal"]:
        lines.append(f"  Cannot be signed or bound: {found['refusal']} (prov explain it)")
    for name, values in found["tags"].items():
        lines.append(f"  Tag {name}: {shown('; '.join(values))}")
    for carrier in found["carriers"][:_MOST_SHOWN]:
        lines += _carrier(carrier)
    lines += _more(len(found["carriers"]), "carriers")
    if not found["carriers"]:
        lines.append("  No declaration.")
    if found["container"]:
        lines += _marks(found["marks"])
    lines.append("  This shows what is there; 'prov verify' says whether it holds.")
    return "\n".join(lines)
