"""The text of ID3v2 frames, as UTF-8 bytes (spec/containers/id3.md 3; ID3v2.4.0 section 4)."""

from __future__ import annotations

import re

LATIN1, UTF16, UTF16BE, UTF8 = range(4)
_BOM, _SWAPPED_BOM = "\ufeff", "\ufffe"


def texts(payload: bytes) -> list[bytes] | None:
    """Split a text payload (encoding byte first) at its NULs, each part as UTF-8 bytes.

    UTF-8 parts are given as they stand, well-formed or not. Each UTF-16 part may bring its own
    byte order mark; without one the order of the part before holds. None: no such encoding.
    """
    if not payload or payload[0] > UTF8:
        return None
    encoding, data = payload[0], payload[1:]
    if encoding == UTF8:
        return data.split(b"\x00")
    if encoding == LATIN1:
        return data.decode("latin-1").encode().split(b"\x00")
    return _utf16_parts(data, swapped=encoding == UTF16BE)


def _utf16_parts(data: bytes, *, swapped: bool) -> list[bytes]:
    whole = data[: len(data) & ~1].decode("utf-16-le", "surrogatepass")
    parts = []
    for part in whole.split("\x00"):
        text = part
        if text[:1] in {_BOM, _SWAPPED_BOM} and text:
            swapped = text[0] == _SWAPPED_BOM
            text = text[1:]
        if swapped:
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-be", "surrogatepass")
        parts.append(text.encode("utf-8", "replace"))
    return parts


def values(parts: list[bytes]) -> list[bytes]:
    """Drop what terminators leave behind: empty parts at the end, but for one value."""
    count = len(parts)
    while count > 1 and not parts[count - 1]:
        count -= 1
    return parts[:count] or [b""]


def encode(version: int, name: str, value: bytes) -> bytes:
    """Make the payload of a user-defined text frame, in the encoding that the version knows.

    ID3v2.4 has UTF-8; older versions get Latin-1 for ASCII, and UTF-16 for anything else.
    Raises ``UnicodeDecodeError`` when the value is no UTF-8 and the version has none.
    """
    if version == 4:
        return bytes([UTF8]) + name.encode() + b"\x00" + value
    if value.isascii():
        return bytes([LATIN1]) + name.encode() + b"\x00" + value
    bom = b"\xff\xfe"
    text = value.decode("utf-8").encode("utf-16-le")
    return bytes([UTF16]) + bom + name.encode("utf-16-le") + b"\x00\x00" + bom + text


def unsynchronise(data: bytes) -> bytes:
    """Put 00 after every FF that looks like the start of a sync, or that 00 or nothing follows."""
    return re.sub(rb"\xff(?=[\xe0-\xff\x00]|\Z)", b"\xff\x00", data)


def resynchronise(data: bytes) -> bytes:
    """Take the stuffing out again."""
    return data.replace(b"\xff\x00", b"\xff")
