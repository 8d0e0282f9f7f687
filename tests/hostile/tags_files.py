"""Crafted ID3 and APE tags, around MP3 frames and around FLAC."""
# fmt: off - a line a case

import zlib

from hostile import parts
from hostile.case import case, generic
from hostile.parts import ape, frame, id3, synchsafe, txxx


def _frames():
    """The sample's MPEG frames without its tag."""
    data = parts.bare("mp3")
    return data[10 + sum(b << s for b, s in zip(data[6:10], (21, 14, 7, 0), strict=True)) :]


def _marks(data):
    tag = 10 + sum(b << s for b, s in zip(data[6:10], (21, 14, 7, 0), strict=True))
    places, at = [0, 3, 5, 6, 10], 10
    while at + 10 < tag and data[at]:
        places += [at, at + 4, at + 8, at + 10]
        at += 10 + sum(b << s for b, s in zip(data[at + 4 : at + 8], (21, 14, 7, 0), strict=True))
    return [*places, tag, tag + 4, tag + 36, tag + 626, len(data) - 600]


def mp3():
    """MP3 files."""
    yield from generic("mp3", _marks)
    for name, tag, signed in _tags():
        base = "mp3" if signed else None
        yield case(f"mp3/tag/{name}", "mp3", lambda t=tag: t() + _frames(), base)
    for name, tail, signed in _tails():
        base = "mp3" if signed else None
        yield case(f"mp3/tail/{name}", "mp3", lambda t=tail: _frames() + t(), base)
    yield from _streams()


def _tags():
    def token():
        return parts.token("mp3")

    def ours(**how):
        return id3(txxx(b"MUSICPROV", token()), **how)

    for lie in parts.LIES:
        yield f"tag-size-{lie}", lambda n=lie: ours(size=n), True
        yield (
            f"frame-size-{lie}",
            lambda n=lie: id3(frame(b"TXXX", b"\3MUSICPROV\0x", size=n)),
            False,
        )
    yield "no-synchsafe", lambda: b"ID3\4\0\0\xff\xff\xff\xff" + bytes(100), False
    yield (
        "100000-txxx",
        lambda: id3(b"".join(txxx(b"k%06d" % n, b"v") for n in range(100_000))),
        False,
    )
    yield "200000-empty-frames", lambda: id3(frame(b"TXXX", b"") * 200_000), False
    yield "400000-v22-frames", lambda: id3(frame(b"TXX", b"", 2) * 400_000, 2), False
    yield "9000-musicprov", lambda: id3(txxx(b"MUSICPROV", b"eyJ") * 9000), False
    yield "100000-musicprov", lambda: id3(txxx(b"MUSICPROV", b"eyJ") * 100_000), False
    yield "9000-own-statements", lambda: id3(txxx(b"MUSICPROV", token()) * 3000), True
    yield "160000-values-in-16", lambda: id3(txxx(b"MUSICPROV", b"x\0" * 10_000)) * 16, False
    yield "160000-empty-in-16", lambda: id3(frame(b"TXXX", b"") * 9999) * 16, False
    yield "160000-v22-in-16", lambda: id3(frame(b"TXX", b"", 2) * 9999, 2) * 16, False
    yield "4M-values", lambda: id3(txxx(b"MUSICPROV", b"a\0" * 500_000) * 4), False
    yield (
        "title-4M-values",
        lambda: id3(frame(b"TIT2", b"\3" + b"ab\0" * 20_000) * 60 + txxx(b"MUSICPROV", token())),
        True,
    )
    yield "title-4M", lambda: id3(frame(b"TIT2", b"\3" + b"t" * 4_000_000)), False
    yield "utf16-odd", lambda: id3(frame(b"TXXX", b"\1\xff\xfeM\0\0\0x")), False
    yield (
        "utf16-4M",
        lambda: id3(
            frame(
                b"TXXX",
                b"\1\xff\xfe" + "MUSICPROV".encode("utf-16-le") + b"\0\0" + b"\0\xd8" * 500_000,
            )
        ),
        False,
    )
    yield "bad-encoding-byte", lambda: id3(frame(b"TXXX", b"\x09MUSICPROV\0eyJ")), False
    yield (
        "zlib-bomb",
        lambda: id3(
            frame(
                b"TXXX",
                synchsafe(1 << 27) + zlib.compress(b"\3MUSICPROV\0" + bytes(1 << 28), 9),
                flags=0x0009,
            )
        ),
        False,
    )
    yield (
        "zlib-bomb-v23",
        lambda: id3(
            frame(
                b"TXXX",
                parts.u32(1 << 28) + zlib.compress(b"\0MUSICPROV\0" + bytes(1 << 27), 9),
                3,
                0x0080,
            ),
            3,
        ),
        False,
    )
    yield (
        "encrypted",
        lambda: id3(frame(b"TXXX", b"\x80" + b"\3MUSICPROV\0eyJ", flags=0x0004)),
        False,
    )
    yield (
        "unsync-all-ff00",
        lambda: id3(b"TXXX" + synchsafe(100) + b"\0\0" + b"\xff\0" * 1_000_000, 3, 0x80),
        False,
    )
    yield "unsync-5M", lambda: id3((b"\xff\0" * 2_400_000), 4, 0x80), False
    yield (
        "unsync-v23-of-txxx",
        lambda: id3(
            b"TXXX" + parts.u32(2_000_000) + b"\0\0" + b"\0MUSICPROV\0" + b"\xff\0" * 2_000_000,
            3,
            0x80,
        ),
        False,
    )
    yield "every-flag", lambda: ours(flags=0xFF), True
    for version in (0, 1, 2, 3, 5, 0xFE):
        yield f"version-{version}", lambda v=version: ours(version=v), False
    yield "extended-header-huge", lambda: id3(b"\x0f\x7f\x7f\x7f" + bytes(50), 4, 0x40), False
    yield "extended-header-zero", lambda: id3(bytes(50), 4, 0x40), False
    yield (
        "extended-header-crc",
        lambda: id3(synchsafe(12) + b"\1\x20\5" + bytes(5) + txxx(b"MUSICPROV", token()), 4, 0x40),
        True,
    )
    yield "footer-missing", lambda: ours(flags=0x10), False
    yield "padding-4M", lambda: ours(padding=4_000_000), True
    yield (
        "padding-then-frame",
        lambda: id3(txxx(b"MUSICPROV", token()) + bytes(100) + txxx(b"MUSICPROV", b"eyJB")),
        True,
    )
    yield "two-tags", lambda: ours() + id3(txxx(b"MUSICPROV", b"eyJB.eyJB.AAAA")), True
    yield "two-tags-same", lambda: ours() + ours(), True
    yield "three-tags", lambda: ours() + id3(b"") + ours(version=3), True
    yield "17-tags", lambda: id3(b"") * 17 + ours(), False
    yield "100000-tags", lambda: id3(b"") * 100_000 + ours(), False
    yield "two-frames", lambda: id3(txxx(b"MUSICPROV", token()) + txxx(b"musicprov", b"x")), True
    yield (
        "three-cases",
        lambda: id3(b"".join(txxx(n, token()) for n in (b"MUSICPROV", b"MusicProv", b"musicprov"))),
        True,
    )
    yield "two-values-in-a-frame", lambda: id3(txxx(b"MUSICPROV", token() + b"\0" + token())), True
    yield "name-with-nul", lambda: id3(txxx(b"MUSICPROV\0", token())), False
    yield (
        "frame-id-hostile",
        lambda: id3(frame(b"\x1b[2J", b"x") + txxx(b"MUSICPROV", token())),
        False,
    )
    yield (
        "picture-4M",
        lambda: id3(frame(b"APIC", bytes(4_000_000)) + txxx(b"MUSICPROV", token())),
        True,
    )
    yield "geob-with-a-tag-inside", lambda: id3(frame(b"GEOB", ours())), False
    yield (
        "all-frames-without-data",
        lambda: id3(b"".join(frame(n, b"") for n in (b"TIT2", b"TPE1", b"TXXX", b"TSRC"))),
        False,
    )
    yield "id3-of-audio", lambda: b"ID3\4\0\0" + synchsafe(20_000), False


