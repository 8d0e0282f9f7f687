"""What is joined to one recording, in the order in which it was found (spec 25.3, 25.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import Any

from provenance.audit.model import Item, Sure
from provenance.model.findings import Scalar
from provenance.model.records import dataclass

MAX_EVIDENCE = 256
"""Items of one recording that are looked at (AUD-049)."""
BY_NAME = frozenset({"name", "artist", "fileName"})
"""Joins that rest on a name alone."""
BY_DECLARATION = "declaration"
"""The join of a track to which nothing but a declaration about other audio ties it (AUD-117)."""
_RANK = {Sure.CERTAIN: 2, Sure.LIKELY: 1, Sure.WEAK: 0}

Join = tuple[Item, str, str, Mapping[str, Scalar]]
"""An item, by what it was joined, how sure that is, and the details."""


@dataclass(frozen=True)
class Found:
    """One item of evidence with its join to the recording."""

    id: str
    item: Item
    by: str
    sure: Sure
    detail: Mapping[str, Scalar]

    @property
    def rank(self) -> int:
        """From 0, by name or likeness, up: for comparing joins."""
        return _RANK[self.sure]

    @property
    def is_weak(self) -> bool:
        """Whether a person has to look if it belongs here at all."""
        return self.sure is Sure.WEAK

    @property
    def is_stray(self) -> bool:
        """Whether it is audio that only a declaration about other audio ties to the recording."""
        return self.by == BY_DECLARATION

    @property
    def says(self) -> Mapping[str, Any]:
        """What the item says, with its private members."""
        return self.item.says

    @property
    def report(self) -> Mapping[str, Any] | None:
        """The verification report of a track or manifest; None for other kinds."""
        found: Mapping[str, Any] | None = self.item.says.get("_report")
        return found

    @property
    def values(self) -> Sequence[str]:
        """The statements that took part in its verification, with their time-stamps."""
        found: Sequence[str] = self.item.says.get("_tokens", ())
        return found

    @cached_property
    def tokens(self) -> Sequence[str]:
        """The same as they were signed, which is without time-stamps."""
        return [_signed_text(value) for value in self.values]

    @property
    def later(self) -> int:
        """How many of its statements are of later than the audit, and were left out (AUD-059)."""
        return len(self.says.get("_later") or ())

    @property
    def named(self) -> Iterator[tuple[str, str]]:
        """Statements that only a name ties to its audio, and the code of comparing them."""
        return ((one["sid"], one["code"]) for one in self.says.get("_named") or ())

    @property
    def views(self) -> Iterator[Found]:
        """It as it was verified, then as others than its own were compared with its audio."""
        yield self
        compared = self.says.get("_compared")
        if compared is not None:
            says = {**self.says, "_report": compared["report"], "_tokens": compared["tokens"]}
            yield replace(self, item=replace(self.item, says=says))

    @property
    def join(self) -> dict[str, Any]:
        """The join as an exhibit has it."""
        return {"by": self.by, "sure": self.sure.value, "detail": dict(self.detail)}

    def as_json(self, *, contradicts: bool) -> dict[str, Any]:
        """The evidence as an exhibit has it: without what is private to the audit."""
        return {
            "id": self.id,
            "kind": self.item.kind,
            "input": self.item.input,
            "where": self.item.where,
            "join": self.join,
            "says": {name: value for name, value in self.says.items() if name[0] != "_"},
            "contradicts": contradicts,
        }


def _signed_text(value: str) -> str:
    """A statement as compact JWS; what is none as it stands."""
    if value[:1] != "{":
        return value
    from provenance.signing.bundle import as_statement, compact_of

    statement = as_statement(value.encode("utf-8", "replace"))
    return value if statement is None else compact_of(statement)


def numbered(joins: Iterable[Join]) -> tuple[tuple[Found, ...], bool]:
    """The evidence ``e1``, ``e2`` ...; and whether there was more than is looked at."""
    taken = list(islice(joins, MAX_EVIDENCE + 1))
    found = (
        Found(f"e{n}", item, by, Sure(sure), detail)
        for n, (item, by, sure, detail) in enumerate(taken[:MAX_EVIDENCE], 1)
    )
    return tuple(found), len(taken) > MAX_EVIDENCE


def of_kind(evidence: Sequence[Found], kind: str) -> list[Found]:
    """The evidence of one kind."""
    return [one for one in evidence if one.item.kind == kind]
