"""Whether the asker's policy lets a signer do something about a recording (spec 14, 17)."""

from __future__ import annotations

from provenance.model.codes import Code
from provenance.model.manifest import Manifest
from provenance.model.records import dataclass
from provenance.trust.policy import Policy
from provenance.verify.outcome import Candidate


@dataclass(frozen=True)
class Recording:
    """What names a recording in statements: identifiers, and digests of coded audio."""

    isrc: str | None = None
    essence: tuple[str, ...] = ()
    upc: str | None = None
    iswc: tuple[str, ...] = ()
    grid: str | None = None


def recording_of(manifest: Manifest) -> Recording:
    """What a disclosure says that it is about."""
    subject = manifest.subject
    release = subject.release
    digests = (b.get("digest") for b in subject.bindings if b.get("tier") == "essence")
    return Recording(
        isrc=subject.isrc,
        essence=tuple(d for d in digests if isinstance(d, str)),
        upc=release.upc if release else None,
        iswc=subject.iswc,
        grid=release.grid if release else None,
    )


def may(act: str, candidate: Candidate, recording: Recording, policy: Policy) -> bool:
    """Whether the signer of a statement holds a grant for ``act`` over the recording.

    Judged at the statement's best signature time.
    """
    signer, token, best = candidate.signer, candidate.token, candidate.best
    if signer is None or token is None or best is None:
        return False
    from provenance.trust.authority import Claim, authorise

    claim = Claim(
        act=act,
        party=signer.party,
        vouched_by=signer.vouched_by,
        role=None,
        key=token.key,
        isrc=recording.isrc,
        upc=recording.upc,
        iswc=recording.iswc,
        grid=recording.grid,
    )
    return authorise(policy, claim, best.at).code is Code.AUTHORITY_GRANTED
