"""A history as tables: the door to DuckDB (extra ``catalog``; spec 25.9).

Rows are written to files of their own and read from there in one go; from then on nothing outside
the database can be read or written, and no setting can be changed (AUD-103).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from provenance.audit.questions.history import Fact
from provenance.audit.questions.vocabulary import Table, Value, tables
from provenance.model.errors import MissingExtraError

MEMORY = "1GB"
_TYPES = {"text": "VARCHAR", "link": "VARCHAR", "integer": "BIGINT", "boolean": "BOOLEAN"}


@contextmanager
def loaded(facts: Iterable[Fact], file: Path | None = None) -> Iterator[Tables]:
    """The rows in a database: in memory, or in a new file."""
    duckdb = _duckdb()
    with TemporaryDirectory(prefix="musicprov-") as name:
        folder = Path(name)
        settings = {
            "memory_limit": MEMORY,
            "temp_directory": name,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
        }
        with duckdb.connect(":memory:" if file is None else str(file), config=settings) as engine:
            _fill(engine, facts, folder)
            engine.execute("SET enable_external_access = false")
            engine.execute("SET lock_configuration = true")
            yield Tables(engine)


class Tables:
    """The tables of ``schemas/audit/history.json``, to be asked."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def ask(self, query: str, values: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
        """The rows of a query in no certain order; ``values`` are bound, never written into it."""
        named = {name: value for name, value in values.items() if f"${name}" in query}
        found = self._engine.execute(query, named)
        names = [column[0] for column in found.description]
        while rows := found.fetchmany(1_000):
            yield from (dict(zip(names, map(_plain, row), strict=True)) for row in rows)


def _plain(value: Any) -> Value:
    """Sums come as huge integers, which Python has anyway; nothing else needs changing."""
    return value if value is None or isinstance(value, (bool, str)) else int(value)


def _fill(engine: Any, facts: Iterable[Fact], folder: Path) -> None:
    written = _write(facts, folder)
    for table in tables().values():
        columns = _columns(table)
        typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        engine.execute(f'CREATE TABLE "{table.name}" ({typed})')
        if table.name in written:
            rows = engine.read_json(  # noqa: F841 - DuckDB takes it by this name
                str(folder / table.name), columns=columns, format="newline_delimited"
            )
            engine.execute(f'INSERT INTO "{table.name}" SELECT * FROM rows')  # noqa: S608


def _columns(table: Table) -> dict[str, str]:
    return {"node": "VARCHAR"} | {one.name: _TYPES[one.kind] for one in table.columns}


def _write(facts: Iterable[Fact], folder: Path) -> set[str]:
    """A file of rows for each table; which tables have rows."""
    with ExitStack() as stack:
        files: dict[str, IO[str]] = {}
        for fact in facts:
            if fact.claim is not None:
                continue
            if fact.table not in files:
                out = (folder / fact.table).open("w", encoding="utf-8", newline="\n")
                files[fact.table] = stack.enter_context(out)
            names = _columns(tables()[fact.table])
            row = dict(zip(names, fact.row, strict=True))
            files[fact.table].write(json.dumps(row, ensure_ascii=False) + "\n")
        return set(files)


def _duckdb() -> Any:
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtraError(
            "questions to tables need the extra 'catalog'",
            hint="Install it with: pip install 'musicprov[catalog]'; or use --engine sparql.",
        ) from error
    return duckdb
