"""YouTube altered or synthetic content (``schemas/profiles/youtube.json``)."""

from __future__ import annotations

from provenance.profiles._facts import any_voice, imitation, is_clone
from provenance.profiles._logic import Tri, any_of
from provenance.profiles.base import Evidence, Parameters, Profile


def yt_1(e: Evidence, p: Parameters) -> Tri:
    """Rule yt-1."""
    del p
    return any_of([imitation(e, "realistic_imitation"), any_voice(e, is_clone)])


PROFILE = Profile(
    title="YouTube altered or synthetic content",
    rules={
        "yt-1": yt_1,
    },
)
