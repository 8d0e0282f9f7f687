"""The tables of a history and their terms in RDF, from one piece of data (spec 25.9).

``schemas/audit/history.json`` says what the tables are; a table is a class, a column a property.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from provenance.model.records import dataclass
from provenance.wire.schemas import load_json

MAX_INTEGER = 2**53 - 1
_PROV = "http://www.w3.org/ns/prov#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_PYTHON = {"text": str, "link": str, "integer": int, "boolean": bool}

Value = str | int | bool | None
Row = tuple[Value, ...]
"""The node's name and then the columns, in the order of the table."""


@dataclass(frozen=True)
class Column:
    """One property of the rows of a table."""

    name: str
    kind: str
    """``text``, ``integer``, ``boolean``, or ``link``: the name of another node."""
    is_optional: bool
    also: str | None
    """The IRI of the term of PROV-O that says the same."""


@dataclass(frozen=True)
class Table:
    """One table: the class of its rows."""

    name: str
    cls: str
    also: str | None
    columns: tuple[Column, ...]
    is_in_graph: bool
    """Whether its rows stand in the graph, where they are not what the claims say themselves."""

    def fits(self, row: Row) -> bool:
        """Whether a row has the columns' kinds."""
        return len(row) == len(self.columns) + 1 and all(map(_fits, self.columns, row[1:]))


def _fits(column: Column, value: Value) -> bool:
    if value is None:
        return column.is_optional
    if type(value) is not _PYTHON[column.kind]:
        return False
    return not isinstance(value, int) or abs(value) <= MAX_INTEGER


@cache
def namespace() -> str:
    """The namespace of the terms."""
    return str(load_json("audit/history.json")["namespace"])


@cache
def tables() -> Mapping[str, Table]:
    """The tables by name, in the order of the data."""
    found = load_json("audit/history.json")["tables"]
    return {name: _table(name, plain) for name, plain in found.items()}


def _table(name: str, plain: Mapping[str, Any]) -> Table:
    return Table(
        name=name,
        cls=namespace() + plain["class"],
        also=_iri(plain.get("also")),
        columns=tuple(
            Column(column, said["kind"], bool(said.get("optional")), _iri(said.get("also")))
            for column, said in plain["columns"].items()
        ),
        is_in_graph="only" not in plain,
    )


def _iri(name: str | None) -> str | None:
    return None if name is None else name.replace("prov:", _PROV)


def context() -> dict[str, Any]:
    """The JSON-LD context of the terms, as ``schemas/context/audit-1.0.jsonld`` has it."""
    made: dict[str, Any] = {"mpa": namespace(), "prov": _PROV, "xsd": _XSD}
    made |= {"id": "@id", "type": "@type"}
    for table in tables().values():
        if table.is_in_graph:
            term = table.cls.removeprefix(namespace())
            made[term] = f"mpa:{term}"
            made |= {column.name: _term(column) for column in table.columns}
    return {"@context": made}


def _term(column: Column) -> Any:
    name = f"mpa:{column.name}"
    return {"@id": name, "@type": "@id"} if column.kind == "link" else name
