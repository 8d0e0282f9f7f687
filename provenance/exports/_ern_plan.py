"""What a release message of DDEX says of a declaration: contributors, levels, flags (spec 19).

A plan is independent of how it is written: as elements, into a new message, or into one that
exists; a release folder is compared with it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from provenance.exports._forms import parameters_of
from provenance.exports._reading import Reading
from provenance.model.contribution import Contribution
from provenance.model.levels import Level, asset_of
from provenance.model.manifest import Manifest
from provenance.model.parties import Person
from provenance.model.records import dataclass
from provenance.wire.crosswalks import crosswalk
from provenance.wire.ern import Role
from provenance.wire.registries import terms

NAME = "ddex-ern"
RECORDED = frozenset({"recording", "composition"})
"""The assets that a sound recording's contributors are about."""


@dataclass(frozen=True)
class Credit:
    """One contributor: a person of the declaration, or generative AI where there is none."""

    person: Person | None
    roles: tuple[Role, ...]
    ai: str | None
    """``Partly`` or ``None`` for a person, None where nothing is declared; None for AI itself."""
    instruments: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    """Where the instrument of a role is declared: copied by whoever writes it."""


@dataclass(frozen=True)
class Plan:
    """What is to stand at one resource."""

    credits: tuple[Credit, ...] = ()
    contains_ai: str | None = None
    """``All``, ``Partly``, ``None``; None where the declaration leaves it open."""
    vocal: bool | None = None
    foreground_vocal: bool | None = None
    warnings: tuple[str, ...] = ()


def data() -> Mapping[str, Any]:
    """The crosswalk."""
    return crosswalk(NAME)


def plan_of(
    reading: Reading, options: Mapping[str, str], assets: frozenset[str] = RECORDED
) -> Plan:
    """The plan for the resource that these assets are about; notes in ``reading`` what it took."""
    planner = _Planner(reading, parameters_of(data(), options), assets)
    contributors = planner.credits()
    contains = planner.contains_ai(contributors)
    flags: tuple[bool | None, bool | None] = (None, None)
    if "recording" in assets:
        lead = planner.fact("human_lead_voice", "humanLeadVoice")
        flags = (planner.fact("human_voice", "humanVoice"), lead)
    return Plan(contributors, contains, *flags, tuple(planner.warnings))


@dataclass(frozen=True)
class _Line:
    """One role of one contributor, before the roles are put together."""

    ref: str | None
    role: Role
    ai: str | None
    at: str | None = None
    """The contribution that it comes from."""


