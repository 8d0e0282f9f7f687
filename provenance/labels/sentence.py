"""The sentence that listeners read (spec 11.2, LBL)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from provenance.labels.messages import catalogue, listed
from provenance.model.levels import CORE_AREAS

if TYPE_CHECKING:
    from provenance.model.manifest import Manifest

OF_AREA = " ({areas})"
"""What the words of a voice say where its area is stated (LBL-010)."""
STRONG_FIRST = ("full", "predominant", "partial", "assisted", "utility", "none")


def levels_of(manifest: Manifest) -> dict[str, str]:
    """The level of each area that is declared; an area that is missing is undeclared."""
    return {area: str(level) for area, level in manifest.levels.items()}


def sentence(manifest: Manifest, language: str) -> str:
    """What is declared, strongest first, then who the artist is, the voices, what is missing."""
    words = catalogue(language)
    parts = [
        *_areas(levels_of(manifest), words, language),
        *about_artists(manifest, language),
        *about_voices(manifest, language),
    ]
    return " ".join(parts)


def _areas(declared: dict[str, str], words: dict[str, Any], language: str) -> Iterator[str]:
    if not declared:
        yield words["nothing"]
        return
    for level in STRONG_FIRST:
        names = [words["areas"][area] for area, found in declared.items() if found == level]
        if names:
            clause = words["clause"].format(
                areas=listed(names, language), level=words["levels"][level]
            )
            yield clause[:1].upper() + clause[1:]
    missing = [words["areas"][area] for area in CORE_AREAS if area not in declared]
    if missing:
        yield words["undeclared"].format(areas=listed(missing, language))


def about_artists(manifest: Manifest, language: str) -> Iterator[str]:
    """A sentence for each artist who is an AI persona or a virtual artist (part 3)."""
    words = catalogue(language)
    for artist in manifest.subject.artists:
        template = words["artist"].get(str(artist.identity))
        if template and artist.name:
            yield template.format(name=artist.name)


def about_voices(manifest: Manifest, language: str) -> Iterator[str]:
    """A sentence for each synthetic voice: whose it imitates, and who agreed (part 4)."""
    words = catalogue(language)
    for voice in manifest.voices:
        template = words["voice"].get(str(voice.kind))
        if template is None:
            continue
        if voice.area is None:
            template = template.replace(OF_AREA, "")
        area = words["areas"].get(str(voice.area), str(voice.area))
        status = voice.consent.status if voice.consent else None
        consent = words["consent"][str(status) if status else "undeclared"]
        yield template.format(areas=listed([area], language), consent=consent)
