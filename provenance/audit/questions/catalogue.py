"""The questions that can be asked: data and two queries each (``schemas/audit/queries``).

Nothing else is ever run: a question is chosen by its name, and its parameters are bound (AUD-103).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from provenance.audit.questions.credited import degree
from provenance.audit.questions.vocabulary import Value
from provenance.model.errors import UsageError
from provenance.model.levels import Level
from provenance.model.records import dataclass
from provenance.wire.schemas import load_json, schema_root

MAX_NUMBER = 1_000_000
_FOLDER = "audit/queries"
SUFFIXES: Mapping[str, str] = {"sql": "sql", "sparql": "rq"}
"""Engine to the suffix of its queries."""

Answer = dict[str, Value]


@dataclass(frozen=True)
class Question:
    """One named question."""

    name: str
    title: str
    answers: str
    """What it answers, in a sentence."""
    caveat: str
    """What its answer does not say."""
    parameters: Mapping[str, Mapping[str, Any]]
    columns: Mapping[str, Mapping[str, Any]]
    order: tuple[str, ...]
    """The columns by which rows are put in order; ``-`` before one puts the largest first."""

    def query(self, engine: str) -> str:
        """Its query for ``sql`` or ``sparql``."""
        file = schema_root() / _FOLDER / f"{self.name}.{SUFFIXES[engine]}"
        return file.read_text(encoding="utf-8")

    def values(self, settings: Sequence[str]) -> dict[str, Value]:
        """Values for its parameters: those of ``NAME=VALUE``, else the defaults.

        Raises ``UsageError`` for what it has no parameter for, and for what is no value of one.
        """
        given = {name: str(said["default"]) for name, said in self.parameters.items()}
        for setting in settings:
            name, _, value = setting.partition("=")
            if name not in self.parameters:
                hint = f"It has: {', '.join(self.parameters) or 'none'}."
                raise UsageError(f"{self.name} has no parameter '{name}'", hint=hint)
            given[name] = value
        return {name: self._bound(name, value) for name, value in given.items()}

    def _bound(self, name: str, value: str) -> Value:
        if self.parameters[name]["kind"] == "level":
            if value in set(Level):
                return degree(value)
            how = f"one of: {', '.join(Level)}"
        else:
            if value.isascii() and value.isdigit() and len(value) < 9 and int(value) <= MAX_NUMBER:
                return int(value)
            how = f"a whole number up to {MAX_NUMBER}"
        raise UsageError(f"'{value}' is no value of {name}", hint=f"Write {how}.")

    def ordered(self, rows: Iterable[Answer]) -> list[Answer]:
        """The rows with the question's columns, in its order, then by all columns.

        Both engines give the same rows; in which order is for neither of them.
        """
        found = [{name: row[name] for name in self.columns} for row in rows]
        found.sort(key=lambda row: [_key(value) for value in row.values()])
        for column in reversed(self.order):
            name = column.removeprefix("-")
            found = sorted(found, key=_by(name), reverse=column != name)
        return found


def _by(column: str) -> Callable[[Answer], tuple[bool, int, str]]:
    return lambda row: _key(row[column])


def _key(value: Value) -> tuple[bool, int, str]:
    """What is not stated comes last."""
    return (value is None, int(value), "") if isinstance(value, int) else _text(value)


def _text(value: str | None) -> tuple[bool, int, str]:
    return (value is None, 0, value or "")


@cache
def names() -> tuple[str, ...]:
    """The names of all questions."""
    found = (schema_root() / _FOLDER).glob("*.json")
    return tuple(sorted(path.stem for path in found))


def question(name: str) -> Question:
    """A question by its name; raises ``UsageError``."""
    if name not in names():
        raise UsageError(f"no question '{name}'", hint="See 'prov audit ask --list'.")
    plain = load_json(f"{_FOLDER}/{name}.json")
    return Question(
        name=name,
        title=plain["title"],
        answers=plain["answers"],
        caveat=plain["caveat"],
        parameters=plain["parameters"],
        columns=plain["columns"],
        order=tuple(plain["order"]),
    )
