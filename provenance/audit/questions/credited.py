"""Who and what a declaration names: tools, voices, people, artists, as rows (spec 25.9)."""

from __future__ import annotations

from collections.abc import Iterator

from provenance.audit.questions.vocabulary import Row
from provenance.audit.store import folded
from provenance.model.levels import Level
from provenance.model.manifest import Manifest
from provenance.profiles.judging import AUTHORS

_DEGREES = {level.value: degree for degree, level in enumerate(Level)}


def degree(level: str) -> int:
    """A level as a number: 0 for ``none`` to 5 for ``full``. Raises ``KeyError``."""
    return _DEGREES[level]


def rows_of(manifest: Manifest) -> Iterator[tuple[str, int, Row]]:
    """(table, place, columns after the claim) of each."""
    for table, rows in (
        ("use", _uses(manifest)),
        ("voice", ((voice.area, voice.kind) for voice in manifest.voices)),
        ("credit", _credits(manifest)),
        ("persona", _personas(manifest)),
    ):
        for place, row in enumerate(rows):
            yield table, place, row


def _uses(manifest: Manifest) -> Iterator[Row]:
    tools = {tool.ref: tool for tool in reversed(manifest.tools)}
    for entry in manifest.contributions:
        for agent in entry.agents:
            tool = tools.get(agent.tool or "")
            if tool is not None:
                yield entry.area, degree(entry.level), tool.system or "", tool.provider or ""


def _credits(manifest: Manifest) -> Iterator[Row]:
    """Each person by name; one who is withheld cannot be compared."""
    for person in manifest.people:
        if person.name:
            writes = not person.roles or not AUTHORS.isdisjoint(person.roles)
            yield person.name, folded(person.name), writes


def _personas(manifest: Manifest) -> Iterator[Row]:
    """Artists by what they are declared to be; not where the public is not told."""
    for artist in manifest.subject.artists:
        if artist.name and artist.identity and artist.identity_public is not False:
            yield artist.name, folded(artist.name), artist.identity
