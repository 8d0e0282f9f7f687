"""Whether the granule positions amid an Ogg stream follow its packets (OGG-025).

Some players stop where a position is missing, or drop what stands behind one that is too high.
Packets are hashed and positions are not, so each is held against what the packets up to it decode
to. Their lengths come from their first bytes, as in ``_ogg_timing``; those of usual pages are
added up without a look at each packet.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate, pairwise
from operator import itemgetter

from provenance.containers._ogg_codecs import Codec
from provenance.containers._ogg_pages import GOES_ON, Run
from provenance.containers._ogg_timing import lengths_of, modes_of, opus_samples

_HEAD = 16
"""As many bytes of a packet tell its length: the header of a FLAC frame."""
_NONE = -1
"""The position of a page on which no packet ends."""

_MULTIPLE = b"\xff\0"
"""How a packet ends whose size is a multiple of 255; any other 0 is a packet without a byte."""

Sums = Callable[[bytes, Sequence[int]], list[int] | None]
"""From the first bytes of packets, the first one known before, to what so many add each time.

None where each must be looked at.
"""


class Clock:
    """The samples of the packets so far, and whether a position was far from them."""

    def __init__(self, codec: Codec, setup: bytes) -> None:
        self.is_off = False
        self._rate = codec.facts.rate
        self._lengths = _flac_lengths if codec.name == "flac" else lengths_of(codec, setup)
        self._sums = _sums_of(codec, setup)
        self._time: int | None = None
        self._is_early = False
        self._open = self._last = b""
        """The heads of the packet that is open, and of the last that ended and adds something."""

    def take(self, granule: int, lacing: bytes, view: memoryview, start: int) -> None:
        """Take a page of audio, whose body begins at ``start`` of ``view``.

        ``is_off`` is set by a position more than a second away from what was added since the
        first one, unless it is the last and cuts something off (OGG-024).
        """
        if not self.is_off:
            ended = len(lacing) - lacing.count(GOES_ON)
            self._compare(granule, ended, self._added(lacing, view, start))

    def take_run(self, run: Run, sizes: bytes | bytearray, open_size: int) -> None:
        """Take pages one behind the other.

        ``sizes`` are those of the packets that end on them (u32, big-endian), without which each
        page is looked at; ``open_size`` is what the first has before them.
        """
        if self.is_off:
            return
        counts = [len(lacing) - lacing.count(GOES_ON) for lacing in run.lacings]
        added = self._added_by_run(run, counts, sizes, open_size) if sizes else None
        if added is None:
            for granule, lacing, (at, _) in zip(run.granules, run.lacings, run.places, strict=True):
                self.take(granule, lacing, run.view, at - run.base)
            return
        for granule, count, samples in zip(run.granules, counts, added, strict=True):
            self._compare(granule, count, samples)

    def _compare(self, granule: int, ended: int, added: int) -> None:
        if self._time is not None:
            self._time += added
        if granule < 0:
            self.is_off |= ended > 0 or granule != _NONE
        elif self._time is None or self._lengths is None:
            self._time = granule
        else:
            drift = granule - self._time
            self.is_off |= self._is_early or drift > self._rate
            self._is_early = drift < -self._rate

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
        body = bytes(run.view[: following + _HEAD])
        heads = bytes(itemgetter(first, *begins)(body))[1:]
        if self._open:
            heads = self._open[:1] + heads[1:]
        heads = (self._last[:1] or heads[:1]) + heads  # what the first adds is not asked for
        added = self._sums(heads, counts)
        if added is not None:
            goes_on = run.lacings[-1][-1] == GOES_ON
            self._open = body[following : following + _HEAD] if goes_on else b""
            self._last = heads[-1:]
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
        lengths = self._lengths([self._last, *heads])[1:]
        audio = [head for head, length in zip(heads, lengths, strict=True) if length]
        if self._time is None:
            audio = audio or heads  # of Vorbis the first one adds none
        self._last = audio[-1] if audio else self._last
        return sum(lengths)

    @staticmethod
    def _heads(begins: Sequence[int], view: memoryview, end: int) -> list[bytes]:
        """The first bytes of the packets that begin on a page; none of one without a byte."""
        bounds = pairwise((*begins, end))
        return [bytes(view[begin : min(begin + _HEAD, after)]) for begin, after in bounds]


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


def _sums_of(codec: Codec, setup: bytes) -> Sums:
    if codec.name == "opus":
        return _opus_sums
    modes = modes_of(setup) if codec.name == "vorbis" else None
    if modes is None:
        return lambda _heads, _counts: None
    kinds, sizes = _kinds(modes), codec.blocks

    def sums(heads: bytes, counts: Sequence[int]) -> list[int] | None:
        blocks = heads.translate(kinds)
        if blocks.count(0) + blocks.count(1) != len(blocks):
            return None
        found, at, (short, long) = [], 0, sizes
        for count in counts:
            to = at + count
            longs = blocks.count(1, at + 1, to + 1)
            twice = 2 * (longs * long + (count - longs) * short)
            found.append((twice + sizes[blocks[at]] - sizes[blocks[to]]) // 4)
            at = to
        return found

    return sums


@cache
def _kinds(modes: tuple[int, ...]) -> bytes:
    """From a packet's first byte to its block, 0 short and 1 long; 2: it is no audio packet."""
    mask = (1 << (len(modes) - 1).bit_length()) - 1
    numbers = [byte >> 1 & mask for byte in range(256)]
    return bytes(
        2 if byte & 1 or number >= len(modes) else modes[number]
        for byte, number in enumerate(numbers)
    )


_OPUS = tuple(opus_samples(bytes((toc,))) for toc in range(256))
_OPUS_COUNTED = bytes(range(3, 256, 4))
"""First bytes of Opus packets whose second one says how many frames there are."""


def _opus_sums(heads: bytes, counts: Sequence[int]) -> list[int] | None:
    packets = heads[1:]
    if packets.translate(None, _OPUS_COUNTED) != packets:
        return None
    if packets.count(packets[:1]) == len(packets):
        samples = _OPUS[packets[0]] if packets else 0
        return [samples * count for count in counts]
    places = pairwise(accumulate(counts, initial=0))
    return [sum(map(_OPUS.__getitem__, packets[begin:end])) for begin, end in places]


_BLOCK_CODES = (0, 192, 576, 1152, 2304, 4608, 0, 0, *(256 << n for n in range(8)))
"""Samples of a FLAC frame by the upper half of its third byte; 6 and 7: they stand behind."""
_FLAC_SYNC = 0xFFF8


def _flac_lengths(heads: Sequence[bytes]) -> Sequence[int]:
    """RFC 9639 9.1: what is no frame adds none."""
    return [_flac_samples(head) for head in heads]


def _flac_samples(head: bytes) -> int:
    if int.from_bytes(head[:2], "big") & 0xFFFE != _FLAC_SYNC or len(head) < _HEAD:
        return 0
    code = head[2] >> 4
    if code not in {6, 7}:
        return _BLOCK_CODES[code]
    at = 4 + max(8 - (head[4] ^ 0xFF).bit_length(), 1)
    return int.from_bytes(head[at : at + code - 5], "big") + 1
