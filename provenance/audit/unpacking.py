"""Reading an archive: nothing of it is used before all of it is as its list says (spec 25.7)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from provenance.audit import packing
from provenance.audit.archive import ASKED
from provenance.audit.checking import (
    MAX_LIST_BYTES,
    Seal,
    fits,
    fits_exhibit,
    read_listing,
    seal_from,
)
from provenance.audit.document import EXHIBITS
from provenance.audit.sealing import FILES, REPORT_SEAL
from provenance.model.errors import RefusedError
from provenance.model.limits import DEFAULT_LIMITS, MIB
from provenance.model.records import dataclass
from provenance.trust.identity import NO_KEYS

_SEAL_NAME = re.compile(rf"{EXHIBITS}/[0-9]{{4,}}\.jws|{re.escape(REPORT_SEAL)}", re.ASCII)
_LISTED = 5


def differing(
    archive: Path, data: bytes, listing: Mapping[str, Any], seal: Seal | None
) -> list[str]:
    """The members that are not as a report's list and seal have them, by name (AUD-086).

    ``data`` and ``seal`` are the list and the seal that stand in the report's folder; where no
    seal does, none in the archive is the report's. Raises ``RefusedError`` for what has not the
    form of an archive, ``InputError`` for what cannot be opened.
    """
    with packing.opened(archive) as members:
        found = _differing(members, listing)
        if FILES not in members or members[FILES].read(MAX_LIST_BYTES) != data:
            return [*found, FILES]
        seals = _seals_in(members)
        if seal is None:
            return [*found, *seals]
        if seal.holds:
            seals.setdefault(REPORT_SEAL, b"")
            return found + _faulty(seals, data, listing, seal.key)
        return found + _faulty(seals, data, listing, _key_of(seals))


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
    """Unpack an archive into an empty folder (AUD-085, AUD-086).

    Raises ``RefusedError`` for what has not the form of an archive and for one whose members are
    not what its list and seals say, before any of them is used.
    """
    with packing.opened(path) as members:
        if FILES not in members or ASKED not in members:
            raise packing.refused(f"{path.name!a}: has no {FILES} or no {ASKED}")
        data = members[FILES].read(MAX_LIST_BYTES)
        listing = read_listing(data)
        seals = _seals_in(members)
        faulty = _faulty(seals, data, listing, _key_of(seals))
        if faulty:
            raise _changed(f"signatures that do not hold over {FILES}: {_shown(faulty)}")
        wrong = _differing(members, listing)
        if wrong:
            raise _changed(f"not as the list says: {_shown(wrong)}")
        for one in listing["archive"]:
            members[one["name"]].unpack(folder / one["name"])
    asked = _read_asked(folder / ASKED, {one["name"] for one in listing["archive"]})
    return Bundle(folder, asked, listing, data, seals)


def _changed(message: str) -> RefusedError:
    return RefusedError("audit.archive-changed", message)


def _shown(names: list[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(f"{name[:80]!a}" for name in names[:_LISTED]) + more


def _seals_in(members: Mapping[str, packing.Member]) -> dict[str, bytes]:
    """The signatures by name, as they are."""
    limit = DEFAULT_LIMITS.envelope_bytes
    return {name: one.read(limit) for name, one in members.items() if _SEAL_NAME.fullmatch(name)}


def _key_of(seals: Mapping[str, bytes]) -> str | None:
    """The key that sealed the report that an archive is of."""
    return seal_from(seals.get(REPORT_SEAL, b""), REPORT_SEAL, NO_KEYS).key


def _faulty(
    seals: Mapping[str, bytes], data: bytes, listing: Mapping[str, Any], key: str | None
) -> list[str]:
    """The signatures that do not hold over this list by this key."""
    wanted = {one["name"]: one for one in listing["files"]}

    def is_right(seal: Seal) -> bool:
        if seal.name == REPORT_SEAL:
            return seal.key == key and fits(seal, data, listing)
        return fits_exhibit(seal, key, wanted)

    return [name for name, value in seals.items() if not is_right(seal_from(value, name, NO_KEYS))]


def _read_asked(path: Path, names: Collection[str]) -> dict[str, Any]:
    """What was asked; every file of it is one of the archive's members."""
    from provenance.wire import schemas, strict_json
    from provenance.wire.strict_json import JsonError

    try:
        found = strict_json.parse(path.read_bytes(), max_bytes=MIB, max_depth=8)
    except JsonError as error:
        raise packing.refused(f"{ASKED}: {error}") from None
    if not schemas.is_valid(found, "audit-archive"):
        raise packing.refused(f"{ASKED}: is nothing that can be asked")
    try:
        datetime.strptime(found["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise packing.refused(f"{ASKED}: is of no time") from None
    files = [found["trust"], *found["charts"], *found["keys"]]
    sources = [(one["path"], one["folder"]) for one in found["sources"]]
    files += [path for path, is_folder in sources if not is_folder]
    if not all(path is None or path in names for path in files):
        raise packing.refused(f"{ASKED}: names a file that is not in the archive")
    if not all(path is None or packing.is_name(path) for path, _ in sources):
        raise packing.refused(f"{ASKED}: names a folder outside the archive")
    known: dict[str, Any] = found
    return known
