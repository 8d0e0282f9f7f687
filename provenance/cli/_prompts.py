"""Asking one question: a number, a term, some words; each can be kept, skipped or taken back."""

from __future__ import annotations

import click

from provenance.cli._options import say
from provenance.reports.escaping import shown

KEEP, BACK, ABOUT, BEFORE = "", "-", "?", "<"
Term = tuple[str, str, str]
"""A term, its words in an answer, and what is meant by it."""


class GoBack(Exception):  # noqa: N818
    """Whoever is asked wants the question before this one again."""


def choose(
    question: str,
    choices: tuple[str, ...],
    about: tuple[str, ...],
    names: tuple[str, ...],
    now: int | None = None,
    told: str = "what each means",
) -> int | None:
    """Which choice, counted from 0, or None when the question is skipped; Enter keeps ``now``.

    Each has a name in a declaration, which may be typed in place of its number. ``about`` is shown
    for ``?``, a line for each choice; ``told`` names what these lines are.
    """
    say(question)
    _list(choices)
    numbers = [str(n) for n in range(1, len(choices) + 1)]
    typable = [name.casefold() for name in names]
    skip = "Enter to skip" if now is None else f"Enter to keep {now + 1}, - to take it back"
    while True:
        answer = _typed(f"Number, ? for {told}, {skip}")
        if answer in {KEEP, BACK}:
            return now if answer == KEEP else None
        if answer in numbers:
            return int(answer) - 1
        if answer.casefold() in typable:
            return typable.index(answer.casefold())
        if answer == ABOUT:
            _list(tuple(f"{shown(name)}: {line}" for name, line in zip(names, about, strict=True)))
            continue
        say(f"Please type a number from 1 to {len(choices)}, or just Enter.")


def _list(lines: tuple[str, ...]) -> None:
    for number, line in enumerate(lines, 1):
        say(f"  {number}  {line}")


def pick(question: str, terms: tuple[Term, ...], now: object = None) -> str | None:
    """The term that was chosen; ``now`` may be one that is not offered, and is kept by Enter."""
    if now and now not in [term for term, *_ in terms]:
        terms = (*terms, (str(now), shown(str(now)), "as it is declared already"))
    names = [term for term, *_ in terms]
    chosen = choose(
        question,
        tuple(words for _, words, _ in terms),
        tuple(about for *_, about in terms),
        tuple(names),
        names.index(str(now)) if now else None,
    )
    return None if chosen is None else names[chosen]


def words(question: str, about: str, now: str = "", tagged: str | None = None) -> str:
    """Some words, empty when skipped or taken back; ``now`` is kept by Enter.

    What the file's tags say (``tagged``) nobody has declared that could take it back.
    """
    kept = ", as the file's tags have it" if now == tagged else ", - to take it back"
    answer = typed(f"{question}{kept}" if now else question, about, now)
    return "" if answer == BACK != now else answer


def typed(question: str, about: str, now: str = "") -> str:
    """What is typed, ``-`` included; ``?`` is answered by ``about``."""
    while True:
        answer = _typed(question, now)
        if now and answer == shown(now).strip():
            return now
        if answer != ABOUT:
            return answer
        say(f"  {about}")


def _typed(question: str, now: str = "") -> str:
    """What is typed, or ``now``; raises ``GoBack`` for ``<``."""
    answer: str = click.prompt(question, default=shown(now), show_default=bool(now), err=True)
    if answer.strip() == BEFORE != now:
        raise GoBack
    return answer.strip()
