"""Parquet, by DuckDB (extra ``catalog``): the columns of CSV with their types.

The rows are kept in a file of their own as they arrive; at the end DuckDB turns that file into
columns, within bounded memory, and the result is copied to the stream (ING-011).
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from provenance.model.errors import MissingExtraError
from provenance.reports.forms._rows import Value, columns, row
from provenance.reports.forms._spool import kept
from provenance.reports.forms.base import Form, Layout, Report

_MEMORY = "256MB"
_ROWS_A_GROUP = 50_000


class _Parquet:
    def __init__(self, out: IO[bytes], layout: Layout) -> None:
        del layout
        self._duckdb = _duckdb()
        self._out = out
        with kept():
            self._folder = TemporaryDirectory(prefix="musicprov-")
            self._rows = (Path(self._folder.name) / "rows.ndjson").open("wb")

    def each(self, name: str, report: Report) -> None:
        del name
        values = {column: _storable(value) for column, value in row(report).items()}
        with kept():
            self._rows.write(json.dumps(values).encode() + b"\n")

    def end(self) -> None:
        with self._folder as folder:
            made = Path(folder) / "made.parquet"
            with kept(self._duckdb.IOException):
                self._rows.close()
                _convert(self._duckdb, Path(self._rows.name), made)
            with made.open("rb") as stream:
                shutil.copyfileobj(stream, self._out)
        self._out.flush()


def _storable(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    return value.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\u0000")


def _duckdb() -> Any:
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtraError(
            "Parquet needs the extra 'catalog'",
            hint="Install it with: pip install 'musicprov[catalog]'; or use --format csv.",
        ) from error
    return duckdb


def _convert(duckdb: Any, rows: Path, made: Path) -> None:
    """NDJSON to Parquet in the same order; nothing is fetched, no other file is opened."""
    kinds = {column.name: column.kind for column in columns()}
    settings = {
        "memory_limit": _MEMORY,
        "threads": "1",
        "temp_directory": str(rows.parent),
        "autoinstall_known_extensions": "false",
        "allow_community_extensions": "false",
    }
    with duckdb.connect(":memory:", config=settings) as engine:
        table = engine.read_json(str(rows), columns=kinds, format="newline_delimited")
        table.write_parquet(str(made), compression="zstd", row_group_size=_ROWS_A_GROUP)


FORM = Form("columns with types, for analysis (extra catalog)", _Parquet, is_binary=True)
