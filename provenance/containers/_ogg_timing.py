"""What the granule positions of an Ogg stream say about its presentation (OGG-022 to OGG-024).

A granule position counts the samples up to the last packet that ends on its page. Held against
what the packets of the first and of the last such page decode to, it tells what a player drops
at either end. Packet lengths come from the first bytes of a packet: Opus from its TOC (RFC 6716
3.1), Vorbis from its mode number and the modes of the setup packet. No audio is decoded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import BinaryIO

from provenance.containers._ogg_codecs import Codec
from provenance.containers._ogg_pages import END, GOES_ON, Page, Run
from provenance.containers.base import Presentation

_MAX_PAGES = 64
"""Pages without a granule position that are kept: no packet ends on them, so few are needed."""

Lengths = Callable[[Sequence[bytes]], Sequence[int]]
"""From the heads of packets in order to the samples that each adds."""

_OPUS_FRAMES = (
    *(480, 960, 1920, 2880) * 3,  # SILK
    *(480, 960) * 2,  # hybrid
    *(120, 240, 480, 960) * 4,  # CELT
)
"""Samples of one frame at 48 kHz, by the configuration number of the TOC."""


@dataclass(slots=True)
class _Span:
    """The pages since a granule position, up to the page with the next one."""

    before: int
    head: bytes
    """The first bytes of the packet that is open where the span begins."""
    pages: list[Page]
    overlong: bool = False

    @property
    def granule(self) -> int:
        return self.pages[-1].granule

    def heads(self, stream: BinaryIO) -> Iterator[bytes]:
        """The first two bytes of every packet that ends in this span."""
        head = self.head
        opened = bool(head)
        for page in self.pages:
            stream.seek(page.start)
            body, at = stream.read(page.end - page.start), 0
            for length in page.lacing:
                if not opened:
                    head = body[at : at + (2 if length > 1 else length)]
                at += length
                opened = length == 255
                if not opened:
                    yield head

    def last_head(self, stream: BinaryIO) -> bytes | None:
        """The first two bytes of the last packet that ends in this span; None if none does."""
        page = self.pages[-1]
        end = len(page.lacing.rstrip(b"\xff")) - 1
        begin = len(page.lacing[: max(end, 0)].rstrip(b"\xff"))
        if not begin:  # it may have begun on a page before
            return next(iter(deque(self.heads(stream), maxlen=1)), None)
        stream.seek(page.start + sum(page.lacing[:begin]))
        return stream.read(min(2, page.lacing[begin]))


@dataclass
class Timeline:
    """The first and the last two spans of a stream's audio pages."""

    first: _Span | None = None
    previous: _Span | None = None
    last: _Span | None = None
    current: _Span = field(default_factory=lambda: _Span(-1, b"", []))
    head: bytes = b""

    def take(self, page: Page, body: memoryview) -> None:
        """Take the next audio page; nothing of its body is kept but the head of an open packet."""
        span = self.current
        if len(span.pages) < _MAX_PAGES:
            span.pages.append(page)
        else:
            span.overlong = True
            span.pages[-1] = page
        if page.lacing[-1:] == b"\xff":
            self._open(page, body)
        elif page.lacing:
            self.head = b""
        if page.granule != -1:
            self.first = self.first or span
            self.previous, self.last = self.last, span
            self.current = _Span(page.granule, self.head, [])

    def take_run(self, run: Run) -> None:
        """Take pages one behind the other; of those amid the stream only the last two spans."""
        begin = _restart(run) if self.first is not None else 0
        if begin:
            self.head = b""
            self.current = _Span(run.granules[begin - 1], b"", [])
        for index in range(begin, len(run.places)):
            self.take(*run.page(index))

    def _open(self, page: Page, body: memoryview) -> None:
        """Remember the head of the packet that goes on behind this page."""
        full = len(page.lacing) - len(page.lacing.rstrip(b"\xff"))
        if full < len(page.lacing) or not self.head:
            start = len(body) - 255 * full
            self.head = bytes(body[start : start + 2])


def _restart(run: Run) -> int:
    """Where two spans or more begin in a run with no packet open; 0 when that is nowhere."""
    spans = 0
    for index in range(len(run.places) - 1, -1, -1):
        if run.granules[index] != -1:
            if spans > 1 and run.lacings[index] and run.lacings[index][-1] != GOES_ON:
                return index + 1
            spans += 1
    return 0


