"""STREAMINFO, with which FLAC begins in every container (RFC 9639 8.2)."""

from __future__ import annotations

from typing import NamedTuple

BYTES = 34
_SIZES = 10
"""The least and the largest size of a block and of a frame."""


class StreamInfo(NamedTuple):
    """``samples`` is the total of one channel, 0 where it is unknown; ``rate`` is in Hz."""

    rate: int
    channels: int
    bits: int
    samples: int
    sizes: bytes
    md5: bytes
    """Of all samples; zeros where it is unknown."""

    @property
    def params(self) -> bytes:
        """PARAMS of the essence: what decoders go by (containers/flac.md 2)."""
        return self.rate.to_bytes(4, "big") + bytes((self.channels, self.bits)) + self.sizes


def read(block: bytes) -> StreamInfo:
    """Read the body of the block, which has 34 bytes."""
    packed = int.from_bytes(block[_SIZES:18], "big")
    rate, channels, bits = packed >> 44, (packed >> 41 & 7) + 1, (packed >> 36 & 31) + 1
    samples = packed & (1 << 36) - 1
    return StreamInfo(rate, channels, bits, samples, block[:_SIZES], block[18:BYTES])
