"""SACEM declaration (``schemas/profiles/sacem.json``)."""

from __future__ import annotations

from provenance.profiles._facts import part_is_ai
from provenance.profiles._logic import Tri, all_of, any_of, negated
from provenance.profiles.base import Evidence, Parameters, Profile

PARTS = (("lyrics", "lyrics"), ("composition", "music"))


def sacem_1(e: Evidence, p: Parameters) -> Tri:
    """Rule sacem-1."""
    return all_of(part_is_ai(e, *part, p["insufficient"]) for part in PARTS)


def sacem_1_part(e: Evidence, p: Parameters) -> Tri:
    """Rule sacem-1-part."""
    found = [part_is_ai(e, *part, p["insufficient"]) for part in PARTS]
    return all_of([any_of(found), negated(all_of(found))])


PROFILE = Profile(
    title="SACEM declaration",
    rules={
        "sacem-1": sacem_1,
        "sacem-1-part": sacem_1_part,
    },
)
