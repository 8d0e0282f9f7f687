"""Between the cells of a row and a declaration (spec 22.3).

``cells_of`` says what a declaration looks like in a sheet; ``with_cells`` changes a declaration
only where the row says something else, so what a sheet cannot show is kept (SHT-023).
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from provenance.model.contribution import Contribution
from provenance.model.levels import Level, level_of
from provenance.sheets.cells import Cell, items, joined, value_of
from provenance.sheets.columns import FILE, Column, column, columns
from provenance.wire.cell_texts import harmless
from provenance.workspace.drafting import drop_area, free_ref, set_level, set_person, set_voices

Plain = dict[str, Any]
_LEAD = "leadVocals"
_ARTISTS, _IDENTITY = "artists", "artistIdentity"


class RowError(Exception):
    """A row that contradicts itself: in which column, and how."""

    def __init__(self, name: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.column = name
        self.fix = fix


def cells_of(declaration: Mapping[str, Any]) -> dict[str, str]:
    """The exact text of every column but ``file``; empty where nothing is declared."""
    return {c.name: _get(declaration, c) for c in columns() if c.name != FILE}


def with_cells(base: Mapping[str, Any], cells: Mapping[str, str]) -> Plain:
    """``base`` with each column of ``cells`` as it says there; an empty text takes a fact back.

    Raises ``RowError`` for a row that contradicts itself.
    """
    made = copy.deepcopy(dict(base))
    for name in (n for n in _ORDER if n in cells):
        shown = _get(made, column(name))
        if cells[name] not in {shown, value_of(column(name), Cell(harmless(shown)))}:
            _set(made, column(name), cells[name])
    _require_named_tools(made, base.get("tools", []))
    return made


def column_of(pointer: str, declaration: Mapping[str, Any]) -> str:
    """The column in which a JSON Pointer of a declaration shows; empty where there is none."""
    parts = tuple(pointer.split("/")[1:])
    if parts[:1] == ("contributions",) and len(parts) > 1:
        entries = declaration.get("contributions", [])
        return str(entries[int(parts[1])].get("area", "")) if int(parts[1]) < len(entries) else ""
    if parts[:1] == ("tools",) and len(parts) > 1:
        return _inner(parts[2:], tool=int(parts[1]) + 1)
    if parts[:1] == ("voices",):
        return _inner(parts[2:] or ("kind",), tool=None)
    plain = [c for c in columns() if c.area is None and c.tool is None and not c.voice]
    return next((c.name for c in plain if c.member and parts[: len(c.member)] == c.member), "")


def _inner(parts: tuple[str, ...], tool: int | None) -> str:
    found = [c for c in columns() if c.tool == tool and (tool is not None or c.voice)]
    exact = (c.name for c in found if parts and parts[: len(c.member)] == c.member)
    return next(exact, found[0].name if found else "")


# What a column shows.


def _get(declaration: Mapping[str, Any], of: Column) -> str:
    if of.area is not None:
        return _level(declaration, of.area)
    if of.tool is not None:
        return _of_tool(declaration, of)
    if of.voice:
        return _of_voice(declaration, of)
    if of.name == _ARTISTS:
        artists = declaration.get("subject", {}).get("artists", [])
        return joined([a["name"] for a in artists if a.get("name")])
    return _shown(_at(declaration, of.member))


def _at(plain: Any, member: tuple[str, ...]) -> Any:
    for part in member:
        if isinstance(plain, list):
            plain = plain[int(part)] if int(part) < len(plain) else None
        else:
            plain = plain.get(part) if isinstance(plain, Mapping) else None
    return plain


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else ""


def _level(declaration: Mapping[str, Any], area: str) -> str:
    entries = [
        Contribution(area=area, level=Level(c["level"]), share=c.get("share"))
        for c in declaration.get("contributions", [])
        if c.get("area") == area
    ]
    level = level_of(entries)
    return "" if level is None else str(level)


def _tool(declaration: Mapping[str, Any], number: int) -> Plain | None:
    tools = declaration.get("tools", [])
    return tools[number - 1] if number <= len(tools) else None


def _of_tool(declaration: Mapping[str, Any], of: Column) -> str:
    tool = _tool(declaration, of.tool or 0)
    if tool is None:
        return ""
    if of.kind != "areas":
        return _shown(_at(tool, of.member))
    agent = {"tool": tool["ref"]}
    made = {c["area"] for c in declaration.get("contributions", []) if agent in c.get("agents", [])}
    return joined([area for area in of.terms if area in made])


def _voice(declaration: Mapping[str, Any]) -> Plain | None:
    return next((v for v in declaration.get("voices", []) if v.get("area") == _LEAD), None)


def _of_voice(declaration: Mapping[str, Any], of: Column) -> str:
    voice = _voice(declaration)
    if voice is None:
        return ""
    if of.member != ("person",):
        return _shown(_at(voice, of.member))
    people = declaration.get("people", [])
    named = (p.get("name") for p in people if p.get("ref") == voice.get("person"))
    return _shown(next(named, None))


# What a column changes.


def _set(made: Plain, of: Column, text: str) -> None:
    if of.area is not None:
        _set_level(made, of.area, text)
    elif of.tool is not None:
        _set_tool(made, of, text)
    elif of.voice:
        _set_voice(made, of, text)
    elif of.name == _ARTISTS:
        _set_artists(made, items(text))
    elif of.name == _IDENTITY:
        _set_identity(made, text)
    else:
        _put(made, of.member, _typed(of, text))


def _typed(of: Column, text: str) -> Any:
    if not text:
        return None
    return text == "yes" if of.kind == "yesno" else text


def _put(plain: Plain, member: tuple[str, ...], value: Any) -> None:
    """Set a member, or take it away with the objects that are empty then."""
    first, *rest = member
    if rest:
        inner = dict(plain.get(first, {}))
        _put(inner, tuple(rest), value)
        value = inner or None
    if value is None:
        plain.pop(first, None)
    else:
        plain[first] = value


def _set_level(made: Plain, area: str, level: str) -> None:
    if not level:
        drop_area(made, area)
        return
    entries = [c for c in made.get("contributions", []) if c.get("area") == area]
    if len(entries) == 1 and level != str(Level.NONE):
        entries[0]["level"] = level
    else:
        set_level(made, area, level)


def _set_artists(made: Plain, names: list[str]) -> None:
    known = {a.get("name"): a for a in made.get("subject", {}).get("artists", [])}
    artists = [known.get(name) or {"name": name} for name in names]
    _put(made, ("subject", "artists"), artists or None)


def _set_identity(made: Plain, text: str) -> None:
    artists = made.get("subject", {}).get("artists", [])
    if not artists and text:
        raise RowError(_IDENTITY, "there is no artist", "Name the artist in the column artists.")
    if artists:
        _put(artists[0], ("identity",), text or None)


def _set_tool(made: Plain, of: Column, text: str) -> None:
    number = of.tool or 0
    tools = made.setdefault("tools", [])
    while len(tools) < number:  # what stays empty is taken away below
        tools.append({"ref": free_ref(made, "t")})
    tool = tools[number - 1]
    if of.kind == "areas":
        _set_agents(made, of.name, {"tool": tool["ref"]}, set(items(text)))
    else:
        _put(tool, of.member, text or None)


def _set_agents(made: Plain, name: str, agent: dict[str, str], areas: set[str]) -> None:
    entries = made.get("contributions", [])
    unstated = areas - {c["area"] for c in entries if c["level"] != str(Level.NONE)}
    if unstated:
        what = ", ".join(sorted(unstated))
        raise RowError(name, f"{what}: no AI is declared there", f"Give {what} a level.")
    for entry in entries:
        agents = [a for a in entry.get("agents", []) if a != agent]
        if entry["area"] in areas and entry["level"] != str(Level.NONE):
            agents.append(agent)
        _put(entry, ("agents",), agents or None)


def _require_named_tools(made: Plain, before: list[Plain]) -> None:
    """Drop tools of which nothing is left; refuse one that has no name now (SHT-025)."""
    nameless = {tool["ref"] for tool in before if "system" not in tool}
    used = {a.get("tool") for c in made.get("contributions", []) for a in c.get("agents", [])}
    used |= {v.get("tool") for v in made.get("voices", [])}
    kept = []
    for number, tool in enumerate(made.get("tools", []), 1):
        is_new = tool not in before
        if is_new and set(tool) == {"ref"} and tool["ref"] not in used:
            continue
        if is_new and "system" not in tool and tool["ref"] not in nameless:
            fix = "Name the product, or empty the other columns of this tool."
            raise RowError(f"tool{number}", "is empty, though other cells speak of this tool", fix)
        kept.append(tool)
    _put(made, ("tools",), kept or None)


def _set_voice(made: Plain, of: Column, text: str) -> None:
    voice = _voice(made)
    if of.member == ("kind",):
        _set_kind(made, voice, text)
    elif voice is None:
        raise RowError(of.name, "nothing is said about the voice", "Fill the column voice too.")
    elif of.member == ("person",):
        set_person(made, voice, text)
    else:
        _put(voice, of.member, text or None)


def _set_kind(made: Plain, voice: Plain | None, kind: str) -> None:
    if voice is None:
        made.setdefault("voices", []).append({"area": _LEAD, "kind": kind})
    elif kind:
        voice["kind"] = kind
    else:
        set_voices(made, [v for v in made["voices"] if v is not voice])


_ORDER = tuple(c.name for c in sorted(columns(), key=lambda c: c.kind == "areas") if c.name != FILE)
"""Areas of tools come last: by then all levels are set."""
