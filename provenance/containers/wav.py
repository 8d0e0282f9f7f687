"""WAV: RIFF, RF64 and BW64, with PCM or float samples (spec/containers/wav.md).

Chunks are walked to the end of the file; our tags stand in an ID3 tag in an ``id3 `` chunk. A
streamed file, whose sizes were never filled in, is read by one stated rule (WAV-010). LIST/INFO
is read for title and artist, never written. Deliberately not done: ADPCM and other codecs,
``wavl`` lists, reading bext or iXML.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from provenance.containers import _iff, _iff_readings, _speakers
from provenance.containers._iff import HEADER, Chunk, Contents, Walk
from provenance.containers.base import (
    MAX_TAG_VALUES,
    AudioFacts,
    Change,
    Container,
    Essence,
    Item,
    Presentation,
    Refusal,
    Scan,
    Splice,
    Tags,
    splice,
)
from provenance.model.errors import RefusedError
from provenance.model.limits import Limits
from provenance.model.records import dataclass

RIFF_LIMIT = 0xFFFFFFFF
"""Sizes of this and more need RF64."""
_UNKNOWN = (0, 0xFFFFFFFF)
_UNKNOWN_64 = (0, 0xFFFFFFFFFFFFFFFF)
_FIRST_CHUNK = 12
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_SUBFORMAT_TAIL = bytes.fromhex("000000001000800000aa00389b71")
_INT_BITS, _FLOAT_BITS = frozenset({8, 16, 24, 32}), frozenset({32, 64})
_24_IN_32 = (_PCM, 32, 24)
"""Kind, container and valid bits of the one sample that leaves a byte of its container empty."""
_FORMAT_BYTES, _EXTENSION = 18, 22
_SCALED_FLOAT = b"\x01\0"
"""Two bytes behind the format that make 32 bit integers floats (Cool Edit)."""
_DS64_BYTES = 28
_DS64_ENTRY = 12
_OTHER_CODEC = b"XMA2"
"""A chunk that says that the audio is of another codec; some players believe it."""
_SOUND = (b"data", b"fmt ", b"ds64", _OTHER_CODEC)
"""The chunks that players go by; the audio first."""
_INFO = {b"INAM": "title", b"IART": "artist", b"IPRD": "album", b"ISRC": "isrc"}
_INFO_BYTES = 64 * 1024


@dataclass(frozen=True)
class _Sizes:
    """What the headers state: RIFF end (file offset) and data size; and whether streamed."""

    form: bytes
    stated: int
    """The 32 bits behind the form's name."""
    riff_end: int
    data_size: int | None
    streamed: bool
    ds64: int | None


@dataclass(frozen=True)
class _Layout:
    """What the writer needs."""

    sizes: _Sizes
    contents: Contents
    last_end: int
    """Where the last chunk inside the RIFF ends."""
    data: Chunk
    format_end: int
    needs_pad: bool


def _recognises(stream: BinaryIO) -> bool:
    stream.seek(0)
    head = stream.read(_FIRST_CHUNK)
    return head[:4] in {b"RIFF", b"RF64", b"BW64"} and head[8:] == b"WAVE"


def _scan(stream: BinaryIO, limits: Limits, want_digest: bool) -> Scan:
    """Walk the chunks (WAV-001 to WAV-010); audio is only located."""
    del want_digest
    size = stream.seek(0, 2)
    sizes = _sizes(stream, size)
    found = _walk(stream, size, sizes, limits)
    skipped = frozenset({b"data", b"ds64"})
    contents = _iff.read_contents(stream, "wav", found.chunks, skipped, limits)
    scan = Scan(
        container="wav",
        size=size,
        carriers=contents.carriers,
        items=tuple(sorted((*contents.items, *_rest(found, size)), key=lambda i: i.start)),
        tags=contents.tags + _info(stream, found.chunks),
        notes=contents.notes,
        incomplete=contents.incomplete or found.more or found.ends_early(sizes.riff_end, size),
    )
    refusal = (
        _fault(found, sizes, size)
        or _contradiction(stream, found, sizes, limits)
        or _rival(stream, found, size, limits)
    )
    if refusal is not None:
        return replace(scan, refusal=refusal)
    return _with_audio(stream, scan, found, _layout(sizes, contents, found))


