"""The codecs that Ogg carries here: Vorbis, Opus, FLAC (OGG-020, OGG-021)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from provenance.containers.base import AudioFacts, Presentation

_OPUS_RATE = 48_000
_FLAC_HEAD = 13
"""Mapping header in front of STREAMINFO's block: 7F FLAC, version, count, fLaC."""


@dataclass(frozen=True)
class Codec:
    """What the first packet says. ``headers`` counts the header packets, itself included."""

    name: str
    headers: int
    params: bytes
    facts: AudioFacts
    packets: bool
    start_trim: int | None = None
    gain: int | None = None

    def presentation(self, granule: int) -> Presentation:
        """From the last granule position (samples played, Opus: pre-skip included)."""
        duration = max(0, granule - (self.start_trim or 0)) if granule >= 0 else None
        if self.name == "flac":
            return Presentation(0, 0, None, self.facts.samples or duration)
        return Presentation(self.start_trim, None, self.gain, duration)


def identify(packet: bytes) -> Codec | str:
    """The codec of a stream by its first packet, or the rule that refuses it."""
    if packet[:7] == b"\x01vorbis" and len(packet) >= 30:
        return _vorbis(packet)
    if packet[:8] == b"OpusHead" and len(packet) >= 19:
        return _opus(packet)
    if packet[:5] == b"\x7fFLAC" and len(packet) >= _FLAC_HEAD + 38:
        return _flac(packet)
    return "ogg.codec"


def _vorbis(packet: bytes) -> Codec | str:
    rate, channels = int.from_bytes(packet[12:16], "little"), packet[11]
    if not rate or not channels:
        return "ogg.codec"
    return Codec("vorbis", 3, packet[7:16], AudioFacts("vorbis", rate, channels), packets=True)


def _opus(packet: bytes) -> Codec | str:
    channels, family = packet[9], packet[18]
    table = packet[19 : 21 + channels] if family else b""
    if packet[8] >> 4 or not channels or (family and len(table) < 2 + channels):
        return "ogg.codec"
    return Codec(
        "opus",
        2,
        bytes((channels, family)) + table,
        AudioFacts("opus", _OPUS_RATE, channels),
        packets=True,
        start_trim=int.from_bytes(packet[10:12], "little"),
        gain=int.from_bytes(packet[16:18], "little", signed=True),
    )


def _flac(packet: bytes) -> Codec | str:
    count = int.from_bytes(packet[7:9], "big")
    info = packet[_FLAC_HEAD + 4 : _FLAC_HEAD + 38]
    if packet[9:13] != b"fLaC" or packet[5] != 1:
        return "ogg.codec"
    if not count:
        return "ogg.flac-header-count"
    packed = int.from_bytes(info[10:18], "big")
    rate, channels, bits = packed >> 44, (packed >> 41 & 7) + 1, (packed >> 36 & 31) + 1
    if not rate:
        return "ogg.codec"
    facts = AudioFacts(
        "flac", rate, channels, bits, packed & ((1 << 36) - 1) or None, lossless=True
    )
    params = rate.to_bytes(4, "big") + bytes((channels, bits))
    return Codec("flac", 1 + count, params, facts, packets=False)


def comment_block(codec: Codec, packet: bytes) -> bytes | None:
    """The Vorbis comment block inside a header packet; None when it is another packet."""
    if codec.name == "vorbis":
        return packet[7:] if packet[:7] == b"\x03vorbis" else None
    if codec.name == "opus":
        return packet[8:] if packet[:8] == b"OpusTags" else None
    return packet[4:] if packet[:1] and packet[0] & 0x7F == 4 else None


def with_samples(facts: AudioFacts, presentation: Presentation) -> AudioFacts:
    """The facts with the length that the stream states."""
    return replace(facts, samples=facts.samples or presentation.duration)
