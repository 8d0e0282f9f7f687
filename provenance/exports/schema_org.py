"""schema.org JSON-LD with IPTC digital source types (``schemas/crosswalks/schema-org.json``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from provenance.exports._forms import Filling, parameters_of, refuse_into
from provenance.exports._rows import said
from provenance.exports._settled import unsettled, whole
from provenance.exports.base import Export, Exported, Source
from provenance.model.levels import GENERATED, level_of
from provenance.wire.crosswalks import crosswalk

_NAME = "schema-org"
_TEXTS = {
    "name": "/subject/title",
    "version": "/subject/version",
    "isrcCode": "/subject/isrc",
    "inLanguage": "/subject/language",
    "dateCreated": "/subject/created",
}
_ALBUM = {"name": "/subject/release/title", "datePublished": "/subject/release/date"}


def _copied(filling: Filling, members: Mapping[str, str]) -> dict[str, str]:
    """Declared texts under the target's names."""
    found = {}
    for name, pointer in members.items():
        value = filling.reading.find(pointer)
        if value is not None:
            filling.reading.copied(pointer)
            found[name] = said(value)
    return found


def _source_type(filling: Filling, asset: str) -> dict[str, list[str]]:
    """The digital source type of one asset, as IPTC's address and schema.org's.

    There is none where what is declared does not speak for all of the asset (EXP-013).
    """
    data = crosswalk(_NAME)
    found = filling.entries({"asset": asset})
    entries = [entry for _, entry in found]
    level, missing = whole(filling.reading.manifest, entries, data["rollUp"], asset)
    if entries and level is not level_of(entries):
        field = f"digitalSourceType of the {asset}"
        filling.warnings.append(unsettled(field, level, missing, "is left out"))
    if level is None:
        return {}
    words = dict(data["levels"]["words"])
    generated = [entry for entry in entries if entry.level in GENERATED]
    if not missing and all(entry.process == "altered" for entry in generated):
        words.update(data["altered"])
    term, decided = filling.word(words[level])
    for place, _ in found:
        for member in ("asset", "area", "level", "share", "process"):
            at = f"/contributions/{place}/{member}"
            filling.reading.used(at, "digitalSourceType", decided=decided and member == "level")
    also = data["terms"]["schemaOrg"].get(term)
    return {"digitalSourceType": [f"{data['terms']['iptc']}{term}", *([also] if also else [])]}


def _people(filling: Filling, area: str) -> list[dict[str, str]]:
    """The named people who made an area, or made it together with a tool."""
    reading, found = filling.reading, []
    agents = {
        agent.person: f"/contributions/{place}"
        for place, entry in filling.entries({"areas": [area]})
        for agent in entry.agents
        if agent.person is not None
    }
    for place, person in enumerate(reading.manifest.people):
        if person.ref in agents and person.name is not None:
            reading.copied(f"/people/{place}/name")
            reading.used(f"/people/{place}/ref", area)
            reading.used(f"{agents[person.ref]}/area", area)
            found.append({"@type": "Person", "name": person.name})
    return found


def _composition(filling: Filling) -> dict[str, Any]:
    codes = filling.reading.expand("/subject/iswc/*")
    for pointer in codes:
        filling.reading.copied(pointer)
    parts: dict[str, Any] = {
        "iswcCode": [filling.reading.find(pointer) for pointer in codes],
        "lyricist": _people(filling, "lyrics"),
        "composer": _people(filling, "composition"),
        **_source_type(filling, "composition"),
    }
    return _node("MusicComposition", parts)


def _artists(filling: Filling) -> list[dict[str, Any]]:
    found = []
    for place, artist in enumerate(filling.reading.manifest.subject.artists):
        filling.reading.used(f"/subject/artists/{place}/identity", "byArtist")
        kind = "Person" if artist.identity == "human" else "MusicGroup"
        name = _copied(filling, {"name": f"/subject/artists/{place}/name"})
        found.append({"@type": kind, **name})
    return found


def _node(kind: str, parts: Mapping[str, Any]) -> dict[str, Any]:
    """A node with its members, or nothing where there are none."""
    stated = {name: value for name, value in parts.items() if value}
    return {"@type": kind, **stated} if stated else {}


def render(source: Source) -> Exported:
    """A ``MusicRecording`` in JSON-LD; the same declaration gives the same bytes."""
    refuse_into(source)
    filling = Filling(source, parameters_of(crosswalk(_NAME), source.options))
    parts = {
        **_copied(filling, _TEXTS),
        "byArtist": _artists(filling),
        "inAlbum": _node("MusicAlbum", _copied(filling, _ALBUM)),
        **_source_type(filling, "recording"),
        "recordingOf": _composition(filling),
        "image": _node("ImageObject", _source_type(filling, "artwork")),
        "video": _node("VideoObject", _source_type(filling, "video")),
    }
    stated = {name: value for name, value in parts.items() if value}
    document = {"@context": "https://schema.org", "@type": "MusicRecording", **stated}
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    places = (fact["fact"] for fact in crosswalk(_NAME)["facts"])
    return Exported(text.encode("utf-8"), filling.reading.losses(places), tuple(filling.warnings))


EXPORT = Export(crosswalk(_NAME)["title"], "application/ld+json", ".jsonld", _NAME, render)
