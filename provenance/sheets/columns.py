"""The columns of a sheet, as data: ``schemas/sheets/columns.json`` (spec 22.1)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from functools import cache

from provenance.files.tables import folded
from provenance.model.errors import RefusedError
from provenance.model.records import dataclass
from provenance.wire.registries import terms
from provenance.wire.schemas import load_json

FILE = "file"
"""The column that says which file a row is about."""
PASSED_OVER = "#"
"""Begins the name of a column that is not ours."""


@dataclass(frozen=True)
class Column:
    """One column: what its cells hold, and where that stands in a declaration."""

    name: str
    kind: str
    note: str
    terms: tuple[str, ...] = ()
    """The terms that a cell takes; none where any text will do."""
    member: tuple[str, ...] = ()
    """The path of the member: in the declaration, or in the tool or voice."""
    area: str | None = None
    tool: int | None = None
    voice: bool = False
    also: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[str, ...]:
        """What a drop-down list offers."""
        if self.kind == "yesno":
            return ("yes", "no")
        return self.terms if self.kind == "term" else ()


@cache
def columns() -> tuple[Column, ...]:
    """All columns, in the order in which a new sheet has them."""
    return tuple(
        Column(
            name=entry["column"],
            kind=entry["kind"],
            note=entry["note"],
            terms=tuple(t["term"] for t in terms(entry["terms"])) if "terms" in entry else (),
            member=tuple(entry.get("member", "").split("/")[1:]),
            area=entry.get("area"),
            tool=entry.get("tool"),
            voice=entry.get("voice", False),
            also=tuple(entry.get("also", ())),
        )
        for entry in load_json("sheets/columns.json")["columns"]
    )


@cache
def column(name: str) -> Column:
    """One column by its name."""
    return next(c for c in columns() if c.name == name)


@cache
def _known() -> dict[str, str]:
    """Folded names, other names among them, to the names of columns."""
    return {folded(text): c.name for c in columns() for text in (*c.also, c.name)}


def match(header: Sequence[str], used: Sequence[bool]) -> list[str | None]:
    """The column of each cell of a header; None for one that is passed over.

    ``used`` says which have any value below. Raises ``RefusedError`` for a header without
    ``file``, with a column twice (SHT-003), or with an unknown one in place of a known (SHT-004).
    """
    found: list[str | None] = []
    for text in header:
        name = None if text.strip().startswith(PASSED_OVER) else _known().get(folded(text))
        if name is not None and name in found:
            raise RefusedError("sheet.column-twice", f"two columns are named '{name}'")
        found.append(name)
    if FILE not in found:
        raise RefusedError("sheet.no-file-column")
    missing = [c.name for c in columns() if c.name not in found]
    others = passed_over(header, found, used)
    if missing and others:
        raise _unknown(others[0], missing)
    return found


def passed_over(
    header: Sequence[str], found: Sequence[str | None], used: Sequence[bool]
) -> tuple[str, ...]:
    """The names of columns that have values and are none of ours, though they do not say so."""
    return tuple(
        text.strip()
        for text, name, has_values in zip(header, found, used, strict=True)
        if name is None and has_values and not text.strip().startswith(PASSED_OVER)
    )


def _unknown(text: str, missing: list[str]) -> RefusedError:
    meant = [folded(m) for m in missing if _unnumbered(m) != _unnumbered(text)]
    near = difflib.get_close_matches(folded(text), meant, n=1, cutoff=0.5)
    known = next((m for m in missing if near and folded(m) == near[0]), None)
    lost = ", ".join(missing[:5]) + (" ..." if len(missing) > len(missing[:5]) else "")
    what = f"no column is named '{text}'" if text else "a column with values has no name"
    return RefusedError(
        "sheet.column-unknown",
        f"{what}, and these are missing: {lost}",
        hint=(f"If it is '{known}', give it this name back. " if known else "")
        + "Begin its name with # to have it passed over.",
    )


def _unnumbered(name: str) -> str:
    """A name with its number left open: who writes ``tool4`` means a fourth tool, not ``tool3``."""
    return re.sub(r"\d+", "#", folded(name))
