"""Putting a plan into a message that exists: every byte around the AI elements stays as it is.

The AI elements of one sound recording become those of the plan: ``AiContribution`` of its
contributors, contributors that are generative AI, ``ContainsAI``, and the two flags of human
voices where the declaration states them. Parties that are missing are added to the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from provenance.exports._ern_edits import Edits
from provenance.exports._ern_elements import (
    PARTY_IDS,
    contributor_xml,
    flags_xml,
    person_xml,
    place_of,
    reference_of,
)
from provenance.exports._ern_plan import Credit, Plan, data
from provenance.exports._reading import Reading
from provenance.model.errors import InputError, UsageError
from provenance.model.identifiers import normalise_isrc
from provenance.model.parties import Person
from provenance.wire import ern, xml
from provenance.wire.ern import Role
from provenance.wire.xml import Node, element

Line = tuple[Role, str | None, tuple[str, ...]]
"""A role, what is answered for it, and where its instrument is declared."""

_PARTS = frozenset({"PartyList/Party", "ResourceList/SoundRecording"})
_FOUND = "found among the parties of the message, which stay as they are"
_HEAD = ("ContributorPartyReference", "SpecialContributor", "Role", "InstrumentType")
_ORDER = (
    *("ResourceReference", "Type", "SoundRecordingEdition", "RecordingFormat", "WorkId"),
    *("DisplayTitleText", "DisplayTitle", "FormalTitle", "GroupingTitle", "VersionType"),
    *("DisplayArtistName", "DisplayArtist", "Contributor", "Character"),
    *("ResourceRightsController", "WorkRightsController", "CourtesyLine", "Duration"),
    *("CreationDate", "MasteredDate", "RemasteredDate", "FirstPublicationDate"),
    *("LocationAndDateOfSession", "ParentalWarningType", "RelatedRelease", "RelatedResource"),
    *("CompositeMusicalWorkType", "ContainsAI", "IsCover", "HasVocalPerformance"),
    "HasForegroundVocalPerformance",
)
"""The order of a sound recording's elements in ERN 4.3.2, as far as something is put among them."""


def patched(
    reading: Reading, plan: Plan, document: bytes, isrc: str
) -> tuple[bytes, tuple[str, ...]]:
    """The message with the plan in it, and what a person should know.

    Raises ``UsageError`` or ``InputError`` where it is not clear what is to be changed.
    """
    found = xml.parts([document], _PARTS)
    ern.require_version(ern.version_of(next(found)))
    wanted = _wanted(reading, isrc)
    parties: list[Node] = []
    there: list[str] = []
    matching: list[Node] = []
    for part in found:
        if part.name == "Party":
            parties.append(part)
            continue
        isrcs = list(ern.isrcs_of(part))
        there += isrcs
        if wanted in isrcs:
            matching.append(part)
    patch = _Patch(reading, document, parties, _only(wanted, matching, there))
    patch.contributors(plan)
    patch.answers(plan)
    made = patch.edits.apply()
    for _ in xml.parts([made], _PARTS):
        pass
    return made, tuple(patch.warnings)


def _wanted(reading: Reading, isrc: str) -> str:
    if not isrc:
        reading.copied("/subject/isrc")
        isrc = reading.manifest.subject.isrc or ""
    exact = normalise_isrc(isrc)
    if exact is None:
        raise UsageError(
            "the declaration has no ISRC, so its recording cannot be found in the message",
            hint="Add subject.isrc, or give --set isrc=GBXYZ2600123.",
        )
    return exact


def _only(wanted: str, matching: list[Node], there: list[str]) -> Node:
    if len(matching) == 1:
        return matching[0]
    if matching:
        names = ", ".join(node.said("ResourceReference") or "?" for node in matching)
        raise UsageError(
            f"several sound recordings of the message have the ISRC {wanted}: {names}",
            hint="Have the message mended: an ISRC is one recording.",
        )
    held = ", ".join(there[:20]) or "none"
    raise UsageError(
        f"no sound recording of the message has the ISRC {wanted}; it has: {held}",
        hint="Take the declaration of a recording that the message delivers.",
    )