def _sizes(stream: BinaryIO, size: int) -> _Sizes:
    stream.seek(0)
    head = stream.read(_FIRST_CHUNK + HEADER + _DS64_BYTES)
    form, stated = head[:4], int.from_bytes(head[4:8], "little")
    if form == b"RIFF" or head[12:16] != b"ds64" or len(head) < _FIRST_CHUNK + HEADER + 16:
        streamed = stated in _UNKNOWN and form == b"RIFF"
        riff_end = size if stated in _UNKNOWN else 8 + stated
        return _Sizes(form, stated, riff_end, None, streamed, None)
    riff = int.from_bytes(head[20:28], "little")
    data = int.from_bytes(head[28:36], "little")
    streamed = riff in _UNKNOWN_64 and data in _UNKNOWN_64
    riff_end = size if streamed else 8 + riff
    return _Sizes(form, stated, riff_end, data, streamed, _FIRST_CHUNK)


def _walk(stream: BinaryIO, size: int, sizes: _Sizes, limits: Limits) -> Walk:
    def sized(name: bytes, stated: int, body: int) -> int:
        if name != b"data":
            return stated
        if sizes.streamed and (stated in _UNKNOWN or sizes.ds64 is not None):
            return size - body
        if stated == RIFF_LIMIT and sizes.data_size is not None:
            return sizes.data_size
        return stated

    return _iff.walk(stream, _FIRST_CHUNK, size, "little", limits, sized)


def _rest(found: Walk, size: int) -> Iterator[Item]:
    """What stands behind the chunks and is none: kept as it is."""
    if found.cut is None and not found.more and found.rest < size:
        yield Item("wav:rest", found.rest, size - found.rest)


def _fault(found: Walk, sizes: _Sizes, size: int) -> Refusal | None:
    """The rule that refuses this file, if one does (WAV-002 to WAV-007)."""
    ids = [c.id for c in found.chunks]
    cut = found.cut
    if found.more:
        return Refusal("wav.too-many-chunks")
    if cut is not None and cut.id == b"data":
        return Refusal("wav.data-cut")
    if ids.count(b"fmt ") != 1:
        return Refusal("wav.fmt-count", {"count": ids.count(b"fmt ")})
    if ids.count(b"data") != 1:
        return Refusal("wav.data-count", {"count": ids.count(b"data")})
    if _OTHER_CODEC in ids:
        return Refusal("wav.codec", {"chunk": "XMA2"})
    if sizes.form != b"RIFF" and sizes.ds64 is None:
        return Refusal("wav.ds64-missing")
    if cut is None and sizes.riff_end > size + 1:
        return Refusal("wav.riff-size")
    return None


def _contradiction(stream: BinaryIO, found: Walk, sizes: _Sizes, limits: Limits) -> Refusal | None:
    """Whether ds64 says another size than a 32-bit field that is not left open (WAV-013)."""
    if sizes.ds64 is None:
        return None
    data = next(c for c in found.chunks if c.id == b"data")
    riff = _number(stream, sizes.ds64 + HEADER, 8)
    stated = _number(stream, data.start + 4, 4)
    wrong = []
    if sizes.stated not in {RIFF_LIMIT, riff}:
        wrong.append(sizes.form)
    if stated not in {RIFF_LIMIT, sizes.data_size}:
        wrong.append(b"data")
    sized = {c.id: c.size for c in found.chunks if c.id in _SOUND}
    table = _table(stream, found.chunks[0], limits)
    wrong += [name for name, size in table if sized.get(name, size) != size]
    if not wrong:
        return None
    return Refusal("wav.ds64-sizes", {"chunk": wrong[0].decode("ascii").strip()})


def _number(stream: BinaryIO, at: int, count: int) -> int:
    stream.seek(at)
    return int.from_bytes(stream.read(count), "little")


def _table(stream: BinaryIO, ds64: Chunk, limits: Limits) -> Iterator[tuple[bytes, int]]:
    """Names and sizes of other chunks, as many as ds64 holds."""
    stream.seek(ds64.body + _DS64_BYTES)
    most = min(ds64.size - _DS64_BYTES, limits.items * _DS64_ENTRY)
    table = stream.read(max(most, 0))
    for at in range(0, len(table) - _DS64_ENTRY + 1, _DS64_ENTRY):
        yield table[at : at + 4], int.from_bytes(table[at + 4 : at + _DS64_ENTRY], "little")


