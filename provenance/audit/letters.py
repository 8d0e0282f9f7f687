"""Drafts of letters to labels about entries that are not stated, contradicted or not verifiable.

One plain text a label, in the report's language; it is written into a folder and sent to nobody
(spec 25.8). Foreign text stands on one line, with what turns or hides text as escapes.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TextIO

from provenance.audit import reasons
from provenance.audit.charts.columns import folded
from provenance.audit.known import known_lines
from provenance.audit.naming import instead_of
from provenance.audit.rendering.words import Words
from provenance.audit.report import AuditReport
from provenance.reports.escaping import shown
from provenance.wire.schemas import load_json, schema_root

STATES = frozenset({"undeclared", "contradicted", "unverifiable"})
"""What an entry is written about for (AUD-090)."""
MAX_LETTERS = 2_000
"""Labels that get a draft; a chart of a million labels gets no million files."""
_WIDTH = 78
_NAME = 60
_PLACES = 6
"""Weeks that are named one by one."""
_LONGEST = 800
"""Characters of one foreign text."""
_CAN = ("canDeclare", "canSend", "canEndorse", "canSupersede", "canVerify", "canEvidence",
        "canNotYours", "canGuide")  # fmt: skip
_FOLDER = "audit/letters"


@cache
def messages(language: str) -> Mapping[str, str]:
    """The words of a letter in one of ``languages``."""
    found: Mapping[str, str] = load_json(f"{_FOLDER}/{language}.json")
    return found


def languages() -> tuple[str, ...]:
    """The languages that letters can be in."""
    return tuple(sorted(path.stem for path in (schema_root() / _FOLDER).glob("*.json")))


def _language_of(report: AuditReport) -> str:
    """The language of the report; English where there are no letters in it."""
    short = str(report.head["audit"]["language"]).split("-", maxsplit=1)[0].casefold()
    return short if short in languages() else reasons.FALLBACK


def write_letters(report: AuditReport, folder: Path) -> int:
    """Write a draft for each label that has such entries; how many there are.

    Makes the folder. Sends nothing (AUD-091).
    """
    folder.mkdir(exist_ok=True)
    labels: dict[str, list[int]] = {}
    left_out: set[str] = set()
    for one in report.exhibits():
        if one["state"] in STATES:
            label = folded(one["recording"]["label"])
            if label in labels or len(labels) < MAX_LETTERS:
                labels.setdefault(label, []).append(one["exhibit"])
            else:
                left_out.add(label)
    words, taken = messages(_language_of(report)), set[str]()
    for numbers in labels.values():
        label = report.exhibit(numbers[0])["recording"]["label"] or words["fileUnknown"]
        name = _file_name(label, taken)
        with (folder / name).open("w", encoding="utf-8", newline="\n") as out:
            _Letter(report, numbers, out).write()
    if left_out:
        text = words["notDrafted"].format(n=len(left_out), most=MAX_LETTERS)
        path = folder / "not-drafted.txt"
        path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return len(labels)


def _file_name(label: str, taken: set[str]) -> str:
    """A name that every system takes and no other letter has, whatever the label (AUD-095)."""
    plain = unicodedata.normalize("NFKD", label[:1000]).encode("ascii", "ignore").decode().lower()
    words = "".join(c if c.isalnum() else " " for c in plain).split()
    base = "to-" + ("-".join(words)[:_NAME].strip("-") or "label")
    number = 1
    while (name := f"{base}{f'-{number}' if number > 1 else ''}.txt") in taken:
        number += 1
    taken.add(name)
    return name


class _Letter:
    """One letter that is being written."""

    def __init__(self, report: AuditReport, numbers: Sequence[int], out: TextIO) -> None:
        self._report = report
        self._head = report.head
        self._audit: Mapping[str, Any] = report.head["audit"]
        self._language = _language_of(report)
        self._words = messages(self._language)
        self._reasons = Words(self._language)
        self._files = {one["number"]: one["name"] for one in report.head["inputs"]}
        self._numbers = numbers
        self._out = out

    def write(self) -> None:
        """The whole letter, line by line."""
        self._lines(self._opening())
        for place, number in enumerate(self._numbers, 1):
            self._lines(self._entry(place, self._report.exhibit(number)))
        self._lines(self._closing())

    def _lines(self, lines: Iterator[str]) -> None:
        self._out.writelines(f"{line}\n" for line in lines)

    def _say(self, key: str, **values: object) -> str:
        """A message; no value in it breaks its line or turns it (AUD-094)."""
        return self._words[key].format_map({n: _line(str(v)) for n, v in values.items()})

    def _opening(self) -> Iterator[str]:
        audit, label = self._audit, self._report.exhibit(self._numbers[0])["recording"]["label"]
        yield self._say("draft")
        yield from _wrapped(self._say("draftNote"))
        yield ""
        yield self._say("date", date=audit["at"].partition("T")[0])
        yield self._say("from" if audit["auditor"] else "fromUnknown", auditor=audit["auditor"])
        yield self._say("to" if label else "toUnknown", label=label)
        yield self._say("subject" if audit["title"] else "subjectUnknown", title=audit["title"])
        yield self._say("answer")
        yield from ("", self._say("hello"), "")
        at = audit["at"].replace("T", " ").replace("Z", " UTC")
        what = self._say(
            "what" if audit["title"] else "whatUnknown",
            title=audit["title"],
            weeks=self._weeks(),
            at=at,
        )
        whose = self._say("whose" if label else "whoseUnknown")
        yield from _wrapped(f"{what} {whose} {self._say('each')}")
        for key in ("decided", "silence"):
            yield ""
            yield from _wrapped(self._say(key))
        count = len(self._numbers)
        yield from ("", "", self._say(f"entries.{'one' if count == 1 else 'other'}", n=count))

    def _weeks(self) -> str:
        weeks = [one["week"] for one in self._head["weeks"]]
        key = ("weekNone", "weekOne", "weekMany")[min(len(weeks), 2)]
        return self._say(key, first=weeks[0], last=weeks[-1]) if weeks else self._say(key)

    def _entry(self, place: int, exhibit: Mapping[str, Any]) -> Iterator[str]:
        """One recording: what the chart says of it, what is known and from whom (AUD-092)."""
        one, language = exhibit["recording"], self._language
        yield ""
        yield self._say("entry", n=place, title=one["title"] or self._words["noTitle"])
        yield "   " + self._say("artist", artist=one["artist"] or self._words["noArtist"])
        yield "   " + self._say("isrc", isrc=one["isrc"] or self._no_isrc(exhibit))
        yield from self._on_chart(exhibit)
        yield "   " + self._say("exhibit", n=exhibit["exhibit"])
        state = reasons.title("states", exhibit["state"], language)
        meaning = reasons.finding(exhibit, language)
        yield from _wrapped(self._say("state", state=state, meaning=meaning), "   ", "   ")
        flags = [reasons.title("flags", flag["flag"], language) for flag in exhibit["flags"]]
        if flags:
            yield from _wrapped(self._say("flags", flags="; ".join(flags)), "   ", "   ")
        yield "   " + self._say("known")
        why = [_line(self._reasons.said(reason)) for reason in exhibit["why"]]
        yield from _listed([*why, *known_lines(exhibit, self._files, language, self._say)])
        yield "   " + self._say("notChecked")
        yield from _listed(_line(self._reasons.said(r)) for r in exhibit["notChecked"])

    def _no_isrc(self, exhibit: Mapping[str, Any]) -> str:
        """That there is none, and what the chart has instead."""
        value = instead_of(exhibit, "isrc")
        return self._words["noIsrc"] if value is None else self._say("notIsrc", value=value)

    def _on_chart(self, exhibit: Mapping[str, Any]) -> Iterator[str]:
        """Where the recording stood, under each name that the chart gives it."""
        named: dict[tuple[str, str], list[Mapping[str, Any]]]
        named = {(one["title"], one["artist"]): [] for one in exhibit["recording"]["otherNames"]}
        mine: list[Mapping[str, Any]] = []
        for one in exhibit["appearances"]:
            named.get((one["title"], one["artist"]), mine).append(one)
        yield "   " + self._say("onChart", places=self._places(mine))
        others = [
            self._say(
                "otherName",
                title=title or self._words["noTitle"],
                artist=artist or self._words["noArtist"],
                places=self._places(found),
            )
            for (title, artist), found in named.items()
        ]
        for text in others[:_PLACES]:
            yield from _wrapped(text, "   ", "   ")
        if len(others) > _PLACES:
            yield "   " + self._say("more", n=len(others) - _PLACES)

    def _places(self, found: Sequence[Mapping[str, Any]]) -> str:
        """Where the recording stood: each place, or when and how high."""
        if len(found) <= _PLACES:
            return "; ".join(
                self._say("place" if one["rank"] else "placeNoRank", **one) for one in found
            )
        ranks = [one["rank"] for one in found if one["rank"]]
        weeks = sorted({one["week"] for one in found})
        key = "placesMany" if ranks else "placesManyNoRank"
        best = min(ranks, default=0)
        return self._say(key, n=len(weeks), first=weeks[0], last=weeks[-1], best=best)

    def _closing(self) -> Iterator[str]:
        yield from ("", "", self._say("can"), "")
        for key in _CAN:
            yield from _wrapped(self._say(key), "- ", "  ")
        yield from ("", "", self._say("says"), "")
        for key in self._head["notSaid"]:
            said = self._reasons.said(reasons.reason(key))
            yield from _wrapped(_line(said), "- ", "  ")
        yield from ("", "")
        yield self._say("audit", id=self._audit["id"], **self._head["tool"])


def _line(text: str) -> str:
    """Foreign text on one line, with what turns or hides it as escapes, and cut."""
    return shown(text, _LONGEST)


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    """Lines of a paragraph; a long word stays whole."""
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _listed(texts: Sequence[str] | Iterator[str]) -> Iterator[str]:
    for text in texts:
        yield from _wrapped(text, "   - ", "     ")
