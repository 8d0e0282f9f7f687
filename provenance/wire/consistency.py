"""Consistency: what a schema cannot say about a declaration (spec 2.14, MOD-040 to MOD-049).

Each rule is one function that yields the places where it is broken; the rule's slug is stable.
An absent fact never breaks a rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from provenance.model.levels import Level
from provenance.model.manifest import Manifest


@dataclass(frozen=True)
class Inconsistency:
    """A rule, the JSON Pointer of the place, and what is wrong there in words."""

    rule: str
    pointer: str
    message: str


def faults(manifest: Manifest) -> Iterator[Inconsistency]:
    """Everything in which the declaration contradicts itself."""
    for rule in _RULES:
        yield from rule(manifest)


def _lineage(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-040: a later statement says what it supersedes, a first one nothing."""
    later = (manifest.sequence or 1) > 1
    if later and manifest.supersedes is None:
        yield Inconsistency("lineage", "/supersedes", "sequence above 1 without supersedes")
    if not later and manifest.supersedes is not None:
        yield Inconsistency("lineage", "/sequence", "supersedes with sequence 1")


def _refs(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-041: every ref is defined once, tools and people together."""
    named = [(f"/tools/{n}/ref", t.ref) for n, t in enumerate(manifest.tools)]
    named += [(f"/people/{n}/ref", p.ref) for n, p in enumerate(manifest.people)]
    counts = Counter(ref for _, ref in named)
    for pointer, ref in named:
        if counts[ref] > 1:
            yield Inconsistency("ref-twice", pointer, f"ref '{ref}' is defined more than once")


def _references(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-042: references lead to a tool or person of the manifest."""
    tools = {t.ref for t in manifest.tools}
    people = {p.ref for p in manifest.people}
    used = []
    for c, contribution in enumerate(manifest.contributions):
        for a, agent in enumerate(contribution.agents):
            used.append((f"/contributions/{c}/agents/{a}", agent.tool, agent.person))
    for v, voice in enumerate(manifest.voices):
        used.append((f"/voices/{v}", voice.tool, voice.person))
    for pointer, tool, person in used:
        if tool is not None and tool not in tools:
            yield Inconsistency("ref-unknown", f"{pointer}/tool", f"no tool has ref '{tool}'")
        if person is not None and person not in people:
            text = f"no person has ref '{person}'"
            yield Inconsistency("ref-unknown", f"{pointer}/person", text)


def _agents(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-043: an agent is a person or a tool, not both."""
    for c, contribution in enumerate(manifest.contributions):
        for a, agent in enumerate(contribution.agents):
            if agent.person is not None and agent.tool is not None:
                text = "an agent is a person or a tool: write two entries"
                yield Inconsistency("agent-both", f"/contributions/{c}/agents/{a}", text)


def _people(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-044: a tool is never listed among people, by reference or by the system's name."""
    systems = {t.system.casefold() for t in manifest.tools if t.system}
    for n, person in enumerate(manifest.people):
        if person.name is not None and person.name.casefold() in systems:
            text = "a tool is never an author or performer: list it under tools only"
            yield Inconsistency("tool-as-person", f"/people/{n}/name", text)
        if person.withheld and person.name is not None:
            text = "withheld and named at once"
            yield Inconsistency("withheld-named", f"/people/{n}/name", text)


def _level_agents(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-045: what a tool made alone is not 'none', what people made alone is not 'full'."""
    for n, contribution in enumerate(manifest.contributions):
        kinds = {"tool" if a.tool is not None else "person" for a in contribution.agents}
        pointer = f"/contributions/{n}/level"
        if contribution.level is Level.NONE and "tool" in kinds:
            text = "level none, but a tool is among the agents"
            yield Inconsistency("level-agents", pointer, text)
        if contribution.level is Level.FULL and kinds == {"person"}:
            text = "level full, but only people are agents: AI and human shares are two entries"
            yield Inconsistency("level-agents", pointer, text)


def _shares(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-046: the shares of one area and role do not exceed the whole (1000 permille)."""
    totals: Counter[tuple[str, str | None]] = Counter()
    for n, contribution in enumerate(manifest.contributions):
        key = (contribution.area, contribution.role)
        totals[key] += contribution.share or 0
        if totals[key] > 1000:
            text = f"shares of {contribution.area} add up to more than 1000 permille"
            yield Inconsistency("share-sum", f"/contributions/{n}/share", text)


def _ranges(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-047: a time range ends after it starts."""
    for c, contribution in enumerate(manifest.contributions):
        for r, part in enumerate(contribution.time_ranges):
            if part.end_ms <= part.start_ms:
                pointer = f"/contributions/{c}/timeRanges/{r}/endMs"
                yield Inconsistency("range-order", pointer, "the range ends before it starts")


def _voice(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-048: a human lead voice is not heard where every lead entry is fully generated."""
    lead = [c.level for c in manifest.contributions if c.area == "leadVocals"]
    facts = manifest.facts
    if facts is None or facts.human_lead_voice is not True or not lead:
        return
    if all(level is Level.FULL for level in lead):
        text = "humanLeadVoice is true, but all lead vocals are declared full"
        yield Inconsistency("human-voice", "/facts/humanLeadVoice", text)


def _permissions(manifest: Manifest) -> Iterator[Inconsistency]:
    """MOD-049: a use is permitted, constrained or refused once; constrained says how."""
    seen: set[str] = set()
    for n, permission in enumerate(manifest.permissions):
        pointer = f"/permissions/{n}"
        if permission.use in seen:
            text = f"'{permission.use}' is stated twice"
            yield Inconsistency("permission-twice", f"{pointer}/use", text)
        seen.add(permission.use)
        if permission.permission == "constrained" and permission.constraints is None:
            text = "constrained, but no constraints are stated"
            yield Inconsistency("constraints-missing", pointer, text)


_RULES = (
    _lineage,
    _refs,
    _references,
    _agents,
    _people,
    _level_agents,
    _shares,
    _ranges,
    _voice,
    _permissions,
)
