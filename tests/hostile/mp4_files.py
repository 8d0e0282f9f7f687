"""Crafted MP4 files."""
# fmt: off - a line a case

from hostile import parts
from hostile.case import case, generic
from hostile.parts import box, u32

_DEEP = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"udta", b"meta", b"ilst", b"edts", b"dinf"}


def _walk(data, start=0, end=None, path=()):
    """(path, start, end) of every box of the known paths."""
    end = len(data) if end is None else end
    while start + 8 <= end:
        size, name = int.from_bytes(data[start : start + 4], "big"), data[start + 4 : start + 8]
        if size < 8 or start + size > end:
            return
        yield (*path, name), start, start + size
        if name in _DEEP:
            yield from _walk(
                data, start + (12 if name == b"meta" else 8), start + size, (*path, name)
            )
        start += size


def _marks(data):
    places = [0]
    for _, start, end in _walk(data):
        places += [start, start + 4, start + 8, start + 12, start + 16, end]
    return [p for p in places if p < len(data)]


def _rebuilt(data, edit, start=0, end=None):
    """The file with ``edit(name, body)`` applied to every box, sizes made right.

    Offsets to samples are kept right for files whose moov stands behind mdat.
    """
    end = len(data) if end is None else end
    out = []
    while start + 8 <= end:
        size, name = int.from_bytes(data[start : start + 4], "big"), data[start + 4 : start + 8]
        body = data[start + 8 : start + size]
        if name in _DEEP:
            skip = 4 if name == b"meta" else 0
            body = body[:skip] + _rebuilt(body, edit, skip)
        body = edit(name, body)
        if body is not None:
            out.append(box(name, body))
        start += size
    return b"".join(out)


def _with(name, change, kind="m4a"):
    def edit(found, body):
        return change(body) if found == name else body

    return _rebuilt(parts.signed(kind), edit)


def _freeform(value=None, name=b"MUSICPROV", mean=b"com.apple.iTunes"):
    value = parts.token("m4a") if value is None else value
    data = box(b"mean", bytes(4) + mean) + box(b"name", bytes(4) + name)
    return box(b"----", data + box(b"data", u32(1) + bytes(4) + value))


def _text(name, value):
    return box(name, box(b"data", u32(1) + bytes(4) + value))


def mp4():
    """MP4 files."""
    yield from generic("mp4", _marks)
    for name, build, signed in (*_tables(), *_trees(), *_lists()):
        yield case(f"mp4/{name}", "m4a", build, "m4a" if signed else None)


def _count(at, number):
    return lambda body: body[:at] + u32(number) + body[at + 4 :]


