"""MusicHub credits (``schemas/profiles/musichub.json``)."""

from __future__ import annotations

from provenance.profiles._facts import author_like
from provenance.profiles._logic import Tri
from provenance.profiles.base import Evidence, Parameters, Profile


def mhub_1(e: Evidence, p: Parameters) -> Tri:
    """Rule mhub-1."""
    return author_like(e, p["names"])


PROFILE = Profile(
    title="MusicHub credits",
    rules={
        "mhub-1": mhub_1,
    },
)
