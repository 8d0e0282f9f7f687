"""What says otherwise than a declaration (spec 25.4; AUD-044).

A mark in a file, a detector's report, a release message, another declaration: each is shown beside
what is declared, and which of the two is right is not decided. Residues of tools, crowd lists and
credits contradict nothing here; they are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from provenance.audit.declarations import Declared
from provenance.audit.evidence import Found, of_kind
from provenance.marks.base import GENERATED, NO_AI, USED, Mark
from provenance.marks.contradicting import contradictions as marks_against
from provenance.model.levels import GENERATED as GENERATED_LEVELS
from provenance.model.levels import Level, area_level
from provenance.model.manifest import Manifest
from provenance.model.records import dataclass

STATED = "stated"
_RESIDUE = "residue"
_WITHOUT = frozenset(Level) - GENERATED_LEVELS
"""Levels at which AI generated nothing that is heard."""
_MESSAGE_AGAINST: Mapping[str, frozenset[Level]] = {
    "none": GENERATED_LEVELS,
    "partial": _WITHOUT - {Level.ASSISTED},
    "full": _WITHOUT,
}
"""Level that a message gives an area, to the declared levels that it rules out.

DDEX gives ``Partly`` no lower bound, so it does not rule out ``assisted`` (regimes/ddex-ern).
"""
_WHOLE = {"All": GENERATED, "Partly": USED, "None": NO_AI, True: USED, False: NO_AI}


@dataclass(frozen=True)
class Contradiction:
    """Two that cannot both be right."""

    by: str
    """``mark``, ``detector``, ``ern``, ``declaration``."""
    evidence: str
    says: str
    declared: str
    area: str | None = None
    other: str | None = None
    """The other declaration, where it is one."""

    def as_json(self) -> dict[str, Any]:
        """As an exhibit has it."""
        members = ("by", "evidence", "says", "declared", "area")
        made = {member: getattr(self, member) for member in members}
        return {**made, "declaration": self.other}


def against(
    one: Declared, manifest: Manifest, evidence: Sequence[Found], threshold: int
) -> Iterator[Contradiction]:
    """What marks, detectors (``threshold`` in permille) and messages say against a declaration.

    Evidence that was joined by name or likeness alone contradicts only what was joined so too, or
    stands in it; a stray contradicts nothing (AUD-117).
    """
    near = _near(one, evidence)
    for found in of_kind(near, "track"):
        yield from _marks(found, manifest)
    for found in of_kind(near, "detector"):
        if found.says["score"] >= threshold:
            yield from _detector(found, manifest)
    for found in of_kind(near, "ern"):
        yield from _message(found, manifest)


def _near(one: Declared, evidence: Sequence[Found]) -> list[Found]:
    near = (f for f in evidence if not f.is_weak or one.best.is_weak or f in one.at)
    return [f for f in near if not f.is_stray]


def differences(one: Manifest, other: Manifest) -> Iterator[tuple[str | None, str, str]]:
    """Where two declarations contradict each other: area, what the other says, what this says.

    What only one of them states contradicts nothing.
    """
    for area, mine in one.levels.items():
        theirs = other.levels.get(area, mine)
        if theirs is not mine:
            yield area, theirs.value, mine.value
    identity, another = identities(one), identities(other)
    if identity and another and identity != another:
        yield None, another, identity


def identities(manifest: Manifest) -> str | None:
    """What the artists are declared to be, where the public is told; None where nobody is said."""
    told = [
        artist.identity
        for artist in manifest.subject.artists
        if artist.identity is not None and artist.identity_public is not False
    ]
    return ", ".join(dict.fromkeys(told)) or None


def by_declaration(one: Declared, other: Declared) -> Iterator[Contradiction]:
    """What another declaration says otherwise."""
    if one.manifest is None or other.manifest is None:
        return
    for area, says, declared in differences(one.manifest, other.manifest):
        yield Contradiction("declaration", other.best.id, says, declared, area, other.id)


def marks_of(found: Found) -> tuple[Mark, ...]:
    """The marks of a track."""
    return tuple(
        Mark(m["kind"], m["where"], m["strength"], m["says"], m["detail"])
        for m in found.says.get("marks") or ()
    )


def _marks(found: Found, manifest: Manifest) -> Iterator[Contradiction]:
    stated = [mark for mark in marks_of(found) if mark.strength == STATED]
    said = {(mark.says or "", level.value) for mark, level in marks_against(stated, manifest)}
    for says, level in sorted(said):
        yield Contradiction("mark", found.id, says, level)


def residues(one: Declared, evidence: Sequence[Found]) -> Iterator[Found]:
    """Tracks in which a tool left what a declaration contradicts: shown, and counted by nobody.

    Anybody can write a comment that names a tool (AUD-044).
    """
    if one.manifest is None:
        return
    for found in _near(one, of_kind(evidence, "track")):
        left = [mark for mark in marks_of(found) if mark.strength == _RESIDUE]
        if any(marks_against(left, one.manifest)):
            yield found


def _detector(found: Found, manifest: Manifest) -> Iterator[Contradiction]:
    area, score = found.says["area"], str(found.says["score"])
    if area is None:
        for level in _whole(GENERATED, manifest):
            yield Contradiction("detector", found.id, score, level)
    elif (declared := area_level(manifest.contributions, area)) in _WITHOUT:
        yield Contradiction("detector", found.id, score, str(declared), area)


def _message(found: Found, manifest: Manifest) -> Iterator[Contradiction]:
    for area, says in found.says["areas"].items():
        declared = area_level(manifest.contributions, area)
        if declared is not None and declared in _MESSAGE_AGAINST.get(says, frozenset()):
            yield Contradiction("ern", found.id, says, declared.value, area)
    contains = found.says["containsAi"]
    for level in _whole(_WHOLE.get(contains), manifest):
        yield Contradiction("ern", found.id, f"ContainsAI {contains}", level)


def _whole(says: str | None, manifest: Manifest) -> Iterator[str]:
    """What is said of the whole recording, held against the declaration as a mark is."""
    if says is not None:
        for _, level in marks_against((Mark("", "", STATED, says),), manifest):
            yield level.value
