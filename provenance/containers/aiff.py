"""AIFF and AIFF-C with uncompressed samples (spec/containers/aiff.md).

Chunks are walked to the end of the file; our tags stand in an ID3 tag in an ``ID3 `` chunk.
NAME and AUTH are read for title and artist, never written. Not done: compressed AIFF-C.
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

_FIRST_CHUNK = 12
_FORM_LIMIT = 0xFFFFFFFF
_COMM_BYTES = 18
_INT, _FLOAT = 1, 3
_TEXT_BYTES = 64 * 1024
_EXPONENT_BIAS = 16383 + 63
_VERSION = bytes.fromhex("a2805140")
"""What FVER of every AIFF-C file says: May 23, 1990, 2:40 pm."""
_SOUND = (b"SSND", b"COMM", b"FVER")
"""The chunks that players need; the audio first."""
_UNCOMPRESSED = {b"", b"NONE", b"twos", bytes(4)}
"""What may stand behind COMM in an AIFF file, where some players look for a compression type."""

_CODECS = {
    b"NONE": (_INT, "pcm-be", None),
    b"twos": (_INT, "pcm-be", None),
    b"sowt": (_INT, "pcm-le", None),
    b"raw ": (_INT, "pcm-u8", 8),
    b"in24": (_INT, "pcm-be", 24),
    b"in32": (_INT, "pcm-be", 32),
    b"fl32": (_FLOAT, "pcm-be", 32),
    b"FL32": (_FLOAT, "pcm-be", 32),
    b"fl64": (_FLOAT, "pcm-be", 64),
    b"FL64": (_FLOAT, "pcm-be", 64),
}
"""AIFF-C compression types that are plain samples: kind, profile, container bits."""


@dataclass(frozen=True)
class _Layout:
    contents: Contents
    last_end: int
    needs_pad: bool


@dataclass(frozen=True)
class _Common:
    """The COMM chunk: what the samples are."""

    kind: int
    profile: str
    channels: int
    frames: int
    rate: int
    bits: int
    valid_bits: int


def _recognises(stream: BinaryIO) -> bool:
    stream.seek(0)
    head = stream.read(_FIRST_CHUNK)
    return head[:4] == b"FORM" and head[8:] in {b"AIFF", b"AIFC"}


def _scan(stream: BinaryIO, limits: Limits, want_digest: bool) -> Scan:
    """Walk the chunks (AIF-001 to AIF-010); audio is only located."""
    del want_digest
    size = stream.seek(0, 2)
    stream.seek(0)
    head = stream.read(_FIRST_CHUNK)
    form_end = 8 + int.from_bytes(head[4:8], "big")
    found = _iff.walk(stream, _FIRST_CHUNK, size, "big", limits)
    contents = _iff.read_contents(stream, "aiff", found.chunks, frozenset({b"SSND"}), limits)
    scan = Scan(
        container="aiff",
        size=size,
        carriers=contents.carriers,
        items=tuple(sorted((*contents.items, *_rest(found, size)), key=lambda i: i.start)),
        tags=contents.tags + _texts(stream, found.chunks),
        notes=contents.notes,
        incomplete=contents.incomplete or found.more or found.ends_early(form_end, size),
    )
    refusal = (
        _fault(found, form_end, size)
        or _version(stream, found, head[8:])
        or _rival(stream, found, size, limits)
    )
    if refusal is not None:
        return replace(scan, refusal=refusal)
    layout = _layout(contents, found, form_end)
    return _with_audio(stream, replace(scan, layout=layout), found, head[8:])


def _layout(contents: Contents, found: Walk, form_end: int) -> _Layout:
    """The last chunk of the FORM is never one before the audio, whatever its size says."""
    end = max(form_end, *(c.end for c in found.chunks if c.id in {b"COMM", b"SSND"}))
    last = max((c for c in found.chunks if c.start < end), key=lambda c: c.end)
    return _Layout(contents, last.end, (last.end - last.start) % 2 == 1)


def _rest(found: Walk, size: int) -> Iterator[Item]:
    if found.cut is None and not found.more and found.rest < size:
        yield Item("aiff:rest", found.rest, size - found.rest)


def _fault(found: Walk, form_end: int, size: int) -> Refusal | None:
    ids = [c.id for c in found.chunks]
    if found.more:
        return Refusal("aiff.too-many-chunks")
    if found.cut is not None and found.cut.id == b"SSND":
        return Refusal("aiff.data-cut")
    for name, rule in ((b"COMM", "aiff.comm-count"), (b"SSND", "aiff.ssnd-count")):
        if ids.count(name) != 1:
            return Refusal(rule, {"count": ids.count(name)})
    if found.cut is None and form_end > size + 1:
        return Refusal("aiff.form-size")
    return None


def _version(stream: BinaryIO, found: Walk, form: bytes) -> Refusal | None:
    """Whether FVER names another version, by which players read the samples otherwise (AIF-009)."""
    for chunk in found.chunks:
        if form == b"AIFC" and chunk.id == b"FVER":
            stream.seek(chunk.body)
            if chunk.size < len(_VERSION) or stream.read(len(_VERSION)) != _VERSION:
                return Refusal("aiff.version")
    return None


def _rival(stream: BinaryIO, found: Walk, size: int, limits: Limits) -> Refusal | None:
    """Whether players may find other audio in the same bytes (AIF-007)."""
    rival = _iff_readings.find_rival(stream, size, found, "big", _SOUND, limits)
    return rival.refusal("aiff") if rival is not None else None


def _common(stream: BinaryIO, chunk: Chunk, form: bytes) -> _Common | Refusal:
    """What COMM says, where players cannot understand it otherwise (AIF-006, AIF-011)."""
    stream.seek(chunk.body)
    body = stream.read(min(chunk.size, _COMM_BYTES + 4))
    if len(body) < _COMM_BYTES + (4 if form == b"AIFC" else 0):
        return Refusal("aiff.comm-short")
    codec = body[18:22]
    if form == b"AIFF" and codec in _UNCOMPRESSED:
        codec = b"NONE"
    elif form == b"AIFF" or codec not in _CODECS:
        return Refusal("aiff.codec", {"codec": codec.decode("ascii", "replace")})
    kind, profile, fixed = _CODECS[codec]
    channels, valid = int.from_bytes(body[:2], "big"), int.from_bytes(body[6:8], "big")
    rate = _rate(body[8:18])
    bits = fixed or (valid + 7) // 8 * 8
    if not channels or rate is None or not 8 <= bits <= 64 or (fixed is None and bits > 32):
        return Refusal("aiff.comm-values")
    if codec in {b"in24", b"in32"} and (valid + 7) // 8 * 8 != bits:
        return Refusal("aiff.comm-values", {"bits": valid})
    frames = int.from_bytes(body[2:6], "big")
    return _Common(
        kind, profile, channels, frames, rate, bits, valid if 0 < valid <= bits else bits
    )


def _rate(extended: bytes) -> int | None:
    """A whole number of Hz from an 80-bit float; None for anything else."""
    exponent = int.from_bytes(extended[:2], "big")
    mantissa = int.from_bytes(extended[2:], "big")
    shift = _EXPONENT_BIAS - exponent
    if not 0 <= shift < 64 or mantissa & ((1 << shift) - 1):
        return None
    rate = mantissa >> shift
    return rate if 0 < rate < 1 << 32 else None


def _with_audio(stream: BinaryIO, scan: Scan, found: Walk, form: bytes) -> Scan:
    """Essence profiles ``pcm-be``, ``pcm-le`` and ``pcm-u8`` (AIF-008, AIF-020)."""
    common = _common(stream, next(c for c in found.chunks if c.id == b"COMM"), form)
    if isinstance(common, Refusal):
        return replace(scan, refusal=common)
    sound = next(c for c in found.chunks if c.id == b"SSND")
    stream.seek(sound.body)
    offset = int.from_bytes(stream.read(4), "big") if sound.size >= 8 else 0
    start = sound.body + 8 + offset
    length = common.frames * common.channels * common.bits // 8
    if not common.frames:
        return replace(scan, refusal=Refusal("aiff.no-audio"))
    if sound.size < 8 or start + length > sound.body_end:
        return replace(scan, refusal=Refusal("aiff.data-cut"))
    frame = length // common.frames
    behind = sound.body_end - start - length
    if offset >= frame or behind >= frame + length % 2:
        detail = {"before": offset, "behind": behind}
        return replace(scan, refusal=Refusal("aiff.ssnd-size", detail))
    params = (
        bytes((common.kind,))
        + common.rate.to_bytes(4, "big")
        + common.channels.to_bytes(2, "big")
        + bytes((common.bits,))
    )
    odd_speakers = not _has_usual_speakers(stream, found, common.channels)
    around = [
        Item("aiff:SSND/head", sound.start, start - sound.start),
        Item("aiff:SSND/rest", start + length, sound.body_end - start - length),
    ]
    return replace(
        scan,
        items=tuple(sorted((*scan.items, *(i for i in around if i.length)), key=lambda i: i.start)),
        audio=AudioFacts(
            "pcm", common.rate, common.channels, common.valid_bits, common.frames, lossless=True
        ),
        essence=Essence(
            common.profile,
            params,
            ((start, length),),
            presentation=Presentation(0, 0, None, common.frames, unusual=odd_speakers),
        ),
    )


def _has_usual_speakers(stream: BinaryIO, found: Walk, channels: int) -> bool:
    """Whether each chunk of a channel layout says what is usual (BND-017)."""
    for chunk in found.chunks:
        if chunk.id == b"CHAN":
            stream.seek(chunk.body)
            if not _speakers.is_usual_layout(stream.read(min(chunk.size, 8)), channels):
                return False
    return True


def _texts(stream: BinaryIO, chunks: tuple[Chunk, ...]) -> Tags:
    """Title and artist of NAME and AUTH chunks."""
    found: dict[bytes, list[str]] = {b"NAME": [], b"AUTH": []}
    for chunk in chunks:
        texts = found.get(chunk.id)
        if texts is not None and len(texts) < MAX_TAG_VALUES and chunk.size <= _TEXT_BYTES:
            stream.seek(chunk.body)
            text = stream.read(chunk.size).rstrip(b"\0").decode("utf-8", "replace")
            texts.append(text)
    return Tags.of({"title": found[b"NAME"], "artist": found[b"AUTH"]})


def _write(source: BinaryIO, scan: Scan, change: Change, target: BinaryIO) -> None:
    """Our frames into the first ID3 chunk, or a new one at the end (AIF-030 to AIF-033)."""
    layout = scan.layout
    if not isinstance(layout, _Layout):
        raise RefusedError(scan.refusal.rule if scan.refusal else "aiff.form-size")
    at = layout.last_end
    new = _iff.NewChunk(at, b"ID3 ", "big", layout.needs_pad)
    edited = _iff.edit_chunks(source, layout.contents, change, new)
    splices, growth = list(edited.splices), edited.growth
    if splices:
        form = at + growth - HEADER
        if form >= _FORM_LIMIT:
            raise RefusedError("aiff.too-large")
        splices.append(Splice(4, 8, form.to_bytes(4, "big")))
    splice(source, scan.size, splices, target)


CONTAINER = Container(
    name="aiff",
    title="AIFF and AIFF-C",
    media_types=("audio/aiff", "audio/x-aiff"),
    suffixes=(".aiff", ".aif", ".aifc"),
    recognises=_recognises,
    scan=_scan,
    write=_write,
)
