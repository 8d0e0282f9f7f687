"""What rules ask of a declaration, in three values: yes, no, not stated (spec 20.2).

A fact that is missing is None and never False, so a rule that is built of these facts with
``_logic`` is monotonic: leaving something out never settles anything (PRF-010).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from provenance.model.contribution import Contribution
from provenance.model.levels import Level, area_level
from provenance.model.manifest import Manifest
from provenance.model.tools import Tool
from provenance.model.voices import Voice
from provenance.profiles._logic import Tri, all_of, any_of, more_than, negated
from provenance.profiles.base import Evidence, Parameters

AUTHORS = frozenset(
    {
        "Adapter",
        "Arranger",
        "Author",
        "Composer",
        "ComposerLyricist",
        "Lyricist",
        "MusicArranger",
        "NonLyricAuthor",
        "SubLyricist",
        "Translator",
        "VocalArranger",
    }
)
"""DDEX roles of those who write; a person without a role may have any."""
VOCALS = ("leadVocals", "backingVocals")
WRITTEN_AND_PLAYED = (
    "lyrics",
    "composition",
    "arrangement",
    "leadVocals",
    "backingVocals",
    "instrumentation",
    "production",
)
MUSIC = ("composition", "arrangement", "instrumentation", "production")
_RANK = {level: rank for rank, level in enumerate(Level)}
_MAINLY = _RANK[Level.PREDOMINANT]


def declared(e: Evidence) -> Manifest:
    """What is declared; nothing declared is a declaration that states nothing."""
    return e.manifest or Manifest()


def entries(e: Evidence, area: str) -> list[Contribution]:
    """The entries of an area; none of them: the area is undeclared."""
    return [c for c in declared(e).contributions if c.area == area]


def reaches(e: Evidence, area: str, least: str = Level.PARTIAL) -> Tri:
    """Whether the level of an area (spec 2.6) is ``least`` or above; None where undeclared.

    Where human and mostly generated entries stand side by side and not all have a share, it is
    not settled whether the area is predominant.
    """
    wanted, found = _RANK[Level(least)], entries(e, area)
    level = area_level(found, area)
    if level is None:
        return None
    if _RANK[level] >= wanted:
        return True
    mixed = wanted == _MAINLY and any(_RANK[c.level] >= _MAINLY for c in found)
    return None if mixed and any(c.share is None for c in found) else False


def any_reaches(e: Evidence, areas: Iterable[str], least: str = Level.PARTIAL) -> Tri:
    """Whether one of the areas does."""
    return any_of(reaches(e, area, least) for area in areas)


def any_entry(e: Evidence, areas: Iterable[str], test: Callable[[Contribution], Tri]) -> Tri:
    """Whether an entry of these areas is so; an undeclared area might have one."""
    found = [entries(e, area) for area in areas]
    return any_of(any_of(test(c) for c in area) if area else None for area in found)


def wholly(e: Evidence, p: Parameters) -> Tri:
    """Whether everything is generated: every one of ``areas``, and any of ``also`` if declared."""
    also = [area for area in p["also"] if entries(e, area)]
    return all_of(reaches(e, area, Level.FULL) for area in (*p["areas"], *also))


def mainly(e: Evidence, p: Parameters) -> Tri:
    """Whether a recording is mainly generated (PRF-011).

    More than ``mainly`` (a share) of the parts of ``core`` are predominantly generated; areas
    joined by ``+`` are one part. Or, with ``voiceAndMusic``, the lead vocals are all generated
    and some of the music is: the case of a chart that excluded such a song.
    """
    parts = [any_reaches(e, part.split("+"), Level.PREDOMINANT) for part in p["core"]]
    most = more_than(parts, p["mainly"])
    if not p["voiceAndMusic"]:
        return most
    voice = reaches(e, "leadVocals", Level.FULL)
    return any_of([most, all_of([voice, any_reaches(e, MUSIC)])])


def documented(e: Evidence) -> Evidence:
    """The same without what only a detector reports."""
    kept = tuple(c for c in declared(e).contributions if c.basis != "detected")
    return replace(e, manifest=replace(declared(e), contributions=kept))


def part_is_ai(e: Evidence, area: str, part: str, least: str = Level.FULL) -> Tri:
    """Whether no sufficient human contribution stands in the lyrics or the music (spec 20.2).

    From ``least`` on, AI made it, unless human expression is claimed, which a person judges.
    Below, with generated material, the claim decides.
    """
    human, generated = expression(e, part), reaches(e, area)
    if not generated:
        return generated
    enough = reaches(e, area, least)
    if enough is False:
        return negated(human)
    if enough and human is not True:
        return True
    return True if human is False else None


def expression(e: Evidence, part: str) -> Tri:
    """Whether human creative expression is claimed for ``lyrics``, ``music`` or ``recording``."""
    facts = declared(e).facts
    claimed = facts.human_expression if facts else None
    found: Tri = getattr(claimed, part, None)
    return found


def fact(e: Evidence, name: str) -> Tri:
    """A fact of spec 2.10 by its Python name."""
    found: Tri = getattr(declared(e).facts, name, None)
    return found


def imitation(e: Evidence, name: str) -> Tri:
    """A fact about imitation by AI; where it is not stated, music without any AI imitates nobody.

    Then every area of ``WRITTEN_AND_PLAYED`` is declared as ``none``.
    """
    stated = fact(e, name)
    without = all_of(negated(reaches(e, a, Level.UTILITY)) for a in WRITTEN_AND_PLAYED)
    return False if stated is None and without else stated


def material(e: Evidence, areas: Iterable[str], least: str) -> Tri:
    """Whether AI made a material portion in one of these areas.

    As declared (MOD-024); where it is not, an entry from ``least`` on counts as one, one without
    AI as none, and what lies between is not settled.
    """
    return any_entry(e, areas, lambda entry: _is_material(entry, least))


def _is_material(entry: Contribution, least: str) -> Tri:
    if entry.material is not None:
        return entry.material
    if entry.level is Level.NONE:
        return False
    return True if _RANK[entry.level] >= _RANK[Level(least)] else None


# ---- voices --------------------------------------------------------------------------------


def any_voice(e: Evidence, test: Callable[[Voice], Tri]) -> Tri:
    """Whether a voice that is sung is so; an area without generated material has none (MOD-093)."""
    unplaced = [test(v) for v in declared(e).voices if v.area is None]
    return any_of([*unplaced, *(_voice_in(e, area, test) for area in VOCALS)])


def _voice_in(e: Evidence, area: str, test: Callable[[Voice], Tri]) -> Tri:
    if reaches(e, area) is False:
        return False
    found = [v for v in declared(e).voices if v.area == area]
    return any_of(test(v) for v in found) if found else None


def is_clone(voice: Voice) -> Tri:
    """Whether it imitates another person's voice."""
    return voice.kind == "thirdPartyClone"


