"""Believe and TuneCore: unlicensed generators (``schemas/profiles/believe.json``)."""

from __future__ import annotations

from provenance.profiles._facts import any_entry, from_level, unlicensed
from provenance.profiles._logic import Tri
from provenance.profiles.base import Evidence, Parameters, Profile


def blv_1(e: Evidence, p: Parameters) -> Tri:
    """Rule blv-1."""
    return any_entry(
        e, p["areas"], lambda c: from_level(c, "partial") and unlicensed(e, c, p["tools"])
    )


PROFILE = Profile(
    title="Believe and TuneCore: unlicensed generators",
    rules={
        "blv-1": blv_1,
    },
)
