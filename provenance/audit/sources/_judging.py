"""What one audio file says and carries: the work that processes may share (spec 25.3).

Everything that goes in and comes out can be pickled. A file is read once here, for its
structure and its coded audio; the digest of the whole file is the caller's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO

from provenance.audit.at_hand import AtHand, Held
from provenance.audit.model import Keys
from provenance.audit.sources._files import File
from provenance.audit.sources._statements import (
    MAX_RIVALS,
    Chosen,
    apart,
    bindings_of,
    declared,
    declared_isrc,
    for_track,
    heard,
    later_of,
    names_of,
    of_any_time,
    outcome_of,
    paired,
    says_of,
    sids_of,
    tokens_of,
)
from provenance.audit.store import name_key
from provenance.bindings.base import EssenceBinding
from provenance.containers.base import Container, Tags
from provenance.issuing.preparing import adapter_of, existing_statements, sidecar_of
from provenance.model.codes import Axis, Code
from provenance.model.errors import InputError, UnsupportedContainerError
from provenance.model.identifiers import normalise_isrc
from provenance.model.records import dataclass
from provenance.model.verdict import Status, Verdict
from provenance.verify import steps
from provenance.verify.outcome import Candidate, Context, Given
from provenance.verify.procedure import verify

if TYPE_CHECKING:
    from provenance.bindings.base import Computed
    from provenance.bindings.compare import InHand

MAX_PRINTS = 500
"""Recorded fingerprints of about its length that one track is compared with."""
_MAX_TAG = 500
"""Characters of one tag that are kept."""
_MAX_ARTISTS = 8
_ISRC = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}[-_ ]?[A-Za-z0-9]{3}[-_ ]?[0-9]{2}[-_ ]?[0-9]{5}(?![A-Za-z0-9])"
)
_TAGS = ("title", "artist", "album", "isrc", "label", "barcode")
_DECODED = ("samples", "fingerprint")
"""Tiers for which audio may have to be decoded."""
_SEARCHED = frozenset({Code.BINDING_LOSSLESS, Code.BINDING_SIMILAR})
_SAME = frozenset({Code.BINDING_EXACT, Code.BINDING_LOSSLESS})
_OTHER = frozenset({Code.BINDING_SIMILAR, Code.BINDING_ALTERED, Code.BINDING_MISMATCH})
"""What audio is to a declaration that it was not shown to be bound to."""


@dataclass(frozen=True)
class Judged:
    """What was found of one file."""

    keys: Keys
    says: Mapping[str, Any]
    """All of a track's members but ``size`` and ``sha256``."""
    rules: tuple[str, ...] = ()
    """Rules ``audit.*`` that tell what fell short."""


def judge(file: File, context: Context, hand: AtHand | None, search: bool) -> Judged:
    """Verify a file with what it carries and what is at hand for it.

    ``search`` allows decoding to find a declaration by samples or fingerprint. Never raises for
    what the file holds or because it cannot be read.
    """
    try:
        with file.open() as stream:
            return _Track(file, stream, context, hand).judged(search)
    except (InputError, UnsupportedContainerError, EOFError, OSError) as error:
        return _damaged(file, error, context)


def _damaged(file: File, error: Exception, context: Context) -> Judged:
    from provenance.reports.as_json import due_to, error_report

    if isinstance(error, OSError):
        message = "it could not be read to its end"
    else:
        message = str(error).removeprefix(f"{file.path}: ") or "it could not be read"
    made = error_report(file.name, message, getattr(error, "hint", ""), context, due_to(error))
    says = {
        "container": None,
        "essence": None,
        "tags": None,
        "declaredIsrc": None,
        "marks": None,
        "status": Status.ERROR.value,
        "code": made["code"],
        "_report": made,
        "_tokens": [],
        "_compared": None,
        "_named": [],
        "_later": [],
    }
    return Judged(Keys(isrcs=tuple(named_isrcs(file.name))), says, ("audit.audio-unreadable",))


