"""Other ways in which players read the chunks of a file (spec/containers/wav.md 1, aiff.md 1).

Our walk takes a pad byte where there is one and stops where no chunk name stands. Players skip
a pad byte that was forgotten, skip none, or step over bytes that are no name. Where one of them
would come to another chunk of sound, it would play other audio than what is hashed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from provenance.containers._id3_bytes import HEADER as TAG_HEADER
from provenance.containers._id3_bytes import end_of_zeros, tag_length
from provenance.containers._iff import HEADER, ID3_CHUNKS, Chunk, Walk
from provenance.containers.base import Refusal
from provenance.model.limits import Limits
from provenance.model.records import dataclass

_SIGNED_SIZE = 0x7FFFFFFF
"""The most that a reader passes over which keeps a chunk's size in a signed number."""


@dataclass(frozen=True)
class Rival:
    """Where another reading parts from ours; ``id`` None: it has too many chunks to be followed."""

    id: bytes | None
    offset: int

    def refusal(self, container: str) -> Refusal:
        """The rule that refuses the file, of the container named."""
        if self.id is None:
            return Refusal(f"{container}.too-many-chunks", {"offset": self.offset})
        chunk = self.id.decode("ascii").strip()
        return Refusal(f"{container}.two-readings", {"chunk": chunk, "offset": self.offset})


def find_rival(
    stream: BinaryIO, size: int, found: Walk, order: str, sound: Sequence[bytes], limits: Limits
) -> Rival | None:
    """What another reading of a file of ``size`` bytes takes for sound, or does not find.

    ``sound`` are the ids of the chunks that players need, the audio's own first.
    """
    known = {chunk.start: chunk for chunk in found.chunks}
    for starts, is_padded in (
        (_always_padded(found, size, sound), True),
        (_never_padded(found), False),
        (_behind_the_audio(found, sound[0]), True),
        (_behind_tags(stream, found, limits) if order == "big" else iter(()), True),
    ):
        reading = _Reading(stream, size, order, known, frozenset(sound), limits)
        for at in starts:
            rival = at if isinstance(at, Rival) else reading.follow(at, is_padded=is_padded)
            if rival is not None:
                return rival
    return None


def _always_padded(found: Walk, size: int, sound: Sequence[bytes]) -> Iterator[int | Rival]:
    """From the first forgotten pad byte on, or from where our walk met no chunk name."""
    for number, chunk in enumerate(found.chunks):
        if chunk.size % 2 and chunk.end == chunk.body_end and chunk.end < size:
            missed = (c for c in found.chunks[number + 1 :] if c.id in sound)
            yield from (Rival(c.id, c.start) for c in missed)
            yield chunk.body_end + 1
            break
    if found.cut is None:
        yield found.rest


def _never_padded(found: Walk) -> Iterator[int]:
    """From the first pad byte on, taken for the beginning of the next chunk."""
    for chunk in found.chunks:
        if chunk.end > chunk.body_end:
            yield chunk.body_end
            return


def _behind_the_audio(found: Walk, audio: bytes) -> Iterator[int]:
    """From the pad byte of the audio: libavformat looks for more of it there, and then pads."""
    yield from (c.body_end for c in found.chunks if c.id == audio and c.end > c.body_end)


def _behind_tags(stream: BinaryIO, found: Walk, limits: Limits) -> Iterator[int | Rival]:
    """From the end of ID3 tags that are longer than their chunk, where libavformat goes on.

    It passes over no more than 2 GiB at once either.
    """
    left = limits.items
    for chunk in found.chunks:
        if chunk.size > _SIGNED_SIZE:
            yield chunk.body + _SIGNED_SIZE + 1
        at, last = chunk.body, chunk.body_end - TAG_HEADER
        while chunk.id in ID3_CHUNKS and at < last:
            stream.seek(at)
            length = tag_length(stream.read(TAG_HEADER))
            if length is None:
                break
            at += length
            left -= 1
            if not left:
                yield Rival(None, at)
                return
        if at > chunk.body_end:
            yield at + chunk.size % 2


class _Reading:
    """One way of reading, from any place to the end of the file; bounded over all places."""

    def __init__(
        self,
        stream: BinaryIO,
        end: int,
        order: str,
        known: dict[int, Chunk],
        sound: frozenset[bytes],
        limits: Limits,
    ) -> None:
        self._stream, self._end, self._order = stream, end, order
        self._known, self._sound, self._left = known, sound, limits.items

    def follow(self, at: int, *, is_padded: bool) -> Rival | None:
        """Go from chunk to chunk, whatever their names are, until one is sound that we have not."""
        while at + HEADER <= self._end:
            self._left -= 1
            if self._left < 0:
                return Rival(None, at)
            self._stream.seek(at)
            head = self._stream.read(HEADER)
            if len(head) < HEADER:
                return None
            chunk = self._known.get(at)
            if chunk is None and head[:4] in self._sound:
                return Rival(head[:4], at)
            if any(head):
                at = self._next(at, head, chunk, is_padded)
            else:
                at += max((end_of_zeros(self._stream, at, self._end) - at) // HEADER, 1) * HEADER
        return None

    def _next(self, at: int, head: bytes, chunk: Chunk | None, is_padded: bool) -> int:
        size = int.from_bytes(head[4:], "little" if self._order == "little" else "big")
        if chunk is not None:
            size = chunk.size
        return at + HEADER + size + (size % 2 if is_padded else 0)
