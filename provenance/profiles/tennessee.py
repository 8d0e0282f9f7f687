"""Tennessee ELVIS Act (``schemas/profiles/tennessee.json``)."""

from __future__ import annotations

from provenance.profiles._facts import any_voice, is_unauthorised
from provenance.profiles._logic import Tri
from provenance.profiles.base import Evidence, Parameters, Profile


def tn_1(e: Evidence, p: Parameters) -> Tri:
    """Rule tn-1."""
    del p
    return any_voice(e, is_unauthorised)


PROFILE = Profile(
    title="Tennessee ELVIS Act",
    rules={
        "tn-1": tn_1,
    },
)
