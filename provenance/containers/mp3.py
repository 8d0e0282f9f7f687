"""MP3: MPEG audio Layer III with its tags in front and behind (spec/containers/mp3.md).

The tags are read and edited by ``_regions`` (ID3v2, APEv2); this module finds the audio between
them and hashes it while it walks the frame headers. Deliberately not done: decoding, checking
frame CRCs or the bit reservoir (the essence is hashed as it stands).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, NamedTuple

from provenance.containers import _framing, _mpeg, _regions
from provenance.containers._id3_bytes import end_of_zeros
from provenance.containers._mpeg_walk import FrameWalk
from provenance.containers.base import (
    AudioFacts,
    Change,
    Container,
    Essence,
    Presentation,
    Refusal,
    Scan,
    splice,
)
from provenance.model.codes import Code
from provenance.model.errors import RefusedError
from provenance.model.findings import Finding, finding
from provenance.model.limits import DEFAULT_LIMITS, Limits

_NO_AUDIO, _LAYER, _FREE = "mp3.no-audio", "mp3.layer", "mp3.free-format"
_FOREIGN = (
    *(b"fLaC", b"RIFF", b"RF64", b"BW64", b"RIFX", b"FORM", b"OggS", b"MAC ", b"wvpk", b"DSD "),
    *(b"FRM8", b"TTA1", b"MPCK", b"MP+", b"caff", b"\x1aE\xdf\xa3", b"0&\xb2u", b"PK\x03\x04"),
    *(b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"\x7fELF"),
    *(b"\xff\xf0", b"\xff\xf1", b"\xff\xf8", b"\xff\xf9"),
)
"""What begins a file of another kind, in which frames can stand by chance; the last: ADTS."""
_FTYP_AT = 4
_FREE_MOST = 8 * 1024
"""A free-format frame that is longer than this is not looked for."""
_TWO_FRAMES = 4 * 1024
"""Holds the first frame and the header of the second, where nothing stands before them."""


class _Start(NamedTuple):
    """Where hashed bytes begin, where the first frame is, and the first two headers."""

    begin: int
    frame: int
    first: _mpeg.Header
    second: _mpeg.Header


class _Audio(NamedTuple):
    """What the walk over the audio region gave."""

    facts: AudioFacts
    essence: Essence
    notes: tuple[Finding, ...]
    first: _mpeg.Header


def _recognises(stream: BinaryIO) -> bool:
    """Whether ID3v2 tags that no other kind of file follows, or MPEG audio, begin the stream."""
    size = stream.seek(0, 2)
    lead_end, refusal = _regions.lead_end(stream, size)
    if refusal is not None:
        return True
    if lead_end:
        return not _is_foreign(stream, lead_end, size)
    start = _find_start(stream, lead_end, size, DEFAULT_LIMITS)
    return not isinstance(start, Refusal) or start.rule != _NO_AUDIO


def _is_foreign(stream: BinaryIO, at: int, end: int) -> bool:
    head = _at(stream, at, min(_FTYP_AT + 4, end - at))
    return head.startswith(_FOREIGN) or head[_FTYP_AT:] == b"ftyp"


def _scan(stream: BinaryIO, limits: Limits, want_digest: bool) -> Scan:
    """Read the tags, walk the frames, hash the audio (MP3-001 to MP3-020)."""
    size = stream.seek(0, 2)
    regions = _regions.walk(stream, size, "mp3", limits, id3_canonical=True)
    scan = Scan(
        "mp3",
        size,
        regions.carriers,
        regions.items,
        regions.tags,
        refusal=regions.refusal,
        notes=regions.notes,
        incomplete=regions.incomplete,
        layout=regions,
    )
    if regions.refusal is not None:
        return scan
    audio = _audio(stream, regions.lead_end, regions.tail_start, limits, want_digest)
    if not isinstance(audio, Refusal):
        audio = _alone(stream, audio, regions.tail_start, size)
    if isinstance(audio, Refusal):
        return replace(scan, refusal=audio)
    return replace(scan, audio=audio.facts, essence=audio.essence, notes=scan.notes + audio.notes)


def _audio(
    stream: BinaryIO, lead_end: int, tail_start: int, limits: Limits, want_digest: bool
) -> _Audio | Refusal:
    start = _find_start(stream, lead_end, tail_start, limits)
    if isinstance(start, Refusal):
        return start
    information = _mpeg.information(_at(stream, start.frame, start.first.length), start.first)
    first = start.first if information is None else start.second
    audio_start = start.frame if information is None else start.frame + start.first.length
    params = first.rate.to_bytes(4, "big") + bytes([first.version, first.channels])
    digest = _framing.begin("mp3", params) if want_digest else None
    if digest is not None:
        digest.update(_at(stream, start.begin, start.frame - start.begin))
    walk = FrameWalk(stream, audio_start, tail_start, first, digest)
    walk.run()
    refusal = _refuse_end(stream, walk, first, tail_start)
    if refusal is not None:
        return refusal
    samples = walk.frames * first.samples
    essence = Essence(
        "mp3",
        params,
        _ranges((start.begin, start.frame), (audio_start, walk.at)),
        presentation=_presentation(samples, information),
        digest=None if digest is None else _framing.end(digest, None),
    )
    facts = AudioFacts("mp3", first.rate, first.channels, samples=samples)
    return _Audio(facts, essence, tuple(_junk(start, walk)), first)


def _alone(stream: BinaryIO, audio: _Audio, tail_start: int, size: int) -> _Audio | Refusal:
    """The audio, unless the tags behind it hold frames that players decode too (MP3-020)."""
    if tail_start == size:
        return audio
    from provenance.containers import _tail_frames

    at = _tail_frames.mpeg_frames(stream, tail_start, size, audio.first)
    return audio if at is None else Refusal("mp3.frames-in-tag", {"offset": at})


def _at(stream: BinaryIO, start: int, length: int) -> bytes:
    stream.seek(start)
    return stream.read(length)


def _ranges(*parts: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """The parts as (offset, length): empty ones dropped, adjacent ones merged."""
    merged: list[tuple[int, int]] = []
    for begin, end in parts:
        if merged and merged[-1][0] + merged[-1][1] == begin:
            merged[-1] = (merged[-1][0], end - merged[-1][0])
        elif begin < end:
            merged.append((begin, end - begin))
    return tuple(merged)


def _presentation(samples: int, information: _mpeg.Information | None) -> Presentation:
    """What is played of ``samples``: all but the encoder's delay and padding."""
    if information is None or information.start_trim is None or information.end_trim is None:
        return Presentation(duration=samples)
    start, end = information.start_trim, information.end_trim
    return Presentation(start, end, duration=max(samples - start - end, 0))


