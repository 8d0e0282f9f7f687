"""Sverigetopplistan (``schemas/profiles/sverigetopplistan.json``)."""

from __future__ import annotations

from provenance.profiles._facts import VOCALS, entries, fact, mainly
from provenance.profiles._logic import Tri, any_of, negated
from provenance.profiles.base import Evidence, Parameters, Profile


def se_1(e: Evidence, p: Parameters) -> Tri:
    """Rule se-1."""
    return mainly(e, p)


def se_2(e: Evidence, p: Parameters) -> Tri:
    """Rule se-2."""
    del p
    sung = any_of(True for area in VOCALS if entries(e, area))
    silent = negated(fact(e, "human_voice"))
    return None if silent and not sung else silent


PROFILE = Profile(
    title="Sverigetopplistan",
    rules={
        "se-1": se_1,
        "se-2": se_2,
    },
)
