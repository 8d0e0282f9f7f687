"""The named values of a scanned file in which a mark can stand, read lazily and with bounds.

The scan has listed every foreign item by its byte range; here the few that can hold a mark are
read, by the form that the place tells: ID3v2 frame, Vorbis comment, APEv2 item, chunk, box.
Values are UTF-8 bytes. Not done: frames that are compressed or encrypted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from provenance.containers.base import Container, Item, Scan
from provenance.marks.base import KIND_OF
from provenance.model.records import dataclass

HEAD_BYTES = 1024
"""Read of an item to learn its name."""
VALUE_BYTES = 64 * 1024
"""Read of one value."""
TOTAL_BYTES = 4 * 1024 * 1024
"""Read of one file."""

_C2PA_TYPES = frozenset({b"application/c2pa", b"application/x-c2pa-manifest-store"})
_C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_OGG_C2PA = b"\x00c2pa"
_USUAL = {
    **dict.fromkeys(("COMMENT", "COMMENTS", "DESCRIPTION", "CMT", "DES", "COMM", "COM"), "COMMENT"),
    **dict.fromkeys(("ICMT", "ANNO", "TCOP"), "COMMENT"),
    **dict.fromkeys(("ENCODER", "ENCODED-BY", "ENCODED_BY", "ENCODEDBY", "TOO"), "ENCODER"),
    **dict.fromkeys(("TSSE", "TENC", "TSS", "TEN", "ISFT"), "ENCODER"),
    **dict.fromkeys(("URL", "WEBSITE", "CONTACT", "SOURCE", "PURL"), "URL"),
    **dict.fromkeys(("IPTC:DIGITALSOURCETYPE", "DIGITAL_SOURCE_TYPE"), "DIGITALSOURCETYPE"),
}
"""One name for what the formats call differently."""
_PLACE = re.compile(r"(?P<parent>.*?)(?P<name>[^/:\[\]]*)\[\d+\]\Z", re.DOTALL)
_TEXT_FRAMES = frozenset({"TSSE", "TENC", "TSS", "TEN", "TCOP"})
_Read = Callable[[str, bytes], Iterator[tuple[str, bytes]]]
_FLAGS_UNREADABLE = 0x08 | 0x04 | 0x80


@dataclass(frozen=True)
class Entry:
    """A named value: where it stands, its usual name in capitals, the value."""

    where: str
    name: str
    value: bytes


def usual(name: str) -> str:
    """The one name under which all formats' names of a field are looked for."""
    capitals = name.upper()
    return _USUAL.get(capitals, capitals)


def entries(stream: BinaryIO, container: Container, scan: Scan) -> Iterator[Entry]:
    """Every named value that can be a mark, in file order; at the bound, one named ``MORE``."""
    if container.comments is not None:
        for where, name, value in container.comments(scan):
            yield Entry(where, usual(name), value[:VALUE_BYTES])
    yield from _ogg_stream(stream, scan)
    reader = _Reader(stream)
    keys: dict[str, list[str]] = {}
    for item in scan.items:
        yield from _of_item(reader, item, keys)
        if reader.left < 0:
            yield Entry(scan.container, "MORE", b"")
            return


class _Reader:
    """Reads items, no more of all of them together than ``TOTAL_BYTES``."""

    def __init__(self, stream: BinaryIO) -> None:
        self.left = TOTAL_BYTES
        self._stream = stream

    def read(self, item: Item, most: int) -> bytes:
        """The first bytes of an item; empty when the bound is passed."""
        count = min(item.length, most)
        self.left -= count
        if self.left < 0:
            return b""
        self._stream.seek(item.start)
        return self._stream.read(count)


