#!/usr/bin/env python3
"""Build the Ogg vectors by hand from spec/containers/ogg.md."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from building import carrier, case, essence, main, noise

PACKETS = [noise(n, 60 + 40 * n) for n in range(1, 9)]
SETUP = b"\x05vorbis" + noise(9, 200)
IDENT = b"\x01vorbis" + struct.pack("<IBIIII", 0, 2, 44100, 0, 128000, 0) + b"\xb8\x01"
OPUS_HEAD = b"OpusHead" + struct.pack("<BBHIhB", 1, 2, 312, 44100, 0, 0)


def crc(data: bytes) -> int:
    """The checksum, bit by bit as RFC 3533 describes it."""
    value = 0
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1) ^ 0x04C11DB7 if value & 0x80000000 else value << 1
        value &= 0xFFFFFFFF
    return value


def page(
    packets: list[bytes],
    sequence: int,
    flags: int = 0,
    granule: int = 0,
    serial: int = 7,
    cut: bool = False,
) -> bytes:
    lacing = b"".join(b"\xff" * (len(p) // 255) + bytes((len(p) % 255,)) for p in packets)
    if cut:
        lacing = lacing[:-1]
        packets = [*packets[:-1], packets[-1][: len(packets[-1]) // 255 * 255]]
    head = b"OggS\0" + bytes((flags,)) + struct.pack("<qII", granule, serial, sequence)
    body = b"".join(packets)
    blank = head + bytes(4) + bytes((len(lacing),)) + lacing + body
    return head + struct.pack("<I", crc(blank)) + blank[26:]


def block(*values: str, vendor: bytes = b"vendor") -> bytes:
    out = struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(values))
    for value in values:
        text = value.encode()
        out += struct.pack("<I", len(text)) + text
    return out


def vorbis(*values: str, tail: bytes = b"") -> bytes:
    comment = b"\x03vorbis" + block(*values) + b"\x01"
    return (
        page([IDENT], 0, flags=2)
        + page([comment, SETUP], 1)
        + page(PACKETS[:5], 2, granule=4096)
        + page(PACKETS[5:], 3, flags=4, granule=9000)
        + tail
    )


def opus(*values: str, head: bytes = OPUS_HEAD, padding: bytes = b"") -> bytes:
    return (
        page([head], 0, flags=2)
        + page([b"OpusTags" + block(*values) + padding], 1)
        + page(PACKETS, 2, flags=4, granule=48000)
    )


STREAMINFO = (
    struct.pack(">HH", 4096, 4096)
    + bytes(6)
    + ((44100 << 44) | (1 << 41) | (15 << 36) | 9000).to_bytes(8, "big")
    + bytes(16)
)


def flac_head(count: int) -> bytes:
    info = bytes((0,)) + (34).to_bytes(3, "big") + STREAMINFO
    return b"\x7fFLAC\x01\0" + struct.pack(">H", count) + b"fLaC" + info


def flac(*values: str, count: int = 1, more: list[bytes] | None = None) -> bytes:
    first = flac_head(count)
    body = block(*values)
    comment = bytes((4 if more else 0x84,)) + len(body).to_bytes(3, "big") + body
    return (
        page([first], 0, flags=2)
        + page([comment, *(more or [])], 1)
        + page(PACKETS, 2, flags=4, granule=9000)
    )


def comment_packet(*values: str) -> bytes:
    body = block(*values)
    return b"\x84" + len(body).to_bytes(3, "big") + body


V_PARAMS, V_PACKETS = IDENT[7:16] + IDENT[28:29], [SETUP, *PACKETS]
VORBIS = essence("vorbis", V_PARAMS, b"".join(V_PACKETS), [len(p) for p in V_PACKETS])
OPUS = essence("opus", b"\x02\x00", b"".join(PACKETS), [len(p) for p in PACKETS])
FLAC = essence("flac", struct.pack(">IBB", 44100, 2, 16) + STREAMINFO[:10], b"".join(PACKETS))
GOOD = vorbis("TITLE=Song")
OTHER_BLOCKS = IDENT[:28] + b"\xb7\x01"
OTHER_RATES = IDENT[:16] + struct.pack("<III", 0, 96000, 64000) + IDENT[28:]


def repaged() -> bytes:
    """The same packets on other pages."""
    return (
        page([IDENT], 0, flags=2)
        + page([b"\x03vorbis" + block("TITLE=Song") + b"\x01", SETUP], 1)
        + b"".join(
            page([p], 2 + n, flags=4 if n == 7 else 0, granule=n * 1000)
            for n, p in enumerate(PACKETS)
        )
    )


def broken_crc() -> bytes:
    data = bytearray(GOOD)
    data[data.rindex(b"OggS") + 22] ^= 1
    return bytes(data)


def setup(*flags: int) -> bytes:
    """A setup packet that ends as Vorbis I 4.2.4 says: count, modes by block flag, framing bit."""
    bits = int.from_bytes(b"\x05vorbis" + noise(11, 30), "little")
    at = 8 * 37
    bits |= (len(flags) - 1) << at
    at += 6
    for flag in flags:
        bits |= flag << at  # window and transform type 0, mapping 0
        at += 41
    bits |= 1 << at
    return bits.to_bytes(at // 8 + 1, "little")


TIMED_SETUP = setup(0, 1)
LONG, SHORT = b"\x02", b"\x00"  # audio packets of mode 1 and of mode 0
TIMED = [kind + noise(n, 80) for n, kind in enumerate((LONG, LONG, LONG, LONG, SHORT), 20)]
CELT_20_MS = b"\xf8"  # configuration 31, one frame: 960 samples at 48 kHz (RFC 6716 3.1)
OPUS_TIMED = [CELT_20_MS + noise(n, 70) for n in range(30, 34)]


def timed_vorbis(first: int, last: int, *, modes: bytes = TIMED_SETUP) -> bytes:
    """Blocks of 2048, 2048, 2048 | 2048, 256 samples: 0 + 1024 + 1024 | 1024 + 576 are added."""
    return (
        page([IDENT], 0, flags=2)
        + page([b"\x03vorbis" + block() + b"\x01", modes], 1)
        + page(TIMED[:3], 2, granule=first)
        + page(TIMED[3:], 3, flags=4, granule=last)
    )


def timed_opus(first: int, last: int) -> bytes:
    return (
        page([OPUS_HEAD], 0, flags=2)
        + page([b"OpusTags" + block()], 1)
        + page(OPUS_TIMED[:2], 2, granule=first)
        + page(OPUS_TIMED[2:], 3, flags=4, granule=last)
    )


def made_vorbis(modes: bytes) -> dict[str, str]:
    packets = [modes, *TIMED]
    return essence("vorbis", V_PARAMS, b"".join(packets), [len(p) for p in packets])


TIMED_VORBIS = made_vorbis(TIMED_SETUP)
LONG_OPUS = [b"\x1b\x02" + noise(40 + n, 28) for n in range(9)]
"""Two frames of 60 ms each: 5760 samples (RFC 6716 3.1, configuration 3, code 3)."""
NO_MODES = b"\x05vorbis" + bytes((255,)) * 40
TIMED_OPUS = essence("opus", b"\x02\x00", b"".join(OPUS_TIMED), [len(p) for p in OPUS_TIMED])


def clocked_opus(*granules: int, headers: int = 0, head: bytes = OPUS_HEAD) -> bytes:
    """Two packets of 960 samples, one, and one."""
    parts = (OPUS_TIMED[:2], OPUS_TIMED[2:3], OPUS_TIMED[3:])
    return (
        page([head], 0, flags=2)
        + page([b"OpusTags" + block()], 1, granule=headers)
        + b"".join(
            page(packets, n, flags=4 if n == 4 else 0, granule=granule)
            for n, (packets, granule) in enumerate(zip(parts, granules, strict=True), 2)
        )
    )


def clocked_vorbis(*granules: int) -> bytes:
    """Blocks of 2048, 2048, 2048 | 2048 | 256 samples: 0 + 1024 + 1024 | 1024 | 576 are added."""
    parts = (TIMED[:3], TIMED[3:4], TIMED[4:])
    return (
        page([IDENT], 0, flags=2)
        + page([b"\x03vorbis" + block() + b"\x01", TIMED_SETUP], 1)
        + b"".join(
            page(packets, n, flags=4 if n == 4 else 0, granule=granule)
            for n, (packets, granule) in enumerate(zip(parts, granules, strict=True), 2)
        )
    )


FRAMES = [b"\xff\xf8\xc9\x18" + bytes((n,)) + noise(50 + n, 90) for n in range(3)]
"""Heads of FLAC frames of 4096 samples (RFC 9639 9.1.1: 1100)."""


def clocked_flac(*granules: int) -> bytes:
    return (
        page([flac_head(1)], 0, flags=2)
        + page([comment_packet()], 1)
        + b"".join(
            page([packet], n, flags=4 if n == 4 else 0, granule=granule)
            for n, (packet, granule) in enumerate(zip(FRAMES, granules, strict=True), 2)
        )
    )


CLOCKED_FLAC = essence(
    "flac", struct.pack(">IBB", 44100, 2, 16) + STREAMINFO[:10], b"".join(FRAMES)
)
OPUS_SHOWN = {"startTrim": 312, "endTrim": 0, "gain": 0, "duration": 3528}
VORBIS_SHOWN = {"startTrim": 0, "endTrim": 0, "duration": 3648}
CLOCK = (1920, 2880, 3840)


def opus_of(rate: int) -> bytes:
    """The header with another input rate."""
    return OPUS_HEAD[:12] + struct.pack("<I", rate) + OPUS_HEAD[16:]


FLAC_SHOWN = {"startTrim": 0, "endTrim": 0, "duration": 9000}
UNUSUAL = {"unusual": True}

CASES = {
    "vorbis": case("OGG-001 OGG-020", "Vorbis, no carrier.", GOOD, made=VORBIS),
    "vorbis-carrier": case("OGG-001", "Our comment in a Vorbis file.", vorbis("TITLE=Song", "MUSICPROV=A"), made=VORBIS, carriers=[carrier("ogg:vorbis[1]", "A")]),
    "vorbis-other-case": case("OGG-001", "Two spellings of our name: both are reported.", vorbis("musicprov=A", "MUSICPROV=B"), made=VORBIS, carriers=[carrier("ogg:vorbis[0]", "A"), carrier("ogg:vorbis[1]", "B")], danger="A rival hidden by its spelling."),
    "vorbis-other-pages": case("OGG-020", "The same packets on other pages: the same essence.", repaged(), made=VORBIS),
    "opus": case("OGG-020", "Opus, no carrier.", opus(), made=OPUS),
    "opus-carrier": case("OGG-001", "Our comment in an Opus file, with padding behind the comments.", opus("MUSICPROV=A", padding=bytes(40)), made=OPUS, carriers=[carrier("ogg:opus[0]", "A")]),
    "opus-gain": case("OGG-021", "Another output gain and pre-skip: the same essence.", opus(head=b"OpusHead" + struct.pack("<BBHIhB", 1, 2, 600, 48000, -1536, 0)), made=OPUS, danger="Silence by gain under an intact essence."),
    "opus-family-1": case("OGG-020", "A mapping family has its table in the parameters.", opus(head=OPUS_HEAD[:-1] + b"\x01\x01\x01\x00\x01"), made=essence("opus", b"\x02\x01\x01\x01\x00\x01", b"".join(PACKETS), [len(p) for p in PACKETS])),
    "other-block-sizes": case("OGG-020", "Short blocks of 128 samples instead of 256: the same packets are other sound.", page([OTHER_BLOCKS], 0, flags=2) + GOOD[58:], made=essence("vorbis", V_PARAMS[:-1] + b"\xb7", b"".join(V_PACKETS), [len(p) for p in V_PACKETS]), danger="Other sound at every attack under an intact essence."),
    "other-bit-rates": case("OGG-020", "Other bit rates in the identification header decide nothing.", page([OTHER_RATES], 0, flags=2) + GOOD[58:], made=VORBIS),
    "flac": case("OGG-020", "FLAC in Ogg has the essence of native FLAC.", flac("MUSICPROV=A"), made=FLAC, carriers=[carrier("ogg:flac[0]", "A")]),
    "flac-mask": case("BND-017", "FLAC whose two channels are for the middle and for the bass.", flac("WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0xC"), made=FLAC, shown={"startTrim": 0, "endTrim": 0, "duration": 9000} | UNUSUAL),
    "vorbis-mask": case("BND-017", "Of Vorbis the number of channels says which is which: the comment says nothing.", vorbis("WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0xC"), made=VORBIS),
    "opus-of-44100": case("OGG-026", "An input rate of 44,100 Hz.", clocked_opus(*CLOCK), made=TIMED_OPUS, shown=OPUS_SHOWN),
    "opus-of-unknown-rate": case("OGG-026", "An input rate of 0: unknown.", clocked_opus(*CLOCK, head=opus_of(0)), made=TIMED_OPUS, shown=OPUS_SHOWN),
    "opus-of-8000": case("OGG-026", "An input rate of 8,000 Hz.", clocked_opus(*CLOCK, head=opus_of(8000)), made=TIMED_OPUS, shown=OPUS_SHOWN | UNUSUAL, danger="Music as on the telephone under an intact essence, without a remark."),
    "flac-two-blocks": case("OGG-001", "Two comment packets with different declarations.", flac("MUSICPROV=A", count=2, more=[comment_packet("MUSICPROV=B")]), made=FLAC, carriers=[carrier("ogg:flac[0]", "A"), carrier("ogg:flac/VORBIS_COMMENT[1][0]", "B")], danger="Two readers, two manifests."),
    "flac-no-count": case("OGG-020", "The number of header packets is not stated.", flac(count=0), refusal="ogg.flac-header-count", incomplete=True),
    "zeros-behind": case("OGG-002", "Zero bytes behind the last page.", vorbis("TITLE=Song", tail=bytes(300)), made=VORBIS),
    "garbage-behind": case("OGG-002", "Bytes behind the last page.", vorbis("TITLE=Song", tail=b"garbage"), refusal="ogg.junk"),
    "page-cut": case("OGG-002 OGG-011", "The last page is cut.", GOOD[:-30], refusal="ogg.page-cut", incomplete=True),
    "wrong-crc": case("OGG-003", "One bit of a checksum: players drop that page.", broken_crc(), refusal="ogg.page-crc", danger="Silence under an intact essence."),
    "chained": case("OGG-004 OGG-007", "A second file behind the first.", GOOD + vorbis("MUSICPROV=B"), refusal="ogg.chained", incomplete=True, danger="A declaration for the first part only."),
    "multiplexed": case("OGG-004 OGG-007", "Two streams at once.", page([IDENT], 0, flags=2) + page([IDENT], 0, flags=2, serial=8) + GOOD[58:], refusal="ogg.several-streams", incomplete=True),
    "no-beginning": case("OGG-004", "The first page does not begin a stream.", page([IDENT], 0) + GOOD[58:], refusal="ogg.no-beginning", incomplete=True),
    "sequence-gap": case("OGG-005", "A page is missing.", page([IDENT], 0, flags=2) + page([b"\x03vorbis" + block() + b"\x01", SETUP], 1) + page(PACKETS, 3, flags=4, granule=1), refusal="ogg.sequence-gap"),
    "packet-cut": case("OGG-005 OGG-011", "The last packet goes on, but no page follows.", page([OPUS_HEAD], 0, flags=2) + page([b"OpusTags" + block()], 1) + page([noise(5, 600)], 2, flags=4, cut=True), refusal="ogg.packet-cut", incomplete=True),
    "headers-share-page": case("OGG-010", "Audio begins on the page of the headers, and the setup does not say how much.", page([IDENT], 0, flags=2) + page([b"\x03vorbis" + block() + b"\x01", SETUP, *PACKETS], 1, flags=4, granule=1), refusal="ogg.headers-share-page"),
    "headers-share-page-first-packet": case("OGG-010", "The first audio packet, which adds no sample, stands behind the setup: it is hashed like the others.", page([IDENT], 0, flags=2) + page([b"\x03vorbis" + block("MUSICPROV=A") + b"\x01", TIMED_SETUP, TIMED[0]], 1) + page(TIMED[1:3], 2, granule=2048) + page(TIMED[3:], 3, flags=4, granule=3648), made=TIMED_VORBIS, carriers=[carrier("ogg:vorbis[0]", "A")], shown={"startTrim": 0, "endTrim": 0, "duration": 3648}, danger="Real files of old encoders, refused."),
    "headers-share-page-under-a-second": case("OGG-010", "Eight packets of 120 ms on the page of the comments.", page([OPUS_HEAD], 0, flags=2) + page([b"OpusTags" + block(), *LONG_OPUS[:8]], 1, flags=4, granule=46080), made=essence("opus", b"\x02\x00", b"".join(LONG_OPUS[:8]), [30] * 8), shown={"startTrim": 312, "endTrim": 0, "gain": 0, "duration": 45768}),
    "headers-share-page-over-a-second": case("OGG-010", "Nine packets of 120 ms on the page of the comments.", page([OPUS_HEAD], 0, flags=2) + page([b"OpusTags" + block(), *LONG_OPUS], 1, flags=4, granule=51840), refusal="ogg.headers-share-page", danger="A second that some players pass over, under an intact essence."),
    "headers-share-page-flac": case("OGG-010", "FLAC frames on the page of the comments: how many samples is not read.", page([flac_head(1)], 0, flags=2) + page([comment_packet(), *PACKETS], 1, flags=4, granule=9000), refusal="ogg.headers-share-page"),
    "headers-cut": case("OGG-006", "The file ends before the setup packet.", page([IDENT], 0, flags=2) + page([b"\x03vorbis" + block("MUSICPROV=A") + b"\x01"], 1), refusal="ogg.headers-cut", carriers=[carrier("ogg:vorbis[0]", "A")], incomplete=True),
    "no-audio": case("OGG-006", "No audio packet.", page([OPUS_HEAD], 0, flags=2) + page([b"OpusTags" + block()], 1, flags=4), refusal="ogg.no-audio"),
    "header-not-comments": case("OGG-008", "The second packet of a Vorbis stream is an audio packet.", page([IDENT], 0, flags=2) + page([PACKETS[0], SETUP], 1) + page(PACKETS, 2, flags=4, granule=1), refusal="ogg.header-packets", incomplete=True, danger="Sound in a packet that is not hashed."),
    "header-not-setup": case("OGG-008", "The third packet of a Vorbis stream is not the setup.", page([IDENT], 0, flags=2) + page([b"\x03vorbis" + block("MUSICPROV=A") + b"\x01", PACKETS[0]], 1) + page(PACKETS, 2, flags=4, granule=1), refusal="ogg.header-packets", carriers=[carrier("ogg:vorbis[0]", "A")], incomplete=True),
    "opus-header-not-tags": case("OGG-008", "The second packet of an Opus stream is an audio packet.", page([OPUS_HEAD], 0, flags=2) + page(PACKETS[:1], 1) + page(PACKETS, 2, flags=4, granule=1), refusal="ogg.header-packets", incomplete=True, danger="Sound in a packet that is not hashed."),
    "flac-header-length": case("OGG-008", "A FLAC header packet holds more than its block says.", flac(count=2, more=[comment_packet() + b"more"]), refusal="ogg.header-packets", carriers=[], incomplete=True, danger="Sound behind the block in a packet that is not hashed."),
    "flac-last-unmarked": case("OGG-008", "The only FLAC header packet lacks the flag of the last block, as TagLib writes it: the count of the first packet decides.", page([flac_head(1)], 0, flags=2) + page([b"\x04" + comment_packet("MUSICPROV=A")[1:]], 1) + page(PACKETS, 2, flags=4, granule=9000), made=FLAC, carriers=[carrier("ogg:flac[0]", "A")], danger="Every Ogg FLAC that a common tagger wrote, refused."),
    "flac-last-too-early": case("OGG-008", "The first of two FLAC header packets calls itself the last block.", page([flac_head(2)], 0, flags=2) + page([comment_packet(), comment_packet()], 1) + page(PACKETS, 2, flags=4, granule=9000), refusal="ogg.header-packets", incomplete=True),
    "vorbis-timing": case("OGG-022 OGG-023 OGG-024", "Positions that fit the packets: nothing is cut.", timed_vorbis(2048, 3648), made=TIMED_VORBIS, shown={"startTrim": 0, "endTrim": 0, "duration": 3648}),
    "vorbis-end-trim": case("OGG-024", "The last position cuts 48 samples off.", timed_vorbis(2048, 3600), made=TIMED_VORBIS, shown={"startTrim": 0, "endTrim": 48, "duration": 3600}),
    "vorbis-start-trim": case("OGG-023", "The first position leaves 48 samples out.", timed_vorbis(2000, 3600), made=TIMED_VORBIS, shown={"startTrim": 48, "endTrim": 0, "duration": 3600}),
    "vorbis-later-clock": case("OGG-023", "The clock starts at 7952: a part of a longer stream.", timed_vorbis(10000, 11600), made=TIMED_VORBIS, shown={"startTrim": 0, "endTrim": 0, "duration": 3648}),
    "vorbis-no-modes": case("OGG-022", "A setup packet that does not end in modes: trims are unstated.", timed_vorbis(2048, 3600, modes=NO_MODES), made=made_vorbis(NO_MODES), shown={"duration": 3600}),
    "opus-timing": case("OGG-022 OGG-024", "Four packets of 960 samples; the last position cuts 200 off.", timed_opus(1920, 3640), made=TIMED_OPUS, shown={"startTrim": 312, "endTrim": 200, "gain": 0, "duration": 3328}),
    "opus-later-clock": case("OGG-023", "The clock starts at 5000.", timed_opus(6920, 8840), made=TIMED_OPUS, shown={"startTrim": 312, "endTrim": 0, "gain": 0, "duration": 3528}),
    "opus-clock": case("OGG-025", "Positions that follow the packets.", clocked_opus(1920, 2880, 3840), made=TIMED_OPUS, shown=OPUS_SHOWN),
    "opus-clock-within-a-second": case("OGG-025", "A position one second ahead of its packets.", clocked_opus(1920, 2880 + 48000, 3840), made=TIMED_OPUS, shown=OPUS_SHOWN | {"endTrim": 48000}),
    "opus-clock-ahead": case("OGG-025", "A position one second and a sample ahead of its packets.", clocked_opus(1920, 2880 + 48001, 3840), made=TIMED_OPUS, shown=OPUS_SHOWN | {"endTrim": 48001} | UNUSUAL, danger="A player drops all that stands behind it, under an intact essence."),
    "opus-clock-behind": case("OGG-025", "The clock starts at 98080, and a position is one second and a sample behind.", clocked_opus(100000, 100960 - 48001, 101920), made=TIMED_OPUS, shown=OPUS_SHOWN | UNUSUAL),
    "opus-clock-last-ahead": case("OGG-025", "The last position is one second and a sample ahead.", clocked_opus(1920, 2880, 3840 + 48001), made=TIMED_OPUS, shown=OPUS_SHOWN | {"duration": 3528 + 48001} | UNUSUAL),
    "opus-clock-missing": case("OGG-025", "A page on which a packet ends has no position.", clocked_opus(1920, -1, 3840), made=TIMED_OPUS, shown=OPUS_SHOWN | UNUSUAL, danger="A common decoder stops there, under an intact essence."),
    "opus-clock-in-headers": case("OGG-025", "The page of the comments has a position.", clocked_opus(1920, 2880, 3840, headers=5), made=TIMED_OPUS, shown=OPUS_SHOWN | UNUSUAL),
    "vorbis-clock": case("OGG-025", "Positions that follow the packets.", clocked_vorbis(2048, 3072, 3648), made=TIMED_VORBIS, shown=VORBIS_SHOWN),
    "vorbis-clock-ahead": case("OGG-025", "A position one second and a sample ahead of its packets.", clocked_vorbis(2048, 3072 + 44101, 3648), made=TIMED_VORBIS, shown=VORBIS_SHOWN | {"endTrim": 44101} | UNUSUAL),
    "flac-clock": case("OGG-025", "Positions that follow the frames; the last one cuts something off.", clocked_flac(4096, 8192, 9000), made=CLOCKED_FLAC, shown=FLAC_SHOWN),
    "flac-clock-ahead": case("OGG-025", "A position one second and a sample ahead of its frames.", clocked_flac(4096, 8192 + 44101, 9000), made=CLOCKED_FLAC, shown=FLAC_SHOWN | UNUSUAL),
    "unknown-codec": case("OGG-020", "Speex, a codec that is not taken.", page([b"Speex   " + bytes(72)], 0, flags=2), refusal="ogg.codec", incomplete=True),
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(Path(__file__).parent, "ogg", "ogg", CASES))
