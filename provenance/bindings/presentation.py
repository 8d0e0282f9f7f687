"""Equal coded audio, played differently: what changed, and whether it matters (spec 5.3)."""

from __future__ import annotations

from collections.abc import Sequence

from provenance.containers.base import Presentation
from provenance.model.codes import Code
from provenance.model.findings import Finding, Scalar, finding

_WORST = (Code.PRESENTATION_CHANGED, Code.PRESENTATION_CUT)


def presented(recorded: Sequence[Presentation], now: Presentation, rate: int) -> Finding | None:
    """What became of the presentation, against the recorded one that fits best (BND-014).

    ``rate`` in Hz is the length of one second, the most that trims may differ by. None when a
    recorded presentation is equal.
    """
    found = [_difference(old, now, rate) for old in recorded]
    if not found or None in found:
        return None
    return min((f for f in found if f), key=lambda f: (_WORST.index(f.code), _moved(f)))


def _moved(found: Finding) -> int:
    return sum(abs(v) for v in found.detail.values() if isinstance(v, int))


def _difference(old: Presentation, now: Presentation, rate: int) -> Finding | None:
    """What differs, in samples and 1/256 dB: an unstated trim or gain is none at all (BND-012).

    Where both sides state a duration, it and the start say where the sound ends, and up to a
    second of what is left over may be counted otherwise.
    """
    moved = {
        "startTrim": (now.start_trim or 0) - (old.start_trim or 0),
        "endTrim": (now.end_trim or 0) - (old.end_trim or 0),
    }
    if now.duration is not None and old.duration is not None:
        moved["duration"] = now.duration - old.duration
        if abs(moved["endTrim"]) <= rate:
            del moved["endTrim"]
    gain = (now.gain or 0) - (old.gain or 0)
    newly_unusual = now.unusual and not old.unusual
    detail: dict[str, Scalar] = {name: by for name, by in moved.items() if by}
    detail |= {"gain": gain} if gain else {}
    detail |= {"unusual": True} if newly_unusual else {}
    if not detail:
        return None
    cut = newly_unusual or any(abs(by) > rate for by in moved.values())
    return finding(Code.PRESENTATION_CUT if cut else Code.PRESENTATION_CHANGED, None, **detail)
