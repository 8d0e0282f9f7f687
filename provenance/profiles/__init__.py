"""Profiles: the written rules of stores, charts, societies and laws over established facts.

One file a profile (``PROFILE = Profile(...)``); clause, source, date, confidence, outcome and
parameters of its rules are data in ``schemas/profiles`` (spec 20).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from provenance.model.errors import UsageError
from provenance.profiles.base import Profile


def names() -> tuple[str, ...]:
    """The names of all profiles as they are typed; imports none of them."""
    found = (m.name for m in pkgutil.iter_modules(__path__))
    return tuple(sorted(n.replace("_", "-") for n in found if n != "base" and n[0] != "_"))


def load(name: str) -> Profile:
    """A profile by its name; imports only that one. Raises ``UsageError`` for an unknown one."""
    if name not in names():
        raise UsageError(f"no profile '{name}'", hint=f"There are: {', '.join(names())}.")
    profile: Profile = importlib.import_module(f"{__name__}.{name.replace('-', '_')}").PROFILE
    return profile


@cache
def known() -> Mapping[str, Profile]:
    """All profiles, by discovery: for listings and for the contract tests."""
    from provenance.plugins import discover

    return discover(__name__, Profile, "PROFILE")
