"""Statements beside a disclosure: finding what they are about, making them, putting them there.

An endorsement, a withdrawal or a key binding is signed like a disclosure and added to what the
file carries; nothing that is there is touched (spec 17.7).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from provenance.containers import identify, load
from provenance.files.opening import open_regular
from provenance.files.replacing import Replacing, write_new
from provenance.issuing.carrying import joined, put, put_bare, statements_in, statements_of
from provenance.issuing.making import require_well_formed, signed
from provenance.issuing.preparing import prepare, sidecar_of, sidecar_path
from provenance.issuing.standing import stands_in
from provenance.model.codes import Axis, Code, Effect
from provenance.model.errors import RefusedError
from provenance.model.findings import Finding
from provenance.model.limits import Limits
from provenance.model.records import dataclass
from provenance.model.statements import Reference, SubjectReference, Withdrawal
from provenance.trust.requirements import standing, unmet
from provenance.verify.currency import Known, is_clean, withdrawals
from provenance.verify.outcome import Candidate, Context, Given, Outcome
from provenance.verify.procedure import verify
from provenance.verify.rights import recording_of
from provenance.verify.select import co_signatures
from provenance.wire import strict_json
from provenance.wire.encode import to_plain
from provenance.wire.statements import decode_statement, kind_of

if TYPE_CHECKING:
    from provenance.model.statements import Statement
    from provenance.signing.bundle import Jws
    from provenance.signing.signer import Signer

_TIERS = frozenset({"essence"})
_LEAST_PREFIX = 8


@dataclass(frozen=True)
class Found:
    """What stands in one file: an audio file with its sidecar, or a bare token or bundle."""

    path: Path
    is_audio: bool
    disclosures: tuple[Candidate, ...]
    others: tuple[Candidate, ...]
    selected: Candidate | None
    """The disclosure that a verification would select, unless there is a conflict."""
    taken_back: Mapping[str, Finding] = field(default_factory=dict)
    """``sid`` of each statement that an effective withdrawal is about."""


def look(path: Path, context: Context) -> Found:
    """The statements of a file, checked and compared with its audio.

    Raises ``InputError`` when it cannot be read.
    """
    unasked = replace(context, required={})
    with open_regular(path) as stream:
        name = identify(stream)
        if name is None:
            value = _whole(stream, context.limits)
            verdict = verify(None, None, unasked, (Given(path.name, value),))
        else:
            verdict = verify(stream, load(name), unasked, sidecar_of(path, context.limits))
    outcome = verdict.subject
    if not isinstance(outcome, Outcome):
        raise TypeError("a verification is about an outcome")
    selected = outcome.selected
    is_clear = selected is not None and selected.manifest is not None
    is_clear = is_clear and not verdict.has(Code.CARRIER_CONFLICT)
    known = Known(context.keyring, context.policy)
    at_hand = (*outcome.candidates, *outcome.others)
    return Found(
        path,
        name is not None,
        tuple(outcome.candidates),
        tuple(outcome.others),
        selected if is_clear else None,
        withdrawals(at_hand, outcome.others, known).by,
    )


def _whole(stream: BinaryIO, limits: Limits) -> bytes:
    """A token or bundle file, without its last line feed; more than a bundle is cut."""
    stream.seek(0)
    return stream.read(limits.bundle_bytes + 2).removesuffix(b"\n")


def choose(found: Found, sid: str | None) -> Candidate:
    """The one disclosure that is meant: the one named by ``sid``, else the one that counts.

    ``sid`` may be its first characters, at least eight. Raises ``RefusedError``.
    """
    if sid is None and found.selected is not None:
        return found.selected
    intact = [c for c in found.disclosures if c.manifest is not None]
    return _only(found, intact, sid)


def choose_withdrawn(found: Found, sid: str | None, key: str) -> Candidate:
    """The one statement that this key takes back: see STM-065, and ``choose`` for ``sid``."""
    readable = [c for c in found.disclosures if c.manifest is not None]
    readable += [c for c in found.others if c.statement is not None]
    if sid is not None:
        return _only(found, readable, sid)
    able = [c for c in readable if not isinstance(c.statement, Withdrawal)]
    own = [c for c in able if reference_to(c).key == key]
    if found.selected is not None and (not own or reference_to(found.selected).key == key):
        return found.selected
    left = [c for c in own if reference_to(c).sid not in found.taken_back]
    return _only(found, left or own or able, None)


def _only(found: Found, meant: Sequence[Candidate], sid: str | None) -> Candidate:
    """The only one of these, or the one of this ``sid``. Raises ``RefusedError``."""
    if sid is not None:
        meant = [c for c in meant if _is_named(c, sid)]
    if not meant:
        what = "no readable statement" if sid is None else f"no readable statement {sid}"
        raise RefusedError(
            "statement.none",
            f"{found.path}: carries {what}",
            hint="Look at it with 'prov inspect'.",
        )
    if len(meant) > 1:
        listed = ", ".join(f"{reference_to(c).sid} ({_type_of(c)})" for c in meant)
        raise RefusedError(
            "statement.several",
            f"{found.path}: carries several statements: {listed}",
            hint="Name one with --sid.",
        )
    return meant[0]


def _type_of(candidate: Candidate) -> str:
    return "Disclosure" if candidate.statement is None else str(candidate.statement.type)


def _is_named(candidate: Candidate, sid: str) -> bool:
    token = candidate.token
    if token is None:
        return False
    return token.sid == sid or (len(sid) >= _LEAST_PREFIX and token.sid.startswith(sid))


def require_standing(found: Found, candidate: Candidate, context: Context) -> None:
    """Refuse to endorse or co-sign what does not stand, by the signer's policy too (STM-061)."""
    against = list(dict.fromkeys(_against(found, candidate, context)))
    if against:
        raise RefusedError(
            "endorse.not-standing",
            f"{found.path}: the statement does not stand: {', '.join(against)}",
            hint="Look at it with 'prov verify'; it can only be disputed.",
        )