class _Planner:
    """The making of one plan."""

    def __init__(
        self, reading: Reading, parameters: Mapping[str, str], assets: frozenset[str]
    ) -> None:
        self.reading = reading
        self.manifest: Manifest = reading.manifest
        self.parameters = parameters
        self.warnings: list[str] = []
        self._people = {p.ref: p for p in self.manifest.people}
        found = enumerate(self.manifest.contributions)
        self._entries = [(n, e) for n, e in found if asset_of(e) in assets]
        self._areas = {t["term"]: t for t in terms("areas") if t["asset"] in assets}

    def fact(self, name: str, member: str) -> bool | None:
        """A fact that has an element of its own."""
        value: bool | None = getattr(self.manifest.facts, name, None)
        self.reading.copied(f"/facts/{member}")
        return value

    def credits(self) -> tuple[Credit, ...]:
        """All contributors, each with the roles that have the same answer, in order."""
        lines = [line for n, entry in self._entries for line in self._lines(n, entry)]
        lines += self._other_roles({(line.ref, line.role.value) for line in lines})
        grouped: dict[tuple[str | None, str | None], dict[Role, tuple[str, ...]]] = {}
        for line in lines:
            roles = grouped.setdefault((line.ref, line.ai), {})
            stated = (f"{line.at}/instrument",) if line.role.instruments else ()
            roles[line.role] = (*roles.get(line.role, ()), *stated)
        return tuple(
            Credit(self._people[ref] if ref is not None else None, tuple(roles), ai, roles)
            for (ref, ai), roles in grouped.items()
        )

    def _lines(self, n: int, entry: Contribution) -> Iterator[_Line]:
        at = f"/contributions/{n}"
        answer = self._answer(entry)
        role = _role(entry)
        people = [
            (k, a.person) for k, a in enumerate(entry.agents) if a.person and self._named(a.person)
        ]
        if answer == "All":
            self._note_area(at, entry)
            self.reading.copied(f"{at}/level")
            for k, agent in enumerate(entry.agents):
                if agent.tool is not None:
                    self.reading.used(f"{at}/agents/{k}/tool", "GenerativeAI, without its name")
            yield _Line(None, role, None, at)
            return
        if not people:
            self._note_nobody(at, entry, answer)
            return
        self._note_area(at, entry)
        self._note_level(at, entry, answer)
        for k, ref in people:
            self.reading.copied(f"{at}/agents/{k}/person")
            yield _Line(ref, role, answer, at)

    def _answer(self, entry: Contribution) -> str:
        if entry.level is Level.ASSISTED:
            return self.parameters["assisted"]
        return str(data()["levels"]["words"][entry.level.value])

    def _note_area(self, at: str, entry: Contribution) -> None:
        self.reading.copied(f"{at}/role")
        role = _role(entry).value
        if entry.role is None:
            self.reading.copied(f"{at}/area")
        self.reading.used(f"{at}/area", f"the role {role} is said, and no area")
        self.reading.used(f"{at}/asset", "said by the resource at which it stands")

    def _note_level(self, at: str, entry: Contribution, answer: str) -> None:
        decided = entry.level is Level.ASSISTED
        self.reading.used(f"{at}/level", f"written as {answer}", decided=decided)

    def _note_nobody(self, at: str, entry: Contribution, answer: str) -> None:
        note = f"counts for ContainsAI as {answer}; nobody is named to whom it could be written"
        self.reading.used(f"{at}/level", note, decided=entry.level is Level.ASSISTED)
        self.reading.used(f"{at}/area", note)

    def _named(self, ref: str) -> bool:
        person = self._people.get(ref)
        return person is not None and person.name is not None

    def _other_roles(self, written: set[tuple[str | None, str]]) -> Iterator[_Line]:
        """Roles of people of which no level is declared: credits without an answer about AI."""
        ours = {role for area in self._areas.values() for role in area["roles"]}
        for n, person in enumerate(self.manifest.people):
            for k, role in enumerate(person.roles):
                at = f"/people/{n}/roles/{k}"
                if person.name is None or role not in ours:
                    continue
                if (person.ref, role) in written:
                    self.reading.used(at, "said once, with what is declared of its part")
                    continue
                self.reading.copied(at)
                yield _Line(person.ref, Role(role), None)

    def contains_ai(self, contributors: tuple[Credit, ...]) -> str | None:
        """The answer for the whole: All and None need every area that they would speak for."""
        answers = {self._answer(entry) for _, entry in self._entries}
        if not answers:
            return None
        if answers == {"None"}:
            return self._none()
        missing = self._missing("all")
        human = [c.person.name for c in contributors if c.person is not None]
        if answers == {"All"} and not missing and not human:
            return "All"
        if answers == {"All"}:
            why = f"people are credited ({', '.join(map(str, human))})" if human else ""
            why = why or f"nothing is declared of {', '.join(missing)}"
            self.warnings.append(f"ContainsAI is Partly and not All: {why}.")
        return "Partly"

    def _none(self) -> str | None:
        missing = self._missing("none")
        if not missing:
            return "None"
        self.warnings.append(
            "ContainsAI is left out: None would also speak for what is not declared "
            f"({', '.join(missing)})."
        )
        return None

    def _missing(self, answer: str) -> list[str]:
        needed = [a for a in data()["rollUp"][answer] if a in self._areas]
        if (self.manifest.subject.language or "").casefold() == "zxx":
            needed = [a for a in needed if a not in data()["rollUp"]["withoutWords"]]
        declared = {entry.area for _, entry in self._entries}
        return [area for area in needed if area not in declared]


def _role(entry: Contribution) -> Role:
    """The declared role, else the one that stands for its area."""
    role = entry.role or str(data()["roles"].get(entry.area, "UserDefined"))
    return Role(role, (entry.instrument,) if entry.instrument else ())
