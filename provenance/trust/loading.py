"""From the bytes of a trust policy to its records (spec 14.2, 14.3, POL).

A policy is read whole or not at all: whatever is unknown, contradictory or unreadable in it is
a ``PolicyError``, because what a reader skips over could be the line that limits trust. The
files that it names are read through the function that the caller gives, below its folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any, NoReturn

from provenance.model.errors import PolicyError
from provenance.model.limits import KIB, MIB
from provenance.model.records import dataclass
from provenance.trust.checking import check, moment
from provenance.trust.patterns import normalise_pattern
from provenance.trust.policy import (
    Anchor,
    CertificateSubject,
    Directory,
    Grant,
    KnownKey,
    Party,
    Policy,
    Revocation,
    Scope,
    Tsa,
)
from provenance.wire import schemas, strict_json
from provenance.wire.digests import digest_of

Plain = Mapping[str, Any]
Read = Callable[[str], bytes]

MAX_POLICY_BYTES = 4 * MIB
MAX_FILE_BYTES: Mapping[str, int] = {
    "certificate": 64 * KIB,
    "crl": 16 * MIB,
    "directory": 512 * KIB,
}
"""The most that a file of each kind may have."""
MAX_READ_BYTES = max(MAX_FILE_BYTES.values())
"""A reader need not give more than this and one byte of any file."""
_MAX_DEPTH = 16
_STRICT = {"revocation": "hard", "seal": True}
_HARD_TEXT = frozenset({"not-nfc", "control", "bidi-control", "byte-order-mark", "line-feed"})


def load(data: bytes, read: Read, *, seen_version: int | None = None) -> Policy:
    """Read a policy and the files that it names; raises ``PolicyError`` (POL-001 to POL-009).

    ``read`` gives the bytes of a file by its path below the policy's folder, and may raise
    ``OSError``. ``seen_version`` is the highest version of this policy that was used before.
    """
    plain = parse(data)
    check(plain)
    made = _policy(plain, _Files(read), digest_of(data), seen_version)
    _require_one_owner(made)
    return made


def parse(data: bytes) -> dict[str, Any]:
    """The plain JSON values of a policy that its schema accepts; raises ``PolicyError``."""
    try:
        plain = strict_json.parse(data, max_bytes=MAX_POLICY_BYTES, max_depth=_MAX_DEPTH)
    except strict_json.JsonError as error:
        message = f"is no strict JSON: {error}"
        raise PolicyError("policy.json", message, hint=error.hint) from error
    for pointer, fault in strict_json.find_text_faults(plain):
        if fault in _HARD_TEXT:
            raise PolicyError("policy.text", f"has a text fault: {fault}", where=pointer)
    if not schemas.is_valid(plain, "trust-policy"):
        _refuse(list(schemas.check(plain, "trust-policy")))
    found: dict[str, Any] = plain
    return found


def _refuse(faults: Sequence[schemas.Fault]) -> NoReturn:
    """An unknown member first: it is the commonest mistake, and explains the others."""
    first = next((f for f in faults if f.rule == _UNKNOWN), faults[0])
    fix = first.fix[:1].upper() + first.fix[1:]
    if first.rule == _UNKNOWN and "did you mean" not in first.fix:
        fix = "Remove it: it may be a limit that is misspelt"
    raise PolicyError(
        "policy.member-unknown" if first.rule == _UNKNOWN else "policy.schema",
        first.message,
        where=first.pointer or "/",
        hint=fix if fix.endswith("?") else f"{fix}.",
    )


_UNKNOWN = "member-unknown"


@dataclass(frozen=True)
class _Files:
    """The files that a policy names, each read once."""

    read: Read
    done: dict[str, bytes] = field(default_factory=dict)

    def bytes_of(self, path: str, kind: str, where: str) -> bytes:
        """The bytes of a file; raises ``PolicyError`` for a path that leads out, or a size."""
        if path not in self.done:
            self.done[path] = self._read(path, where)
        data = self.done[path]
        if len(data) > MAX_FILE_BYTES[kind]:
            message = f"'{path}' is larger than {MAX_FILE_BYTES[kind] // KIB} KiB"
            raise PolicyError("policy.file-too-large", message, where=where)
        return data

    def _read(self, path: str, where: str) -> bytes:
        if "\\" in path or any(part in {"", ".", ".."} for part in path.split("/")):
            raise PolicyError("policy.path", f"'{path}' leads elsewhere", where=where)
        try:
            return self.read(path)
        except PolicyError as error:
            raise PolicyError(error.rule, str(error), where=where, hint=error.hint) from error
        except OSError as error:
            message = f"'{path}' cannot be read: {error.strerror or error}"
            raise PolicyError("policy.file-missing", message, where=where) from error

    def certificates(self, item: Plain, member: str, place: str) -> tuple[bytes, ...]:
        """DER of all certificates in the files of a member."""
        found: list[bytes] = []
        for where, path in _paths(item, member, place):
            found += _certificates(self.bytes_of(path, "certificate", where), path, where)
        return tuple(dict.fromkeys(found))

    def crls(self, item: Plain, place: str) -> tuple[bytes, ...]:
        """DER of the lists of revoked certificates in the files of ``crls``."""
        return tuple(
            _crl(self.bytes_of(path, "crl", where), path, where)
            for where, path in _paths(item, "crls", place)
        )

    def directories(self, item: Plain, place: str) -> tuple[Directory, ...]:
        """The snapshots of key directories in the files of ``directories``."""
        return tuple(
            _directory(self.bytes_of(path, "directory", where), path, where)
            for where, path in _paths(item, "directories", place)
        )


def _paths(item: Plain, member: str, place: str) -> Iterator[tuple[str, str]]:
    for number, path in enumerate(item.get(member, ())):
        yield f"{place}/{member}/{number}", path


def _certificates(data: bytes, path: str, where: str) -> list[bytes]:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        if b"-----BEGIN" in data:
            found = x509.load_pem_x509_certificates(data)
        else:
            found = [x509.load_der_x509_certificate(data)]
    except (ValueError, x509.InvalidVersion) as error:
        message = f"'{path}' holds no certificate that can be read"
        raise PolicyError("policy.certificate", message, where=where) from error
    return [certificate.public_bytes(Encoding.DER) for certificate in found]


def _crl(data: bytes, path: str, where: str) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    is_pem = data.startswith(b"-----BEGIN")
    try:
        found = x509.load_pem_x509_crl(data) if is_pem else x509.load_der_x509_crl(data)
    except (ValueError, x509.InvalidVersion) as error:
        message = f"'{path}' holds no list of revoked certificates that can be read"
        raise PolicyError("policy.crl", message, where=where) from error
    return found.public_bytes(Encoding.DER)


def _directory(data: bytes, path: str, where: str) -> Directory:
    from provenance.trust.directories import read_snapshot

    try:
        return read_snapshot(data)
    except ValueError as error:
        message = f"'{path}' is no snapshot of a key directory: {error}"
        raise PolicyError("policy.directory", message, where=where) from error


def _policy(plain: Plain, files: _Files, digest: str, seen_version: int | None) -> Policy:
    algorithms, version = plain.get("algorithms", {}), plain["version"]
    require = plain["require"]
    return Policy(
        id=plain["id"],
        version=version,
        issued=moment(plain["issued"]),
        expires=_moment(plain, "expires"),
        require={axis: least for axis, least in require.items() if axis not in _STRICT},
        strict=frozenset(name for name, hard in _STRICT.items() if require.get(name) == hard),
        algorithms=frozenset(algorithms.get("allow", ())),
        rsa_min_bits=algorithms.get("rsaMinBits", 3072),
        anchors=tuple(_anchor(a, files, p) for p, a in _items(plain, "anchors")),
        parties=tuple(_party(a, files, p) for p, a in _items(plain, "parties")),
        grants=tuple(_grant(a, p) for p, a in _items(plain, "grants")),
        tsas=tuple(_tsa(a, files, p) for p, a in _items(plain, "tsa")),
        decode=plain.get("decode"),
        digest=digest,
        superseded_by=seen_version if seen_version and seen_version > version else None,
    )


def _items(plain: Plain, member: str) -> Iterator[tuple[str, Plain]]:
    for number, item in enumerate(plain.get(member, ())):
        yield f"/{member}/{number}", item


def _moment(item: Plain, member: str, *, end: bool = False) -> Any:
    text = item.get(member)
    return None if text is None else moment(text, end=end)


def _anchor(item: Plain, files: _Files, place: str) -> Anchor:
    return Anchor(
        id=item["id"],
        name=item.get("name", item["id"]),
        certificates=files.certificates(item, "certs", place),
        ekus=tuple(item.get("eku", ())),
        require_eku=item.get("requireEku", True),
        crls=files.crls(item, place),
        seal=item.get("seal", False),
    )


def _tsa(item: Plain, files: _Files, place: str) -> Tsa:
    return Tsa(
        id=item["id"],
        name=item.get("name", item["id"]),
        roots=files.certificates(item, "roots", place),
        certificates=files.certificates(item, "certs", place),
        policy_oids=tuple(item.get("policyOids", ())),
    )


def _party(item: Plain, files: _Files, place: str) -> Party:
    return Party(
        id=item["id"],
        name=item["name"],
        ids={kind: tuple(values) for kind, values in item.get("ids", {}).items()},
        keys=tuple(_key(k) for k in item.get("keys", ())),
        subjects=tuple(_subject(s) for s in item.get("subjects", ())),
        directories=files.directories(item, place),
    )


def _key(item: Plain) -> KnownKey:
    revoked = item.get("revoked")
    return KnownKey(
        key=item["key"],
        not_before=_moment(item, "nbf"),
        not_after=_moment(item, "exp"),
        revoked=Revocation(
            moment(revoked["at"]), revoked["reason"], _moment(revoked, "invalidFrom")
        )
        if revoked
        else None,
    )


def _subject(item: Plain) -> CertificateSubject:
    return CertificateSubject(item["anchor"], {k: v for k, v in item.items() if k != "anchor"})


def _grant(item: Plain, place: str) -> Grant:
    over = item.get("over", {})
    return Grant(
        act=item["act"],
        party=item.get("party"),
        vouched_by=item.get("vouchedBy"),
        roles=tuple(item.get("as", ())),
        over=Scope(
            isrc=_patterns("isrc", over),
            upc=_patterns("upc", over),
            iswc=_patterns("iswc", over),
            grid=_patterns("grid", over),
            keys=tuple(over.get("key", ())),
            ids=tuple(over.get("ids", ())),
        ),
        start=_moment(item, "from"),
        end=_moment(item, "until", end=True),
        place=place,
    )


def _patterns(kind: str, over: Plain) -> tuple[str, ...]:
    exact = (normalise_pattern(kind, text) for text in over.get(kind, ()))
    return tuple(pattern for pattern in exact if pattern is not None)


def _require_one_owner(policy: Policy) -> None:
    """A key stands with one party only, its directories included (POL-007)."""
    owners: dict[str, str] = {known.key: p.id for p in policy.parties for known in p.keys}
    for number, party in enumerate(policy.parties):
        for other, directory in enumerate(party.directories):
            for known in directory.keys:
                owner = owners.setdefault(known.key, party.id)
                if owner != party.id:
                    message = f"key {known.key} of {directory.domain} is of party '{owner}' already"
                    where = f"/parties/{number}/directories/{other}"
                    raise PolicyError("policy.key-shared", message, where=where)
