"""Crafted WAV, RF64 and AIFF files."""
# fmt: off - a line a case

from hostile import parts
from hostile.case import case, generic
from hostile.parts import chunk, id3, txxx, u32


def _marks_of(order):
    def marks(data):
        places, at = [0, 4, 8], 12
        while at + 8 < len(data):
            places += [at, at + 4, at + 8, at + 12]
            size = int.from_bytes(data[at + 4 : at + 8], order)
            at += 8 + size + size % 2
        return [*places, len(data)]

    return marks


def _fmt(tag=1, channels=2, rate=44100, align=4, bits=16, extra=b""):
    head = tag.to_bytes(2, "little") + channels.to_bytes(2, "little") + u32(rate, "little")
    head += u32(rate * align, "little") + align.to_bytes(2, "little") + bits.to_bytes(2, "little")
    return chunk(b"fmt ", head + extra)


def _data():
    return chunk(b"data", parts.audio("wav"))


def _tag(value=None, name=b"MUSICPROV"):
    return id3(txxx(name, parts.token("wav") if value is None else value))


def _riff(*chunks, size=None, form=b"RIFF", tail=b""):
    body = b"WAVE" + b"".join(chunks)
    return form + u32(len(body) if size is None else size, "little") + body + tail


def wav():
    """WAV and RF64 files."""
    yield from generic("wav", _marks_of("little"))
    for name, build, signed in (*_riffs(), *_rf64()):
        yield case(f"wav/{name}", "wav", build, "wav" if signed else None)


