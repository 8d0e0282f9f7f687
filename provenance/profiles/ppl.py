"""PPL (UK) line-up (``schemas/profiles/ppl.json``)."""

from __future__ import annotations

from provenance.profiles._facts import featured_human
from provenance.profiles._logic import Tri, negated
from provenance.profiles.base import Evidence, Parameters, Profile


def ppl_1(e: Evidence, p: Parameters) -> Tri:
    """Rule ppl-1."""
    del p
    return negated(featured_human(e))


PROFILE = Profile(
    title="PPL (UK) line-up",
    rules={
        "ppl-1": ppl_1,
    },
)
