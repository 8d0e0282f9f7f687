"""What an exhibit knows, as lines of plain text that each say from whom it is (spec 25.8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from provenance.audit.rendering.exhibits import holder_of, rung_of
from provenance.audit.rendering.words import Words

_MOST = 20
"""Lines of a letter about one recording, and credits of one line; the report has all."""
_TOLD = frozenset(
    {"endorsement.dispute", "currency.withdrawn", "identity.unknown", "binding.not-checked"}
    | {"carrier.scan-incomplete", "carrier.unreadable-item"}
)
"""Codes with words of their own for what became of the declaration in a file."""


class Say(Protocol):
    """A message by its key, with its values made harmless."""

    def __call__(self, key: str, **values: object) -> str:
        """The message."""


def known_lines(
    exhibit: Mapping[str, Any], files: Mapping[int, str], language: str, say: Say
) -> Iterator[str]:
    """Each declaration and piece of evidence, with its source (AUD-092).

    ``files`` are the names of the inputs by number.
    """
    lines = _Lines(exhibit, files, Words(language), say)
    found = [*lines.declarations(), *lines.evidence()]
    yield from found[:_MOST]
    if len(found) > _MOST:
        yield say("more", n=len(found) - _MOST)
    if not found:
        yield say("nothingKnown")


class _Lines:
    def __init__(
        self, exhibit: Mapping[str, Any], files: Mapping[int, str], words: Words, say: Say
    ) -> None:
        self._exhibit = exhibit
        self._files = files
        self._words = words
        self._say = say

    def declarations(self) -> Iterator[str]:
        """Who signed what, and who disputes it."""
        for one in self._exhibit["declarations"]:
            is_held = one["status"] != "FAILED"
            who = one["signer"] or {}
            yield self._say(
                "declaration" if is_held else "declarationSilent",
                id=one["id"],
                signer=self._signer(who),
                rung=rung_of(who, self._words, self._words.text),
                date=((one["time"] or {}).get("claimed") or self._say("notSaid"))[:10],
                sentence=one["sentence"] or "",
            ).strip()
            for other in one["endorsements"]:
                if other["act"] == "disputes":
                    yield self._disputed(one["id"], other)

    def _signer(self, who: Mapping[str, Any]) -> str:
        """Whose key it is by whoever knows; else the key, and what it calls itself as that."""
        if who.get("name"):
            return holder_of(who, self._words)
        if who.get("callsItself"):
            named = {"name": who["callsItself"], "thumbprint": who["key"]}
            return self._say("signerUnknown", **named)
        if who.get("key"):
            return self._say("signerKey", thumbprint=who["key"])
        return self._words.text("declaration.nobody")

    def _disputed(self, about: str, other: Mapping[str, Any]) -> str:
        """Who disputes a declaration, and that nobody knows them where that is so."""
        is_known = other["name"] and other["code"] != "endorsement.unknown-endorser"
        key = "disputed" if is_known else "disputedByUnknown"
        key += "" if other["limits"] else "Only"
        named = {"name": other["name"], "thumbprint": other["key"], "limits": other["limits"]}
        return self._say(key, id=about, **named)

    def evidence(self) -> Iterator[str]:
        """Each piece of evidence; what was found by name alone says so."""
        kinds = {
            "track": self._track,
            "manifest": self._manifest,
            "ern": self._ern,
            "detector": self._detector,
            "crowdList": self._crowd_list,
            "credits": self._credits,
        }
        for one in self._exhibit["evidence"]:
            by_name = one["join"]["by"] in {"name", "fileName", "artist"}
            for line in kinds[one["kind"]](one, one["says"]):
                yield f"{line} {self._say('byName')}" if by_name else line

    def _file(self, one: Mapping[str, Any]) -> str:
        return self._files.get(one["input"], self._say("notSaid"))

    def _status(self, says: Mapping[str, Any]) -> str:
        """What became of the declaration in a file, by its code where that has words."""
        code = says["code"]
        return self._say(f"status.{code if code in _TOLD else says['status']}", code=code)

    def _track(self, one: Mapping[str, Any], says: Mapping[str, Any]) -> Iterator[str]:
        file = self._file(one)
        yield self._say("track", id=one["id"], file=file, status=self._status(says))
        for mark in says["marks"] or ():
            kind, where = mark["kind"], mark["where"]
            yield self._say("mark", id=one["id"], file=file, kind=kind, where=where)

    def _manifest(self, one: Mapping[str, Any], says: Mapping[str, Any]) -> Iterator[str]:
        status = self._status(says)
        yield self._say("manifest", id=one["id"], file=self._file(one), status=status)

    def _ern(self, one: Mapping[str, Any], says: Mapping[str, Any]) -> Iterator[str]:
        parts = [
            self._say("ernArea", area=self._words.area(a), level=self._words.level(level))
            for a, level in says["areas"].items()
        ]
        if says["containsAi"] is not None:
            contains = {True: self._say("yes"), False: self._say("no")}
            told = contains.get(says["containsAi"], says["containsAi"])
            parts.append(self._say("ernSays", contains=told))
        yield self._say(
            "ern",
            id=one["id"],
            file=self._file(one),
            sender=says["sender"] or self._say("notSaid"),
            says="; ".join(parts) or self._say("ernNothing"),
        )

    def _detector(self, one: Mapping[str, Any], says: Mapping[str, Any]) -> Iterator[str]:
        named = {name: says[name] for name in ("tool", "version", "date")}
        score = self._words.permille(says["score"])
        yield self._say("detector", id=one["id"], file=self._file(one), score=score, **named)

    def _crowd_list(self, one: Mapping[str, Any], says: Mapping[str, Any]) -> Iterator[str]:
        key = "crowdListRemoved" if says["removed"] else "crowdList"
        yield self._say(key, id=one["id"], list=says["list"], artist=says["artist"])

    def _credits(self, one: Mapping[str, Any], says: Mapping[str, Any]) -> Iterator[str]:
        names = [self._say("credit", **credit) for credit in says["credits"][:_MOST]]
        if len(says["credits"]) > _MOST:
            names.append(self._say("more", n=len(says["credits"]) - _MOST))
        yield self._say("credits", id=one["id"], file=self._file(one), names="; ".join(names))
