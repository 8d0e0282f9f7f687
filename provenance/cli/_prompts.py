"""Asking one question: a number, a term, some words; each can be kept, skipped or taken back."""

from __future__ import annotations

import click

from provenance.cli._options import say
from provenance.reports.escaping import shown

KEEP, BACK, ABOUT = "", "-", "?"


def choose(
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
        answer = _typed(prompt)
        if answer in {KEEP, BACK}:
            return now if answer == KEEP else None
        if answer in numbers:
            return int(answer) - 1
        if answer == ABOUT and examples:
            for number, example in enumerate(examples, 1):
                say(f"  {number}  for example: {example}")
            continue
        say(f"Please type a number from 1 to {len(choices)}, or just Enter.")


def pick(question: str, terms: tuple[tuple[str, str], ...], now: object = None) -> str | None:
    """The term that was chosen from terms with their words."""
    names = [term for term, _ in terms]
    chosen = choose(
        question,
        tuple(words for _, words in terms),
        names.index(str(now)) if now in names else None,
    )
    return None if chosen is None else names[chosen]


def words(question: str, about: str, now: str = "") -> str:
    """Some words, empty when skipped or taken back; ``now`` is kept by Enter."""
    answer = typed(f"{question}, - to take it back" if now else question, about, now)
    return "" if answer == BACK else answer


def typed(question: str, about: str, now: str = "") -> str:
    """What is typed, ``-`` included; ``?`` is answered by ``about``."""
    while True:
        answer = _typed(question, now)
        if answer != ABOUT:
            return now if answer == shown(now).strip() else answer
        say(f"  {about}")


def _typed(question: str, now: str = "") -> str:
    answer: str = click.prompt(question, default=shown(now), show_default=bool(now), err=True)
    return answer.strip()
