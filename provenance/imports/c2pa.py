"""C2PA: what a manifest in an audio file says about AI, as a draft (spec 23.4).

C2PA has no roles: a source type of the whole file gives one entry that a person divides. What
could be read in two ways, or says nothing about AI, is left out and told.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from provenance.containers import identify, load
from provenance.imports.base import Draft, Import
from provenance.model.errors import InputError
from provenance.model.identifiers import is_isrc, normalise
from provenance.model.levels import ASSET_OF_AREA, LEVELS
from provenance.signing import c2pa
from provenance.wire.crosswalks import crosswalk
from provenance.wire.formats import FORMATS

_LONGEST = 500
_MOST = 100
"""Actions, disclosures and tools that are looked at."""
_WHOLE = "production"
"""The area of an entry about the whole recording."""
_BEGINNINGS = frozenset({"c2pa.created", "c2pa.opened"})
"""Actions that say how a file began; where there is one, the others are edits of it."""
_SECONDS = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,3}))?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]+")

Data = Mapping[str, Any]


def _read(document: bytes) -> tuple[Draft, ...]:
    """Raises ``InputError`` for what is no audio file, or for a manifest that is damaged."""
    stream = io.BytesIO(document)
    name = identify(stream)
    media_type = None if name is None else c2pa.media_type_of(name)
    if media_type is None:
        what = "is no audio file that we know" if name is None else f"is {load(name).title}"
        raise InputError(f"C2PA is read from MP3, FLAC, WAV and M4A; this {what}")
    found = c2pa.read(stream, media_type)
    return () if found is None else (_Manifest(found).draft(),)


class _Manifest:
    """The reading of one active manifest."""

    def __init__(self, found: c2pa.Found) -> None:
        self._found = found
        self._data = crosswalk("c2pa")
        self._tools: list[dict[str, Any]] = []
        self._oversight: dict[str, str] = {}
        self._left_out: list[str] = []

    def draft(self) -> Draft:
        """The draft, with the state of the manifest and what could not be carried."""
        self._leave(self._state())
        if any(self._all(self._data["disclosure"])):
            self._leave(
                "the manifest has a signed statement of this standard in it, which says more: "
                "look for it with 'prov inspect'"
            )
        self._ingredients()
        self._disclosures()
        contributions = self._contributions()
        whole = {
            "subject": self._subject(),
            "contributions": contributions,
            "tools": self._tools,
            "permissions": list(self._permissions()),
        }
        signer = _map(self._found.manifest.get("signature_info"))
        names = [_text(signer.get(member)) for member in ("common_name", "issuer")]
        return Draft(
            {member: value for member, value in whole.items() if value},
            f"c2pa {_text(self._found.manifest.get('label')) or 'manifest'}",
            ", ".join(name for name in names if name) or None,
            tuple(dict.fromkeys(self._left_out)),
        )

    def _leave(self, text: str) -> None:
        self._left_out.append(text)

    def _state(self) -> str:
        """C2P-021: whether the manifest is shown to be about this file."""
        found = self._found
        if found.is_bound:
            return f"C2PA state {found.state}: bound to this file; its signer was not checked"
        codes = [*found.failures, *(n for n in found.notes if n == c2pa.EXCLUDED)]
        return f"C2PA state {found.state}: NOT bound to this file ({', '.join(codes) or 'no code'})"

    def _all(self, label: str) -> Iterator[Data]:
        """The data of every assertion of a label, whatever its version or instance."""
        listed = _list(self._found.manifest.get("assertions"))
        for one in map(_map, listed[:_MOST]):
            named = str(one.get("label"))
            if re.fullmatch(re.escape(label) + r"(\.v[0-9]+)?(__[0-9]+)?", named):
                yield _map(one.get("data"))

    def _subject(self) -> dict[str, Any]:
        subject: dict[str, Any] = {}
        for data in self._all("cawg.metadata"):
            title, language = (_text(data.get(n)) for n in ("dc:title", "dc:language"))
            subject |= {"title": title} if title else {}
            subject |= {"language": language} if language and FORMATS["language"](language) else {}
            isrc = normalise("isrc", _text(data.get("dc:identifier")) or "")
            if isrc and is_isrc(isrc):
                subject["isrc"] = isrc
            names = (_text(name) for name in _list(data.get("dc:creator")))
            artists = [{"name": name} for name in names if name]
            subject |= {"artists": artists} if artists else {}
        title = _text(self._found.manifest.get("title"))
        return {"title": title, **subject} if title else subject

    def _ingredients(self) -> None:
        """C2P-023: what the file was made from may say more about AI than the file."""
        for one in map(_map, _list(self._found.manifest.get("ingredients"))[:_MOST]):
            if one.get("active_manifest"):
                name = _text(one.get("title")) or "without a name"
                self._leave(f"ingredient {name} has a manifest of its own, which was not read")

    def _disclosures(self) -> None:
        """A tool for each AI disclosure, with what it says of oversight."""
        for data in self._all("c2pa.ai-disclosure"):
            system, model = _text(data.get("modelName")), _text(data.get("modelIdentifier"))
            if not system and not model:
                self._leave("c2pa.ai-disclosure names no model")
                continue
            tool = self._tool({"system": system, "modelId": model})
            level = _text(_map(data.get("contentProfile")).get("humanOversightLevel"))
            if level in self._data["oversightReads"]:
                self._oversight[tool] = self._data["oversightReads"][level]
            elif level:
                self._leave(f"humanOversightLevel {level} can be read in two ways")

    def _tool(self, members: Mapping[str, str | None]) -> str:
        """The ref of a new tool."""
        ref = f"t{len(self._tools) + 1}"
        self._tools.append({"ref": ref, **{m: v for m, v in members.items() if v}})
        return ref

    def _software(self, agent: Any) -> str | None:
        """The ref of the tool that an action names: one that was disclosed, or a new one."""
        named = _map(agent)
        name = _text(agent) if isinstance(agent, str) else _text(named.get("name"))
        if not name:
            return None
        version = _text(named.get("version"))
        whole = f"{name} {version}" if version else name
        for tool in self._tools:
            known = tool.get("system")
            if known and any(_ends_with(text, known) for text in (name, whole)):
                return str(tool["ref"])
        return self._tool({"system": name, "version": version})

    def _contributions(self) -> list[dict[str, Any]]:
        """What was done to named parts; else what is said of the whole."""
        actions = list(self._actions())
        is_begun = any(_text(action.get("action")) in _BEGINNINGS for action in actions)
        parts: list[dict[str, Any]] = []
        whole: list[dict[str, Any]] = []
        for action in actions:
            area, text = _part(action)
            is_edit = is_begun and _text(action.get("action")) not in _BEGINNINGS
            entry = self._entry(action, area or _WHOLE, text, is_edit=is_edit and area is None)
            if entry is not None:
                (parts if area else whole).append(entry)
        if whole and not parts:
            self._leave("the source type is of the whole file: say which parts it is about")
            whole.sort(key=lambda entry: LEVELS.index(entry["level"]), reverse=True)
        for entry in whole if parts else whole[1:]:  # C2P-024
            also = f": {entry['description']}" if "description" in entry else ""
            self._leave(
                f"an action about the whole file, read as {entry['level']}, is left out{also}"
            )
        kept: list[dict[str, Any]] = []
        for entry in parts or whole[:1]:
            same = next((k for k in kept if _alike(k, entry)), None)
            if same is None:
                kept.append(entry)
            else:
                same["agents"] = [*same.get("agents", ()), *entry.get("agents", ())]
        return kept

    def _actions(self) -> Iterator[Data]:
        for data in self._all("c2pa.actions"):
            yield from map(_map, _list(data.get("actions"))[:_MOST])

    def _entry(self, action: Data, area: str, text: str, *, is_edit: bool) -> dict[str, Any] | None:
        source = _text(action.get("digitalSourceType"))
        if not source:
            return None
        read = self._read_as(source.rsplit("/", 1)[-1], is_edit=is_edit)
        if read is None:
            return None
        entry = {"asset": ASSET_OF_AREA[area], "area": area, **read, "basis": "declared"}
        times = list(self._times(action))
        entry |= {"description": text} if text else {}
        entry |= {"timeRanges": times} if times else {}
        tool = self._software(action.get("softwareAgent"))
        if tool is not None:
            entry["agents"] = [{"tool": tool}]
            entry |= {"interaction": self._oversight[tool]} if tool in self._oversight else {}
        return entry

    def _read_as(self, term: str, *, is_edit: bool) -> Data | None:
        """Level and process of a source type; C2P-022: of an edit, not all was generated."""
        read: Data | None = self._data["reads"].get(term)
        if read is None:
            self._leave(f"digitalSourceType {term} is none that says how much AI made")
            return None
        if is_edit and read["level"] == "full":
            self._leave(f"digitalSourceType {term} is of an edit, of how much is not said")
            read = {**read, "level": "partial"}
        if read["level"] == "partial":
            self._leave(
                f"digitalSourceType {term} is read as partial; it may stand for predominant"
            )
        return read

    def _times(self, action: Data) -> Iterator[dict[str, int]]:
        """Where in the recording it was; other regions and clocks are told."""
        for change in map(_map, _list(action.get("changes"))[:_MOST]):
            for region in map(_map, _list(change.get("region"))[:_MOST]):
                time = _map(region.get("time"))
                start, end = (_milliseconds(time.get(name)) for name in ("start", "end"))
                if start is None or end is None or start >= end or time.get("type") != "npt":
                    self._leave("a region of an action is no span of seconds")
                else:
                    yield {"startMs": start, "endMs": end}

    def _permissions(self) -> Iterator[dict[str, str]]:
        """Under the names of CAWG, and those that C2PA had for the same before."""
        uses = {name.rsplit(".", 1)[-1]: use for use, name in self._data["uses"].items()}
        told = set()
        for label in ("cawg.training-mining", "c2pa.training-mining"):
            for data in self._all(label):
                for name, entry in list(_map(data.get("entries")).items())[:_MOST]:
                    use = uses.get(str(name).rsplit(".", 1)[-1])
                    said = self._permission(_map(entry))
                    if use is not None and said is not None and use not in told:
                        told.add(use)
                        yield {"use": use, **said}

    def _permission(self, entry: Data) -> dict[str, str] | None:
        use = _text(entry.get("use"))
        word = next((w for w, name in self._data["permissions"].items() if name == use), None)
        info = _text(entry.get("constraints_info")) or _text(entry.get("constraint_info"))
        if word == "constrained" and not info:
            return {"permission": "notAllowed"}
        if word is None:
            self._leave("a permission of cawg.training-mining is none of its terms")
            return None
        return {"permission": word, **({"constraints": info} if word == "constrained" else {})}


def _part(action: Data) -> tuple[str | None, str]:
    """The area that an action's description names, as our exports do, and what else it says."""
    described = _text(action.get("description")) or ""
    named, _, rest = described.partition(";")
    return (named, rest.strip()) if named in ASSET_OF_AREA else (None, described)


def _alike(one: Data, other: Data) -> bool:
    return {**one, "agents": ()} == {**other, "agents": ()} and bool(one.get("agents"))


def _milliseconds(value: Any) -> int | None:
    found = _SECONDS.fullmatch(value) if isinstance(value, str) else None
    return None if found is None else int(found[1]) * 1000 + int((found[2] or "").ljust(3, "0"))


def _ends_with(text: str, name: str) -> bool:
    return text == name or text.endswith(f" {name}")


def _map(value: Any) -> Data:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    """Foreign text as a manifest may hold it: one line, normalised, not without end."""
    if not isinstance(value, str):
        return None
    clean = " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", value[:_LONGEST])).split())
    return clean or None


IMPORT = Import("C2PA manifest in an audio file", _read)
