"""The archive of an audit: all that is needed to make the report again (spec 25.7).

``archive.zip`` holds what was asked (``asked.json``), every input under its relative name, what
was recorded of audio files (``tracks.ndjson``; the audio itself only on request), the rules that
were applied, and then the list of files and the signatures of the report.
"""

from __future__ import annotations

import json
import os
import sys
import zipfile
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from provenance.audit import packing
from provenance.audit.asked import Asked, Source, plain
from provenance.audit.document import EXHIBITS, line
from provenance.audit.model import Input, Item, Problem
from provenance.audit.report import AuditReport
from provenance.audit.sealing import ARCHIVE, FILES, REPORT_SEAL, SEAL_SUFFIX, Listed
from provenance.audit.sources._files import shown
from provenance.audit.sources.base import Reading, SourceKind
from provenance.audit.writing import LETTERS, PDF
from provenance.model.errors import RefusedError
from provenance.model.records import dataclass

ASKED, RECORD, RULES = "asked.json", "tracks.ndjson", "rules"
FORMAT = "musicprov-audit-archive/1"
LIBRARIES = ("Jinja2", "av", "cryptography", "fonttools", "openpyxl", "rdflib", "weasyprint")
"""Whose versions may change what a report says or how it looks."""
PRIVATE: Mapping[str, str] = {
    "_report": "report",
    "_tokens": "tokens",
    "_compared": "compared",
    "_named": "named",
    "_later": "later",
}
"""What of a track is no part of a report, and its name in the record."""
_FORM: Mapping[str, Any] = {"ensure_ascii": False, "indent": 2}


@dataclass(frozen=True)
class _Kept:
    """One input and where it goes."""

    name: str
    path: Path
    sha256: str


class Keeper:
    """Watches an audit read its sources: which file each input is, and what audio gave."""

    def __init__(self, folder: Path) -> None:
        self.record = folder / RECORD
        self.files: list[tuple[Source, Input, Path]] = []

    def readers(self, asked: Asked) -> dict[str, SourceKind]:
        """The readers of all sources that are asked for, each watched."""
        from provenance.audit.sources import load

        return {kind: self._watched(kind, load(kind)) for kind in {s.kind for s in asked.sources}}

    def _watched(self, kind: str, reader: SourceKind) -> SourceKind:
        def read(path: Path, reading: Reading) -> Iterator[Item | Problem]:
            with self.record.open("a", encoding="utf-8", newline="\n") as out:
                record = _Record(out) if kind == "tracks" else None

                def register(role: str, file: Path, name: str) -> Input:
                    made = reading.register(role, file, name)
                    self.files.append((Source(kind, path), made, file))
                    if record is not None:
                        record.opened(made)
                    return made

                for found in reader.read(path, replace(reading, register=register)):
                    if record is not None:
                        record.found(found)
                    yield found
                if record is not None:
                    record.end()

        return SourceKind(reader.title, read)


