"""Whose key signed: the ladder as far as 1.0-draft climbs it (spec 8.7, VER).

Names come only from what the user said when pinning a key, never from the manifest. The
embedded key proves integrity alone; identity is a look-up of its thumbprint in local lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from provenance.model.codes import Code
from provenance.model.findings import Finding, finding
from provenance.model.records import dataclass

LADDER = ("unknown", "pinned", "domain", "vouched", "certified", "party")
"""From weak to strong; ``self`` stands beside ``pinned`` and satisfies nothing higher."""


@dataclass(frozen=True)
class Keyring:
    """The user's own keys and the keys they pinned: thumbprint to the user's own name for it."""

    own: Mapping[str, str | None] = field(default_factory=dict)
    pinned: Mapping[str, str | None] = field(default_factory=dict)

    def name(self, thumbprint: str) -> str | None:
        """The name that the user gave to this key, if any."""
        return self.own.get(thumbprint) or self.pinned.get(thumbprint)


NO_KEYS = Keyring()


def identify(thumbprint: str, keyring: Keyring) -> Finding:
    """Say whose key it is, as far as this keyring knows: self, pinned or unknown."""
    if thumbprint in keyring.own:
        return finding(Code.IDENTITY_SELF, key=thumbprint)
    if thumbprint in keyring.pinned:
        return finding(Code.IDENTITY_PINNED, key=thumbprint)
    return finding(Code.IDENTITY_UNKNOWN, key=thumbprint)


def rung(slug: str) -> int:
    """How high an ``identity.*`` code stands on the ladder; below it all when unknown to us."""
    name = slug.removeprefix("identity.")
    if name == "self":
        return LADDER.index("pinned")
    return LADDER.index(name) if name in LADDER else -1
