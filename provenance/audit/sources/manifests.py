"""Manifests that stand by themselves: tokens, bundles, sidecars, in files and folders (25.3).

All are read once before any is verified, so that what one file says about another counts
whatever the order. Each is verified without audio and without its rivals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from provenance.audit.at_hand import AtHand, keys_of
from provenance.audit.model import Input, Item, Keys, Problem
from provenance.audit.sources._files import File, each, files, storable
from provenance.audit.sources._statements import (
    MAX_RIVALS,
    beside,
    declared,
    declared_isrc,
    held,
    later_of,
    links_of,
    of_any_time,
    outcome_of,
    says_of,
    value_of,
)
from provenance.audit.sources.base import Reading, SourceKind
from provenance.model.errors import InputError
from provenance.model.statements import Endorsement, Withdrawal
from provenance.model.verdict import Verdict
from provenance.signing.bundle import as_statement, read_values
from provenance.verify import steps
from provenance.verify.currency import DISPUTES
from provenance.verify.outcome import Candidate, Context, Given
from provenance.verify.procedure import verify
from provenance.verify.signers import is_of_later
from provenance.workspace.verifying import looks_like_statement

_ENDINGS = (".musicprov.jws", ".musicprov.json")
_HEAD_BYTES = 2


def _read(path: Path, reading: Reading) -> Iterator[Item | Problem]:
    hand = _indexed(reading)
    try:
        read = partial(_items, context=reading.asked.context, hand=hand)
        yield from each(path, _is_wanted, "manifest", reading, read)
    finally:
        hand.close()


def _indexed(reading: Reading) -> AtHand:
    """The statements of all manifests that were asked for; made by the first that is read."""
    folder = reading.store.folder
    hand = AtHand.read(folder)
    if hand is not None:
        return hand
    made = AtHand.written(folder)
    for source in reading.asked.sources:
        if source.kind == "manifests":
            for file in files(source.path, _is_wanted):
                if isinstance(file, File):
                    _index(file, made, reading.asked.context)
    _know(made, reading.asked.context)
    made.call(reading.store.charted)
    made.close()
    return AtHand.read(folder) or made


def _index(file: File, hand: AtHand, context: Context) -> None:
    try:
        value = _value(file, context)
    except InputError:
        return
    if value is None:
        return
    for candidate in _candidates(file.name, value, context):
        if candidate.is_intact:
            for token in (candidate.token, *candidate.variants):
                if token is not None:
                    links = links_of(candidate)
                    hand.add(held(candidate, token, file.name), links, value_of(token))


def _know(hand: AtHand, context: Context) -> None:
    """Mark statements whose signers are known by a key binding in another file."""
    for one in hand.vouched():
        said = [one, *hand.key_bindings([one.signer])[:MAX_RIVALS]]
        places = [(h.place, hand.value(h)) for h in said]
        found, _ = steps.examine(steps.parse(places, context.limits)[0], context)
        for candidate in found:
            is_it = candidate.token is not None and candidate.token.sid == one.sid
            if is_it and candidate.signer is not None and candidate.signer.is_known:
                hand.know(one)


def _is_wanted(file: File) -> bool:
    """Whether a file of a folder is, by its name or its form, a statement."""
    if file.name.endswith(_ENDINGS):
        return True
    try:
        with file.open() as stream:
            if not looks_like_statement(stream.read(_HEAD_BYTES)):
                return False
            stream.seek(0)
            value = stream.read((1 << 20) + _HEAD_BYTES).removesuffix(b"\n")
    except (InputError, OSError):
        return False
    return any(as_statement(one) is not None for one in read_values(value)[0])


def _value(file: File, context: Context) -> bytes | None:
    """The bytes of a token or bundle; None where there are more than one may have."""
    most = context.limits.bundle_bytes
    with file.open() as stream:
        value = stream.read(most + _HEAD_BYTES).removesuffix(b"\n")
    return value if len(value) <= most else None


def _candidates(name: str, value: bytes, context: Context) -> list[Candidate]:
    places, _ = steps.collect(None, (Given(name, value),))
    values, _ = steps.parse(places, context.limits)
    return steps.examine(values, context)[0]


def _items(made: Input, file: File, context: Context, hand: AtHand) -> Iterator[Item | Problem]:
    value = _value(file, context)
    if value is None:
        yield Problem(made.number, None, "audit.too-large", file.name)
        return
    whole, lasting = (Given(file.name, value),), of_any_time(context)
    first = verify(None, None, lasting, whole)
    candidates = [*outcome_of(first).candidates, *outcome_of(first).others]
    is_dated = any(is_of_later(c, context) or (c.token and c.token.etsi_u) for c in candidates)
    groups = _recordings(candidates)
    is_one = len(groups) < 2
    for place, group in enumerate([candidates] if is_one else groups):
        given = whole if is_one else _alone(file.name, group)
        later = later_of(group, context)
        kept = [c for c in group if not is_of_later(c, context)]
        chosen = beside(kept, hand, context)
        is_done = is_one and not chosen.given and not is_dated
        verdict = first if is_done else verify(None, None, context, (*given, *chosen.given))
        if chosen.left_out:
            yield Problem(made.number, None, "audit.too-many-statements", file.name)
        if not any(c.is_intact for c in group):
            yield Problem(made.number, None, "audit.statement-broken", file.name)
        says = {"statements": len(group), **says_of(verdict, file.name, context)}
        keys = _keys(verdict)
        if later:
            alone = first if is_one else verify(None, None, lasting, given)
            says["declaredIsrc"] = says["declaredIsrc"] or declared_isrc(alone)
            keys |= _keys(alone)
        keys |= Keys(statements=tuple(_opposed(group)))
        where = "" if is_one else f"/{place}"
        yield Item("manifest", made.number, where, keys, storable({**says, "_later": later}))


def _recordings(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """The statements of each recording of a file; what is no disclosure goes with each."""
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.counts and candidate.manifest is not None and candidate.token is not None:
            links = links_of(candidate)
            key = links.isrc or next(iter(links.essences), candidate.token.sid)
            groups.setdefault(key, []).append(candidate)
    others = [c for c in candidates if not c.is_disclosure]
    return [[*group, *others] for group in groups.values()]


def _alone(name: str, group: Sequence[Candidate]) -> tuple[Given, ...]:
    tokens = [t for c in group for t in (c.token, *c.variants) if t is not None]
    return tuple(Given(name, value_of(token)) for token in tokens)


def _opposed(group: Sequence[Candidate]) -> Iterator[str]:
    """What known signers take back or dispute, in a file that declares nothing itself (AUD-038)."""
    if any(c.is_disclosure for c in group):
        return
    for candidate in group:
        said, signer = candidate.statement, candidate.signer
        is_against = isinstance(said, Withdrawal) or (
            isinstance(said, Endorsement) and said.act == DISPUTES
        )
        about = links_of(candidate).about
        if is_against and about and candidate.is_intact and signer is not None and signer.is_known:
            yield about


def _keys(verdict: Verdict) -> Keys:
    """AUD-023: a statement whose signature does not hold is joined to nothing."""
    found = declared(verdict)
    if found is None or found.manifest is None:
        return Keys()
    return keys_of(links_of(found))


SOURCE = SourceKind("Manifests", _read)
