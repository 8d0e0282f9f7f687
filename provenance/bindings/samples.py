"""Tier 2: the hash of the samples, and our own reader of plain PCM (spec 5.4).

Every sample is widened to 32 bits, left-justified, little-endian, so that a recording has one
hash in 16, 24 and 32-bit containers. WAV, RF64 and AIFF need no decoder: bytes are moved by
slices, in blocks, whatever the file's size.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

from provenance.bindings.base import Reason, SamplesBinding
from provenance.containers.base import Essence, Scan
from provenance.model.records import dataclass
from provenance.wire.digests import spell

PREFIX = b"pcm/1"
INTEGER = 1
FLOAT32 = 3
MAX_CHANNELS = 2

_PARAMS = struct.Struct(">BIHB")
"""PARAMS of the PCM profiles: kind, rate in Hz, channels, container bits (spec 5.2)."""
_FRAMES_PER_BLOCK = 1 << 16
_FLIP_SIGN = bytes(value ^ 0x80 for value in range(256))
_PROFILES = ("pcm-le", "pcm-be", "pcm-u8")


@dataclass(frozen=True)
class Pcm:
    """The format of plain PCM audio, from the parameters of its essence."""

    profile: str
    kind: int
    rate: int
    channels: int
    bits: int

    @property
    def width(self) -> int:
        """Bytes of one sample of one channel."""
        return self.bits // 8


def begin(rate: int, channels: int, kind: int) -> Any:  # a hashlib object has no public type
    """Start the hash of samples: prefix, NUL, rate u32, channels u16, kind u8 (BND-020)."""
    return hashlib.sha256(PREFIX + b"\x00" + struct.pack(">IHB", rate, channels, kind))


def widen(block: bytes | bytearray | memoryview, width: int, order: str) -> bytes | bytearray:
    """Samples of ``width`` bytes as 32-bit little-endian, left-justified (BND-021).

    ``order`` is ``little`` or ``big``; the block holds whole samples.
    """
    if width == 4 and order == "little":
        return bytes(block)
    wide = bytearray(len(block) // width * 4)
    for place in range(width):
        source = place if order == "little" else width - 1 - place
        wide[4 - width + place :: 4] = block[source::width]
    return wide


def is_pcm(scan: Scan) -> bool:
    """Whether our own reader reads this file's samples."""
    return scan.essence is not None and scan.essence.profile in _PROFILES


def pcm_samples(stream: BinaryIO, scan: Scan) -> SamplesBinding | Reason:
    """The samples binding of a WAV, RF64 or AIFF file, or why it has none.

    Raises ``EOFError`` when the file is shorter than its scan said.
    """
    essence = scan.essence
    pcm = _format(essence) if essence else None
    if essence is None or pcm is None:
        return Reason.UNKNOWN_AUDIO
    reason = _undefined(pcm, essence)
    if reason is not None:
        return reason
    digest = begin(pcm.rate, pcm.channels, pcm.kind)
    order = "big" if pcm.profile == "pcm-be" else "little"
    for block in _blocks(stream, essence, pcm.width * pcm.channels):
        signed = block.translate(_FLIP_SIGN) if pcm.profile == "pcm-u8" else block
        digest.update(widen(signed, pcm.width, order))
    frames = _length(essence) // (pcm.width * pcm.channels)
    bits = scan.audio.bits if scan.audio and scan.audio.bits else pcm.bits
    return SamplesBinding(spell(digest.digest()), pcm.rate, pcm.channels, bits, frames)


def _format(essence: Essence) -> Pcm | None:
    if len(essence.params) != _PARAMS.size:
        return None
    return Pcm(essence.profile, *_PARAMS.unpack(essence.params))


def _undefined(pcm: Pcm, essence: Essence) -> Reason | None:
    """Why this PCM has no samples hash, if it has none (BND-022)."""
    if pcm.channels not in range(1, MAX_CHANNELS + 1):
        return Reason.CHANNELS
    if pcm.bits == 64:
        return Reason.FLOAT64
    widths = {8: {"pcm-le", "pcm-be", "pcm-u8"}, 16: {"pcm-le", "pcm-be"}}
    known = pcm.profile in widths.get(pcm.bits, {"pcm-le", "pcm-be"})
    whole_bits = pcm.bits in ({32} if pcm.kind == FLOAT32 else {8, 16, 24, 32})
    if pcm.kind not in {INTEGER, FLOAT32} or not known or not whole_bits:
        return Reason.UNKNOWN_AUDIO
    frame = pcm.width * pcm.channels
    return Reason.FRACTION if any(length % frame for _, length in essence.ranges) else None


def _length(essence: Essence) -> int:
    return sum(length for _, length in essence.ranges)


def _blocks(stream: BinaryIO, essence: Essence, frame: int) -> Iterator[bytes]:
    """The audio in blocks of whole frames."""
    size = frame * _FRAMES_PER_BLOCK
    for start, length in essence.ranges:
        stream.seek(start)
        left = length
        while left:
            block = stream.read(min(size, left))
            if len(block) < min(size, left):
                raise EOFError("the file became shorter while it was read")
            yield block
            left -= len(block)
