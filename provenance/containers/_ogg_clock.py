"""What the granule positions of an Ogg stream say, held against its packets (OGG-022 to OGG-025).

A granule position counts the samples up to the last packet that ends on its page. At either end it
tells what a player drops; amid the stream some players stop where one is missing, or drop what
stands behind one that is too high. Packets are hashed and positions are not, so each is held
against what the packets up to it decode to. Those of many pages are added up at once.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import itemgetter

from provenance.containers._ogg_codecs import Codec
from provenance.containers._ogg_lengths import HEAD, lengths_of, sums_of
from provenance.containers._ogg_pages import GOES_ON, Run
from provenance.containers.base import Presentation

_NONE = -1
"""The position of a page on which no packet ends."""
_NO_AUDIO = 1
"""The bit of a Vorbis packet that is no audio (Vorbis I 4.3.1); of other codecs nobody asks."""
_MULTIPLE = b"\xff\0"
"""How a packet ends whose size is a multiple of 255; any other 0 is a packet without a byte."""


class Clock:
    """The samples of the packets so far, and what the positions say beside them.

    ``total`` are the samples of all packets that ended; ``is_told`` is False where the stream
    does not tell them. ``offset`` is by how much the first position passes the total there;
    ``before`` and ``last`` are the last two positions, and ``step`` what was added between them.
    ``is_off`` is set by a position that does not follow the packets (OGG-025).
    """

    def __init__(self, codec: Codec, setup: bytes) -> None:
        self.total = self.step = self.offset = 0
        self.before: int | None = None
        self.last: int | None = None
        self.is_off = False
        self._rate = codec.facts.rate
        self._lengths, self._sums = lengths_of(codec, setup), sums_of(codec, setup)
        self._at = 0
        """The total at the last position."""
        self._is_early = False
        self._open = self._previous = b""
        """The heads of the packet that is open, and of the last one of audio that ended."""

    @property
    def is_told(self) -> bool:
        """Whether the stream tells what its packets add."""
        return self._lengths is not None

    def take(self, granule: int, lacing: bytes, view: memoryview, start: int) -> None:
        """Take a page of audio, whose body begins at ``start`` of ``view``."""
        ended = len(lacing) - lacing.count(GOES_ON)
        self._compare(granule, ended, self._added(lacing, view, start))

    def take_run(self, run: Run, sizes: bytes | bytearray, open_size: int) -> None:
        """Take pages one behind the other.

        ``sizes`` are those of the packets that end on them (u32, big-endian), without which each
        page is looked at; ``open_size`` is what the first has before them.
        """
        counts = [len(lacing) - lacing.count(GOES_ON) for lacing in run.lacings]
        added = self._added_by_run(run, counts, sizes, open_size) if sizes else None
        if added is None:
            for granule, lacing, (at, _) in zip(run.granules, run.lacings, run.places, strict=True):
                self.take(granule, lacing, run.view, at - run.base)
            return
        for granule, count, samples in zip(run.granules, counts, added, strict=True):
            self._compare(granule, count, samples)

    def _compare(self, granule: int, ended: int, added: int) -> None:
        self.total += added
        if granule < 0:
            self.is_off |= ended > 0 or granule != _NONE
            if granule == _NONE:
                return
        elif self.last is None:
            self.offset = granule - self.total
        elif self._lengths is not None:
            drift = granule - self.total - self.offset
            self.is_off |= self._is_early or drift > self._rate
            # only the last position may cut anything off (OGG-024)
            self._is_early = drift < -self._rate
        self.before, self.last = self.last, granule
        self.step, self._at = self.total - self._at, self.total

    def _added_by_run(
        self, run: Run, counts: Sequence[int], packed: bytes | bytearray, open_size: int
    ) -> list[int] | None:
        """What the packets add that end on each page; None where each must be looked at."""
        sizes = array("I", packed)
        if sys.byteorder == "little":
            sizes.byteswap()
        lacing = b"".join(run.lacings)
        ends = lacing.count(_MULTIPLE) + (open_size > 0 and lacing[:1] == bytes(1))
        if not all(run.lacings) or (lacing.count(0) > ends and 0 in sizes):
            return None
        sizes[0] -= open_size
        _add_headers(run, counts, sizes)
        first = run.places[0][0] - run.base
        *begins, following = accumulate(sizes, initial=first)
        if self._open:
            begins[0] = first  # it begins before these pages
        body = bytes(run.view[: following + HEAD])
        heads = bytes(itemgetter(first, *begins)(body))[1:]
        if self._open:
            heads = self._open[:1] + heads[1:]
        added = self._sums(self._previous[:1], heads, counts)
        if added is not None:
            goes_on = run.lacings[-1][-1] == GOES_ON
            self._open = body[following : following + HEAD] if goes_on else b""
            self._previous = heads[-1:]
        return added

    def _added(self, lacing: bytes, view: memoryview, start: int) -> int:
        """What the packets add that end on a page, each looked at."""
        if not lacing or self._lengths is None:
            return 0
        places = zip(accumulate(lacing), lacing, strict=True)
        ends = [start + at for at, size in places if size != GOES_ON]
        begins = ends if self._open else [start, *ends]
        goes_on = lacing[-1] == GOES_ON
        heads = self._heads(begins if goes_on else begins[:-1], view, start + sum(lacing))
        if self._open:
            heads.insert(0, self._open)
        self._open = heads.pop() if goes_on else b""
        audio = [head for head in heads if head and not head[0] & _NO_AUDIO]
        lengths = self._lengths([self._previous, *heads])[1:]
        self._previous = audio[-1] if audio else self._previous
        return sum(lengths)

    @staticmethod
    def _heads(begins: Sequence[int], view: memoryview, end: int) -> list[bytes]:
        """The first bytes of the packets that begin on a page; none of one without a byte."""
        bounds = pairwise((*begins, end))
        return [bytes(view[begin : min(begin + HEAD, after)]) for begin, after in bounds]


def _add_headers(run: Run, counts: Sequence[int], sizes: array[int]) -> None:
    """Add each page's header to the size of the packet that it parts, or that ends before it.

    So the sizes lead from the beginning of a packet to that of the next.
    """
    ended = 0
    for count, lacing, (place, following) in zip(
        counts, run.lacings, pairwise(run.places), strict=False
    ):
        ended += count
        at = ended if lacing[-1] == GOES_ON else ended - 1
        if at < len(sizes):
            sizes[at] += following[0] - sum(place)


def presentation(codec: Codec, clock: Clock, *, ends: bool) -> Presentation:
    """Trims, gain and duration in samples, as far as the stream states them (containers/ogg.md 2).

    ``ends`` says whether the last page is marked as the end of the stream.
    """
    granule = clock.last if clock.last is not None and clock.last >= 0 else None
    if codec.name == "flac":
        return Presentation(0, 0, None, codec.facts.samples or granule, clock.is_off)
    skipped = codec.start_trim or 0
    if granule is None or not clock.is_told:
        duration = None if granule is None else max(0, granule - skipped)
        return Presentation(codec.start_trim, None, codec.gain, duration, clock.is_off)
    offset = max(clock.offset, 0) if clock.before is None and ends else clock.offset
    begin = max(0, offset) if clock.before is None else clock.before
    return Presentation(
        start_trim=skipped + max(0, -offset),
        end_trim=max(0, begin + clock.step - granule) if begin >= 0 else None,
        gain=codec.gain,
        duration=max(0, granule - max(0, offset) - skipped),
        unusual=clock.is_off,
    )
