"""TuneCore Japan AI guideline (``schemas/profiles/tunecore-japan.json``)."""

from __future__ import annotations

from provenance.profiles._facts import any_entry, expression, from_level, unlicensed, wholly
from provenance.profiles._logic import Tri, all_of, any_of, negated
from provenance.profiles.base import Evidence, Parameters, Profile


def tcjp_1(e: Evidence, p: Parameters) -> Tri:
    """Rule tcjp-1."""
    human = any_of(expression(e, part) for part in ("lyrics", "music", "recording"))
    return all_of([wholly(e, p), negated(human)])


def tcjp_2(e: Evidence, p: Parameters) -> Tri:
    """Rule tcjp-2."""
    return any_entry(e, p["areas"], lambda c: from_level(c, "partial") and unlicensed(e, c))


PROFILE = Profile(
    title="TuneCore Japan AI guideline",
    rules={
        "tcjp-1": tcjp_1,
        "tcjp-2": tcjp_2,
    },
)
