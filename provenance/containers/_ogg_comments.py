"""The comment packets of an Ogg stream: carriers, tags, and what must stay as it is (OGG-001)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from provenance.containers import _vorbis
from provenance.containers._ogg_pages import Packet
from provenance.containers.base import Carrier
from provenance.model.codes import Code
from provenance.model.findings import Finding, finding
from provenance.model.limits import Limits


class Found:
    """What the comment packets add up to."""

    def __init__(self) -> None:
        self.carriers: list[Carrier] = []
        self.comments: list[_vorbis.Comment] = []
        self.foreign: list[bytes] = []
        self.notes: list[Finding] = []
        self.incomplete = False
        self.packets = 0


def read_comments(codec: str, packet: Packet, prefix: int, limits: Limits, found: Found) -> None:
    """Add what a comment packet holds whose comments begin at byte ``prefix`` (OGG-001)."""
    place = f"ogg:{codec}" + (f"/VORBIS_COMMENT[{found.packets}]" if found.packets else "")
    first = found.packets == 0
    found.packets += 1
    block = packet.data[prefix:]
    parsed = _vorbis.parse(block, limits.items - len(found.comments))
    if parsed is None or parsed.damaged:
        found.notes.append(finding(Code.CARRIER_MALFORMED, place, reason="a length lies"))
    if parsed is None:
        found.foreign.append(digest_of(packet.data))
        return
    found.incomplete |= parsed.cut
    found.comments += parsed.comments
    found.foreign += _foreign_parts(block, parsed)
    for comment in parsed.comments:
        if comment.ours is not None and len(found.carriers) <= limits.carriers:  # (CAR-060)
            start, length = packet.placed(prefix + comment.start, comment.length)
            where = f"{place}[{comment.index}]"
            carrier = Carrier(comment.ours, where, comment.value, start, length, first)
            found.carriers.append(carrier.bounded(limits))


def _foreign_parts(block: bytes, parsed: _vorbis.Comments) -> Iterator[bytes]:
    """Digests of the vendor, each foreign comment, and what follows (framing bit, padding)."""
    yield digest_of(block[: 4 + parsed.vendor_length])
    for comment in parsed.comments:
        if comment.ours is None:
            yield digest_of(block[comment.start : comment.start + comment.length])
    yield digest_of(block[parsed.end :])


def digest_of(data: bytes) -> bytes:
    """The digest by which something foreign is compared before and after a write."""
    return hashlib.sha256(data).digest()
