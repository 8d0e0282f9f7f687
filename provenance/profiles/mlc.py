"""The MLC royalties (``schemas/profiles/mlc.json``)."""

from __future__ import annotations

from provenance.model.levels import Level
from provenance.profiles._facts import known, reaches
from provenance.profiles._logic import Tri, all_of, any_of
from provenance.profiles.base import Evidence, Parameters, Profile


def mlc_1(e: Evidence, p: Parameters) -> Tri:
    """Rule mlc-1."""
    del p
    generated = all_of(reaches(e, area, Level.FULL) for area in ("lyrics", "composition"))
    return any_of([generated, known(e, "manyWorks")])


PROFILE = Profile(
    title="The MLC royalties",
    rules={
        "mlc-1": mlc_1,
    },
)
