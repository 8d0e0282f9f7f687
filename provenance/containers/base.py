"""What a container adapter is, and what its scan says (spec 4 and 5).

The rules of every adapter:

1. ``scan`` walks the structure once, over a seekable binary stream, and never raises for what
   the bytes say: odd or hostile content becomes a note, a refusal or ``incomplete``. Only the
   stream's own ``OSError`` may escape.
2. It reports *every* place a manifest can stand in the format, first and last alike, duplicates
   and differently-cased names included. It never picks.
3. It reads bounded memory: item headers and small values; pictures and audio are skipped by seek
   (or, where the structure is the audio, read in blocks). Sizes are checked against the parent
   before use; every loop is bounded by a limit or by the file's size. Of carriers and of notes it
   keeps one more than ``limits.carriers`` at most: ``load`` cuts them, and says so (CAR-060).
4. ``essence`` names the coded audio as byte ranges in decode order (spec 5.3). A file that a rule
   refuses has ``essence=None`` and ``refusal`` with the rule's registered name.
5. ``items`` are all foreign metadata items in file order: what a writer must keep byte for byte.
   Our own two items (MUSICPROV, AI_DISCLOSURE) are carriers and are not items.
6. ``write`` makes the whole new file in ``target`` from ``source``: every listed carrier removed,
   the new values put in at the format's one canonical place (the README table), nothing else
   changed but sizes and offsets that must follow. It raises ``RefusedError`` (a rule's name)
   before writing anything when it cannot. It never touches ``source``.
7. Adapters do not know each other; shared code sits in underscore modules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import BinaryIO

from provenance.model.findings import Finding, Scalar
from provenance.model.limits import Limits
from provenance.model.records import dataclass

MANIFEST_TAG = "MUSICPROV"
SUMMARY_TAG = "AI_DISCLOSURE"
AIGC_TAG = "AIGC"
"""The label of GB 45438-2025; never one of our carriers (spec 21.5)."""


@dataclass(frozen=True)
class Carrier:
    """One place where a MUSICPROV or AI_DISCLOSURE value stands.

    ``where`` names the place (``mp3:ID3v2[0]/TXXX[3]``, ``flac:VORBIS_COMMENT[0][7]``,
    ``wav:id3[0]/TXXX[1]``, ``mp4:ilst/----[2]``, ``mp3:APEv2[0][4]``); ``value`` is the text as
    UTF-8 bytes, whatever encoding the tag uses; ``start`` and ``length`` are the bytes of the
    whole item (frame, comment with its length field, atom). ``canonical`` is False for places
    that our writer would not use (APEv2, an ID3 tag before fLaC, a second tag ...).
    """

    name: str
    where: str
    value: bytes
    start: int
    length: int
    canonical: bool = True
    too_large: int | None = None
    """Bytes of what is too large to be read; ``value`` is then empty (CAR-019)."""
    unread: int | None = None
    """Bytes of what ``tag_read_bytes`` left unread; ``value`` is then empty (CAR-056)."""

    def bounded(self, limits: Limits) -> Carrier:
        """Without its value where that is too large."""
        size = len(self.value)
        return self if size <= limits.bundle_bytes else replace(self, value=b"", too_large=size)


@dataclass(frozen=True)
class Item:
    """One foreign metadata item, by its byte range in the file (header included)."""

    where: str
    start: int
    length: int


MAX_TAG_VALUES = 100
"""Values of one ordinary tag that are looked at: nobody's track has more titles."""


@dataclass(frozen=True)
class Tags:
    """The few ordinary tags that declare and verify need, in file order.

    Every value of a tag, but no more than ``MAX_TAG_VALUES``.
    """

    title: tuple[str, ...] = ()
    artist: tuple[str, ...] = ()
    album: tuple[str, ...] = ()
    isrc: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    """Who releases it; ``barcode`` is the UPC or EAN of the release."""
    barcode: tuple[str, ...] = ()
    credited: tuple[str, ...] = ()
    """The artists of the first place that names any; ``artist`` has those of every place."""

    @classmethod
    def of(cls, found: Mapping[str, Sequence[str]]) -> Tags:
        """The tags of one place, collected in lists by name; other names are left out."""
        return cls(
            *(
                tuple(found.get(name, ())[:MAX_TAG_VALUES])
                for name in ("title", "artist", "album", "isrc", "label", "barcode", "artist")
            )
        )

    def __add__(self, other: Tags) -> Tags:
        """The tags of two places, first come first."""
        return Tags(
            (self.title + other.title)[:MAX_TAG_VALUES],
            (self.artist + other.artist)[:MAX_TAG_VALUES],
            (self.album + other.album)[:MAX_TAG_VALUES],
            (self.isrc + other.isrc)[:MAX_TAG_VALUES],
            (self.label + other.label)[:MAX_TAG_VALUES],
            (self.barcode + other.barcode)[:MAX_TAG_VALUES],
            self.credited or other.credited,
        )


