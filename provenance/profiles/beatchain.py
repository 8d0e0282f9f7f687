"""Beatchain release limit (``schemas/profiles/beatchain.json``)."""

from __future__ import annotations

from provenance.profiles._facts import mainly
from provenance.profiles._logic import Tri, all_of
from provenance.profiles.base import Evidence, Parameters, Profile


def beat_1(e: Evidence, p: Parameters) -> Tri:
    """Rule beat-1."""
    count = e.context.get("aiReleasesInWeek")
    return all_of([mainly(e, p), None if count is None else count > p["most"]])


PROFILE = Profile(
    title="Beatchain release limit",
    rules={
        "beat-1": beat_1,
    },
)
