"""Profiles: the written rules of stores, charts, societies and laws over established facts.

One file a profile (``PROFILE = Profile(...)``); clause, source, date, confidence, outcome and
parameters of its rules are data in ``schemas/profiles`` (spec 20).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from provenance import plugins
from provenance.profiles.base import Profile


def names() -> tuple[str, ...]:
    """The names of all profiles as they are typed; imports none of them."""
    return plugins.names(__name__)


@cache
def load(name: str) -> Profile:
    """A profile by its name; imports only that one. Raises ``UsageError`` for an unknown one."""
    return plugins.one(__name__, Profile, "PROFILE", name)


@cache
def known() -> Mapping[str, Profile]:
    """All profiles, by discovery: for listings and for the contract tests."""
    return plugins.discover(__name__, Profile, "PROFILE")
