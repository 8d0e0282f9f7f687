"""Consistency: what a schema cannot say about a declaration (spec 2.14).

Each rule is one function that yields the places where it is broken; its slug is stable. An
absent fact never breaks a rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from provenance.model.contribution import Contribution
from provenance.model.levels import GENERATED, Level
from provenance.model.manifest import Manifest
from provenance.model.records import dataclass

_WHOLE_PERMILLE = 1000
_TO_THE_SECOND = len("2026-11-23T08:00:00")
SYNTHETIC = frozenset({"fictional", "selfClone", "thirdPartyClone"})
"""The kinds of voice that AI made."""


@dataclass(frozen=True)
class Inconsistency:
    """A rule's slug, the JSON Pointer of the place, and what is wrong there in words."""

    rule: str
    pointer: str
    message: str


def check(manifest: Manifest) -> Iterator[Inconsistency]:
    """Everything in which the declaration contradicts itself, rule by rule."""
    for rule in _RULES:
        yield from rule(manifest)


def _lineage(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-081: a later statement says what it supersedes, a first one supersedes nothing."""
    later = (manifest.sequence or 1) > 1
    if later and manifest.supersedes is None:
        text = "sequence is above 1, but nothing is superseded: add 'supersedes', or write 1"
        yield Inconsistency("lineage", "/sequence", text)
    if not later and manifest.supersedes is not None:
        text = "a first statement supersedes nothing: raise 'sequence', or remove this"
        yield Inconsistency("lineage", "/supersedes", text)


def _ref_twice(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-082: every ref is defined once, tools and people together."""
    named = [(f"/tools/{n}/ref", t.ref) for n, t in enumerate(manifest.tools)]
    named += [(f"/people/{n}/ref", p.ref) for n, p in enumerate(manifest.people)]
    seen: set[str] = set()
    for pointer, ref in named:
        if ref in seen:
            text = f"ref '{ref}' is defined already: give each tool and person a ref of its own"
            yield Inconsistency("ref-twice", pointer, text)
        seen.add(ref)


def _ref_unknown(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-083: a reference leads to a tool or person of this manifest, of the right kind."""
    tools = {t.ref for t in manifest.tools}
    people = {p.ref for p in manifest.people}
    used = [
        (f"/contributions/{c}/agents/{a}", agent.tool, agent.person)
        for c, contribution in enumerate(manifest.contributions)
        for a, agent in enumerate(contribution.agents)
    ]
    used += [(f"/voices/{v}", voice.tool, voice.person) for v, voice in enumerate(manifest.voices)]
    for place, tool, person in used:
        if tool is not None and tool not in tools:
            yield _dangling(f"{place}/tool", "tool", tool, tool in people)
        if person is not None and person not in people:
            yield _dangling(f"{place}/person", "person", person, person in tools)


def _dangling(pointer: str, kind: str, ref: str, is_other_kind: bool) -> Inconsistency:
    if is_other_kind:
        return Inconsistency("ref-unknown", pointer, f"'{ref}' is not a {kind} here: mend the kind")
    text = f"no {kind} has ref '{ref}': add it, or mend the reference"
    return Inconsistency("ref-unknown", pointer, text)


def _agent_one(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-084: an agent is one person or one tool."""
    for c, contribution in enumerate(manifest.contributions):
        for a, agent in enumerate(contribution.agents):
            if (agent.person is None) == (agent.tool is None):
                text = "an agent is one person or one tool: write one entry for each"
                yield Inconsistency("agent-one", f"/contributions/{c}/agents/{a}", text)


def _tool_as_person(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-041, MOD-085: a tool is never listed among people under its own name."""
    systems = {_folded(t.system) for t in manifest.tools if t.system}
    for n, person in enumerate(manifest.people):
        if person.name is not None and _folded(person.name) in systems:
            text = "a tool is never an author or performer: list it under 'tools' only"
            yield Inconsistency("tool-as-person", f"/people/{n}/name", text)


def _folded(name: str) -> str:
    return "".join(name.casefold().split())


def _person_named(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-042, MOD-086: a person is named or said to be withheld, one of both."""
    for n, person in enumerate(manifest.people):
        if (person.name is not None) == (person.withheld is True):
            text = "a person has a name, or 'withheld': true, not both and not neither"
            yield Inconsistency("person-named", f"/people/{n}", text)


def _none_without_ai(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-087: where level is none, no member of the entry says that AI did something."""
    for n, entry in enumerate(manifest.contributions):
        if entry.level is not Level.NONE:
            continue
        said = (
            ("agents", any(agent.tool is not None for agent in entry.agents)),
            ("process", entry.process is not None),
            ("interaction", entry.interaction is not None),
            ("material", entry.material is True),
        )
        for member in [name for name, is_said in said if is_said]:
            text = f"level is none, but '{member}' says that AI did something here"
            yield Inconsistency("none-without-ai", f"/contributions/{n}/{member}", text)


def _full_by_people(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-088: what AI made alone is not ascribed to people only."""
    for n, entry in enumerate(manifest.contributions):
        only_people = all(a.person is not None and a.tool is None for a in entry.agents)
        if entry.level is Level.FULL and entry.agents and only_people:
            text = "level is full, but only people are agents: make two entries, or name the tool"
            yield Inconsistency("full-by-people", f"/contributions/{n}/agents", text)


def _share_sum(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-089: the shares of one area and role do not exceed the whole."""
    totals: Counter[tuple[str, str | None, str | None]] = Counter()
    for n, entry in enumerate(manifest.contributions):
        if entry.share is None:
            continue
        key = (entry.area, entry.role, entry.instrument)
        totals[key] += entry.share
        if totals[key] > _WHOLE_PERMILLE >= totals[key] - entry.share:
            text = f"the shares in {entry.area} add up to more than 1000 permille"
            yield Inconsistency("share-sum", f"/contributions/{n}/share", text)


def _range_order(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-090: a time range and a time of use end after they start."""
    for c, entry in enumerate(manifest.contributions):
        for r, part in enumerate(entry.time_ranges):
            if part.end_ms <= part.start_ms:
                pointer = f"/contributions/{c}/timeRanges/{r}/endMs"
                yield Inconsistency("range-order", pointer, "the range ends before it starts")
    for n, tool in enumerate(manifest.tools):
        if tool.used_from is not None and tool.used_until is not None:
            common = min(len(tool.used_from), len(tool.used_until), _TO_THE_SECOND)
            if tool.used_until[:common] < tool.used_from[:common]:
                text = "the use ends before it starts"
                yield Inconsistency("range-order", f"/tools/{n}/usedUntil", text)


def _human_voice(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-091: a human lead voice is not heard where every lead entry is fully generated."""
    facts = manifest.facts
    lead = _entries(manifest, "leadVocals")
    if facts is None or facts.human_lead_voice is not True or not lead:
        return
    if all(entry.level is Level.FULL for entry in lead):
        text = "humanLeadVoice is true, but all lead vocals are declared full"
        yield Inconsistency("human-voice", "/facts/humanLeadVoice", text)


def _voice_facts(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-092: who hears a human lead voice hears a human voice."""
    facts = manifest.facts
    if facts is not None and facts.human_lead_voice is True and facts.human_voice is False:
        text = "humanVoice is false, but humanLeadVoice is true"
        yield Inconsistency("voice-facts", "/facts/humanVoice", text)


def _voice_level(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-093: the voice of an area fits what is declared about the area."""
    for n, voice in enumerate(manifest.voices):
        entries = [] if voice.area in {None, "video"} else _entries(manifest, str(voice.area))
        if not entries:
            continue
        levels = {entry.level for entry in entries}
        pointer = f"/voices/{n}/kind"
        if voice.kind in SYNTHETIC and not levels & GENERATED:
            text = f"the voice is synthetic, but nothing in {voice.area} is declared as generated"
            yield Inconsistency("voice-level", pointer, text)
        if voice.kind == "notSynthetic" and levels == {Level.FULL}:
            text = f"the voice is not synthetic, but all of {voice.area} is declared full"
            yield Inconsistency("voice-level", pointer, text)


def _entries(manifest: Manifest, area: str) -> list[Contribution]:
    return [entry for entry in manifest.contributions if entry.area == area]


def _permission_once(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-094: a use is permitted, constrained or refused once."""
    seen: set[str] = set()
    for n, permission in enumerate(manifest.permissions):
        if permission.use in seen:
            text = f"'{permission.use}' is stated already: keep one"
            yield Inconsistency("permission-once", f"/permissions/{n}/use", text)
        seen.add(permission.use)


def _constraints_stated(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-095: what is constrained says how, and nothing else does."""
    for n, permission in enumerate(manifest.permissions):
        if (permission.permission == "constrained") != (permission.constraints is not None):
            text = "'constraints' belongs to the permission 'constrained', and it needs them"
            yield Inconsistency("constraints-stated", f"/permissions/{n}", text)


_RULES = (
    _lineage,
    _ref_twice,
    _ref_unknown,
    _agent_one,
    _tool_as_person,
    _person_named,
    _none_without_ai,
    _full_by_people,
    _share_sum,
    _range_order,
    _human_voice,
    _voice_facts,
    _voice_level,
    _permission_once,
    _constraints_stated,
)
