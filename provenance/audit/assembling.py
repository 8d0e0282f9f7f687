"""One exhibit: a recording, what is known of it, how, and what was not checked (spec 25.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from provenance.audit.asked import Asked
from provenance.audit.contradicting import identities, marks_of
from provenance.audit.declarations import Declared
from provenance.audit.evidence import BY_NAME, Found, Join, numbered, of_kind
from provenance.audit.flagging import declared_on, flags, signer_name
from provenance.audit.judging import judged
from provenance.audit.model import Entry, Recording
from provenance.audit.naming import artists_of, differing, is_other
from provenance.audit.opposing import endorsed, opposed
from provenance.audit.reasons import reason
from provenance.audit.states import Decision, decide, known
from provenance.audit.store import Store
from provenance.wire.registries import rule

if TYPE_CHECKING:
    from provenance.model.manifest import Manifest

REPORT = "musicprov-exhibit/1"
_NOT_COMPARED = frozenset({"binding.not-checked", "binding.unsupported"})
PERMILLE = 1000
_MISSING = frozenset({"chart.title-missing", "chart.artist-missing"})
"""Problems whose value only helps to find the row: nothing stood there."""
_APPEARANCE = {"week": "week", "rank": "rank", "title": "title", "artist": "artist",
               "label": "label", "lastWeek": "last_week", "weeksOnChart": "weeks_on_chart",
               "entered": "entered", "input": "input", "row": "row"}  # fmt: skip


def assemble(
    recording: Recording, asked: Asked, store: Store, audit: Mapping[str, Any]
) -> dict[str, Any]:
    """The exhibit of a recording, by ``audit-exhibit.schema.json``."""
    from provenance.audit.joining import items_of

    return exhibit_of(recording, list(items_of(recording, store)), asked, audit)


def exhibit_of(
    recording: Recording, joins: Sequence[Join], asked: Asked, audit: Mapping[str, Any]
) -> dict[str, Any]:
    """The exhibit of a recording with what is joined to it: a pure function (AUD-048)."""
    evidence, more = numbered(joins)
    threshold = round(asked.threshold * PERMILLE)
    have = known(recording, evidence, asked.context, more=more)
    decided = decide(have, evidence, threshold)
    against = {c.evidence for c in decided.contradictions}
    counts = decided.counts
    manifest = counts.manifest if counts else None
    apart = [is_other(manifest, entry) for entry in recording.entries]
    deciding = manifest if counts and not counts.best.is_weak and not all(apart) else None
    return {
        "report": REPORT,
        "exhibit": recording.number,
        "audit": dict(audit),
        "recording": _subject(recording),
        "appearances": [_appearance(*one) for one in zip(recording.entries, apart, strict=True)],
        "state": decided.state.value,
        "why": list(decided.why),
        "flags": flags(recording, have, decided, evidence, threshold),
        "declared": counts.id if counts else None,
        "declarations": [_declaration(one, counts, asked.language, evidence) for one in have.all],
        "evidence": [f.as_json(contradicts=f.id in against) for f in evidence],
        "contradictions": [c.as_json() for c in decided.contradictions],
        "rules": _rules(recording, decided, deciding, evidence, asked),
        "rulesNamesDiffer": (
            _rules(recording, decided, None, evidence, asked) if any(apart) else []
        ),
        "notChecked": list(_not_checked(have.all, decided, evidence)),
    }


def _subject(recording: Recording) -> dict[str, Any]:
    members = ("isrc", "title", "artist", "label", "upc")
    others = [{"title": e.title, "artist": e.artist} for e in differing(recording.entries)]
    return {**{member: getattr(recording, member) for member in members}, "otherNames": others}


def _appearance(entry: Entry, is_apart: bool) -> dict[str, Any]:
    found = {member: getattr(entry, name) for member, name in _APPEARANCE.items()}
    problems = [
        {
            "rule": name,
            "value": "" if name in _MISSING else value,
            "says": (rule(name) or {}).get("meaning", name),
        }
        for name, value in entry.problems
    ]
    return {**found, "problems": problems, "namesDiffer": is_apart}


def _declaration(
    one: Declared, counts: Declared | None, language: str, evidence: Sequence[Found]
) -> dict[str, Any]:
    report = one.report
    content = report["declaration"] or {}
    return {
        "id": one.id,
        "evidence": one.best.id,
        "counts": one is counts,
        "status": one.status,
        "code": one.code,
        "areas": content.get("areas", {}),
        "about": _about(one),
        "sentence": _sentence(one, language) if content else None,
        "identity": identities(one.manifest) if one.manifest else None,
        "statement": report["statement"],
        "signer": report["signer"],
        "time": report["time"],
        "endorsements": list(endorsed(one)),
        "opposed": list(opposed(one, evidence)),
        "binding": one.binding,
        "comparedWith": one.compared,
        "checks": report["checks"],
        "token": one.token,
        "join": one.best.join,
    }


def _about(one: Declared) -> dict[str, Any] | None:
    """Which recording a declaration says that it is about."""
    if one.manifest is None:
        return None
    subject = one.manifest.subject
    return {"isrc": subject.isrc, "title": subject.title, "artists": artists_of(one.manifest)}


def _sentence(one: Declared, language: str) -> str | None:
    """What is declared, in the language of the report."""
    from provenance.labels.sentence import sentence

    return sentence(one.manifest, language) if one.manifest is not None else None


def _rules(
    recording: Recording,
    decided: Decision,
    manifest: Manifest | None,
    evidence: Sequence[Found],
    asked: Asked,
) -> list[dict[str, Any]]:
    """What the asked rules say as of the latest week charted (AUD-052).

    ``manifest`` decides them. None, where what is declared was found by name or likeness alone or
    does not name the entries that are judged (AUD-109): then they go by nothing declared.
    """
    if not asked.rules:
        return []
    tracks = [f for f in of_kind(evidence, "track") if not f.is_weak]
    marks = [mark for found in tracks for mark in marks_of(found)]
    day = max(entry.week for entry in recording.entries)
    return judged(decided.state, manifest, marks, day, (asked.rules, asked.settings))


# ---- what was not checked ------------------------------------------------------------------


def _not_checked(
    found: Sequence[Declared], decided: Decision, evidence: Sequence[Found]
) -> Iterator[dict[str, Any]]:
    """AUD-050: what this exhibit does not show, from the general to the particular."""
    if found:
        yield reason("truthNotAssessed")
    yield from _audio(decided.counts, evidence)
    for kind, key in (
        ("detector", "noDetectorReport"),
        ("ern", "noReleaseMessage"),
        ("credits", "noCredits"),
    ):
        if not of_kind(evidence, kind):
            yield reason(key)
    for one in evidence:
        yield from _of_evidence(one)
    yield from _of_signer(decided.counts)
    yield reason("noRegistryAsked")
    yield reason("otherCopies")


def _audio(counts: Declared | None, evidence: Sequence[Found]) -> Iterator[dict[str, Any]]:
    if not of_kind(evidence, "track"):
        yield reason("audioNotAtHand")
    if counts is not None and counts.binding == "notCompared":
        yield reason("audioNotCompared", declaration=counts.id)


def _of_evidence(one: Found) -> Iterator[dict[str, Any]]:
    kind = one.item.kind
    if one.report is not None and one.report["status"] == "ERROR":
        yield reason("fileNotRead", evidence=one.id)
    if one.later:
        yield reason("ofLater", evidence=one.id, n=one.later)
    if kind == "track":
        yield from _of_track(one)
    if kind == "detector":
        yield reason("detectorNotTested", evidence=one.id)
    if kind == "crowdList":
        yield reason("listUnverified", evidence=one.id)
    elif one.by in BY_NAME:
        yield reason("namesNotChecked", evidence=one.id)


def _of_track(one: Found) -> Iterator[dict[str, Any]]:
    binding = one.report["axes"].get("binding") if one.report is not None else None
    if binding in _NOT_COMPARED:
        yield reason("trackNotCompared", evidence=one.id)
    if one.says.get("marks"):
        yield reason("marksNotVerified", evidence=one.id)


def _of_signer(counts: Declared | None) -> Iterator[dict[str, Any]]:
    if counts is None:
        return
    name, is_claimed = signer_name(counts.report.get("signer") or {})
    if name and is_claimed:
        yield reason("signerNamesItself", declaration=counts.id, name=name)
    codes = {check["code"] for check in counts.report["checks"]}
    if "identity.revocation-unknown" in codes:
        yield reason("revocationUnknown", declaration=counts.id)
    day, proven = declared_on(counts)
    if day is not None and not proven:
        yield reason("timeNotProven", declaration=counts.id)
