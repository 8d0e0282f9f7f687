"""Writing our two tags into a file, never trusting the write (spec 6.6, CAR).

The adapter makes the new file; then the new file is scanned, every foreign item and every byte
of coded audio is compared with the source, and the tags must read back. Any difference refuses
the write before anything is replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from provenance.containers.base import (
    MANIFEST_TAG,
    SUMMARY_TAG,
    Change,
    Container,
    Essence,
    Scan,
)
from provenance.model.errors import RefusedError
from provenance.model.limits import Limits

if TYPE_CHECKING:
    from provenance.files.copying import NewFile

_BLOCK = 1 << 18
"""Small enough for both blocks to stay in the processor's cache while they are compared."""

Ranges = Sequence[tuple[int, int]]


def embed(
    container: Container,
    source: BinaryIO,
    scan: Scan,
    change: Change,
    target: BinaryIO,
    limits: Limits,
) -> Scan:
    """Write ``source`` with the change applied to ``target`` and check it; its new scan.

    Raises ``RefusedError`` with the rule that stands against it.
    """
    require_writable(scan)
    container.write(source, scan, change, target)
    target.flush()
    after = container.scan(target, limits, False)
    for what in differences(source, scan, target, after, change):
        raise RefusedError(
            "write.check-failed",
            f"the new file would differ in more than our tags ({what}); nothing was written",
            hint="Please report this file's format; use --sidecar to keep the file as it is.",
        )
    return after


def require_writable(scan: Scan) -> None:
    """Refuse a file whose audio or tags we could not read to the end."""
    if scan.refusal is not None:
        raise RefusedError(scan.refusal.rule)
    if scan.incomplete:
        raise RefusedError(
            "carrier.scan-incomplete",
            "the file's tags could not be read to their end: it is cut short, or has more tags or "
            "parts than the limits allow",
            hint="Get the complete file; if it is whole, remove needless tags, or use --sidecar.",
        )


def differences(
    source: BinaryIO, before: Scan, target: BinaryIO, after: Scan, change: Change
) -> Iterator[str]:
    """Everything that the rewritten file has lost or changed; nothing when it is sound."""
    if after.incomplete or after.refusal is not None or after.essence is None:
        yield "the new file cannot be read back"
        return
    if before.essence is None or not _same_frame(before.essence, after.essence):
        yield "audio parameters"
        return
    if not same_bytes(source, before.essence.ranges, target, after.essence.ranges):
        yield "audio"
    yield from _items(source, before, target, after)
    for name, value in ((MANIFEST_TAG, change.manifest), (SUMMARY_TAG, _bytes(change.summary))):
        found = [c.value for c in after.named(name)]
        if found != ([] if value is None else [value]):
            yield f"{name} does not read back"


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode()


def _same_frame(a: Essence, b: Essence) -> bool:
    """Profile, parameters, packet sizes and presentation are equal."""
    mine = (a.profile, a.params, a.sizes, a.presentation)
    return mine == (b.profile, b.params, b.sizes, b.presentation)


def _items(source: BinaryIO, before: Scan, target: BinaryIO, after: Scan) -> Iterator[str]:
    foreign = _foreign_hook(before.container)
    if foreign is not None and foreign(before) != foreign(after):
        yield "foreign tags"
    if len(before.items) != len(after.items):
        yield f"{len(before.items)} foreign items, {len(after.items)} after"
        return
    for old, new in zip(before.items, after.items, strict=True):
        ranges = [(old.start, old.length)], [(new.start, new.length)]
        if not same_bytes(source, ranges[0], target, ranges[1]):
            yield old.where


def _foreign_hook(name: str) -> Callable[[Scan], object] | None:
    """An adapter whose foreign items have no stable byte ranges compares them itself."""
    import importlib

    module = importlib.import_module(f"provenance.containers.{name}")
    hook: Callable[[Scan], object] | None = getattr(module, "foreign", None)
    return hook


def same_bytes(a: BinaryIO, mine: Ranges, b: BinaryIO, theirs: Ranges) -> bool:
    """Whether two lists of ranges hold the same bytes, however they are cut.

    What ``b`` knows as copied from ``a`` was read back already, and nothing was written over it.
    """
    from provenance.files.copying import NewFile  # whoever only reads files does not need it

    if sum(n for _, n in mine) != sum(n for _, n in theirs):
        return False
    known = b if isinstance(b, NewFile) else None
    if known is not None and _is_one_copy(a, mine, known, theirs):
        return True
    return all(
        (known is not None and known.is_copy(a, at, other, length))
        or _same_range(a, at, b, other, length)
        for at, other, length in _pieces(mine, theirs)
    )


def _is_one_copy(a: BinaryIO, mine: Ranges, b: NewFile, theirs: Ranges) -> bool:
    """Whether all ranges were copied in one piece: thousands of pages of Ogg mostly are."""
    if not mine or len(mine) != len(theirs):
        return False
    start, end = min(at for at, _ in mine), max(at + length for at, length in mine)
    moved = theirs[0][0] - mine[0][0]
    if not b.is_copy(a, start, start + moved, end - start):
        return False
    return all(o == at + moved and n == m for (at, n), (o, m) in zip(mine, theirs, strict=True))


def _same_range(a: BinaryIO, at: int, b: BinaryIO, other: int, length: int) -> bool:
    """``bytes`` are compared, not views of them: that is one call of the C library a block."""
    for done in range(0, length, _BLOCK):
        size = min(_BLOCK, length - done)
        a.seek(at + done)
        b.seek(other + done)
        block = a.read(size)
        if len(block) < size or block != b.read(size):
            return False
    return True


def _pieces(mine: Ranges, theirs: Ranges) -> Iterator[tuple[int, int, int]]:
    """Two lists of ranges of one total length, cut at the same places: (offset, offset, length)."""
    right = iter(theirs)
    other = left_there = 0
    for start, size in mine:
        at, end = start, start + size
        while at < end:
            while not left_there:
                other, left_there = next(right)
            length = min(end - at, left_there)
            yield at, other, length
            at, other, left_there = at + length, other + length, left_there - length
