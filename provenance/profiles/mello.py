"""Melodifestivalen (``schemas/profiles/mello.json``)."""

from __future__ import annotations

from provenance.profiles._facts import VOCALS, synthetic
from provenance.profiles._logic import Tri, any_of
from provenance.profiles.base import Evidence, Parameters, Profile


def mello_1(e: Evidence, p: Parameters) -> Tri:
    """Rule mello-1."""
    del p
    return any_of(synthetic(e, area) for area in VOCALS)


PROFILE = Profile(
    title="Melodifestivalen",
    rules={
        "mello-1": mello_1,
    },
)
