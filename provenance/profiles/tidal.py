"""TIDAL AI policy (``schemas/profiles/tidal.json``)."""

from __future__ import annotations

from provenance.profiles._facts import mainly, wholly
from provenance.profiles._logic import Tri
from provenance.profiles.base import Evidence, Parameters, Profile


def tidal_1(e: Evidence, p: Parameters) -> Tri:
    """Rule tidal-1."""
    return wholly(e, p)


def tidal_2(e: Evidence, p: Parameters) -> Tri:
    """Rule tidal-2."""
    return mainly(e, p)


PROFILE = Profile(
    title="TIDAL AI policy",
    rules={
        "tidal-1": tidal_1,
        "tidal-2": tidal_2,
    },
)
