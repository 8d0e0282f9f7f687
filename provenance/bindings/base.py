"""What ties a statement to a recording, tier by tier, and what could not be made (spec 5).

Three tiers make three different claims and are never folded into one: the coded audio
(``essence``), the samples it decodes to (``samples``), what it sounds like (``fingerprint``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import Enum
from types import MappingProxyType
from typing import Any, ClassVar

from provenance.containers.base import Presentation
from provenance.model.records import dataclass

CHROMAPRINT_1 = "chromaprint-1"
"""Chromaprint's algorithm TEST2, whose number is 1 (BND-030)."""

INSTALL_EXTRA = "pip install 'musicprov[audio]'"
INSTALL_LIBRARY = "apt install libchromaprint1"


@dataclass(frozen=True)
class EssenceBinding:
    """Tier 1: the coded audio, with what a player is told to do with it (spec 5.2, 5.3)."""

    tier: ClassVar[str] = "essence"
    profile: str
    digest: str
    presentation: Presentation = field(default_factory=Presentation)


@dataclass(frozen=True)
class SamplesBinding:
    """Tier 2: the decoded samples; ``samples`` counts them per channel, ``rate`` is in Hz."""

    tier: ClassVar[str] = "samples"
    digest: str
    rate: int
    channels: int
    bits: int
    samples: int

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """All that must agree before other samples mean changed samples (BND-044)."""
        return (self.rate, self.channels, self.bits, self.samples)


@dataclass(frozen=True)
class FingerprintBinding:
    """Tier 3: Chromaprint of the whole track, in its compressed base64 form (spec 5.5)."""

    tier: ClassVar[str] = "fingerprint"
    algorithm: str
    value: str
    duration_ms: int


Binding = EssenceBinding | SamplesBinding | FingerprintBinding


class Reason(Enum):
    """Why a tier could not be made: slug, words, what to do, and whether it applies at all.

    A tier that does not apply (``applies`` False) is neither computed nor missing: nothing the
    user installs would make it (BND-041).
    """

    REFUSED = ("essence-refused", "a rule refuses this file", "", False)
    NOT_LOSSLESS = ("not-lossless", "the audio is lossy: it has no samples hash", "", False)
    CHANNELS = ("channels", "defined for one or two channels only", "", False)
    FLOAT64 = ("float64", "not defined for 64-bit float samples", "", False)
    FRACTION = ("partial-frame", "the audio does not end on a whole sample", "", True)
    UNKNOWN_AUDIO = ("audio-unknown", "the file does not say what its audio is", "", True)
    TOO_SHORT = ("too-short", "shorter than 30 seconds", "", False)
    TOO_UNIFORM = ("too-uniform", "silent, or too uniform to be recognised", "", False)
    DECODE_OFF = ("decode-off", "decoding is switched off", "Ask for --decode auto.", True)
    EXTRA_MISSING = ("extra-missing", "extra 'audio' is not installed", INSTALL_EXTRA, True)
    LIBRARY_MISSING = (
        "library-missing",
        "the Chromaprint library is not installed",
        INSTALL_LIBRARY,
        True,
    )
    NO_DECODER = ("no-decoder", "there is no decoder for this container", "", True)
    TIMEOUT = ("decoder-timeout", "decoding took longer than the limit", "", True)
    MEMORY = ("decoder-memory", "decoding needs more memory than the limit", "", True)
    NOT_STARTED = ("decoder-not-started", "the decoder could not be started", "", True)
    CRASHED = ("decoder-crashed", "the decoder crashed", "", True)
    DECODER = ("decoder-error", "the decoder reports damaged audio", "", True)
    NOT_GIVEN = ("not-given", "no digest of it was given", "Give it too, or the file.", True)
    RECORDED = ("recorded-unusable", "the recorded fingerprint cannot be compared", "", True)
    DISAGREES = (
        "stream-disagrees",
        "the decoded audio does not agree with the rate, channels, count or MD5 that are stated",
        "",
        True,
    )

    def __init__(self, slug: str, words: str, hint: str, applies: bool) -> None:
        self.slug = slug
        self.words = words
        self.hint = hint
        self.applies = applies

    def __str__(self) -> str:
        return f"{self.words}: {self.hint}" if self.hint else self.words


