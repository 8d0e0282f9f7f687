"""The form of an archive: a ZIP file that is written one way and read with suspicion (spec 25.7).

Members are stored, never compressed: the same bytes come out under every version of every
library, and nothing can unpack to more than the file has. Times and modes are fixed; names are in
order. A reader takes exactly this form.
"""

from __future__ import annotations

import errno
import hashlib
import re
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from provenance.files.opening import open_regular
from provenance.model.errors import RefusedError
from provenance.model.limits import MIB
from provenance.wire.digests import digest_of_stream, spell

MAX_MEMBERS = 100_000
_DIRECTORY_BYTES = 16 * MIB
_PIECE = 1 * MIB
_MAX_NAME, _MAX_PART = 1024, 255
_TIME = (1980, 1, 1, 0, 0, 0)
_MODE = (stat.S_IFREG | 0o644) << 16
_UNIX = 3
_END, _END64 = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q")
_LOCATOR_BYTES = 20
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def refused(message: str) -> RefusedError:
    """An archive that has not this form."""
    return RefusedError(
        "audit.archive-form", message, hint="Take the archive as it was made; never pack it again."
    )


def is_name(name: str) -> bool:
    """Whether a member may have this name: relative, within the archive, no control characters."""
    if _CONTROL.search(name) or len(name.encode("utf-8")) > _MAX_NAME:
        return False
    parts = name.split("/")
    return not any(p in {"", ".", ".."} or len(p.encode("utf-8")) > _MAX_PART for p in parts)


@contextmanager
def added(archive: zipfile.ZipFile, name: str) -> Iterator[BinaryIO]:
    """A new member to write to."""
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_STORED, _MODE, _UNIX
    with archive.open(info, "w", force_zip64=True) as stream:
        yield stream  # type: ignore[misc]


def add_bytes(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Add a small member."""
    with added(archive, name) as stream:
        stream.write(data)


def add_file(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    """Add a file; the digest of what was added."""
    digest = hashlib.sha256()
    with open_regular(path) as source, added(archive, name) as stream:
        while piece := source.read(_PIECE):
            digest.update(piece)
            stream.write(piece)
    return spell(digest.digest())


@contextmanager
def opened(path: Path) -> Iterator[Mapping[str, Member]]:
    """The members of an archive by name, in the order in which they stand.

    Raises ``RefusedError`` for anything that has not this form, before anything is unpacked; the
    same for what turns out while it is read (AUD-085).
    """
    with open_regular(path) as stream:
        size = _require_bounded(stream)
        with _suspicious(path.name):
            archive = zipfile.ZipFile(stream)
        with archive:
            yield _members(archive, size)


_FAULTS = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,  # UnicodeError is one
    zlib.error,
    struct.error,
)
"""What the library raises for a damaged file."""


@contextmanager
def _suspicious(name: str) -> Iterator[None]:
    try:
        yield
    except _FAULTS as error:
        raise refused(f"{name!a}: is damaged") from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # a place that no file has
            raise refused(f"{name!a}: is damaged") from error
        raise


class Member:
    """One member of an opened archive."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        self._archive = archive
        self._info = info
        self.size = info.file_size

    def read(self, limit: int) -> bytes:
        """All of it; ``RefusedError`` when it is more than ``limit`` bytes."""
        if self.size > limit:
            raise refused(f"{self._info.filename}: is larger than it can be")
        with _suspicious(self._info.filename):
            return self._archive.read(self._info)

    def digest(self) -> str:
        """Its SHA-256."""
        with _suspicious(self._info.filename), self._archive.open(self._info) as stream:
            return digest_of_stream(stream)  # type: ignore[arg-type]

    def unpack(self, target: Path) -> None:
        """Write it to a file that is not there yet."""
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with (
                _suspicious(self._info.filename),
                self._archive.open(self._info) as stream,
                target.open("xb") as out,
            ):
                shutil.copyfileobj(stream, out, _PIECE)
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            raise refused(f"{self._info.filename}: clashes with another name") from error


def _members(archive: zipfile.ZipFile, size: int) -> dict[str, Member]:
    """All members, each of the one form; together no more than the file itself."""
    found: dict[str, Member] = {}
    total = 0
    for info in archive.infolist()[: MAX_MEMBERS + 1]:
        if info.filename in found:
            raise refused(f"two members have the name {info.filename!a}")
        _require_form(info)
        total += info.file_size
        found[info.filename] = Member(archive, info)
    if total > size or len(found) > MAX_MEMBERS:
        raise refused("its members lie on top of each other")
    return found


def _require_form(info: zipfile.ZipInfo) -> None:
    name = info.filename
    if not is_name(name) or name != info.orig_filename:
        raise refused(f"a member has the name {name[:80]!a}, which leads out of it or is none")
    if info.flag_bits & 1 or info.compress_type != zipfile.ZIP_STORED:
        raise refused(f"{name!a} is compressed or encrypted")
    if info.compress_size != info.file_size:
        raise refused(f"{name!a} has two sizes")
    if (info.external_attr >> 16) & 0o170000 not in {0, stat.S_IFREG}:
        raise refused(f"{name!a} is no regular file")


def _require_bounded(stream: BinaryIO) -> int:
    """The size of the file; its directory is looked at first, which is read into memory whole."""
    size = stream.seek(0, 2)
    tail = _LOCATOR_BYTES + _END.size + _END64.size
    stream.seek(max(0, size - tail))
    data = stream.read(tail)
    stream.seek(0)
    if len(data) < _END.size or data[-_END.size :][:4] != b"PK\x05\x06":
        raise refused("this is no archive of an audit, or its end is missing")
    _, _, _, _, count, directory, _, comment = _END.unpack(data[-_END.size :])
    if data[:4] == b"PK\x06\x06" and len(data) == tail:
        count, directory = _END64.unpack(data[: _END64.size])[7:9]
    if count > MAX_MEMBERS or directory > _DIRECTORY_BYTES or comment:
        raise refused(f"it has a comment, or more than {MAX_MEMBERS} members")
    return size
