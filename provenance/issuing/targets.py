"""Where a result goes, in place or into a copy, and what stands against it (spec 6.6)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from provenance.containers import is_named_as_audio
from provenance.containers.base import MANIFEST_TAG, Change
from provenance.files.opening import open_regular
from provenance.files.replacing import (
    Replacing,
    replace_file,
    require_absent,
    require_overwritable,
    require_replaceable,
    write_copy,
)
from provenance.issuing.embedding import embed
from provenance.issuing.preparing import (
    Prepared,
    adapter_of,
    naming,
    prepare,
    refresh,
    sidecar_path,
)
from provenance.model.errors import ProvError, UsageError
from provenance.model.limits import Limits
from provenance.verify.outcome import Context

if TYPE_CHECKING:
    from provenance.issuing.sign import Wishes


def require_targets(paths: Sequence[Path], wishes: Wishes, *, many: bool) -> None:
    """Refuse before anything is written what could not be written (CAR-025, 030, 031, 057)."""
    targets: dict[Path, Path] = {}
    for path in paths:
        if wishes.sidecar:
            require_overwritable(sidecar_path(path))
            continue
        target = destination(path, wishes.out, many=many)
        if target is None:
            require_replaceable(path, wishes.files)
            continue
        require_copy(path, target)
        if target in targets:
            raise UsageError(
                f"{path}: its copy would have the name of that of {targets[target]}",
                hint="Give them different names, or write the copies into different folders.",
            )
        targets[target] = path


def require_copy(path: Path, target: Path) -> None:
    """Refuse what can be no copy: the file itself, a taken name, one of another format."""
    if _is_same_file(path, target):
        raise UsageError(
            f"--out {target}: is the file itself",
            hint="Choose another name for the copy, or leave --out away to change the file.",
        )
    require_absent(target)
    with open_regular(path) as stream:
        suffixes = adapter_of(stream, path).suffixes
    suffix = target.suffix.lower()
    if is_named_as_audio(target.name) and suffix not in {*suffixes, path.suffix.lower()}:
        raise UsageError(
            f"--out {target}: is named as another format than that of {path}, which a copy keeps",
            hint=f"Let the name end in {suffixes[0]}.",
        )


def _is_same_file(path: Path, target: Path) -> bool:
    try:
        return os.path.samestat(path.stat(), target.lstat())
    except OSError:  # the target is not there
        return False


def destination(path: Path, out: Path | None, *, many: bool) -> Path | None:
    """Where the result goes: in place (None), a file, or a folder's file of the same name."""
    if out is None:
        return None
    if many and not out.is_dir():
        raise UsageError(f"--out {out}: must be an existing folder for several files")
    return out / path.name if out.is_dir() else out


def may_be_copy(path: Path, target: Path | None, limits: Limits) -> bool:
    """Whether a call before may have written ``target``: it is audio with a declaration."""
    if target is None or not target.is_file() or _is_same_file(path, target):
        return False
    try:
        with open_regular(target, follow=False) as stream:
            scan = adapter_of(stream, target).scan(stream, limits, True)
    except ProvError:
        return False
    return bool(scan.named(MANIFEST_TAG))


def copy_of(file: Prepared, target: Path | None, context: Context) -> Prepared | None:
    """The copy of a file that a call before has written to ``target``: the same audio, signed."""
    if target is None or not may_be_copy(file.path, target, context.limits):
        return None
    try:
        copy = prepare(target, context, tiers=frozenset({"essence"}))
    except ProvError:
        return None
    return copy if copy.essence == file.essence else None


def apply(
    file: Prepared, change: Change, context: Context, target: Path | None, how: Replacing
) -> None:
    """Rewrite one file with a change, safely; raises what refuses it."""

    def make(source: BinaryIO, new: BinaryIO) -> None:
        scan = refresh(file, source, context.limits)
        embed(file.container, source, scan, change, new, context.limits)

    with naming(file.path):
        if target is None:
            replace_file(file.path, make, how)
        else:
            write_copy(file.path, target, make)
