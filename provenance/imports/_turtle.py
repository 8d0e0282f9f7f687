"""Turtle by rdflib's parser, with a bound on the names it writes out, and few data types.

A short name costs as much as the whole one that it stands for. Of a typed literal rdflib makes a
value: of a decimal of a few bytes gigabytes of digits, of HTML a tree.
"""

from __future__ import annotations

from typing import Any

from rdflib import Graph, URIRef
from rdflib.plugins.parsers.notation3 import RDFSink, SinkParser

from provenance.model.errors import InputError
from provenance.wire import linked

MAX_NAMES = 8 << 20
"""Characters of all names, prefixes and bases written out."""


def read_turtle(text: str) -> Graph:
    """The graph of a text. Raises what rdflib raises, and ``InputError`` beyond the bound."""
    graph = Graph(bind_namespaces="none")
    SinkParser(_Sink(graph), baseURI=graph.absolutize(""), turtle=True).loadBuf(text)
    return graph


class _Sink(RDFSink):
    """Where the parser has its terms made."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(graph)
        self._left = MAX_NAMES

    def newSymbol(self, *args: str) -> URIRef:  # noqa: N802 (rdflib's name)
        """A name, written out."""
        self._left -= len(args[0])
        if self._left < 0:
            raise InputError(
                "RDF: its names come to more than 8 MiB when they are written out",
                hint="Import fewer declarations at once, with shorter names.",
            )
        return super().newSymbol(*args)

    def newLiteral(self, s: str, dt: URIRef | None, lang: str | None) -> Any:  # noqa: N802
        """A literal, as a text where its data type is none of the standard's."""
        return super().newLiteral(s, dt if str(dt) in linked.DATA_TYPES else None, lang)
