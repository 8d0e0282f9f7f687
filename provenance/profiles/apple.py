"""Apple Music Transparency Tags (``schemas/profiles/apple.json``)."""

from __future__ import annotations

from provenance.profiles._facts import any_reaches, due, known, material
from provenance.profiles._logic import Tri, all_of, negated
from provenance.profiles.base import Evidence, Parameters, Profile


def apple_1_track(e: Evidence, p: Parameters) -> Tri:
    """Rule apple-1-track."""
    return material(e, p["areas"], p["material"])


def apple_1_composition(e: Evidence, p: Parameters) -> Tri:
    """Rule apple-1-composition."""
    return material(e, p["areas"], p["material"])


def apple_1_artwork(e: Evidence, p: Parameters) -> Tri:
    """Rule apple-1-artwork."""
    return material(e, p["areas"], p["material"])


def apple_1_video(e: Evidence, p: Parameters) -> Tri:
    """Rule apple-1-video."""
    return material(e, p["areas"], p["material"])


def apple_2(e: Evidence, p: Parameters) -> Tri:
    """Rule apple-2."""
    if p["requiredFrom"] is None:
        return False
    needed = any_reaches(e, p["areas"])
    return all_of([due(e, p["requiredFrom"]), needed, negated(known(e, "tagsDelivered"))])


def apple_2_before(e: Evidence, p: Parameters) -> Tri:
    """Rule apple-2-before."""
    early = True if p["requiredFrom"] is None else negated(due(e, p["requiredFrom"]))
    return all_of([early, any_reaches(e, p["areas"])])


PROFILE = Profile(
    title="Apple Music Transparency Tags",
    rules={
        "apple-1-track": apple_1_track,
        "apple-1-composition": apple_1_composition,
        "apple-1-artwork": apple_1_artwork,
        "apple-1-video": apple_1_video,
        "apple-2": apple_2,
        "apple-2-before": apple_2_before,
    },
)
