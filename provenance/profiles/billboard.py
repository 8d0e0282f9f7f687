"""Billboard charts (``schemas/profiles/billboard.json``)."""

from __future__ import annotations

from provenance.profiles._logic import Tri
from provenance.profiles.base import Evidence, Parameters, Profile


def us_1(e: Evidence, p: Parameters) -> Tri:
    """Rule us-1."""
    del e, p
    return True


PROFILE = Profile(
    title="Billboard charts",
    rules={
        "us-1": us_1,
    },
)
