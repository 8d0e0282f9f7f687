"""Step 9: which statement supersedes, forks, rolls back or withdraws which (spec 17.5, 17.6).

Only statements at hand are compared, each by what its own signature shows. A *lineage* is the
statements that one signer may replace: of one key, of two keys of the asker's own, or of two
keys of one party of the asker's policy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from provenance.model.codes import Code, Effect
from provenance.model.findings import Finding, finding
from provenance.model.manifest import Manifest
from provenance.model.records import dataclass
from provenance.model.statements import Endorsement, Withdrawal
from provenance.signing.envelope import Token
from provenance.trust.identity import NO_KEYS, Keyring
from provenance.trust.policy import Policy
from provenance.verify.outcome import Candidate
from provenance.verify.rights import Recording, may, recording_of

DISPUTES = "disputes"
"""The act of an endorsement that lowers instead of raising."""


@dataclass(frozen=True)
class Known:
    """Whom the asker knows, as far as lineage depends on it."""

    keyring: Keyring = NO_KEYS
    policy: Policy | None = None


def token_of(candidate: Candidate) -> Token:
    """The token of a candidate whose envelope could be read."""
    if candidate.token is None:
        raise ValueError("a candidate that was read has a token")
    return candidate.token


def manifest_of(candidate: Candidate) -> Manifest:
    """The manifest of a disclosure that could be read."""
    if candidate.manifest is None:
        raise ValueError("a candidate that counts has a manifest")
    return candidate.manifest


def is_clean(candidate: Candidate) -> bool:
    """Whether nothing that was found about a statement breaks or blocks."""
    return all(f.effect in {Effect.CONFIRMS, Effect.INFORMS} for f in candidate.findings)


def is_one_signer(newer: Candidate, older: Candidate, known: Known) -> bool:
    """Whether ``newer`` speaks for whoever signed ``older`` (STM-045).

    A key that the policy lists for the party counts for the older statement even when it has
    expired since: that is what rotation is.
    """
    new, old = token_of(newer).key, token_of(older).key
    if new == old or (new in known.keyring.own and old in known.keyring.own):
        return True
    mine = newer.signer.party if newer.signer else None
    if mine is None or known.policy is None:
        return False
    if older.signer is not None and older.signer.party == mine:
        return True
    party = known.policy.party(mine)
    return party is not None and any(k.key == old for k in party.keys)


def supersession(
    candidates: Sequence[Candidate], known: Known
) -> tuple[list[Candidate], list[Finding]]:
    """The candidates that none of their lineage supersedes, and what was found about it."""
    by_sid = {token_of(c).sid: c for c in candidates}
    older: dict[str, str] = {}
    notes: list[Finding] = []
    for sid, candidate in by_sid.items():
        previous = by_sid.get(manifest_of(candidate).supersedes or "")
        if previous is None:
            continue
        old = token_of(previous).sid
        if not is_one_signer(candidate, previous, known):
            notes.append(finding(Code.CURRENCY_SUPERSEDED_BY_OTHER, sid=old, by=sid))
        elif _sequence(candidate) > _sequence(previous):
            older[old] = sid
    heads = [c for sid, c in by_sid.items() if sid not in older]
    if len(heads) == 1:
        notes += [finding(Code.CURRENCY_SUPERSEDED, sid=old, by=new) for old, new in older.items()]
    return heads, notes


def _sequence(candidate: Candidate) -> int:
    return manifest_of(candidate).sequence or 1


def forks(selected: Candidate, counting: Sequence[Candidate], known: Known) -> Iterator[Finding]:
    """Two statements of the selected one's lineage with one number for one recording (STM-051)."""
    mine = [c for c in counting if is_one_signer(c, selected, known)]
    for n, first in enumerate(mine):
        for second in mine[n + 1 :]:
            one, other = token_of(first), token_of(second)
            is_other = one.payload_digest != other.payload_digest
            if is_other and _sequence(first) == _sequence(second) and _share(first, second):
                yield finding(
                    Code.CURRENCY_FORK, sid=one.sid, other=other.sid, sequence=_sequence(first)
                )