def is_unauthorised(voice: Voice) -> Tri:
    """Whether it imitates another person's voice without their consent; unsaid is not settled."""
    if voice.kind != "thirdPartyClone":
        return False
    status = voice.consent.status if voice.consent else None
    return None if status is None else status != "granted"


def synthetic(e: Evidence, area: str) -> Tri:
    """Whether AI made a voice that is heard there."""
    stated = reaches(e, area)
    if stated is not None:
        return stated
    heard = [v for v in declared(e).voices if v.area in {area, None}]
    return True if any(v.kind != "notSynthetic" for v in heard) else None


# ---- tools, people, artists ----------------------------------------------------------------


def from_level(entry: Contribution, least: str) -> bool:
    """Whether an entry's own level is ``least`` or above."""
    return _RANK[entry.level] >= _RANK[Level(least)]


def tools_of(e: Evidence, entry: Contribution) -> list[Tool]:
    """The tools that an entry names as its agents."""
    named = {agent.tool for agent in entry.agents}
    return [tool for tool in declared(e).tools if tool.ref in named]


def lacks(e: Evidence, entry: Contribution, members: Iterable[str]) -> Tri:
    """Whether a member of the tools that made an entry is left out, or the tools are.

    Not settled where tools are listed and it is not said which of them made it.
    """
    found = tools_of(e, entry)
    if not found:
        return None if declared(e).tools else True
    return any(not _member(tool, name) for tool in found for name in members)


def _member(tool: Tool, name: str) -> Any:
    if name in {"training_disclosure", "status"}:
        return getattr(tool.licence, name, None)
    return getattr(tool, name)


def unlicensed(e: Evidence, entry: Contribution, barred: Iterable[str] = ()) -> Tri:
    """Whether a tool that made an entry is not licensed, or stands on a list by its name.

    Where an entry names no tool, any listed tool may have made it.
    """
    found = tools_of(e, entry)
    names = {_folded(name) for name in barred}
    if found:
        return any_of(_unlicensed(tool, names) for tool in found)
    return True if any(_unlicensed(tool, names) for tool in declared(e).tools) else None


def _unlicensed(tool: Tool, barred: set[str]) -> Tri:
    status = tool.licence.status if tool.licence else None
    names = {_folded(name) for name in (tool.system, tool.provider) if name}
    if names & barred or (status is not None and status != "licensed"):
        return True
    return False if status and tool.system and tool.provider else None


def _folded(name: str) -> str:
    return "".join(name.casefold().split())


def named_like(e: Evidence, names: Iterable[str]) -> Tri:
    """Whether a person has one of these names; who is withheld is a person (MOD-041)."""
    people, known = declared(e).people, {_folded(name) for name in names}
    return any(_folded(p.name) in known for p in people if p.name) if people else None


def author_like(e: Evidence, names: Iterable[str]) -> Tri:
    """Whether an author has one of these names; a name that is withheld is not settled."""
    people, known = declared(e).people, {_folded(name) for name in names}
    if not people:
        return None
    authors = [p for p in people if not p.roles or AUTHORS & set(p.roles)]
    return any_of(None if p.name is None else _folded(p.name) in known for p in authors)


def featured_human(e: Evidence) -> Tri:
    """Whether a person performs as a featured artist; a list that is not complete may lack one."""
    people, complete = declared(e).people, fact(e, "people_complete")
    stated = [p.featured for p in people]
    return any_of([*stated, False if complete and people else None])


def persona(e: Evidence) -> Tri:
    """Whether an artist is credited who is an AI persona."""
    artists = declared(e).subject.artists
    if not artists:
        return None
    return any_of(None if a.identity is None else a.identity == "aiPersona" for a in artists)


def poses_as_human(e: Evidence) -> Tri:
    """Whether an artist is presented as human: is one, or the public is not told otherwise."""
    artists = declared(e).subject.artists
    if not artists:
        return None
    told = [None if a.identity_public is None else not a.identity_public for a in artists]
    humans = [None if a.identity is None else a.identity in {"human", "group"} for a in artists]
    return any_of([*told, *humans])


# ---- what is known from elsewhere ----------------------------------------------------------


def known(e: Evidence, name: str) -> Tri:
    """A fact from elsewhere that is true or false."""
    found: Tri = e.context.get(name)
    return found


def due(e: Evidence, day: str | None) -> Tri:
    """Whether a day has come (ISO dates compare as text); not settled while it is not known."""
    today = e.context.get("date")
    return None if day is None or today is None else str(today) >= day
