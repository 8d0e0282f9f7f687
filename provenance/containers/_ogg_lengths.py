"""How many samples the packets of an Ogg stream add (OGG-022, OGG-025).

Lengths come from the first bytes of a packet: Opus from its TOC (RFC 6716 3.1), Vorbis from its
mode number and the modes of the setup packet, FLAC from the header of its frame (RFC 9639 9.1).
No audio is decoded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import accumulate, pairwise

from provenance.containers._ogg_codecs import Codec

HEAD = 16
"""As many bytes of a packet tell its length: the header of a FLAC frame."""

Lengths = Callable[[Sequence[bytes]], Sequence[int]]
"""From the heads of packets in order to the samples that each adds."""

Sums = Callable[[bytes, bytes, Sequence[int]], list[int] | None]
"""From the first byte of the packet before, and those of packets, to what so many add each time.

Without one before, the first packet is the stream's. None where each must be looked at.
"""

_OPUS_FRAMES = (
    *(480, 960, 1920, 2880) * 3,  # SILK
    *(480, 960) * 2,  # hybrid
    *(120, 240, 480, 960) * 4,  # CELT
)
"""Samples of one frame at 48 kHz, by the configuration number of the TOC."""


def lengths_of(codec: Codec, setup: bytes) -> Lengths | None:
    """What tells how many samples packets add; None where Vorbis does not tell (OGG-022)."""
    if codec.name == "vorbis":
        return _vorbis_lengths(codec, setup)
    return _opus_lengths if codec.name == "opus" else _flac_lengths


def _opus_lengths(heads: Sequence[bytes]) -> Sequence[int]:
    return [_opus_samples(head) for head in heads]


def _opus_samples(head: bytes) -> int:
    """RFC 6716 3.1, 3.2: the configuration gives the frame, the code how many."""
    if not head:
        return 0
    code = head[0] & 3
    count = (1, 2, 2)[code] if code < 3 else (head[1] & 63 if len(head) > 1 else 0)
    return _OPUS_FRAMES[head[0] >> 3] * count


def _vorbis_lengths(codec: Codec, setup: bytes) -> Lengths | None:
    """Vorbis I 4.3.8: a packet adds a quarter of its own and of the last block, the first none."""
    modes = _modes_of(setup)
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
def _modes_of(setup: bytes) -> tuple[int, ...] | None:
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


def sums_of(codec: Codec, setup: bytes) -> Sums:
    """What tells how many samples the packets of many pages add (OGG-025)."""
    if codec.name == "opus":
        return _opus_sums
    modes = _modes_of(setup) if codec.name == "vorbis" else None
    if modes is None:
        return lambda _last, _heads, _counts: None
    kinds, sizes = _kinds(modes), codec.blocks

    def sums(last: bytes, heads: bytes, counts: Sequence[int]) -> list[int] | None:
        blocks = ((last or heads[:1]) + heads).translate(kinds)
        if blocks.count(0) + blocks.count(1) != len(blocks):
            return None
        found, at, (short, long) = [], 0, sizes
        for count in counts:
            to = at + count
            longs = blocks.count(1, at + 1, to + 1)
            twice = 2 * (longs * long + (count - longs) * short)
            found.append((twice + sizes[blocks[at]] - sizes[blocks[to]]) // 4)
            at = to
        if not last:  # the first packet adds none
            found[next(n for n, count in enumerate(counts) if count)] -= sizes[blocks[0]] // 2
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


_OPUS = tuple(_opus_samples(bytes((toc,))) for toc in range(256))
_OPUS_COUNTED = bytes(range(3, 256, 4))
"""First bytes of Opus packets whose second one says how many frames there are."""


def _opus_sums(_last: bytes, packets: bytes, counts: Sequence[int]) -> list[int] | None:
    if packets.translate(None, _OPUS_COUNTED) != packets:
        return None
    if packets.count(packets[:1]) == len(packets):
        samples = _OPUS[packets[0]]
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
    if int.from_bytes(head[:2], "big") & 0xFFFE != _FLAC_SYNC or len(head) < HEAD:
        return 0
    code = head[2] >> 4
    if code not in {6, 7}:
        return _BLOCK_CODES[code]
    at = 4 + max(8 - (head[4] ^ 0xFF).bit_length(), 1)
    return int.from_bytes(head[at : at + code - 5], "big") + 1
