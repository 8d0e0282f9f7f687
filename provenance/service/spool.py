"""Where uploads lie while they are verified: a folder of one service, gone with it (SRV-021).

The folder is held by a lock while its service lives. A service that was killed leaves its
folder behind without a lock, and the next one that starts takes it away.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from io import RawIOBase
from pathlib import Path

from provenance.files.opening import input_error
from provenance.service.problems import ProblemError

_PREFIX = "musicprov-serve-"
_LOCK = "lock"
_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE})


class Spool:
    """Room for uploads: at most ``most`` bytes at a time, under names of our own (SRV-004)."""

    def __init__(self, folder: Path, most: int) -> None:
        self.folder, self._most = folder, most
        self.held = 0
        """Bytes of all uploads that are there now."""

    @contextlib.contextmanager
    def upload(self, name: str) -> Iterator[Upload]:
        """A new file, gone at the end however that comes. ``name`` is one of our own making."""
        upload = Upload(self.folder / name)
        try:
            yield upload
        finally:
            upload.remove()
            self.held -= upload.reserved

    def reserve(self, upload: Upload, more: int) -> None:
        """Count bytes that are about to be written; ``ProblemError`` when there is no room."""
        if self.held + more > self._most:
            raise ProblemError("service.full")
        self.held += more
        upload.reserved += more


class Upload:
    """One file of the spool, made when something is written; bytes are reserved before that."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reserved = self.size = 0
        self._lock = threading.Lock()
        self._file: RawIOBase | None = None
        self._is_over = False

    def write(self, data: bytes) -> None:
        """Append bytes, from any thread; ``ProblemError`` when the disk does not take them."""
        left = memoryview(data)
        with self._lock:
            if self._is_over:  # its request ended while a thread was on its way here
                raise ProblemError("request.interrupted")
            try:
                self._file = self._file or self.path.open("xb", buffering=0)
                while left:
                    left = left[self._file.write(left) or 0 :]
            except OSError as error:
                if not is_about_space(error):
                    raise
                raise ProblemError("service.full") from error
            self.size += len(data)

    def remove(self) -> None:
        """Take the file away; nothing is written from here on."""
        with self._lock:
            self._is_over = True
            if self._file is not None:
                self._file.close()
                self.path.unlink(missing_ok=True)


def is_about_space(error: BaseException) -> bool:
    """Whether there is no room for a file, or for one more that is open: that may change."""
    cause = error if isinstance(error, OSError) else error.__cause__
    return isinstance(cause, OSError) and cause.errno in _SPACE


@contextlib.contextmanager
def opened(parent: Path | None, most: int) -> Iterator[Spool]:
    """A spool below ``parent`` (default: the folder for temporary files), and gone at the end.

    Raises ``InputError`` when there can be none.
    """
    place = parent or Path(tempfile.gettempdir())
    _clear(place)
    try:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
        lock = os.open(folder / "new", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        (folder / "new").rename(folder / _LOCK)  # a lock that can be seen is held
    except OSError as error:
        raise input_error(place, error) from error
    try:
        yield Spool(folder, most)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _clear(place: Path) -> None:
    """Remove the folders of services that are no more: those whose lock nobody holds."""
    for folder in place.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
