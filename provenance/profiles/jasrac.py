"""JASRAC registration (``schemas/profiles/jasrac.json``)."""

from __future__ import annotations

from provenance.profiles._facts import any_reaches, part_is_ai
from provenance.profiles._logic import Tri, all_of, any_of, negated
from provenance.profiles.base import Evidence, Parameters, Profile

PARTS = (("lyrics", "lyrics"), ("composition", "music"))


def jasrac_1(e: Evidence, p: Parameters) -> Tri:
    """Rule jasrac-1."""
    return all_of(part_is_ai(e, *part, p["insufficient"]) for part in PARTS)


def jasrac_1_part(e: Evidence, p: Parameters) -> Tri:
    """Rule jasrac-1-part."""
    found = [part_is_ai(e, *part, p["insufficient"]) for part in PARTS]
    return all_of([any_of(found), negated(all_of(found))])


def jasrac_2(e: Evidence, p: Parameters) -> Tri:
    """Rule jasrac-2."""
    return any_reaches(e, p["areas"])


PROFILE = Profile(
    title="JASRAC registration",
    rules={
        "jasrac-1": jasrac_1,
        "jasrac-1-part": jasrac_1_part,
        "jasrac-2": jasrac_2,
    },
)
