"""Linked data: the packaged JSON-LD context, and what is done with any other (spec 24.2).

The context is data of this package. A document names it by its address, letter by letter, or has
the same object in it, or has none; any other context is refused before a processor sees the
document, because processors fetch what a context names, over the network and from the disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from provenance.model.errors import InputError
from provenance.wire.schemas import load_json

CONTEXT = "https://musicprov.org/schemas/context/1.0.jsonld"
NAMESPACE = "https://musicprov.org/ns/1#"
_XSD = "http://www.w3.org/2001/XMLSchema#"

NODE_LISTS = frozenset(
    {"contributions", "tools", "people", "voices", "permissions", "evidence"}
    | {"artists", "agents", "timeRanges", "bindings"}
)
"""Members that hold a list of objects."""
NODES = frozenset(
    {"declarant", "subject", "release", "licence", "terms", "consent", "facts"}
    | {"humanExpression", "presentation"}
)
"""Members that hold one object."""
TEXT_LISTS = frozenset({"mustUnderstand", "iswc", "roles", "areas"})
"""Members that hold a list of texts."""
JSON_VALUES = frozenset({"extensions", "otherMembers", "order"})
"""Terms whose value is JSON as it stands: ``rdf:JSON``."""
DATA_TYPES = frozenset(
    {f"{_XSD}boolean", f"{_XSD}integer", f"{_XSD}dateTime"}
    | {"http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON"}
)
"""The data types of literals (spec 24.2, 24.3)."""
DERIVED = frozenset(
    {"scheme", "identifier", "position", "order", "otherMembers", "byTool", "ofPerson"}
    | {"generatedAtTime", "wasAttributedTo", "wasRevisionOf", "alternateOf", "hadPrimarySource"}
    | {"wasGeneratedBy", "wasInfluencedBy", "wasAssociatedWith", "qualifiedAssociation"}
    | {"agent", "hadRole"}
)
"""Terms that are no members of the model."""

_FORBIDDEN = frozenset({"@context", "@import"})


@cache
def members() -> frozenset[str]:
    """The members of the model that the context has a term for: ``id`` and ``type`` are none."""
    mine = {term for term in context() if iri(term) == NAMESPACE + term}
    return frozenset(term for term in mine - DERIVED if term[0].islower())


@cache
def context() -> Mapping[str, Any]:
    """The packaged context: each term with its IRI, or with its IRI and type."""
    found: Mapping[str, Any] = load_json("context/1.0.jsonld")["@context"]
    return found


@cache
def iri(term: str) -> str:
    """The IRI of a term or of a name with a prefix of the context. Raises ``KeyError``."""
    defined = context().get(term, term)
    compact = str(defined["@id"] if isinstance(defined, Mapping) else defined)
    prefix, _, name = compact.partition(":")
    return f"{context()[prefix]}{name}" if prefix in context() else compact


@cache
def type_of(term: str) -> str | None:
    """What the context says about a term's values: ``@id``, ``@json``, a data type or nothing."""
    defined = context()[term]
    return None if isinstance(defined, str) else defined.get("@type")


def with_packaged_context(document: Any) -> Any:
    """A JSON-LD document that names our context, with the packaged one in its place.

    Raises ``InputError`` for another context, and for one anywhere but at the top.
    """
    if not isinstance(document, dict) or "@context" not in document:
        _refuse_contexts(document, frozenset())
        return document
    if document["@context"] not in (CONTEXT, context()):
        raise InputError("JSON-LD: its context is not ours", hint=f'Write "@context": "{CONTEXT}".')
    rest = {name: value for name, value in document.items() if name != "@context"}
    _refuse_contexts(rest, JSON_VALUES)
    return {"@context": dict(context()), **rest}


def _refuse_contexts(document: Any, opaque: frozenset[str]) -> None:
    """Contexts inside a document are refused; inside JSON values (``opaque``) they are data."""
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if not _FORBIDDEN.isdisjoint(value):
                raise InputError("JSON-LD: a context inside the document", hint="Remove it.")
            waiting += [item for name, item in value.items() if name not in opaque]
        elif isinstance(value, list):
            waiting += value
