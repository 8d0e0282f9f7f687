"""How many elements a part of a workbook holds at once, counted before a library builds them.

A few kilobytes of ZIP unpack to millions of empty elements, and each costs a library hundreds of
bytes. What is read item by item (rows, texts) is let go after each; all else is held whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat

from provenance.model.errors import RefusedError

_DEPTH = 64
_NAMESPACE = 256
"""Characters: the parser writes a namespace out in the name of each element."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

ROW, TEXT = f"{_MAIN} row", f"{_MAIN} si"
_DEPTH_OF = {ROW: 3, TEXT: 2}


class Elements:
    """Counts the elements of one part as it is fed; raises ``RefusedError`` beyond the bounds.

    ``item`` is the element after which all that came before is let go, if there is one. What is no
    XML is left to whoever reads it, but refused where ``strict``: others read more encodings.
    """

    def __init__(self, most: int, items: int, item: str | None, *, strict: bool) -> None:
        self._most, self._items_left, self._item, self._strict = most, items, item, strict
        self._left, self._depth = most, 0
        self._is_over = False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._begun
        self._parser.EndElementHandler = self._ended
        self._parser.StartNamespaceDeclHandler = self._named

    def feed(self, block: bytes) -> None:
        """The next bytes of the part."""
        if self._is_over:
            return
        try:
            self._parser.Parse(block, False)
        except expat.ExpatError:
            if self._strict:
                raise RefusedError("sheet.unreadable", "the workbook cannot be read") from None
            self._is_over = True

    def _begun(self, name: str, attributes: Mapping[str, str]) -> None:
        del name, attributes
        self._depth += 1
        self._left -= 1
        if self._left < 0 or self._depth > _DEPTH:
            raise _too_many()

    def _ended(self, name: str) -> None:
        if name == self._item and self._depth == _DEPTH_OF[name]:
            self._left = self._most
            self._items_left -= 1
            if self._items_left < 0:
                raise _too_many()
        self._depth -= 1

    def _named(self, prefix: str | None, namespace: str | None) -> None:
        del prefix
        if len(namespace or "") > _NAMESPACE:
            raise _too_many()


def _too_many() -> RefusedError:
    return RefusedError("sheet.too-large", "a part of the workbook has too many elements")