def _junk(start: _Start, walk: FrameWalk) -> Iterator[Finding]:
    before = start.frame - start.begin
    if before:
        yield finding(Code.ESSENCE_JUNK, "mp3:audio", offset=start.begin, length=before)
    if walk.junk:
        yield finding(Code.ESSENCE_JUNK, "mp3:audio", offset=walk.junk_at, length=walk.junk)


def _refuse_end(stream: BinaryIO, walk: FrameWalk, first: _mpeg.Header, end: int) -> Refusal | None:
    """Judge what follows the last frame: nothing and zeros are good, all else is refused."""
    rest = end_of_zeros(stream, walk.at, end)
    if rest < end:
        window = _at(stream, rest, min(DEFAULT_LIMITS.junk_bytes, end - rest))
        pair = next(_pairs(window), None)
        changed = pair is not None and not first.fits(pair[1])
        rule = "mp3.format-change" if changed else "mp3.trailing-garbage"
        return Refusal(rule, {"offset": rest})
    if walk.frames < 2:
        return Refusal("mp3.too-few-frames", {"frames": walk.frames})
    return None


def _find_start(stream: BinaryIO, lead_end: int, end: int, limits: Limits) -> _Start | Refusal:
    """Find the first two consistent frame headers, at most ``junk_bytes`` after the zeros."""
    if _is_foreign(stream, lead_end, end):
        return Refusal(_NO_AUDIO)
    begin = end_of_zeros(stream, lead_end, end)
    found = _pair_at(_at(stream, begin, min(_TWO_FRAMES, end - begin)), 0)
    if found is not None and found[0].layer == _mpeg.LAYER_III:
        return _Start(begin, begin, *found)
    window = _at(stream, begin, min(limits.junk_bytes + 2 * _FREE_MOST, end - begin))
    for at, first, second in _pairs(window):
        if at > limits.junk_bytes:
            break
        if first.layer == _mpeg.LAYER_III:
            return _Start(begin, begin + at, first, second)
        if at == 0:
            return Refusal(_LAYER, {"layer": 4 - first.layer})
    return Refusal(_FREE if _is_free_format(window) else _NO_AUDIO, {"offset": begin})


def _pairs(window: bytes) -> Iterator[tuple[int, _mpeg.Header, _mpeg.Header]]:
    """Every place of a window where a frame header stands that a consistent one follows."""
    for match in _mpeg.SYNC.finditer(window):
        pair = _pair_at(window, match.start())
        if pair is not None:
            yield match.start(), *pair


def _pair_at(window: bytes, at: int) -> tuple[_mpeg.Header, _mpeg.Header] | None:
    """The frame header at a place of a window and the consistent one behind its frame, if any."""
    first = _mpeg.parse(window[at : at + 4])
    if first is None or not first.length:
        return None
    second = _mpeg.parse(window[at + first.length : at + first.length + 4])
    if second is None or not second.length or not first.fits(second):
        return None
    return first, second


def _is_free_format(window: bytes) -> bool:
    """Whether a Layer III header without a bit rate comes three times at one distance."""
    header = _mpeg.parse(window[:4])
    if header is None or header.length or header.layer != _mpeg.LAYER_III:
        return False
    again = re.compile(re.escape(window[:2]) + b"[" + _same_rate(window[2]) + b"]")
    found = [match.start() for match in again.finditer(window, 4, 2 * _FREE_MOST)]
    places = set(found)
    return any(at <= _FREE_MOST and places & {2 * at - 1, 2 * at, 2 * at + 1} for at in found)


def _same_rate(third: int) -> bytes:
    """The third header byte with any padding and private bit, for a character class."""
    return b"".join(re.escape(bytes([third & 0x0C | low])) for low in range(4))


def _write(source: BinaryIO, scan: Scan, change: Change, target: BinaryIO) -> None:
    """Make the new file: our frames in the first ID3v2 tag, nowhere else (MP3-030).

    Raises ``RefusedError`` before anything is written.
    """
    regions = scan.layout
    if not isinstance(regions, _regions.Regions):
        raise RefusedError(_NO_AUDIO, "the scan does not come from this adapter")
    if scan.refusal is not None and change != Change(None, None):
        raise RefusedError(scan.refusal.rule)
    splices = _regions.edit_regions(source, regions, change)
    splice(source, scan.size, splices, target)


CONTAINER = Container(
    name="mp3",
    title="MP3 (MPEG audio Layer III)",
    media_types=("audio/mpeg", "audio/mp3"),
    suffixes=(".mp3",),
    recognises=_recognises,
    scan=_scan,
    write=_write,
)
