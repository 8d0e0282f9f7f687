"""The one door to mutagen: its pages of Ogg (RFC 3533), for putting packets on pages anew.

mutagen is GPL-2.0-or-later; nothing else of this project imports it (decision 0008). It frames
packets and makes checksums; what the packets say is ours to keep byte for byte, so its tag
classes are not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from provenance.model.errors import LibraryFaultError

_PAGE_BYTES = 16_384
"""What a page of a long packet is filled to; a page holds 65,025 bytes at most."""


@dataclass(frozen=True)
class HeaderPages:
    """The header pages of a stream, read by mutagen, with where each of them stands."""

    pages: Sequence[Any]

    def touched(self, number: int) -> tuple[int, int, int]:
        """Where header packet ``number`` (from 0) stands.

        The first and the last page that hold a byte of it, and its place among the packets
        that begin or go on there. Raises ``IndexError`` when there is no such packet.
        """
        entered = -1
        first: tuple[int, int] | None = None
        for n, page in enumerate(self.pages):
            on_page = entered if page.continued else entered + 1
            entered = on_page + len(page.packets) - 1
            if first is None and entered >= number:
                first = n, number - on_page
            if first is not None and (entered > number or page.complete):
                return first[0], n, first[1]
        raise IndexError(number)

    def start(self, n: int) -> int:
        """The offset of page ``n`` in the file; for the number of pages, of what follows."""
        if n < len(self.pages):
            offset: int = self.pages[n].offset
            return offset
        return int(self.pages[-1].offset) + int(self.pages[-1].size)

    def sequence(self, n: int) -> int:
        """The number that page ``n`` states."""
        number: int = self.pages[n].sequence
        return number

    def rendered(self, first: int, last: int, place: int, packet: bytes) -> tuple[bytes, int]:
        """Pages ``first`` to ``last`` with another packet at ``place``: bytes and page count."""
        from mutagen import ogg

        page_type: Any = ogg.OggPage
        old = self.pages[first : last + 1]
        packets = page_type.to_packets(old)
        packets[place] = packet
        new = page_type.from_packets(packets, old[0].sequence, default_size=_PAGE_BYTES)
        for page in new:
            page.serial = old[0].serial
        new[0].first, new[0].continued = old[0].first, old[0].continued
        new[-1].last, new[-1].complete = old[-1].last, old[-1].complete
        ends_a_packet = new[-1].complete or len(new[-1].packets) > 1
        new[-1].position = max(0, old[-1].position) if ends_a_packet else -1
        return b"".join(page.write() for page in new), len(new)


def header_pages(source: BinaryIO, count: int) -> HeaderPages:
    """The first ``count`` pages of an Ogg file whose pages were checked before.

    Raises ``LibraryFaultError`` when mutagen cannot read them.
    """
    from mutagen import MutagenError, ogg

    page_type: Any = ogg.OggPage
    source.seek(0)
    try:
        return HeaderPages([page_type(source) for _ in range(count)])
    except (MutagenError, EOFError) as error:
        raise LibraryFaultError(
            f"mutagen cannot read these pages: {type(error).__name__}",
            hint="Use --sidecar to keep the file as it is.",
        ) from error


def renumber(target: BinaryIO, start: int, serial: int, sequence: int) -> None:
    """Number the pages from offset ``start`` to the end of ``target`` anew, from ``sequence``.

    ``target`` is a seekable read-write file that holds nothing but pages from ``start`` on.
    """
    from mutagen import ogg

    page_type: Any = ogg.OggPage
    target.seek(start)
    page_type.renumber(target, serial, sequence)
