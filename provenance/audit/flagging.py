"""What else is to be said about a recording: its flags (spec 25.4; AUD-046, AUD-047)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from provenance.audit.contradicting import marks_of
from provenance.audit.declarations import Declared
from provenance.audit.evidence import BY_NAME, Found, of_kind
from provenance.audit.model import Entry, Flag, Recording
from provenance.audit.naming import artists_of, differing, is_about
from provenance.audit.opposing import opposed
from provenance.audit.standing import Standing
from provenance.audit.states import Decision, Known
from provenance.marks.base import NO_AI
from provenance.model.findings import Scalar
from provenance.model.records import dataclass

_DAYS_A_WEEK = 7
_MOST_WEEKS = 5_000
"""Weeks on a chart that are believed; a century has fewer than 5,300."""
_COMPANY = frozenset(
    {"ab", "ag", "as", "bv", "co", "company", "corp", "entertainment", "gmbh", "group", "inc"}
    | {"label", "limited", "llc", "ltd", "music", "oy", "records", "recordings", "sa", "the"}
)
"""Words that do not tell two companies apart."""


@dataclass(frozen=True)
class _Flagged:
    """A flag with its details and the evidence that it rests on."""

    flag: Flag
    evidence: tuple[str, ...]
    detail: Mapping[str, Scalar]

    def as_json(self) -> dict[str, Any]:
        return {
            "flag": self.flag.value,
            "detail": dict(self.detail),
            "evidence": list(dict.fromkeys(self.evidence)),
        }


def flags(
    recording: Recording,
    have: Known,
    decided: Decision,
    evidence: Sequence[Found],
    threshold: int,
) -> list[dict[str, Any]]:
    """The flags in the order of the model; ``threshold`` of detectors in permille."""
    found = [
        *_standing(have, decided, evidence),
        *_late(recording, have, decided.counts),
        *_seen(evidence, threshold),
        *_counting(recording, decided),
        *_charted(recording),
    ]
    order = list(Flag)
    found.sort(key=lambda one: order.index(one.flag))
    return [one.as_json() for one in found]


def _standing(have: Known, decided: Decision, evidence: Sequence[Found]) -> Iterator[_Flagged]:
    """How the declarations stand to each other, and what others say about them."""
    mine = {one.id: one for one in have.all if one.id not in have.foreign}
    for old, new in list(have.replaced.items())[:1]:
        at = (mine[new].best.id, mine[old].best.id)
        yield _Flagged(Flag.SUPERSEDED, at, {"replaced": old, "by": new})
    for flag, code, member, name in (
        (Flag.WITHDRAWN, "currency.withdrawn", "reason", "reason"),
        (Flag.DISPUTED, "endorsement.dispute", "name", "by"),
    ):
        hit = next(_checked(mine.values(), code), None)
        if hit is not None:
            one, said = hit
            told = {"declaration": one.id, name: said.get(member)}
            yield _opposing(flag, one, told, evidence)
    yield from _beside(have, decided)


def _opposing(
    flag: Flag, one: Declared, told: dict[str, Scalar], evidence: Sequence[Found]
) -> _Flagged:
    """With who said so and when, and the file in which that stands (AUD-046)."""
    act = "withdraws" if flag is Flag.WITHDRAWN else "disputes"
    found = [other for other in opposed(one, evidence) if other["act"] == act]
    if not found:
        return _Flagged(flag, (one.best.id,), told)
    first = found[0]
    told = {**told, "by": first["name"] or first["key"], "issued": first["issued"]}
    return _Flagged(flag, tuple(e for other in found for e in other["evidence"]), told)


def _beside(have: Known, decided: Decision) -> Iterator[_Flagged]:
    """Several that nobody replaced or took back, or one that lost against others in its file."""
    counts = decided.counts
    live = [
        one for one in have.live if counts is None or counts.best.is_weak or not one.best.is_weak
    ]
    torn = any(one.standing is Standing.TORN for one in live)
    if len(live) > 1 or torn:
        first, *rest = [one.id for one in live]
        told = {"first": first, "second": rest[0] if rest else None}
        yield _Flagged(Flag.CONFLICTING, tuple(one.best.id for one in live), told)


def _checked(found: Iterable[Declared], code: str) -> Iterator[tuple[Declared, dict[str, Any]]]:
    for one in found:
        for check in one.report["checks"]:
            if check["code"] == code:
                yield one, check["detail"]


def _seen(evidence: Sequence[Found], threshold: int) -> Iterator[_Flagged]:
    """What other sources say, whether or not anything is declared."""
    tracks = [f for f in of_kind(evidence, "track") if not f.is_stray]
    marked = [(f, m) for f in tracks for m in marks_of(f)]
    telling = [(f, m) for f, m in marked if m.says not in {None, NO_AI}]
    if telling:
        first = telling[0][1]
        detail: dict[str, Scalar] = {
            "kind": first.kind,
            "strength": first.strength,
            "says": first.says,
        }
        yield _Flagged(Flag.MARKED, tuple(f.id for f, _ in telling), detail)
    scored = [f for f in of_kind(evidence, "detector") if f.says["score"] >= threshold]
    if scored:
        top = max(scored, key=lambda f: f.says["score"])
        score: dict[str, Scalar] = {
            "score": top.says["score"],
            "tool": top.says["tool"],
            "threshold": threshold,
        }
        yield _Flagged(Flag.DETECTED, tuple(f.id for f in scored), score)
    listed = [f for f in of_kind(evidence, "crowdList") if not f.says["removed"]]
    if listed:
        where = {"list": listed[0].says["list"]}
        yield _Flagged(Flag.LISTED, tuple(f.id for f in listed), where)
    named = [f for f in evidence if f.by in BY_NAME and f.item.kind != "crowdList"]
    if named:
        yield _Flagged(Flag.JOINED_BY_NAME, tuple(f.id for f in named), {"by": named[0].by})


def _charted(recording: Recording) -> Iterator[_Flagged]:
    """What the chart itself says in two ways; it rests on rows, not on evidence."""
    other, last = next(differing(recording.entries), None), recording.entries[-1]
    if other is not None:
        names: dict[str, Scalar]
        names = {"title": other.title, "artist": other.artist, "row": other.row}
        names |= {"otherTitle": last.title, "otherArtist": last.artist, "otherRow": last.row}
        yield _Flagged(Flag.CHART_NAMES_DIFFER, (), names)


def _counting(recording: Recording, decided: Decision) -> Iterator[_Flagged]:
    """What is to be said of the declaration that counts."""
    messages = [c for c in decided.contradictions if c.by == "ern"]
    if messages:
        detail = {"says": messages[0].says, "declared": messages[0].declared}
        yield _Flagged(Flag.ERN_CONTRADICTS, tuple(c.evidence for c in messages), detail)
    one = decided.counts
    if one is None:
        return
    if one.binding == "notCompared":
        yield _Flagged(Flag.AUDIO_NOT_COMPARED, (one.best.id,), {"declaration": one.id})
    yield from _named(recording, one)
    name, is_claimed = signer_name(one.report.get("signer") or {})
    labels = [e.label for e in reversed(recording.entries) if e.label]
    other = next((label for label in labels if name and not is_one_name(name, label)), None)
    if other is not None:
        names = {"signer": name, "label": other, "ownWord": is_claimed or None}
        yield _Flagged(Flag.SIGNER_NOT_LABEL, (one.best.id,), names)


def _named(recording: Recording, one: Declared) -> Iterator[_Flagged]:
    """Where the declaration that counts names another title or artist than the chart."""
    manifest = one.manifest
    if manifest is None:
        return
    other = next((e for e in reversed(recording.entries) if not is_about(manifest, e)), None)
    if other is None:
        return
    names = {
        "declaration": one.id,
        "title": manifest.subject.title,
        "artist": ", ".join(artists_of(manifest)) or None,
        "otherTitle": other.title,
        "otherArtist": other.artist,
    }
    yield _Flagged(Flag.NAMES_DIFFER, (one.best.id,), names)


def signer_name(who: Mapping[str, Any]) -> tuple[str | None, bool]:
    """The name to compare with a label's, and whether it is the signer's own word.

    That of a key which the auditor named is the name of a file; an unknown key has none.
    """
    known: str | None = who.get("name") if who.get("rung") != "pinned" else None
    return known or who.get("callsItself"), not known


def is_one_name(one: str, other: str) -> bool:
    """Whether two names may be of one company: the words of one are all in the other."""
    first, second = _words(one), _words(other)
    return bool(first) and bool(second) and (first <= second or second <= first)


def _words(name: str) -> set[str]:
    """The words of a name as names compare; those that tell nothing only where there are others."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    found = set("".join(c if c.isalnum() else " " for c in plain).split())
    return found - _COMPANY or found


