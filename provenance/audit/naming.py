"""Whether two titles, or two artists, may be one: what of names counts against nothing (spec 25.4).

Names compare as joins by names do (``store.folded``); and where one has all words of the other, as
in 'Song' and 'Song (Remastered)', or 'Ann' and 'Ann feat. Bo', nothing is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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


def differing(entries: Sequence[Entry]) -> Iterator[Entry]:
    """The first entry of each title with its artist that cannot be those of the last, in order."""
    last = entries[-1]
    named: dict[tuple[str, str], Entry] = {}
    for one in entries:
        named.setdefault((one.title, one.artist), one)
    for one in named.values():
        if not (are_alike(one.title, last.title) and are_alike(one.artist, last.artist)):
            yield one


def instead_of(exhibit: Mapping[str, Any], name: str) -> str | None:
    """What the chart has where an ``isrc`` or ``upc`` was not taken, by the latest such entry."""
    found = [
        problem["value"]
        for one in exhibit["appearances"]
        for problem in one["problems"]
        if problem["rule"] == f"chart.{name}"
    ]
    return found[-1] if found else None
