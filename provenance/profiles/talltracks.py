"""Tall Tracks AI disclosure (``schemas/profiles/talltracks.json``)."""

from __future__ import annotations

from provenance.model.levels import Level
from provenance.profiles._facts import any_reaches
from provenance.profiles._logic import Tri
from provenance.profiles.base import Evidence, Parameters, Profile


def tall_1(e: Evidence, p: Parameters) -> Tri:
    """Rule tall-1."""
    return any_reaches(e, p["areas"], Level.UTILITY)


PROFILE = Profile(
    title="Tall Tracks AI disclosure",
    rules={
        "tall-1": tall_1,
    },
)
