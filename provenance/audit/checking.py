"""Checking a report that was handed on: what is intact, and whose seal it bears (spec 25.7).

A folder is checked as a whole, an exhibit alone with the seal beside it. Whatever stands there is
hostile: names are compared, never opened as the list writes them; nothing is followed out of the
folder; no size is believed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from provenance.audit.document import EXHIBITS, exhibit_name
from provenance.audit.sealing import (
    ARCHIVE,
    EXHIBIT_FORMS,
    FILES,
    REPORT_SEAL,
    SEAL_CTY,
    SEAL_SUFFIX,
    SEAL_TYP,
    is_apart,
    read_seal_payload,
)
from provenance.files.opening import open_regular
from provenance.model.errors import InputError, RefusedError
from provenance.model.limits import DEFAULT_LIMITS, MIB
from provenance.model.records import dataclass
from provenance.trust.identity import NO_KEYS, Keyring
from provenance.wire.digests import digest_of, digest_of_stream

if TYPE_CHECKING:
    from provenance.signing.envelope import Token

MAX_LIST_BYTES = 64 * MIB
"""files.json: 300,000 files with names of a hundred characters."""
_MAX_DEPTH = 8
_FORMS = (*EXHIBIT_FORMS, SEAL_SUFFIX)


@dataclass(frozen=True)
class Seal:
    """One signature of an auditor: whether it holds, and whose key it is to the asker."""

    name: str
    holds: bool
    key: str | None = None
    """The RFC 7638 thumbprint; None where the token cannot be read."""
    known_as: str | None = None
    """The asker's own name for the key; None where the asker does not know it."""
    is_known: bool = False
    payload: Mapping[str, Any] = field(default_factory=dict)
    """What it says, where it holds."""


@dataclass(frozen=True)
class Checked:
    """What was found about a report, or about one exhibit of it."""

    audit: Mapping[str, Any]
    """Which audit it says it is of (``audit.schema.json``)."""
    seal: Seal | None
    """The auditor's signature over all of it; None where there is none."""
    intact: int
    """Files that are as the list or the seal has them."""
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    """Files that nobody listed: they are no part of the report."""
    tool: str = ""
    """The version of the tool that wrote it, as the list says."""

    @property
    def is_whole(self) -> bool:
        """Whether everything is there and unchanged, and no signature fails."""
        holds = self.seal is None or self.seal.holds
        return holds and not (self.changed or self.missing or self.extra)


def check(path: Path, keyring: Keyring = NO_KEYS) -> Checked:
    """Check a report's folder, or one exhibit with the seal beside it (AUD-081, AUD-083).

    Raises ``RefusedError`` for what is no report or exhibit, ``InputError`` for what cannot be
    opened. Without a seal of a folder its digests alone are compared.
    """
    if not os.path.lexists(path):
        raise InputError(f"{path}: no such file or folder", hint="Check the name.")
    return _check_folder(path, keyring) if path.is_dir() else _check_exhibit(path, keyring)


def _check_folder(folder: Path, keyring: Keyring) -> Checked:
    try:
        data = read_bounded(folder / FILES, MAX_LIST_BYTES)
    except InputError as error:
        message = f"{folder}: has no {FILES}, so it is no report of an audit"
        raise RefusedError("audit.no-list", message) from error
    listing = read_listing(data)
    wanted = {one["name"]: one for one in listing["files"]}
    found = dict(_walk(folder))
    seals = {name: found.pop(name) for name in sorted(found) if name.endswith(SEAL_SUFFIX)}
    seal = read_seal(seals[REPORT_SEAL], REPORT_SEAL, keyring) if REPORT_SEAL in seals else None
    changed = [
        name
        for name, one in wanted.items()
        if name in found and not _is_same(found[name], one["sha256"], one["size"])
    ]
    if seal is not None and seal.holds and not fits(seal, data, listing):
        changed.append(FILES)
    damaged, foreign = _check_seals(seals, wanted, seal, keyring)
    missing = [name for name in wanted if name not in found]
    missing += _seals_missing(seal, seals, wanted)
    if listing["archive"] and ARCHIVE not in found:
        missing.append(ARCHIVE)
    extra = [name for name in found if name not in wanted and name not in {FILES, ARCHIVE}]
    inside = _check_archive(folder, data, listing, seal) if ARCHIVE in found else ()
    return Checked(
        listing["audit"],
        seal,
        sum(name in found for name in wanted) - sum(name in wanted for name in changed),
        tuple(sorted({*changed, *damaged, *inside})),
        tuple(sorted(missing)),
        tuple(sorted({*extra, *foreign})),
        listing["tool"]["version"],
    )


