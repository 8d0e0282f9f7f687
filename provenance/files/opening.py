"""Opening a file that a user or an attacker named (spec 6.6, CAR).

One descriptor serves tag reading and hashing, so nothing can be swapped in between. Symbolic
links are followed for reading a file that the user named, never for writing. FIFOs and devices
are refused without blocking.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from provenance.model.errors import InputError

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0)

_REASONS = {
    errno.ENOENT: ("no such file", "Check the name."),
    errno.EACCES: ("not readable", "Check its permissions."),
    errno.EPERM: ("not permitted", "Check its permissions."),
    errno.ELOOP: ("is a symbolic link", "Name the file that the link points to."),
    errno.ENOSPC: ("the disk is full", "Free some space and run the same command again."),
    errno.EFBIG: (
        "the file is larger than is allowed here",
        "Allow larger files (ulimit -f), or write elsewhere, and run the same command again.",
    ),
    errno.EDQUOT: ("the disk quota is used up", "Free some space and run the same command again."),
    errno.EROFS: ("the file system is read-only", "Write a signed copy elsewhere with --out."),
    errno.ENAMETOOLONG: ("the name is too long", "Use a shorter name or folder."),
    errno.EISDIR: ("is a folder", "Name a file."),
}

_FOLDERS = {
    errno.ENOENT: ("no such folder", "Make it first, or check the name."),
    errno.ENOTDIR: ("is no folder", "Check the name."),
    errno.EACCES: ("not writable", "Check its permissions, or choose another folder."),
    errno.EPERM: ("not writable", "Check its permissions, or choose another folder."),
}


def folder_error(folder: Path, error: OSError, hint: str = "") -> InputError:
    """The error that says why no file can be made in ``folder``; ``hint`` for one not writable."""
    if error.errno not in _FOLDERS:
        return input_error(folder, error)
    what, fix = _FOLDERS[error.errno]
    return InputError(f"{folder}: {what}", hint=(what == "not writable" and hint) or fix)


def input_error(path: Path | str, error: OSError) -> InputError:
    """The error that says in words what the system said about ``path``."""
    what, hint = _REASONS.get(error.errno or 0, (error.strerror or str(error), ""))
    return InputError(f"{path}: {what}", hint=hint)


def open_regular(path: Path, *, follow: bool = True, folder: int | None = None) -> BinaryIO:
    """Open a regular file for reading; anything else is an ``InputError``.

    ``follow`` False refuses a symbolic link at the end of the path (for files to be replaced).
    ``folder`` is the descriptor of the path's folder, where that is open.
    """
    flags = os.O_RDONLY | _NONBLOCK | _BINARY | (0 if follow else _NOFOLLOW)
    try:
        descriptor = os.open(path if folder is None else path.name or ".", flags, dir_fd=folder)
    except (OSError, ValueError) as error:
        if not isinstance(error, OSError):
            hint = "It has a character that no name of a file can have."
            raise InputError(f"{path}: not a file name", hint=hint) from error
        if follow and error.errno == errno.ELOOP:
            hint = "It leads in a circle, or over too many others. Name a file."
            raise InputError(f"{path}: is a symbolic link that leads nowhere", hint=hint) from error
        raise input_error(path, error) from error
    kind = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(kind):
        os.close(descriptor)
        if is_closed(path):
            raise input_error(path, PermissionError(errno.EACCES, ""))
        what = "is a folder" if stat.S_ISDIR(kind) else "is not a regular file"
        raise InputError(f"{path}: {what}", hint="Name a file.")
    return os.fdopen(descriptor, "rb")


def is_closed(path: Path) -> bool:
    """Whether it is a folder of which nobody here may look at what stands in it."""
    return os.path.isdir(path) and not os.access(path, os.X_OK)  # noqa: PTH112 - never raises
