"""The guided questions: plain words, every one skippable, resumed where they stopped.

Each answer is kept at once, so leaving in the middle loses nothing. Nothing is assumed: a
skipped question leaves its area undeclared, which is never 'none'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from provenance.cli._options import quoted, say
from provenance.reports.escaping import shown
from provenance.workspace.drafting import Seen, drop_area, merged, set_level
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

_EXAMPLES = (
    "you sang, played or wrote it; ordinary pitch correction, synthesisers and samples are no AI",
    "AI noise removal, stem separation, AI mastering, pitch correction that learned from voices",
    "a chatbot proposed rhymes or titles; you wrote every line yourself",
    "a generated bass line beside your guitars; two generated lines in your text",
    "a chatbot wrote the text, and you changed a few words",
    "it came out of a generator; you wrote prompts and chose",
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
    questions = [(n, q) for n, q in _questions(made, given, again=again) if n not in answered]

    say(f"About {shown(str(seen.path))}. Press Enter to skip a question: then it is not declared.")
    if again:
        say("It was declared before; Enter keeps an answer.")
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
    home.keep_finished(seen.essence, made)
    return made


def _questions(
    made: dict[str, Any], given: Mapping[str, Any], *, again: bool
) -> list[tuple[str, Callable[[], None]]]:
    """The questions by name, without those that ``given`` answers."""
    subject, declarant = given.get("subject", {}), given.get("declarant", {})
    stated = {c.get("area") for c in given.get("contributions", [])}
    found: list[tuple[str, Callable[[], None]]] = [
        ("subject", lambda: _subject(made, set(subject)))
    ]
    for number, (area, text) in enumerate(AREAS, 1):
        if area not in stated:
            title = f"\n({number} of {len(AREAS)}) {text}"
            found.append((area, lambda area=area, title=title: _area(made, area, title)))  # type: ignore[misc]
    if "voices" not in given:
        found.append(("voice", lambda: _voice(made)))
    if "tools" not in given:
        found.append(("tools", lambda: _tools(made, again=again)))
    if not {"role", "name"} <= set(declarant):
        found.append(("declarant", lambda: _declarant(made, set(declarant))))
    return found


def _choose(
    question: str, choices: tuple[str, ...], now: int | None = None, examples: tuple[str, ...] = ()
) -> int | None:
    """The number of the choice, or None when the question is skipped; ``now`` is kept by Enter."""
    say(question)
    for number, choice in enumerate(choices, 1):
        say(f"  {number}  {choice}")
    numbers = [str(n) for n in range(1, len(choices) + 1)]
    skip = "Enter to skip" if now is None else f"Enter to keep {now + 1}, - to take it back"
    prompt = f"Number, {'? for examples, ' if examples else 'or '}{skip}"
    while True:
        answer = click.prompt(prompt, default="", show_default=False, err=True).strip()
        if answer in {"", "-"}:
            return now if answer == "" else None
        if answer in numbers:
            return int(answer) - 1
        if answer == "?" and examples:
            for number, example in enumerate(examples, 1):
                say(f"  {number}  for example: {example}")
            continue
        say(f"Please type a number from 1 to {len(choices)}, or just Enter.")


def _pick(question: str, terms: tuple[tuple[str, str], ...], now: object = None) -> str | None:
    """The term that was chosen from terms with their words."""
    names = [term for term, _ in terms]
    chosen = _choose(
        question,
        tuple(words for _, words in terms),
        names.index(str(now)) if now in names else None,
    )
    return None if chosen is None else names[chosen]


def _text(question: str, default: str = "") -> str:
    answer: str = click.prompt(
        question, default=shown(default), show_default=bool(default), err=True
    )
    return default if answer == shown(default) else answer.strip()


def _subject(made: dict[str, Any], given: set[str]) -> None:
    subject = dict(made.get("subject") or {})
    if "title" not in given:
        _put(subject, "title", _text("Title", subject.get("title", "")))
    if "artists" not in given:
        _artist(subject)
    if "isrc" not in given:
        _isrc(subject)
    _put(made, "subject", subject)


def _put(where: dict[str, Any], name: str, value: object) -> None:
    if value:
        where[name] = value


def _artist(subject: dict[str, Any]) -> None:
    before = subject.get("artists", [])
    names = ", ".join(a["name"] for a in before if a.get("name"))
    artist = _text("Artist", names)
    if not artist:
        return
    artists = before if artist == names else [{"name": artist}]
    identity = _pick(f"Is {shown(artist)} ...", _IDENTITIES, artists[0].get("identity"))
    first = {k: v for k, v in artists[0].items() if k != "identity"}
    _put(first, "identity", identity)
    subject["artists"] = [first, *artists[1:]]


def _isrc(subject: dict[str, Any]) -> None:
    from provenance.issuing.from_tags import clean_isrc

    isrc = _text("ISRC, if it has one", subject.get("isrc", ""))
    if not isrc:
        return
    clean = clean_isrc(isrc)
    _put(subject, "isrc", clean)
    if clean is None:
        say("That is not an ISRC (like GBXYZ2600123); left out.")


def _area(made: dict[str, Any], area: str, question: str) -> None:
    entries = [c for c in made.get("contributions", []) if c.get("area") == area]
    if len(entries) > 1:
        say(f"{question} This is declared in detail already; it stays as it is.")
        return
    level = entries[0].get("level") if entries else None
    now = LEVELS.index(level) if level in LEVELS else None
    answer = _choose(question, _CHOICES, now, _EXAMPLES)
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
    if levels.get("leadVocals") not in _AI_HEARD:
        return
    voice: dict[str, Any] = dict(before[0]) if before else {"area": "leadVocals"}
    kind = _pick("\nWhose voice does the AI voice have?", _VOICES, voice.get("kind"))
    if kind is None:
        return
    if kind != voice.get("kind"):
        voice = {"area": "leadVocals", "kind": kind}
    if kind == "thirdPartyClone":
        consent = voice.get("consent", {})
        status = _pick("Did that person agree?", _CONSENTS, consent.get("status"))
        if status is not None:
            voice["consent"] = {**consent, "status": status}
    made["voices"] = [voice]


def _tools(made: dict[str, Any], *, again: bool) -> None:
    used = {c.get("level") for c in made.get("contributions", [])} - {"none", None}
    if not used:
        return
    tools = list(made.get("tools", []))
    say("")
    if tools and again:
        names = ", ".join(str(t.get("system") or t.get("provider") or t["ref"]) for t in tools)
        say(f"AI tools so far: {shown(names)}.")
    while True:
        system = _text("Which AI tool was used (name; Enter when there are no more)")
        if not system:
            break
        tool = {"ref": _free_ref(tools), "system": system}
        provider, version = _text("  made by (company)"), _text("  version")
        tool |= {k: v for k, v in (("provider", provider), ("version", version)) if v}
        tools.append(tool)
    _put(made, "tools", tools)


def _free_ref(tools: list[dict[str, Any]]) -> str:
    taken = {t.get("ref") for t in tools}
    return next(ref for n in range(1, len(tools) + 2) if (ref := f"t{n}") not in taken)


def _declarant(made: dict[str, Any], given: set[str]) -> None:
    declarant = dict(made.get("declarant") or {})
    if "role" not in given:
        role = _pick("\nYou are signing as ...", _ROLES, declarant.get("role"))
        declarant = {**declarant, "role": role}
    if "name" not in given:
        question = "Your name, as it should stand in the declaration"
        declarant["name"] = _text(question, declarant.get("name", ""))
    _put(made, "declarant", {k: v for k, v in declarant.items() if v})
