"""What stands in files already, and what signing may do to it (spec 6.7)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provenance.containers.base import MANIFEST_TAG
from provenance.issuing.preparing import SIDECAR, Prepared, has_unreadable
from provenance.model.codes import Code
from provenance.model.errors import RefusedError
from provenance.model.records import dataclass
from provenance.signing import envelope, etsi
from provenance.signing.bundle import Jws
from provenance.verify.currency import Known, withdrawals
from provenance.verify.outcome import Candidate

if TYPE_CHECKING:
    from provenance.issuing.sign import Wishes

TOOL_MEMBERS = ("id", "issued", "sequence", "supersedes")
"""What a declaration may not state, because the tool writes it itself."""


def done_by(
    files: Sequence[Prepared], declaration: Mapping[str, Any], key: str, own: Collection[str]
) -> Candidate | None:
    """A statement of the same key and content that is bound to all these files already.

    There is none where they carry another declaration by one of the ``own`` keys that it does not
    supersede: which of them counts is for a new statement to say. What its key has taken back
    does not count either.
    """
    mine = [c for c in _intact(files) if _key(c) in own]
    about = [c for f in files for c in f.existing if not c.is_disclosure and _is_signed(c)]
    taken_back = withdrawals(mine, about, Known()).by
    for candidate in mine:
        if _sid(candidate) in taken_back:
            continue
        if _key(candidate) == key and _says(candidate, declaration, files):
            settled = _superseded_by(candidate, mine) | {_sid(candidate)}
            if all(_is_same_text(c, candidate) or _sid(c) in settled for c in mine):
                return candidate
    return None


@dataclass(frozen=True)
class Gone:
    """What goes when a disclosure is written into a place, for the user to know."""

    declarations: int = 0
    """Intact declarations by other keys."""
    others: int = 0
    """What others said about a declaration that goes: endorsements, withdrawals."""
    own: int = 0
    """What the signer said about one."""


@dataclass(frozen=True)
class Place:
    """A file's tags or its sidecar, and what signing makes of it."""

    is_written: bool
    kept: tuple[Jws, ...]
    """What stays beside the disclosure that is written."""
    gone: Gone
    inside: str = ""
    """Whose other declaration the file itself goes on carrying, where the sidecar is written:
    ``own``, ``foreign``, or neither."""


def place_of(file: Prepared, done: Candidate | None, own: Collection[str], wishes: Wishes) -> Place:
    """What becomes of the place that ``wishes`` name when a disclosure is signed into a file.

    Intact statements of other types stay; endorsements and withdrawals of a disclosure that goes
    go with it: beside the new one they would speak of nothing (CAR-053, STM-063). ``done`` is the
    disclosure where it is there already: it goes beside what others signed, and a file that holds
    it is left alone unless the user asks to clear what stands beside it (CAR-041, CAR-045).
    """
    here = [c for c in file.existing if stands_in(c, sidecar=wishes.sidecar)]
    held = done is not None and holds(file, done, sidecar=wishes.sidecar)
    stay = [c for c in here if c.counts and _stays(c, done, own, wishes, held=held)]
    kept = {_sid(c) for c in stay}
    replaced = here if done is not None else file.existing
    leaving = {_sid(c) for c in replaced if c.manifest is not None} - kept
    others = [c for c in here if not c.is_disclosure and _is_signed(c)]
    orphans = [c for c in others if _is_about(c, leaving)]
    gone = Gone(
        sum(c.counts and _key(c) not in own and _sid(c) not in kept for c in here),
        sum(_key(c) not in own for c in orphans),
        sum(_key(c) in own for c in orphans),
    )
    left_alone = held and wishes.out is None and not _is_cleared(file, gone, wishes)
    beside = [*stay, *(c for c in others if c not in orphans)]
    inside = _inside(file, done, own) if wishes.sidecar else ""
    return Place(not left_alone, tuple(s for c in beside for s in _signatures(c)), gone, inside)


def _inside(file: Prepared, done: Candidate | None, own: Collection[str]) -> str:
    """Whose declaration stands in the tags of a file that is signed beside it."""
    tagged = [c for c in file.existing if c.counts and stands_in(c, sidecar=False)]
    others = [c for c in tagged if done is None or not _is_same_text(c, done)]
    if not others:
        return ""
    return "own" if all(_key(c) in own for c in others) else "foreign"


def _stays(
    candidate: Candidate,
    done: Candidate | None,
    own: Collection[str],
    wishes: Wishes,
    *,
    held: bool,
) -> bool:
    """Whether an intact disclosure stays: never beside a new one, which supersedes it."""
    if done is None:
        return False
    if _key(candidate) not in own:
        return wishes.replace != "foreign"
    return held or _is_same_text(candidate, done)


def _is_cleared(file: Prepared, gone: Gone, wishes: Wishes) -> bool:
    """Whether a place that holds the disclosure is written all the same: only if that is asked."""
    if wishes.replace == "no":
        return False
    is_spread = not wishes.sidecar and len(file.scan.named(MANIFEST_TAG)) != 1
    return is_spread or gone.declarations > 0 or has_unreadable(file, sidecar=wishes.sidecar)


def _is_signed(candidate: Candidate) -> bool:
    token = candidate.token
    return token is not None and envelope.check_signature(token).code is Code.SIGNATURE_VALID


def _is_about(candidate: Candidate, sids: Collection[str]) -> bool:
    about = getattr(candidate.statement, "of", None)
    return about is not None and about.sid in sids


