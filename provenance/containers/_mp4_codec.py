"""The codec of an MP4's audio and its parameters, out of the sample description (MPF-022)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import BinaryIO

from provenance.containers import _aac_config, _streaminfo
from provenance.containers import _opus as _opus_facts
from provenance.containers._mp4_boxes import HEADER, Box, children_at, read
from provenance.containers._mp4_places import PLACES, is_hidden_header
from provenance.containers._speakers import is_usual_layout
from provenance.containers.base import Refusal
from provenance.model.records import dataclass

_AAC_TYPES = frozenset({0x40, 0x66, 0x67, 0x68})
_ENTRY_BYTES = {0: 36, 1: 52, 2: 72}
"""An audio sample entry's length before its boxes, by QuickTime sound version."""
_CHANNELS_AT, _RATE_AT = 24, 32
_FULL = 4
_SPEAKERS = b"chan"
_MOST = 64


class RefusalError(Exception):
    """The rule that refuses the audio."""

    def __init__(self, rule: str, **detail: str | int) -> None:
        super().__init__(rule)
        self.refusal = Refusal(rule, detail)


@dataclass(frozen=True)
class Codec:
    """What the sample entry says: essence profile, parameters, and the facts of the audio."""

    profile: str
    params: bytes
    rate: int
    channels: int
    bits: int | None
    lossless: bool
    packets: bool
    gain: int | None = None
    pre_skip: int | None = None
    unusual: bool = False
    """Whether it is for other loudspeakers (BND-017), or described as less (MPF-038)."""


def codec_of(stream: BinaryIO, table: Box) -> Codec:
    """What the one sample description says (MPF-022, MPF-028); raises ``RefusalError``."""
    described = table.first(b"stsd")
    if described is None:
        raise RefusalError("mp4.sample-table")
    entries = children_at(stream, described.body + 8, described.end, 4)
    if len(entries) != 1 or int.from_bytes(read(stream, described.body + 4, 4), "big") != 1:
        raise RefusalError("mp4.descriptions", count=len(entries))
    entry = entries[0]
    version = int.from_bytes(read(stream, entry.start + 16, 2), "big")
    if version and read(stream, described.body, 1) != b"\0":  # nobody knows then how long it is
        raise RefusalError("mp4.descriptions", version=version)
    name = entry.name.decode("latin-1")
    boxes = _entry_boxes(stream, entry.start + _ENTRY_BYTES.get(version, 36), entry.end)
    found = [b for b in boxes if b.name in _CODECS]
    seen = _in_all_readings(stream, entry)
    mine = {b.start for b in found}
    if len(found) > 1 or any(b.name in _CODECS and b.start not in mine for b in seen):
        raise RefusalError("mp4.descriptions", count=len(found))
    for box in boxes:
        is_mine = box in found or box.name == _SPEAKERS
        if (box.name in PLACES and not is_mine) or is_hidden_header(stream, box):
            raise RefusalError("mp4.box-place", box=box.name.decode("latin-1"))
    for box in found:
        if entry.name in _ENTRIES[box.name]:
            codec = _CODECS[box.name](read(stream, box.body, min(box.end - box.body, 4096)))
            if codec is not None:
                odd = codec.unusual or _has_odd_speakers(stream, seen, codec.channels)
                return replace(codec, unusual=odd or _is_described_as_less(stream, entry, codec))
    raise RefusalError("mp4.codec", codec=name if name.isprintable() else "?")


def _entry_boxes(stream: BinaryIO, start: int, end: int) -> list[Box]:
    """The boxes of a sample entry, and those inside QuickTime's wave box.

    Raises ``RefusalError`` where bytes are left in which others may see one more box.
    """
    found: list[Box] = []
    for box in _believed(stream, start, end):
        found += _believed(stream, box.body, box.end) if box.name == b"wave" else [box]
    return found


def _believed(stream: BinaryIO, start: int, end: int) -> list[Box]:
    boxes = children_at(stream, start, end, _MOST)
    if end - (boxes[-1].end if boxes else start) >= HEADER:
        raise RefusalError("mp4.box-size", box="stsd")
    return boxes


def _has_odd_speakers(stream: BinaryIO, boxes: Sequence[Box], channels: int) -> bool:
    """Whether any layout says what is not usual."""
    layouts = (box for box in boxes if box.name == _SPEAKERS)
    return any(
        not is_usual_layout(read(stream, box.body + _FULL, min(box.end - box.body, 16)), channels)
        for box in layouts
    )


