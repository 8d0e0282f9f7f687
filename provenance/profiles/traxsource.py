"""Traxsource AI policy (``schemas/profiles/traxsource.json``)."""

from __future__ import annotations

from provenance.model.levels import Level
from provenance.profiles._facts import any_reaches, wholly
from provenance.profiles._logic import Tri
from provenance.profiles.base import Evidence, Parameters, Profile


def trax_1(e: Evidence, p: Parameters) -> Tri:
    """Rule trax-1."""
    return wholly(e, p)


def trax_1_state(e: Evidence, p: Parameters) -> Tri:
    """Rule trax-1-state."""
    return any_reaches(e, p["areas"], Level.ASSISTED)


PROFILE = Profile(
    title="Traxsource AI policy",
    rules={
        "trax-1": trax_1,
        "trax-1-state": trax_1_state,
    },
)
