"""What a verification was about: the candidates found and the one that counts (spec 8)."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING

from provenance.containers.base import Scan
from provenance.model.codes import Code, Effect
from provenance.model.findings import Finding
from provenance.model.limits import DEFAULT_LIMITS, Limits
from provenance.model.records import dataclass
from provenance.trust.identity import NO_KEYS, Keyring, Signer
from provenance.trust.requirements import PERSONAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provenance.marks.base import Mark
    from provenance.model.manifest import Manifest
    from provenance.model.statements import Statement
    from provenance.signing.envelope import Token
    from provenance.trust.moments import BestTime
    from provenance.trust.policy import Policy
    from provenance.verify.endorsing import Endorsed


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
    policy: Policy | None = None
    """The relying party's trust policy; without one only the keyring is asked."""
    strict: frozenset[str] = frozenset()
    """What the policy demands beside the axes: ``revocation``, ``seal`` (spec 14)."""
    until: datetime | None = None
    """Up to when statements are looked at, by what they say of themselves (spec 25.4, AUD-059);
    None looks at all."""
    decode: str = "auto"
    """``auto`` lets a limited child process decode when tier 1 fails; ``never`` does not."""


@dataclass(frozen=True)
class Candidate:
    """One distinct statement, the places it was found in, and all that was found about it.

    ``manifest`` is what a disclosure says, ``statement`` what any other kind says.
    """

    where: tuple[str, ...]
    findings: tuple[Finding, ...]
    token: Token | None = None
    manifest: Manifest | None = None
    statement: Statement | None = None
    signer: Signer | None = None
    best: BestTime | None = None
    variants: tuple[Token, ...] = ()
    """The same statement with other valid signature values, each with its own time-stamps."""

    @property
    def is_signed(self) -> bool:
        """Whether its signature holds, whoever made it."""
        return any(found.code is Code.SIGNATURE_VALID for found in self.findings)

    @property
    def is_intact(self) -> bool:
        """Whether a statement of any kind could be read, and nothing about it breaks."""
        is_read = self.manifest is not None or self.statement is not None
        return is_read and not any(found.effect is Effect.BREAKS for found in self.findings)

    @property
    def counts(self) -> bool:
        """Whether it is a disclosure that counts (spec 8.9)."""
        return self.manifest is not None and self.is_intact

    @property
    def is_disclosure(self) -> bool:
        """Whether it is a disclosure, or too broken to tell."""
        from provenance.signing.envelope import DISCLOSURE_TYP

        return self.token is None or self.token.typ == DISCLOSURE_TYP


@dataclass(frozen=True)
class Outcome:
    """The facts behind a verdict, for reports: they never add a judgement."""

    scan: Scan | None
    candidates: tuple[Candidate, ...]
    selected: Candidate | None
    essence: str | None = None
    """Digest of the essence in hand, if it was computed."""
    others: tuple[Candidate, ...] = ()
    """Endorsements, key bindings and withdrawals at hand."""
    endorsements: tuple[Endorsed, ...] = ()
    """What others say about the selected statement."""
    marks: tuple[Mark, ...] = ()
    """What other tools wrote about AI into the file (spec 21)."""