def _of_item(reader: _Reader, item: Item, keys: dict[str, list[str]]) -> Iterator[Entry]:
    container, _, place = item.where.partition(":")
    if container == "mp4":
        yield from _of_box(reader, item, place, keys)
        return
    match = _PLACE.match(place)
    if match is None:
        return
    parent, name = match["parent"], match["name"]
    if parent.endswith("/"):
        read = _FRAMES.get(name) or (_url_frame if name[:1] == "W" else None)
        if read is not None:
            yield from _of_frame(reader, item, name, read)
    elif name == "" and parent.startswith("VORBIS_COMMENT"):
        yield from _named(reader, item, 4, b"=")
    elif name == "" and parent.startswith("APEv2"):
        yield from _named(reader, item, 8, b"\x00")
    elif name in _CHUNKS:
        for found, value in _CHUNKS[name](name, reader.read(item, VALUE_BYTES)[8:]):
            yield Entry(item.where, usual(found), value)


# ID3v2 frames


def _of_frame(reader: _Reader, item: Item, name: str, read: _Read) -> Iterator[Entry]:
    """The named value of a frame; of a long one the head tells whether the rest is wanted."""
    data = _frame(reader, item, len(name), HEAD_BYTES)
    for found, value in read(name, data) if data else ():
        known = usual(found)
        if known not in KIND_OF:
            continue
        if item.length > HEAD_BYTES and read is not _object:
            whole = _frame(reader, item, len(name), VALUE_BYTES)
            value = next((v for _, v in read(name, whole)), b"") if whole else b""  # noqa: PLW2901
        yield Entry(item.where, known, value)


def _frame(reader: _Reader, item: Item, id_length: int, most: int) -> bytes:
    """The content of a frame, whichever version the tag is of; empty when it cannot be read.

    A size that is not the item's says that the tag is unsynchronised as a whole (2.2, 2.3).
    """
    header = 6 if id_length == 3 else 10
    raw = reader.read(item, most)
    if len(raw) < header:
        return b""
    if item.length - header not in _stated(raw, id_length):
        raw = raw.replace(b"\xff\x00", b"\xff")
    content, flags = raw[header:], raw[9] if header == 10 else 0
    if flags & _FLAGS_UNREADABLE:
        return b""
    if flags & 0x01:
        content = content[4:]
    return content.replace(b"\xff\x00", b"\xff") if flags & 0x02 else content


def _stated(raw: bytes, id_length: int) -> tuple[int, int]:
    """The frame's size, as a plain and as a synchsafe number."""
    field = raw[id_length : 2 * id_length]
    safe = 0
    for byte in field:
        safe = safe << 7 | (byte & 0x7F)
    return int.from_bytes(field, "big"), safe


def _texts(content: bytes) -> list[bytes]:
    from provenance.containers._id3_text import texts

    return texts(content) or []