class _Track:
    """One open file, scanned once and decoded once at most, however often it is verified."""

    def __init__(self, file: File, stream: BinaryIO, context: Context, hand: AtHand | None) -> None:
        self._file = file
        self._stream = stream
        self._context = context
        self._hand = hand
        container = adapter_of(stream, file.path)
        scan = container.scan(stream, context.limits, True)
        self._scan = steps.with_digest(stream, scan)
        self._container = replace(container, scan=lambda *_: self._scan)
        self._sidecar = sidecar_of(file.path, context.limits)
        self._whole = existing_statements(self._scan, of_any_time(context), self._sidecar)
        self._audio = self._in_hand()

    def _in_hand(self) -> InHand:
        """Its audio, with the tiers that anything it may be compared with records."""
        from provenance.bindings.compare import InHand

        hand, context = self._hand, self._context
        tiers = steps.recorded(self._whole)
        tiers |= {t for t in _DECODED if hand is not None and hand.has_tier(t)}
        return InHand(
            self._stream, self._scan, context.limits, recorded=tiers, decode=context.decode
        )

    def judged(self, search: bool) -> Judged:
        own, later = self._own()
        belonging = self._belonging(own)
        called = [] if any(h.known for h in belonging) else self._called(own)
        named = [(h, self._audio_of(h)) for h in called[:MAX_RIVALS]]
        belonging += [h for h, code in named if code in _SAME]
        chosen = for_track(own, self._hand, belonging, self._context)
        verdict = self._with(chosen)
        others = apart(own, self._hand, belonging, sids_of(verdict), self._context)
        compared = self._compared(others) if others.given else None
        left_out = chosen.left_out or others.left_out or called[MAX_RIVALS:]
        rules = ["audit.too-many-statements"] if left_out else []
        if not own and not chosen.disclosures and self._may_be_found():
            if search:
                found = self._found(own)
                verdict = verdict if found is None else found
            else:
                rules.append("audit.not-searched")
        seen = sids_of(verdict)
        other = [(h.sid, c.slug) for h, c in named if c in _OTHER and h.sid not in seen]
        says = {
            **self._says(verdict),
            "_compared": compared,
            "_named": [{"sid": sid, "code": code} for sid, code in other],
            "_later": later,
        }
        keys = self._keys(verdict)
        if later:
            whole = self._verified(self._container, self._sidecar, of_any_time(self._context))
            says["declaredIsrc"] = says["declaredIsrc"] or declared_isrc(whole)
            keys |= self._keys(whole)
        return Judged(keys, says, tuple(rules))

    def _own(self) -> tuple[Sequence[Candidate], list[str]]:
        """The statements that the file carries, and those that are of later than the audit."""
        later = later_of(self._whole, self._context)
        if not later:
            return self._whole, []
        return existing_statements(self._scan, self._context, self._sidecar), later

    def _with(self, chosen: Chosen) -> Verdict:
        """What it carries, with what was chosen of what is at hand."""
        return self._verified(self._container, (*chosen.given, *self._sidecar), self._context)

    def _verified(self, container: Container, given: Sequence[Given], context: Context) -> Verdict:
        return verify(self._stream, container, context, given, hand=self._audio)

    def _compared(self, others: Chosen) -> Mapping[str, Any]:
        """What the audio shows of declarations at hand beside those that the file carries."""
        from provenance.reports.as_json import report

        bare = replace(self._scan, carriers=())
        container = replace(self._container, scan=lambda *_: bare)
        found = self._verified(container, others.given, self._context)
        made = report(self._file.name, found, self._context)
        return {"report": made, "tokens": tokens_of(outcome_of(found))}

    def _belonging(self, own: Sequence[Candidate]) -> list[Held]:
        """Of the same coded audio first, then of the ISRC that its own statements or tags have."""
        hand, essence = self._hand, steps.essence_digest(self._scan)
        if hand is None:
            return []
        keys = [("essence", essence)] if essence else []
        keys += [("isrc", isrc) for isrc in self._isrcs(own)]
        return [held for kind, value in keys for held in hand.disclosures(kind, value)]

    def _isrcs(self, own: Sequence[Candidate]) -> list[str]:
        """The ISRCs that its own statements and its tags have."""
        isrcs = [isrc for c in own if c.manifest and (isrc := c.manifest.subject.isrc)]
        return list(dict.fromkeys([*isrcs, *tagged_isrcs(self._scan.tags)]))

    def _called(self, own: Sequence[Candidate]) -> list[Held]:
        """Declarations at hand that nothing but a name ties to it (AUD-039)."""
        hand = self._hand
        if hand is None:
            return []
        keys = [("isrc", isrc) for isrc in named_isrcs(self._file.name)]
        if not keys and not self._isrcs(own):
            names = [name_key(*name) for name in self._names()]
            keys = [("name", name) for name in names if name is not None]
        return heard([held for kind, value in keys for held in hand.disclosures(kind, value)])

    def _names(self) -> tuple[tuple[str, str], ...]:
        """Artist and title of its tags."""
        tags = self._scan.tags
        return paired(tags.artist[:_MAX_ARTISTS], tags.title[0] if tags.title else "")

    def _audio_of(self, one: Held) -> Code | None:
        """How its audio compares with a declaration at hand, by itself; None where it cannot."""
        value = b"" if self._hand is None else self._hand.value(one)
        values, _ = steps.parse([(one.place, value)], self._context.limits)
        found = [steps.bind(c, self._audio) for c in steps.examine(values, self._context)[0]]
        codes = (f.code for c in found for f in c.findings if f.axis is Axis.BINDING)
        return next(codes, None)

    def _may_be_found(self) -> bool:
        hand = self._hand
        return hand is not None and any(hand.has_tier(t) for t in _DECODED)

    def _found(self, own: Sequence[Candidate]) -> Verdict | None:
        """With declarations at hand of the same samples, else the most similar (AUD-026)."""
        hand = self._hand
        if hand is None:
            return None
        facts = self._audio.facts(frozenset(t for t in _DECODED if hand.has_tier(t)))
        same = hand.disclosures("samples", facts.samples.digest) if facts.samples else []
        chosen = for_track(own, hand, same or _similar(hand, facts), self._context)
        return self._with(chosen) if chosen.given else None

    def _keys(self, verdict: Verdict) -> Keys:
        found = declared(verdict)
        manifest = found.manifest if found is not None else None
        tags = self._scan.tags
        isrcs = [manifest.subject.isrc] if manifest is not None and manifest.subject.isrc else []
        isrcs += [*tagged_isrcs(tags), *named_isrcs(self._file.name)]
        essences = [outcome_of(verdict).essence]
        if manifest is not None and any(f.code in _SEARCHED for f in verdict.findings):
            bound = bindings_of(manifest)
            essences += [b.digest for b in bound if isinstance(b, EssenceBinding)]
        names = self._names()
        names += names_of(manifest) if manifest is not None else ()
        return Keys(
            isrcs=tuple(dict.fromkeys(isrcs)),
            essences=tuple(dict.fromkeys(e for e in essences if e)),
            names=tuple(dict.fromkeys(names)),
        )

    def _says(self, verdict: Verdict) -> Mapping[str, Any]:
        said = says_of(verdict, self._file.name, self._context)
        made = said["_report"]
        return {
            "container": made["input"]["container"],
            "essence": made["input"]["essence"],
            **self._stood(made["marks"], verdict),
            **said,
        }

    def _stood(self, marks: Sequence[Any], verdict: Verdict) -> Mapping[str, Any]:
        """Tags and marks; None for nothing seen in a file that was not read to its end."""
        tags = {n: _joined(getattr(self._scan.tags, n)) for n in _TAGS}
        if not any(f.code is Code.CARRIER_SCAN_INCOMPLETE for f in verdict.findings):
            return {"tags": tags, "marks": marks}
        seen = {name: text for name, text in tags.items() if text is not None}
        return {"tags": seen or None, "marks": marks or None}


