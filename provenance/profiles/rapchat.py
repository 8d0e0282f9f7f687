"""Rapchat Distro AI sources (``schemas/profiles/rapchat.json``)."""

from __future__ import annotations

from provenance.profiles._facts import any_entry, from_level, lacks
from provenance.profiles._logic import Tri
from provenance.profiles.base import Evidence, Parameters, Profile


def rap_1(e: Evidence, p: Parameters) -> Tri:
    """Rule rap-1."""
    asked = ("provider", "system", "training_disclosure")
    return any_entry(e, p["areas"], lambda c: from_level(c, p["from"]) and lacks(e, c, asked))


PROFILE = Profile(
    title="Rapchat Distro AI sources",
    rules={
        "rap-1": rap_1,
    },
)