def _user_text(_name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    parts = _texts(content)
    if len(parts) > 1:
        yield parts[0][:64].decode("utf-8", "replace"), b"\n".join(parts[1:]).rstrip(b"\n")


def _text_frame(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, b"\n".join(_texts(content))


def _comment_frame(_name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Encoding, language, description, text: all of it is looked at."""
    yield "COMMENT", b"\n".join(_texts(content[:1] + content[4:])).strip(b"\n")


def _url_frame(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    if name in {"WXXX", "WXX"}:
        parts = content[1:].split(b"\x00")
        yield "URL", parts[-1] or parts[0]
    else:
        yield "URL", content.split(b"\x00")[0]


def _private(_name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    owner, _, data = content.partition(b"\x00")
    if owner == b"XMP":
        yield "XMP", data


def _object(_name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    media_type = content[1:HEAD_BYTES].split(b"\x00")[0].lower()
    if media_type in _C2PA_TYPES:
        yield "C2PA", media_type


_FRAMES: Mapping[str, _Read] = {
    **dict.fromkeys(("TXXX", "TXX"), _user_text),
    **dict.fromkeys(_TEXT_FRAMES, _text_frame),
    **dict.fromkeys(("COMM", "COM"), _comment_frame),
    **dict.fromkeys(("GEOB", "GEO"), _object),
    "PRIV": _private,
}


# Vorbis comments and APEv2 items


def _named(reader: _Reader, item: Item, header: int, between: bytes) -> Iterator[Entry]:
    """An item that is a header, a name, a byte between them, and a value; read if it is wanted."""
    name, found, value = reader.read(item, HEAD_BYTES)[header:].partition(between)
    known = usual(name[:64].decode("ascii", "replace"))
    if not found or known not in KIND_OF:
        return
    if item.length > HEAD_BYTES:
        value = reader.read(item, VALUE_BYTES)[header:].partition(between)[2]
    yield Entry(item.where, known, value)


# Chunks of WAV and AIFF


def _whole_chunk(name: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    yield {"_PMX": "XMP"}.get(name, name), body.rstrip(b"\x00")


def _info(_name: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    """The comment and the software of LIST/INFO."""
    at = 4 if body[:4] == b"INFO" else len(body)
    while at + 8 <= len(body):
        size = int.from_bytes(body[at + 4 : at + 8], "little")
        name = body[at : at + 4].decode("latin-1")
        if name in _USUAL:
            yield name, body[at + 8 : at + 8 + size].rstrip(b"\x00")
        at += 8 + size + size % 2


def _application(_name: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    if body[:4] == b"XMP ":
        yield "XMP", body[4:]


_CHUNKS: Mapping[str, _Read] = {
    **dict.fromkeys(("AIGC", "ANNO", "C2PA", "_PMX"), _whole_chunk),
    "LIST": _info,
    "APPL": _application,
}


# Boxes


def _of_box(reader: _Reader, item: Item, place: str, keys: dict[str, list[str]]) -> Iterator[Entry]:
    above, _, name = place.rpartition("/")
    if name == "keys":
        keys[above] = _keys(reader.read(item, VALUE_BYTES))
    elif name == "uuid":
        yield from _uuid(item, reader.read(item, VALUE_BYTES)[8:])
    elif name == "XMP_":
        yield Entry(item.where, "XMP", reader.read(item, VALUE_BYTES)[8:])
    elif "/ilst" in above and name.endswith("]"):
        atom = name[: name.rindex("[")]
        values = _data(reader, item, atom, keys.get(above.rpartition("/")[0], []))
        if values is not None:
            yield Entry(item.where, usual(values[0]), values[1])


def _uuid(item: Item, body: bytes) -> Iterator[Entry]:
    if body[:16] == _C2PA_UUID:
        yield Entry(item.where, "C2PA", b"")
    elif body[:16] == _XMP_UUID:
        yield Entry(item.where, "XMP", body[16:])


def _keys(box: bytes) -> list[str]:
    """The names that the numbers of an ``mdta`` list stand for."""
    found: list[str] = []
    at = 16
    while at + 8 <= len(box):
        size = int.from_bytes(box[at : at + 4], "big")
        if size < 8:
            break
        found.append(box[at + 8 : at + size][:64].decode("utf-8", "replace"))
        at += size
    return found


def _data(reader: _Reader, item: Item, atom: str, keys: list[str]) -> tuple[str, bytes] | None:
    """The name and the value of an ilst item that can be a mark."""
    number = int.from_bytes(atom.encode("latin-1", "replace")[:4], "big")
    name = atom.lstrip("\xa9") if atom.startswith("\xa9") else ""
    if 1 <= number <= len(keys):
        name = keys[number - 1].rpartition(".")[2]
    if not name and atom != "----":
        return None
    at, box, value = 8, reader.read(item, VALUE_BYTES), b""
    while at + 8 <= len(box):
        size, kind = int.from_bytes(box[at : at + 4], "big"), box[at + 4 : at + 8]
        if size < 8:
            break
        if kind == b"name":
            name = box[at + 12 : at + size][:64].decode("utf-8", "replace")
        elif kind == b"data" and not value:
            value = box[at + 16 : at + size]
        at += size
    return (name, value) if name else None


# Ogg


def _ogg_stream(stream: BinaryIO, scan: Scan) -> Iterator[Entry]:
    """C2PA in Ogg is a logical stream of its own, for which the file is refused (C2PA 2.3)."""
    if scan.container != "ogg" or scan.refusal is None:
        return
    if scan.refusal.rule == "ogg.several-streams":
        stream.seek(0)
        if _OGG_C2PA in stream.read(VALUE_BYTES):
            yield Entry("ogg:stream", "C2PA", b"")
