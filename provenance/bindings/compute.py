"""What this machine can compute of a file, tier by tier, and why it cannot do the rest (spec 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from provenance.bindings.base import (
    Binding,
    Computed,
    EssenceBinding,
    FingerprintBinding,
    Reason,
    SamplesBinding,
)
from provenance.bindings.essence import essence_digest
from provenance.bindings.fingerprint import ineligible, values_of
from provenance.bindings.samples import MAX_CHANNELS, is_pcm, pcm_samples
from provenance.containers.base import Scan
from provenance.model.limits import Limits
from provenance.wire.digests import spell

if TYPE_CHECKING:
    from provenance.bindings._decoder import Decoded

ALL_TIERS = frozenset({"essence", "samples", "fingerprint"})


def compute(
    stream: BinaryIO,
    scan: Scan,
    limits: Limits,
    *,
    want: frozenset[str] = ALL_TIERS,
    decode: str = "auto",
) -> Computed:
    """Compute the wanted tiers; at most one decoder runs, and none with ``decode="never"``.

    Never raises for what the bytes say; ``EOFError`` when the file became shorter meanwhile.
    """
    made: list[Binding] = []
    missing: dict[str, Reason] = {}
    ready: dict[str, Binding | Reason | None] = {
        "essence": _essence(stream, scan) if "essence" in want else None,
        "samples": _samples(stream, scan) if "samples" in want else None,
    }
    for tier, result in ready.items():
        if isinstance(result, Reason):
            missing[tier] = result
        elif result is not None:
            made.append(result)
    left = want - missing.keys() - {binding.tier for binding in made}
    if left and decode == "never":
        missing |= dict.fromkeys(left, Reason.DECODE_OFF)
    elif left:
        from provenance.bindings import _decoder

        return _with_decoded(made, missing, _decoder.decode(stream, scan, limits, left))
    return Computed(tuple(made), missing)


def _essence(stream: BinaryIO, scan: Scan) -> EssenceBinding | Reason:
    if scan.essence is None:
        return Reason.REFUSED
    digest = spell(essence_digest(stream, scan.essence))
    return EssenceBinding(scan.essence.profile, digest, scan.essence.presentation)


def _samples(stream: BinaryIO, scan: Scan) -> SamplesBinding | Reason | None:
    """Tier 2 without a decoder, or why there is none; None when a decoder is needed."""
    if is_pcm(scan):
        return pcm_samples(stream, scan)
    if scan.essence is None or scan.audio is None:  # no decoder's guess replaces it (BND-025)
        return Reason.REFUSED if scan.refusal else Reason.UNKNOWN_AUDIO
    if not scan.audio.lossless:
        return Reason.NOT_LOSSLESS
    if scan.audio.channels > MAX_CHANNELS:
        return Reason.CHANNELS
    return None


def _with_decoded(made: list[Binding], missing: dict[str, Reason], decoded: Decoded) -> Computed:
    missing = missing | dict(decoded.missing)
    if decoded.samples is not None:
        made.append(decoded.samples)
    reason = _why_ineligible(decoded.fingerprint)
    if decoded.fingerprint is None:
        return Computed(tuple(made), missing)
    if reason is not None:
        missing["fingerprint"] = reason
        return Computed(tuple(made), missing, decoded.fingerprint)
    return Computed((*made, decoded.fingerprint), missing)


def _why_ineligible(binding: FingerprintBinding | None) -> Reason | None:
    if binding is None:
        return None
    values = values_of(binding)
    return Reason.CRASHED if values is None else ineligible(values)