def _check_archive(
    folder: Path, data: bytes, listing: Mapping[str, Any], seal: Seal | None
) -> tuple[str, ...]:
    """The archive's name where it cannot be read, and its members that are not as they should."""
    from provenance.audit.unpacking import differing

    try:
        found = differing(folder / ARCHIVE, data, listing, seal)
        return tuple(f"{ARCHIVE}/{name}" for name in found)
    except RefusedError:
        return (ARCHIVE,)


def read_listing(data: bytes) -> dict[str, Any]:
    """``files.json``; raises ``RefusedError`` for anything else, two files of one name included."""
    from provenance.wire import schemas, strict_json
    from provenance.wire.strict_json import JsonError

    try:
        listing = strict_json.parse(data, max_bytes=MAX_LIST_BYTES, max_depth=8)
    except JsonError as error:
        raise RefusedError("audit.no-list", f"{FILES}: {error}") from None
    if not schemas.is_valid(listing, "audit-files"):
        raise RefusedError("audit.no-list", f"{FILES}: is no list of a report's files")
    for part in ("files", "archive"):
        names = [one["name"] for one in listing[part]]
        if len(set(names)) != len(names) or (part == "files" and any(map(is_apart, names))):
            raise RefusedError("audit.no-list", f"{FILES}: names a file twice, or itself")
    found: dict[str, Any] = listing
    return found


def read_bounded(path: Path, limit: int = DEFAULT_LIMITS.envelope_bytes) -> bytes:
    """A regular file of at most ``limit`` bytes, no link; ``InputError`` for any other."""
    with open_regular(path, follow=False) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise InputError(f"{path}: is larger than it can be", hint="Get it again.")
    return data


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    """Everything below a folder that is no folder itself; links are not followed."""
    for place, folders, files in os.walk(folder):
        here = Path(place)
        links = [name for name in folders if (here / name).is_symlink()]
        if len(here.relative_to(folder).parts) >= _MAX_DEPTH:
            links, folders[:] = folders[:], []
        for name in (*files, *links):
            yield (here / name).relative_to(folder).as_posix(), here / name


def _is_same(path: Path, sha256: str, size: int | None = None) -> bool:
    """Whether this is a regular file, no link, with this digest and, where it is known, size."""
    if path.is_symlink():
        return False
    try:
        with open_regular(path, follow=False) as stream:
            if size is not None and os.fstat(stream.fileno()).st_size != size:
                return False
            return digest_of_stream(stream) == sha256
    except (InputError, OSError):
        return False


def fits(seal: Seal, data: bytes, listing: Mapping[str, Any]) -> bool:
    """Whether a report's seal holds over this very list, and says the same as it."""
    said = seal.payload
    return (
        said.get("seals") == "report"
        and said["files"] == digest_of(data)
        and said["audit"] == listing["audit"]
        and said["counts"] == listing["counts"]
    )


