"""What statements are about, and which of those at hand a verification is given (spec 25.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from provenance.audit.at_hand import AtHand, Held, Links
from provenance.audit.naming import MAX_NAMES, artists_of
from provenance.bindings.base import from_json
from provenance.model.manifest import Manifest
from provenance.model.records import dataclass
from provenance.model.statements import Endorsement, KeyBinding, Withdrawal
from provenance.model.verdict import Verdict
from provenance.signing.bundle import flattened_of
from provenance.verify.outcome import Candidate, Context, Given, Outcome
from provenance.wire import strict_json

if TYPE_CHECKING:
    from provenance.bindings.base import Binding
    from provenance.signing.envelope import Token

MAX_RIVALS = 16
"""Declarations at hand that one track is compared with."""


def of_any_time(context: Context) -> Context:
    """The same, without leaving out what is of later."""
    return replace(context, until=None)


def links_of(candidate: Candidate) -> Links:
    """By what a statement whose signature holds may be found."""
    said = candidate.statement
    if candidate.manifest is not None:
        subject = candidate.manifest.subject
        bindings = tuple(bindings_of(candidate.manifest))
        names = names_of(candidate.manifest)
        return Links(candidate.manifest.supersedes, (), subject.isrc, bindings, names)
    if isinstance(said, (Endorsement, Withdrawal)):
        return Links(said.of.sid if said.of else None)
    return Links(keys=said.keys) if isinstance(said, KeyBinding) else Links()


def bindings_of(manifest: Manifest) -> Iterable[Binding]:
    """The bindings of a manifest that this version knows."""
    for one in manifest.subject.bindings:
        try:
            read = from_json(one)
        except ValueError:
            continue
        if read is not None:
            yield read


def names_of(manifest: Manifest) -> tuple[tuple[str, str], ...]:
    """Artist and title as a manifest has them: each artist, and all of them together."""
    return paired(artists_of(manifest)[:MAX_NAMES], manifest.subject.title or "")


def paired(artists: Sequence[str], title: str) -> tuple[tuple[str, str], ...]:
    """Each artist with the title, and all artists together."""
    together = [" ".join(artists)] if len(artists) > 1 else []
    return tuple(dict.fromkeys((name, title) for name in (*artists, *together) if title))


def held(candidate: Candidate, token: Token, place: str) -> Held:
    """A statement as it is kept at hand, with the time-stamps that it has."""
    signer = candidate.signer
    return Held(
        number=0,
        sid=token.sid,
        typ=token.typ,
        signer=token.key,
        party=signer.party if signer else None,
        known=signer is not None and signer.is_known,
        about=links_of(candidate).about,
        place=place,
        size=0,
    )


def value_of(token: Token) -> bytes:
    """A statement as bytes: compact, or flattened where it has time-stamps."""
    if not token.etsi_u:
        return token.compact.encode("ascii")
    header = {"header": {"etsiU": list(token.etsi_u)}}
    return strict_json.encode({**flattened_of(token.compact), **header})


@dataclass(frozen=True)
class Chosen:
    """What a verification is given from at hand, and how many statements there was no room for."""

    given: tuple[Given, ...] = ()
    disclosures: int = 0
    left_out: int = 0


def beside(own: Sequence[Candidate], hand: AtHand | None, context: Context) -> Chosen:
    """What stands at hand about the statements of a file or token, and nothing that rivals them.

    The rest of what is at hand cannot disturb it (AUD-024).
    """
    return _within(own, [], hand, context)


def for_track(
    own: Sequence[Candidate], hand: AtHand | None, found: Sequence[Held], context: Context
) -> Chosen:
    """What a track is verified with beside its own statements (AUD-024, AUD-025).

    ``found`` are the declarations at hand that belong to it. Where it carries a declaration of
    its own, only what continues that one is taken; the others are compared with it ``apart``.
    """
    if hand is None:
        return Chosen()
    mine = [c for c in own if c.counts]
    if mine:
        newer = [h for c in mine if c.token for h in hand.newer(c.token.sid, c.token.key)]
        taken = [h for h in newer if any(_continues(h, c, context) for c in mine)]
    else:
        taken = heard(found)
    return _rivals(own, taken, hand, context)


def apart(
    own: Sequence[Candidate],
    hand: AtHand | None,
    found: Sequence[Held],
    seen: frozenset[str],
    context: Context,
) -> Chosen:
    """What is compared with the audio of a track apart from the declaration that it carries.

    Whatever somebody put into a file, the declarations at hand are held against its audio, those
    of signers whom the auditor knows where there are any (AUD-025). ``seen`` are the ``sid`` of
    statements that took part already.
    """
    if hand is None or not any(c.counts for c in own):
        return Chosen()
    return _rivals((), [h for h in heard(found) if h.sid not in seen], hand, context)


def heard(found: Sequence[Held]) -> list[Held]:
    """Each once: those of signers whom the auditor knows, where there are any, else all."""
    wanted = [h for h in found if h.known] or found
    return list({h.number: h for h in wanted}.values())


def _rivals(
    own: Sequence[Candidate], taken: Sequence[Held], hand: AtHand, context: Context
) -> Chosen:
    """Each declaration once, as many as a track is compared with."""
    unique = list({h.number: h for h in taken}.values())
    chosen = _within(own, unique[:MAX_RIVALS], hand, context)
    over = max(0, len(unique) - MAX_RIVALS)
    return replace(chosen, left_out=chosen.left_out + over)


def _continues(newer: Held, own: Candidate, context: Context) -> bool:
    """Whether the signer of a statement at hand may replace the file's own (STM-045)."""
    token, policy = own.token, context.policy
    if token is None:
        return False
    mine = context.keyring.own
    if newer.signer == token.key or (newer.signer in mine and token.key in mine):
        return True
    party = policy.party(newer.party) if policy is not None and newer.party else None
    if party is None:
        return False
    is_one = own.signer is not None and own.signer.party == party.id
    return is_one or any(k.key == token.key for k in party.keys)