def _similar(hand: AtHand, facts: Computed) -> list[Held]:
    """The declarations whose recorded fingerprint is ``similar`` and has the highest score."""
    from provenance.bindings.base import CHROMAPRINT_1, FingerprintBinding
    from provenance.bindings.likeness import DURATION_SLACK_MS, compare_prints

    mine = facts.fingerprint
    if mine is None:
        return []
    low, high = mine.duration_ms - DURATION_SLACK_MS, mine.duration_ms + DURATION_SLACK_MS
    best, found = 0, list[Held]()
    for value, held in hand.prints(low, high, MAX_PRINTS):
        old = FingerprintBinding(CHROMAPRINT_1, value, mine.duration_ms)
        compared = compare_prints([old], facts)
        if compared is None or compared.code is not Code.BINDING_SIMILAR or not compared.likeness:
            continue
        score = compared.likeness.score
        if score > best:
            best, found = score, []
        if score == best:
            found.append(held)
    return found[:MAX_RIVALS]


def tagged_isrcs(tags: Tags) -> list[str]:
    """The ISRCs of tags that are well-formed, in normal form."""
    return [isrc for text in tags.isrc if (isrc := normalise_isrc(text)) is not None]


def named_isrcs(name: str) -> Iterator[str]:
    """What reads like an ISRC in a file's own name; never more than a hint (AUD-027)."""
    for match in _ISRC.finditer(name.rpartition("/")[2]):
        isrc = normalise_isrc(match[0])
        if isrc is not None:
            yield isrc


def _joined(values: Sequence[str]) -> str | None:
    text = "; ".join(values)
    return text[:_MAX_TAG] or None
