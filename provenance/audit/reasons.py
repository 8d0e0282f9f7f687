"""Words for what an exhibit says by name: states, flags, reasons (spec 25.4).

The words are data, in every language of the report: ``schemas/audit/states.json`` and
``reasons.json``. Here they are looked up, and nothing is escaped: that is the renderer's.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from provenance.model.findings import Scalar
from provenance.wire.schemas import load_json

NOT_SAID = (
    "notTrue",
    "notDeclaredIsNotNone",
    "noDetectorRun",
    "marksUnverified",
    "rulesAreExamples",
    "nothingDecided",
)
"""What every report says that it does not say (AUD-051)."""

FALLBACK = "en"
UNREAD = "unreadable"
"""First of the reasons where no declaration was found, but what may be one could not be read."""
_WITHOUT_AUDIO, _UNCOMPARED, _BY_NAME = "withoutAudio", "audioNotCompared", "byName"


def reason(key: str, **detail: Scalar) -> dict[str, Any]:
    """A reason by its key, with the values that its words have places for."""
    return {"reason": key, "detail": detail}


def template(key: str, language: str, code: object = None) -> str | None:
    """The sentence of a reason, with its places open; None for one without words here.

    Where there are words for its ``code``, these.
    """
    words = reasons().get(f"{key}.{code}") or reasons().get(key)
    return None if words is None else _in(words, language)


def title(kind: str, name: str, language: str) -> str:
    """What a state or flag is called: ``kind`` is ``states`` or ``flags``."""
    return _in(names()[kind][name]["title"], language)


def meaning(kind: str, name: str, language: str) -> str:
    """What a state or flag means, in a sentence or two."""
    return _in(names()[kind][name]["meaning"], language)


def finding(exhibit: Mapping[str, Any], language: str) -> str:
    """What the state of an exhibit means: of its own where less is shown (spec 25.4).

    That is where the declaration that counts was found by name, or compared with no audio; and
    where it is not known whether there is one.
    """
    state = exhibit["state"]
    words = names()["states"][state].get(_kind(exhibit))
    return meaning("states", state, language) if words is None else _in(words, language)


def _kind(exhibit: Mapping[str, Any]) -> str:
    first = exhibit["why"][0]["reason"] if exhibit["why"] else ""
    if first == UNREAD:
        return "unreadByName" if _is_unread_by_name(exhibit) else "unread"
    if first == "tooMany":
        return first
    if is_by_name(exhibit):
        return _BY_NAME
    flags = {one["flag"] for one in exhibit["flags"]}
    return _WITHOUT_AUDIO if _UNCOMPARED in flags else ""


def _is_unread_by_name(exhibit: Mapping[str, Any]) -> bool:
    """Whether all that could not be read was found by name or likeness alone."""
    unread = {r["detail"]["evidence"] for r in exhibit["why"] if r["reason"] == UNREAD}
    return all(e["join"]["sure"] == "weak" for e in exhibit["evidence"] if e["id"] in unread)


def is_by_name(exhibit: Mapping[str, Any]) -> bool:
    """Whether the declaration that counts was found by name or likeness alone."""
    return any(d["counts"] and d["join"]["sure"] == "weak" for d in exhibit["declarations"])


@cache
def reasons() -> Mapping[str, Mapping[str, str]]:
    """All reasons with their words by language."""
    found: Mapping[str, Mapping[str, str]] = load_json("audit/reasons.json")
    return found


@cache
def names() -> Mapping[str, Mapping[str, Any]]:
    """All states and flags with their words by language."""
    found: Mapping[str, Mapping[str, Any]] = load_json("audit/states.json")
    return found


def _in(words: Mapping[str, str], language: str) -> str:
    return words.get(language.split("-", maxsplit=1)[0].casefold()) or words[FALLBACK]