def presentation(codec: Codec, setup: bytes, timeline: Timeline, stream: BinaryIO) -> Presentation:
    """Trims, gain and duration, as far as the stream states them (spec/containers/ogg.md 2).

    The few pages that tell it are read from the stream once more.
    """
    last = timeline.last
    granule = last.granule if last is not None and last.granule >= 0 else None
    if codec.name == "flac":
        return Presentation(0, 0, None, codec.facts.samples or granule)
    skipped = codec.start_trim or 0
    lengths = lengths_of(codec, setup)
    if last is None or granule is None or lengths is None:
        duration = None if granule is None else max(0, granule - skipped)
        return Presentation(codec.start_trim, None, codec.gain, duration)
    offset = _offset(timeline, lengths, stream)
    return Presentation(
        start_trim=skipped + max(0, -offset),
        end_trim=_end_trim(timeline, lengths, offset, stream),
        gain=codec.gain,
        duration=max(0, granule - max(0, offset) - skipped),
    )


def samples_on(codec: Codec, setup: bytes, page: Page, stream: BinaryIO) -> int | None:
    """The samples of the packets that end on a page; None when they are not known."""
    lengths = lengths_of(codec, setup)
    if lengths is None:
        return None
    return sum(lengths(list(_Span(-1, b"", [page]).heads(stream))))


def _offset(timeline: Timeline, lengths: Lengths, stream: BinaryIO) -> int:
    """Where the stream's clock starts: over 0 a later time, below 0 samples that are dropped."""
    first = timeline.first
    if first is None or first.overlong or first.granule < 0:
        return 0
    offset = first.granule - sum(lengths(list(first.heads(stream))))
    only = first is timeline.last and first.pages[-1].flags & END
    return 0 if only and offset < 0 else offset


def _end_trim(timeline: Timeline, lengths: Lengths, offset: int, stream: BinaryIO) -> int | None:
    """What the last granule position cuts off the last packets; None when that is not known."""
    last, previous = timeline.last, timeline.previous
    if last is None or last.overlong:
        return None
    if previous is None:
        begin, heads, known = max(0, offset), list(last.heads(stream)), 0
    else:
        before = previous.last_head(stream)
        if before is None or previous.overlong or last.before < 0:
            return None
        begin, heads, known = last.before, [before, *last.heads(stream)], 1
    return max(0, begin + sum(lengths(heads)[known:]) - last.granule)


def lengths_of(codec: Codec, setup: bytes) -> Lengths | None:
    """What tells how many samples packets add; None for FLAC, and where Vorbis does not tell."""
    if codec.name == "flac":
        return None
    return _opus_lengths if codec.name == "opus" else _vorbis_lengths(codec, setup)


def _opus_lengths(heads: Sequence[bytes]) -> Sequence[int]:
    return [opus_samples(head) for head in heads]


def opus_samples(head: bytes) -> int:
    """RFC 6716 3.1, 3.2: the configuration gives the frame, the code how many."""
    if not head:
        return 0
    code = head[0] & 3
    count = (1, 2, 2)[code] if code < 3 else (head[1] & 63 if len(head) > 1 else 0)
    return _OPUS_FRAMES[head[0] >> 3] * count


def _vorbis_lengths(codec: Codec, setup: bytes) -> Lengths | None:
    """Vorbis I 4.3.8: a packet adds a quarter of its own and of the last block, the first none."""
    modes = modes_of(setup)
    if modes is None:
        return None
    mask = (1 << (len(modes) - 1).bit_length()) - 1
    sizes = [codec.blocks[flag] for flag in modes]

    def lengths(heads: Sequence[bytes]) -> Sequence[int]:
        found: list[int] = []
        before = 0
        for head in heads:
            mode = head[0] >> 1 & mask if head and not head[0] & 1 else len(sizes)
            if mode >= len(sizes):  # no audio packet: a decoder passes over it
                found.append(0)
                continue
            found.append((before + sizes[mode]) // 4 if before else 0)
            before = sizes[mode]
        return found

    return lengths


_MODE_BITS, _COUNT_BITS, _MAX_MODES = 41, 6, 64


@lru_cache(maxsize=4)
def modes_of(setup: bytes) -> tuple[int, ...] | None:
    """The block flags of a setup packet's modes, read from its end; None when not told clearly.

    Vorbis I 4.2.4: the packet ends with the mode count less 1 (6 bits), the modes (block flag,
    window type 0, transform type 0, mapping: 1, 16, 16 and 8 bits), and a framing bit. Reading
    from the end needs no codebooks; the largest count that agrees with its own field is taken.
    """
    bits = int.from_bytes(setup[-400:], "little")
    top = bits.bit_length() - 1  # the framing bit is the last bit that is set
    flags: list[int] = []
    agreed: tuple[int, ...] | None = None
    while len(flags) < _MAX_MODES and top >= _MODE_BITS + _COUNT_BITS:
        top -= _MODE_BITS
        mode = bits >> top
        if mode >> 1 & 0xFFFFFFFF or mode >> 33 & 0xFF >= _MAX_MODES:
            break
        flags.insert(0, mode & 1)
        if (bits >> (top - _COUNT_BITS) & (_MAX_MODES - 1)) + 1 == len(flags):
            agreed = tuple(flags)
    return agreed
