"""XML from strangers: read with bounds, by the parser of the standard library (expat).

Refused before anything is built: a document type (so no entities, no external subsets, no bombs),
another encoding than UTF-8, nesting, size, elements and tokens beyond the limits. Nothing is ever
fetched: XInclude, schema locations and stylesheets are plain data here. Expat is taken because it
tells the exact bytes of every element, so that a document can be changed and stay the same, byte
for byte, around the change; it needs no extra.
"""

from __future__ import annotations

import html
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.parsers import expat

from provenance.model.errors import InputError
from provenance.model.records import dataclass

_CHUNK = 1 << 16
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class XmlLimits:
    """What one document may cost."""

    total_bytes: int = 4 << 30
    depth: int = 64
    token_bytes: int = 1 << 20
    """One tag, comment or instruction."""
    namespace: int = 256
    """Characters of a namespace: the parser writes it out in the name of each element."""
    part_elements: int = 50_000
    """Elements in one part that is kept."""
    part_text: int = 4 << 20
    """Characters in one part that is kept."""


DEFAULT_XML_LIMITS = XmlLimits()


class Node:
    """An element that was kept: names as ``local``, or ``namespace local`` where there is one.

    ``start`` is the place of its first byte in the document; ``end`` that of its end tag, or the
    byte behind it where the element is written as one empty tag (``span`` tells which).
    """

    __slots__ = ("attributes", "children", "end", "name", "parts", "start")

    def __init__(self, name: str, attributes: Mapping[str, str], start: int) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Node] = []
        self.parts: list[str] = []
        self.start = start
        self.end = start

    @property
    def text(self) -> str:
        """The characters directly in it, without white space around them."""
        return "".join(self.parts).strip()

    def all(self, *path: str) -> Iterator[Node]:
        """The elements at a path of names below this one, in document order."""
        found = [self]
        for name in path:
            found = [child for node in found for child in node.children if child.name == name]
        return iter(found)

    def first(self, *path: str) -> Node | None:
        """The first of them."""
        return next(self.all(*path), None)

    def said(self, *path: str) -> str | None:
        """The text of the first of them; None where there is none, or it is empty."""
        found = self.first(*path)
        return (found.text or None) if found is not None else None

    def walk(self) -> Iterator[Node]:
        """This element and all below it, in document order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)


class XmlError(InputError):
    """The bytes are no XML that is read here; ``reason`` is a slug."""

    def __init__(self, reason: str, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint or "Have it exported again as plain XML in UTF-8.")
        self.reason = reason


def chunks_of(stream: Any) -> Iterator[bytes]:
    """A binary stream in pieces."""
    while chunk := stream.read(_CHUNK):
        yield chunk


def parts(
    chunks: Iterable[bytes],
    wanted: frozenset[str],
    limits: XmlLimits = DEFAULT_XML_LIMITS,
) -> Iterator[Node]:
    """First the root without its content, then each part at a wanted path, as soon as it is whole.

    Paths are names below the root: ``ResourceList/SoundRecording``. Whatever else the document
    holds is parsed and let go, so memory is bounded by the largest part. Raises ``XmlError``.
    """
    reader = _Reader(wanted, limits)
    fed = 0
    for chunk in chunks:
        for begin in range(0, len(chunk), _CHUNK):
            piece = chunk[begin : begin + _CHUNK]
            fed += len(piece)
            reader.feed(piece, fed)
            while reader.ready:
                yield reader.ready.popleft()
    reader.finish()
    yield from reader.ready


class _Reader:
    """The handlers of one document."""

    def __init__(self, wanted: frozenset[str], limits: XmlLimits) -> None:
        self.ready: deque[Node] = deque()
        self._wanted = wanted
        self._longest = max((path.count("/") + 1 for path in wanted), default=0)
        self._limits = limits
        self._depth = 0
        self._path: list[str] = []
        self._open: list[Node] = []
        self._elements = 0
        self._text = 0
        parser = expat.ParserCreate("UTF-8", " ")
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartNamespaceDeclHandler = self._namespace
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        self._parser = parser

    def feed(self, piece: bytes, fed: int) -> None:
        """One more piece; ``fed`` counts all bytes so far."""
        if fed == len(piece) and (piece[:2] in _UTF_16 or 0 in piece[:4]):
            raise XmlError("encoding", "the XML is not in UTF-8", hint="Save it as UTF-8.")
        if fed > self._limits.total_bytes:
            raise XmlError("too-large", "the XML is larger than what is read here")
        self._parse(piece, last=False)
        if fed - max(self._parser.CurrentByteIndex, 0) > self._limits.token_bytes:
            raise XmlError("token", "the XML has a tag, text or comment that is far too long")

    def finish(self) -> None:
        """The end of the document."""
        self._parse(b"", last=True)

    def _parse(self, piece: bytes, *, last: bool) -> None:
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            where = f"line {error.lineno}, column {error.offset + 1}"
            text = f"this is no well-formed XML in UTF-8: {expat.ErrorString(error.code)} ({where})"
            raise XmlError("not-well-formed", text) from None

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in {"utf-8", "us-ascii"}:
            text = f"the XML says that it is in {encoding[:40]}; only UTF-8 is read"
            raise XmlError("encoding", text, hint="Save it as UTF-8.")

    def _doctype(self, *_: object) -> None:
        text = "the XML has a document type (DOCTYPE), with which entities could be defined"
        raise XmlError("doctype", text, hint="Remove it: no message of DDEX needs one.")

    def _namespace(self, _prefix: str | None, uri: str | None) -> None:
        if uri is not None and len(uri) > self._limits.namespace:
            raise XmlError("namespace", "the XML has a namespace that is far too long")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > self._limits.depth:
            raise XmlError("depth", "the XML is nested deeper than what is read here")
        if self._open:
            self._count()
            node = Node(name, attributes, self._parser.CurrentByteIndex)
            self._open[-1].children.append(node)
            self._open.append(node)
        elif self._depth == 1:
            self.ready.append(Node(name, attributes, self._parser.CurrentByteIndex))
        elif self._depth - 1 <= self._longest:
            del self._path[self._depth - 2 :]
            self._path.append(name)
            if "/".join(self._path) in self._wanted:
                self._elements = self._text = 0
                self._open.append(Node(name, attributes, self._parser.CurrentByteIndex))
                self._parser.CharacterDataHandler = self._characters

    def _end(self, _name: str) -> None:
        self._depth -= 1
        if self._open:
            node = self._open.pop()
            node.end = self._parser.CurrentByteIndex
            if not self._open:
                self._parser.CharacterDataHandler = None
                self.ready.append(node)

    def _characters(self, text: str) -> None:
        self._text += len(text)
        if self._text > self._limits.part_text:
            raise XmlError("part", "one part of the XML holds more text than what is read here")
        self._open[-1].parts.append(text)

    def _count(self) -> None:
        self._elements += 1
        if self._elements > self._limits.part_elements:
            raise XmlError("part", "one part of the XML has more elements than what is read here")


def span(document: bytes, node: Node) -> tuple[int, int]:
    """The first byte of an element and the byte behind its last."""
    if is_empty_tag(document, node):
        return node.start, node.end
    return node.start, document.index(b">", node.end) + 1


def is_empty_tag(document: bytes, node: Node) -> bool:
    """Whether an element is written as ``<name/>``."""
    return not node.children and not node.parts and document[node.end - 2 : node.end] == b"/>"


def element(name: str, content: str | Iterable[str] = "", **attributes: str | None) -> str:
    """One element on one line, or with its elements on lines of their own, indented by three.

    Text is escaped; elements are taken as they are. An attribute that is None is left out.
    """
    tag = name + "".join(f' {k}="{html.escape(v)}"' for k, v in attributes.items() if v is not None)
    if isinstance(content, str):
        return f"<{tag}>{html.escape(content, quote=False)}</{name}>"
    lines = [f"   {line}" for inner in content for line in inner.split("\n")]
    return "\n".join([f"<{tag}>", *lines, f"</{name}>"])
