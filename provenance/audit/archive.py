"""The archive of an audit: all that is needed to make the report again (spec 25.7).

``archive.zip`` holds what was asked (``asked.json``), every input under its relative name, what
was recorded of audio files (``tracks.ndjson``; the audio itself only on request), the rules that
were applied, and then the list of files and the signatures of the report.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from provenance.audit import packing
from provenance.audit.asked import Asked, Source
from provenance.audit.document import EXHIBITS, line
from provenance.audit.model import Input
from provenance.audit.report import AuditReport
from provenance.audit.sealing import ARCHIVE, FILES, REPORT_SEAL, SEAL_SUFFIX, Listed, list_file
from provenance.audit.store import Store
from provenance.model.errors import InputError, RefusedError
from provenance.model.records import dataclass

ASKED, RECORD, RULES = "asked.json", "tracks.ndjson", "rules"
FORMAT = "musicprov-audit-archive/1"
LIBRARIES = ("Jinja2", "av", "cryptography", "fonttools", "openpyxl", "rdflib", "weasyprint")
"""Whose versions may change what a report says or how it looks."""
_KINDS: Mapping[str, tuple[str, ...]] = {
    "track": ("tracks",),
    "manifest": ("manifests", "tracks"),
    "ern": ("ern",),
    "detector": ("detector",),
    "crowdList": ("crowd-list",),
    "credits": ("credits",),
}
"""In sources of which kinds an input of a role can stand."""
_SEAL_NAME = re.compile(rf"{EXHIBITS}/[0-9]{{4,}}\.jws|{re.escape(REPORT_SEAL)}", re.ASCII)


@dataclass(frozen=True)
class _Kept:
    """One input and where it goes."""

    name: str
    path: Path
    sha256: str


def write_archive(
    report: AuditReport, asked: Asked, store: Store, folder: Path, *, audio: bool = False
) -> None:
    """Write ``archive.zip`` into a report's folder, without the seals that come later (AUD-085).

    Raises ``RefusedError`` when an input has changed since it was read, or has a name that no
    archive can hold.
    """
    kept = sorted(_kept(asked, store, audio=audio), key=lambda one: one.name)
    small = {
        ASKED: (json.dumps(_said(asked, report, folder, audio=audio), **_FORM) + "\n").encode(),
        **{f"{RULES}/{name}.json": _rule_data(name) for name in sorted(set(asked.rules))},
    }
    with zipfile.ZipFile(folder / ARCHIVE, "x") as archive:
        for name, data in sorted(small.items()):
            packing.add_bytes(archive, name, data)
        if any(source.kind == "tracks" for source in asked.sources) and not audio:
            _add_record(archive, store)
        for one in kept:
            _add(archive, one)


_FORM: Mapping[str, Any] = {"ensure_ascii": False, "indent": 2}


def _add(archive: zipfile.ZipFile, one: _Kept) -> None:
    if not packing.is_name(one.name):
        raise RefusedError("audit.input-name", f"{one.path.name!a}: no archive can hold this name")
    if packing.add_file(archive, one.name, one.path) != one.sha256:
        raise RefusedError("audit.input-changed", f"{one.path}: has changed since it was read")


def _said(asked: Asked, report: AuditReport, folder: Path, *, audio: bool) -> dict[str, Any]:
    """What was asked, with paths that lead into the archive (``audit-archive.schema.json``)."""
    return {
        "archive": FORMAT,
        "tool": report.head["tool"],
        "versions": versions(),
        "at": report.head["audit"]["at"],
        "charts": [_chart(place, path) for place, path in enumerate(asked.charts, 1)],
        "trust": None if asked.trust is None else _trust(asked.trust.name),
        "keys": [_key(place, path) for place, path in enumerate(asked.keys, 1)],
        "sources": [
            _source(place, source, audio=audio) for place, source in enumerate(asked.sources, 1)
        ],
        "columns": dict(sorted(asked.columns.items())),
        "week": asked.week,
        "rules": list(asked.rules),
        "settings": list(asked.settings),
        "threshold": repr(asked.threshold),
        "title": asked.title,
        "auditor": asked.auditor,
        "language": asked.language,
        "decode": asked.context.decode,
        "forms": {
            "pdf": (folder / "report.pdf").exists(),
            "letters": (folder / "letters").is_dir(),
        },
    }


def _chart(place: int, path: Path) -> str:
    return f"charts/{place:02}/{path.name}"


def _key(place: int, path: Path) -> str:
    return f"keys/{place:02}/{path.name}"


def _trust(name: str) -> str:
    return f"trust/{name}"


def _place(place: int, source: Source) -> str:
    return f"sources/{place:02}-{source.kind}"


def _source(place: int, source: Source, *, audio: bool) -> dict[str, Any]:
    top = _place(place, source)
    is_folder = source.path.is_dir()
    path = top if is_folder else f"{top}/{source.path.name}"
    is_kept = audio or source.kind != "tracks"
    return {"kind": source.kind, "path": path if is_kept else None, "folder": is_folder}


def versions() -> dict[str, str]:
    """The versions of Python and of the libraries that are there."""
    from importlib.metadata import PackageNotFoundError, version

    found = {"Python": ".".join(str(part) for part in sys.version_info[:3])}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _rule_data(name: str) -> bytes:
    from provenance.wire.schemas import schema_root

    return (schema_root() / "profiles" / f"{name}.json").read_bytes()


def _kept(asked: Asked, store: Store, *, audio: bool) -> Iterator[_Kept]:
    """Each input with its place in the archive; audio and what stands beside it on request."""
    from provenance.workspace.policies import files_of

    charts = [(_chart(n, path), path) for n, path in enumerate(asked.charts, 1)]
    trust = [] if asked.trust is None else [(_trust(asked.trust.name), asked.trust)]
    if asked.trust is not None:
        trust += [(_trust(name), path) for name, path in files_of(asked.trust)]
    keys = [(_key(n, path), path) for n, path in enumerate(asked.keys, 1)]
    fixed = {"chart": iter(charts), "trustPolicy": iter(trust), "key": iter(keys)}
    for one in store.inputs():
        if one.role in fixed:
            name, path = next(fixed[one.role])
            yield _Kept(name, path, one.sha256)
        elif one.role != "track" or audio:
            place, source, path = _found(one, asked)
            name = one.name if source.path.is_dir() else path.name
            yield _Kept(f"{_place(place, source)}/{name}", path, one.sha256)


def _found(one: Input, asked: Asked) -> tuple[int, Source, Path]:
    """The source that an input stands in, and its file."""
    for place, source in enumerate(asked.sources, 1):
        if source.kind not in _KINDS[one.role]:
            continue
        path = source.path / one.name if source.path.is_dir() else source.path
        if path.is_file() and list_file(path, "").sha256 == one.sha256:
            return place, source, path
    raise RefusedError("audit.input-changed", f"{one.name}: has changed since it was read")


def _add_record(archive: zipfile.ZipFile, store: Store) -> None:
    """What was recorded of audio files, one value a line (``audit-record.schema.json``)."""
    with packing.added(archive, RECORD) as stream:
        for one in _record(store):
            stream.write(line(one).encode("utf-8") + b"\n")


def _record(store: Store) -> Iterator[dict[str, Any]]:
    numbers = set()
    for one in store.inputs():
        if one.role == "track":
            numbers.add(one.number)
            members = ("number", "role", "name", "size", "sha256")
            yield {"input": {member: getattr(one, member) for member in members}}
    for item in store.items():
        if item.input in numbers:
            keys = item.keys
            yield {
                "item": {
                    "kind": item.kind,
                    "input": item.input,
                    "where": item.where,
                    "keys": {
                        "isrcs": list(keys.isrcs),
                        "files": list(keys.files),
                        "essences": list(keys.essences),
                        "names": [list(name) for name in keys.names],
                    },
                    "says": item.says,
                }
            }
    for found in store.problems():
        if found.input in numbers:
            yield {"problem": {m: getattr(found, m) for m in ("input", "row", "rule", "value")}}


def listed(archive: Path) -> Iterator[Listed]:
    """The members of an archive that has no seals yet, by name."""
    with packing.opened(archive) as members:
        for name in sorted(members):
            yield Listed(name, members[name].size, members[name].digest())


def add_seals(folder: Path) -> None:
    """Put the list of files and the signatures of a report at the end of its archive."""
    seals = [folder / REPORT_SEAL, *sorted((folder / EXHIBITS).glob(f"*{SEAL_SUFFIX}"))]
    with zipfile.ZipFile(folder / ARCHIVE, "a") as archive:
        for path in (folder / FILES, *(seal for seal in seals if seal.exists())):
            packing.add_file(archive, path.relative_to(folder).as_posix(), path)


def differing(archive: Path, listing: Mapping[str, Any]) -> list[str]:
    """The members that are not as a report's list has them, by name (AUD-087).

    Raises ``RefusedError`` for what has not the form of an archive, ``InputError`` for what
    cannot be opened.
    """
    with packing.opened(archive) as members:
        return _differing(members, listing)


def _differing(members: Mapping[str, packing.Member], listing: Mapping[str, Any]) -> list[str]:
    wanted = {one["name"]: one for one in listing["archive"]}
    names = {n for n in members if n != FILES and not _SEAL_NAME.fullmatch(n)}
    found = sorted(names ^ set(wanted))
    for name in sorted(names & set(wanted)):
        one = members[name]
        if one.size != wanted[name]["size"] or one.digest() != wanted[name]["sha256"]:
            found.append(name)
    return found


@dataclass(frozen=True)
class Bundle:
    """An archive that was read, unpacked and found to be as its list has it."""

    folder: Path
    asked: Mapping[str, Any]
    listing: Mapping[str, Any]
    listing_bytes: bytes
    seals: Mapping[str, bytes]
    """The signatures by name, as they are; nothing says yet that they hold."""


def unpack(path: Path, folder: Path) -> Bundle:
    """Unpack an archive into an empty folder (AUD-086, AUD-087).

    Raises ``RefusedError`` for what has not the form of an archive and for one whose members are
    not what its list says, before any of them is used.
    """
    from provenance.audit.checking import MAX_LIST_BYTES, read_listing
    from provenance.model.limits import DEFAULT_LIMITS

    with packing.opened(path) as members:
        if FILES not in members or ASKED not in members:
            raise packing.refused(f"{path.name!a}: has no {FILES} or no {ASKED}")
        data = members[FILES].read(MAX_LIST_BYTES)
        listing = read_listing(data)
        wrong = _differing(members, listing)
        if wrong:
            shown = ", ".join(f"{name[:80]!a}" for name in wrong[:5])
            raise RefusedError("audit.archive-changed", f"not as the list says: {shown}")
        limit = DEFAULT_LIMITS.envelope_bytes
        seals = {n: one.read(limit) for n, one in members.items() if _SEAL_NAME.fullmatch(n)}
        for one in listing["archive"]:
            members[one["name"]].unpack(folder / one["name"])
    return Bundle(folder, _read_asked(folder / ASKED), listing, data, seals)


def _read_asked(path: Path) -> dict[str, Any]:
    from provenance.model.limits import MIB
    from provenance.wire import schemas, strict_json
    from provenance.wire.strict_json import JsonError

    try:
        found = strict_json.parse(path.read_bytes(), max_bytes=MIB, max_depth=8)
    except (JsonError, InputError) as error:
        raise packing.refused(f"{ASKED}: {error}") from None
    if not schemas.is_valid(found, "audit-archive"):
        raise packing.refused(f"{ASKED}: is nothing that can be asked")
    places = [found["trust"], *found["charts"], *found["keys"]]
    places += [source["path"] for source in found["sources"]]
    if not all(place is None or packing.is_name(place) for place in places):
        raise packing.refused(f"{ASKED}: names a file outside the archive")
    known: dict[str, Any] = found
    return known
