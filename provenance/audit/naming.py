"""Whether two titles, or two artists, may be one: what of names counts against nothing (spec 25.4).

Names compare as joins by names do (``store.folded``); and where one has all words of the other, as
in 'Song' and 'Song (Remastered)', or 'Ann' and 'Ann feat. Bo', nothing is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from provenance.audit.store import folded

if TYPE_CHECKING:
    from provenance.audit.model import Entry
    from provenance.model.manifest import Manifest

MAX_NAMES = 8
"""Artists of a declaration that are looked at."""
_BETWEEN = re.compile(r"[\W_]+")


def are_alike(one: str, other: str) -> bool:
    """Whether two names may be of one thing; so may any, where one of them is missing."""
    first, second = folded(one), folded(other)
    if not first or not second or first == second:
        return True
    words, others = _words(one), _words(other)
    return words <= others or others <= words


def _words(name: str) -> set[str]:
    import unicodedata

    parts = _BETWEEN.split(unicodedata.normalize("NFKC", name))
    return {word for word in map(folded, parts) if word}


def artists_of(manifest: Manifest) -> list[str]:
    """The artists that a declaration names."""
    return [artist.name for artist in manifest.subject.artists if artist.name]


def is_about(manifest: Manifest, entry: Entry) -> bool:
    """Whether a declaration may be about what an entry names, by title and artist."""
    artists = artists_of(manifest)[:MAX_NAMES]
    together = (*artists, " ".join(artists))
    return are_alike(manifest.subject.title or "", entry.title) and any(
        are_alike(name, entry.artist) for name in together
    )


def is_other(manifest: Manifest | None, entry: Entry) -> bool:
    """Whether a declaration is there and names another title or other artists than an entry."""
    return manifest is not None and not is_about(manifest, entry)


def other_names(entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """Each title with its artist that cannot be those of the last entry, in order."""
    last = entries[-1]
    pairs = dict.fromkeys((one.title, one.artist) for one in entries)
    return [
        (title, artist)
        for title, artist in pairs
        if not (are_alike(title, last.title) and are_alike(artist, last.artist))
    ]


def differing(entries: Sequence[Entry]) -> Entry | None:
    """The first entry whose title or artist is not that of the last; None where all may be one."""
    last = entries[-1]
    for one in entries:
        if not (are_alike(one.title, last.title) and are_alike(one.artist, last.artist)):
            return one
    return None


def instead_of(exhibit: Mapping[str, Any], name: str) -> str | None:
    """What the chart has where an ``isrc`` or ``upc`` was not taken, by the latest such entry."""
    found = [
        problem["value"]
        for one in exhibit["appearances"]
        for problem in one["problems"]
        if problem["rule"] == f"chart.{name}"
    ]
    return found[-1] if found else None
