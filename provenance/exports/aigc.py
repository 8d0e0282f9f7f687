"""The AIGC label of GB 45438-2025: a JSON object of seven keys (``schemas/crosswalks/aigc.json``).

The document is what stands in the tag; ``issuing.aigc_tag`` puts it there.
"""

from __future__ import annotations

import json
from typing import Any

from provenance.containers.base import AIGC_TAG
from provenance.exports._forms import Filling, parameters_of, refuse_into
from provenance.exports._settled import undeclared
from provenance.exports.base import Export, Exported, Source
from provenance.marks.aigc import KEYS
from provenance.model.levels import CORE_AREAS, GENERATED, asset_of, level_of
from provenance.wire.crosswalks import crosswalk

_NAME = "aigc"
_OMIT, _WRAPPED = "omit", "wrapped"
_NO_LABEL = "No label is due by this declaration: the document is empty and is not put into a file."
_UNDECLARED = "Nothing is declared about the sound: whether a label is due cannot be said."
_PART = "Whether a label is due cannot be said: nothing is declared of {areas}."
_EXPLICIT = "A label that people can hear or see is asked for beside this one."
_OWN_ID = "ProduceID is the identifier of the declaration: the tool's own is not declared."
_ASSETS = frozenset({"recording", "composition"})


def render(source: Source) -> Exported:
    """The label as compact JSON; an empty object where none is due."""
    refuse_into(source)
    filling = Filling(source, parameters_of(crosswalk(_NAME), source.options))
    label = _label(filling)
    document: dict[str, Any] = {}
    if label is not None:
        stated = {"Label": label, **_producer(filling), **_propagator(filling)}
        document = {key: stated.get(key, "") for key in KEYS}
        if filling.parameters["form"] == _WRAPPED:
            document = {AIGC_TAG: document}
        filling.warnings.append(_EXPLICIT)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
    places = (fact["fact"] for fact in crosswalk(_NAME)["facts"])
    return Exported(text.encode(), filling.reading.losses(places), tuple(filling.warnings))


def _label(filling: Filling) -> str | None:
    """The value for recording and composition together; None where no label is due."""
    found = [
        (place, entry)
        for place, entry in enumerate(filling.reading.manifest.contributions)
        if asset_of(entry) in _ASSETS
    ]
    level = level_of([entry for _, entry in found])
    if level is None:
        filling.warnings.append(_UNDECLARED)
        return None
    word, decided = filling.word(crosswalk(_NAME)["levels"]["words"][level])
    for place, _ in found:
        for member in ("asset", "area", "level", "share"):
            at = f"/contributions/{place}/{member}"
            filling.reading.used(at, "Label", decided=decided and member == "level")
    if word is None or word == _OMIT:
        entries = [entry for _, entry in found]
        missing = ", ".join(undeclared(filling.reading.manifest, entries, CORE_AREAS))
        filling.warnings.append(_PART.format(areas=missing) if missing else _NO_LABEL)
        return None
    return word


def _producer(filling: Filling) -> dict[str, str]:
    """Who generated it and under which number, as set, or else of the tool that generated."""
    reading, parameters = filling.reading, filling.parameters
    producer, number = parameters["content-producer"], parameters["produce-id"]
    place = _tool(filling)
    tool = reading.manifest.tools[place] if place is not None else None
    if not producer and tool is not None and tool.provider is not None:
        producer = tool.provider
        reading.copied(f"/tools/{place}/provider")
    if not number and tool is not None and tool.output_id is not None:
        number = tool.output_id
        reading.copied(f"/tools/{place}/outputId")
    if not number and reading.manifest.id is not None:
        number = reading.manifest.id
        reading.copied("/id")
        filling.warnings.append(_OWN_ID)
    return {"ContentProducer": producer, "ProduceID": number}


def _tool(filling: Filling) -> int | None:
    """The first tool that generated something, else the first one."""
    manifest = filling.reading.manifest
    places = {tool.ref: place for place, tool in enumerate(manifest.tools)}
    for at, entry in enumerate(manifest.contributions):
        for number, agent in enumerate(entry.agents):
            if entry.level in GENERATED and agent.tool in places:
                place = places[agent.tool]
                filling.reading.used(f"/contributions/{at}/agents/{number}/tool", "ContentProducer")
                filling.reading.used(f"/tools/{place}/ref", "ContentProducer")
                return place
    return 0 if manifest.tools else None


def _propagator(filling: Filling) -> dict[str, str]:
    parameters = filling.parameters
    return {
        "ContentPropagator": parameters["content-propagator"],
        "PropagateID": parameters["propagate-id"],
    }


EXPORT = Export(crosswalk(_NAME)["title"], "application/json", ".json", _NAME, render)
