"""Looking at the user's files before anything is written (spec 5.8, 6.7).

All files of one ``sign`` call are one recording. For each: what it is, its bindings, and what
statements it carries already. What may be done to those is decided in ``standing``.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provenance.containers import identify, load
from provenance.containers.base import MANIFEST_TAG, Container, Scan
from provenance.files.opening import open_regular
from provenance.issuing.embedding import require_writable
from provenance.model.errors import RefusedError, UnsupportedContainerError, UsageError
from provenance.model.limits import Limits
from provenance.model.records import dataclass
from provenance.verify import steps
from provenance.verify.outcome import Candidate, Context, Given

if TYPE_CHECKING:
    from provenance.bindings.compare import Computed

Marks = tuple[int, int, int, int, int]
SIDECAR = "sidecar"
"""The place of a statement that stands in the sidecar."""
SIDECAR_SUFFIX = ".musicprov.json"


@dataclass(frozen=True)
class Prepared:
    """One file as it was when looked at."""

    path: Path
    container: Container
    scan: Scan
    computed: Computed
    existing: tuple[Candidate, ...]
    marks: Marks

    @property
    def essence(self) -> str:
        """The digest of its essence, as a manifest spells it."""
        digest = steps.essence_digest(self.scan)
        if digest is None:
            raise named(RefusedError("essence.none"), self.path)
        return digest


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let a refusal that does not say so yet say which file it is about."""
    try:
        yield
    except RefusedError as error:
        told = named(error, path)
        if told is error:
            raise
        raise told from error


def named(error: RefusedError, path: Path) -> RefusedError:
    """The refusal with the file before its message: the registry's words where it has none."""
    from provenance.wire.registries import explained

    message, fix = explained(error)
    if message.startswith(f"{path}: "):
        return error
    return RefusedError(error.rule, f"{path}: {message}", hint=fix)


def marks_of(found: os.stat_result) -> Marks:
    """What tells whether a file may be other than when it was looked at.

    The time of the last change of its status is among them, which no program can set back. A new
    name or mode changes it too, so it tells that the file is to be looked at again, and no more.
    """
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def require_distinct(paths: Sequence[Path]) -> None:
    """Refuse two names of one file in one call, but for hard links: those are files to be told."""
    seen: dict[tuple[int, int, str], Path] = {}
    for path in paths:
        try:
            found = path.stat()
        except OSError:
            continue  # said when it is opened
        real = os.path.realpath(path) if found.st_nlink > 1 else ""
        first = seen.setdefault((found.st_dev, found.st_ino, real), path)
        if first is not path:
            raise UsageError(f"{path}: is the same file as {first}", hint="Name each file once.")


def adapter_of(stream: Any, path: Path) -> Container:
    """The adapter that recognises an open file by its content."""
    name = identify(stream)
    if name is None:
        raise UnsupportedContainerError(
            f"{path}: is none of MP3, FLAC, WAV, AIFF, MP4/M4A or Ogg",
            hint="Only these six families can carry a declaration; see spec/containers.",
        )
    return load(name)


def prepare(path: Path, context: Context, *, tiers: frozenset[str]) -> Prepared:
    """Look at one file: structure, audio, bindings, statements that it carries.

    Raises ``RefusedError`` when a rule refuses the file; nothing is written.
    """
    from provenance.bindings.compare import compute

    with open_regular(path) as stream, naming(path):
        marks = marks_of(os.fstat(stream.fileno()))  # what is written while we look counts
        container = adapter_of(stream, path)
        scan = container.scan(stream, context.limits, True)
        require_writable(scan)
        scan = steps.with_digest(stream, scan)
        computed = compute(stream, scan, context.limits, want=tiers, decode=context.decode)
    existing = existing_statements(scan, context, sidecar_of(path, context.limits))
    return Prepared(path, container, scan, computed, existing, marks)


def sidecar_path(path: Path) -> Path:
    """Where a file's sidecar stands (spec 6.3)."""
    return path.with_name(path.name + SIDECAR_SUFFIX)


def sidecar_of(path: Path, limits: Limits) -> tuple[Given, ...]:
    """The sidecar beside a file, if there is one: a regular file of at most 1 MiB."""
    beside = sidecar_path(path)
    try:
        kind = beside.lstat().st_mode
    except OSError:  # there is none, or its name would be too long
        return ()
    if not stat.S_ISREG(kind):
        return ()
    with open_regular(beside, follow=False) as stream:
        value = stream.read(limits.bundle_bytes + 1)
    return (Given(SIDECAR, value),)


def existing_statements(
    scan: Scan | None, context: Context, given: Sequence[Given] = ()
) -> tuple[Candidate, ...]:
    """The statements that a file carries, and what is given, examined but not bound."""
    places, _ = steps.collect(scan, given)
    values, _ = steps.parse(places, context.limits)
    return tuple(steps.examine(values, context)[0])


def has_unreadable(file: Prepared, *, sidecar: bool) -> bool:
    """Whether a place that is written over holds what is broken, or unknown to this version.

    ``sidecar`` says that the sidecar is written over too, and not the file's tags alone. A value
    that gives no statement at all (a bundle of a later version) is one of these.
    """
    places = {carrier.where for carrier in file.scan.named(MANIFEST_TAG)}
    if sidecar and os.path.lexists(sidecar_path(file.path)):
        places.add(SIDECAR)
    intact = {w for c in file.existing if c.is_intact for w in c.where}
    others = {w for c in file.existing if not c.is_intact for w in c.where}
    return bool(places & others) or not places <= intact


def refresh(prepared: Prepared, stream: Any, limits: Limits) -> Scan:
    """The scan to write from: the one at hand if the file is untouched, else a new one (CAR-033).

    A file that was replaced or written to meanwhile must hold the same audio and statements.
    """
    if marks_of(os.fstat(stream.fileno())) == prepared.marks:
        return prepared.scan
    scan = prepared.container.scan(stream, limits, True)
    require_writable(scan)
    scan = steps.with_digest(stream, scan)
    if _facts(scan) != _facts(prepared.scan):
        raise RefusedError(
            "write.changed-meanwhile",
            f"{prepared.path}: was changed by another program meanwhile; it was not written",
            hint="Run the same command again.",
        )
    return scan


def _facts(scan: Scan) -> tuple[object, ...]:
    carriers = tuple((c.name, c.value) for c in scan.carriers)
    return (scan.essence and replace(scan.essence, ranges=()), carriers)