def _share(first: Candidate, second: Candidate) -> bool:
    """Whether two statements are about one recording: one ISRC, or some coded audio in common."""
    one, other = recording_of(manifest_of(first)), recording_of(manifest_of(second))
    same = one.isrc is not None and one.isrc == other.isrc
    return same or bool(set(one.essence) & set(other.essence))


def rollbacks(
    selected: Candidate, candidates: Sequence[Candidate], known: Known
) -> Iterator[Finding]:
    """A higher number of the same lineage and ISRC is at hand than the selected one (STM-052).

    It need not be bound to this file, which is the point: the newer statement came with another.
    """
    isrc = manifest_of(selected).subject.isrc
    if isrc is None:
        return
    sid = token_of(selected).sid
    for other in candidates:
        if other.manifest is None or token_of(other).sid == sid or not _is_intact(other):
            continue
        same = other.manifest.subject.isrc == isrc and is_one_signer(other, selected, known)
        is_newer = _sequence(other) > _sequence(selected)
        if same and is_newer and token_of(other).sid != manifest_of(selected).supersedes:
            yield finding(
                Code.CURRENCY_ROLLBACK,
                sid=sid,
                newer=token_of(other).sid,
                sequence=_sequence(other),
            )


def _is_intact(candidate: Candidate) -> bool:
    """Whether nothing breaks but the comparison with this file."""
    broken = [f.code for f in candidate.findings if f.effect is Effect.BREAKS]
    return all(code is Code.BINDING_MISMATCH for code in broken)


@dataclass(frozen=True)
class Withdrawn:
    """What withdrawals do to the other statements at hand."""

    by: Mapping[str, Finding]
    """``sid`` of each withdrawn statement to its finding."""
    ignored: tuple[Finding, ...] = ()


def withdrawals(
    targets: Sequence[Candidate], others: Sequence[Candidate], known: Known
) -> Withdrawn:
    """Which of ``targets`` the withdrawals among ``others`` take back (STM-050, STM-053)."""
    by: dict[str, Finding] = {}
    ignored: list[Finding] = []
    named = {token_of(t).sid: t for t in targets if t.token is not None}
    for other in others:
        said = other.statement
        if not isinstance(said, Withdrawal) or said.of is None:
            continue
        target = named.get(said.of.sid)
        if target is None or target is other:
            continue
        reason = _against(other, said, target, known)
        sid = token_of(other).sid
        if reason is not None:
            ignored.append(
                finding(
                    Code.CURRENCY_WITHDRAWAL_IGNORED,
                    other.where[0],
                    sid=sid,
                    of=said.of.sid,
                    why=reason,
                )
            )
        else:
            by[said.of.sid] = finding(
                Code.CURRENCY_WITHDRAWN,
                None,
                sid=said.of.sid,
                by=sid,
                reason=said.reason,
                replacement=said.replacement,
            )
    return Withdrawn(by, tuple(ignored))


def _against(
    withdrawal: Candidate, said: Withdrawal, target: Candidate, known: Known
) -> str | None:
    """Why a withdrawal does not count; None when it does.

    The key that signed a statement may always take it back, stolen or not: that only lowers.
    Taking back a dispute raises, so a key must be good for that.
    """
    if not _names(said, target):
        return "it names another payload or key"
    if isinstance(target.statement, Withdrawal):
        return "a withdrawal is not withdrawn"
    is_good = is_clean(withdrawal)
    raises = isinstance(target.statement, Endorsement) and target.statement.act == DISPUTES
    if token_of(withdrawal).key == token_of(target).key and not raises:
        return None
    if not is_good:
        return "its key is not good"
    if is_one_signer(withdrawal, target, known):
        return None
    if known.policy is not None and may("withdraw", withdrawal, _about(target), known.policy):
        return None
    return "another signer"


def _names(said: Withdrawal, target: Candidate) -> bool:
    token, of = token_of(target), said.of
    return of is not None and (of.sid, of.payload, of.key) == (
        token.sid,
        token.payload_digest,
        token.key,
    )


def _about(target: Candidate) -> Recording:
    if target.manifest is not None:
        return recording_of(target.manifest)
    if isinstance(target.statement, Endorsement):
        subject = target.statement.subject
        return Recording(isrc=subject.isrc, essence=subject.essence)
    return Recording()
