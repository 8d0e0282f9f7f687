"""A walk over DER, bounded, for what the time-stamp library does not do (spec 16.3).

Only definite lengths and one-byte tags: CMS needs no others. Nothing is decoded twice, nothing
recurses.
"""

from __future__ import annotations

from collections.abc import Iterator

from provenance.model.limits import DEFAULT_LIMITS
from provenance.model.records import dataclass

MOST = DEFAULT_LIMITS.stamp_items
"""Elements of one constructed value that are looked at (SEC-001)."""

SEQUENCE, INTEGER, OCTETS, OID, SET = 0x30, 0x02, 0x04, 0x06, 0x31


class DerError(ValueError):
    """The bytes are no DER of the shape that is needed."""


@dataclass(frozen=True)
class Element:
    """One tag-length-value inside ``data``: where it begins, where its content does, its end."""

    data: bytes
    at: int
    start: int
    stop: int

    @property
    def tag(self) -> int:
        """The identifier octet."""
        return self.data[self.at]

    @property
    def content(self) -> bytes:
        """The bytes of the value."""
        return self.data[self.start : self.stop]

    @property
    def whole(self) -> bytes:
        """The bytes with tag and length."""
        return self.data[self.at : self.stop]

    def children(self) -> list[Element]:
        """The elements that the content is made of; raises ``DerError``."""
        return list(_elements(self.data, self.start, self.stop))

    def child(self, place: int, tag: int) -> Element:
        """One child that must have a tag; raises ``DerError``."""
        found = self.children()
        if not 0 <= place < len(found) or found[place].tag != tag:
            raise DerError(f"no element {tag:#x} at {place}")
        return found[place]

    def last(self, tag: int) -> Element:
        """The last child, which must have a tag; raises ``DerError``."""
        return self.child(len(self.children()) - 1, tag)


def parse(data: bytes) -> Element:
    """The one element that the bytes are; raises ``DerError`` for anything more or less."""
    found = list(_elements(data, 0, len(data)))
    if len(found) != 1:
        raise DerError("not one element")
    return found[0]


def _elements(data: bytes, at: int, stop: int) -> Iterator[Element]:
    count = 0
    while at < stop:
        count += 1
        if count > MOST:
            raise DerError("too many elements")
        element = _element(data, at, stop)
        yield element
        at = element.stop


def _element(data: bytes, at: int, stop: int) -> Element:
    if stop - at < 2 or data[at] & 0x1F == 0x1F:
        raise DerError("no tag and length")
    start, length = at + 2, data[at + 1]
    if length >= 0x80:
        size = length & 0x7F
        if not 1 <= size <= 3 or start + size > stop:
            raise DerError("length")
        length = int.from_bytes(data[start : start + size], "big")
        start += size
    if start + length > stop:
        raise DerError("length")
    return Element(data, at, start, start + length)


def wrapped(tag: int, content: bytes) -> bytes:
    """An element of one tag around content of less than 16 MiB."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content
