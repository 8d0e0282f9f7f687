"""Qobuz AI charter (``schemas/profiles/qobuz.json``)."""

from __future__ import annotations

from provenance.profiles._facts import wholly
from provenance.profiles._logic import Tri
from provenance.profiles.base import Evidence, Parameters, Profile


def qobuz_1(e: Evidence, p: Parameters) -> Tri:
    """Rule qobuz-1."""
    return wholly(e, p)


PROFILE = Profile(
    title="Qobuz AI charter",
    rules={
        "qobuz-1": qobuz_1,
    },
)
