"""Replacing a file safely: the old or the new one is there, whole, whatever happens (spec 6.6).

The steps: lock the target, remove what an earlier run left behind, copy into a temporary file
in the same folder (created exclusively), let the caller check the copy, give it the target's
owner, group, mode, extended attributes and times, fsync it, make sure that the target is still the
file that was read, rename, fsync the folder. Nothing else in the folder is touched; the folder is
opened once, and stays the one that is written to, wherever its path leads meanwhile.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from provenance.files.opening import folder_error, input_error, open_regular
from provenance.files.temporaries import (
    new_file,
    open_folder,
    publish_new,
    remove_stale,
    rename,
    status_of,
)
from provenance.model.errors import InputError, RefusedError
from provenance.model.records import dataclass

Make = Callable[[BinaryIO, BinaryIO], None]
"""``make(source, target)`` writes the whole new file and checks it; it raises to abandon."""

_LOCK_SECONDS = 60.0
_SPARE_BYTES = 1 << 20
_COPY_ELSEWHERE = "Check its permissions, or write a copy elsewhere with --out."


@dataclass(frozen=True)
class Replacing:
    """How a target is treated: ``touch`` renews its times, ``break_link`` permits hard links."""

    touch: bool = False
    break_link: bool = False


DEFAULT = Replacing()


def replace_file(path: Path, make: Make, how: Replacing = DEFAULT) -> None:
    """Replace ``path`` by what ``make`` writes from it.

    Raises ``InputError`` (path, permission, disk, changed meanwhile), ``RefusedError`` (hard link,
    read-only, an owner that cannot be kept), or what ``make`` raises; the target is then untouched.
    """
    with open_folder(path.parent) as folder, _locked(path, folder) as source:
        before = os.fstat(source.fileno())
        _require_replaceable(path, before, how)
        remove_stale(folder, path.name)
        _require_space(path.parent, before.st_size)
        with new_file(path, folder) as (temporary, target):
            _fill(path, source, target, make)
            _dress(path, source.fileno(), target.fileno(), before, how)
            os.fsync(target.fileno())
            _require_same(path, folder, before)
            rename(temporary, path, folder)


def write_copy(path: Path, destination: Path, make: Make) -> None:
    """Write what ``make`` makes of ``path`` to ``destination``, which must not exist yet.

    The copy gets the mode of the source. Raises as ``replace_file``, also where the source is
    written to meanwhile; it may be renamed or removed.
    """
    require_absent(destination)
    with open_regular(path) as source, open_folder(destination.parent) as folder:
        before = os.fstat(source.fileno())
        _require_space(destination.parent, before.st_size)
        remove_stale(folder, destination.name)
        with new_file(destination, folder) as (temporary, target):
            _fill(path, source, target, make)
            os.fchmod(target.fileno(), stat.S_IMODE(before.st_mode) & 0o777)
            os.fsync(target.fileno())
            _require_marks(path, os.fstat(source.fileno()), before)
            publish_new(temporary, destination, folder)


def require_absent(destination: Path) -> None:
    """Raise what ``write_copy`` would refuse a destination for: its name, or its folder."""
    if _found(destination) is not None:
        raise InputError(f"{destination}: exists already", hint="Choose another name for --out.")
    _require_writable(destination.parent)


def require_overwritable(path: Path) -> None:
    """Raise what ``write_new`` would refuse a path for that it may overwrite."""
    found = _found(path)
    if found is not None and stat.S_ISDIR(found.st_mode):
        raise input_error(path, IsADirectoryError(errno.EISDIR, "folder"))
    if found is not None and stat.S_ISREG(found.st_mode):
        require_replaceable(path, Replacing(break_link=True))
    else:
        _require_writable(path.parent, _COPY_ELSEWHERE)


def _found(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise input_error(path, error) from error


def _require_writable(folder: Path, hint: str = "") -> None:
    """Raise what stands against making a file in a folder."""
    if _may(folder, os.W_OK | os.X_OK):
        return
    try:
        is_read_only = os.statvfs(folder).f_flag & os.ST_RDONLY
    except OSError as error:
        raise folder_error(folder, error) from error
    number = errno.EROFS if is_read_only else errno.EACCES
    raise folder_error(folder, OSError(number, os.strerror(number)), hint)


def _may(path: Path, what: int) -> bool:
    return os.access(path, what, effective_ids=os.access in os.supports_effective_ids)


def write_new(
    path: Path,
    data: bytes,
    *,
    mode: int = 0o644,
    owner: os.stat_result | None = None,
    overwrite: bool = False,
) -> None:
    """Write a small file atomically; refuses an existing one unless ``overwrite``.

    ``owner`` is of a file whose owner and group it gets too, where that is permitted.
    """
    if not overwrite and os.path.lexists(path):
        raise InputError(f"{path}: exists already", hint="Choose another name, or remove it.")
    with open_folder(path.parent) as folder, new_file(path, folder) as (temporary, target):
        target.write(data)
        target.flush()
        if owner is not None:
            mode = _given(target.fileno(), owner, mode)
        os.fchmod(target.fileno(), mode)
        os.fsync(target.fileno())
        if overwrite:
            rename(temporary, path, folder)
        else:
            publish_new(temporary, path, folder)


def _given(target: int, owner: os.stat_result, mode: int) -> int:
    """Give a new file its owner and group, as permitted; the mode that then lets in nobody else."""
    for user in (owner.st_uid, -1):
        with suppress(OSError):
            os.fchown(target, user, owner.st_gid)
            return mode
    others = mode & stat.S_IRWXO
    return mode & ~stat.S_IRWXG | others << 3


def _fill(path: Path, source: BinaryIO, target: BinaryIO, make: Make) -> None:
    try:
        make(source, target)
    except EOFError as error:
        raise _changed_meanwhile(path) from error
    target.flush()


@contextmanager
def _locked(path: Path, folder: int) -> Iterator[BinaryIO]:
    """Open and lock ``path``; when it was replaced while we waited, open the new one."""
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        source = open_regular(path, follow=False, folder=folder)
        try:
            _lock(source.fileno(), path, deadline)
            if _is_current(path, folder, os.fstat(source.fileno())):
                yield source
                return
        finally:
            source.close()


def _lock(descriptor: int, path: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in {errno.ENOLCK, errno.ENOTSUP, errno.EINVAL}:
                return  # a file system without locks: the check before the rename still holds
            if error.errno not in {errno.EWOULDBLOCK, errno.EINTR}:
                raise input_error(path, error) from error
            if time.monotonic() > deadline:
                raise InputError(
                    f"{path}: another program keeps it locked",
                    hint="Wait until the other run has ended, then run the same command again.",
                ) from error
            time.sleep(0.01)
        else:
            return


def _is_current(path: Path, folder: int, opened: os.stat_result) -> bool:
    try:
        now = status_of(path, folder)
    except FileNotFoundError:
        return False  # being replaced on a system where rename is not atomic: try again
    return (now.st_dev, now.st_ino) == (opened.st_dev, opened.st_ino)


def require_replaceable(path: Path, how: Replacing = DEFAULT) -> None:
    """Raise what ``replace_file`` would refuse a file for; it is not opened."""
    try:
        found = path.lstat()
    except OSError as error:
        raise input_error(path, error) from error
    if stat.S_ISLNK(found.st_mode):
        raise input_error(path, OSError(errno.ELOOP, "link"))
    _require_replaceable(path, found, how)
    groups = {os.getegid(), *os.getgroups()}
    if found.st_uid != os.geteuid() or found.st_gid not in groups:  # tried, as only that can tell
        with open_folder(path.parent) as folder, new_file(path, folder) as (_, target):
            _keep_owner(path, target.fileno(), found)


def _require_replaceable(path: Path, found: os.stat_result, how: Replacing) -> None:
    _require_writable(path.parent, _COPY_ELSEWHERE)
    if found.st_nlink > 1 and not how.break_link:
        raise RefusedError(
            "file.hard-link",
            f"{path}: has {found.st_nlink} names (hard links); the others would keep the old file",
            hint="Use --break-link to replace this name only, or --out for a copy.",
        )
    if not found.st_mode & 0o222:
        raise RefusedError(
            "file.read-only",
            f"{path}: is marked read-only",
            hint="Make it writable (chmod u+w), or write a copy with --out.",
        )
    if not _may(path, os.W_OK):
        raise RefusedError(
            "file.read-only",
            f"{path}: you may not write to it",
            hint="Ask whoever owns it, or write a copy with --out.",
        )


def _require_space(folder: Path, size: int) -> None:
    try:
        disk = os.statvfs(folder)
    except OSError as error:
        raise folder_error(folder, error) from error
    free = disk.f_bavail * disk.f_frsize
    if disk.f_blocks and free < size + _SPARE_BYTES:
        raise InputError(
            f"{folder}: {free} bytes free, {size + _SPARE_BYTES} needed for the new file",
            hint="Free some space and run the same command again.",
        )


def _dress(path: Path, source: int, target: int, before: os.stat_result, how: Replacing) -> None:
    """Owner, group, mode and times of the source, and the extended attributes that may be set."""
    _keep_owner(path, target, before)
    _copy_attributes(source, target)
    os.fchmod(target, stat.S_IMODE(before.st_mode))
    if not how.touch:
        os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))


def _keep_owner(path: Path, target: int, before: os.stat_result) -> None:
    made = os.fstat(target)
    if (made.st_uid, made.st_gid) == (before.st_uid, before.st_gid):
        return
    try:
        os.fchown(target, before.st_uid, before.st_gid)
    except OSError as error:
        whose = "owner" if made.st_uid != before.st_uid else "group"
        raise RefusedError(
            "file.owner",
            f"{path}: has another {whose}, which a new file of yours would not have",
            hint="Ask whoever owns it to run this, or write a copy with --out.",
        ) from error


def _copy_attributes(source: int, target: int) -> None:
    if not hasattr(os, "listxattr"):
        return
    try:
        names = os.listxattr(source)
    except OSError:
        return
    for name in names:
        with suppress(OSError):  # security.* needs privileges; the rest is copied
            os.setxattr(target, name, os.getxattr(source, name))


def _require_same(path: Path, folder: int, before: os.stat_result) -> None:
    try:
        now = status_of(path, folder)
    except OSError as error:
        raise input_error(path, error) from error
    _require_marks(path, now, before)


def _require_marks(path: Path, now: os.stat_result, before: os.stat_result) -> None:
    marks = ("st_dev", "st_ino", "st_size", "st_mtime_ns")
    if any(getattr(now, mark) != getattr(before, mark) for mark in marks):
        raise _changed_meanwhile(path)


def _changed_meanwhile(path: Path) -> InputError:
    return InputError(
        f"{path}: was changed by another program meanwhile; it was not written",
        hint="Run the same command again.",
    )
