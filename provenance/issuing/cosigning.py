"""Co-signing: a second party signs the very payload that a statement has (spec 17.8).

The payload's bytes are taken as they are, so that verifiers group both signatures. The text that
both sign says when it was issued; a signature made more than a day later would contradict it
(VER-061), so a later party endorses instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from provenance.issuing.making import DISCLOSURE, signed
from provenance.model.errors import RefusedError
from provenance.verify.signers import parse_time

if TYPE_CHECKING:
    from provenance.model.manifest import Manifest
    from provenance.signing.envelope import Token
    from provenance.signing.signer import Signer
    from provenance.verify.outcome import Candidate, Context

_DAY_SECONDS = 24 * 3600


def require_cosignable(
    candidate: Candidate, key: str, context: Context, beside: Sequence[Candidate] = ()
) -> None:
    """Refuse an intact disclosure that this key cannot co-sign now.

    ``beside`` are the other disclosures at hand. Raises ``RefusedError`` when the key has signed
    this payload already (STM-070), or when it is too old to co-sign (STM-071).
    """
    token, manifest = _intact(candidate)
    there = [c.token for c in (candidate, *beside) if c.token is not None]
    if key in {t.key for t in there if t.payload_digest == token.payload_digest}:
        raise RefusedError("cosign.same-key")
    issued = parse_time(manifest.issued)
    if issued is None or abs((context.now - issued).total_seconds()) > _DAY_SECONDS:
        raise RefusedError("cosign.too-late")


def cosign(
    candidate: Candidate, signer: Signer, context: Context, beside: Sequence[Candidate] = ()
) -> str:
    """Sign the payload of an intact disclosure with another key; the compact token.

    Raises ``RefusedError`` as ``require_cosignable`` does, and what ``signed`` raises.
    """
    require_cosignable(candidate, signer.public.thumbprint, context, beside)
    token, _ = _intact(candidate)
    return signed(token.payload, signer, DISCLOSURE, context.now, context.limits)


def _intact(candidate: Candidate) -> tuple[Token, Manifest]:
    if candidate.token is None or candidate.manifest is None:
        raise ValueError("only an intact disclosure is co-signed")
    return candidate.token, candidate.manifest