# ---- after charting ------------------------------------------------------------------------


def _late(recording: Recording, have: Known, one: Declared | None) -> Iterator[_Flagged]:
    """AUD-047: declared after the recording first charted, as far as is known."""
    charted, weeks = first_charted(recording.entries)
    if one is None or charted is None:
        return
    day, proven = declared_on(one)
    if day is None or day <= charted:
        return
    earlier = [d for old in _older(one, have) if (d := declared_on(old)[0]) is not None]
    yield _Flagged(
        Flag.DECLARED_AFTER_CHARTING,
        (one.best.id,),
        {
            "declared": day.isoformat(),
            "proven": proven,
            "charted": charted.isoformat(),
            "weeksOnChart": weeks,
            "firstDeclared": min(earlier).isoformat() if earlier else None,
        },
    )


def _older(one: Declared, have: Known) -> Iterator[Declared]:
    """The declarations that one replaces, directly or not."""
    by_id = {each.id: each for each in have.all}
    wanted = {one.id}
    for _ in have.replaced:
        wanted |= {old for old, new in have.replaced.items() if new in wanted}
    yield from (by_id[each] for each in wanted if each != one.id)


def first_charted(entries: Sequence[Entry]) -> tuple[date | None, int | None]:
    """The latest day on which the recording can have charted for the first time, and from what.

    The chart's own week, or as many weeks before it as an entry says that it has charted, unless
    it is called new there; then also that number of weeks.
    """
    found = []
    for entry in entries:
        week = _day(entry.week)
        if week is not None:
            said = 1 if entry.entered == "new" else entry.weeks_on_chart or 1
            weeks = min(max(said, 1), _MOST_WEEKS)
            found.append((_before(week, weeks - 1), weeks))
    day, weeks = min(found, default=(None, 1))
    return day, weeks if weeks > 1 else None


def _before(week: date, weeks: int) -> date:
    try:
        return week - timedelta(days=_DAYS_A_WEEK * weeks)
    except OverflowError:
        return date.min


def declared_on(one: Declared) -> tuple[date | None, bool]:
    """The day of a declaration: the earliest proven time, else the one that its signer claims."""
    time = one.report.get("time") or {}
    if time.get("best"):
        return _day(time["best"]), True
    return _day(time.get("claimed") or ""), False


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
