"""Keeping Bandcamp Human (``schemas/profiles/bandcamp.json``)."""

from __future__ import annotations

from provenance.profiles._facts import any_reaches, any_voice, imitation, is_clone
from provenance.profiles._logic import Tri, any_of
from provenance.profiles.base import Evidence, Parameters, Profile


def band_1(e: Evidence, p: Parameters) -> Tri:
    """Rule band-1."""
    surely = any_reaches(e, p["areas"], p["substantial"])
    return None if surely is False and any_reaches(e, p["areas"]) else surely


def band_2(e: Evidence, p: Parameters) -> Tri:
    """Rule band-2."""
    del p
    return any_of([imitation(e, "style_imitation"), any_voice(e, is_clone)])


PROFILE = Profile(
    title="Keeping Bandcamp Human",
    rules={
        "band-1": band_1,
        "band-2": band_2,
    },
)
