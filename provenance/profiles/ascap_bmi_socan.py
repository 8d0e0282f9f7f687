"""ASCAP, BMI and SOCAN registration (``schemas/profiles/ascap-bmi-socan.json``)."""

from __future__ import annotations

from provenance.model.levels import Level
from provenance.profiles._facts import any_reaches, entries, reaches
from provenance.profiles._logic import Tri, all_of
from provenance.profiles.base import Evidence, Parameters, Profile


def prompted(e: Evidence, area: str) -> Tri:
    """Whether all of a part came from prompts: full; or predominant, and only prompts were made."""
    if reaches(e, area, Level.FULL):
        return True
    if reaches(e, area, Level.PREDOMINANT) is False:
        return False
    ways = {entry.interaction for entry in entries(e, area)}
    if not ways or None in ways:
        return None
    return ways <= {"promptOnly", "autonomous"}


def abs_1(e: Evidence, p: Parameters) -> Tri:
    """Rule abs-1."""
    del p
    return all_of(prompted(e, area) for area in ("lyrics", "composition"))


def socan_1(e: Evidence, p: Parameters) -> Tri:
    """Rule socan-1."""
    areas = ("lyrics", "composition")
    surely = any_reaches(e, areas, p["output"])
    return None if surely is False and any_reaches(e, areas) else surely


PROFILE = Profile(
    title="ASCAP, BMI and SOCAN registration",
    rules={
        "abs-1": abs_1,
        "socan-1": socan_1,
    },
)
