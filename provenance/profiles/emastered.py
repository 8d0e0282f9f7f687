"""eMastered distribution (``schemas/profiles/emastered.json``)."""

from __future__ import annotations

from provenance.profiles._facts import any_reaches
from provenance.profiles._logic import Tri
from provenance.profiles.base import Evidence, Parameters, Profile


def emas_1(e: Evidence, p: Parameters) -> Tri:
    """Rule emas-1."""
    return any_reaches(e, p["areas"])


PROFILE = Profile(
    title="eMastered distribution",
    rules={
        "emas-1": emas_1,
    },
)
