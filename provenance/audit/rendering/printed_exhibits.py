"""What the PDF says of an exhibit, compactly (spec 25.6): texts alone, made harmless.

The exhibit's page and its JSON have every check and token; here is what a reader of paper needs,
with what to look up there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provenance.audit.rendering.exhibits import (
    about_of,
    act_of,
    apart_of,
    basis_of,
    code_of,
    holder_of,
    identity_of,
    is_unread,
    mark_of,
    nothing_of,
    opponent_of,
    rung_of,
    said_of,
)
from provenance.audit.rendering.palette import LEVELS
from provenance.audit.rendering.words import Words
from provenance.model.records import dataclass
from provenance.reports.escaping import shown

MAX_TEXT = 300
"""Characters of one foreign text; the JSON has all of it."""
MAX_LINES = 12
"""Lines of one part of an exhibit; further ones are counted."""


@dataclass(frozen=True)
class Line:
    """One line: a lead in bold, and text."""

    text: str
    lead: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Part:
    """Some lines under a title."""

    title: str
    lines: tuple[Line, ...]


class Exhibits:
    """Exhibits as the PDF has them."""

    def __init__(self, words: Words, inputs: Mapping[int, str]) -> None:
        self._words = words
        self._inputs = inputs

    def view(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """One exhibit as the template takes it."""
        words, subject = self._words, body["recording"]
        number = body["exhibit"]
        return {
            "number": number,
            "name": f"{number}. {self._named(subject)}",
            "about": " \u00b7 ".join(self._about(body)),
            "state": body["state"],
            "state_title": words.state(body["state"]),
            "why": [words.said(one) for one in body["why"]],
            "flags": self._words.listed(list(self._flags(body))),
            "parts": [part for part in self._parts(body) if part.lines],
        }

    def _named(self, subject: Mapping[str, Any]) -> str:
        title = subject["title"] or self._words.text("table.noTitle")
        artist = subject["artist"] or self._words.text("exhibit.noArtist")
        return f"{_cut(title)} \u2013 {_cut(artist)}"

    def _about(self, body: Mapping[str, Any]) -> Iterator[str]:
        words, subject = self._words, body["recording"]
        for name in ("isrc", "upc"):
            yield f"{words.text(f'exhibit.{name}')}: {code_of(body, name, words.text)}"
        yield f"{words.text('exhibit.label')}: {self._text(subject['label'] or None)}"
        last = body["appearances"][-1]
        rank = self._text(last["rank"])
        yield f"{words.text('weeks.of', week=last['week'])}: {words.text('table.rank')} {rank}"
        others = subject["otherNames"]
        for other in others[:MAX_LINES]:
            title = other["title"] or words.text("table.noTitle")
            artist = other["artist"] or words.text("notStated")
            yield words.text("exhibit.otherName", title=title, artist=artist)
        if len(others) > MAX_LINES:
            yield words.text("pdf.moreLines", n=len(others) - MAX_LINES)
        weeks = len({one["week"] for one in body["appearances"]})
        if weeks > 1:
            yield words.count("weeks", weeks)

    def _parts(self, body: Mapping[str, Any]) -> Iterator[Part]:
        yield self._part("exhibit.declared", self._declared(body))
        yield self._part("against.title", self._against(body))
        yield self._part("evidence.title", self._evidence(body))
        yield self._part("judged.title", self._rules(body))
        yield self._part("exhibit.appearances", self._rows(body))
        unchecked = [self._words.said(one) for one in body["notChecked"]]
        lines = [Line(" ".join(unchecked))] if unchecked else []
        yield self._part("unchecked.title", iter(lines))

    def _part(self, title: str, lines: Iterator[Line]) -> Part:
        found = list(lines)
        kept = found[:MAX_LINES]
        if len(found) > MAX_LINES:
            kept.append(Line(self._words.text("pdf.moreLines", n=len(found) - MAX_LINES)))
        return Part(self._words.text(title), tuple(kept))

    def _flags(self, body: Mapping[str, Any]) -> Iterator[str]:
        for one in body["flags"]:
            where = f" ({', '.join(one['evidence'])})" if one["evidence"] else ""
            yield f"{self._words.flag(one['flag'])}{where}"

    def _declared(self, body: Mapping[str, Any]) -> Iterator[Line]:
        if not body["declarations"]:
            yield Line(nothing_of(body, self._words))
        for one in body["declarations"]:
            yield from self._declaration(one)

    def _declaration(self, one: Mapping[str, Any]) -> Iterator[Line]:
        words = self._words
        counts = words.text("declaration.counts" if one["counts"] else "declaration.countsNot")
        status = words.one_of("status", one["status"])
        lead = words.text("declaration.name", id=one["id"])
        yield Line(f"{status} ({one['code']}). {counts}", f"{lead}:")
        said = [self._areas(one["areas"])] if one["areas"] else []
        if one["identity"]:
            said.append(words.text("exhibit.identity", identity=identity_of(one, words)))
        if said:
            yield Line(" ".join(said), kind="sub")
        if one["about"]:
            about = self._text(about_of(one, words))
            yield Line(f"{words.text('declaration.about')}: {about}", kind="sub")
        signer = f"{words.text('declaration.signer')}: {self._signer(one['signer'])}."
        yield Line(f"{signer} {self._times(one['time'])}", kind="sub")
        binding = words.one_of("binding", one["binding"])
        if one["comparedWith"]:
            binding += " " + words.text("declaration.comparedWith", list=one["comparedWith"])
        found = f"{one['evidence']}, {self._join(one['join'])}."
        said = [f"{words.text('declaration.binding')}: {binding}. {found}"]
        said += [self._endorsement(other, one) for other in one["endorsements"][:MAX_LINES]]
        said += [self._opposed(other) for other in one["opposed"][:MAX_LINES]]
        yield Line(" ".join(said), kind="sub")
        if one["signer"] and one["statement"]:
            key, sid = one["signer"]["key"], one["statement"]["sid"]
            labels = (words.text("declaration.key"), words.text("declaration.sid"))
            yield Line(f"{labels[0]} {key}; {labels[1]} {sid}", kind="code")

    def _opposed(self, other: Mapping[str, Any]) -> str:
        words = self._words
        who = self._text(other["name"] or other["key"])
        where = words.listed(list(other["evidence"]))
        act, at = words.one_of("act", other["act"]), self._when(other)
        return f"{who} {act}. {at} ({where}; {other['sid']})."

    def _when(self, said: Mapping[str, Any]) -> str:
        """The time that is proven, else the one that is claimed, as what it is."""
        words = self._words
        key = "proven" if said.get("proven") else "claimed"
        at = words.time(said.get("proven") or said.get("issued"))
        return f"{words.text(f'declaration.{key}')}: {at}"

    def _areas(self, areas: Mapping[str, str]) -> str:
        """The areas by level, in the order of levels."""
        order = {level: place for place, level in enumerate(LEVELS)}
        levels: dict[str, list[str]] = {}
        for area, level in areas.items():
            levels.setdefault(level, []).append(self._words.area(area))
        found = sorted(levels, key=lambda level: order.get(level, len(order)))
        return (
            ". ".join(
                f"{self._words.level(level)}: {self._words.listed(levels[level])}"
                for level in found
            )
            + "."
        )

    def _signer(self, who: Mapping[str, Any] | None) -> str:
        words = self._words
        if who is None:
            return words.text("declaration.nobody")
        known = _cut(rung_of(who, words, words.text))
        claim = who["callsItself"]
        said = words.text("declaration.claim", name=claim) if claim else ""
        name = said if said and not who["name"] else _cut(holder_of(who, words))
        return f"{name} ({known})"

    def _times(self, time: Mapping[str, Any] | None) -> str:
        words = self._words
        time = time or {"claimed": None, "best": None, "sources": []}
        claimed = f"{words.text('declaration.claimed')}: {words.time(time['claimed'])}"
        names = words.listed([_cut(str(s.get("name") or s.get("by"))) for s in time["sources"]])
        proven = words.text("declaration.notProven")
        if time["sources"] and time["best"]:
            proven = words.text("declaration.provenBy", at=words.time(time["best"]), names=names)
        return f"{claimed}. {words.text('declaration.proven')}: {proven}."

    def _endorsement(self, one: Mapping[str, Any], about: Mapping[str, Any]) -> str:
        words = self._words
        key, nobody = one.get("key"), words.text("declaration.nobody")
        nameless = f"{nobody} ({key})" if key else nobody
        who = _cut(holder_of(one, words) if one.get("name") else nameless)
        limits = f" ({_cut(one['limits'])})" if one.get("limits") else ""
        act = act_of(one, about, words)
        return f"{who}: {act}{limits} ({one['code']}). {self._when(one)}."

    def _join(self, join: Mapping[str, Any]) -> str:
        words = self._words
        by, sure = words.one_of("by", join["by"]), words.one_of("sure", join["sure"])
        return words.text("evidence.joinLine", by=by, sure=sure)

    def _against(self, body: Mapping[str, Any]) -> Iterator[Line]:
        words = self._words
        for one in body["contradictions"]:
            area = words.area(one["area"]) if one["area"] else words.text("against.whole")
            key, values = opponent_of(one, body, words)
            by = words.text(key, **{name: _cut(str(value)) for name, value in values.items()})
            says = _cut(said_of(one, words))
            declared = _cut(words.level(one["declared"]))
            yield Line(
                f"{words.text('against.declared')}: {declared}. {words.text('against.says')}: "
                f"{says} ({by})",
                f"{area}:",
            )

    def _evidence(self, body: Mapping[str, Any]) -> Iterator[Line]:
        words = self._words
        if not body["evidence"]:
            yield Line(words.text("evidence.none"))
        for one in body["evidence"]:
            kind = words.one_of("kind", one["kind"])
            place = f" {_cut(one['where'])}" if one["where"] else ""
            name = _cut(self._inputs.get(one["input"], str(one["input"])))
            lead = f"{one['id']}, {kind}:"
            against = f" {words.text('evidence.contradicts')}" if one["contradicts"] else ""
            note = words.text(f"evidence.note.{one['kind']}")
            join = self._join(one["join"])
            yield Line(f"{name}{place}; {join}.{against} {self._says(one)} {note}", lead)

    def _says(self, one: Mapping[str, Any]) -> str:
        words = self._words
        pairs = [
            f"{words.text(f'says.{name}')}: {self._value(name, value)}."
            for name, value in one["says"].items()
            if name in _SHOWN[one["kind"]]
            and (value not in (None, [], {}, "") or is_unread(name, value))
        ]
        return " ".join(pairs)

    def _value(self, name: str, value: Any) -> str:
        words = self._words
        if is_unread(name, value):
            return words.text("notRead")
        if name == "marks":
            return words.listed([mark_of(mark, words) for mark in value[:MAX_LINES]])
        if name == "score":
            return words.permille(value)
        if name == "areas":
            return self._areas(value).removesuffix(".")
        if name == "credits":
            return words.listed([f"{_cut(c['name'])} ({_cut(c['role'])})" for c in value[:20]])
        if name == "status":
            return words.one_of("status", value)
        return self._text(value)

    def _rules(self, body: Mapping[str, Any]) -> Iterator[Line]:
        words = self._words
        basis = basis_of(body, words)
        if body["rules"] and basis:
            yield Line(basis)
        if body["rulesNamesDiffer"]:
            yield Line(apart_of(body, words))
        for profile in body["rules"]:
            outcome = words.one_of("outcome", profile["outcome"])
            fired = [rule for rule in profile["rules"] if rule["fired"]]
            said = [f"{outcome}."] + [self._rule(rule) for rule in fired]
            open_ones = [rule["rule"] for rule in profile["rules"] if rule["fired"] is None]
            if open_ones:
                said.append(f"{words.text('judged.open')}: {words.listed(open_ones)}.")
            yield Line(" ".join(said), f"{_cut(profile['title'])}:")

    def _rows(self, body: Mapping[str, Any]) -> Iterator[Line]:
        """What a row of a chart has that was not taken as it stands there."""
        words = self._words
        for one in body["appearances"]:
            name = _cut(self._inputs.get(one["input"], str(one["input"])))
            place = words.text("exhibit.fileRow", name=name, row=one["row"])
            for problem in one["problems"]:
                value = problem["value"]
                said = f" {words.text('exhibit.rowProblem', value=value)}" if value else ""
                yield Line(f"{problem['says']}{said} ({problem['rule']})", f"{place}:")

    def _rule(self, rule: Mapping[str, Any]) -> str:
        """The clause that fired, with its source and what was set for it."""
        source = ", ".join(str(rule[m]) for m in ("source", "date") if rule.get(m))
        changed = [f"{name}={rule['parameters'].get(name)}" for name in rule["changed"]]
        more = f" [{', '.join(changed)}]" if changed else ""
        outcome = self._words.one_of("outcome", rule["outcome"])
        clause = _cut(rule["clause"]).removesuffix(".")
        return f"{rule['rule']}, {clause} ({_cut(source)}){more}: {outcome}."

    def _text(self, value: Any) -> str:
        return _cut(self._words.value(value))


_SHOWN: Mapping[str, tuple[str, ...]] = {
    "track": ("sha256", "declaredIsrc", "marks", "status", "code"),
    "manifest": ("statements", "declaredIsrc", "status", "code"),
    "ern": ("isrc", "title", "sender", "version", "areas", "containsAi"),
    "detector": ("tool", "version", "score", "date", "area", "verdict"),
    "crowdList": ("list", "artist", "disclosure", "markers", "dateAdded", "dateUpdated", "removed"),
    "credits": ("credits",),
}
"""What is printed of each kind of evidence."""


def _cut(text: str) -> str:
    return shown(text, MAX_TEXT)
