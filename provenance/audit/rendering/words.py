"""The words of a report in its language (AUD-073): plain for SVG and PDF, escaped for pages.

Foreign text is shown with control characters and direction overrides as escapes, and is isolated,
so that what stands around it keeps its order (UAX 9).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from provenance.audit import reasons
from provenance.audit.rendering.markup import Markup, escape
from provenance.labels.messages import catalogue
from provenance.model.errors import UsageError
from provenance.reports.escaping import shown
from provenance.wire.schemas import load_json, schema_root

MAX_SHOWN = 600
"""Characters of one foreign text on a page; the JSON has all of it."""
_PLACE = re.compile(r"\{(\w+)\}")
_ANCHOR = re.compile(r"[de][0-9]{1,6}")
_NAMES_A_PLACE = frozenset({"declaration", "other", "evidence"})
_FOLDER = "audit/messages"


def languages() -> tuple[str, ...]:
    """The languages that a report can be in, in byte order."""
    return tuple(sorted(p.stem for p in (schema_root() / _FOLDER).glob("*.json")))


@cache
def messages(language: str) -> Mapping[str, str]:
    """The messages of a report; ``sv-FI`` falls back to ``sv``. Raises ``UsageError``."""
    short = language.split("-", maxsplit=1)[0].casefold()
    if short not in languages():
        hint = f"There are: {', '.join(languages())}."
        raise UsageError(f"no report in '{language}' yet", hint=hint)
    found: Mapping[str, str] = load_json(f"{_FOLDER}/{short}.json")
    return found


class Words:
    """The words of one language: what is said, numbers, states, levels, reasons."""

    def __init__(self, language: str) -> None:
        self.language = language.split("-", maxsplit=1)[0].casefold()
        self._messages = messages(language)
        self._labels = catalogue(language)

    def text(self, key: str, **values: Any) -> str:
        """A message as plain text; every value in it is made harmless for a reader's eyes."""
        if not values:
            return self._messages[key]
        return _PLACE.sub(lambda m: self._plain(values[m[1]]), self._messages[key])

    def html(self, key: str, **values: Any) -> Markup:
        """A message for a page; every value in it is escaped and isolated."""
        return self._filled(self._messages[key], values)

    def raw(self, key: str) -> str:
        """A message with its places open."""
        return self._messages[key]

    def has(self, key: str) -> bool:
        """Whether there is such a message."""
        return key in self._messages

    def one_of(self, prefix: str, name: object) -> str:
        """The word for a term, such as ``status.PASSED``; the term itself where there is none."""
        return self._messages.get(f"{prefix}.{name}", str(name))

    def count(self, key: str, number: int) -> str:
        """``1 entry``, ``12 entries``."""
        return self.text(f"{key}.{'one' if number == 1 else 'other'}", n=number)

    def number(self, value: int) -> str:
        """A whole number with its digits in groups."""
        return f"{value:,}".replace(",", self._messages["number.group"])

    def share(self, part: int, whole: int) -> str:
        """A share in whole percent, halves up; ``0%`` of nothing."""
        return self.text("number.percent", n=percent(part, whole))

    def permille(self, value: int) -> str:
        """A permille as a number between 0 and 1, with three decimals."""
        whole, rest = divmod(value, 1000)
        return f"{whole}{self._messages['number.decimal']}{rest:03}"

    def time(self, value: str | None) -> str:
        """A UTC time as people read it; what is no such time as it stands."""
        if value is None:
            return self.text("notStated")
        day, _, clock = value.partition("T")
        if not clock.endswith("Z"):
            return shown(value, 40)
        return self.text("time.utc", date=day, time=clock[:-1])

    def state(self, name: str) -> str:
        """What a state is called; where nothing is declared, 'not stated' (AUD-069)."""
        return reasons.title("states", name, self.language)

    def flag(self, name: str) -> str:
        """What a flag is called."""
        return reasons.title("flags", name, self.language)

    def meaning(self, kind: str, name: str) -> str:
        """What a state or flag means; ``kind`` is ``states`` or ``flags``."""
        return reasons.meaning(kind, name, self.language)

    def finding(self, exhibit: Mapping[str, Any]) -> str:
        """What the state of an exhibit means, for this exhibit."""
        return reasons.finding(exhibit, self.language)

    def reason(self, one: Mapping[str, Any]) -> Markup:
        """A reason as a sentence for a page; what it names on the page is a link."""
        template, values = self._reason(one)
        names = {n: linked(v) for n, v in values.items() if n in _NAMES_A_PLACE}
        return self._filled(template, {**values, **names})

    def said(self, one: Mapping[str, Any]) -> str:
        """The same sentence as plain text, made harmless for a reader's eyes."""
        template, values = self._reason(one)
        return _PLACE.sub(lambda m: self._plain(values.get(m[1], m[0])), template)

    def _reason(self, one: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """The template of a reason, and the values for its places."""
        template = reasons.template(one["reason"], self.language, one["detail"].get("code"))
        if template is None:
            return "{key}", {"key": one["reason"]}
        values = dict(one["detail"])
        if isinstance(values.get("score"), int):
            values["score"] = self.permille(values["score"])
        return template, values

    def area(self, name: str | None) -> str:
        """What an area is called."""
        return str(self._labels["areas"].get(name, name))

    def level(self, name: str) -> str:
        """What a level is called, in two or three words."""
        return str(self._labels["levelWords"].get(name, name))

    def listed(self, names: list[str]) -> str:
        """Words as a list."""
        return self._messages["list.separator"].join(names)

    def value(self, value: Any) -> str:
        """A JSON value as a person reads it."""
        if value is None:
            return self.text("notStated")
        if isinstance(value, bool):
            return self.text("yes" if value else "no")
        if isinstance(value, int):
            return self.number(value)
        if isinstance(value, Mapping):
            pairs = [f"{name}: {self.value(one)}" for name, one in value.items()]
            return self.listed(pairs) or self.text("none")
        if isinstance(value, list | tuple):
            return self.listed([self.value(one) for one in value]) or self.text("none")
        return str(value)

    def _plain(self, value: Any) -> str:
        return shown(self.value(value), MAX_SHOWN)

    def _filled(self, template: str, values: Mapping[str, Any]) -> Markup:
        parts = _PLACE.split(template)
        made = [escape(text) for text in parts]
        for place in range(1, len(parts), 2):
            name = parts[place]
            found = values.get(name, f"{{{name}}}")
            made[place] = found if isinstance(found, Markup) else isolated(self.value(found))
        return Markup("").join(made)


def percent(part: int, whole: int) -> int:
    """A share in whole percent, halves up; 0 of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else 0


def isolated(value: object) -> Markup:
    """Foreign text for a page: harmless, cut, escaped, isolated; markup stays as it is."""
    if isinstance(value, Markup):
        return value
    text = escape(shown(str(value), MAX_SHOWN))
    return Markup(f"<bdi>{text}</bdi>")


def linked(name: object) -> Markup:
    """The id of a declaration or a piece of evidence, as a link to where it stands on the page."""
    if _ANCHOR.fullmatch(str(name)):
        return Markup('<a href="#{0}">{0}</a>').format(name)
    return isolated(name)
