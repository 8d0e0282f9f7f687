"""SIQA AI Music Top 100 (``schemas/profiles/siqa.json``)."""

from __future__ import annotations

from provenance.model.levels import Level
from provenance.profiles._facts import (
    any_entry,
    any_reaches,
    any_voice,
    declared,
    from_level,
    is_clone,
    lacks,
    wholly,
)
from provenance.profiles._logic import Tri, all_of
from provenance.profiles.base import Evidence, Parameters, Profile


def siqa_1(e: Evidence, p: Parameters) -> Tri:
    """Rule siqa-1."""
    return any_entry(
        e,
        p["areas"],
        lambda c: from_level(c, "partial") and lacks(e, c, ("provider", "system")),
    )


def siqa_2(e: Evidence, p: Parameters) -> Tri:
    """Rule siqa-2."""
    human = any_entry(e, p["areas"], lambda c: c.level != Level.FULL)
    return all_of([human, any_reaches(e, p["areas"]), not declared(e).people])


def siqa_3(e: Evidence, p: Parameters) -> Tri:
    """Rule siqa-3."""
    del p
    return any_voice(e, is_clone)


def siqa_tier_full(e: Evidence, p: Parameters) -> Tri:
    """Rule siqa-tier-full."""
    return wholly(e, p)


def siqa_tier_hybrid(e: Evidence, p: Parameters) -> Tri:
    """Rule siqa-tier-hybrid."""
    del p
    return any_voice(e, lambda voice: voice.kind == "selfClone")


PROFILE = Profile(
    title="SIQA AI Music Top 100",
    rules={
        "siqa-1": siqa_1,
        "siqa-2": siqa_2,
        "siqa-3": siqa_3,
        "siqa-tier-full": siqa_tier_full,
        "siqa-tier-hybrid": siqa_tier_hybrid,
    },
)
