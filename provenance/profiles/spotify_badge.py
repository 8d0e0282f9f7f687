"""Verified by Spotify (``schemas/profiles/spotify-badge.json``)."""

from __future__ import annotations

from provenance.profiles._facts import known, persona
from provenance.profiles._logic import Tri, any_of
from provenance.profiles.base import Evidence, Parameters, Profile


def spotv_1(e: Evidence, p: Parameters) -> Tri:
    """Rule spotv-1."""
    del p
    return any_of([persona(e), known(e, "catalogueMostlyAi")])


PROFILE = Profile(
    title="Verified by Spotify",
    rules={
        "spotv-1": spotv_1,
    },
)
