"""Korea and India: labels of synthetic content (``schemas/profiles/korea-india.json``)."""

from __future__ import annotations

from provenance.profiles._facts import any_reaches, any_voice, imitation, is_clone, known
from provenance.profiles._logic import Tri, all_of, any_of
from provenance.profiles.base import Evidence, Parameters, Profile


def kr_1(e: Evidence, p: Parameters) -> Tri:
    """Rule kr-1."""
    return all_of([any_reaches(e, p["areas"]), known(e, "operator")])


def in_1(e: Evidence, p: Parameters) -> Tri:
    """Rule in-1."""
    del p
    return any_of([imitation(e, "realistic_imitation"), any_voice(e, is_clone)])


PROFILE = Profile(
    title="Korea and India: labels of synthetic content",
    rules={
        "kr-1": kr_1,
        "in-1": in_1,
    },
)
