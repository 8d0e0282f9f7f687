"""The guided questions: plain words, every one skippable, resumed where they stopped.

Each answer is kept at once, so leaving in the middle loses nothing. Nothing is assumed: a
skipped question leaves its area undeclared, which is never 'none'.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from provenance.cli._options import say
from provenance.reports.escaping import shown
from provenance.workspace.drafting import Seen, set_level, start
from provenance.workspace.home import Home

LEVELS = ("none", "utility", "assisted", "partial", "predominant", "full")

_CHOICES = (
    "people, no AI",
    "people; AI only as a technical tool (tuning, noise removal, spelling)",
    "people, with suggestions from AI",
    "partly people, partly AI",
    "mainly AI",
    "entirely AI",
)

AREAS: tuple[tuple[str, str], ...] = (
    ("lyrics", "Who wrote the lyrics?"),
    ("composition", "Who wrote the music (melody, harmony)?"),
    ("leadVocals", "Who sings the lead?"),
    ("backingVocals", "Who sings the backing vocals?"),
    ("instrumentation", "Who plays the instruments (beats and samples included)?"),
    ("production", "Who produced the recording?"),
    ("mixing", "Who mixed it?"),
    ("mastering", "Who mastered it?"),
    ("artwork", "Who made the cover?"),
)

_IDENTITIES = (
    ("human", "a person"),
    ("group", "a group of people"),
    ("virtualHumanVoiced", "a virtual artist with a human voice"),
    ("aiPersona", "an AI persona"),
)
_VOICES = (
    ("fictional", "nobody's: an invented voice"),
    ("selfClone", "the artist's own voice, cloned"),
    ("thirdPartyClone", "another person's voice, cloned"),
)
_CONSENTS = (
    ("granted", "yes, that person agreed"),
    ("refused", "no"),
    ("unknown", "I do not know"),
)
_ROLES = (
    ("artist", "the artist"),
    ("label", "the label"),
    ("distributor", "the distributor"),
    ("manager", "the manager"),
)
_AI_HEARD = frozenset({"partial", "predominant", "full"})


def ask(seen: Seen, home: Home, declaration: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ask what is not answered yet; the declaration. Keeps the draft after each answer."""
    kept = home.read_draft(seen.essence) or {}
    made: dict[str, Any] = {**start(seen), **kept.get("declaration", {}), **(declaration or {})}
    answered: list[str] = list(kept.get("answered", []))

    def once(name: str, question: Callable[[], None]) -> None:
        if name in answered:
            return
        question()
        answered.append(name)
        home.write_draft(seen.essence, {"declaration": made, "answered": answered})

    say(f"About {shown(str(seen.path))}. Press Enter to skip a question: then it is not declared.")
    once("subject", lambda: _subject(made))
    stated = {c.get("area") for c in made.get("contributions", [])}
    for area, question in AREAS:
        if area not in stated:
            once(area, lambda area=area, question=question: _area(made, area, question))  # type: ignore[misc]
    once("voice", lambda: _voice(made))
    once("tools", lambda: _tools(made))
    once("declarant", lambda: _declarant(made))
    return made


def _choose(question: str, choices: tuple[str, ...], default: str = "") -> int | None:
    say(question)
    for number, choice in enumerate(choices, 1):
        say(f"  {number}  {choice}")
    numbers = [str(n) for n in range(1, len(choices) + 1)]
    while True:
        answer = click.prompt(
            "Number, or Enter to skip", default=default, show_default=False, err=True
        ).strip()
        if answer == "":
            return None
        if answer in numbers:
            return int(answer) - 1
        say(f"Please type a number from 1 to {len(choices)}, or just Enter.")


def _text(question: str, default: str = "") -> str:
    answer: str = click.prompt(question, default=default, show_default=bool(default), err=True)
    return answer.strip()


def _subject(made: dict[str, Any]) -> None:
    subject = dict(made.get("subject") or {})
    title = _text("Title", subject.get("title", ""))
    names = ", ".join(a["name"] for a in subject.get("artists", []) if a.get("name"))
    artist = _text("Artist", names)
    isrc = _text("ISRC, if it has one", subject.get("isrc", ""))
    if title:
        subject["title"] = title
    if artist:
        before = subject.get("artists", [])
        subject["artists"] = before if artist == names else [{"name": artist}]
        identity = _choose(f"Is {shown(artist)} ...", tuple(words for _, words in _IDENTITIES))
        if identity is not None:
            first = {**subject["artists"][0], "identity": _IDENTITIES[identity][0]}
            subject["artists"] = [first, *subject["artists"][1:]]
    if isrc:
        from provenance.issuing.sign import clean_isrc

        clean = clean_isrc(isrc)
        if clean:
            subject["isrc"] = clean
        else:
            say("That is not an ISRC (like GBXYZ2600123); left out.")
    if subject:
        made["subject"] = subject


def _area(made: dict[str, Any], area: str, question: str) -> None:
    answer = _choose(question, _CHOICES)
    if answer is not None:
        set_level(made, area, LEVELS[answer])


def _voice(made: dict[str, Any]) -> None:
    levels = {c["area"]: c["level"] for c in made.get("contributions", []) if "level" in c}
    if levels.get("leadVocals") not in _AI_HEARD:
        return
    kind = _choose("Whose voice does the AI voice have?", tuple(words for _, words in _VOICES))
    if kind is None:
        return
    voice: dict[str, Any] = {"area": "leadVocals", "kind": _VOICES[kind][0]}
    if voice["kind"] == "thirdPartyClone":
        consent = _choose("Did that person agree?", tuple(words for _, words in _CONSENTS))
        if consent is not None:
            voice["consent"] = {"status": _CONSENTS[consent][0]}
    made["voices"] = [voice]


def _tools(made: dict[str, Any]) -> None:
    used = {c.get("level") for c in made.get("contributions", [])} - {"none", None}
    if not used:
        return
    tools = list(made.get("tools", []))
    while True:
        system = _text("Which AI tool was used (name; Enter when there are no more)")
        if not system:
            break
        tool = {"ref": f"t{len(tools) + 1}", "system": system}
        provider, version = _text("  made by (company)"), _text("  version")
        tool |= {k: v for k, v in (("provider", provider), ("version", version)) if v}
        tools.append(tool)
    if tools:
        made["tools"] = tools


def _declarant(made: dict[str, Any]) -> None:
    role = _choose("You are signing as ...", tuple(words for _, words in _ROLES))
    name = _text("Your name, as it should stand in the declaration")
    declarant = dict(made.get("declarant") or {})
    if role is not None:
        declarant["role"] = _ROLES[role][0]
    if name:
        declarant["name"] = name
    if declarant:
        made["declarant"] = declarant
