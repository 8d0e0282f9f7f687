"""California AI Transparency Act (``schemas/profiles/california.json``)."""

from __future__ import annotations

from provenance.profiles._facts import any_entry, from_level, lacks
from provenance.profiles._logic import Tri
from provenance.profiles.base import Evidence, Parameters, Profile


def ca_1(e: Evidence, p: Parameters) -> Tri:
    """Rule ca-1."""
    asked = ("provider", "system", "version", "used_from")
    return any_entry(e, p["areas"], lambda c: from_level(c, "partial") and lacks(e, c, asked))


PROFILE = Profile(
    title="California AI Transparency Act",
    rules={
        "ca-1": ca_1,
    },
)
