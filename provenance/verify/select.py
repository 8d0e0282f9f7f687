"""Steps 9 and 10: which statement counts (spec 8.9, 8.10; VER).

A candidate counts when nothing about it breaks and its content could be read. Exactly one, or
several with the same payload, or several linked by ``supersedes`` with one head in one lineage:
that one is used. Any other set is a conflict, whatever the ranks: whoever can add a tag can
also strip one, so nothing is lost by refusing to choose. Candidates that do not count never
lower the result. When none counts, the best of the failures is the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from provenance.model.codes import Code, Effect
from provenance.model.findings import Finding, finding
from provenance.trust.identity import Keyring, rung
from provenance.verify.outcome import Candidate, Context

if TYPE_CHECKING:
    from provenance.model.manifest import Manifest
    from provenance.signing.envelope import Token

_BEST_FAILURE = (Code.SIGNATURE_VALID, Code.CARRIER_FOUND)


def select(
    candidates: Sequence[Candidate], others: Sequence[Candidate], context: Context
) -> tuple[Candidate | None, tuple[Finding, ...]]:
    """The candidate that the verdict is about, and findings about the set."""
    del others
    keyring = context.keyring
    if not candidates:
        return None, ()
    counting = [c for c in candidates if counts(c)]
    if not counting:
        return _least_bad(candidates), ()
    by_payload: dict[str, list[Candidate]] = {}
    for candidate in counting:
        by_payload.setdefault(_token(candidate).payload_digest, []).append(candidate)
    if len(by_payload) == 1:
        return _best(counting), ()
    return _one_head([_best(group) for group in by_payload.values()], keyring)


def counts(candidate: Candidate) -> bool:
    """Whether a statement counts: its content could be read and nothing about it breaks."""
    return candidate.manifest is not None and not any(
        f.effect is Effect.BREAKS for f in candidate.findings
    )


def _token(candidate: Candidate) -> Token:
    if candidate.token is None:
        raise ValueError("a candidate that counts has a token")
    return candidate.token


def _manifest(candidate: Candidate) -> Manifest:
    if candidate.manifest is None:
        raise ValueError("a candidate that counts has a manifest")
    return candidate.manifest


def _best(candidates: Sequence[Candidate]) -> Candidate:
    """Of co-signed statements with one payload: the signer that is known best."""

    def height(candidate: Candidate) -> int:
        return max((rung(f.code.slug) for f in candidate.findings), default=-1)

    return max(candidates, key=height)


def _least_bad(candidates: Sequence[Candidate]) -> Candidate:
    """When none counts: FAILED before INDETERMINATE, then the one that got furthest."""

    def order(candidate: Candidate) -> tuple[int, int]:
        breaks = any(f.effect is Effect.BREAKS for f in candidate.findings)
        return (0 if breaks else 1, -len(candidate.findings))

    return min(candidates, key=order)


def _one_head(
    candidates: Sequence[Candidate], keyring: Keyring
) -> tuple[Candidate, tuple[Finding, ...]]:
    by_sid = {_token(c).sid: c for c in candidates}
    older: dict[str, str] = {}
    notes: list[Finding] = []
    for sid, candidate in by_sid.items():
        previous = by_sid.get(_manifest(candidate).supersedes or "")
        if previous is None:
            continue
        if _same_lineage(candidate, previous, keyring):
            older[_token(previous).sid] = sid
        else:
            notes.append(_superseded_by_other(candidate, previous))
    heads = [c for sid, c in by_sid.items() if sid not in older]
    if len(heads) == 1:
        notes += [finding(Code.CURRENCY_SUPERSEDED, sid=old, by=new) for old, new in older.items()]
        return heads[0], tuple(notes)
    conflict = finding(Code.CARRIER_CONFLICT, statements=len(heads))
    chosen = _best(heads)
    return replace(chosen, findings=(*chosen.findings, conflict)), tuple(notes)


def _same_lineage(newer: Candidate, older: Candidate, keyring: Keyring) -> bool:
    """Same key, or both keys are the asker's own; and the sequence goes up."""
    new, old = _token(newer), _token(older)
    same = new.key == old.key or (new.key in keyring.own and old.key in keyring.own)
    return same and (_manifest(newer).sequence or 1) > (_manifest(older).sequence or 1)


def _superseded_by_other(newer: Candidate, older: Candidate) -> Finding:
    return finding(Code.CURRENCY_SUPERSEDED_BY_OTHER, sid=_token(older).sid, by=_token(newer).sid)