class _Patch:
    """The changes to one sound recording."""

    def __init__(
        self, reading: Reading, document: bytes, parties: list[Node], recording: Node
    ) -> None:
        self.reading = reading
        self.warnings: list[str] = []
        self.edits = Edits(document)
        self._document = document
        self._parties = parties
        self._recording = recording
        self._references = {p.said("PartyReference") or "" for p in parties}

    def contributors(self, plan: Plan) -> None:
        """Set the answers of the contributors that are there, and add those that are missing."""
        references: dict[str, str] = {}
        people: dict[str, Person] = {}
        lines: dict[str, list[Line]] = {}
        answered: list[Line] = []
        generated: list[Credit] = []
        for credit in plan.credits:
            if credit.person is None:
                generated.append(credit)
                continue
            if credit.person.ref not in references:
                references[credit.person.ref] = self._reference(credit.person)
            reference = references[credit.person.ref]
            people[reference] = credit.person
            lines.setdefault(reference, []).extend(
                (role, credit.ai, credit.instruments.get(role, ())) for role in credit.roles
            )
        old: list[Node] = []
        for node in self._contributors():
            if node.said("SpecialContributor") == ern.GENERATIVE_AI:
                old.append(node)
            else:
                reference = node.said("ContributorPartyReference") or ""
                self._answer(node, lines.get(reference, []), answered)
        new = self._generated(old, generated)
        for reference, every in lines.items():
            rest = [line for line in every if line not in answered]
            for credit in _credits(people[reference], rest):
                new.append(contributor_xml(credit, reference, self.reading))
        self._insert("Contributor", new)

    def _contributors(self) -> Iterator[Node]:
        yield from self._recording.all("Contributor")
        yield from self._recording.all("SoundRecordingEdition", "EditionContributor")

    def _reference(self, person: Person) -> str:
        """The party of the message that is this person; a new one where there is none."""
        at = place_of(person, self.reading)
        matching = [p for p in self._parties if _same_ids(p, person)]
        if matching:
            for scheme in _same_ids(matching[0], person):
                self.reading.used(f"{at}/ids/{scheme}", _FOUND)
        else:
            matching = [p for p in self._parties if _same_name(p, person)]
            if matching:
                self.reading.used(f"{at}/name", _FOUND)
        references = [p.said("PartyReference") or "" for p in matching]
        if len(references) > 1:
            raise UsageError(
                f"several parties of the message may be {person.name}: {', '.join(references)}",
                hint="Add an ISNI, IPI or IPN to the person and to the party.",
            )
        if references:
            return references[0]
        reference = first = reference_of(person)
        n = 2
        while reference in self._references:
            reference, n = f"{first}_{n}", n + 1
        self._references.add(reference)
        if not self._parties:
            raise _out_of_order("PartyList")
        text = person_xml(person, reference, self.reading)
        self.edits.insert_after(self._parties[-1], [text])
        return reference

    def _answer(self, node: Node, lines: list[Line], answered: list[Line]) -> None:
        """Set what one contributor answers; roles with different answers are told apart."""
        groups: dict[str | None, list[Node]] = {}
        for one in node.all("Role"):
            found, answer = self._answer_for(ern.role_of(one), lines)
            answered += found
            groups.setdefault(answer, []).append(one)
        old = node.first("AiContribution")
        if len(groups) > 1:
            self._split(node, groups)
            return
        answer = next(iter(groups), None)
        if (old.text if old is not None else None) == answer:
            return
        if answer is None and old is not None:
            self.edits.remove(old)
            party = node.said("ContributorPartyReference") or node.said("SpecialContributor")
            self.warnings.append(
                f"AiContribution {old.text} of {party} is removed: the declaration does not say it."
            )
        elif answer is not None and old is not None:
            self.edits.replace(old, [element("AiContribution", answer)])
        elif answer is not None:
            last = [child for child in node.children if child.name in _HEAD][-1]
            self.edits.insert_after(last, [element("AiContribution", answer)])

    def _split(self, node: Node, groups: dict[str | None, list[Node]]) -> None:
        kept = [c for c in node.children if c.name in _HEAD]
        first, last = kept[0], kept[-1]
        old = node.first("AiContribution")
        if first.name == "Role" or (old is not None and old.start < last.start):
            raise _out_of_order("a Contributor")
        document = self._document
        head = document[node.start : xml.span(document, first)[1]]
        tail = document[xml.span(document, old or last)[1] : xml.span(document, node)[1]]
        instruments = [c for c in kept if c.name == "InstrumentType"]
        made = []
        for answer, roles in groups.items():
            inner = [
                self.edits.indent(c) + document[slice(*xml.span(document, c))]
                for c in (*roles, *instruments)
            ]
            if answer is not None:
                text = element("AiContribution", answer).encode()
                inner.append(self.edits.indent(roles[0]) + text)
            made.append(head + b"".join(inner) + tail)
        self.edits.put(node, self.edits.indent(node).join(made))

    def _answer_for(self, role: Role, lines: list[Line]) -> tuple[list[Line], str | None]:
        """The lines that are about a role of the message, and what they answer for it."""
        same = [line for line in lines if line[0].value == role.value]
        exact = [line for line in same if _terms([line[0]]) == _terms([role])]
        fitting = [line for line in same if not line[0].instruments or not role.instruments]
        for line in exact or fitting:
            for place in line[2]:
                note = "the contributor of the message stays as it is, without the instrument"
                self.reading.copied(place) if exact else self.reading.used(place, note)
        answers = {answer for _, answer, _ in exact or fitting}
        return exact or fitting, next((a for a in ("Partly", "None") if a in answers), None)

    def _generated(self, old: list[Node], credits_: list[Credit]) -> list[str]:
        """Contributors that are generative AI: left when they say the same, else made anew."""
        roles = [role for credit in credits_ for role in credit.roles]
        said = [ern.role_of(one) for node in old for one in node.all("Role")]
        wrong = any(node.said("AiContribution") not in {None, "All"} for node in old)
        if not wrong and _terms(said) == _terms(roles):
            for credit in credits_:
                contributor_xml(credit, None, self.reading)
            return []
        for node in old:
            self.edits.remove(node)
        return [contributor_xml(credit, None, self.reading) for credit in credits_]

    def answers(self, plan: Plan) -> None:
        """Set what is said of the whole recording."""
        people = [n for n in self._contributors() if n.said("SpecialContributor") is None]
        if plan.contains_ai == "All" and people:
            plan = replace(plan, contains_ai="Partly")
            self.warnings.append(
                "ContainsAI is Partly, although all is declared as generated: the message credits "
                "contributors who are not AI. Mend the message, or the declaration."
            )
        wanted = dict(flags_xml(plan))
        old = self._recording.first("ContainsAI")
        if old is not None and "ContainsAI" not in wanted:
            self.edits.remove(old)
            self.warnings.append(
                f"ContainsAI {old.text} is removed: the declaration leaves it open."
            )
        for name, text in wanted.items():
            there = self._recording.first(name)
            if there is None:
                self._insert(name, [text])
            elif element(name, there.text) != text:
                self.edits.replace(there, [text])

    def _insert(self, name: str, texts: list[str]) -> None:
        """Put elements where the schema wants them: behind all that may stand before them."""
        if not texts:
            return
        before = _ORDER[: _ORDER.index(name) + 1]
        anchors = [child for child in self._recording.children if child.name in before]
        if not anchors:
            raise _out_of_order("the SoundRecording")
        self.edits.insert_after(anchors[-1], texts)


def _out_of_order(what: str) -> InputError:
    text = f"{what} of the message is not as the schema of ERN 4.3.2 wants it"
    return InputError(text, hint="Validate the message with the schema first.")


def _credits(person: Person, lines: Iterable[Line]) -> list[Credit]:
    grouped: dict[str | None, dict[Role, tuple[str, ...]]] = {}
    for role, answer, places in lines:
        grouped.setdefault(answer, {})[role] = places
    return [Credit(person, tuple(roles), answer, roles) for answer, roles in grouped.items()]


def _terms(roles: Iterable[Role]) -> set[tuple[str, tuple[str, ...]]]:
    known = data()["instruments"]
    return {(r.value, tuple(known.get(i.casefold(), i) for i in r.instruments)) for r in roles}


def _same_ids(party: Node, person: Person) -> list[str]:
    """The schemes in which a party has the identifier of a person."""
    held = {scheme: party.said("PartyId", tag) for tag, scheme in PARTY_IDS}
    return [s for s, value in held.items() if value is not None and person.ids.get(s) == value]


def _same_name(party: Node, person: Person) -> bool:
    wanted = _folded(person.name or "")
    return any(_folded(n.text) == wanted for n in party.all("PartyName", "FullName"))


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