def _riffs():
    for lie in parts.LIES:
        yield (
            f"riff-size-{lie}",
            lambda n=lie: _riff(_fmt(), _data(), chunk(b"id3 ", _tag()), size=n),
            True,
        )
        yield (
            f"data-size-{lie}",
            lambda n=lie: _riff(
                _fmt(), chunk(b"data", parts.audio("wav"), size=n), chunk(b"id3 ", _tag())
            ),
            False,
        )
        yield (
            f"id3-size-{lie}",
            lambda n=lie: _riff(_fmt(), _data(), chunk(b"id3 ", _tag(), size=n)),
            False,
        )
        yield (
            f"junk-size-{lie}",
            lambda n=lie: _riff(
                _fmt(), chunk(b"JUNK", bytes(40), size=n), _data(), chunk(b"id3 ", _tag())
            ),
            False,
        )
    yield "1M-empty-chunks", lambda: _riff(_fmt(), _data(), chunk(b"junk", b"") * 600_000), False
    yield (
        "9000-chunks",
        lambda: _riff(_fmt(), _data(), chunk(b"junk", b"") * 9000, chunk(b"id3 ", _tag())),
        True,
    )
    yield "9000-id3-chunks", lambda: _riff(_fmt(), _data(), chunk(b"id3 ", id3(b"")) * 9000), False
    yield (
        "3000-id3-of-ours",
        lambda: _riff(_fmt(), _data(), chunk(b"id3 ", _tag(b"eyJ")) * 3000),
        False,
    )
    yield (
        "60-id3-of-9999-frames",
        lambda: _riff(_fmt(), _data(), chunk(b"id3 ", id3(txxx(b"A", b"") * 9999)) * 60),
        False,
    )
    yield (
        "600000-unnamed-chunks",
        lambda: _riff(_fmt(), _data(), chunk(b"\1\1\1\1", b"") * 600_000),
        False,
    )
    yield (
        "9000-list-chunks",
        lambda: _riff(
            _fmt(), _data(), chunk(b"LIST", b"INFO" + chunk(b"INAM", b"title") * 8) * 9000
        ),
        False,
    )
    yield (
        "list-600000-titles",
        lambda: _riff(
            _fmt(),
            _data(),
            *[chunk(b"LIST", b"INFO" + chunk(b"INAM", b"") * 8000)] * 70,
            chunk(b"id3 ", _tag()),
        ),
        True,
    )
    yield (
        "list-item-lies",
        lambda: _riff(
            _fmt(), _data(), chunk(b"LIST", b"INFO" + chunk(b"INAM", b"x", size=0xFFFFFFFF))
        ),
        False,
    )
    yield (
        "list-hostile",
        lambda: _riff(
            _fmt(), _data(), chunk(b"LIST", b"INFO" + chunk(b"INAM", b"\x1b[31m\xe2\x80\xae\0"))
        ),
        False,
    )
    yield (
        "two-id3",
        lambda: _riff(_fmt(), _data(), chunk(b"id3 ", _tag()), chunk(b"ID3 ", _tag(b"eyJx.x.x"))),
        True,
    )
    yield (
        "two-id3-same",
        lambda: _riff(_fmt(), chunk(b"ID3 ", _tag()), _data(), chunk(b"id3 ", _tag())),
        True,
    )
    yield "id3-behind-riff", lambda: _riff(_fmt(), _data(), tail=chunk(b"id3 ", _tag())), True
    yield (
        "id3-three-places",
        lambda: _riff(
            chunk(b"id3 ", _tag()),
            _fmt(),
            _data(),
            chunk(b"ID3 ", _tag()),
            tail=chunk(b"id3 ", _tag()),
        ),
        True,
    )
    yield "id3-empty", lambda: _riff(_fmt(), _data(), chunk(b"id3 ", b"")), False
    yield "id3-in-data", lambda: _riff(_fmt(), chunk(b"data", _tag() * 4)), False
    yield "fmt-twice", lambda: _riff(_fmt(), _fmt(), _data(), chunk(b"id3 ", _tag())), True
    yield "data-twice", lambda: _riff(_fmt(), _data(), _data(), chunk(b"id3 ", _tag())), True
    yield "no-fmt", lambda: _riff(_data(), chunk(b"id3 ", _tag())), True
    yield "no-data", lambda: _riff(_fmt(), chunk(b"id3 ", _tag())), False
    yield "data-empty", lambda: _riff(_fmt(), chunk(b"data", b""), chunk(b"id3 ", _tag())), False
    yield "fmt-short", lambda: _riff(chunk(b"fmt ", b"\1\0"), _data(), chunk(b"id3 ", _tag())), True
    yield "channels-0", lambda: _riff(_fmt(channels=0), _data()), False
    yield "channels-65535", lambda: _riff(_fmt(channels=65535, align=65535), _data()), False
    yield "rate-0", lambda: _riff(_fmt(rate=0), _data()), False
    yield "rate-other", lambda: _riff(_fmt(rate=48000), _data(), chunk(b"id3 ", _tag())), False
    yield "align-0", lambda: _riff(_fmt(align=0), _data()), False
    yield (
        "bits-other",
        lambda: _riff(_fmt(align=8, bits=32), _data(), chunk(b"id3 ", _tag())),
        False,
    )
    yield "codec-other", lambda: _riff(_fmt(tag=2), _data(), chunk(b"id3 ", _tag())), True
    yield "extensible-cut", lambda: _riff(_fmt(tag=0xFFFE, extra=b"\x16\0"), _data()), False
    yield (
        "no-pad",
        lambda: _riff(_fmt(), _data(), b"abcd" + u32(3, "little") + b"abc", chunk(b"id3 ", _tag())),
        True,
    )
    yield (
        "chunk-name-hostile",
        lambda: _riff(_fmt(), _data(), chunk(b"\x1b[2J", b"x"), chunk(b"id3 ", _tag())),
        True,
    )
    yield (
        "wavl",
        lambda: _riff(_fmt(), chunk(b"LIST", b"wavl" + _data()), chunk(b"id3 ", _tag())),
        True,
    )
    yield (
        "riff-in-riff",
        lambda: _riff(_fmt(), _data(), _riff(_fmt(), _data(), chunk(b"id3 ", _tag()))),
        True,
    )
    yield "nested-lists", lambda: _riff(_fmt(), _data(), _nested(b"LIST", b"INFO", 20_000)), False
    yield "rifx", lambda: _riff(_fmt(), _data(), form=b"RIFX"), False
    yield "riff-only", lambda: b"RIFF\xff\xff\xff\xffWAVE", False
    yield "ff-4M", lambda: b"RIFF\xff\xff\xff\xffWAVE" + b"\xff" * 4_000_000, False


def _nested(name, kind, depth):
    data = b""
    for _ in range(min(depth, 20_000)):
        data = kind + name + u32(len(data) + 4, "little") + data if data else kind
    return chunk(name, data)


def _rf64():
    def ds64(riff, data, table=0):
        body = riff.to_bytes(8, "little") + data.to_bytes(8, "little") + bytes(8)
        return chunk(b"ds64", body + u32(table, "little"))

    size = len(parts.audio("wav"))
    for lie in (*parts.LIES, 1 << 63, (1 << 64) - 1, size):
        yield (
            f"rf64-{lie}",
            lambda n=lie: _riff(
                ds64(n, n),
                _fmt(),
                chunk(b"data", parts.audio("wav"), size=0xFFFFFFFF),
                chunk(b"id3 ", _tag()),
                form=b"RF64",
                size=0xFFFFFFFF,
            ),
            lie == size,
        )
    yield (
        "rf64-table",
        lambda: _riff(ds64(1 << 40, size, 0xFFFFFFFF), _fmt(), _data(), form=b"RF64"),
        False,
    )
    yield "rf64-no-ds64", lambda: _riff(_fmt(), _data(), form=b"RF64"), False
    yield "bw64-ds64-late", lambda: _riff(_fmt(), ds64(100, size), _data(), form=b"BW64"), False


