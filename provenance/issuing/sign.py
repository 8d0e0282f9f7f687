"""Signing: one declaration, one recording, one or more files (spec 6.7, 8.13).

All bindings are computed first, then one statement is signed, then the same token is written
into each file. Each write is atomic, the set is not; running again finishes it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provenance.containers.base import Change
from provenance.files.replacing import Replacing
from provenance.issuing.carrying import joined, require_fits, write_sidecar
from provenance.issuing.from_tags import subject_of
from provenance.issuing.making import DISCLOSURE, require_well_formed, signed
from provenance.issuing.preparing import Prepared, prepare, require_distinct
from provenance.issuing.standing import (
    TOOL_MEMBERS,
    Gone,
    Place,
    done_by,
    holds,
    place_of,
    previous,
    require_room,
    sequence,
)
from provenance.issuing.targets import apply, copy_of, destination, require_targets
from provenance.model.errors import RefusedError, UsageError
from provenance.model.levels import summary
from provenance.model.records import dataclass
from provenance.signing import bundle, etsi
from provenance.signing.bundle import Jws
from provenance.verify.outcome import Candidate, Context
from provenance.wire import strict_json

if TYPE_CHECKING:
    from provenance.model.manifest import Manifest
    from provenance.signing.signer import Signer

ALL_TIERS = frozenset({"essence", "samples", "fingerprint"})


@dataclass(frozen=True)
class Wishes:
    """How to sign: what may be replaced, where the result goes, what is only shown.

    ``new_id`` makes the statement's ``id``: a random UUID, which also keeps a hash of the payload
    from being guessed.
    """

    replace: str = "no"
    """``no``, ``own`` (a statement of one of my keys, or a broken one) or ``foreign``."""
    same_recording: bool = False
    sidecar: bool = False
    out: Path | None = None
    dry_run: bool = False
    tiers: frozenset[str] = ALL_TIERS
    files: Replacing = field(default_factory=Replacing)
    new_id: Callable[[], str] = lambda: f"urn:uuid:{uuid.uuid4()}"


@dataclass(frozen=True)
class Draft:
    """Everything that stands before the signature: shown to the user, then signed."""

    files: tuple[Prepared, ...]
    places: tuple[Place, ...]
    """What becomes of the place that is written, for each file."""
    payload: bytes
    declaration: Mapping[str, Any]
    summary: str | None
    supersedes: Candidate | None
    done: Candidate | None
    """An intact statement of the same content that covers these files already."""
    reasons: tuple[str, ...]
    """Which bindings could not be made, and why."""
    damaged: tuple[tuple[Path, str], ...] = ()
    """The files to be signed whose audio looks damaged or incomplete, each with what says so."""


@dataclass(frozen=True)
class Signed:
    """What became of one file."""

    path: Path
    state: str
    """``signed``, ``unchanged`` or ``planned``."""
    token: str
    """The statement in its compact form."""
    stamped: bool = False
    """Whether it carries time-stamps."""
    gone: Gone = Gone()
    """What went with what was replaced."""
    inside: str = ""
    """See ``Place``."""


def draft(
    paths: Sequence[Path],
    declaration: Mapping[str, Any],
    key: str,
    context: Context,
    wishes: Wishes,
) -> Draft:
    """Look at all files and make the payload; nothing is written.

    ``key`` is the thumbprint of the key that will sign. Raises ``UsageError`` for a declaration
    that is not well-formed, ``RefusedError`` for a file or set that a rule refuses.
    """
    _require_plain(declaration)
    require_distinct(paths)
    files = tuple(prepare(path, context, tiers=wishes.tiers) for path in paths)
    if len(files) > 1 and not wishes.same_recording:
        _require_same_recording(files)
    bindings, reasons = _bindings(files)
    declaration = strict_json.normalise(_with_tags(declaration, files[0]))
    own = {key, *context.keyring.own}
    done, there = _standing(files, declaration, key, context, wishes)
    if done is not None:
        require_room(there, done, own, wishes)
    older = None if done else previous(files, own, wishes)
    stays = replace(wishes, out=None)
    places = tuple(
        place_of(one, done, own, wishes if one is file else stays)
        for one, file in zip(there, files, strict=True)
    )
    written = [f.path for f, place in zip(files, places, strict=True) if place.is_written]
    require_targets(written, wishes, many=len(files) > 1)
    head = _head(wishes.new_id(), older, context.now)
    assembled = _assemble(head, declaration, bindings)
    if done is not None and done.token is not None:
        payload, manifest = done.token.payload, done.manifest
    else:
        payload, manifest = _encode(assembled)
    tag = summary(manifest) if manifest is not None else None
    damaged = () if done else tuple(_damaged(files))
    return Draft(files, places, payload, assembled, tag, older, done, tuple(reasons), damaged)


def _standing(
    files: tuple[Prepared, ...],
    declaration: Mapping[str, Any],
    key: str,
    context: Context,
    wishes: Wishes,
) -> tuple[Candidate | None, tuple[Prepared, ...]]:
    """The same declaration where it stands already, and the files with the copies that hold it.

    A copy that a call before has written stands for its file: running again finishes a set. One
    that does not hold the declaration is a file like any other, which is not overwritten.
    """
    own = {key, *context.keyring.own}
    targets = [destination(file.path, wishes.out, many=len(files) > 1) for file in files]
    copies = [copy_of(f, target, context) for f, target in zip(files, targets, strict=True)]
    if any(copies):
        there = tuple(copy or file for copy, file in zip(copies, files, strict=True))
        done = done_by(there, declaration, key, own)
        if done and all(c is None or holds(c, done, sidecar=False) for c in copies):
            return done, there
    return done_by(files, declaration, key, own), files


def issue(
    made: Draft,
    signer: Signer | None,
    context: Context,
    wishes: Wishes,
    stamp: Callable[[str], Jws] | None = None,
    after: Callable[[Signed], None] | None = None,
) -> list[Signed]:
    """Sign the draft and write it into every file; the results in the order of the files.

    ``signer`` may be None when the statement is there already and only files are left to write.
    ``stamp`` is asked for a new token's time-stamp, and gives it back as it is if there is none.
    ``after`` is told each result once it stands: what was written before another file failed.
    """
    statement = _statement(made, signer, context, stamp)
    carried = [joined([statement], place.kept) for place in made.places]
    for place, statements in zip(made.places, carried, strict=True):
        if place.is_written:
            require_fits(statements, context.limits)
    results = []
    for file, place, statements in zip(made.files, made.places, carried, strict=True):
        if place.is_written and not wishes.dry_run:
            _write(file, statements, made, context, wishes)
        results.append(_result(file, place, statement, wishes))
        if after is not None:
            after(results[-1])
    return results


def _result(file: Prepared, place: Place, statement: Jws, wishes: Wishes) -> Signed:
    token, stamped = bundle.compact_of(statement), bool(bundle.etsi_u_of(statement))
    if not place.is_written:
        return Signed(file.path, "unchanged", token, stamped, inside=place.inside)
    state = "planned" if wishes.dry_run else "signed"
    return Signed(file.path, state, token, stamped, place.gone, place.inside)


def _statement(
    made: Draft, signer: Signer | None, context: Context, stamp: Callable[[str], Jws] | None
) -> Jws:
    if made.done is not None and made.done.token is not None:
        return etsi.jws_of(made.done.token)
    token = _token(made, signer, context)
    return token if stamp is None else stamp(token)


def _token(made: Draft, signer: Signer | None, context: Context) -> str:
    if signer is None:
        raise UsageError("no key to sign with", hint="Name one with --key.")
    return signed(made.payload, signer, DISCLOSURE, context.now, context.limits)


def _require_plain(declaration: Mapping[str, Any]) -> None:
    given = [member for member in TOOL_MEMBERS if member in declaration]
    subject = declaration.get("subject")
    if isinstance(subject, Mapping) and "bindings" in subject:
        given.append("subject.bindings")
    if given:
        raise UsageError(
            f"the manifest states {', '.join(given)}: the tool writes these itself",
            hint="Remove them; use --replace to supersede an earlier statement.",
        )


def _require_same_recording(files: Sequence[Prepared]) -> None:
    from provenance.bindings.compare import same_recording

    doubt = same_recording({str(f.path): f.computed for f in files})
    if doubt is not None:
        raise RefusedError(
            "sign.not-one-recording",
            f"these files are not shown to be one recording: {doubt}",
            hint="Sign them one by one, or say --same-recording if you know that they are.",
        )


def _bindings(files: Sequence[Prepared]) -> tuple[list[dict[str, Any]], list[str]]:
    """Every distinct tier 1 and tier 2, and tier 3 from the best lossless file (spec 5.8)."""
    from provenance.bindings.base import as_json

    ordered = sorted(files, key=_quality, reverse=True)
    found: list[dict[str, Any]] = []
    reasons: list[str] = []
    for file in files:
        found += [as_json(b) for b in file.computed.bindings if b.tier == "essence"]
    for file in files:
        found += [as_json(b) for b in file.computed.bindings if b.tier == "samples"]
    prints = [b for f in ordered for b in f.computed.bindings if b.tier == "fingerprint"]
    found += [as_json(b) for b in prints[:1]]
    for file in files:
        reasons += [f"{tier}: {why}" for tier, why in file.computed.missing.items()]
    distinct: list[dict[str, Any]] = []
    for binding in found:
        if binding not in distinct:
            distinct.append(binding)
    return distinct, sorted(set(reasons)) if not prints else []


def _damaged(files: Sequence[Prepared]) -> Iterator[tuple[Path, str]]:
    """Signing them is the user's to decide: what is released may be nothing better."""
    from provenance.bindings.base import Reason

    telling = (Reason.DECODER, Reason.FRACTION, Reason.DISAGREES)
    for file in files:
        found = set(file.computed.missing.values())
        yield from ((file.path, reason.words) for reason in telling if reason in found)