def fits_exhibit(seal: Seal, key: str | None, wanted: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a seal holds by this key, over the listed files of the exhibit of its name."""
    stem = seal.name.removesuffix(SEAL_SUFFIX)
    names = (f"{stem}{form}" for form in EXHIBIT_FORMS)
    listed = {name: wanted[name]["sha256"] for name in names if name in wanted}
    return _is_of_its_name(seal) and seal.key == key and seal.payload["files"] == listed


def _is_of_its_name(seal: Seal) -> bool:
    """Whether a seal holds, and says the number that its own name has."""
    said = seal.payload
    stem = PurePosixPath(seal.name).stem
    return said.get("seals") == "exhibit" and exhibit_name(said["exhibit"]) == stem


def _seals_missing(
    seal: Seal | None, seals: Mapping[str, Path], wanted: Mapping[str, Any]
) -> list[str]:
    """The seals of exhibits that a sealed report lacks."""
    if seal is None:
        return []
    names = [
        f"{name.removesuffix('.json')}{SEAL_SUFFIX}"
        for name in wanted
        if name.startswith(f"{EXHIBITS}/") and name.endswith(".json")
    ]
    return [name for name in names if name not in seals]


def _check_seals(
    seals: Mapping[str, Path],
    wanted: Mapping[str, Any],
    whole: Seal | None,
    keyring: Keyring,
) -> tuple[list[str], list[str]]:
    """The seals of exhibits that fail or say something else, and those that nobody made."""
    damaged, foreign = [], []
    for name, path in seals.items():
        if name == REPORT_SEAL:
            continue
        if whole is None or f"{name.removesuffix(SEAL_SUFFIX)}.json" not in wanted:
            foreign.append(name)
            continue
        if not fits_exhibit(read_seal(path, name, keyring), whole.key, wanted):
            damaged.append(name)
    return damaged, foreign


def read_seal(path: Path, name: str, keyring: Keyring) -> Seal:
    """A seal from a file, its signature checked, its key looked up in what the asker knows."""
    try:
        data = read_bounded(path)
    except InputError:
        return Seal(name, holds=False)
    return seal_from(data, name, keyring)


def seal_from(data: bytes, name: str, keyring: Keyring) -> Seal:
    """A seal from its bytes; one that does not hold says nothing (AUD-081)."""
    token = _token(data.removesuffix(b"\n"))
    if token is None:
        return Seal(name, holds=False)
    payload = read_seal_payload(token.payload)
    known = token.key in keyring.own or token.key in keyring.pinned
    return Seal(
        name,
        payload is not None,
        token.key,
        keyring.name(token.key),
        known,
        payload or {},
    )


def _token(data: bytes) -> Token | None:
    """The token, if it is one of this type whose signature holds."""
    from provenance.model.codes import Code
    from provenance.signing import envelope

    token, _ = envelope.read(data, types={SEAL_TYP: SEAL_CTY})
    if token is None:
        return None
    holds = envelope.check_signature(token).code is Code.SIGNATURE_VALID
    return token if holds else None


def _check_exhibit(path: Path, keyring: Keyring) -> Checked:
    """One exhibit alone: the seal beside it says which files it is, and with what digests."""
    if path.suffix not in _FORMS or not path.stem.isdecimal():
        message = f"{path}: is no folder of a report and no exhibit (0001.json, 0001.html)"
        raise RefusedError("audit.no-list", message)
    place = path.with_suffix(SEAL_SUFFIX)
    if not place.exists():
        message = f"{path}: has no seal beside it"
        raise RefusedError("audit.no-seal", message)
    seal = read_seal(place, place.name, keyring)
    if not seal.holds or seal.payload["seals"] != "exhibit":
        return Checked({}, Seal(seal.name, holds=False, key=seal.key), 0, (place.name,))
    if not _is_of_its_name(seal):
        return Checked(seal.payload["audit"], seal, 0, (path.name,))
    said: Mapping[str, str] = seal.payload["files"]
    beside = {Path(name).name: digest for name, digest in said.items()}
    found = {name: path.parent / name for name in beside if (path.parent / name).exists()}
    intact = [name for name in found if _is_same(found[name], beside[name])]
    is_asked_missing = path.name in beside and path.name not in found
    is_foreign = path.name not in beside and path.suffix != SEAL_SUFFIX
    return Checked(
        seal.payload["audit"],
        seal,
        len(intact),
        tuple(sorted((set(found) - set(intact)) | ({path.name} if is_foreign else set()))),
        (path.name,) if is_asked_missing else (),
    )
