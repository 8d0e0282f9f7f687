"""What a verification was about: the candidates found and the one that counts (spec 8)."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING

from provenance.containers.base import Scan
from provenance.model.findings import Finding
from provenance.model.limits import DEFAULT_LIMITS, Limits
from provenance.model.records import dataclass
from provenance.trust.identity import NO_KEYS, Keyring
from provenance.trust.requirements import PERSONAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provenance.model.manifest import Manifest
    from provenance.signing.envelope import Token


@dataclass(frozen=True)
class Given:
    """A value from beside the audio: a sidecar, or a manifest that the caller names."""

    where: str
    value: bytes


@dataclass(frozen=True)
class Context:
    """What the relying party brings: the time, whom they know, what they require."""

    now: datetime
    keyring: Keyring = NO_KEYS
    required: Mapping[str, str] = field(default_factory=lambda: PERSONAL)
    limits: Limits = DEFAULT_LIMITS
    decode: str = "auto"
    """``auto`` lets a limited child process decode when tier 1 fails; ``never`` does not."""


@dataclass(frozen=True)
class Candidate:
    """One distinct statement, the places it was found in, and all that was found about it."""

    where: tuple[str, ...]
    findings: tuple[Finding, ...]
    token: Token | None = None
    manifest: Manifest | None = None


@dataclass(frozen=True)
class Outcome:
    """The facts behind a verdict, for reports: they never add a judgement."""

    scan: Scan | None
    candidates: tuple[Candidate, ...]
    selected: Candidate | None
    essence: str | None = None
    """Digest of the essence in hand, if it was computed."""
