"""Crafted Ogg files."""
# fmt: off - a line a case

from hostile import parts
from hostile.case import case, generic
from hostile.parts import comments, page


def _marks(data):
    places = []
    for start, end in parts.pages(data):
        places += [start, start + 5, start + 6, start + 14, start + 18, start + 22, start + 26]
        places += [start + 27, start + 28, (start + end) // 2, end]
    return [p for p in places if p < len(data)]


def _pages(kind="opus"):
    data = parts.signed(kind)
    return [data[a:b] for a, b in parts.pages(data)]


def _head():
    return b"OpusHead\1\2" + b"\x38\1" + parts.u32(48000, "little") + bytes(3)


def _tags(values=None, **how):
    values = [b"MUSICPROV=" + parts.token("opus")] if values is None else values
    return b"OpusTags" + comments(values, **how)


def _opus(tags, audio=None):
    """An Opus stream: head, tags on as many pages as they need, then the sample's audio."""
    out = [page(_head(), 7, 0, 2)]
    rest, number = tags, 1
    while True:
        body, rest = rest[: 255 * 255], rest[255 * 255 :]
        lacing = bytes([255] * (len(body) // 255)) + (b"" if rest else bytes([len(body) % 255]))
        if len(lacing) > 255:
            body, rest, lacing = body[:-255], body[-255:] + rest, lacing[:254]
        out.append(
            page(
                body, 7, number, 1 if number > 1 else 0, 0 if lacing[-1:] != b"\xff" else -1, lacing
            )
        )
        number += 1
        if not rest and lacing[-1:] != b"\xff":
            break
    if audio is None:
        audio = _audio
    return b"".join(out) + audio(number)


def _audio(number):
    """The pages of the sample's audio, numbered from ``number``, of serial 7."""
    out = []
    data = parts.bare("opus")
    for n, (start, end) in enumerate(list(parts.pages(data))[2:]):
        one = bytearray(data[start:end])
        one[14:18] = parts.u32(7, "little")
        one[18:22] = parts.u32(number + n, "little")
        out.append(bytes(one))
    return parts.recrc(b"".join(out))


def ogg():
    """Ogg files."""
    yield from generic("ogg", _marks)
    for kind in parts.KINDS["ogg"]:
        for n in range(24):
            yield case(
                f"ogg/{kind}/flip-right-crc-{n}",
                kind,
                lambda k=kind, n=n: _flipped(k, n),
                kind,
                slow=n % 3,
            )
    for name, build, signed in (*_streams(), *_headers()):
        yield case(f"ogg/{name}", "opus", build, "opus" if signed else None)


def _flipped(kind, n):
    data = bytearray(parts.signed(kind))
    places = [p for p in _marks(data) if p + 1 < len(data)]
    at = places[n * len(places) // 24]
    data[at] ^= 1 << n % 8
    return parts.recrc(bytes(data))


def _streams():
    tiny = b"".join(page(b"x", 7, n, 0, n) for n in range(2, 120_000))
    yield "120000-tiny-pages", lambda: _opus(_tags([]), lambda n: tiny), False
    yield (
        "150000-empty-pages",
        lambda: _opus(
            _tags([]), lambda n: b"".join(page(b"", 7, k, 0, -1, b"") for k in range(n, 150_000))
        ),
        False,
    )
    yield (
        "empty-pages-then-audio",
        lambda: _opus(
            _tags(),
            lambda n: b"".join(page(b"", 7, k, 0, -1, b"") for k in range(n, 1000)) + _audio(1000),
        ),
        True,
    )
    yield (
        "4M-empty-packets",
        lambda: _opus(
            _tags([]),
            lambda n: b"".join(page(b"", 7, k, 0, k, bytes(255)) for k in range(n, 15_000)),
        ),
        False,
    )
    yield (
        "packet-of-4M",
        lambda: _opus(
            _tags([]),
            lambda n: b"".join(
                page(bytes(65025), 7, k, 1 if k > n else 0, -1, b"\xff" * 255)
                for k in range(n, n + 65)
            ),
        ),
        False,
    )
    yield "granule-min", lambda: _opus(_tags([]), lambda n: page(b"x", 7, n, 4, -(1 << 63))), False
    yield (
        "granule-max",
        lambda: _opus(_tags([]), lambda n: page(b"x", 7, n, 4, (1 << 63) - 1)),
        False,
    )
    yield (
        "granule-backwards",
        lambda: _opus(_tags([]), lambda n: page(b"x", 7, n, 0, 1000) + page(b"x", 7, n + 1, 4, 1)),
        False,
    )
    yield "chained", lambda: parts.signed("opus") + parts.bare("ogg"), True
    yield "chained-same", lambda: parts.signed("opus") * 2, True
    yield "multiplexed", lambda: page(_head(), 9, 0, 2) + parts.signed("opus"), True
    yield (
        "other-serial-inside",
        lambda: b"".join((*_pages()[:2], page(b"x", 99, 0, 0), *_pages()[2:])),
        True,
    )
    yield "page-missing", lambda: b"".join((*_pages()[:2], *_pages()[3:])), False
    yield "page-twice", lambda: b"".join((*_pages()[:3], *_pages()[2:])), True
    yield "pages-swapped", lambda: b"".join((*_pages()[:2], *reversed(_pages()[2:]))), True
    yield "junk-between", lambda: b"junk".join(_pages()), True
    yield "no-end-flag", lambda: _opus(_tags(), _audio), True
    yield "no-audio", lambda: _opus(_tags(), lambda n: b""), False
    yield "version-1", lambda: parts.signed("opus").replace(b"OggS\0", b"OggS\1"), False
    yield "capture-only", lambda: b"OggS" * 1_000_000, False
    yield "zeros-behind", lambda: parts.signed("opus") + bytes(3_000_000), True


def _headers():
    for lie in parts.LIES:
        yield (
            f"vendor-{lie}",
            lambda n=lie: _opus(b"OpusTags" + parts.u32(n, "little") + _tags()[12:]),
            True,
        )
        yield f"count-{lie}", lambda n=lie: _opus(_tags(count=n)), True
        yield (
            f"length-{lie}",
            lambda n=lie: _opus(
                b"OpusTags\0\0\0\0\1\0\0\0" + parts.u32(n, "little") + b"MUSICPROV=x"
            ),
            False,
        )
    yield "1M-empty-comments", lambda: _opus(_tags([b""] * 1_000_000)), False
    yield "9000-carriers", lambda: _opus(_tags([b"MUSICPROV=eyJ"] * 9000)), False
    yield (
        "titles-9000",
        lambda: _opus(
            _tags([b"TITLE=" + b"t" * 400] * 9000 + [b"MUSICPROV=" + parts.token("opus")])
        ),
        True,
    )
    yield "value-2M", lambda: _opus(_tags([b"MUSICPROV=" + b"e" * 2_000_000])), False
    yield (
        "two-carriers",
        lambda: _opus(_tags([b"MUSICPROV=" + parts.token("opus"), b"musicprov=x"])),
        True,
    )
    yield (
        "three-carriers-same",
        lambda: _opus(_tags([b"MUSICPROV=" + parts.token("opus")] * 3)),
        True,
    )
    yield "padding-4M", lambda: _opus(_tags(tail=bytes(4_000_000))), True
    yield "headers-cut", lambda: b"".join(_pages()[:1]), False
    yield "head-short", lambda: page(b"OpusHead\1", 7, 0, 2) + b"".join(_pages()[1:]), False
    yield (
        "head-255-channels",
        lambda: page(b"OpusHead\1\xff" + bytes(8) + b"\xff", 7, 0, 2) + b"".join(_pages()[1:]),
        False,
    )
    yield (
        "unknown-codec",
        lambda: page(b"Speex   " + bytes(72), 7, 0, 2) + b"".join(_pages()[1:]),
        False,
    )
    yield (
        "tags-twice",
        lambda: _opus(_tags(), lambda n: page(_tags(), 7, n, 0) + _audio(n + 1)),
        False,
    )
    yield (
        "header-shares-page",
        lambda: (
            page(_head(), 7, 0, 2)
            + page(b"OpusTags" + comments([]) + b"x", 7, 1, 0, 0, bytes((8 + len(comments([])), 1)))
            + _audio(2)
        ),
        False,
    )
    yield (
        "100000-header-pages",
        lambda: (
            page(_head(), 7, 0, 2)
            + b"".join(page(b"O", 7, n, 1 if n > 1 else 0, -1, b"") for n in range(1, 100_000))
        ),
        False,
    )
    yield (
        "hostile-text",
        lambda: _opus(
            _tags(
                [
                    b"TITLE=\x1b[2J",
                    "ARTIST=\u202eevil".encode(),
                    b"MUSICPROV=" + parts.token("opus"),
                ]
            )
        ),
        True,
    )
