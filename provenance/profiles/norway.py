"""Topplista (IFPI Norge), once VG-lista (``schemas/profiles/norway.json``)."""

from __future__ import annotations

from provenance.profiles._facts import documented, mainly
from provenance.profiles._logic import Tri
from provenance.profiles.base import Evidence, Parameters, Profile


def no_1(e: Evidence, p: Parameters) -> Tri:
    """Rule no-1."""
    found = mainly(e, p)
    return None if found and not mainly(documented(e), p) else found


PROFILE = Profile(
    title="Topplista (IFPI Norge), once VG-lista",
    rules={
        "no-1": no_1,
    },
)
