"""US Copyright Office registration (``schemas/profiles/usco.json``)."""

from __future__ import annotations

from provenance.profiles._facts import any_reaches, named_like
from provenance.profiles._logic import Tri
from provenance.profiles.base import Evidence, Parameters, Profile


def usco_1(e: Evidence, p: Parameters) -> Tri:
    """Rule usco-1."""
    return any_reaches(e, p["areas"], p["deMinimis"])


def usco_2(e: Evidence, p: Parameters) -> Tri:
    """Rule usco-2."""
    return named_like(e, p["names"])


PROFILE = Profile(
    title="US Copyright Office registration",
    rules={
        "usco-1": usco_1,
        "usco-2": usco_2,
    },
)
