"""Answers about lists: entries, people, tools and voices, one answer a row (spec 19.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from provenance.exports._reading import Reading
from provenance.model.contribution import Contribution
from provenance.model.levels import AREAS, GENERATED
from provenance.model.parties import Agent
from provenance.wire.registries import terms

Data = Mapping[str, Any]
LISTS = {"entries": "contributions", "people": "people", "tools": "tools", "voices": "voices"}
NOT_DECLARED = "not declared"


def said(value: Any) -> str:
    """A value as text: JSON's words for true and false, numbers in digits."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def rows_of(reading: Reading, spec: Data) -> Iterator[str]:
    """One text for each row of the list that the question is about; ``otherwise`` if none."""
    base = LISTS[spec["how"]]
    count = len(getattr(reading.manifest, base))
    places = [place for place in range(count) if _WANTED[spec["how"]](reading, spec, place)]
    for place in places:
        yield _row(reading, spec, f"/{base}/{place}")
    if count and not places and "otherwise" in spec.get("words", {}):
        yield spec["words"]["otherwise"]


def _row(reading: Reading, spec: Data, at: str) -> str:
    parts = [part for field in spec.get("fields", ()) for part in _field(reading, spec, at, field)]
    said_of_it = "; ".join([*_text(spec), *parts]) or NOT_DECLARED
    if spec["how"] == "entries" and "roles" in spec:
        return f"{spec['roles'][reading.find(f'{at}/area')]}: {said_of_it}"
    return said_of_it


def _text(spec: Data) -> list[str]:
    return [spec["text"]] if "text" in spec else []


def _field(reading: Reading, spec: Data, at: str, field: Data) -> Iterator[str]:
    member, label = field["member"], field.get("label")
    start = f"{label}: " if label else ""
    if member in _NAMED:
        names = list(_NAMED[member](reading, spec, at))
        yield from ([f"{start}{', '.join(names)}"] if names else [])
        return
    pointers = reading.expand(f"{at}/{member}")
    if not pointers:
        yield from ([f"{start}{NOT_DECLARED}"] if label else [])
    for pointer in pointers:
        yield start + _worded(reading, spec, pointer, field.get("words"))


def _worded(reading: Reading, spec: Data, pointer: str, words: Data | None) -> str:
    """A value in the regime's words; copied only where no two values share a word."""
    value = reading.find(pointer)
    if isinstance(value, list):
        for place in range(len(value)):
            reading.copied(f"{pointer}/{place}")
        return ", ".join(said(item) for item in value)
    text = said(value)
    if words is None or len(set(words.values())) == len(words):
        reading.copied(pointer)
    reading.used(pointer, spec["asks"])
    return str((words or {}).get(text, text))


def _agents(reading: Reading, spec: Data, at: str) -> Iterator[str]:
    """Who made an entry, by name: people and tools, or those that the question is about."""
    kinds = (spec["only"],) if "only" in spec else ("tool", "person")
    for place in range(len(reading.find(f"{at}/agents") or ())):
        for kind in kinds:
            yield from _referred(reading, spec, f"{at}/agents/{place}/{kind}")


def _referred(reading: Reading, spec: Data, pointer: str) -> Iterator[str]:
    """The name of the person or tool that a reference leads to."""
    ref = reading.find(pointer)
    base = "people" if pointer.endswith("/person") else "tools"
    for place, item in enumerate(reading.plain.get(base, ())):
        if ref is not None and item["ref"] == ref:
            reading.used(pointer, spec["asks"])
            reading.used(f"/{base}/{place}/ref", spec["asks"])
            yield _name(reading, spec, f"/{base}/{place}")


def _name(reading: Reading, spec: Data, at: str) -> str:
    """A person's name, or that it is withheld; a tool's system, else its provider."""
    for member in ("name", "system", "provider"):
        if reading.find(f"{at}/{member}") is not None:
            reading.copied(f"{at}/{member}")
            return said(reading.find(f"{at}/{member}"))
    reading.used(f"{at}/withheld", spec["asks"])
    return str(spec.get("withheld", "not named"))