def _rival(stream: BinaryIO, found: Walk, size: int, limits: Limits) -> Refusal | None:
    """Whether players may find other audio in the same bytes (WAV-011)."""
    rival = _iff_readings.find_rival(stream, size, found, "little", _SOUND, limits)
    return rival.refusal("wav") if rival is not None else None


def _layout(sizes: _Sizes, contents: Contents, found: Walk) -> _Layout:
    """The last chunk of the RIFF is never one before the audio, whatever its size says."""
    data = next(c for c in found.chunks if c.id == b"data")
    end = max(sizes.riff_end, data.end)
    last = max((c for c in found.chunks if c.start < end), key=lambda c: c.end)
    needs_pad = (last.end - last.start) % 2 == 1
    fmt = next(c for c in found.chunks if c.id == b"fmt ")
    return _Layout(sizes, contents, last.end, data, fmt.end, needs_pad)


@dataclass(frozen=True)
class _Format:
    kind: int
    channels: int
    rate: int
    bits: int
    valid_bits: int
    mask: int

    @property
    def frame(self) -> int:
        return self.channels * self.bits // 8

    @property
    def has_odd_speakers(self) -> bool:
        """Whether the channels are for others than the usual loudspeakers (BND-017)."""
        return not _speakers.is_usual(self.mask, self.channels)


def _format(stream: BinaryIO, chunk: Chunk) -> _Format | Refusal:
    """What the samples are, where everything in ``fmt `` says the same (WAV-014, WAV-015)."""
    stream.seek(chunk.body)
    body = stream.read(min(chunk.size, 64))
    if len(body) < 16:
        return Refusal("wav.fmt-short")
    tag, channels = int.from_bytes(body[:2], "little"), int.from_bytes(body[2:4], "little")
    rate, align = int.from_bytes(body[4:8], "little"), int.from_bytes(body[12:14], "little")
    valid = stated = int.from_bytes(body[14:16], "little")
    mask = 0
    extra = body[_FORMAT_BYTES:][: int.from_bytes(body[16:18], "little")]
    if tag == _EXTENSIBLE and len(body) >= 40:
        if body[26:40] != _SUBFORMAT_TAIL:
            return Refusal("wav.codec", {"tag": tag})
        tag, valid = int.from_bytes(body[24:26], "little"), int.from_bytes(body[18:20], "little")
        valid, extra = valid or stated, extra[_EXTENSION:]
        mask = int.from_bytes(body[20:24], "little")
    known = {_PCM: _INT_BITS, _FLOAT: _FLOAT_BITS}.get(tag)
    bits = _whole_bytes(stated)
    if known is None or (tag, bits, extra) == (_PCM, 32, _SCALED_FLOAT):
        return Refusal("wav.codec", {"tag": tag})
    if not channels or not rate or bits not in known or align != channels * bits // 8:
        return Refusal("wav.block-align", {"bits": stated, "align": align})
    if _whole_bytes(valid) != bits and (tag, bits, valid) != _24_IN_32:
        return Refusal("wav.valid-bits", {"bits": stated, "valid": valid})
    return _Format(tag, channels, rate, bits, min(valid, bits), mask)


def _whole_bytes(bits: int) -> int:
    return (bits + 7) // 8 * 8


def _with_audio(stream: BinaryIO, scan: Scan, found: Walk, layout: _Layout) -> Scan:
    """Essence profiles ``pcm-le`` and ``pcm-u8`` (WAV-020)."""
    fmt = _format(stream, next(c for c in found.chunks if c.id == b"fmt "))
    if isinstance(fmt, Refusal):
        return replace(scan, refusal=fmt)
    data = layout.data
    samples, left = divmod(data.size, fmt.frame)
    if not samples:
        return replace(scan, refusal=Refusal("wav.no-audio"))
    length = samples * fmt.frame
    profile = "pcm-u8" if (fmt.kind, fmt.bits) == (_PCM, 8) else "pcm-le"
    params = (
        bytes((fmt.kind,))
        + fmt.rate.to_bytes(4, "big")
        + fmt.channels.to_bytes(2, "big")
        + bytes((fmt.bits,))
    )
    tail = (Item("wav:data/rest", data.body + length, left),) if left else ()
    return replace(
        scan,
        items=tuple(sorted((*scan.items, *tail), key=lambda i: i.start)),
        audio=AudioFacts("pcm", fmt.rate, fmt.channels, fmt.valid_bits, samples, lossless=True),
        essence=Essence(
            profile,
            params,
            ((data.body, length),),
            presentation=Presentation(0, 0, None, samples, unusual=fmt.has_odd_speakers),
        ),
        layout=layout,
    )


