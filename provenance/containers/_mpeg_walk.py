"""Walking the frames of a Layer III stream, and hashing them in the same pass.

spec/containers/mp3.md 2. After the first two headers a regular expression follows several frames at
once, and those left cost two list look-ups each: no Python work is done per byte, and memory is one
block whatever the file's size.
"""

from __future__ import annotations

from contextlib import suppress
from mmap import mmap
from typing import Any, BinaryIO

from provenance.containers import _blocks, _mpeg

_SYNC = 0xFF
_NOTHING = bytes(_mpeg.MAX_FRAME + 3)
"""Stands behind what was read: no header follows a frame that goes on there."""
_SIZE = _blocks.SIZE - len(_NOTHING)


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
        self._lengths = _mpeg.lengths(*self._kind)
        self._rows = _mpeg.rows(*self._kind)
        self._fed = start
        self._block: mmap
        self._from = self._to = start
        """Which part of the file was read into the block."""
        self._base = start
        """Where the first byte of the block would stand in the file."""

    def run(self) -> None:
        """Walk to the end of the region, over junk that frames follow."""
        with _blocks.block() as self._block:
            self._load(self.at)
            while self.at < self._end:
                self._follow()
                if self.at >= self._end:
                    self.at = self._end
                elif self.at + 3 > self._to and not self._is_last_block():
                    self._feed(min(self.at, self._to))
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
        several, end = _mpeg.several(*self._kind, block[at + 2] >> 4), self._to - self._base
        while found := several.match(block, at, end):
            at, frames = found.end(), frames + _mpeg.TOGETHER
        # It ends where what stands there is no header: None is not added.
        with suppress(TypeError):
            while block[at] == _SYNC:
                at += rows[block[at + 1]][block[at + 2]]  # type: ignore[operator]
                frames += 1
        self.at, self.frames = self._base + at, self.frames + frames

    def _load(self, start: int) -> None:
        """Read into the block from a place of the file on."""
        offset = _blocks.offset(start)
        self._from, self._to, self._base = start, min(start + _SIZE, self._end), start - offset
        self._stream.seek(start)
        end = self._to - self._base
        with memoryview(self._block) as view:
            while offset < end:
                # every BinaryIO that we open has it
                count = self._stream.readinto(view[offset:end])  # type: ignore[attr-defined]
                if not count:
                    raise EOFError("the file became shorter while it was read")
                offset += count
        self._block[end : end + len(_NOTHING)] = _NOTHING

    def _is_last_block(self) -> bool:
        return self._to >= self._end

    def _is_cut_header(self) -> bool:
        """Whether one or two bytes of a header are all that is left."""
        if self._end - self.at >= 3:
            return False
        rest = self._block[self.at - self._base : self._end - self._base]
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
            self._load(lost if self._from < lost else search)
        self.junk += found - lost
        self.junk_at = lost if self.junk_at is None else self.junk_at
        self.at = found
        return True

    def _search(self, start: int) -> tuple[int | None, int]:
        """The first pair from ``start`` on, or None and where to go on in the next block."""
        block, base, end, last = self._block, self._base, self._to, self._is_last_block()
        sure = end - _mpeg.MAX_FRAME  # up to here both headers are in the block
        pair = _mpeg.pair(*self._kind).search(block, start - base, end - base)
        if pair is not None and base + pair.start() <= sure:
            return base + pair.start(), 0
        header = _mpeg.pattern(*self._kind)
        for match in header.finditer(block, max(start, sure, self._from) - base, end - base):
            following = base + match.start() + self._lengths[match[0]]
            fits = header.match(block, following - base, end - base)
            if fits or (last and following == end):
                return base + match.start(), 0
            if following > end - 3 and not last:
                return None, base + match.start()
        return None, max(start, end - 2)

    def _feed(self, end: int) -> None:
        """Hash up to ``end``: from the block, or from the file what is not in it any more."""
        if self._digest is None:
            self._fed = end
            return
        while self._fed < end:
            part: bytes | memoryview
            if self._from <= self._fed < self._to:
                whole = memoryview(self._block)
                part = whole[self._fed - self._base : min(end, self._to) - self._base]
            else:
                self._stream.seek(self._fed)
                part = self._stream.read(min(_SIZE, end - self._fed))
            if not part:
                raise EOFError("the file became shorter while it was read")
            self._digest.update(part)
            self._fed += len(part)