def _comm(channels=2, frames=44100, bits=16, rate=b"\x40\x0e\xac\x44" + bytes(6), extra=b""):
    head = channels.to_bytes(2, "big") + u32(frames) + bits.to_bytes(2, "big")
    return chunk(b"COMM", head + rate + extra, "big")


def _ssnd(offset=0, size=None):
    return chunk(b"SSND", u32(offset) + bytes(4) + parts.audio("aiff"), "big", size)


def _form(*chunks, size=None, kind=b"AIFF", tail=b""):
    body = kind + b"".join(chunks)
    return b"FORM" + u32(len(body) if size is None else size) + body + tail


def aiff():
    """AIFF files."""
    yield from generic("aiff", _marks_of("big"))
    for name, build, signed in _forms():
        yield case(f"aiff/{name}", "aiff", build, "aiff" if signed else None)


def _forms():
    def tag(value=None):
        return chunk(b"ID3 ", id3(txxx(b"MUSICPROV", value or parts.token("aiff"))), "big")

    for lie in parts.LIES:
        yield f"form-size-{lie}", lambda n=lie: _form(_comm(), _ssnd(), tag(), size=n), True
        yield f"ssnd-size-{lie}", lambda n=lie: _form(_comm(), _ssnd(size=n), tag()), False
        yield f"ssnd-offset-{lie}", lambda n=lie: _form(_comm(), _ssnd(offset=n), tag()), lie == 0
        yield f"frames-{lie}", lambda n=lie: _form(_comm(frames=n), _ssnd(), tag()), False
    yield (
        "600000-chunks",
        lambda: _form(_comm(), _ssnd(), chunk(b"ANNO", b"", "big") * 600_000),
        False,
    )
    yield (
        "9000-names",
        lambda: _form(_comm(), _ssnd(), chunk(b"NAME", b"n" * 400, "big") * 9000, tag()),
        True,
    )
    yield (
        "9000-tags",
        lambda: _form(_comm(), _ssnd(), chunk(b"ID3 ", id3(b""), "big") * 9000),
        False,
    )
    yield (
        "600000-tags-in-a-chunk",
        lambda: _form(_comm(), _ssnd(), chunk(b"ID3 ", id3(b"") * 600_000, "big")),
        False,
    )
    yield "two-tags", lambda: _form(_comm(), tag(), _ssnd(), tag(b"eyJx.x.x")), True
    yield "three-tags-same", lambda: _form(tag(), _comm(), tag(), _ssnd(), tag()), True
    yield "tag-behind-form", lambda: _form(_comm(), _ssnd(), tail=tag()), True
    yield "comm-twice", lambda: _form(_comm(), _comm(), _ssnd(), tag()), True
    yield "ssnd-twice", lambda: _form(_comm(), _ssnd(), _ssnd(), tag()), True
    yield "no-comm", lambda: _form(_ssnd(), tag()), True
    yield "comm-short", lambda: _form(chunk(b"COMM", b"\0\2", "big"), _ssnd(), tag()), True
    yield "channels-0", lambda: _form(_comm(channels=0), _ssnd()), False
    yield "channels-65535", lambda: _form(_comm(channels=65535), _ssnd()), False
    yield "bits-0", lambda: _form(_comm(bits=0), _ssnd()), False
    yield "bits-65535", lambda: _form(_comm(bits=65535), _ssnd()), False
    for name, rate in (
        ("zero", bytes(10)),
        ("ff", b"\xff" * 10),
        ("inf", b"\x7f\xff" + bytes(8)),
        ("tiny", b"\0\1" + b"\xff" * 8),
    ):
        yield f"rate-{name}", lambda r=rate: _form(_comm(rate=r), _ssnd()), False
    yield (
        "aifc-unknown",
        lambda: _form(_comm(extra=b"zzzz\0\0"), _ssnd(), tag(), kind=b"AIFC"),
        True,
    )
    yield (
        "aifc-name-lies",
        lambda: _form(_comm(extra=b"NONE\xff"), _ssnd(), tag(), kind=b"AIFC"),
        True,
    )
    yield (
        "name-hostile",
        lambda: _form(_comm(), _ssnd(), chunk(b"NAME", b"\x1b[2J\xe2\x80\xaeevil", "big")),
        False,
    )
    yield "form-only", lambda: b"FORM\xff\xff\xff\xffAIFF", False
