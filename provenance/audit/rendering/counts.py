"""What a summary says of the states, in sentences: the page and the PDF say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provenance.audit.rendering.palette import STATES
from provenance.audit.rendering.words import Words, percent

_THEREOF = {"declared": ("declaredByName", "withoutAudio"), "unverifiable": ("unread",)}
"""What else is counted of the entries of a state."""
_WHOLE = 100


def said_of_states(summary: Mapping[str, Any], words: Words) -> Iterator[str]:
    """How many entries have which state, and what is to be said of some of these."""
    whole = summary["entries"]
    found = {name: summary["states"].get(name, 0) for name in STATES}
    for name, count in found.items():
        if not count:
            continue
        entries, share = words.count("entries", count), words.share(count, whole)
        yield words.text(f"summary.{name}", entries=entries, share=share)
        for part in _THEREOF.get(name, ()):
            if number := summary["counted"][part]:
                yield words.text(f"summary.{part}", entries=words.count("entries", number))
    if sum(percent(count, whole) for count in found.values()) != _WHOLE:
        yield words.text("summary.rounded")
