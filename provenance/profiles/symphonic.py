"""Symphonic generative AI questions (``schemas/profiles/symphonic.json``)."""

from __future__ import annotations

from provenance.profiles._facts import any_entry, from_level, lacks
from provenance.profiles._logic import Tri
from provenance.profiles.base import Evidence, Parameters, Profile


def sym_1(e: Evidence, p: Parameters) -> Tri:
    """Rule sym-1."""
    return any_entry(
        e,
        p["areas"],
        lambda c: from_level(c, p["from"]) and lacks(e, c, ("provider", "system")),
    )


PROFILE = Profile(
    title="Symphonic generative AI questions",
    rules={
        "sym-1": sym_1,
    },
)
