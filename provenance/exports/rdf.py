"""RDF: a declaration as JSON-LD, Turtle or N-Triples, with PROV-O beside our own terms (spec 24).

Nothing is lost. The triples are those that a JSON-LD processor makes of the document by the
packaged context; they are made here one by one, so that no processor reads a context or changes
the spelling of a time, and the same declaration gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from provenance.exports._forms import parameters_of, refuse_into
from provenance.exports._rdf_document import document_of
from provenance.exports.base import Export, Exported, Source
from provenance.model.errors import UsageError
from provenance.wire import linked
from provenance.wire.crosswalks import crosswalk

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

_NAME = "rdf"
_FORMATS = ("json-ld", "turtle", "n-triples")
_PREFIXES = {
    "mp": linked.NAMESPACE,
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def render(source: Source) -> Exported:
    """Raises ``UsageError`` for an option that it has not."""
    refuse_into(source)
    options = dict(source.options)
    form = options.pop("format", _FORMATS[0])
    if form not in _FORMATS:
        raise UsageError(f"no format '{form}'", hint=f"There are: {', '.join(_FORMATS)}.")
    parameters = parameters_of(crosswalk(_NAME), options)
    document = document_of(source.manifest, source.token)
    if form == "json-ld":
        named = parameters["context"] == "name"
        context = linked.CONTEXT if named else linked.context()
        text = json.dumps({"@context": context, **document}, ensure_ascii=False, indent=2) + "\n"
        return Exported(text.encode("utf-8"))
    graph = graph_of(document)
    return Exported(_turtle(graph) if form == "turtle" else _n_triples(graph))


def graph_of(document: Mapping[str, Any]) -> Graph:
    """The triples of a document that ``document_of`` has made."""
    from rdflib import Graph

    graph = Graph(bind_namespaces="none")
    for prefix, namespace in _PREFIXES.items():
        graph.bind(prefix, namespace)
    for triple in _triples(document):
        graph.add(triple)
    return graph


def _triples(node: Mapping[str, Any]) -> Iterator[tuple[Node, Node, Node]]:
    from rdflib import RDF, URIRef

    subject = URIRef(node["id"])
    for term, value in node.items():
        if term == "id":
            continue
        predicate = RDF.type if term == "type" else URIRef(linked.iri(term))
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Mapping) and term not in linked.JSON_VALUES:
                yield subject, predicate, URIRef(item["id"])
                yield from _triples(item)
            else:
                yield subject, predicate, _object(term, item)


def _object(term: str, value: Any) -> Node:
    """A link, a JSON value, a typed value or a text, as the context says of the term."""
    from rdflib import RDF, XSD, Literal, URIRef

    kind = "@vocab" if term == "type" else linked.type_of(term)
    if kind == "@vocab":
        return URIRef(linked.iri(value))
    if kind == "@id":
        return URIRef(value)
    if kind == "@json":
        return Literal(canonical(value), datatype=RDF.JSON, normalize=False)
    if kind is not None:
        return Literal(value, datatype=URIRef(linked.iri(kind)), normalize=False)
    if isinstance(value, bool):
        return Literal("true" if value else "false", datatype=XSD.boolean)
    return Literal(str(value), datatype=XSD.integer if isinstance(value, int) else None)


def canonical(value: Any) -> str:
    """JSON in the form of RFC 8785, as ``rdf:JSON`` has it; there are no fractions to write."""
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(n)}:{canonical(value[n])}" for n in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _turtle(graph: Graph) -> bytes:
    text: str = graph.serialize(format="turtle")
    return (text.strip("\n") + "\n").encode("utf-8")


def _n_triples(graph: Graph) -> bytes:
    text: str = graph.serialize(format="nt11")
    return ("\n".join(sorted(line for line in text.split("\n") if line)) + "\n").encode("utf-8")


EXPORT = Export(
    crosswalk(_NAME)["title"], "application/ld+json", ".jsonld", _NAME, render, _FORMATS
)
