"""The parts of a workbook: which of them a library reads whole, item by item, or never.

What the content types say of a part is believed where the library goes by it, and nowhere else: a
part that calls itself a worksheet may be read whole as something else.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from xml.parsers import expat

from provenance.model.errors import RefusedError
from provenance.model.limits import MIB
from provenance.sheets._elements import ROW, TEXT

_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml"
_ITEMS = {_KIND.format("worksheet"): ROW, _KIND.format("sharedStrings"): TEXT}
_UNREAD = frozenset({_KIND.format("calcChain"), _KIND.format("pivotCacheRecords")})
"""Programs write an element here for each formula, and for each cell of a pivot table."""
_WHOLE = frozenset(
    {"[Content_Types].xml", "docProps/core.xml", "docProps/custom.xml"}
    | {"xl/styles.xml", "xl/theme/theme1.xml", "xl/workbook.xml"}
)
"""Parts that are read by their names."""
_RELATIONS, _WORKBOOK = ".rels", ".main+xml"


class Parts:
    """What each part of a workbook is; raises ``RefusedError`` where that cannot be read."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._kinds: dict[str, set[str]] = {}
        with packed.open("[Content_Types].xml") as content:
            types = content.read(MIB + 1)
        if len(types) > MIB:
            raise RefusedError("sheet.too-large", "a part of the workbook is too large")
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._begun
        parser.Parse(types, True)

    def _begun(self, name: str, attributes: Mapping[str, str]) -> None:
        if name.rpartition(" ")[2] == "Override":
            part, kind = attributes.get("PartName", ""), attributes.get("ContentType", "")
            self._kinds.setdefault(part.removeprefix("/"), set()).add(kind)

    def is_whole(self, name: str) -> bool:
        """Whether a part may be read whole, whatever it says that it is."""
        kinds = self._kinds.get(name, ())
        is_named = name in _WHOLE or name.endswith(_RELATIONS)
        return is_named or any(kind.endswith(_WORKBOOK) for kind in kinds)

    def item(self, name: str) -> str | None:
        """The element that a part is read by, where it is a worksheet or shared texts alone."""
        return None if self.is_whole(name) else _ITEMS.get(self._only_kind(name))

    def is_unread(self, name: str) -> bool:
        """Whether nobody reads the part, unless a worksheet is said to stand there."""
        return self._only_kind(name) in _UNREAD and not self.is_whole(name)

    def may_be_worksheet(self, name: str) -> bool:
        """Whether what was counted of a part was counted as of a worksheet, or as of a whole."""
        return self.item(name) != TEXT and not self.is_unread(name)

    def _only_kind(self, name: str) -> str:
        kinds = self._kinds.get(name, set())
        return next(iter(kinds)) if len(kinds) == 1 else ""
