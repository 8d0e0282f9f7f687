"""RDF: declarations in JSON-LD, Turtle or N-Triples as the standard writes them (spec 24.4).

Bytes of strangers: bounded, never with a context but our own, and nothing is fetched. What a
graph says beyond the terms of the model is not read.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Hashable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from provenance.imports.base import Draft, Import
from provenance.model.errors import InputError
from provenance.wire import linked, strict_json

if TYPE_CHECKING:
    from rdflib import Graph, Literal
    from rdflib.term import Node

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_MAX_BYTES = 1 << 19
_BOM = b"\xef\xbb\xbf"
_XML = (b"<?xml", b"<rdf:RDF")
_MAX_DEPTH = 32
_MAX_STATEMENTS = 20_000
_MAX_READ = 16 << 20
"""Characters of all values that are read, and a hundred more for each: shared ones count again."""
_INTEGER = re.compile(r"-?[0-9]{1,17}")
_TURTLE = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\\?\Z)|"(?:[^"\\\n]|\\.)*+["\n\\]?'''
    r"""|'''(?:[^'\\]|\\.|'(?!''))*+(?:'''|\\?\Z)|'(?:[^'\\\n]|\\.)*+['\n\\]?"""
    r"""|<(?:[^<>\s"{}|^`\\(\[]|\\[uU])*+>|#[^\n]*+|\\.|\^\^"""
    r"|(?P<refused>[(\[!^<])|(?P<end>[.;,])",
    re.DOTALL,
)
"""Strings, IRIs, comments and escapes of Turtle, skipped whole, and what stands between them:
brackets, paths (which make blank nodes too), what is no IRI, and what ends a statement."""
_KNOWN_TYPES = ["@json", "xsd:boolean", "xsd:integer", "xsd:dateTime", *linked.DATA_TYPES]
"""Data types of JSON-LD; a list, because a type from strangers may be one itself."""
_ID = re.compile(r"urn:uuid:[0-9a-f-]{36}")
_ADDED_BY_SIGNING = ("type", "specVersion", "id", "issued", "sequence", "supersedes")


def _read(document: bytes) -> tuple[Draft, ...]:
    """Raises ``InputError`` for what cannot be read, saying what to do."""
    found = tuple(_draft(name, plain) for name, plain in declarations(document))
    if not found:
        raise InputError("RDF: no mp:Declaration in it", hint="Is it RDF of this standard?")
    return found


