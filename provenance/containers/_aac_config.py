"""AudioSpecificConfig: what it says of AAC in MP4, and what of it the essence has (MPF-035).

ISO/IEC 14496-3 1.6.2.1, 4.4.1 and 4.5.1.1.
"""

from __future__ import annotations

from typing import NamedTuple

_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_ESCAPE = 31
_GENERAL = range(1, 5)
"""Object types of general audio whose configuration has no part of its own behind two bytes."""
_CORE_OR_EXTENSION = 0b11
_CHANNELS = {7: 8, 11: 7, 12: 8, 13: 24, 14: 8}
"""Channels of a configuration that is not their number."""


class Config(NamedTuple):
    """The part that is hashed as PARAMS, the rate in Hz and the number of channels."""

    params: bytes
    rate: int
    channels: int


def read(config: bytes) -> Config | None:
    """Read an AudioSpecificConfig; None where its object type or its rate is written out."""
    if len(config) < 2:
        return None
    bits = int.from_bytes(config[:2], "big")
    kind, index, layout = bits >> 11, bits >> 7 & 0xF, bits >> 3 & 0xF
    if kind == _ESCAPE or index >= len(_RATES):
        return None
    is_all = kind in _GENERAL and layout and not bits & _CORE_OR_EXTENSION
    channels = _CHANNELS.get(layout, layout) or _written_out(config[2:])
    return Config(config[:2] if is_all else config, _RATES[index], channels)


def _written_out(element: bytes) -> int:
    """The channels of a ``program_config_element``; 0 for one that is cut."""
    reader = _Bits(element)
    reader.take(4 + 2 + 4)  # tag, object type, rate
    groups = [reader.take(4) for _ in range(3)]
    low = reader.take(2)
    reader.take(3 + 4)  # associated data, coupling channels
    for width in (4, 4, 3):  # mixdowns
        if reader.take(1):
            reader.take(width)
    channels = sum(1 + (reader.take(5) >> 4) for count in groups for _ in range(count)) + low
    return channels if reader.left >= 0 else 0


class _Bits:
    """Takes bits from the front; ``left`` is negative after more were taken than there are."""

    def __init__(self, data: bytes) -> None:
        self.left = 8 * len(data)
        self._number = int.from_bytes(data, "big")

    def take(self, count: int) -> int:
        self.left -= count
        return self._number >> self.left & (1 << count) - 1 if self.left >= 0 else 0
