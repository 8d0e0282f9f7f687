"""Spotify AI credits and voice policy (``schemas/profiles/spotify.json``)."""

from __future__ import annotations

from provenance.model.levels import Level
from provenance.profiles._facts import any_entry, any_reaches, any_voice, is_unauthorised, reaches
from provenance.profiles._logic import Tri, all_of, any_of, negated
from provenance.profiles.base import Evidence, Parameters, Profile


def spot_1(e: Evidence, p: Parameters) -> Tri:
    """Rule spot-1."""
    return any_entry(e, p["areas"], lambda entry: entry.level == Level.FULL)


def spot_2(e: Evidence, p: Parameters) -> Tri:
    """Rule spot-2."""
    both = [all_of([reaches(e, a), negated(reaches(e, a, Level.FULL))]) for a in p["areas"]]
    return any_of(both)


def spot_3(e: Evidence, p: Parameters) -> Tri:
    """Rule spot-3."""
    short = {Level.PARTIAL, Level.PREDOMINANT} if p["strict"] else {Level.PARTIAL}
    return any_entry(e, p["areas"], lambda entry: entry.level in short)


def spot_4(e: Evidence, p: Parameters) -> Tri:
    """Rule spot-4."""
    return any_reaches(e, p["areas"])


def spot_5(e: Evidence, p: Parameters) -> Tri:
    """Rule spot-5."""
    del p
    return any_voice(e, is_unauthorised)


PROFILE = Profile(
    title="Spotify AI credits and voice policy",
    rules={
        "spot-1": spot_1,
        "spot-2": spot_2,
        "spot-3": spot_3,
        "spot-4": spot_4,
        "spot-5": spot_5,
    },
)
