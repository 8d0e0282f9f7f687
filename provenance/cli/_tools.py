"""The AI tools of a declaration: asked for, named, and left out where nothing uses AI."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from provenance.cli._options import say
from provenance.cli._prompts import BACK, GoBack, typed, words
from provenance.model.errors import UsageError
from provenance.model.levels import GENERATED
from provenance.reports.escaping import shown
from provenance.wire.consistency import SYNTHETIC
from provenance.workspace.drafting import free_ref, set_voices

if TYPE_CHECKING:
    from provenance.model.manifest import Manifest

_NO_TOOL = frozenset({"none", "no", "nothing", "n/a"})
_PARTS = ("system", "provider", "version")
_ABOUT = "The program or service, such as a song generator or a mastering service."
_MORE = (
    ("provider", "  made by (company)", "Who makes or offers it; Enter to skip."),
    (
        "version",
        "  version",
        "Such as 4.5, or the month in which you used it; Enter to skip.",
    ),
)


def uses_ai(made: Mapping[str, Any]) -> bool:
    """Whether some area is declared to use AI."""
    return bool({c.get("level") for c in made.get("contributions", [])} - {"none", None})


def ask_tools(made: dict[str, Any], keep: Callable[[], None]) -> None:
    """Ask for the tools; ``keep`` is called after each answer."""
    say("")
    if made.get("tools"):
        say(f"AI tools so far: {_named(made['tools'])}.")
    while answer := typed(_question(made), _ABOUT):
        if answer.casefold() in _NO_TOOL:
            say("Just press Enter when there are no more.")
        elif answer == BACK:
            _take_back(made)
        else:
            _add(made, answer, keep)
        keep()


def _question(made: Mapping[str, Any]) -> str:
    if not made.get("tools"):
        return "Which AI tool was used (name; Enter when there are no more)"
    return "Another AI tool (name; - takes all back; Enter when there are no more)"


def _add(made: dict[str, Any], name: str, keep: Callable[[], None]) -> None:
    """Add a tool, then what else is said of it; it goes where its name is asked for again."""
    before = made.get("tools", [])
    tool = {"ref": free_ref(made, "t"), "system": name}
    made["tools"] = [*before, tool]
    try:
        for part, question, about in _MORE:
            keep()
            if answer := words(question, about):
                tool[part] = answer
    except GoBack:
        made["tools"] = before
        if not before:
            made.pop("tools")


def _take_back(made: dict[str, Any]) -> None:
    """Take all tools back, unless single contributions name them."""
    if any("tool" in agent for c in made.get("contributions", []) for agent in c.get("agents", [])):
        say("Single areas name these tools. Change them in the file, with --from.")
    else:
        _forget(made)


def _forget(made: dict[str, Any]) -> None:
    made.pop("tools", None)
    if "voices" in made:
        made["voices"] = [{k: v for k, v in one.items() if k != "tool"} for one in made["voices"]]


def tool_of(number: int, text: str) -> dict[str, str]:
    """The tool that ``--tool NAME;COMPANY;VERSION`` names; raises ``UsageError`` for none."""
    given = [part.strip() for part in text.split(";")]
    if len(given) > len(_PARTS) or not given[0] or given[0].casefold() in _NO_TOOL:
        raise UsageError(
            f"--tool '{text}': names no tool",
            hint="Write NAME, NAME;COMPANY or NAME;COMPANY;VERSION, or leave the option out.",
        )
    parts = dict(zip(_PARTS, given, strict=False))
    return {"ref": f"t{number}", **{k: v for k, v in parts.items() if v}}


def settle(made: dict[str, Any], keep: Collection[str] = ()) -> None:
    """Leave out what was declared before and contradicts the levels now, and say so.

    A synthetic voice goes where its area is declared without one, tools where every area that is
    declared has the level none; members in ``keep`` stay.
    """
    voices = made.get("voices", [])
    fitting = [v for v in voices if not _is_contradicted(made, v)]
    if "voices" not in keep and len(fitting) < len(voices):
        say("Left out: the AI voice, for no such voice is declared now.")
        set_voices(made, fitting)
    if "tools" not in keep and "tools" in made and says_no_ai(made):
        say(f"Left out, for no area uses AI now: {_named(made['tools'])}.")
        _forget(made)


def says_no_ai(made: Mapping[str, Any]) -> bool:
    """Whether areas are declared, all as ``none``, and no voice is synthetic."""
    levels = {c.get("level") for c in made.get("contributions", [])}
    return levels == {"none"} and not any(
        voice.get("kind") in SYNTHETIC for voice in made.get("voices", [])
    )


def _is_contradicted(made: dict[str, Any], voice: dict[str, Any]) -> bool:
    area = voice.get("area")
    if area == "video":  # of which a voice is only a part
        return False
    levels = {c.get("level") for c in made.get("contributions", []) if c.get("area") == area}
    return voice.get("kind") in SYNTHETIC and bool(levels) and not levels & GENERATED


def _named(tools: list[dict[str, Any]]) -> str:
    return ", ".join(_name(t.get("system"), t.get("provider"), t.get("version")) for t in tools)


def _name(system: str | None, provider: str | None, version: str | None) -> str:
    name = " ".join(part for part in (system, version) if part)
    by = f" ({provider})" if provider and name else provider or ""
    return shown(f"{name}{by}" or "(no name)")


def lines_of(manifest: Manifest) -> list[str]:
    """Who declares and which tools are named, in lines for whoever is about to sign."""
    declarant = manifest.declarant
    who = [part for part in (declarant.name, declarant.role) if part] if declarant else []
    tools = ", ".join(_name(t.system, t.provider, t.version) for t in manifest.tools)
    return [
        f"Who declares it: {shown(', '.join(who)) or 'nobody is named'}",
        *([f"AI tools: {tools}"] if tools else []),
    ]
