"""The steps of the procedure, one function each; see ``verify.procedure`` for the order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from provenance.containers.base import MANIFEST_TAG, SUMMARY_TAG, Carrier, Scan
from provenance.model.codes import Code, Effect
from provenance.model.findings import Finding, finding
from provenance.model.limits import Limits
from provenance.signing import bundle, envelope
from provenance.verify import signers
from provenance.verify.outcome import Candidate, Context, Given

if TYPE_CHECKING:
    from provenance.bindings.base import Computed
    from provenance.bindings.compare import InHand
    from provenance.signing.envelope import Token


class Unread(NamedTuple):
    """Stands for a value that is too large to be read, or left unread beside others."""

    where: str
    size: int
    shared: str | None = None
    """The limit that it passes together with others (CAR-056); None: it is too large itself."""


Value = bytes | Unread
Place = tuple[str, Value]
Values = Sequence[tuple[tuple[str, ...], Value]]
"""Each value with the places where it stands."""


def collect(scan: Scan | None, given: Sequence[Given]) -> tuple[list[Place], tuple[Finding, ...]]:
    """Step 1: every place with a value, and what the walk over the file noted (VER)."""
    places: list[Place] = [(g.where, g.value) for g in given]
    if scan is None:
        return places, () if places else (finding(Code.CARRIER_ABSENT),)
    places += [(c.where, _value_of(c)) for c in scan.named(MANIFEST_TAG)]
    return places, tuple(_about_scan(scan, places))


def _value_of(carrier: Carrier) -> Value:
    if carrier.unread is not None:
        return Unread(carrier.where, carrier.unread, "tag_read_bytes")
    size = carrier.too_large
    return carrier.value if size is None else Unread(carrier.where, size)


def _about_scan(scan: Scan, places: Sequence[Place]) -> Iterator[Finding]:
    yield from scan.notes
    if scan.incomplete:
        yield finding(Code.CARRIER_SCAN_INCOMPLETE, container=scan.container)
    elif not places:
        yield finding(Code.CARRIER_ABSENT, container=scan.container)
        yield from (
            finding(Code.CARRIER_SUMMARY_UNSIGNED, c.where, says=shown_value(c.value))
            for c in scan.named(SUMMARY_TAG)
        )
    for carrier in scan.named(MANIFEST_TAG):
        if not carrier.canonical:
            yield finding(Code.CARRIER_UNEXPECTED_PLACE, carrier.where)


def shown_value(value: bytes) -> str:
    """The beginning of a tag's value as text, whatever it is."""
    return value[:200].decode("utf-8", "replace")


def parse(
    places: Sequence[Place], limits: Limits
) -> tuple[list[tuple[tuple[str, ...], Value]], tuple[Finding, ...]]:
    """Step 2: the statements in all values; equal bytes collapse into one with all its places.

    A value that cannot be taken apart stays as it is and fails in step 3; so does one that is too
    large, each for itself. JSON with which all values together would pass twice the size of a
    bundle is left unread.
    """
    grouped: dict[Value, list[str]] = {}
    notes: list[Finding] = []
    left = _shared_bytes(limits)["bundle_bytes"]
    for where, value in places:
        if isinstance(value, Unread):
            grouped.setdefault(value, []).append(where)
            continue
        is_json, size = value[:1] == b"{", len(value)
        is_large = size > limits.bundle_bytes
        if is_large or (is_json and size > left):
            shared = None if is_large else "bundle_bytes"
            grouped.setdefault(Unread(where, size, shared), []).append(where)
            continue
        if is_json:
            left -= size
        statements, found = bundle.read_values(value, limits)
        notes += [replace(f, where=f.where or where) for f in found]
        for statement in statements:
            grouped.setdefault(statement, []).append(where)
    notes += [
        finding(Code.CARRIER_DUPLICATE_IDENTICAL, wheres[0], places=len(wheres))
        for value, wheres in grouped.items()
        if len(wheres) > 1 and not isinstance(value, Unread)
    ]
    if len(grouped) > limits.statements:
        notes.append(finding(Code.CARRIER_SCAN_INCOMPLETE, statements=len(grouped)))
    kept = list(grouped.items())[: limits.statements]
    return [(tuple(wheres), value) for value, wheres in kept], tuple(notes)


def examine(values: Values, context: Context) -> tuple[list[Candidate], tuple[Finding, ...]]:
    """Steps 3 to 7 for every statement; what is left unread beside others is noted."""
    candidates, notes = check_signatures(values, context)
    read, more = read_contents(candidates, context)
    return read, notes + more