def _is_described_as_less(stream: BinaryIO, entry: Box, codec: Codec) -> bool:
    """Whether Opus is said to have other channels or a low rate, which some players go by."""
    if codec.profile != "opus":
        return False
    channels = int.from_bytes(read(stream, entry.start + _CHANNELS_AT, 2), "big")
    rate = int.from_bytes(read(stream, entry.start + _RATE_AT, 2), "big")
    return channels != codec.channels or rate < _opus_facts.MUSIC_RATE


def _in_all_readings(stream: BinaryIO, entry: Box) -> list[Box]:
    """The boxes that the entry has as of any QuickTime version, some of them more than once."""
    return [
        box
        for length in _ENTRY_BYTES.values()
        for outer in children_at(stream, entry.start + length, entry.end, _MOST)
        for box in (outer, *_inside(stream, outer))
    ]


def _inside(stream: BinaryIO, box: Box) -> list[Box]:
    """What is inside QuickTime's wave box."""
    return children_at(stream, box.body, box.end, _MOST) if box.name == b"wave" else []


def _aac(esds: bytes) -> Codec | None:
    """AudioSpecificConfig out of the descriptors (ISO 14496-1 7.2.6)."""
    found = _aac_config.read(_decoder_config(esds[_FULL:]) or b"")
    if found is None:
        return None
    return Codec("aac", *found, None, lossless=False, packets=True)


def _decoder_config(data: bytes) -> bytes | None:
    tag, body, _ = _descriptor(data)
    if tag != 3 or len(body) < 3:
        return None
    flags, at = body[2], 3
    at += 2 if flags & 0x80 else 0
    at += 1 + body[at] if flags & 0x40 and at < len(body) else 0
    at += 2 if flags & 0x20 else 0
    tag, config, _ = _descriptor(body[at:])
    if tag != 4 or len(config) < 13 or config[0] not in _AAC_TYPES:
        return None
    tag, specific, _ = _descriptor(config[13:])
    return specific if tag == 5 else None


def _descriptor(data: bytes) -> tuple[int, bytes, bytes]:
    """Tag, body and rest of an MPEG-4 descriptor; tag -1 for a broken one."""
    size, at = 0, 1
    for _ in range(4):
        if at >= len(data):
            return -1, b"", b""
        byte = data[at]
        at += 1
        size = size << 7 | byte & 0x7F
        if not byte & 0x80:
            break
    if at + size > len(data):
        return -1, b"", b""
    return data[0], data[at : at + size], data[at + size :]


def _alac(box: bytes) -> Codec | None:
    cookie = box[_FULL : _FULL + 24]
    if len(cookie) < 24:
        return None
    params = cookie[:12] + cookie[20:24]
    rate = int.from_bytes(cookie[20:24], "big")
    return (
        Codec("alac", params, rate, cookie[9], cookie[5], lossless=True, packets=True)
        if rate
        else None
    )


def _flac(box: bytes) -> Codec | None:
    info = box[_FULL + 4 : _FULL + 38]
    if len(info) < 34 or box[_FULL] & 0x7F:
        return None
    told = _streaminfo.read(info)
    if not told.rate:
        return None
    facts = (told.rate, told.channels, told.bits)
    return Codec("flac", told.params, *facts, lossless=True, packets=False)


def _opus(box: bytes) -> Codec | None:
    if len(box) < 11 or box[0] != 0:
        return None
    channels, family = box[1], box[10]
    table = box[11 : 13 + channels] if family else b""
    if family and len(table) < 2 + channels:
        return None
    gain = int.from_bytes(box[8:10], "big", signed=True)
    pre_skip = int.from_bytes(box[2:4], "big")
    params = bytes((channels, family)) + table
    return Codec(
        "opus", params, 48000, channels, None, lossless=False, packets=True, gain=gain,
        pre_skip=pre_skip, unusual=_opus_facts.is_low(int.from_bytes(box[4:8], "big")),
    )  # fmt: skip


_CODECS: Mapping[bytes, Callable[[bytes], Codec | None]] = {
    b"esds": _aac,
    b"alac": _alac,
    b"dfLa": _flac,
    b"dOps": _opus,
}
_ENTRIES: Mapping[bytes, frozenset[bytes]] = {
    b"esds": frozenset({b"mp4a"}),
    b"alac": frozenset({b"alac"}),
    b"dfLa": frozenset({b"fLaC"}),
    b"dOps": frozenset({b"Opus"}),
}
