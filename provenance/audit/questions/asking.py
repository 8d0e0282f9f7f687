"""Asking a question over one report or many: by SQL over tables, or by SPARQL over a graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from provenance.audit.questions.catalogue import Answer, Question
from provenance.audit.questions.history import Fact, Tick, facts
from provenance.audit.questions.reports import opened
from provenance.audit.questions.vocabulary import Value
from provenance.model.errors import InputError

ENGINES = ("sql", "sparql")


class Engine(Protocol):
    """A loaded history."""

    def ask(self, query: str, values: Mapping[str, Value]) -> Iterable[Answer]:
        """The rows of a query, in no certain order."""


def ask(
    paths: Sequence[Path],
    question: Question,
    values: Mapping[str, Value],
    engine: str,
    tick: Tick,
) -> list[Answer]:
    """The rows of the answer, in the question's order; the same from both engines (AUD-100).

    Raises ``RefusedError`` for what is no report, ``MissingExtraError`` for an engine that is not
    installed.
    """
    with opened(paths) as reports, loaded(facts(reports, tick), engine) as history:
        return question.ordered(history.ask(question.query(engine), values))


def loaded(found: Iterable[Fact], engine: str) -> AbstractContextManager[Engine]:
    """A history in one of the engines, to be asked."""
    if engine == "sql":
        from provenance.audit.questions import tables

        return tables.loaded(found)
    from provenance.audit.questions import graph

    return graph.loaded(found)


def write(paths: Sequence[Path], file: Path, tick: Tick) -> None:
    """Write a history for other tools: N-Quads to ``*.nq``, else a DuckDB database.

    The file is there when it is whole. Raises ``InputError`` for one that exists and for a folder
    that does not, else as ``ask``.
    """
    if file.exists():
        raise InputError(f"{file}: exists already", hint="Name a new file.")
    if not file.parent.is_dir():
        raise InputError(f"{file.parent}: is no folder", hint="Make it first.")
    with (
        opened(paths) as reports,
        TemporaryDirectory(prefix=".musicprov-", dir=file.parent) as name,
    ):
        made = Path(name) / "history"
        found = facts(reports, tick)
        if file.suffix == ".nq":
            from provenance.audit.questions import graph

            graph.write(found, made)
        else:
            from provenance.audit.questions import tables

            with tables.loaded(found, made):
                pass
        made.rename(file)
