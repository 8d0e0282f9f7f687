"""Coherence of a DDEX release message, which its schema does not enforce (``profiles/ddex.json``).

The rules look at ``Evidence.document``, a ``wire.ern.Message``; without one nothing is settled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from provenance.model.levels import Level
from provenance.model.manifest import Manifest
from provenance.profiles.base import Evidence, Parameters, Profile
from provenance.wire.ern import VERSION, Contributor, Message, Release, Resource

Finder = Callable[[Message, Manifest | None, Parameters], Iterator[str]]
"""The places where a rule fires, in words; nothing where it does not."""

_UNFLAGGED = frozenset({"SheetMusic", "Software"})
"""Resources that have contributors and no ContainsAI."""
_NO_AI = frozenset({Level.NONE, Level.UTILITY})


def party_all(message: Message, _m: Manifest | None, _p: Parameters) -> Iterator[str]:
    """A named party to whom all is ascribed to AI (ddex-1)."""
    for resource, one in _contributors(message):
        if one.special is None and one.ai == "All":
            yield f"{resource.name}: {message.name_of(one.party)} has AiContribution All"


def generative_less(message: Message, _m: Manifest | None, _p: Parameters) -> Iterator[str]:
    """Generative AI that contributed nothing, or partly (ddex-2)."""
    for resource, one in _contributors(message):
        if one.generative and one.ai in {"None", "Partly"}:
            yield f"{resource.name}: GenerativeAI has AiContribution {one.ai}"


def none_with_ai(message: Message, _m: Manifest | None, _p: Parameters) -> Iterator[str]:
    """None of it is AI's, and a contributor is (ddex-3)."""
    for resource, one in _contributors(message):
        if resource.contains_ai == "None" and one.says_ai:
            yield f"{resource.name}: ContainsAI None, but {_said(message, one)}"


def all_with_people(message: Message, _m: Manifest | None, _p: Parameters) -> Iterator[str]:
    """All of it is AI's, and somebody else contributed (ddex-4)."""
    for resource, one in _contributors(message):
        if resource.contains_ai == "All" and not one.generative:
            name = one.special or message.name_of(one.party)
            yield f"{resource.name}: ContainsAI All, but {name} is a contributor"


def ai_unsaid(message: Message, _m: Manifest | None, _p: Parameters) -> Iterator[str]:
    """A contributor is AI, and nothing is said of the whole (ddex-5)."""
    for resource in message.resources:
        said = [one for one in resource.contributors if one.says_ai]
        if (
            said
            and resource.contains_ai is None
            and resource.kind not in {"SheetMusic", "Software"}
        ):
            yield f"{resource.name}: {_said(message, said[0])}, but ContainsAI is not stated"


def voice_of_none(message: Message, _m: Manifest | None, p: Parameters) -> Iterator[str]:
    """A human voice is heard, and every vocalist is AI (ddex-6)."""
    for resource in message.resources:
        voices = [c for c in resource.contributors if any(r.value in p["roles"] for r in c.roles)]
        if resource.vocal and voices and all(one.generative for one in voices):
            yield f"{resource.name}: HasVocalPerformance is true, but only GenerativeAI sings"


def release_apart(message: Message, _m: Manifest | None, _p: Parameters) -> Iterator[str]:
    """The release says something else than its resources do (ddex-7)."""
    answers: dict[str | None, set[str | None]] = {}
    for resource in message.resources:
        answers.setdefault(resource.reference, set()).add(resource.contains_ai)
    for release in message.releases:
        together = roll_up(answers, release)
        if release.contains_ai is not None and together not in {None, release.contains_ai}:
            yield (
                f"Release {release.reference}: ContainsAI {release.contains_ai}, "
                f"but its resources together are {together}"
            )


def fields_lost(message: Message, manifest: Manifest | None, _p: Parameters) -> Iterator[str]:
    """AI is declared, and the message is too old to say so (ddex-8)."""
    if manifest is None or not is_older(message):
        return
    if any(c.level not in _NO_AI for c in manifest.contributions):
        yield f"the message is ERN {message.version}: it has no place for what is declared"


def is_older(message: Message) -> bool:
    """Whether a message is of a version that has no elements for AI."""
    return _numbers(message.version) < _numbers(VERSION)


def roll_up(answers: Mapping[str | None, set[str | None]], release: Release) -> str | None:
    """What the resources of a release say together; None where some say nothing.

    ``answers`` are those of all resources, by their reference.
    """
    said = set[str | None]().union(*(answers.get(held, ()) for held in release.resources))
    if "Partly" in said or {"All", "None"} <= said:
        return "Partly"
    return said.pop() if len(said) == 1 else None


FINDERS: Mapping[str, Finder] = {
    "ddex-1": party_all,
    "ddex-2": generative_less,
    "ddex-3": none_with_ai,
    "ddex-4": all_with_people,
    "ddex-5": ai_unsaid,
    "ddex-6": voice_of_none,
    "ddex-7": release_apart,
    "ddex-8": fields_lost,
}
"""Each rule's places in a message."""


def _contributors(message: Message) -> Iterator[tuple[Resource, Contributor]]:
    return ((r, one) for r in message.resources for one in r.contributors)


def _said(message: Message, one: Contributor) -> str:
    if one.generative:
        return "GenerativeAI is a contributor"
    return f"{message.name_of(one.party)} has AiContribution {one.ai}"


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _fires(rule: str, e: Evidence, p: Parameters) -> bool | None:
    """Whether a rule has a place; None where it lacks the message, or the declaration."""
    if not isinstance(e.document, Message):
        return None
    if next(FINDERS[rule](e.document, e.manifest, p), None) is not None:
        return True
    return None if rule == "ddex-8" and e.manifest is None else False


def ddex_1(e: Evidence, p: Parameters) -> bool | None:
    """Rule ddex-1."""
    return _fires("ddex-1", e, p)


def ddex_2(e: Evidence, p: Parameters) -> bool | None:
    """Rule ddex-2."""
    return _fires("ddex-2", e, p)


def ddex_3(e: Evidence, p: Parameters) -> bool | None:
    """Rule ddex-3."""
    return _fires("ddex-3", e, p)


def ddex_4(e: Evidence, p: Parameters) -> bool | None:
    """Rule ddex-4."""
    return _fires("ddex-4", e, p)


def ddex_5(e: Evidence, p: Parameters) -> bool | None:
    """Rule ddex-5."""
    return _fires("ddex-5", e, p)


def ddex_6(e: Evidence, p: Parameters) -> bool | None:
    """Rule ddex-6."""
    return _fires("ddex-6", e, p)


def ddex_7(e: Evidence, p: Parameters) -> bool | None:
    """Rule ddex-7."""
    return _fires("ddex-7", e, p)


def ddex_8(e: Evidence, p: Parameters) -> bool | None:
    """Rule ddex-8."""
    return _fires("ddex-8", e, p)


PROFILE = Profile(
    title="DDEX coherence of an ERN message",
    rules={
        "ddex-1": ddex_1,
        "ddex-2": ddex_2,
        "ddex-3": ddex_3,
        "ddex-4": ddex_4,
        "ddex-5": ddex_5,
        "ddex-6": ddex_6,
        "ddex-7": ddex_7,
        "ddex-8": ddex_8,
    },
)