class _Record:
    """Writes what audio gave, each file before what was found in it and no sooner.

    How far ahead files are opened depends on how many processes there are; the record does not.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._ahead: deque[Input] = deque()

    def opened(self, made: Input) -> None:
        """A file that was given its number."""
        self._ahead.append(made)

    def found(self, found: Item | Problem) -> None:
        """What was found, after all files up to the one that it was found in."""
        self._inputs(found.input)
        self._note("item" if isinstance(found, Item) else "problem", _plain(found))

    def end(self) -> None:
        """The files in which nothing more is found."""
        if self._ahead:
            self._inputs(self._ahead[-1].number)

    def _inputs(self, last: int) -> None:
        while self._ahead and self._ahead[0].number <= last:
            self._note("input", self._ahead.popleft().as_json())

    def _note(self, kind: str, value: Mapping[str, Any]) -> None:
        self._out.write(f"{line({kind: value})}\n")


def _plain(found: Item | Problem) -> dict[str, Any]:
    """An item or a problem by ``audit-record.schema.json``."""
    if isinstance(found, Problem):
        return {m: getattr(found, m) for m in ("input", "row", "rule", "value")}
    keys = found.keys
    return {
        "kind": found.kind,
        "input": found.input,
        "where": found.where,
        "keys": {
            "isrcs": list(keys.isrcs),
            "files": list(keys.files),
            "essences": list(keys.essences),
            "names": [list(name) for name in keys.names],
            "statements": list(keys.statements),
        },
        "says": {name: value for name, value in found.says.items() if name not in PRIVATE},
        **{member: found.says[name] for name, member in PRIVATE.items() if name in found.says},
    }


def write_archive(
    report: AuditReport, asked: Asked, keeper: Keeper, folder: Path, *, audio: bool = False
) -> None:
    """Write ``archive.zip`` into a report's folder, without the seals that come later.

    ``keeper`` watched the audit. Raises ``RefusedError`` when an input has changed since it was
    read (AUD-084), or has a name that no archive can hold.
    """
    kept = set(_kept(asked, keeper, report.head["inputs"], audio=audio))
    small = {
        ASKED: (json.dumps(_said(asked, report, folder, audio=audio), **_FORM) + "\n").encode(),
        **{f"{RULES}/{name}.json": _rule_data(name) for name in set(asked.rules)},
    }
    files = {one.name: one for one in kept}
    if len(files) != len(kept):
        raise RefusedError("audit.input-name", "two inputs would have one name in the archive")
    if not audio and any(source.kind == "tracks" for source in asked.sources):
        files[RECORD] = _Kept(RECORD, keeper.record, "")
    with zipfile.ZipFile(folder / ARCHIVE, "x") as archive:
        for name in sorted({*small, *files}):
            if name in small:
                packing.add_bytes(archive, name, small[name])
            else:
                _add(archive, files[name])


def _add(archive: zipfile.ZipFile, one: _Kept) -> None:
    if not packing.is_name(one.name):
        raise RefusedError("audit.input-name", f"{one.name!a}: no archive can hold this name")
    if packing.add_file(archive, one.name, one.path) != one.sha256 and one.sha256:
        raise RefusedError("audit.input-changed", f"{one.path}: has changed since it was read")


def _said(asked: Asked, report: AuditReport, folder: Path, *, audio: bool) -> dict[str, Any]:
    """What was asked, with paths that lead into the archive (``audit-archive.schema.json``)."""
    return {
        "archive": FORMAT,
        "tool": report.head["tool"],
        "versions": versions(),
        "at": report.head["audit"]["at"],
        "charts": [_chart(place, path) for place, path in enumerate(asked.charts, 1)],
        "trust": None if asked.trust is None else _trust(_name(asked.trust)),
        "keys": [_key(place, path) for place, path in enumerate(asked.keys, 1)],
        "sources": [_source(asked, source, audio=audio) for source in asked.sources],
        **plain(asked),
        "forms": {
            "pdf": (folder / PDF).exists(),
            "letters": (folder / LETTERS).is_dir(),
        },
    }


def _name(path: Path) -> str:
    return shown(os.fsencode(path.name))


def _chart(place: int, path: Path) -> str:
    return f"charts/{place:02}/{_name(path)}"


def _key(place: int, path: Path) -> str:
    return f"keys/{place:02}/{_name(path)}"


def _trust(name: str) -> str:
    return f"trust/{name}"


def _path(asked: Asked, source: Source) -> str:
    """Where a source's file or folder is in the archive, under its own name."""
    place = asked.sources.index(source) + 1
    return f"sources/{place:02}-{source.kind}/{_name(source.path) or 'folder'}"


def _source(asked: Asked, source: Source, *, audio: bool) -> dict[str, Any]:
    is_kept = audio or source.kind != "tracks"
    return {
        "kind": source.kind,
        "path": _path(asked, source) if is_kept else None,
        "folder": source.path.is_dir(),
    }


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


def _kept(
    asked: Asked, keeper: Keeper, inputs: list[Mapping[str, Any]], *, audio: bool
) -> Iterator[_Kept]:
    """Each input with its place in the archive; audio and what stands beside it on request."""
    from provenance.workspace.policies import files_of

    fixed = [(_chart(n, path), path) for n, path in enumerate(asked.charts, 1)]
    if asked.trust is not None:
        fixed.append((_trust(_name(asked.trust)), asked.trust))
        fixed += [(_trust(name), path) for name, path in files_of(asked.trust)]
    fixed += [(_key(n, path), path) for n, path in enumerate(asked.keys, 1)]
    for (name, path), one in zip(fixed, inputs[: len(fixed)], strict=True):
        yield _Kept(name, path, one["sha256"])
    for source, made, path in keeper.files:
        if audio or source.kind != "tracks":
            name = f"/{made.name}" if source.path.is_dir() else ""
            yield _Kept(f"{_path(asked, source)}{name}", path, made.sha256)


def add_seals(folder: Path) -> None:
    """Put the list of files and the signatures of a report at the end of its archive."""
    seals = [folder / REPORT_SEAL, *sorted((folder / EXHIBITS).glob(f"*{SEAL_SUFFIX}"))]
    with zipfile.ZipFile(folder / ARCHIVE, "a") as archive:
        for path in (folder / FILES, *(seal for seal in seals if seal.exists())):
            packing.add_file(archive, path.relative_to(folder).as_posix(), path)


def listed(archive: Path) -> Iterator[Listed]:
    """The members of an archive that has no seals yet, by name."""
    with packing.opened(archive) as members:
        for name in sorted(members):
            yield Listed(name, members[name].size, members[name].digest())