@dataclass(frozen=True)
class Presentation:
    """What a player is told to do with the decoded samples; beside the essence (BND-010).

    Trims and duration are in samples of the audio's own rate (duration is what is presented
    after trims); ``gain`` is in 1/256 dB. None means that the file does not say.
    ``unusual`` is True for an MP4 edit list that is not one leading empty edit and one edit, and
    for a track or film that asks to be silent, quieter, louder, faster or slower, or whose
    packets do not pass evenly or whose headers end it too early; for an Ogg
    stream, that its granule positions do not follow its packets; for any file, that its channels
    are for other loudspeakers than usual.
    """

    start_trim: int | None = None
    end_trim: int | None = None
    gain: int | None = None
    duration: int | None = None
    unusual: bool = False


@dataclass(frozen=True)
class AudioFacts:
    """Technical facts, as far as the container states them."""

    codec: str
    rate: int
    channels: int
    bits: int | None = None
    samples: int | None = None
    lossless: bool = False


@dataclass(frozen=True)
class Essence:
    """The coded audio: ``ranges`` are (offset, length) in decode order, adjacent ones merged.

    ``sizes`` is the packed big-endian u32 table of packet sizes for packet codecs, else None.
    ``digest`` (32 bytes) is given by scanners that must read all audio anyway (MP3, Ogg) when
    asked to; otherwise ``bindings.essence`` computes it from the ranges.
    """

    profile: str
    params: bytes
    ranges: tuple[tuple[int, int], ...]
    sizes: bytes | None = None
    presentation: Presentation = field(default_factory=Presentation)
    digest: bytes | None = None


@dataclass(frozen=True)
class Refusal:
    """A rule of the registry that refuses this file, with details."""

    rule: str
    detail: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True)
class Scan:
    """All that one walk over a file found."""

    container: str
    size: int
    carriers: tuple[Carrier, ...] = ()
    items: tuple[Item, ...] = ()
    tags: Tags = Tags()
    audio: AudioFacts | None = None
    essence: Essence | None = None
    refusal: Refusal | None = None
    notes: tuple[Finding, ...] = ()
    incomplete: bool = False
    layout: object = None
    """Adapter-private structure, handed back to ``write``; nobody else looks at it."""

    def named(self, name: str) -> tuple[Carrier, ...]:
        """The carriers of one tag name."""
        return tuple(c for c in self.carriers if c.name == name)

    def within(self, limits: Limits) -> Scan:
        """The first carriers and notes of the file, incomplete where there are more (CAR-060)."""
        most = limits.carriers
        if len(self.carriers) <= most and len(self.notes) <= most:
            return self
        carriers, notes = self.carriers[:most], self.notes[:most]
        return replace(self, carriers=carriers, notes=notes, incomplete=True)


@dataclass(frozen=True)
class Change:
    """The new values of our two tags; None removes the tag.

    ``aigc`` is put in beside them, at the place that GB 45438-2025 has in the format: never over
    one that is there, and None removes nothing.
    """

    manifest: bytes | None
    summary: str | None
    aigc: bytes | None = None


@dataclass(frozen=True)
class Container:
    """One adapter. ``magic`` are (offset, bytes) pairs; one alternative must match wholly."""

    name: str
    title: str
    media_types: tuple[str, ...]
    suffixes: tuple[str, ...]
    recognises: Callable[[BinaryIO], bool]
    scan: Callable[[BinaryIO, Limits, bool], Scan]
    """``scan(stream, limits, want_digest)``."""
    write: Callable[[BinaryIO, Scan, Change, BinaryIO], None]
    """``write(source, scan, change, target)``."""
    comments: Callable[[Scan], Iterable[tuple[str, str, bytes]]] | None = None
    """Foreign comments (place, name, value) of a format whose items have no byte ranges: Ogg."""


@dataclass(frozen=True)
class Splice:
    """Replace the bytes ``[start, end)`` of the source by ``data``."""

    start: int
    end: int
    data: bytes


_BLOCK = 1 << 20


def copy_range(source: BinaryIO, start: int, length: int, target: BinaryIO) -> None:
    """Copy bytes; raises ``EOFError`` when the source is shorter than it said."""
    from provenance.files.copying import NewFile  # whoever only reads files does not need it

    if isinstance(target, NewFile):
        target.copy(source, start, length)
        return
    source.seek(start)
    while length:
        block = source.read(min(_BLOCK, length))
        if not block:
            raise EOFError("the file became shorter while it was read")
        target.write(block)
        length -= len(block)


def splice(source: BinaryIO, size: int, splices: Sequence[Splice], target: BinaryIO) -> None:
    """Write ``source`` with the splices applied; they must not overlap, any order."""
    at = 0
    for part in sorted(splices, key=lambda s: (s.start, s.end)):
        if part.start < at or part.end < part.start or part.end > size:
            raise ValueError("splices overlap or leave the file")
        copy_range(source, at, part.start - at, target)
        target.write(part.data)
        at = part.end
    copy_range(source, at, size - at, target)