def _within(
    own: Sequence[Candidate], taken: Sequence[Held], hand: AtHand | None, context: Context
) -> Chosen:
    """As many as a verification takes, the file's own statements first."""
    if hand is None:
        return Chosen()
    tokens = [c.token for c in own if c.token is not None]
    targets = {t.sid: t.key for t in tokens} | {h.sid: h.signer for h in taken}
    said = hand.beside(targets) if targets else []
    limits = context.limits
    room = max(0, limits.statements - len(own))
    space = limits.payload_bytes - sum(len(t.payload) for t in tokens)
    given: list[Given] = []
    kept = 0
    for place, one in enumerate((*taken, *said)):
        if len(given) >= room or one.size > space:
            continue
        space -= one.size
        kept += place < len(taken)
        given.append(Given(one.place, hand.value(one)))
    return Chosen(tuple(given), kept, len(taken) + len(said) - len(given))


def outcome_of(verdict: Verdict) -> Outcome:
    """The facts behind a verdict."""
    outcome = verdict.subject
    if not isinstance(outcome, Outcome):
        raise TypeError("this verdict is not about a file or token")
    return outcome


def declared(verdict: Verdict) -> Candidate | None:
    """The disclosure that a verdict is about, where its signature holds (AUD-023)."""
    from provenance.reports.as_json import is_verified

    selected = outcome_of(verdict).selected
    if selected is None or selected.manifest is None or not is_verified(verdict):
        return None
    return selected


def declared_isrc(verdict: Verdict) -> str | None:
    """The ISRC that is declared, where a signature holds."""
    found = declared(verdict)
    return found.manifest.subject.isrc if found is not None and found.manifest else None


def later_of(candidates: Iterable[Candidate], context: Context) -> list[str]:
    """The statements that are of later than the audit, which are left out (AUD-059)."""
    from provenance.verify.signers import is_of_later

    found = (c.token.compact for c in candidates if c.token and is_of_later(c, context))
    return list(dict.fromkeys(found))


def sids_of(verdict: Verdict) -> frozenset[str]:
    """Every statement that took part in a verification."""
    outcome = outcome_of(verdict)
    return frozenset(c.token.sid for c in (*outcome.candidates, *outcome.others) if c.token)


def tokens_of(outcome: Outcome) -> list[str]:
    """Every statement that took part, with its time-stamps, in the order of finding them."""
    found = (value_of(c.token) for c in (*outcome.candidates, *outcome.others) if c.token)
    return list(dict.fromkeys(value.decode("utf-8") for value in found))


def says_of(verdict: Verdict, name: str, context: Context) -> Mapping[str, Any]:
    """What manifests and tracks say alike: the report, its status, the ISRC that is declared."""
    from provenance.reports.as_json import report

    made = report(name, verdict, context)
    return {
        "status": made["status"],
        "code": made["code"],
        "declaredIsrc": declared_isrc(verdict),
        "_report": made,
        "_tokens": tokens_of(outcome_of(verdict)),
    }
