"""The elements of a release message that a plan is written with, in the order of the schema."""

from __future__ import annotations

from collections.abc import Iterable

from provenance.exports._ern_plan import Credit, Plan, data
from provenance.exports._reading import Reading
from provenance.model.parties import Person
from provenance.wire.ern import GENERATIVE_AI, Role
from provenance.wire.xml import element

PARTY_IDS = (("ISNI", "isni"), ("DPID", "dpid"), ("IpiNameNumber", "ipi"), ("IPN", "ipn"))
"""Elements of a party's identifiers in the order of the schema, and our names of them."""


def role_xml(role: Role) -> str:
    """A role with its instruments; one that the value set lacks is written in its own words."""
    known = data()["instruments"]
    inner = [element("Value", role.value)]
    for name in role.instruments:
        term = known.get(name.casefold()) or (name if name in known.values() else None)
        if term is not None:
            inner.append(element("InstrumentType", term))
        else:
            inner.append(
                element(
                    "InstrumentType", "UserDefined", Namespace="MusicProv", UserDefinedValue=name
                )
            )
    return element("Role", inner)


def contributor_xml(credit: Credit, reference: str | None, reading: Reading) -> str:
    """A contributor: a party with its answer, or generative AI, whose answer is All by default."""
    if credit.person is None:
        inner = [element("SpecialContributor", GENERATIVE_AI)]
    else:
        inner = [element("ContributorPartyReference", reference or "")]
    inner += [role_xml(role) for role in credit.roles]
    for role in credit.roles:
        for place in credit.instruments.get(role, ()):
            reading.copied(place)
    if credit.ai is not None:
        inner.append(element("AiContribution", credit.ai))
    if credit.person is not None and credit.person.featured is not None:
        reading.copied(f"{place_of(credit.person, reading)}/featured")
        inner.append(element("HasMadeFeaturedContribution", boolean(credit.person.featured)))
    return element("Contributor", inner)


def boolean(value: bool) -> str:
    """As a schema spells it."""
    return "true" if value else "false"


def contributors_xml(plan: Plan, reading: Reading) -> list[str]:
    """All contributors of a plan, each person as a party of their own."""
    return [
        contributor_xml(c, reference_of(c.person) if c.person else None, reading)
        for c in plan.credits
    ]


def flags_xml(plan: Plan) -> list[tuple[str, str]]:
    """Name and element of each answer about the whole, in the order of the schema."""
    found = [
        ("ContainsAI", plan.contains_ai),
        ("HasVocalPerformance", None if plan.vocal is None else boolean(plan.vocal)),
        (
            "HasForegroundVocalPerformance",
            None if plan.foreground_vocal is None else boolean(plan.foreground_vocal),
        ),
    ]
    return [(name, element(name, value)) for name, value in found if value is not None]


def reference_of(person: Person) -> str:
    """What the party of a person is called in a message."""
    return "P" + person.ref.replace(".", "_")


def party_xml(reference: str, name: str, ids: Iterable[tuple[str, str]] = ()) -> str:
    """A party with a name, and the identifiers that have an element of their own."""
    held = dict(ids)
    inner = [element(tag, held[scheme]) for tag, scheme in PARTY_IDS if scheme in held]
    lines = [
        element("PartyReference", reference),
        element("PartyName", [element("FullName", name)]),
    ]
    return element("Party", [*lines, *([element("PartyId", inner)] if inner else [])])


def person_xml(person: Person, reference: str, reading: Reading) -> str:
    """The party that a person is in a message of our own, or is added as."""
    at = place_of(person, reading)
    for member in ("ref", "name", *(f"ids/{scheme}" for _, scheme in PARTY_IDS)):
        reading.copied(f"{at}/{member}")
    return party_xml(reference, person.name or "", person.ids.items())


def place_of(person: Person, reading: Reading) -> str:
    """Where a person stands in the declaration."""
    return f"/people/{reading.manifest.people.index(person)}"


def people_of(plans: Iterable[Plan]) -> list[Person]:
    """The people whom plans name, once each, in order."""
    found = {c.person.ref: c.person for plan in plans for c in plan.credits if c.person}
    return list(found.values())
