"""Walking the frames of a Layer III stream, and hashing them in the same pass.

spec/containers/mp3.md 2. After the first two headers a frame costs two list look-ups: no Python
work is done per byte, and memory is one block whatever the file's size.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, BinaryIO

from provenance.containers import _mpeg

_SYNC = 0xFF
_BLOCK = 1 << 18
"""Small enough to stay in the processor's cache between walking and hashing."""


class FrameWalk:
    """One pass from the first audio frame towards ``end``; ``run`` fills the results.

    ``at`` is where the last frame ends (``end`` for a cut one), or where sync was lost for good;
    ``frames`` counts frames; ``junk`` counts bytes between frames, from ``junk_at`` on.
    """

    def __init__(
        self, stream: BinaryIO, start: int, end: int, first: _mpeg.Header, digest: Any
    ) -> None:
        self.at = start
        self.frames = 0
        self.junk = 0
        self.junk_at: int | None = None
        self._stream, self._end, self._digest = stream, end, digest
        self._kind = (first.version, first.rate)
        self._lengths = _mpeg.lengths(first.version, first.rate)
        self._rows = _mpeg.rows(first.version, first.rate)
        self._fed = start
        self._base = start
        self._buffer = bytearray(_BLOCK)
        self._block = bytearray()

    def run(self) -> None:
        """Walk to the end of the region, over junk that frames follow."""
        self._load(self.at)
        while self.at < self._end:
            self._follow()
            inside = self.at - self._base
            if self.at >= self._end:
                self.at = self._end
            elif inside + 3 > len(self._block) and not self._is_last_block():
                self._feed(min(self.at, self._base + len(self._block)))
                self._load(self._fed)
            elif self._is_cut_header():
                self.frames += 1
                self.at = self._end
            elif not self._resync():
                break
        self._feed(self.at)

    def _follow(self) -> None:
        """Go from header to header as far as the block has them."""
        block, rows, at, frames = self._block, self._rows, self.at - self._base, 0
        # It ends where a header passes the block (IndexError), or is none (None is not added).
        with suppress(IndexError, TypeError):
            while block[at] == _SYNC:
                at += rows[block[at + 1]][block[at + 2]]  # type: ignore[operator]
                frames += 1
        self.at, self.frames = self._base + at, self.frames + frames

    def _load(self, start: int) -> None:
        """Read a block into the buffer, which is not made anew."""
        self._base = start
        self._stream.seek(start)
        wanted, filled = min(_BLOCK, self._end - start), 0
        with memoryview(self._buffer) as view:
            while filled < wanted:
                # every BinaryIO that we open has it
                count = self._stream.readinto(view[filled:wanted])  # type: ignore[attr-defined]
                if not count:
                    raise EOFError("the file became shorter while it was read")
                filled += count
        self._block = self._buffer if wanted == _BLOCK else self._buffer[:wanted]

    def _is_last_block(self) -> bool:
        return self._base + len(self._block) >= self._end

    def _is_cut_header(self) -> bool:
        """Whether one or two bytes of a header are all that is left."""
        if self._end - self.at >= 3:
            return False
        rest = bytes(self._block[self.at - self._base :])
        return any(key.startswith(rest) for key in self._lengths)

    def _resync(self) -> bool:
        """Find the next two consistent headers; False when the region has none."""
        lost = self.at
        search = lost + 1
        while True:
            found, search = self._search(search)
            if found is not None:
                break
            if self._is_last_block():
                return False
            self._load(lost if self._base < lost else search)
        self.junk += found - lost
        self.junk_at = lost if self.junk_at is None else self.junk_at
        self.at = found
        return True

    def _search(self, start: int) -> tuple[int | None, int]:
        """The first pair from ``start`` on, or None and where to go on in the next block."""
        block, base = self._block, self._base
        length, last = len(block), self._is_last_block()
        sure = length - _mpeg.MAX_FRAME  # up to here both headers are in the block
        pair = _mpeg.pair(*self._kind).search(block, start - base)
        if pair is not None and pair.start() <= sure:
            return base + pair.start(), 0
        header = _mpeg.pattern(*self._kind)
        for match in header.finditer(block, max(start - base, sure)):
            following = match.start() + self._lengths[match[0]]
            if header.match(block, following) or (last and following == length):
                return base + match.start(), 0
            if following > length - 3 and not last:
                return None, base + match.start()
        return None, max(start, base + length - 2)

    def _feed(self, end: int) -> None:
        """Hash up to ``end``: from the block, or from the file what is not in it any more."""
        if self._digest is None:
            self._fed = end
            return
        while self._fed < end:
            if self._base <= self._fed < self._base + len(self._block):
                whole = memoryview(self._block)
                part: bytes | memoryview = whole[self._fed - self._base : end - self._base]
            else:
                self._stream.seek(self._fed)
                part = self._stream.read(min(_BLOCK, end - self._fed))
            if not part:
                raise EOFError("the file became shorter while it was read")
            self._digest.update(part)
            self._fed += len(part)