def _info(stream: BinaryIO, chunks: tuple[Chunk, ...]) -> Tags:
    """Title, artist, album and ISRC of LIST/INFO chunks."""
    found: dict[str, list[str]] = {name: [] for name in _INFO.values()}
    left = _INFO_BYTES
    for chunk in chunks:
        if chunk.id != b"LIST" or not 4 <= chunk.size <= left:
            continue
        left -= chunk.size
        stream.seek(chunk.body)
        body = stream.read(chunk.size)
        if body[:4] == b"INFO":
            for name, value in _info_items(body):
                if len(found[name]) < MAX_TAG_VALUES:
                    found[name].append(value)
    return Tags.of(found)


def _info_items(body: bytes) -> Iterator[tuple[str, str]]:
    at = 4
    while at + HEADER <= len(body):
        size = int.from_bytes(body[at + 4 : at + 8], "little")
        name = _INFO.get(body[at : at + 4])
        if name is not None:
            text = body[at + 8 : at + 8 + size].split(b"\0")[0]
            yield name, text.decode("utf-8", "replace")
        at += HEADER + size + size % 2


def _write(source: BinaryIO, scan: Scan, change: Change, target: BinaryIO) -> None:
    """Our frames into the first ID3 chunk, or a new one at the end (WAV-030 to WAV-033)."""
    layout = scan.layout
    if not isinstance(layout, _Layout):
        raise RefusedError(scan.refusal.rule if scan.refusal else "wav.riff-size")
    at = layout.last_end
    new = _iff.NewChunk(at, b"id3 ", "little", layout.needs_pad)
    edited = _iff.edit_chunks(source, layout.contents, replace(change, aigc=None), new)
    splices, growth = list(edited.splices), edited.growth
    if change.aigc is not None:
        label = _label(layout, change.aigc)
        splices.append(label)
        growth += len(label.data)
    if splices or layout.sizes.streamed:
        splices += _sized(layout, at + growth)
    splice(source, scan.size, splices, target)


def _label(layout: _Layout, value: bytes) -> Splice:
    """The AIGC chunk behind ``fmt `` (spec 21.5), whose pad byte may have been forgotten."""
    at = layout.format_end
    data = b"AIGC" + _iff.size_field(len(value), "little") + value + b"\0" * (len(value) % 2)
    return Splice(at, at, data)


def _sized(layout: _Layout, riff_end: int) -> Iterator[Splice]:
    """True sizes: RIFF, or ds64 when it is RF64 or must become it."""
    sizes, data = layout.sizes, layout.data
    if sizes.ds64 is not None:
        body = sizes.ds64 + HEADER
        yield Splice(body, body + 8, (riff_end - 8).to_bytes(8, "little"))
        if sizes.stated != RIFF_LIMIT:  # it must not contradict ds64 (WAV-013)
            yield Splice(4, 8, min(riff_end - 8, RIFF_LIMIT).to_bytes(4, "little"))
        if sizes.streamed:
            yield Splice(body + 8, body + 16, data.size.to_bytes(8, "little"))
            yield Splice(data.start + 4, data.body, b"\xff" * 4)
        return
    if riff_end - 8 < RIFF_LIMIT:
        yield Splice(4, 8, (riff_end - 8).to_bytes(4, "little"))
        if sizes.streamed:
            yield Splice(data.start + 4, data.body, data.size.to_bytes(4, "little"))
        return
    ds64 = (riff_end - 8 + HEADER + _DS64_BYTES, data.size, 0)
    content = b"".join(n.to_bytes(8, "little") for n in ds64) + bytes(4)
    yield Splice(0, 8, b"RF64" + b"\xff" * 4)
    yield Splice(12, 12, b"ds64" + _DS64_BYTES.to_bytes(4, "little") + content)
    yield Splice(data.start + 4, data.body, b"\xff" * 4)


CONTAINER = Container(
    name="wav",
    title="WAV (RIFF, RF64, BW64)",
    media_types=("audio/wav", "audio/vnd.wave", "audio/x-wav"),
    suffixes=(".wav", ".wave", ".bwf", ".rf64"),
    recognises=_recognises,
    scan=_scan,
    write=_write,
)