def _signatures(candidate: Candidate) -> Iterator[Jws]:
    """A statement as it is carried, with every signature value that it has."""
    if candidate.token is not None:
        yield from map(etsi.jws_of, (candidate.token, *candidate.variants))


def _says(candidate: Candidate, declaration: Mapping[str, Any], files: Sequence[Prepared]) -> bool:
    from provenance.wire.encode import to_plain

    if candidate.manifest is None:
        return False
    plain = to_plain(candidate.manifest)
    recorded = plain.get("subject", {}).get("bindings", [])
    return _core(plain) == _core(declaration) and all(_is_bound(recorded, f) for f in files)


def _superseded_by(candidate: Candidate, among: Sequence[Candidate]) -> set[str]:
    """The ``sid`` of each statement that this one supersedes, directly or through others."""
    by_sid = {_sid(c): c for c in among}
    older: set[str] = set()
    at: Candidate | None = candidate
    while at is not None and at.manifest is not None and at.manifest.supersedes:
        sid = at.manifest.supersedes
        at = by_sid.get(sid) if sid not in older else None
        older.add(sid)
    return older


def _core(plain: Mapping[str, Any]) -> dict[str, Any]:
    """What makes a declaration different from another (spec 6.7): not what the tool adds."""
    kept = {k: v for k, v in plain.items() if k not in {*TOOL_MEMBERS, "type", "specVersion"}}
    subject = dict(kept.get("subject") or {})
    subject.pop("bindings", None)
    kept["subject"] = subject
    return kept


def _is_bound(recorded: Sequence[Mapping[str, Any]], file: Prepared) -> bool:
    """Whether bindings cover a file: the same coded audio, not played cut (CAR-045)."""
    from provenance.bindings.base import EssenceBinding, from_json
    from provenance.bindings.presentation import presented

    essence, audio = file.scan.essence, file.scan.audio
    mine = [b for b in map(from_json, recorded) if isinstance(b, EssenceBinding)]
    played = [b.presentation for b in mine if b.digest == file.essence]
    if not played or essence is None or audio is None:
        return False
    found = presented(played, essence.presentation, audio.rate)
    return found is None or found.code is not Code.PRESENTATION_CUT


def previous(files: Sequence[Prepared], own: Collection[str], wishes: Wishes) -> Candidate | None:
    """The statement that a new one supersedes; refuses what ``--replace`` does not cover."""
    intact = list(_intact(files))
    _require_asked(files, intact, own, wishes)
    return max(intact, key=sequence, default=None)


def require_room(
    files: Sequence[Prepared], done: Candidate, own: Collection[str], wishes: Wishes
) -> None:
    """Refuse to write a statement that is there already over another one, unless that is asked.

    A file that holds it is left alone, and what others signed with its very words stands beside it.
    """
    lacking = [f for f in files if not holds(f, done, sidecar=wishes.sidecar)]
    in_the_way = [c for c in _intact(lacking) if not _is_same_text(c, done)]
    _require_asked(lacking, in_the_way, own, wishes)


def _require_asked(
    files: Sequence[Prepared], intact: Sequence[Candidate], own: Collection[str], wishes: Wishes
) -> None:
    broken = [f for f in files if has_unreadable(f, sidecar=wishes.sidecar)]
    foreign = [c for c in intact if _key(c) not in own]
    if foreign and wishes.replace != "foreign":
        raise RefusedError(
            "replace.other-signer",
            f"{_carrying(files, foreign)}: carries an intact declaration that another key signed",
            hint="To say that you agree or disagree with it, sign a statement of your own beside "
            "it (prov endorse, also --act disputes). Only --replace=foreign removes it.",
        )
    if (intact or broken) and wishes.replace == "no":
        path = _carrying(files, intact) if intact else broken[0].path
        raise RefusedError(
            "replace.not-asked",
            f"{path}: carries a different declaration already, or one that was taken back",
            hint="Look at it with 'prov inspect'; replace it with --replace.",
        )


def _carrying(files: Sequence[Prepared], meant: Sequence[Candidate]) -> Path:
    return next(f.path for f in files if any(c is m for c in f.existing for m in meant))


def holds(file: Prepared, statement: Candidate, *, sidecar: bool) -> bool:
    """Whether a statement stands in a file's tags, or in its sidecar."""
    return any(
        _sid(c) == _sid(statement) and stands_in(c, sidecar=sidecar)
        for c in file.existing
        if c.counts and c.token is not None
    )


def stands_in(candidate: Candidate, *, sidecar: bool) -> bool:
    """Whether it was found in the sidecar, or else in the tags."""
    return any((SIDECAR in where) == sidecar for where in candidate.where)


def sequence(candidate: Candidate) -> int:
    """Its number in its line of declarations."""
    return (candidate.manifest.sequence or 1) if candidate.manifest else 0


def _intact(files: Sequence[Prepared]) -> Iterator[Candidate]:
    return (c for f in files for c in f.existing if c.counts and c.token is not None)


def _is_same_text(one: Candidate, other: Candidate) -> bool:
    """Whether both signed the very same words: two signatures of one, or co-signed."""
    if one.token is None or other.token is None:
        return False
    return one.token.payload_digest == other.token.payload_digest


def _sid(candidate: Candidate) -> str:
    return candidate.token.sid if candidate.token is not None else ""


def _key(candidate: Candidate) -> str:
    return candidate.token.key if candidate.token is not None else ""
