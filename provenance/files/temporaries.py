"""Temporary files in a folder that was opened once, and how they get their name (spec 6.6).

All is done within that folder, by the names in it, wherever its path leads meanwhile.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from provenance.files.copying import NewFile
from provenance.files.opening import folder_error, input_error
from provenance.model.errors import InputError

_NAME_BYTES = 200
_END = re.compile(r"([0-9]+)-[0-9a-f]{8}")


@contextmanager
def open_folder(folder: Path) -> Iterator[int]:
    """The descriptor of a folder: what is done in it by name is done in it and nowhere else.

    Raises ``InputError`` for a folder that cannot be opened.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    except OSError as error:
        raise folder_error(folder, error) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def new_file(path: Path, folder: int) -> Iterator[tuple[str, BinaryIO]]:
    """The name of a new file in the folder of ``path``, and the file, open for writing and reading.

    It is removed again unless it was renamed away. Raises ``InputError`` where it cannot be made,
    and for what the disk refuses meanwhile.
    """
    name = f"{_prefix(path.name)}{os.getpid()}-{os.urandom(4).hex()}"
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(name, flags, 0o600, dir_fd=folder)
    except OSError as error:
        raise folder_error(path.parent, error) from error
    try:
        with NewFile(descriptor) as target:
            yield name, target
    except OSError as error:
        raise input_error(path, error) from error
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder)


def remove_stale(folder: int, name: str) -> None:
    """Remove temporaries for a file of this name whose process is gone; under its lock."""
    prefix = _prefix(name)
    with suppress(OSError):
        for entry in os.listdir(folder):
            match = entry.startswith(prefix) and _END.fullmatch(entry, len(prefix))
            if match and not _is_alive(int(match[1])):
                with suppress(OSError):
                    os.unlink(entry, dir_fd=folder)


def _is_alive(process: int) -> bool:
    if process == os.getpid():
        return True  # another thread of ours may be writing it
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _prefix(name: str) -> str:
    kept = os.fsencode(name)[:_NAME_BYTES]
    return f".{os.fsdecode(kept)}.musicprov-"


def rename(temporary: str, path: Path, folder: int) -> None:
    """Give the temporary the name of ``path``, whatever has it; kept through a power cut."""
    os.replace(temporary, path.name, src_dir_fd=folder, dst_dir_fd=folder)
    _sync(folder)


def publish_new(temporary: str, destination: Path, folder: int) -> None:
    """Give the temporary its name without ever overwriting another file.

    Raises ``InputError`` where the name is taken.
    """
    try:
        os.link(
            temporary,
            destination.name,
            src_dir_fd=folder,
            dst_dir_fd=folder,
            follow_symlinks=False,
        )
    except FileExistsError as error:
        raise InputError(f"{destination}: exists already") from error
    except OSError as error:  # a file system without hard links
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EMLINK}:
            raise
        if _is_there(destination, folder):
            raise InputError(f"{destination}: exists already") from error
        rename(temporary, destination, folder)
    else:
        _sync(folder)


def _is_there(path: Path, folder: int) -> bool:
    try:
        status_of(path, folder)
    except FileNotFoundError:
        return False
    return True


def status_of(path: Path, folder: int) -> os.stat_result:
    """What the folder has by the name of ``path``; no link is followed. Raises ``OSError``."""
    return os.stat(path.name, dir_fd=folder, follow_symlinks=False)


def _sync(folder: int) -> None:
    """Fsync a folder, so that a rename in it survives a power cut."""
    with suppress(OSError):  # some network file systems cannot
        os.fsync(folder)
