"""A short piece of music, synthesised by us, for the demonstration and for tests."""

from __future__ import annotations

import math
import wave
from array import array
from pathlib import Path

RATE = 22_050
_BAR_SECONDS = 4
_CHORDS = (
    (57, 60, 64), (53, 57, 60), (48, 52, 55), (55, 59, 62),
    (57, 60, 64), (53, 57, 60), (52, 56, 59), (57, 60, 64),
    (50, 53, 57), (52, 56, 59),
)  # fmt: skip
_TUNE = (
    (76, 74, 72, 69), (72, 72, 69, 65), (67, 72, 76, 74), (71, 74, 79, 74),
    (76, 77, 76, 72), (69, 65, 69, 72), (71, 68, 64, 71), (69, 72, 76, 81),
    (77, 74, 69, 74), (76, 71, 68, 64),
)  # fmt: skip


def compose(path: Path, *, shift: int = 0) -> None:
    """Write ten bars (40 s, mono, 16 bit, 22,050 Hz) to a WAV file, transposed by ``shift``.

    The same arguments give the same bytes everywhere (up to the platform's sine).
    """
    samples = array("h")
    for chord, tune in zip(_CHORDS, _TUNE, strict=True):
        samples.extend(_bar([n + shift for n in chord], [n + shift for n in tune]))
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.tobytes())


def _bar(chord: list[int], tune: list[int]) -> array[int]:
    """One bar: a held chord under four plucked notes."""
    length = RATE * _BAR_SECONDS
    pad = [_step(n) for n in chord]
    beats = [_step(n) for n in tune]
    beat = length // len(tune)
    out = array("h", bytes(2 * length))
    for n in range(length):
        held = math.sin(pad[0] * n) + math.sin(pad[1] * n) + math.sin(pad[2] * n)
        at = n % beat
        swell = min(1.0, n / 2000, (length - n) / 2000)
        pluck = math.sin(beats[min(n // beat, 3)] * n) * math.exp(-at / 9000)
        out[n] = int(5200 * swell * held + 11000 * min(1.0, at / 80) * pluck)
    return out


def _step(note: int) -> float:
    """Radians a sample for a MIDI note (69 is 440 Hz)."""
    return float(2 * math.pi * 440 * 2 ** ((note - 69) / 12) / RATE)
