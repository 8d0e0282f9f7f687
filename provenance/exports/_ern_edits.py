"""Edits of a document in bytes: what is not edited stays as it is, white space and all."""

from __future__ import annotations

from collections.abc import Sequence

from provenance.wire.xml import Node, span


class Edits:
    """Insertions, replacements and removals, in places of the document as it was."""

    def __init__(self, document: bytes) -> None:
        """Nothing is changed yet."""
        self._document = document
        self._made: list[tuple[int, int, bytes]] = []

    def insert_after(self, node: Node, texts: Sequence[str]) -> None:
        """Put elements behind another one, indented as it is."""
        indent = self.indent(node)
        end = span(self._document, node)[1]
        text = b"".join(indent + _laid_out(one, indent) for one in texts)
        self._made.append((end, end, text))

    def replace(self, node: Node, texts: Sequence[str]) -> None:
        """Put elements in the place of one."""
        indent = self.indent(node)
        self.put(node, indent.join(_laid_out(one, indent) for one in texts))

    def put(self, node: Node, text: bytes) -> None:
        """Put bytes in the place of an element."""
        self._made.append((*span(self._document, node), text))

    def remove(self, node: Node) -> None:
        """Take an element away, with the white space before it."""
        start, end = span(self._document, node)
        self._made.append((start - len(self.indent(node)), end, b""))

    def indent(self, node: Node) -> bytes:
        """The white space before an element, back to the tag before it."""
        before = self._document[max(0, node.start - 1000) : node.start]
        return before[len(before.rstrip(b" \t\r\n")) :]

    def apply(self) -> bytes:
        """The document with all edits; those at one place stand in the order of their making."""
        made, at = [], 0
        for start, end, text in sorted(self._made, key=lambda edit: edit[:2]):
            made += [self._document[at:start], text]
            at = end
        return b"".join([*made, self._document[at:]])


def _laid_out(text: str, indent: bytes) -> bytes:
    """An element as the document is laid out: on lines of its own, or all on one."""
    lines = text.encode().split(b"\n")
    if b"\n" not in indent:
        return b"".join(line.strip() for line in lines)
    return indent.join(lines)
