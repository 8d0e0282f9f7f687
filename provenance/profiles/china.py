"""China: labels of AI content (``schemas/profiles/china.json``)."""

from __future__ import annotations

from provenance.profiles._facts import any_reaches, known
from provenance.profiles._logic import Tri, all_of, negated
from provenance.profiles.base import Evidence, Parameters, Profile


def cn_1(e: Evidence, p: Parameters) -> Tri:
    """Rule cn-1."""
    return all_of([any_reaches(e, p["areas"]), negated(known(e, "aigcMark"))])


PROFILE = Profile(
    title="China: labels of AI content",
    rules={
        "cn-1": cn_1,
    },
)
