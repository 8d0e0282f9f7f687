"""Crafted FLAC files."""
# fmt: off - a line a case

from hostile import parts
from hostile.case import case, generic
from hostile.parts import ape, block, comments, id3, txxx


def _marks(data):
    places, at = [0, 4], 4
    while at + 4 < len(data):
        size = int.from_bytes(data[at + 1 : at + 4], "big")
        places += [at, at + 1, at + 4, at + 8, at + 4 + size // 2]
        last, at = data[at] & 0x80, at + 4 + size
        if last:
            break
    return [*places, at, at + 4, at + 16]


def _info():
    return parts.bare("flac")[8:42]


def _made(*blocks, lead=b"", tail=b"", info=None):
    """STREAMINFO, these blocks, the sample's frames; the last flag is the caller's."""
    first = block(0, _info() if info is None else info)
    return lead + b"fLaC" + first + b"".join(blocks) + parts.audio("flac") + tail


def _ours(**how):
    return comments([b"MUSICPROV=" + parts.token("flac")], **how)


def flac():
    """FLAC files."""
    yield from generic("flac", _marks)
    for name, build, signed in _blocks():
        yield case(f"flac/block/{name}", "flac", build, "flac" if signed else None)
    for name, build, signed in _around():
        yield case(f"flac/around/{name}", "flac", build, "flac" if signed else None)


def _blocks():
    end = block(1, b"", last=True)
    for lie in parts.LIES:
        yield (
            f"vendor-length-{lie}",
            lambda n=lie: _made(block(4, parts.u32(n, "little") + _ours()[4:]), end),
            True,
        )
        yield f"comment-count-{lie}", lambda n=lie: _made(block(4, _ours(count=n)), end), True
        yield (
            f"comment-length-{lie}",
            lambda n=lie: _made(
                block(4, b"\1\0\0\0x\1\0\0\0" + parts.u32(n, "little") + b"MUSICPROV=eyJ"), end
            ),
            False,
        )
        yield f"block-length-{lie}", lambda n=lie: _made(block(4, _ours(), size=n), end), False
    empty = {"count": 2_000_000, "tail": bytes(4 * 2_000_000)}
    yield "2M-empty-comments", lambda: _made(block(4, comments([], **empty)), end), False
    yield "9000-comments", lambda: _made(block(4, comments([b"A=b"] * 9000)), end), False
    yield (
        "titles-9000",
        lambda: _made(
            block(
                4, comments([b"TITLE=" + b"t" * 400] * 9000 + [b"MUSICPROV=" + parts.token("flac")])
            ),
            end,
        ),
        True,
    )
    yield "no-equals", lambda: _made(block(4, comments([b"MUSICPROV"] * 10)), end), False
    yield "only-equals", lambda: _made(block(4, comments([b"="] * 10)), end), False
    yield (
        "name-hostile",
        lambda: _made(block(4, comments([b"\x1b[2J=x", b"TITLE=\x1b]0;evil\7"])), end),
        False,
    )
    yield (
        "name-not-ascii",
        lambda: _made(
            block(4, comments(["MUSICPROV\u0131=x".encode(), "ＭUSICPROV=y".encode()])), end
        ),
        False,
    )
    yield (
        "casefold-twin",
        lambda: _made(
            block(4, comments(["MU\u017fICPROV=x".encode(), b"MUSICPROV=" + parts.token("flac")])),
            end,
        ),
        True,
    )
    yield (
        "two-blocks",
        lambda: _made(block(4, _ours()), block(4, comments([b"MUSICPROV=eyJx.e.e"])), end),
        True,
    )
    yield "three-blocks-same", lambda: _made(*[block(4, _ours())] * 3, end), True
    yield (
        "two-names",
        lambda: _made(
            block(4, comments([b"MUSICPROV=" + parts.token("flac"), b"musicprov=x"])), end
        ),
        True,
    )
    yield (
        "value-2M",
        lambda: _made(block(4, comments([b"MUSICPROV=" + b"e" * 2_000_000])), end),
        False,
    )
    yield (
        "values-16-of-1M",
        lambda: _made(
            *[
                block(4, comments([b"MUSICPROV=eyJ" + bytes([65 + n]) * 300_000]))
                for n in range(15)
            ],
            end,
        ),
        False,
    )
    yield "12000-blocks", lambda: _made(block(2, b"") * 12_000, end), False
    yield "9900-blocks", lambda: _made(block(2, b"") * 9900, block(4, _ours()), end), True
    yield "1M-blocks", lambda: _made(block(1, b"") * 1_000_000, end), False
    yield "9900-comment-blocks", lambda: _made(block(4, comments([b"A=b"])) * 9900, end), False
    yield (
        "9900-padding-blocks",
        lambda: _made(block(4, _ours()), block(1, bytes(4)) * 9900, end),
        True,
    )
    yield "no-last-flag", lambda: _made(block(4, _ours())), True
    yield "last-flag-early", lambda: _made(block(4, _ours(), last=True), block(1, bytes(40))), False
    yield "block-127", lambda: _made(block(127, b"x"), block(4, _ours()), end), True
    yield "block-unknown", lambda: _made(block(99, b"x" * 100), block(4, _ours()), end), True
    yield "streaminfo-twice", lambda: _made(block(0, _info()), block(4, _ours()), end), True
    yield "streaminfo-short", lambda: _made(block(4, _ours()), end, info=b"x" * 8), True
    yield "streaminfo-zero", lambda: _made(block(4, _ours()), end, info=bytes(34)), False
    yield "streaminfo-ff", lambda: _made(block(4, _ours()), end, info=b"\xff" * 34), False
    yield (
        "rate-changed",
        lambda: _made(block(4, _ours()), end, info=_info()[:10] + b"\x17" + _info()[11:]),
        False,
    )
    yield (
        "samples-absurd",
        lambda: _made(
            block(4, _ours()),
            end,
            info=_info()[:13] + bytes((_info()[13] | 15,)) + b"\xff" * 4 + _info()[18:],
        ),
        True,
    )
    yield (
        "picture-length-4G",
        lambda: _made(block(6, bytes(4) + b"\xff" * 60), block(4, _ours()), end),
        True,
    )
    yield "picture-4M", lambda: _made(block(6, bytes(4_000_000)), block(4, _ours()), end), True
    yield "seektable-16M-stated", lambda: _made(block(3, b"", size=(1 << 24) - 1), end), False
    yield "cuesheet-lies", lambda: _made(block(5, b"\xff" * 400), block(4, _ours()), end), True
    yield (
        "comment-first",
        lambda: b"fLaC" + block(4, _ours()) + block(0, _info(), last=True) + parts.audio("flac"),
        True,
    )
    yield "no-frames", lambda: b"fLaC" + block(0, _info()) + block(4, _ours(), last=True), False
    yield (
        "frames-of-ff",
        lambda: (
            b"fLaC" + block(0, _info()) + block(4, _ours(), last=True) + b"\xff\xf8" * 2_000_000
        ),
        False,
    )
    yield "tail-in-comment", lambda: _made(block(4, _ours(tail=b"\1" * 1000)), end), True


def _around():
    end = block(1, b"", last=True)
    tag = id3(txxx(b"MUSICPROV", b"eyJx.eyJ.AA"))

    def body():
        return _made(block(4, _ours()), end)

    yield "id3-in-front", lambda: tag + body(), True
    yield "id3-in-front-same", lambda: id3(txxx(b"MUSICPROV", parts.token("flac"))) + body(), True
    yield "id3-only", lambda: id3(txxx(b"MUSICPROV", parts.token("flac"))) + _made(end), True
    yield "id3-behind-v1", lambda: body() + b"TAG" + bytes(125), True
    yield "ape-behind", lambda: body() + ape([(b"MUSICPROV", b"x")]), True
    yield "ape-behind-same", lambda: body() + ape([(b"MUSICPROV", parts.token("flac"))]), True
    yield "ape-and-id3", lambda: tag + body() + ape([(b"MUSICPROV", b"x")]), True
    yield "id3-size-lies", lambda: b"ID3\4\0\0" + parts.synchsafe(99) + body(), True
    yield "id3-16-times", lambda: id3(b"") * 16 + body(), True
    yield "id3-17-times", lambda: id3(b"") * 17 + body(), True
    yield "lyrics-behind", lambda: body() + b"LYRICSBEGIN000011LYRICS200", True
    yield "second-stream-behind", lambda: body() + parts.bare("flac"), True
    yield "riff-behind-id3", lambda: tag + b"RIFF" + body(), True
    yield "zeros-behind", lambda: body() + bytes(1_000_000), True