def _against(found: Found, candidate: Candidate, context: Context) -> Iterator[str]:
    """What stands against a statement; that its audio is not at hand does not."""
    for one in candidate.findings:
        if one.effect in {Effect.BREAKS, Effect.BLOCKS} and one.code not in _ASKED_APART:
            yield one.code.slug
    gone = found.taken_back.get(reference_to(candidate).sid)
    if gone is not None:
        yield f"{gone.code.slug} (reason: {gone.detail['reason']})"
    if context.policy is None:
        return
    yield from (f.code.slug for f in standing(context.policy, context.now))
    asked = {Axis.ENDORSEMENT.value, *(() if found.is_audio else (Axis.BINDING.value,))}
    required = {axis: least for axis, least in context.required.items() if axis not in asked}
    for one in unmet(required, candidate.findings, context.strict):
        have = one.detail["have"] or "nothing"
        yield f"your policy requires {one.detail['axis']}, this shows {have}"


_ASKED_APART = frozenset({Code.BINDING_NOT_CHECKED, Code.CURRENCY_WITHDRAWN})


def withdrawn_co_signatures(found: Found, candidate: Candidate) -> Iterator[Finding]:
    """Who signed the same declaration and has taken that back."""
    of = reference_to(candidate)
    group = [c for c in found.disclosures if c.counts and reference_to(c).payload == of.payload]
    for one in co_signatures(of.sid, group, found.taken_back):
        if one.code is Code.CURRENCY_CO_SIGNATURE_WITHDRAWN:
            yield one


def binding_shown(candidate: Candidate) -> str | None:
    """How the audio in hand compares with the statement: ``exact`` ...; None when it does not."""
    shown = {Effect.CONFIRMS, Effect.INFORMS}
    codes = (f.code.slug for f in candidate.findings if f.axis is Axis.BINDING)
    found = (code for code in codes if code.startswith("binding."))
    judged = any(f.axis is Axis.BINDING and f.effect not in shown for f in candidate.findings)
    return None if judged else next((code.removeprefix("binding.") for code in found), None)


def reference_to(candidate: Candidate) -> Reference:
    """The reference that names a statement (STM-002)."""
    token = candidate.token
    if token is None:
        raise ValueError("a statement that was read has a token")
    return Reference(sid=token.sid, payload=token.payload_digest, key=token.key)


def subject_of(candidate: Candidate) -> SubjectReference:
    """The recording as the statement names it (STM-013)."""
    if candidate.manifest is None:
        raise ValueError("a disclosure that was read has a manifest")
    recording = recording_of(candidate.manifest)
    return SubjectReference(isrc=recording.isrc, essence=recording.essence)


def head(now: datetime) -> dict[str, Any]:
    """What every statement begins with: version, a new random id, the time."""
    return {
        "spec_version": "1.0",
        "id": f"urn:uuid:{uuid.uuid4()}",
        "issued": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def make(statement: Statement, signer: Signer, context: Context) -> str:
    """Sign a statement; its compact token.

    Raises ``UsageError`` with the places that are not well-formed, and what the signer raises.
    """
    kind = kind_of(statement)
    payload = strict_json.encode(strict_json.normalise(to_plain(statement)))
    _, found = decode_statement(kind.typ, payload, context.limits, strict=True)
    require_well_formed(found, "statement")
    return signed(payload, signer, (kind.typ, kind.cty), context.now, context.limits)


def is_said(found: Found, statement: Statement, key: str, place: Place) -> bool:
    """Whether a statement of this key that says the same stands where it would go (STM-064)."""
    if place.out is not None:
        return False
    for other in found.others:
        token, said = other.token, other.statement
        if token is None or said is None or token.key != key or token.sid in found.taken_back:
            continue
        is_there = not found.is_audio or stands_in(other, sidecar=place.sidecar)
        if is_there and is_clean(other) and _core(said) == _core(statement):
            return True
    return False


def _core(statement: Statement) -> dict[str, Any]:
    """What a statement says, without what is new each time."""
    plain = strict_json.normalise(to_plain(statement))
    return {name: value for name, value in plain.items() if name not in {"id", "issued"}}


@dataclass(frozen=True)
class Place:
    """Where a new statement goes: into the file (the default), its sidecar, or a new file."""

    sidecar: bool = False
    out: Path | None = None
    files: Replacing = Replacing()


def add(path: Path, new: Sequence[Jws], context: Context, place: Place) -> Path:
    """Put statements where they belong; the file that they stand in now.

    What is there already stays (STM-062). ``place.out`` is a new file with these alone. Raises
    ``RefusedError`` when a rule refuses the file; nothing is written then.
    """
    if place.out is not None:
        from provenance.signing import bundle

        data = bundle.write_token(new[0]) if len(new) == 1 else bundle.write_bundle(new)
        write_new(place.out, data + b"\n")
        return place.out
    with open_regular(path) as stream:
        is_audio = identify(stream) is not None
        value = b"" if is_audio else _whole(stream, context.limits)
    if not is_audio:
        there = statements_in([value], context.limits, path)
        put_bare(path, joined(there, new), context.limits)
        return path
    file = prepare(path, context, tiers=_TIERS)
    there = statements_of(file, context.limits, sidecar=place.sidecar)
    put(file, joined(there, new), context, sidecar=place.sidecar, how=place.files)
    return sidecar_path(path) if place.sidecar else path