REASON_BY_SLUG: Mapping[str, Reason] = MappingProxyType({r.slug: r for r in Reason})


@dataclass(frozen=True)
class Computed:
    """What this machine could compute of one file, and why it could not compute the rest.

    ``missing`` maps a wanted tier to the reason that it was not made. A fingerprint that is not
    eligible (BND-033) is made, kept in ``ineligible`` and listed as missing: signers leave it
    out, verifiers score it 0.
    """

    bindings: tuple[Binding, ...]
    missing: Mapping[str, Reason]
    ineligible: FingerprintBinding | None = None

    def only(self, tiers: frozenset[str]) -> Computed:
        """The same of these tiers alone."""
        return Computed(
            tuple(b for b in self.bindings if b.tier in tiers),
            {tier: reason for tier, reason in self.missing.items() if tier in tiers},
            self.ineligible if "fingerprint" in tiers else None,
        )

    @property
    def essence(self) -> EssenceBinding | None:
        """Tier 1, if it was computed."""
        return next((b for b in self.bindings if isinstance(b, EssenceBinding)), None)

    @property
    def samples(self) -> SamplesBinding | None:
        """Tier 2, if it was computed."""
        return next((b for b in self.bindings if isinstance(b, SamplesBinding)), None)

    @property
    def fingerprint(self) -> FingerprintBinding | None:
        """Tier 3, if it was computed and is eligible."""
        return next((b for b in self.bindings if isinstance(b, FingerprintBinding)), None)


_PRESENTATION = (
    ("startTrim", "start_trim"),
    ("endTrim", "end_trim"),
    ("gain", "gain"),
    ("duration", "duration"),
)


def as_json(binding: Binding) -> dict[str, Any]:
    """The binding as it stands in ``subject.bindings`` (BND-001)."""
    if isinstance(binding, EssenceBinding):
        return {
            "tier": binding.tier,
            "profile": binding.profile,
            "digest": binding.digest,
            "presentation": presentation_as_json(binding.presentation),
        }
    if isinstance(binding, SamplesBinding):
        return {
            "tier": binding.tier,
            "digest": binding.digest,
            "rate": binding.rate,
            "channels": binding.channels,
            "bits": binding.bits,
            "samples": binding.samples,
        }
    return {
        "tier": binding.tier,
        "algorithm": binding.algorithm,
        "value": binding.value,
        "durationMs": binding.duration_ms,
    }


def presentation_as_json(presentation: Presentation) -> dict[str, Any]:
    """What the file states; members it does not state are left out (BND-011)."""
    stated = {name: getattr(presentation, attribute) for name, attribute in _PRESENTATION}
    members: dict[str, Any] = {name: value for name, value in stated.items() if value is not None}
    return members | ({"unusual": True} if presentation.unusual else {})


def from_json(members: Mapping[str, Any]) -> Binding | None:
    """The binding that a manifest records; None for a tier that this version does not know.

    Raises ``ValueError`` for members that the schema would not accept.
    """
    makers = {"essence": _essence, "samples": _samples, "fingerprint": _fingerprint}
    make = makers.get(str(members.get("tier")))
    try:
        return make(members) if make else None
    except (KeyError, TypeError) as error:
        raise ValueError("not a binding") from error


def _essence(members: Mapping[str, Any]) -> Binding:
    stated = members.get("presentation", {})
    values = {
        attribute: _integer(stated[name]) for name, attribute in _PRESENTATION if name in stated
    }
    presentation = Presentation(**values, unusual=stated.get("unusual") is True)
    return EssenceBinding(_text(members["profile"]), _text(members["digest"]), presentation)


def _samples(members: Mapping[str, Any]) -> Binding:
    counts = (_integer(members[name]) for name in ("rate", "channels", "bits", "samples"))
    return SamplesBinding(_text(members["digest"]), *counts)


def _fingerprint(members: Mapping[str, Any]) -> Binding:
    return FingerprintBinding(
        _text(members["algorithm"]), _text(members["value"]), _integer(members["durationMs"])
    )


def _integer(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not an integer")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a string")
    return value