def _tables():
    places = {b"stsz": 8, b"stsc": 4, b"stco": 4, b"stts": 4, b"elst": 4, b"stsd": 4}
    for name, at in places.items():
        for lie in parts.LIES:
            yield (
                f"{name.decode()}-count-{lie}",
                lambda n=name, a=at, c=lie: _with(n, _count(a, c)),
                True,
            )
    for lie in parts.LIES:
        yield f"stsz-constant-{lie}", lambda c=lie: _with(b"stsz", _count(4, c)), lie == 0
        yield f"stsz-first-{lie}", lambda c=lie: _with(b"stsz", _count(12, c)), False
        yield f"stco-first-{lie}", lambda c=lie: _with(b"stco", _count(8, c)), False
        yield f"stsc-per-chunk-{lie}", lambda c=lie: _with(b"stsc", _count(12, c)), True
        yield f"stts-delta-{lie}", lambda c=lie: _with(b"stts", _count(12, c)), True
        yield f"mdhd-scale-{lie}", lambda c=lie: _with(b"mdhd", _count(12, c)), True
        yield f"mvhd-scale-{lie}", lambda c=lie: _with(b"mvhd", _count(12, c)), True
        yield f"elst-time-{lie}", lambda c=lie: _with(b"elst", _count(12, c)), True
    yield (
        "stsz-1M-zeros",
        lambda: _with(b"stsz", lambda _: bytes(8) + u32(1_000_000) + bytes(4_000_000)),
        False,
    )
    yield (
        "stsz-constant-20M",
        lambda: _with(b"stsz", lambda _: bytes(4) + u32(1) + u32(20_000_000)),
        False,
    )
    yield (
        "stsz-constant-1-of-file",
        lambda: (
            _with(b"stsz", lambda _: bytes(4) + u32(1) + u32(3_000_000))
            + box(b"mdat", bytes(4_000_000))
        ),
        False,
    )
    yield "stco-1M", lambda: _many_chunks(1_000_000), False
    yield "stco-1M-and-mdats", lambda: _many_chunks(600_000, mdats=9000), False
    yield "stco-1M-backwards", lambda: _many_chunks(600_000, step=-1), False
    yield (
        "stsc-300000",
        lambda: _with(
            b"stsc",
            lambda _: (
                bytes(4)
                + u32(300_000)
                + b"".join(u32(n + 1) + u32(1) + u32(1) for n in range(300_000))
            ),
        ),
        False,
    )
    yield (
        "stts-500000",
        lambda: _with(b"stts", lambda _: bytes(4) + u32(500_000) + u32(0xFFFFFFFF) * 1_000_000),
        True,
    )
    yield (
        "ctts-500000",
        lambda: _with(b"stts", lambda b: b + box(b"ctts", bytes(4) + u32(500_000))),
        True,
    )
    yield (
        "elst-300000",
        lambda: _with(b"elst", lambda _: bytes(4) + u32(300_000) + b"\xff" * 3_600_000),
        True,
    )
    yield (
        "elst-64",
        lambda: _with(b"elst", lambda _: b"\1" + bytes(3) + u32(1) + b"\xff" * 20),
        True,
    )
    yield (
        "esds-lies",
        lambda: _with(
            b"stsd", lambda b: b.replace(b"esds", b"esds\0\0\0\0\x03\xff\xff\xff\xff"[:4], 1)
        ),
        True,
    )
    yield (
        "esds-deep",
        lambda: _with(
            b"stsd", lambda b: b[:60] + b"\x03\x80\x80\x80\x22" * ((len(b) - 60) // 5) + b[60:60]
        ),
        False,
    )
    yield "stsd-short", lambda: _with(b"stsd", lambda b: b[:20]), False
    yield "stsd-twice", lambda: _with(b"stsd", lambda b: b[:4] + u32(2) + b[8:] * 2), True


def _many_chunks(count, mdats=0, step=1):
    """A table of ``count`` chunks of one empty or one-byte sample each."""
    data = parts.signed("m4a")
    start = data.index(b"mdat") + 4
    offsets = b"".join(u32(start + (n * 2 * step) % 8000) for n in range(count))
    new = {
        b"stsz": bytes(8) + u32(count) + bytes(4 * count)
        if count <= 600_000
        else bytes(4) + u32(1) + u32(count),
        b"stco": bytes(4) + u32(count) + offsets,
        b"stsc": bytes(4) + u32(1) + u32(1) + u32(1) + u32(1),
    }
    return _rebuilt(data, new.get) + box(b"mdat") * mdats


def _trees():
    nested = b""
    for _ in range(20_000):
        nested = box(b"moov", nested)
    yield "moov-nested-20000", lambda: box(b"ftyp", b"M4A " + bytes(4)) + nested, False
    yield "udta-nested", lambda: _with(b"udta", lambda b: b + nested), True
    yield "meta-nested", lambda: _with(b"ilst", lambda b: b + _chain(b"meta", b"ilst")), True
    yield "600000-top-boxes", lambda: parts.signed("m4a") + box(b"free") * 600_000, True
    yield "9000-top-boxes", lambda: parts.signed("m4a") + box(b"free") * 9000, True
    yield "9000-mdats", lambda: parts.signed("m4a") + box(b"mdat") * 9000, True
    yield (
        "9000-traks",
        lambda: _with(b"udta", lambda b: b, "m4a") + box(b"moov", box(b"trak") * 9000),
        True,
    )
    yield (
        "60-traks-of-9000",
        lambda: _with(b"mvhd", lambda b: b) + box(b"moov", box(b"trak", box(b"mdia") * 9000) * 60),
        True,
    )
    yield (
        "60-udtas-of-9000",
        lambda: _rebuilt(
            parts.signed("m4a"),
            lambda n, b: b + box(b"udta", box(b"free") * 9000) * 60 if n == b"moov" else b,
        ),
        True,
    )
    yield (
        "9000-metas",
        lambda: _with(b"udta", lambda b: b + box(b"meta", bytes(4) + box(b"ilst")) * 9000),
        True,
    )
    yield "two-moovs", lambda: parts.signed("m4a") + parts.signed("m4a")[_moov("m4a") :], True
    yield (
        "moov-hidden-in-free",
        lambda: parts.signed("m4a") + box(b"free", parts.signed("m4a")),
        True,
    )
    yield (
        "mvex",
        lambda: _rebuilt(parts.signed("m4a"), lambda n, b: b + box(b"mvex") if n == b"moov" else b),
        True,
    )
    yield "moof", lambda: parts.signed("m4a") + box(b"moof"), True
    yield "iloc", lambda: parts.signed("m4a") + box(b"iloc", bytes(20)), True
    yield (
        "no-ftyp",
        lambda: parts.signed("m4a")[int.from_bytes(parts.signed("m4a")[:4], "big") :],
        False,
    )
    yield "ftyp-late", lambda: box(b"free") + parts.signed("m4a"), False
    yield (
        "no-moov",
        lambda: _rebuilt(parts.signed("m4a"), lambda n, b: None if n == b"moov" else b),
        False,
    )
    yield (
        "no-mdat",
        lambda: _rebuilt(parts.signed("m4a"), lambda n, b: None if n == b"mdat" else b),
        False,
    )
    yield (
        "no-trak",
        lambda: _rebuilt(parts.signed("m4a"), lambda n, b: None if n == b"trak" else b),
        False,
    )
    for name in (
        b"stbl",
        b"stsz",
        b"stco",
        b"stsc",
        b"stts",
        b"stsd",
        b"hdlr",
        b"mdhd",
        b"mvhd",
        b"meta",
        b"elst",
    ):
        yield (
            f"no-{name.decode()}",
            lambda n=name: _rebuilt(parts.signed("m4a"), lambda f, b: None if f == n else b),
            True,
        )
        yield f"empty-{name.decode()}", lambda n=name: _with(n, lambda _: b""), True
    yield (
        "trak-twice",
        lambda: _rebuilt(
            parts.signed("m4a"), lambda n, b: b + _found(b, b"trak") if n == b"moov" else b
        ),
        True,
    )
    yield (
        "long-size",
        lambda: parts.signed("m4a") + u32(1) + b"free" + (16).to_bytes(8, "big"),
        True,
    )
    yield (
        "long-size-2-63",
        lambda: parts.signed("m4a") + u32(1) + b"free" + (1 << 63).to_bytes(8, "big"),
        False,
    )
    yield "long-size-zero", lambda: parts.signed("m4a") + u32(1) + b"free" + bytes(8), False
    yield "size-zero-last", lambda: parts.signed("m4a") + u32(0) + b"free" + bytes(100), True
    yield "size-zero-inside", lambda: _with(b"udta", lambda b: u32(0) + b"free" + b), False
    yield "box-name-hostile", lambda: parts.signed("m4a") + box(b"\x1b[2J", b"x"), True
    yield "uuid-4M", lambda: parts.signed("m4a") + box(b"uuid", bytes(4_000_000)), True


def _chain(*names):
    data = b""
    for n in range(10_000):
        data = box(names[n % len(names)], bytes(4) + data)
    return data


def _moov(kind):
    return next(start for path, start, _ in _walk(parts.signed(kind)) if path == (b"moov",))


def _found(body, name):
    return next(body[a:b] for path, a, b in _walk(body) if path == (name,))


def _lists():
    def ilst(more):
        return lambda: _with(b"ilst", lambda b: b + more())

    yield "two-carriers", ilst(lambda: _freeform(b"eyJx.x.x")), True
    yield "three-carriers-same", ilst(lambda: _freeform() * 2), True
    yield "other-case", ilst(lambda: _freeform(b"x", b"musicprov")), True
    yield "other-mean", ilst(lambda: _freeform(mean=b"org.evil")), True
    yield (
        "two-data",
        ilst(lambda: box(b"----", _freeform()[8:] + box(b"data", bytes(8) + b"x"))),
        True,
    )
    yield (
        "40-data",
        ilst(lambda: box(b"----", _freeform()[8:] + box(b"data", bytes(8) + b"x") * 40)),
        True,
    )
    yield "no-name", ilst(lambda: box(b"----", box(b"data", bytes(8) + b"x"))), True
    yield "no-data", ilst(lambda: box(b"----", box(b"name", bytes(4) + b"MUSICPROV"))), True
    yield (
        "data-short",
        ilst(lambda: box(b"----", box(b"name", bytes(4) + b"MUSICPROV") + box(b"data", b"x"))),
        True,
    )
    yield (
        "name-twice",
        ilst(
            lambda: box(
                b"----",
                box(b"name", bytes(4) + b"other")
                + box(b"name", bytes(4) + b"MUSICPROV")
                + box(b"data", bytes(8) + b"x"),
            )
        ),
        True,
    )
    yield "value-2M", ilst(lambda: _freeform(b"e" * 2_000_000)), True
    yield "9000-items", ilst(lambda: _text(b"free", b"") * 9000), True
    yield "100000-items", ilst(lambda: _text(b"abcd", b"") * 100_000), False
    yield "9000-carriers", ilst(lambda: _freeform(b"eyJ") * 9000), True
    yield "9000-titles", ilst(lambda: _text(b"\xa9nam", b"t" * 400) * 9000), True
    yield "title-hostile", ilst(lambda: _text(b"\xa9nam", b"\x1b]0;x\7\xe2\x80\xae")), True
    yield "cover-4M", ilst(lambda: _text(b"covr", bytes(4_000_000))), True
    yield (
        "second-ilst",
        lambda: _with(
            b"udta", lambda b: b + box(b"meta", bytes(4) + box(b"ilst", _freeform(b"x")))
        ),
        True,
    )
    yield (
        "ilst-in-trak",
        lambda: _rebuilt(
            parts.signed("m4a"),
            lambda n, b: (
                b + box(b"udta", box(b"meta", bytes(4) + box(b"ilst", _freeform(b"x"))))
                if n == b"trak"
                else b
            ),
        ),
        True,
    )
    yield (
        "ilst-in-moov-meta",
        lambda: _rebuilt(
            parts.signed("m4a"),
            lambda n, b: (
                b + box(b"meta", bytes(4) + box(b"ilst", _freeform(b"x"))) if n == b"moov" else b
            ),
        ),
        True,
    )
