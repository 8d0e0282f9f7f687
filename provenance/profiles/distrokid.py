"""DistroKid AI credits (``schemas/profiles/distrokid.json``)."""

from __future__ import annotations

from provenance.profiles._facts import any_reaches
from provenance.profiles._logic import Tri
from provenance.profiles.base import Evidence, Parameters, Profile


def dk_1(e: Evidence, p: Parameters) -> Tri:
    """Rule dk-1."""
    return any_reaches(e, p["areas"])


PROFILE = Profile(
    title="DistroKid AI credits",
    rules={
        "dk-1": dk_1,
    },
)