def check_signatures(
    values: Values, context: Context
) -> tuple[list[Candidate], tuple[Finding, ...]]:
    """Steps 3 and 4 for every statement: envelope, signature."""
    notes = tuple(
        _left_unread(value.where, value.size, value.shared, context.limits)
        for _, value in values
        if isinstance(value, Unread) and value.shared is not None
    )
    return _merged([_opened(where, value, context) for where, value in values]), notes


def read_contents(
    signed: Sequence[Candidate], context: Context
) -> tuple[list[Candidate], tuple[Finding, ...]]:
    """Steps 5 to 7 for every statement: content, time, identity.

    The content of a statement is left unread where the payloads together would pass the limit
    (SEC-001).
    """
    candidates: list[Candidate] = []
    notes: list[Finding] = []
    left = context.limits.payload_bytes
    for candidate in signed:
        if candidate.token is not None and candidate.is_signed:
            size = len(candidate.token.payload)
            if size > left:
                where = candidate.where[0]
                notes.append(_left_unread(where, size, "payload_bytes", context.limits))
                candidates.append(candidate)
            else:
                left -= size
                candidates.append(_read(candidate, candidate.token, context))
        else:
            candidates.append(candidate)
    return signers.identified(candidates, context), tuple(notes)


def _left_unread(where: str, size: int, shared: str, limits: Limits) -> Finding:
    """That something was not read because a limit that it shares with others would be passed."""
    most = _shared_bytes(limits)[shared]
    return finding(
        Code.CARRIER_SCAN_INCOMPLETE, where, bytes=size, sharedLimit=shared, sharedBytes=most
    )


def _shared_bytes(limits: Limits) -> dict[str, int]:
    """What several values may have together, by the limit's name (spec 10.1)."""
    return {
        "tag_read_bytes": limits.tag_read_bytes,
        "bundle_bytes": 2 * limits.bundle_bytes,
        "payload_bytes": limits.payload_bytes,
    }


def _opened(where: tuple[str, ...], value: Value, context: Context) -> Candidate:
    """Steps 3 and 4: envelope and signature."""
    if isinstance(value, Unread) and value.shared is not None:
        return Candidate(where, (finding(Code.CARRIER_FOUND, where[0]),))
    if isinstance(value, Unread):
        limit = context.limits.bundle_bytes
        large = finding(Code.CARRIER_TOO_LARGE, value.where, size=value.size, limit=limit)
        return Candidate(where, (finding(Code.CARRIER_FOUND, where[0]), large))
    token, found = envelope.read(value, context.limits)
    found = (finding(Code.CARRIER_FOUND, where[0]), *found)
    if token is not None and not (_breaks(found) or _blocks(found)):
        found += (envelope.check_signature(token),)
    return Candidate(where, found, token)


def _merged(opened: Sequence[Candidate]) -> list[Candidate]:
    """One candidate a valid ``sid``: the same statement with and without time-stamps is one.

    Each signature value keeps the time-stamps of all its copies (VER-023).
    """
    kept: dict[str, Candidate] = {}
    for n, candidate in enumerate(opened):
        token = candidate.token
        name = token.sid if token is not None and candidate.is_signed else f"#{n}"
        first = kept.get(name)
        if first is None or first.token is None or token is None:
            kept[name] = candidate
        else:
            kept[name] = _joined(first, first.token, candidate, token)
    return list(kept.values())


def _joined(first: Candidate, one: Token, second: Candidate, other: Token) -> Candidate:
    """Two of one ``sid`` as one: a time-stamp belongs to the signature value that it is over."""
    tokens = [one, *first.variants]
    for n, token in enumerate(tokens):
        if token.signature == other.signature:
            more = tuple(item for item in other.etsi_u if item not in token.etsi_u)
            tokens[n] = replace(token, etsi_u=token.etsi_u + more)
            break
    else:
        tokens.append(other)
    tokens.sort(key=lambda token: not token.etsi_u)
    where = tuple(dict.fromkeys((*first.where, *second.where)))
    return replace(first, where=where, token=tokens[0], variants=tuple(tokens[1:]))


