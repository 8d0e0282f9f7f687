"""What Opus is said to be beside its packets, in Ogg and in MP4 (OGG-026, MPF-038)."""

from __future__ import annotations

MUSIC_RATE = 44_100
"""In Hz; of music that is decoded at less, the treble is lost."""


def is_low(input_rate: int) -> bool:
    """Whether an input rate in Hz is known, and one at which players would lose the treble."""
    return 0 < input_rate < MUSIC_RATE
