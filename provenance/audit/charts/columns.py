"""The columns of a chart and what people call them, as data (spec 25.2)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from provenance.model.errors import UsageError
from provenance.wire.schemas import load_json


@cache
def data() -> dict[str, Any]:
    """``schemas/audit/columns.json``: columns, words and what stands between two texts."""
    found: dict[str, Any] = load_json("audit/columns.json")
    return found


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """A header with what does not count taken away: case, spaces, punctuation."""
    plain = unicodedata.normalize("NFKC", text[:200]).casefold()
    return "".join(c for c in plain if c.isalnum()) or plain.strip()


@cache
def names() -> tuple[str, ...]:
    """The columns by the names that ``--map`` takes."""
    return tuple(column["column"] for column in data()["columns"])


@cache
def known(strength: str) -> Mapping[str, str]:
    """Folded headers to columns: of strength ``also`` (taken at once) or ``weak``."""
    own = {folded(name): name for name in names()} if strength == "also" else {}
    return {folded(a): c["column"] for c in data()["columns"] for a in c[strength]} | own


@cache
def words(name: str) -> frozenset[str]:
    """A list of words of the data, in lower case: ``empty``, ``newEntry`` and the like."""
    return frozenset(data()[name])


def chosen(asked: Mapping[str, str]) -> dict[str, str]:
    """What ``--map`` says, by our names; raises ``UsageError`` for a column that there is not."""
    ours = {folded(name): name for name in names()}
    found = {}
    for name, header in asked.items():
        if folded(name) not in ours:
            raise UsageError(
                f"--map {name}: a chart has no such column",
                hint=f"Columns are: {', '.join(names())}.",
            )
        found[ours[folded(name)]] = header
    return found