def _names(reading: Reading, spec: Data, at: str) -> Iterator[str]:
    yield _name(reading, spec, at)


def _times(reading: Reading, spec: Data, at: str) -> Iterator[str]:
    """Ranges in seconds with milliseconds."""
    del spec
    for place, span in enumerate(reading.find(f"{at}/timeRanges") or ()):
        for end in ("startMs", "endMs"):
            reading.copied(f"{at}/timeRanges/{place}/{end}")
        yield f"{span['startMs'] / 1000:.3f} s to {span['endMs'] / 1000:.3f} s"


def _person(reading: Reading, spec: Data, at: str) -> Iterator[str]:
    yield from _referred(reading, spec, f"{at}/person")


def _tool(reading: Reading, spec: Data, at: str) -> Iterator[str]:
    yield from _referred(reading, spec, f"{at}/tool")


_NAMED: Mapping[str, Callable[[Reading, Data, str], Iterator[str]]] = {
    "agents": _agents,
    "name": _names,
    "timeRanges": _times,
    "person": _person,
    "tool": _tool,
}


def _entry_wanted(reading: Reading, spec: Data, place: int) -> bool:
    entry: Contribution = reading.manifest.contributions[place]
    at = f"/contributions/{place}"
    reading.used(f"{at}/area", spec["asks"])
    areas = spec.get("areas", spec.get("roles", AREAS))
    if entry.area not in areas:
        return False
    reading.used(f"{at}/level", spec["asks"])
    if "levels" in spec and entry.level not in spec["levels"]:
        return False
    return "only" not in spec or any(_is_kind(agent, spec["only"]) for agent in entry.agents)


def _is_kind(agent: Agent, kind: str) -> bool:
    return (agent.tool if kind == "tool" else agent.person) is not None


def _person_wanted(reading: Reading, spec: Data, place: int) -> bool:
    """Whoever is an agent of an entry in one of the areas, or has a role that belongs to one."""
    person = reading.manifest.people[place]
    for number in range(len(person.roles)):
        reading.used(f"/people/{place}/roles/{number}", spec["asks"])
    found = any(_areas_of_role().get(role, set()) & {*spec["areas"]} for role in person.roles)
    for number, entry in enumerate(reading.manifest.contributions):
        for which, agent in enumerate(entry.agents):
            if entry.area in spec["areas"] and agent.person == person.ref:
                reading.used(f"/contributions/{number}/area", spec["asks"])
                reading.used(f"/contributions/{number}/agents/{which}/person", spec["asks"])
                reading.used(f"/people/{place}/ref", spec["asks"])
                found = True
    return found


@cache
def _areas_of_role() -> dict[str, set[str]]:
    return {term["term"]: {*term.get("areas", ())} for term in terms("roles")}


def _tool_wanted(reading: Reading, spec: Data, place: int) -> bool:
    """Any tool, or those that are agents where something was generated."""
    if spec.get("only") != "generating":
        return True
    ref = reading.manifest.tools[place].ref
    found = False
    for number, entry in enumerate(reading.manifest.contributions):
        for which, agent in enumerate(entry.agents):
            if agent.tool == ref and entry.area in spec.get("areas", AREAS):
                reading.used(f"/contributions/{number}/level", spec["asks"])
                reading.used(f"/contributions/{number}/agents/{which}/tool", spec["asks"])
                reading.used(f"/tools/{place}/ref", spec["asks"])
                found = found or entry.level in GENERATED
    return found


def _voice_wanted(reading: Reading, spec: Data, place: int) -> bool:
    if "areas" not in spec:
        return True
    reading.used(f"/voices/{place}/area", spec["asks"])
    return reading.manifest.voices[place].area in spec["areas"]


_WANTED = {
    "entries": _entry_wanted,
    "people": _person_wanted,
    "tools": _tool_wanted,
    "voices": _voice_wanted,
}
