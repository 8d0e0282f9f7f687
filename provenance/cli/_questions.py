"""The guided questions: plain words, every one skippable, resumed where they stopped.

Each answer is kept at once, so leaving in the middle loses nothing. Nothing is assumed: a
skipped question leaves its area undeclared, which is never 'none'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import click

from provenance.cli._examples import EXAMPLES
from provenance.cli._options import say
from provenance.cli._prompts import GoBack, choose, pick, words
from provenance.cli._tools import ask_tools, settle, uses_ai
from provenance.model.levels import GENERATED
from provenance.model.records import dataclass
from provenance.reports.escaping import shown
from provenance.wire.consistency import SYNTHETIC
from provenance.wire.formats import is_date
from provenance.workspace.drafting import (
    Seen,
    drop_area,
    merged,
    set_level,
    set_person,
    set_voices,
    start,
)
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
    ("human", "a person", "one person, under their own or another name"),
    ("group", "a group of people", "several people, such as a band, a duo or a choir"),
    (
        "virtualHumanVoiced",
        "a virtual artist with a human voice",
        "a drawn or animated figure; the voice is that of a person",
    ),
    ("aiPersona", "an AI persona", "nobody: AI generates what goes under this name"),
)
_VOICES = (
    ("fictional", "nobody's: an invented voice", "it imitates nobody, living or dead"),
    (
        "selfClone",
        "the artist's own voice, cloned",
        "a copy of the voice of the artist who is named above",
    ),
    (
        "thirdPartyClone",
        "another person's voice, cloned",
        "a copy of the voice of somebody else, living or dead",
    ),
)
_CONSENTS = (
    ("granted", "yes, that person agreed", "they did, or whoever speaks for them"),
    ("refused", "no", "they did not agree, nor did anybody who speaks for them"),
    ("unknown", "I do not know", "nobody has told you"),
)
_ROLES = (
    ("artist", "the artist", "the artist, or a member of the group"),
    ("label", "the label", "the company that releases the recording"),
    ("distributor", "the distributor", "the company that brings it to shops and services"),
    ("manager", "the manager", "whoever acts for the artist"),
)
_TITLE = "The title of the recording, as listeners see it."
_ARTIST = "The main artist, as listeners see them."
_ISRC = "The number of the recording (like GBXYZ2600123), from your label or distributor."
_VOICE_OF = "The name of that person. Whoever has the file reads it there; Enter to skip."
_CONSENT_BY = "That person, or whoever speaks for them, such as heirs; Enter to skip."
_CONSENT_DATE = "The day, the month (2026-11) or the year (2026); Enter to skip."
_NAME = "Whoever has the file reads it there; you may stay without a name."


@dataclass(frozen=True)
class _Question:
    """One question; what it asks may depend on the answers to those before it."""

    name: str
    ask: Callable[[], None]
    applies: Callable[[], bool] = lambda: True


def ask(
    seen: Seen,
    home: Home,
    given: Mapping[str, Any],
    before: Mapping[str, Any],
    how_to_go_on: str,
) -> dict[str, Any]:
    """Ask what ``given`` does not say; the declaration. Keeps the draft after each answer.

    ``before`` is a draft: what was answered in it is not asked again, unless it was finished;
    then every answer is offered again, to be kept or changed. ``how_to_go_on`` is said to whoever
    stops.
    """
    made = merged(before.get("declaration", {}), given)
    again = bool(before.get("finished"))
    answered: list[str] = [] if again else list(before.get("answered", []))
    tagged = start(seen).get("subject", {})
    kept = False

    def keep() -> None:
        nonlocal kept
        home.write_draft(seen.essence, {"declaration": made, "answered": answered})
        kept = True

    say(f"About {shown(str(seen.path))}. Press Enter to skip a question: then it is not declared.")
    say("? says what is meant, < goes back to the question before.")
    if again:
        say("It was declared before; Enter keeps an answer, - takes it back.")
    elif answered:
        say("Going on where you stopped.")
    try:
        _ask_all(_questions(made, given, tagged, keep), answered, keep)
    except (click.Abort, KeyboardInterrupt):
        if kept or answered:
            say(f"\nYour answers are kept. {how_to_go_on}")
        raise
    if "voices" not in given and _may_ask_voice(made) and "leadVocals" not in _levels(made):
        set_voices(made, [])
    settle(made, keep={"voices"} & given.keys())
    home.keep_finished(seen.essence, made)
    return made


def _ask_all(questions: list[_Question], answered: list[str], keep: Callable[[], None]) -> None:
    """Ask what applies and is not answered, in its order; ``<`` asks the one before it again."""
    while True:
        asked = [question for question in questions if question.applies()]
        at = next((n for n, one in enumerate(asked) if one.name not in answered), None)
        if at is None:
            return
        try:
            asked[at].ask()
        except GoBack:
            if at == 0:
                say("This is the first question.")
            else:
                answered.remove(asked[at - 1].name)
            continue
        answered.append(asked[at].name)
        keep()


def _questions(
    made: dict[str, Any],
    given: Mapping[str, Any],
    tagged: Mapping[str, Any],
    keep: Callable[[], None],
) -> list[_Question]:
    """The questions, without those that ``given`` answers."""
    return [
        *_about_the_recording(made, given.get("subject", {}), tagged),
        *_about_areas(made, {c.get("area") for c in given.get("contributions", [])}),
        *_about_the_voice(made, given),
        *_about_tools(made, given, keep),
        *_about_the_declarant(made, given.get("declarant", {})),
    ]


def _about_the_recording(
    made: dict[str, Any], given: Mapping[str, Any], tagged: Mapping[str, Any]
) -> Iterator[_Question]:
    def asking(name: str, ask_it: Callable[[dict[str, Any]], None]) -> Callable[[], None]:
        def question() -> None:
            subject = dict(made.get("subject") or {})
            ask_it(subject)
            _put(made, "subject", subject)
            if name in tagged and name not in subject:
                say("The file's own tags state what you left out; signing takes it from there.")

        return question

    for name, ask_it in (("title", _title), ("artists", _artist), ("isrc", _isrc)):
        if name in given:
            continue
        yield _Question(name, asking(name, partial(ask_it, tagged=tagged)))
        if name == "artists":
            yield _Question(
                "identity",
                asking("identity", _identity),
                lambda: bool(_names(made.get("subject", {}))),
            )


def _put(where: dict[str, Any], name: str, value: object) -> None:
    """Set a member, or take it away where the value is empty."""
    where.pop(name, None)
    if value:
        where[name] = value


def _title(subject: dict[str, Any], tagged: Mapping[str, Any]) -> None:
    title = words("Title", _TITLE, subject.get("title", ""), tagged.get("title"))
    _put(subject, "title", title)


def _names(subject: Mapping[str, Any]) -> str:
    return ", ".join(a["name"] for a in subject.get("artists", []) if a.get("name"))


def _artist(subject: dict[str, Any], tagged: Mapping[str, Any]) -> None:
    before = _names(subject)
    artist = words("Artist", _ARTIST, before, _names(tagged))
    if not artist or artist != before:
        _put(subject, "artists", [{"name": artist}] if artist else None)


def _identity(subject: dict[str, Any]) -> None:
    first, *others = subject["artists"]
    first = dict(first)
    identity = pick(f"Is {shown(_names(subject))} ...", _IDENTITIES, first.get("identity"))
    _put(first, "identity", identity)
    subject["artists"] = [first, *others]


def _isrc(subject: dict[str, Any], tagged: Mapping[str, Any]) -> None:
    from provenance.issuing.from_tags import clean_isrc

    while True:
        now = subject.get("isrc", "")
        isrc = words("ISRC, if it has one", _ISRC, now, tagged.get("isrc"))
        clean = clean_isrc(isrc)
        if clean or not isrc:
            _put(subject, "isrc", clean)
            return
        say("That is not an ISRC (like GBXYZ2600123). Type it again, or just Enter.")


def _about_areas(made: dict[str, Any], stated: set[str | None]) -> Iterator[_Question]:
    for number, (area, text) in enumerate(AREAS, 1):
        if area in stated:
            continue
        title = f"({number} of {len(AREAS)}) {text}"
        if len(_entries(made, area)) > 1:
            say(f"{title} This is declared in detail already; it stays as it is.")
            continue
        yield _Question(area, partial(_area, made, area, f"\n{title}"))


def _entries(made: Mapping[str, Any], area: str) -> list[dict[str, Any]]:
    return [c for c in made.get("contributions", []) if c.get("area") == area]


def _area(made: dict[str, Any], area: str, question: str) -> None:
    level = next((c.get("level") for c in _entries(made, area)), None)
    now = LEVELS.index(level) if level in LEVELS else None
    examples = tuple(f"for example, {example}" for example in EXAMPLES[area])
    answer = choose(question, _CHOICES, examples, LEVELS, now, "examples")
    if answer is None:
        drop_area(made, area)
    elif answer != now:
        set_level(made, area, LEVELS[answer])


def _about_the_voice(made: dict[str, Any], given: Mapping[str, Any]) -> Iterator[_Question]:
    if "voices" in given:
        return

    def is_generated() -> bool:
        return _may_ask_voice(made) and _levels(made).get("leadVocals") in GENERATED

    def is_cloned() -> bool:
        return is_generated() and _voice_of(made).get("kind") == "thirdPartyClone"

    def is_granted() -> bool:
        return is_cloned() and _voice_of(made).get("consent", {}).get("status") == "granted"

    yield _Question("voice", lambda: _voice(made), is_generated)
    yield _Question("voiceOf", lambda: _voice_owner(made), is_cloned)
    yield _Question("consent", lambda: _consent(made), is_cloned)
    yield _Question("consentBy", lambda: _consent_by(made), is_granted)
    yield _Question("consentDate", lambda: _consent_date(made), is_granted)


def _levels(made: Mapping[str, Any]) -> dict[str, str]:
    return {c["area"]: c["level"] for c in made.get("contributions", []) if "level" in c}


def _may_ask_voice(made: Mapping[str, Any]) -> bool:
    """Whether voices are declared no further than the questions go: at most one, of the lead."""
    voices = made.get("voices", [])
    return len(voices) <= 1 and all(voice.get("area") == "leadVocals" for voice in voices)


def _voice_of(made: Mapping[str, Any]) -> dict[str, Any]:
    return dict(next(iter(made.get("voices", [])), {"area": "leadVocals"}))


def _voice(made: dict[str, Any]) -> None:
    voice = _voice_of(made)
    now = voice.get("kind") if voice.get("kind") in SYNTHETIC else None
    kind = pick("\nWhose voice does the AI voice have?", _VOICES, now)
    if kind != voice.get("kind"):
        set_voices(made, [{"area": "leadVocals", "kind": kind}] if kind else [])


def _voice_owner(made: dict[str, Any]) -> None:
    voice = next(iter(made["voices"]))
    people = made.get("people", [])
    now = next((p.get("name", "") for p in people if p["ref"] == voice.get("person")), "")
    name = words("Whose voice it is, or which it imitates (name)", _VOICE_OF, now)
    if name != now:
        set_person(made, voice, name)


def _consent(made: dict[str, Any]) -> None:
    voice = _voice_of(made)
    consent = voice.get("consent", {})
    status = pick("Did that person agree?", _CONSENTS, consent.get("status"))
    if status != consent.get("status"):  # whoever said so, and when, said something else
        consent = {k: v for k, v in consent.items() if k not in {"by", "date"}}
    _put(voice, "consent", {**consent, "status": status} if status else None)
    made["voices"] = [voice]


def _consent_by(made: dict[str, Any]) -> None:
    _put_into_consent(made, "by", lambda now: words("Who gave consent", _CONSENT_BY, now))


def _consent_date(made: dict[str, Any]) -> None:
    def asked(now: str) -> str:
        while True:
            date = words("When they did, such as 2026-11-23", _CONSENT_DATE, now)
            if not date or is_date(date):
                return date
            say("That is no date with one meaning. Write it like 2026-11-23 (or 2026-11).")

    _put_into_consent(made, "date", asked)


def _put_into_consent(made: dict[str, Any], member: str, asked: Callable[[str], str]) -> None:
    voice = _voice_of(made)
    consent = dict(voice["consent"])
    _put(consent, member, asked(consent.get(member, "")))
    made["voices"] = [{**voice, "consent": consent}]


def _about_tools(
    made: dict[str, Any], given: Mapping[str, Any], keep: Callable[[], None]
) -> Iterator[_Question]:
    if "tools" not in given:
        yield _Question("tools", lambda: ask_tools(made, keep), lambda: uses_ai(made))


def _about_the_declarant(made: dict[str, Any], given: Mapping[str, Any]) -> Iterator[_Question]:
    def role() -> None:
        now = dict(made.get("declarant") or {})
        _put(now, "role", pick("\nYou are signing as ...", _ROLES, now.get("role")))
        _put(made, "declarant", now)

    def name() -> None:
        now = dict(made.get("declarant") or {})
        question = "Your name, as it should stand in the declaration"
        _put(now, "name", words(question, _NAME, now.get("name", "")))
        _put(made, "declarant", now)

    if "role" not in given:
        yield _Question("role", role)
    if "name" not in given:
        yield _Question("name", name)