def _quality(file: Prepared) -> tuple[bool, int, int]:
    audio = file.scan.audio
    return (audio.lossless, audio.bits or 0, audio.rate) if audio else (False, 0, 0)


def _with_tags(declaration: Mapping[str, Any], file: Prepared) -> dict[str, Any]:
    """Title, artist and ISRC from the file's tags where the declaration is silent."""
    subject: dict[str, Any] = dict(declaration.get("subject") or {})
    for member, value in subject_of(file.scan.tags).items():
        subject.setdefault(member, value)
    return {**declaration, "subject": subject}


def _head(new_id: str, older: Candidate | None, now: datetime) -> dict[str, Any]:
    head: dict[str, Any] = {
        "type": "Disclosure",
        "specVersion": "1.0",
        "id": new_id,
        "issued": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "sequence": 1,
    }
    if older is not None and older.token is not None:
        head["sequence"] = sequence(older) + 1
        head["supersedes"] = older.token.sid
    return head


def _assemble(
    head: Mapping[str, Any], declaration: Mapping[str, Any], bindings: list[dict[str, Any]]
) -> dict[str, Any]:
    body = {k: v for k, v in declaration.items() if k not in {"type", "specVersion", "subject"}}
    subject = {**declaration.get("subject", {}), "bindings": bindings}
    return {**head, **body, "subject": subject}


def _encode(assembled: Mapping[str, Any]) -> tuple[bytes, Manifest | None]:
    """The payload bytes, after the strict schema has accepted them, and what they say."""
    from provenance.wire.decode import decode

    payload = strict_json.encode(assembled)
    manifest, found = decode(payload, strict=True)
    require_well_formed(found, "declaration")
    return payload, manifest


def _write(
    file: Prepared, carried: Sequence[Jws], made: Draft, context: Context, wishes: Wishes
) -> None:
    """Write the disclosure, and what stays beside it."""
    if wishes.sidecar:
        write_sidecar(file.path, bundle.write_bundle(carried), overwrite=True)
        return
    change = Change(bundle.write_value(carried), made.summary)
    target = destination(file.path, wishes.out, many=len(made.files) > 1)
    apply(file, change, context, target, wishes.files)