def _tails():
    def token():
        return parts.token("mp3")

    def ours(**how):
        return ape([(b"MUSICPROV", token())], **how)

    for lie in parts.LIES:
        yield f"ape-size-{lie}", lambda n=lie: ours(size=n), False
        yield f"ape-count-{lie}", lambda n=lie: ours(count=n), True
    yield "ape", ours, True
    yield "ape-without-header", lambda: ours(header=False), True
    yield "ape-without-footer", lambda: ours(footer=False), False
    yield "ape-twice", lambda: ours() + ours(), True
    yield "ape-17", lambda: ours() * 17, False
    yield "ape-300000-items", lambda: ape([(b"kk", b"")] * 300_000), False
    yield "ape-9000-ours", lambda: ape([(b"MUSICPROV", b"e\0y\0J")] * 9000), False
    yield "ape-16-of-9000", lambda: ape([(b"MUSICPROV", b"e\0y\0J")] * 9000) * 16, False
    yield "ape-16-of-9999-others", lambda: ape([(b"kk", b"")] * 9999) * 16, False
    yield "ape-value-2M", lambda: ape([(b"MUSICPROV", b"e" * 2_000_000)]), False
    yield "ape-values-1M", lambda: ape([(b"MUSICPROV", b"e\0" * 500_000)]), False
    yield "ape-key-hostile", lambda: ape([(b"\x1b]0;x\7", b"x"), (b"MUSICPROV", token())]), False
    yield "ape-titles-1M", lambda: ape([(b"Title", b"ab\0" * 20_000)] * 60), False
    yield "ape-of-frames", lambda: ape([(b"Cover Art (Front)", _frames())]), False
    for name, junk in (
        ("ff", b"\xff"),
        ("headers", b"\xff\xfb\x90\x00"),
        ("flac", b"\xff\xf8\xc9\x08\0"),
    ):
        yield f"ape-4M-{name}", lambda j=junk: ape([(b"kk", j * (4_000_000 // len(j)))]), False
    yield "id3v1", lambda: b"TAG" + bytes(125), False
    yield "id3v1-40000", lambda: (b"TAG" + bytes(125)) * 40_000, False
    yield "id3v1-plus", lambda: b"TAG+" + bytes(223) + b"TAG" + bytes(125), False
    yield "lyrics3", lambda: b"LYRICSBEGIN" + b"x" * 50 + b"000061LYRICS200", False
    for size in (b"000000", b"999999", b"      ", b"-00001"):
        yield (
            f"lyrics3-{size.decode().strip()}",
            lambda s=size: b"LYRICSBEGIN" + s + b"LYRICS200",
            False,
        )
    yield "lyrics1-no-begin", lambda: b"x" * 6000 + b"LYRICSEND", False
    yield (
        "footer",
        lambda: (
            id3(txxx(b"MUSICPROV", token()), flags=0x10)
            + b"3DI"
            + b"\4\0\x10"
            + synchsafe(len(txxx(b"MUSICPROV", token())))
        ),
        True,
    )
    yield "footer-lies", lambda: b"3DI\4\0\x10" + synchsafe((1 << 28) - 1), False
    yield "footer-only", lambda: b"3DI\4\0\x10" + synchsafe(0), False
    yield (
        "everything",
        lambda: ours() + b"LYRICSBEGIN" + b"000011LYRICS200" + b"TAG" + bytes(125),
        True,
    )


def _streams():
    header = b"\xff\xfb\x90\x00"
    yield case("mp3/stream/fffb-repeated", "mp3", lambda: b"\xff\xfb" * 2_000_000)
    yield case("mp3/stream/fffb9000-repeated", "mp3", lambda: header * 1_000_000)
    yield case("mp3/stream/ff-4M", "mp3", lambda: b"\xff" * 4_000_000)
    yield case("mp3/stream/ff-then-frames", "mp3", lambda: b"\xff" * 60_000 + _frames())
    yield case("mp3/stream/zeros-4M", "mp3", lambda: bytes(4_000_000))
    yield case("mp3/stream/zeros-then-frames", "mp3", lambda: bytes(4_000_000) + _frames())
    yield case("mp3/stream/headers-only-far", "mp3", lambda: (header + bytes(413)) * 10_000)
    yield case(
        "mp3/stream/smallest-frames", "mp3", lambda: (b"\xff\xfb\x14\x00" + bytes(92)) * 45_000
    )
    yield case("mp3/stream/smallest-v25", "mp3", lambda: (b"\xff\xe3\x18\xc4" + bytes(44)) * 90_000)
    yield case(
        "mp3/stream/junk-between",
        "mp3",
        lambda: b"".join(header + bytes(413) + b"j" * 64 for _ in range(8000)),
    )
    yield case(
        "mp3/stream/syncs-without-frames", "mp3", lambda: _frames() + b"\xff\xfb\x90" * 1_400_000
    )
    yield case("mp3/stream/free-format", "mp3", lambda: (b"\xff\xfb\x00\x00" + bytes(500)) * 8000)
    yield case("mp3/stream/free-format-lie", "mp3", lambda: b"\xff\xfb\x00\x00" * 1_000_000)
    yield case("mp3/stream/layer-1", "mp3", lambda: (b"\xff\xff\x90\x00" + bytes(400)) * 1000)
    yield case(
        "mp3/stream/rate-changes",
        "mp3",
        lambda: _frames() + (b"\xff\xfb\x94\x00" + bytes(380)) * 100,
    )
    yield case(
        "mp3/stream/xing-absurd",
        "mp3",
        lambda: header + bytes(32) + b"Xing" + b"\xff" * 377 + _frames(),
    )
    yield case(
        "mp3/stream/vbri", "mp3", lambda: header + bytes(32) + b"VBRI" + b"\xff" * 377 + _frames()
    )
    yield case(
        "mp3/stream/lame-trims",
        "mp3",
        lambda: header + bytes(32) + b"Info" + bytes(4) + b"LAME3.100" + b"\xff" * 364 + _frames(),
    )
    yield case("mp3/stream/one-frame", "mp3", lambda: header + bytes(413))
    yield case("mp3/stream/last-frame-cut", "mp3", lambda: _frames()[:-100])
    yield case(
        "mp3/stream/other-format-behind-id3",
        "mp3",
        lambda: id3(txxx(b"MUSICPROV", parts.token("mp3"))) + b"RIFF" + bytes(100),
        "mp3",
    )
