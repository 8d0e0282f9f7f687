"""iHeart Guaranteed Human (``schemas/profiles/iheart.json``)."""

from __future__ import annotations

from provenance.profiles._facts import poses_as_human, reaches, synthetic
from provenance.profiles._logic import Tri, all_of
from provenance.profiles.base import Evidence, Parameters, Profile


def ihr_1(e: Evidence, p: Parameters) -> Tri:
    """Rule ihr-1."""
    found = all_of([synthetic(e, "leadVocals"), poses_as_human(e)])
    surely = reaches(e, "leadVocals", p["synthetic"])
    return None if found and not surely else found


PROFILE = Profile(
    title="iHeart Guaranteed Human",
    rules={
        "ihr-1": ihr_1,
    },
)