def declarations(document: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each declaration of a document with its name, as the plain JSON that it was made from."""
    from rdflib import RDF, URIRef

    graph = parse(document)
    roots = {*graph.subjects(RDF.type, URIRef(linked.iri("Declaration")))}
    reader = _Reader(graph)
    for root in sorted(roots, key=str):
        yield str(root), reader.declaration(root)


def parse(document: bytes) -> Graph:
    """A document as a graph; nothing is fetched. Raises ``InputError``."""
    logging.getLogger("rdflib").addHandler(logging.NullHandler())
    if len(document) > _MAX_BYTES:
        raise InputError("RDF: more than 512 KiB", hint="Import fewer declarations at once.")
    _require_form(document)
    is_json = document.lstrip()[:1] in {b"{", b"["}
    text = _json_ld(document) if is_json else _turtle(document)
    try:
        return _graph_of_json_ld(text) if is_json else _graph_of_turtle(text)
    except (InputError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 (rdflib raises anything)
        form = "json-ld" if is_json else "turtle"
        raise InputError(
            f"RDF: not {form} ({type(error).__name__})", hint="Is the file whole?"
        ) from None


def _require_form(document: bytes) -> None:
    """Raises ``InputError`` for what is saved in a form that is not read."""
    if document.startswith(_BOM):
        raise InputError("RDF: a byte order mark", hint="Save it as UTF-8 without BOM.")
    if document.lstrip().startswith(_XML):
        raise InputError("RDF: XML", hint="Write it as JSON-LD, Turtle or N-Triples.")


def _graph_of_json_ld(text: str) -> Graph:
    from rdflib import Graph

    return Graph(bind_namespaces="none").parse(data=text, format="json-ld")


def _graph_of_turtle(text: str) -> Graph:
    from provenance.imports._turtle import read_turtle

    return read_turtle(text)


def _json_ld(document: bytes) -> str:
    """JSON-LD with our context where it names one, if processors can take no harm from it."""
    try:
        plain = strict_json.parse(document, max_bytes=_MAX_BYTES, max_depth=_MAX_DEPTH)
    except strict_json.JsonError as error:
        raise InputError(f"JSON-LD: {error}", hint="Is the file whole?") from None
    _require_few(_without_foreign_types(plain))
    return strict_json.encode(linked.with_packaged_context(plain)).decode("utf-8")


def _without_foreign_types(document: Any) -> int:
    """Make a text of each value whose data type is none of the standard's; the number of values.

    JSON values of our own context are data, and stay as they are.
    """
    opaque = linked.JSON_VALUES if isinstance(document, dict) and "@context" in document else ()
    waiting, values = [document], 0
    while waiting:
        value = waiting.pop()
        values += 1
        if isinstance(value, dict):
            if "@value" in value:
                for name in ("@type", "type"):
                    if value.get(name) not in _KNOWN_TYPES:
                        value.pop(name, None)
            waiting += [item for name, item in value.items() if name not in {"@value", *opaque}]
        elif isinstance(value, list):
            waiting += value
    return values


def _turtle(document: bytes) -> str:
    """Turtle without blank nodes and lists: ours has none, and rdflib takes hours for some."""
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("RDF: not UTF-8", hint="Write Turtle in UTF-8.") from None
    statements = 0
    for found in _TURTLE.finditer(text):
        if found["refused"]:
            raise InputError(
                "RDF: a path, a broken IRI, or a blank node or a list in brackets",
                hint="Give each node a name.",
            )
        statements += found["end"] is not None
    _require_few(statements)
    return text


def _require_few(statements: int) -> None:
    if statements > _MAX_STATEMENTS:
        raise InputError(
            f"RDF: more than {_MAX_STATEMENTS} statements",
            hint="Import fewer declarations at once.",
        )


class _Reader:
    """From nodes to plain JSON, with a bound on what is read."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._left = _MAX_READ

    def declaration(self, root: Node) -> dict[str, Any]:
        """The statement whose node this is."""
        from rdflib import RDF, URIRef

        plain = self._object(root, 0)
        if (root, RDF.type, URIRef(linked.iri("Disclosure"))) in self._graph:
            plain = {"type": "Disclosure", **plain}
        return {"id": str(root), **plain} if _ID.fullmatch(str(root)) else plain

    def _object(self, node: Node, depth: int) -> dict[str, Any]:
        stated: dict[str, list[Node]] = {}
        for predicate, value in self._graph.predicate_objects(node):
            self._left -= 100 + len(str(value))
            if depth > _MAX_DEPTH or self._left < 0:
                text = "RDF: objects in one another without end"
                raise InputError(text, hint="Repair the graph.")
            stated.setdefault(str(predicate), []).append(value)
        order = _one_json(stated.get(linked.iri("order"), []))
        plain = {
            member: self._member(member, values, order.get(member), depth)
            for member in linked.context()
            if member in linked.members() and (values := stated.get(linked.iri(member)))
        }
        others = _one_json(stated.get(linked.iri("otherMembers"), []))
        for member in others.keys() & plain.keys():
            raise InputError(f"RDF: mp:{member} stands twice", hint="Leave one of them.")
        return {**others, **plain}

    def _member(self, member: str, values: list[Node], order: Any, depth: int) -> Any:
        """RDF-007: what is said of a member, once and in the form of the standard."""
        if member == "ids" or member in linked.NODE_LISTS | linked.NODES:
            _require_nodes(member, values)
        if member in linked.NODE_LISTS:
            placed = _keyed(f"mp:position in mp:{member}", map(self._place, values), values)
            return [self._object(placed[place], depth + 1) for place in sorted(placed)]
        if member in linked.TEXT_LISTS:
            return _in_order([str(_literal(value)) for value in values], order)
        if member == "ids":
            schemes = (str(self._stated(value, "scheme")) for value in values)
            texts = [str(self._stated(value, "identifier")) for value in values]
            return _keyed("mp:scheme", schemes, texts)
        if member in linked.JSON_VALUES:
            return _one_json(values)
        if len(values) != 1:
            raise InputError(f"RDF: mp:{member} stands twice", hint="Leave one of them.")
        if member in linked.NODES:
            return self._object(values[0], depth + 1)
        return _plain(values[0])

    def _place(self, node: Node) -> int:
        place = _plain(self._stated(node, "position"))
        if type(place) is not int:
            raise InputError("RDF: an mp:position is no integer", hint="Number them from 0.")
        return place

    def _stated(self, node: Node, term: str) -> Literal:
        """The one literal that a node has for a term of ours."""
        from rdflib import URIRef

        values = [*self._graph.objects(node, URIRef(linked.iri(term)))]
        if len(values) != 1:
            many = "more than one" if values else "no"
            raise InputError(f"RDF: an object has {many} mp:{term}", hint="Give each just one.")
        return _literal(values[0])


def _require_nodes(member: str, values: list[Node]) -> None:
    from rdflib import Literal

    if any(isinstance(value, Literal) for value in values):
        raise InputError(
            f"RDF: mp:{member} is a text", hint="It leads to a node with properties of its own."
        )


def _keyed(what: str, keys: Iterable[Key], values: list[Value]) -> dict[Key, Value]:
    """Values by what tells them apart."""
    keyed: dict[Key, Value] = {}
    for key, value in zip(keys, values, strict=True):
        if key in keyed:
            raise InputError(f"RDF: {what}: {key} stands twice", hint="Leave one of them.")
        keyed[key] = value
    return keyed


def _in_order(values: list[str], order: Any) -> list[str]:
    """Texts in the order that ``mp:order`` states; a set of them has none of its own."""
    if order is None:
        return sorted(values)
    if not isinstance(order, list) or {*map(str, order)} != {*values}:
        raise InputError("RDF: mp:order and the values differ", hint="Make them the same.")
    return [str(value) for value in order]


def _one_json(values: list[Node]) -> dict[str, Any]:
    """The one JSON object among values, strictly read; none where nothing is stated."""
    if not values:
        return {}
    try:
        (text,) = values
        found = strict_json.parse(
            str(text).encode("utf-8", "surrogatepass"), max_bytes=_MAX_BYTES, max_depth=_MAX_DEPTH
        )
        return dict(found.items())
    except (AttributeError, ValueError):
        raise InputError("RDF: a JSON value is no JSON object", hint="Repair it.") from None


def _plain(value: Node) -> Any:
    """A literal as JSON: true, false, an integer or a text."""
    from rdflib import XSD

    literal = _literal(value)
    text = str(literal)
    if literal.datatype == XSD.boolean and text in {"true", "false"}:
        return text == "true"
    if literal.datatype == XSD.integer and _INTEGER.fullmatch(text):
        return int(text)
    return text


def _literal(value: Node) -> Literal:
    from rdflib import Literal

    if not isinstance(value, Literal):
        raise InputError("RDF: a value is no literal", hint="Write it in quotes.")
    return value


def _draft(name: str, plain: dict[str, Any]) -> Draft:
    """What may stand in a declaration before it is signed (MOD-060)."""
    left_out = [f"{m}: a signature adds it" for m in _ADDED_BY_SIGNING if m in plain]
    declaration = {m: v for m, v in plain.items() if m not in _ADDED_BY_SIGNING}
    subject = declaration.get("subject")
    if isinstance(subject, dict) and "bindings" in subject:
        left_out.append("subject.bindings: a signature adds them")
        declaration["subject"] = {m: v for m, v in subject.items() if m != "bindings"}
    declarant = plain.get("declarant")
    said_by = declarant.get("name") if isinstance(declarant, dict) else None
    named = said_by if isinstance(said_by, str) else None
    return Draft(declaration, f"rdf {name}", named, tuple(left_out))


IMPORT = Import("RDF of this standard: JSON-LD, Turtle or N-Triples", _read)
