"""Sealing a report: the list of its files, and the auditor's signatures (spec 25.7).

``files.json`` lists every file of the folder, and every member of its archive, with digests.
``report.jws`` is a signature over that list's digest; ``exhibits/NNNN.jws`` one over an exhibit's
own files, so that the exhibit can be handed on alone. Both are tokens by the rules of the
envelope (spec 4) with a type of their own: no verifier of recordings takes one for a disclosure
(AUD-082).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provenance.audit.document import EXHIBITS, exhibit_name, line
from provenance.audit.report import AuditReport
from provenance.model.errors import UsageError
from provenance.model.records import dataclass
from provenance.wire.digests import digest_of, digest_of_stream

if TYPE_CHECKING:
    from provenance.signing.signer import Signer

SEAL_TYP = "vnd.musicprov.audit+jwt"
SEAL_CTY = "vnd.musicprov.audit+json"
FILES, REPORT_SEAL, ARCHIVE = "files.json", "report.jws", "archive.zip"
SEAL_SUFFIX = ".jws"
EXHIBIT_FORMS = (".json", ".html")
_FORMAT = "musicprov-audit-files/1"


@dataclass(frozen=True)
class Listed:
    """One file as ``files.json`` lists it."""

    name: str
    size: int
    sha256: str
    content: str | None = None
    """Of a PDF: the digest of the tagged text that it was laid out from."""

    def as_json(self) -> dict[str, Any]:
        """By ``audit-files.schema.json``."""
        more = {} if self.content is None else {"content": self.content}
        return {"name": self.name, "size": self.size, "sha256": self.sha256, **more}


def seal(
    folder: Path,
    report: AuditReport,
    signer: Signer | None,
    contents: Mapping[str, str] | None = None,
) -> None:
    """List the files of a finished report and, with a signer, sign them (AUD-080, AUD-081).

    The list and the signatures go into the folder and to the end of its archive. ``contents``
    are digests of what PDFs were laid out from, by name. Raises what the signer raises, and
    ``UsageError`` where the report's own title is nothing that can be signed.
    """
    from provenance.audit.archive import add_seals

    listing = _listing(folder, report, contents or {})
    (folder / FILES).write_bytes(listing)
    if signer is not None:
        _sign(folder, report, signer, listing)
    if (folder / ARCHIVE).exists():
        add_seals(folder)


def _listing(folder: Path, report: AuditReport, contents: Mapping[str, str]) -> bytes:
    from provenance.audit.archive import listed

    head = report.head
    members: dict[str, Any] = {
        "report": _FORMAT,
        "audit": head["audit"],
        "tool": head["tool"],
        "counts": counts_of(head),
    }
    archive = folder / ARCHIVE
    lists = {
        "files": [list_file(folder / name, name, contents) for name in names_of(folder)],
        "archive": list(listed(archive)) if archive.exists() else [],
    }
    parts = [f"{line(name)}: {line(value)}" for name, value in members.items()]
    for name, files in lists.items():
        rows = ",".join(f"\n{line(one.as_json())}" for one in files)
        parts.append(f"{line(name)}: [{rows}\n]")
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode("utf-8")


def counts_of(head: Mapping[str, Any]) -> dict[str, int]:
    """How much there is of what a seal vouches for."""
    summary = head["summary"]
    return {"entries": summary["entries"], "exhibits": summary["recordings"]}


def names_of(folder: Path) -> Iterator[str]:
    """The regular files below a folder that a list names, in the order of their names."""
    found = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    yield from (name for name in sorted(found) if not is_apart(name))


def is_apart(name: str) -> bool:
    """Whether a name is one that no list can hold: the list, signatures, and the archive."""
    return name in {FILES, ARCHIVE} or name.endswith(SEAL_SUFFIX)


def list_file(path: Path, name: str, contents: Mapping[str, str] | None = None) -> Listed:
    """One file with its size and digest."""
    with path.open("rb") as stream:
        sha256 = digest_of_stream(stream)
        return Listed(name, stream.tell(), sha256, (contents or {}).get(name))


def _sign(folder: Path, report: AuditReport, signer: Signer, listing: bytes) -> None:
    head = report.head
    audit = head["audit"]
    at = datetime.strptime(audit["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    whole = {
        "seals": "report",
        "audit": audit,
        "files": digest_of(listing),
        "counts": counts_of(head),
    }
    (folder / REPORT_SEAL).write_text(_token(whole, signer, at), encoding="ascii")
    for number in range(1, head["summary"]["recordings"] + 1):
        stem = f"{EXHIBITS}/{exhibit_name(number)}"
        names = [f"{stem}{suffix}" for suffix in EXHIBIT_FORMS]
        files = {
            name: list_file(folder / name, name).sha256
            for name in names
            if (folder / name).is_file()
        }
        one = {"seals": "exhibit", "audit": audit, "exhibit": number, "files": files}
        place = folder / f"{stem}{SEAL_SUFFIX}"
        place.write_text(_token(one, signer, at), encoding="ascii")


def _token(payload: Mapping[str, Any], signer: Signer, at: datetime) -> str:
    from provenance.signing import envelope

    data = line(payload).encode("utf-8")
    if read_seal_payload(data) != json.loads(data):
        raise UsageError(
            "the title or the auditor's name cannot be signed",
            hint="Choose others with --title and --auditor.",
        )
    return envelope.write(data, signer, typ=SEAL_TYP, cty=SEAL_CTY, issued_at=at)


def read_seal_payload(data: bytes) -> dict[str, Any] | None:
    """What a seal says, by ``audit-seal.schema.json``; None for anything else."""
    from provenance.model.limits import DEFAULT_LIMITS
    from provenance.wire import schemas, strict_json
    from provenance.wire.strict_json import JsonError

    limits = DEFAULT_LIMITS
    try:
        found = strict_json.parse(
            data, max_bytes=limits.envelope_bytes, max_depth=limits.json_depth
        )
    except JsonError:
        return None
    return found if schemas.is_valid(found, "audit-seal") else None
