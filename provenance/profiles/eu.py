"""EU AI Act, Article 50 (``schemas/profiles/eu.json``)."""

from __future__ import annotations

from provenance.profiles._facts import any_reaches, any_voice, due, imitation, is_clone, known
from provenance.profiles._logic import Tri, all_of, any_of, negated
from provenance.profiles.base import Evidence, Parameters, Profile


def eu_1(e: Evidence, p: Parameters) -> Tri:
    """Rule eu-1."""
    made = any_reaches(e, p["areas"])
    return all_of([made, due(e, p["appliesFrom"]), negated(known(e, "marked"))])


def eu_2(e: Evidence, p: Parameters) -> Tri:
    """Rule eu-2."""
    del p
    return any_of([imitation(e, "realistic_imitation"), any_voice(e, is_clone)])


def eu_3(e: Evidence, p: Parameters) -> Tri:
    """Rule eu-3."""
    del p
    return known(e, "marksRemoved")


PROFILE = Profile(
    title="EU AI Act, Article 50",
    rules={
        "eu-1": eu_1,
        "eu-2": eu_2,
        "eu-3": eu_3,
    },
)
