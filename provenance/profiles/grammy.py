"""Grammy awards (``schemas/profiles/grammy.json``)."""

from __future__ import annotations

from provenance.profiles._facts import any_reaches, fact, part_is_ai, reaches
from provenance.profiles._logic import Tri, all_of, any_of, negated
from provenance.profiles.base import Evidence, Parameters, Profile


def in_category(e: Evidence, name: str) -> Tri:
    """Whether it is entered in a kind of category: ``songwriting``, ``performance``, ``other``."""
    category = e.context.get("category")
    return None if category is None else category == name


def gram_0(e: Evidence, p: Parameters) -> Tri:
    """Rule gram-0."""
    parts = [
        part_is_ai(e, "lyrics", "lyrics", p["deMinimis"]),
        part_is_ai(e, "composition", "music", p["deMinimis"]),
    ]
    return all_of([*parts, negated(fact(e, "human_performance"))])


def gram_1(e: Evidence, p: Parameters) -> Tri:
    """Rule gram-1."""
    parts = [
        part_is_ai(e, "lyrics", "lyrics", p["deMinimis"]),
        part_is_ai(e, "composition", "music", p["deMinimis"]),
    ]
    return all_of([in_category(e, "songwriting"), *parts])


def gram_2(e: Evidence, p: Parameters) -> Tri:
    """Rule gram-2."""
    voice = reaches(e, "leadVocals", p["deMinimis"])
    unperformed = any_of([voice, negated(fact(e, "human_performance"))])
    return all_of([in_category(e, "performance"), unperformed])


def gram_3(e: Evidence, p: Parameters) -> Tri:
    """Rule gram-3."""
    return any_reaches(e, p["areas"])


PROFILE = Profile(
    title="Grammy awards",
    rules={
        "gram-0": gram_0,
        "gram-1": gram_1,
        "gram-2": gram_2,
        "gram-3": gram_3,
    },
)
