"""GEMA registration (``schemas/profiles/gema.json``)."""

from __future__ import annotations

from provenance.model.levels import Level
from provenance.profiles._facts import entries, reaches
from provenance.profiles._logic import Tri, all_of
from provenance.profiles.base import Evidence, Parameters, Profile


def purely_generated(e: Evidence, area: str) -> Tri:
    """Whether AI made all of it; where somebody chose or edited, a person has to judge."""
    found = reaches(e, area, Level.FULL)
    chosen = {"promptAndSelect", "edited", "coCreated"}
    by_people = any(entry.interaction in chosen for entry in entries(e, area))
    return None if found and by_people else found


def gema_1(e: Evidence, p: Parameters) -> Tri:
    """Rule gema-1."""
    del p
    return all_of(purely_generated(e, area) for area in ("lyrics", "composition"))


PROFILE = Profile(
    title="GEMA registration",
    rules={
        "gema-1": gema_1,
    },
)
