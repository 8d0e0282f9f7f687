"""Walking the frames of a Layer III stream, and hashing them in the same pass.

spec/containers/mp3.md 2. After the first two headers a frame costs one dictionary look-up: no
Python work is done per byte, and memory is one block whatever the file's size.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from provenance.containers import _mpeg

_BLOCK = 1 << 16
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
        self._lengths = _mpeg.lengths(first.version, first.rate)
        self._pattern = _mpeg.pattern(first.version, first.rate)
        self._fed = start
        self._base = start
        self._block = b""

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
        block, table, at, frames = self._block, self._lengths, self.at - self._base, 0
        try:
            while True:
                at += table[block[at : at + 3]]
                frames += 1
        except KeyError:
            self.at, self.frames = self._base + at, self.frames + frames

    def _load(self, start: int) -> None:
        self._base = start
        self._stream.seek(start)
        wanted = min(_BLOCK, self._end - start)
        self._block = self._stream.read(wanted)
        if len(self._block) < wanted:
            raise EOFError("the file became shorter while it was read")

    def _is_last_block(self) -> bool:
        return self._base + len(self._block) >= self._end

    def _is_cut_header(self) -> bool:
        """Whether one or two bytes of a header are all that is left."""
        if self._end - self.at >= 3:
            return False
        rest = self._block[self.at - self._base :]
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
        block, table, base = self._block, self._lengths, self._base
        length = len(block)
        last = self._is_last_block()
        for match in self._pattern.finditer(block, start - base):
            following = match.start() + table[match[0]]
            if block[following : following + 3] in table or (last and following == length):
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
