"""Which loudspeakers the channels are said to be for (BND-017).

Players that have other loudspeakers mix the channels by that: of a channel for the bass, nothing
is left on a telephone. So a pair that is said to be middle and bass is heard without its second
channel.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

MASK_COMMENT = "waveformatextensible_channel_mask"
"""The folded name of the Vorbis comment that has a mask (RFC 9639 8.6.2)."""
_USUAL: Mapping[int, tuple[int, ...]] = {
    1: (0x4,),
    2: (0x3,),
    3: (0x7,),
    4: (0x33, 0x603),
    5: (0x37, 0x607),
    6: (0x3F, 0x60F),
    7: (0x70F,),
    8: (0x63F,),
}
"""The masks of RFC 9639 9.1.3, and those with the pair behind at the sides."""
_LAYOUTS = frozenset({0x640001, 0x650002, 0x710003, 0x6C0004, 0x750005, 0x790006})
"""The same channels in the same order as tags of Core Audio, whose low half is their number."""
_BY_MASK, _UNKNOWN = 0x10000, 0xFFFF
_NUMBER = re.compile(rb"0[xX][0-9A-Fa-f]{1,16}|0|[1-9][0-9]{0,18}")


def is_usual(mask: int, channels: int) -> bool:
    """Whether a mask says nothing, or what is usual for so many channels."""
    return mask == 0 or mask in _USUAL.get(channels, ())


def are_usual(masks: Iterable[bytes], channels: int) -> bool:
    """The same for masks that are written as text; what is no number is not usual."""
    return all(_NUMBER.fullmatch(text) and is_usual(int(text, 0), channels) for text in masks)


def is_usual_layout(layout: bytes, channels: int) -> bool:
    """The same for an ``AudioChannelLayout`` of Core Audio: tag, mask, number of descriptions."""
    tag, mask = int.from_bytes(layout[:4], "big"), int.from_bytes(layout[4:8], "big")
    if len(layout) < 8:
        return False
    if tag == _BY_MASK:
        return is_usual(mask, channels)
    return tag >> 16 == _UNKNOWN or (tag in _LAYOUTS and tag & 0xFFFF == channels)
