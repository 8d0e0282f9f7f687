"""Deezer AI tag (``schemas/profiles/deezer.json``)."""

from __future__ import annotations

from provenance.profiles._facts import wholly
from provenance.profiles._logic import Tri
from provenance.profiles.base import Evidence, Parameters, Profile


def deez_1(e: Evidence, p: Parameters) -> Tri:
    """Rule deez-1."""
    return wholly(e, p)


PROFILE = Profile(
    title="Deezer AI tag",
    rules={
        "deez-1": deez_1,
    },
)
