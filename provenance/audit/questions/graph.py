"""A history as RDF: the door to Oxigraph, through oxrdflib (extra ``graph``; spec 25.9).

What auditors found stands in the default graph, in the terms of ``schemas/audit/history.json``;
each claim stands, as chapter 24 writes it, in a graph of its own that is named by the statement's
identity. So no claim is ever merged with a finding or with another claim (AUD-105).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from provenance.audit.questions.claims import Claim
from provenance.audit.questions.history import Fact
from provenance.audit.questions.vocabulary import Row, Table, Value, namespace, tables
from provenance.exports.base import Source
from provenance.exports.rdf import EXPORT as RDF
from provenance.model.errors import MissingExtraError

if TYPE_CHECKING:
    from rdflib import Graph as View

_A = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_ASKED = "asked"
"""The node that has the values of a question while it is asked."""


@contextmanager
def loaded(facts: Iterable[Fact]) -> Iterator[Graph]:
    """The facts in a store in memory."""
    oxigraph, wrapped = _oxigraph()
    from rdflib import Graph as View
    from rdflib.graph import DATASET_DEFAULT_GRAPH_ID as DEFAULT

    store = oxigraph.Store()
    with TemporaryDirectory(prefix="musicprov-") as name:
        quads = Path(name) / "history.nq"
        write(facts, quads)
        store.bulk_load(path=str(quads), format=oxigraph.RdfFormat.N_QUADS)
    view = View(store=wrapped(store=store), identifier=DEFAULT)
    yield Graph(store, view, oxigraph)


class Graph:
    """The graphs of a history, to be asked."""

    def __init__(self, store: Any, view: View, oxigraph: Any) -> None:
        self._store = store
        self._view = view
        self._oxigraph = oxigraph

    def ask(self, query: str, values: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
        """The rows of a query in no certain order.

        ``values`` are put into the graph, as properties of ``mpa:asked``, and not into the query.
        """
        subject = f"<{namespace()}{_ASKED}>"
        lines = [f"{subject} {_term(name)} {_literal(value)} .\n" for name, value in values.items()]
        quads = [*self._oxigraph.parse("".join(lines).encode(), self._oxigraph.RdfFormat.N_QUADS)]
        self._store.extend(quads)
        try:
            found = self._view.query(query)
            names = [str(name) for name in found.vars or ()]
            for one in found.bindings:
                values_of = {str(name): value for name, value in one.items()}
                yield {name: _plain(values_of.get(name)) for name in names}
        finally:
            for quad in quads:
                self._store.remove(quad)


def _plain(node: Any) -> Value:
    if node is None:
        return None
    kind = str(getattr(node, "datatype", None) or "")
    if kind == f"{_XSD}integer":
        return int(str(node))
    return str(node) == "true" if kind == f"{_XSD}boolean" else str(node)


def write(facts: Iterable[Fact], path: Path) -> None:
    """Write N-Quads; a new file."""
    with path.open("x", encoding="utf-8", newline="\n") as out:
        for fact in facts:
            if fact.claim is not None:
                out.writelines(_claim(fact.claim))
            elif tables()[fact.table].is_in_graph:
                out.writelines(_row(tables()[fact.table], fact.row))


def _claim(claim: Claim) -> Iterator[str]:
    """The triples of chapter 24, in the graph that is named by the statement's identity."""
    source = Source(claim.manifest, claim.token, {"format": "n-triples"})
    graph = f"<ni:///sha-256;{claim.sid}>"
    for line in RDF.render(source).data.decode("utf-8").split("\n"):
        if line:
            yield f"{line.removesuffix('.')}{graph} .\n"


def _row(table: Table, row: Row) -> Iterator[str]:
    subject = f"<{row[0]}>"
    yield f"{subject} {_A} <{table.cls}> .\n"
    if table.also is not None:
        yield f"{subject} {_A} <{table.also}> .\n"
    for column, value in zip(table.columns, row[1:], strict=True):
        if value is None:
            continue
        node = f"<{value}>" if column.kind == "link" else _literal(value)
        yield f"{subject} {_term(column.name)} {node} .\n"
        if column.also is not None:
            typed = f"{node}^^<{_XSD}dateTime>" if column.kind == "text" else node
            yield f"{subject} <{column.also}> {typed} .\n"


def _term(name: str) -> str:
    return f"<{namespace()}{name}>"


def _literal(value: Value) -> str:
    """A literal of N-Quads: JSON's escapes of a text are among those of N-Quads."""
    if isinstance(value, bool):
        return f'"{str(value).lower()}"^^<{_XSD}boolean>'
    if isinstance(value, int):
        return f'"{value}"^^<{_XSD}integer>'
    return json.dumps(value, ensure_ascii=False)


def _oxigraph() -> tuple[Any, Any]:
    try:
        import pyoxigraph
        from oxrdflib import OxigraphStore
    except ImportError as error:
        raise MissingExtraError(
            "questions to a graph need the extra 'graph'",
            hint="Install it with: pip install 'musicprov[graph]'; or use --engine sql.",
        ) from error
    return pyoxigraph, OxigraphStore
