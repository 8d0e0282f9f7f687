"""The codecs that Ogg carries here: Vorbis, Opus, FLAC (OGG-008, OGG-020, OGG-021)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from provenance.containers import _opus as _opus_facts
from provenance.containers import _streaminfo
from provenance.containers._vorbis import parse as parse_comments
from provenance.containers.base import AudioFacts, Presentation
from provenance.model.limits import DEFAULT_LIMITS

_OPUS_RATE = 48_000
_SETUP = b"\x05vorbis"
_FLAC_HEAD = 13
"""Mapping header in front of STREAMINFO's block: 7F FLAC, version, count, fLaC."""


@dataclass(frozen=True)
class Codec:
    """What the first packet says. ``headers`` counts the header packets, itself included."""

    name: str
    headers: int
    params: bytes
    facts: AudioFacts
    packets: bool
    start_trim: int | None = None
    gain: int | None = None
    blocks: tuple[int, int] = (0, 0)
    """Vorbis: the short and the long block, in samples."""
    low_rate: bool = False
    """Opus: whether the header has a rate at which some players lose the treble (OGG-026)."""


@dataclass(frozen=True)
class Headers:
    """What a scan found of the header packets, and the numbers that a writer must mend."""

    codec: str
    packets: tuple[bytes, ...]
    pages: int
    serial: int
    last_sequence: int
    end: int
    """Where the file's last page ends; only zero bytes may follow."""


def identify(packet: bytes) -> Codec | str:
    """The codec of a stream by its first packet, or the rule that refuses it."""
    if packet[:7] == b"\x01vorbis" and len(packet) >= 30:
        return _vorbis(packet)
    if packet[:8] == b"OpusHead" and len(packet) >= 19:
        return _opus(packet)
    if packet[:5] == b"\x7fFLAC" and len(packet) >= _FLAC_HEAD + 38:
        return _flac(packet)
    return "ogg.codec"


def _vorbis(packet: bytes) -> Codec | str:
    rate, channels = int.from_bytes(packet[12:16], "little"), packet[11]
    if not rate or not channels:
        return "ogg.codec"
    facts = AudioFacts("vorbis", rate, channels)
    blocks = (1 << (packet[28] & 15), 1 << (packet[28] >> 4))
    params = packet[7:16] + packet[28:29]
    return Codec("vorbis", 3, params, facts, packets=True, blocks=blocks)


def _opus(packet: bytes) -> Codec | str:
    channels, family = packet[9], packet[18]
    table = packet[19 : 21 + channels] if family else b""
    if packet[8] >> 4 or not channels or (family and len(table) < 2 + channels):
        return "ogg.codec"
    return Codec(
        "opus",
        2,
        bytes((channels, family)) + table,
        AudioFacts("opus", _OPUS_RATE, channels),
        packets=True,
        start_trim=int.from_bytes(packet[10:12], "little"),
        gain=int.from_bytes(packet[16:18], "little", signed=True),
        low_rate=_opus_facts.is_low(int.from_bytes(packet[12:16], "little")),
    )


def _flac(packet: bytes) -> Codec | str:
    count = int.from_bytes(packet[7:9], "big")
    info = packet[_FLAC_HEAD + 4 : _FLAC_HEAD + 38]
    if packet[9:13] != b"fLaC" or packet[5] != 1:
        return "ogg.codec"
    if not count:
        return "ogg.flac-header-count"
    told = _streaminfo.read(info)
    if not told.rate:
        return "ogg.codec"
    facts = AudioFacts(
        "flac", told.rate, told.channels, told.bits, told.samples or None, lossless=True
    )
    return Codec("flac", 1 + count, told.params, facts, packets=False)


_COMMENT_PREFIX = {"vorbis": b"\x03vorbis", "opus": b"OpusTags"}
_FLAC_HEADER = 4
_FLAC_COMMENT, _FLAC_INVALID, _FLAC_LAST = 4, 127, 0x80


def header_fits(codec: Codec, packet: bytes, number: int) -> bool:
    """Whether header packet ``number`` (1 is the second) is what must stand there (OGG-008).

    Header packets are not hashed, so nothing that a player would take for audio may pass for one.
    """
    if codec.name == "flac":
        return _flac_block_fits(packet, last=number == codec.headers - 1)
    expected = _COMMENT_PREFIX[codec.name] if number == 1 else _SETUP
    return packet.startswith(expected)


def _flac_block_fits(packet: bytes, *, last: bool) -> bool:
    """One whole metadata block, not STREAMINFO again, and no last flag before the last one.

    A last one without the flag is what TagLib writes: the count of the first packet decides.
    """
    if len(packet) < _FLAC_HEADER or packet[0] & 0x7F in {0, _FLAC_INVALID}:
        return False
    length = int.from_bytes(packet[1:_FLAC_HEADER], "big")
    return length == len(packet) - _FLAC_HEADER and (last or not packet[0] & _FLAC_LAST)


def comment_prefix(codec: str, packet: bytes) -> int | None:
    """How many bytes stand before the Vorbis comment block; None when it is another packet."""
    if codec == "flac":
        return _FLAC_HEADER if packet[:1] and packet[0] & 0x7F == _FLAC_COMMENT else None
    prefix = _COMMENT_PREFIX[codec]
    return len(prefix) if packet.startswith(prefix) else None


def with_block(codec: str, packet: bytes, block: bytes) -> bytes:
    """The comment packet with another block in it."""
    if codec == "flac":
        return packet[:1] + len(block).to_bytes(3, "big") + block
    return _COMMENT_PREFIX[codec] + block


def with_samples(facts: AudioFacts, presentation: Presentation) -> AudioFacts:
    """The facts with the length that the stream states."""
    return replace(facts, samples=facts.samples or presentation.duration)


def foreign_comments(codec: str, packets: Sequence[bytes]) -> Iterator[tuple[str, str, bytes]]:
    """Place, name and value of each comment in the header packets that is not ours."""
    number = 0
    for packet in packets:
        prefix = comment_prefix(codec, packet)
        if prefix is None:
            continue
        place = f"ogg:{codec}" + (f"/VORBIS_COMMENT[{number}]" if number else "")
        number += 1
        parsed = parse_comments(packet[prefix:], DEFAULT_LIMITS.items)
        for comment in parsed.comments if parsed is not None else ():
            if comment.ours is None and comment.name:
                yield f"{place}[{comment.index}]", comment.name, comment.value