def _read(candidate: Candidate, token: Token, context: Context) -> Candidate:
    """Steps 5 and 6: content and time."""
    if candidate.is_disclosure:
        from provenance.wire.decode import decode

        manifest, found = decode(token.payload, context.limits)
        said: dict[str, Any] = {"manifest": manifest}
        issued = manifest.issued if manifest is not None else None
    else:
        from provenance.wire.statements import decode_statement

        statement, found = decode_statement(token.typ, token.payload, context.limits)
        said = {"statement": statement}
        issued = statement.issued if statement is not None else None
    best, proven = signers.proven_time((token, *candidate.variants), context)
    found += (
        *signers.claimed_time(issued, token.iat),
        *proven,
        *signers.strong(token, context, best),
    )
    return replace(candidate, **said, best=best, findings=candidate.findings + found)


def split(candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """The disclosures, and the statements of other kinds."""
    disclosures = [c for c in candidates if c.is_disclosure]
    return disclosures, [c for c in candidates if not c.is_disclosure]


def may_count(candidates: Sequence[Candidate]) -> bool:
    """Whether any is a disclosure that counts unless its content is at fault."""
    return any(c.is_signed and c.is_disclosure for c in candidates)


def several(candidates: Sequence[Candidate]) -> tuple[Finding, ...]:
    """The remark that there is more than one declaration (VER-022)."""
    count = sum(candidate.is_disclosure for candidate in candidates)
    return (finding(Code.CARRIER_MULTIPLE, statements=count),) if count > 1 else ()


def with_digest(stream: BinaryIO, scan: Scan) -> Scan:
    """The scan with its essence hashed, once for all candidates."""
    if scan.essence is None or scan.essence.digest is not None:
        return scan
    from provenance.bindings.essence import essence_digest as compute

    return replace(scan, essence=replace(scan.essence, digest=compute(stream, scan.essence)))


def essence_digest(scan: Scan | None) -> str | None:
    """The digest of the essence in hand in its spelling, if it is known."""
    if scan is None or scan.essence is None or scan.essence.digest is None:
        return None
    from provenance.wire.digests import spell

    return spell(scan.essence.digest)


def in_hand(
    candidates: Sequence[Candidate],
    stream: BinaryIO | None,
    scan: Scan | None,
    context: Context,
) -> InHand | None:
    """The file for step 8, with what any intact statement records of one; None without a file."""
    if stream is None or scan is None or not any(c.counts for c in candidates):
        return None
    from provenance.bindings.compare import InHand

    tiers = recorded(candidates)
    return InHand(stream, scan, context.limits, recorded=tiers, decode=context.decode)


def recorded(candidates: Sequence[Candidate]) -> frozenset[str]:
    """The tiers that any intact disclosure among them records."""
    from provenance.bindings.compare import tiers_of

    manifests = (c.manifest for c in candidates if c.counts and c.manifest is not None)
    return frozenset[str]().union(*(tiers_of(m.subject.bindings) for m in manifests))


def bind(candidate: Candidate, hand: InHand | Computed | None) -> Candidate:
    """Step 8: compare what the statement is bound to with the audio in hand, or what is stated."""
    if not candidate.counts or candidate.manifest is None:
        return candidate
    if hand is None:
        found: tuple[Finding, ...] = (finding(Code.BINDING_NOT_CHECKED, reason="no audio given"),)
    else:
        from provenance.bindings.compare import InHand, compare, judge_stated

        bindings = candidate.manifest.subject.bindings
        if isinstance(hand, InHand):
            found = compare(bindings, hand)
        else:
            found = judge_stated(bindings, hand)
    return replace(candidate, findings=candidate.findings + found)


def is_unusable(candidate: Candidate, selected: Candidate) -> bool:
    """Whether another statement of the file failed and must at least be named."""
    is_it = candidate.where == selected.where and candidate.token is selected.token
    return not is_it and bool(_breaks(candidate.findings) or _blocks(candidate.findings))


def unusable(candidate: Candidate) -> Finding:
    """A line for a statement that does not count; it never lowers the result of another."""
    reasons = _breaks(candidate.findings) or _blocks(candidate.findings)
    sid = candidate.token.sid if candidate.token else None
    return finding(Code.CARRIER_UNUSABLE, candidate.where[0], reason=reasons[0].code.slug, sid=sid)


def _breaks(findings: Sequence[Finding]) -> list[Finding]:
    return [f for f in findings if f.effect is Effect.BREAKS]


def _blocks(findings: Sequence[Finding]) -> list[Finding]:
    return [f for f in findings if f.effect is Effect.BLOCKS]
