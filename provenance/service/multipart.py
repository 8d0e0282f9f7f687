"""Forms with files (RFC 7578), read as they arrive by python-multipart (SRV-020).

One part ``file`` goes to disk, at most one part ``manifest`` and one ``isrc`` are kept in memory;
every other part is refused. Parts, their headers and their sizes are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from provenance.model.identifiers import is_isrc
from provenance.service.limits import ServiceLimits
from provenance.service.problems import ProblemError
from provenance.wire.formats import how_to_write
from provenance.wire.schemas import Fault

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_FILE, _MANIFEST, _ISRC = b"file", b"manifest", b"isrc"
_ISRC_BYTES = 60
_MOST_NAME = 255


def boundary_of(content_type: str) -> bytes:
    """The boundary that a form's media type names; raises ``ProblemError`` where there is none."""
    try:
        boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
    except (ValueError, UnicodeError) as error:
        raise ProblemError(
            "request.malformed", "the form's media type is not well-formed"
        ) from error
    if not 0 < len(boundary) <= 70:  # RFC 2046 5.1.1
        raise ProblemError("request.malformed", "the form's media type names no boundary")
    return boundary


class Form:
    """One form: what belongs to the file is given on, the rest is kept."""

    def __init__(self, boundary: bytes, limits: ServiceLimits) -> None:
        callbacks: MultipartCallbacks = {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._data,
            "on_end": self._end,
        }
        self._parser = MultipartParser(boundary, callbacks, max_header_size=limits.part_head_bytes)
        self.limits = limits
        self._parts = 0
        self._head: dict[bytes, bytes] = {}
        self._field = self._value = b""
        self._part = b""
        self._seen: set[bytes] = set()
        self._of_file: list[bytes] = []
        self._is_whole = False
        self._kept = {_MANIFEST: bytearray(), _ISRC: bytearray()}
        self.name = ""
        """What the file was called, for the answer alone."""

    @property
    def statements(self) -> tuple[bytes, ...]:
        """The part ``manifest``, if it came."""
        return (bytes(self._kept[_MANIFEST]),) if _MANIFEST in self._seen else ()

    @property
    def isrc(self) -> str | None:
        """The part ``isrc``, if it came; ``ProblemError`` where it is none."""
        if _ISRC not in self._seen:
            return None
        text = self._kept[_ISRC].decode("utf-8", "replace").strip()
        if not is_isrc(text):
            fault = Fault("/isrc", "form", "this is no ISRC", how_to_write("isrc", text))
            raise ProblemError("request.schema", faults=(fault,))
        return text

    def feed(self, block: bytes) -> Iterator[bytes]:
        """Take bytes of the body, and give those of the file in them."""
        try:
            self._parser.write(block)
        except FormParserError as error:
            raise ProblemError("request.malformed", "this is no form of its media type") from error
        found, self._of_file = self._of_file, []
        yield from found

    def end(self) -> None:
        """Raise ``ProblemError`` for a form that broke off, or held no file."""
        if not self._is_whole:
            raise ProblemError("request.malformed", "the form breaks off before its end")
        if _FILE not in self._seen:
            raise ProblemError("request.parts", "the form has no part 'file'")

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > self.limits.parts:
            raise ProblemError("request.parts", f"the form has more than {self.limits.parts} parts")
        self._head, self._field, self._value = {}, b"", b""

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._head[self._field.lower()] = self._value
        self._field = self._value = b""

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._head.get(b"content-disposition", b""))
        self._part = options.get(b"name", b"")
        if self._part not in {_FILE, *self._kept} or self._part in self._seen:
            raise ProblemError(
                "request.parts", "the form has a part that is unknown or comes twice"
            )
        self._seen.add(self._part)
        if self._part == _FILE:
            named = options.get(b"filename", b"").decode("utf-8", "replace")
            self.name = named[:_MOST_NAME]

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._part == _FILE:
            self._of_file.append(data[start:end])
            return
        held = self._kept[self._part]
        most = _ISRC_BYTES if self._part == _ISRC else self.limits.part_bytes
        if len(held) + end - start > most:
            raise ProblemError("request.parts", f"the part '{self._part.decode()}' is too large")
        held += data[start:end]

    def _end(self) -> None:
        self._is_whole = True
