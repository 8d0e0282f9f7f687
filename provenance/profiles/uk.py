"""Official Charts (UK) (``schemas/profiles/uk.json``)."""

from __future__ import annotations

from provenance.profiles._facts import any_voice, is_unauthorised, known
from provenance.profiles._logic import Tri, any_of
from provenance.profiles.base import Evidence, Parameters, Profile


def uk_1(e: Evidence, p: Parameters) -> Tri:
    """Rule uk-1."""
    del p
    return any_of([known(e, "takedown"), any_voice(e, is_unauthorised)])


PROFILE = Profile(
    title="Official Charts (UK)",
    rules={
        "uk-1": uk_1,
    },
)
