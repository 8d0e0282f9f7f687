"""The message catalogues (``schemas/messages/<lang>.json``; spec 11.5, LBL)."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from provenance.model.errors import UsageError
from provenance.wire.schemas import schema_root


def languages() -> tuple[str, ...]:
    """The languages that have a catalogue, in byte order."""
    folder = schema_root() / "messages"
    return tuple(sorted(p.name.removesuffix(".json") for p in folder.iterdir()))


@cache
def catalogue(language: str) -> dict[str, Any]:
    """The catalogue of a language; ``de-AT`` falls back to ``de``. Raises ``UsageError``."""
    short = language.split("-", maxsplit=1)[0].casefold()
    if short not in languages():
        raise UsageError(
            f"no labels in '{language}' yet", hint=f"There are: {', '.join(languages())}."
        )
    path = schema_root() / "messages" / f"{short}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def listed(words: list[str], language: str) -> str:
    """Words as a list in this language: ``a, b and c``."""
    rules = catalogue(language)["list"]
    if len(words) < 2:
        return "".join(words)
    return f"{rules['separator'].join(words[:-1])}{rules['last']}{words[-1]}"
