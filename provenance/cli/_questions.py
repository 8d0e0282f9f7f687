"""The guided questions: plain words, every one skippable, resumed where they stopped.

Each answer is kept at once, so leaving in the middle loses nothing. Nothing is assumed: a
skipped question leaves its area undeclared, which is never 'none'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from provenance.cli._examples import EXAMPLES
from provenance.cli._options import quoted, say
from provenance.cli._prompts import choose, pick, words
from provenance.cli._tools import ask_tools, settle
from provenance.model.levels import GENERATED
from provenance.reports.escaping import shown
from provenance.workspace.drafting import Seen, drop_area, merged, set_level, start
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
_TITLE = "The title of the recording, as listeners see it."
_ARTIST = "The main artist, as listeners see them."
_ISRC = "The number of the recording (like GBXYZ2600123), from your label or distributor."
_NAME = "Whoever has the file reads it there; you may stay without a name."


def ask(
    seen: Seen, home: Home, given: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """Ask what ``given`` does not say; the declaration. Keeps the draft after each answer.

    ``before`` is a draft: what was answered in it is not asked again, unless it was finished;
    then every answer is offered again, to be kept or changed.
    """
    made = merged(before.get("declaration", {}), given)
    again = bool(before.get("finished"))
    answered: list[str] = [] if again else list(before.get("answered", []))
    tagged = start(seen).get("subject", {})
    questions = [(n, q) for n, q in _questions(made, given, tagged) if n not in answered]

    say(f"About {shown(str(seen.path))}. Press Enter to skip a question: then it is not declared.")
    say("? says what is meant.")
    if again:
        say("It was declared before; Enter keeps an answer, - takes it back.")
    elif answered:
        say("Going on where you stopped.")
    try:
        for name, question in questions:
            question()
            answered.append(name)
            home.write_draft(seen.essence, {"declaration": made, "answered": answered})
    except (click.Abort, KeyboardInterrupt):
        if answered:
            say(f"\nYour answers are kept. Go on with: prov declare {quoted(seen.path)}")
        raise
    settle(made, keep={"voices"} & given.keys())
    home.keep_finished(seen.essence, made)
    return made


def _questions(
    made: dict[str, Any], given: Mapping[str, Any], tagged: Mapping[str, Any]
) -> list[tuple[str, Callable[[], None]]]:
    """The questions by name, without those that ``given`` answers."""
    subject, declarant = given.get("subject", {}), given.get("declarant", {})
    stated = {c.get("area") for c in given.get("contributions", [])}
    found: list[tuple[str, Callable[[], None]]] = [
        ("subject", lambda: _subject(made, set(subject), tagged))
    ]
    for number, (area, text) in enumerate(AREAS, 1):
        if area not in stated:
            title = f"\n({number} of {len(AREAS)}) {text}"
            found.append((area, lambda area=area, title=title: _area(made, area, title)))  # type: ignore[misc]
    if "voices" not in given:
        found.append(("voice", lambda: _voice(made)))
    if "tools" not in given:
        found.append(("tools", lambda: ask_tools(made)))
    if not {"role", "name"} <= set(declarant):
        found.append(("declarant", lambda: _declarant(made, set(declarant))))
    return found


def _subject(made: dict[str, Any], given: set[str], tagged: Mapping[str, Any]) -> None:
    subject = dict(made.get("subject") or {})
    if "title" not in given:
        _put(subject, "title", words("Title", _TITLE, subject.get("title", "")))
    if "artists" not in given:
        _artist(subject)
    if "isrc" not in given:
        _isrc(subject)
    if any(name in tagged and name not in subject for name in ("title", "artists", "isrc")):
        say("The file's own tags state what you left out, and signing takes it from there.")
    _put(made, "subject", subject)


def _put(where: dict[str, Any], name: str, value: object) -> None:
    """Set a member, or take it away where the value is empty."""
    where.pop(name, None)
    if value:
        where[name] = value


def _artist(subject: dict[str, Any]) -> None:
    before = subject.get("artists", [])
    names = ", ".join(a["name"] for a in before if a.get("name"))
    artist = words("Artist", _ARTIST, names)
    if not artist:
        _put(subject, "artists", None)
        return
    artists = before if artist == names else [{"name": artist}]
    identity = pick(f"Is {shown(artist)} ...", _IDENTITIES, artists[0].get("identity"))
    first = {k: v for k, v in artists[0].items() if k != "identity"}
    _put(first, "identity", identity)
    subject["artists"] = [first, *artists[1:]]


def _isrc(subject: dict[str, Any]) -> None:
    from provenance.issuing.from_tags import clean_isrc

    while True:
        isrc = words("ISRC, if it has one", _ISRC, subject.get("isrc", ""))
        clean = clean_isrc(isrc)
        if clean or not isrc:
            _put(subject, "isrc", clean)
            return
        say("That is not an ISRC (like GBXYZ2600123). Type it again, or just Enter.")


def _area(made: dict[str, Any], area: str, question: str) -> None:
    entries = [c for c in made.get("contributions", []) if c.get("area") == area]
    if len(entries) > 1:
        say(f"{question} This is declared in detail already; it stays as it is.")
        return
    level = entries[0].get("level") if entries else None
    now = LEVELS.index(level) if level in LEVELS else None
    answer = choose(question, _CHOICES, now, EXAMPLES[area])
    if answer is None:
        drop_area(made, area)
    elif answer != now:
        set_level(made, area, LEVELS[answer])


def _voice(made: dict[str, Any]) -> None:
    levels = {c["area"]: c["level"] for c in made.get("contributions", []) if "level" in c}
    before = made.get("voices", [])
    if len(before) > 1 or any(v.get("area") != "leadVocals" for v in before):
        return
    made.pop("voices", None)
    if levels.get("leadVocals") not in GENERATED:
        return
    voice: dict[str, Any] = dict(before[0]) if before else {"area": "leadVocals"}
    kind = pick("\nWhose voice does the AI voice have?", _VOICES, voice.get("kind"))
    if kind is None:
        return
    if kind != voice.get("kind"):
        voice = {"area": "leadVocals", "kind": kind}
    if kind == "thirdPartyClone":
        consent = voice.get("consent", {})
        status = pick("Did that person agree?", _CONSENTS, consent.get("status"))
        if status is not None:
            voice["consent"] = {**consent, "status": status}
    made["voices"] = [voice]


def _declarant(made: dict[str, Any], given: set[str]) -> None:
    declarant = dict(made.get("declarant") or {})
    if "role" not in given:
        role = pick("\nYou are signing as ...", _ROLES, declarant.get("role"))
        declarant = {**declarant, "role": role}
    if "name" not in given:
        question = "Your name, as it should stand in the declaration"
        declarant["name"] = words(question, _NAME, declarant.get("name", ""))
    _put(made, "declarant", {k: v for k, v in declarant.items() if v})
