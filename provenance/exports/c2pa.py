"""C2PA: the definition of a manifest, as c2pa-python and c2patool take it (spec/regimes/c2pa.md).

This is the content; ``issuing.c2pa_export`` signs it and puts it into a file. Words stand in
``schemas/crosswalks/c2pa.json``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from provenance.exports._forms import parameters_of, refuse_into
from provenance.exports._reading import Reading
from provenance.exports._settled import unsettled, whole
from provenance.exports.base import Export, Exported, Source
from provenance.model.contribution import Contribution
from provenance.model.levels import GENERATED, Level, asset_of, level_of
from provenance.model.tools import Tool
from provenance.wire.crosswalks import crosswalk

_NAME = "c2pa"
_METADATA = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmpDM": "http://ns.adobe.com/xmp/1.0/DynamicMedia/",
}
_COPIED = {
    "dc:title": "/subject/title",
    "dc:identifier": "/subject/isrc",
    "dc:language": "/subject/language",
    "xmpDM:album": "/subject/release/title",
}
_TYPED = ("asset", "level", "process", "share")
_SPEC_VERSION = "2.4"

Placed = tuple[int, Contribution]


class _Definition:
    """The making of one definition."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._data = crosswalk(_NAME)
        self._parameters = parameters_of(self._data, source.options)
        self.reading = Reading(source.manifest)
        self.warnings: list[str] = []

    def made(self) -> dict[str, Any]:
        """The definition; the created assertions, in the order in which they are listed."""
        entries = list(enumerate(self._source.manifest.contributions))
        assertions = [
            _assertion("c2pa.actions.v2", self._actions(entries)),
            *(_assertion("c2pa.ai-disclosure", d) for d in self._disclosures(entries)),
            *self._some("cawg.training-mining", "entries", dict(self._permissions())),
            *self._metadata(),
            *self._statement(),
        ]
        title = self._copied("/subject/title")
        named = {} if title is None else {"title": title}
        generator = {"name": "MusicProv", "specVersion": _SPEC_VERSION}
        return {"claim_generator_info": [generator], **named, "assertions": assertions}

    def _copied(self, pointer: str) -> Any:
        self.reading.copied(pointer)
        return self.reading.find(pointer)

    def _some(self, label: str, member: str, found: dict[str, Any]) -> list[dict[str, Any]]:
        return [_assertion(label, {member: found})] if found else []

    def _actions(self, entries: list[Placed]) -> dict[str, Any]:
        """The recording as a whole was created; then one action for each part and tool.

        A declaration is no list of all that was done to a file: C2P-004.
        """
        created = {"action": "c2pa.created", "digitalSourceType": self._recording(entries)}
        when = self.reading.find("/subject/created")
        if isinstance(when, str) and "T" in when:
            created["when"] = self._copied("/subject/created")
        edits = [action for entry in entries for action in self._edits(entry)]
        return {"allActionsIncluded": False, "actions": [created, *edits]}

    def _recording(self, entries: list[Placed]) -> str:
        """The source type of the recording, as far as what is declared speaks for it (EXP-013)."""
        about = [(n, e) for n, e in entries if asset_of(e) == "recording"]
        found, manifest = [entry for _, entry in about], self._source.manifest
        level, missing = whole(manifest, found, self._data["rollUp"], "recording")
        if not entries:
            self.warnings.append("No part has a level: the manifest says nothing about AI.")
        elif level is None or level is not level_of(found):
            otherwise = (
                f"is {self._data['undeclared']}, which says of no element whether AI made it"
            )
            field = "digitalSourceType of the recording"
            self.warnings.append(unsettled(field, level, missing, otherwise))
        return self._type(about, level, is_open=bool(missing))

    def _type(self, entries: list[Placed], level: Level | None, *, is_open: bool = False) -> str:
        """The digital source type of entries together, as IPTC's address."""
        term = self._data["undeclared"]
        words = dict(self._data["levels"]["words"])
        generated = [entry for _, entry in entries if entry.level in GENERATED]
        altered = generated and all(entry.process == "altered" for entry in generated)
        if altered and not is_open:
            words.update(self._data["altered"])
        is_decided = False
        if level is not None:
            term = words[level]
            is_decided = term.startswith("$")
            term = self._parameters[term[1:]] if is_decided else term
        for place, _ in entries:
            for member in _TYPED:
                decided = is_decided and member == "level"
                at = f"/contributions/{place}/{member}"
                self.reading.used(at, "digitalSourceType", decided=decided)
        return f"{self._data['vocabulary']}{term}"

    def _edits(self, entry: Placed) -> Iterator[dict[str, Any]]:
        """One action, or one for each tool that made the part."""
        place, contribution = entry
        action: dict[str, Any] = {
            "action": "c2pa.edited",
            "digitalSourceType": self._type([entry], contribution.level),
            "description": self._description(place),
        }
        changes = [self._range(f"/contributions/{place}/timeRanges/{n}")
                   for n in range(len(contribution.time_ranges))]  # fmt: skip
        if changes:
            action["changes"] = [{"region": [span]} for span in changes]
        agents = list(self._agents(place, contribution))
        yield from ({**action, "softwareAgent": agent} for agent in agents)
        if not agents:
            yield action

    def _description(self, place: int) -> str:
        members = ("area", "role", "instrument", "description")
        found = [self._copied(f"/contributions/{place}/{member}") for member in members]
        return "; ".join(text for text in found if text is not None)

    def _range(self, at: str) -> dict[str, Any]:
        start, end = (self._copied(f"{at}/{member}") / 1000 for member in ("startMs", "endMs"))
        time = {"type": "npt", "start": f"{start:.3f}", "end": f"{end:.3f}"}
        return {"type": "temporal", "time": time}

    def _agents(self, place: int, contribution: Contribution) -> Iterator[dict[str, str]]:
        for number, agent in enumerate(contribution.agents):
            for at, tool in self._tools():
                if agent.tool is not None and agent.tool == tool.ref:
                    pointer = f"/contributions/{place}/agents/{number}/tool"
                    self.reading.used(pointer, "softwareAgent")
                    self.reading.used(f"{at}/ref", "softwareAgent")
                    yield self._software(at, tool)

    def _tools(self) -> Iterator[tuple[str, Tool]]:
        for place, tool in enumerate(self._source.manifest.tools):
            yield f"/tools/{place}", tool

    def _software(self, at: str, tool: Tool) -> dict[str, str]:
        names = [self._copied(f"{at}/{member}") for member in ("provider", "system")]
        name = " ".join(part for part in names if part is not None) or tool.ref
        version = self._copied(f"{at}/version")
        return {"name": name, **({} if version is None else {"version": version})}

    def _disclosures(self, entries: list[Placed]) -> Iterator[dict[str, Any]]:
        """One for each tool, because the assertion describes one model."""
        for at, tool in self._tools():
            names = [self._copied(f"{at}/{member}") for member in ("system", "version")]
            name = " ".join(part for part in names if part is not None)
            model = self._copied(f"{at}/modelId")
            oversight = self._oversight(tool, entries)
            yield {
                "modelType": self._data["modelType"],
                **({"modelName": name} if name else {}),
                **({} if model is None else {"modelIdentifier": model}),
                **({"contentProfile": {"humanOversightLevel": oversight}} if oversight else {}),
            }

    def _oversight(self, tool: Tool, entries: list[Placed]) -> str | None:
        """The least oversight of any part that the tool made, where it is stated."""
        found = []
        for place, entry in entries:
            if entry.interaction is not None and any(a.tool == tool.ref for a in entry.agents):
                self.reading.used(f"/contributions/{place}/interaction", "humanOversightLevel")
                found.append(self._data["oversight"].get(entry.interaction))
        return next((o for o in self._data["oversightOrder"] if o in found), None)

    def _permissions(self) -> Iterator[tuple[str, dict[str, str]]]:
        for place, permission in enumerate(self._source.manifest.permissions):
            at, name = f"/permissions/{place}", self._data["uses"].get(permission.use)
            use = self._data["permissions"].get(permission.permission)
            if name is None or use is None:
                continue
            for member in ("use", "permission"):
                self.reading.copied(f"{at}/{member}")
            info = self._copied(f"{at}/constraints")
            yield name, {"use": use, **({} if info is None else {"constraints_info": info})}

    def _metadata(self) -> list[dict[str, Any]]:
        found = {name: self._copied(pointer) for name, pointer in _COPIED.items()}
        names = [self._copied(p) for p in self.reading.expand("/subject/artists/*/name")]
        stated = {name: value for name, value in found.items() if value is not None}
        if names:
            stated["dc:creator"] = names
        return [_assertion("cawg.metadata", {"@context": _METADATA, **stated})] if stated else []

    def _statement(self) -> list[dict[str, Any]]:
        """Our own signed statement, as it stands in the file."""
        if self._source.token is None:
            self.warnings.append("The declaration is not signed: it cannot be put in as it is.")
            return []
        return [_assertion(self._data["disclosure"], {"statement": self._source.token})]


def _assertion(label: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"label": label, "data": data}


def render(source: Source) -> Exported:
    """The definition as JSON; raises ``UsageError`` for an option that the crosswalk lacks."""
    refuse_into(source, "Use --out; with --key and --cert a copy of the audio is signed.")
    definition = _Definition(source)
    text = json.dumps(definition.made(), ensure_ascii=False, indent=2) + "\n"
    places = (fact["fact"] for fact in crosswalk(_NAME)["facts"])
    losses = definition.reading.losses(places)
    return Exported(text.encode("utf-8"), losses, tuple(definition.warnings))


EXPORT = Export(crosswalk(_NAME)["title"], "application/json", ".json", _NAME, render)
