"""Files under 5 MB that are made to be slow: no command may take more than 2 s over one (spec 6.8).

Each is the worst that we know for one loop of a scanner. CPU of a scan and its essence, the least
of three; memory of the parent is watched by ``memory.py`` and by ``tests/hostile``.
"""

import io
import sys
from array import array

import material
from cpu import cpu_ms
from provenance.bindings.essence import essence_digest
from provenance.containers import identify, load
from provenance.model.limits import DEFAULT_LIMITS

HELD_TO_MS = 2000
BYTES = 4_990_000
ROUNDS = 3


def cases():
    """Name and bytes."""
    small = bytes([0xFF, 0xF3, 0x14, 0xC4]) + bytes(20)
    yield "mp3: the smallest frames", _full(small)
    yield "mp3: one byte of junk after every two frames", _full(small * 2 + b"\x00")
    yield "mp3: headers that no frame follows", small * 2 + _full(b"\xff\xf3\x16") + small * 2
    yield "mp3: sync words everywhere", small * 2 + _full(b"\xff\xf3")
    yield "mp3: nothing but 0xFF", small * 2 + _full(b"\xff")
    yield "mp3: headers behind the last frame", small * 2 + bytes(500) + _full(b"\xff\xf2\x14\xc4")
    yield "mp3: a tag of tiny frames", _id3(_full(b"TXXX\0\0\0\x02\0\0\0a")) + small * 2
    yield "mp3: a tag of 0xFF, unsynchronised", _id3(_full(b"\xff\x00"), flags=0x80) + small * 2
    yield "wav: tiny chunks", _riff(_full(b"abcd\0\0\0\0"))
    yield "wav: one-byte chunks", _riff(_full(b"abcd\x01\0\0\0\0\0"))
    yield "mp4: one sample a chunk, 9,000 boxes of data", _mp4(600_000, boxes=9000, step=1)
    yield "mp4: one sample a chunk, a gap after each", _mp4(600_000, boxes=1, step=2)
    yield "flac: tiny blocks", _flac(_full(b"\x02\0\0\0"))
    yield "flac: sync codes everywhere", _flac(b"", _full(b"\xff\xf8"))


def _full(piece):
    return piece * (BYTES // len(piece))


def _id3(body, flags=0):
    size = len(body)
    packed = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00" + bytes([flags]) + packed + body


def _riff(chunks):
    plain = material.plain("wav", 1).read_bytes()
    body = plain[8:] + chunks
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _flac(blocks, audio=b""):
    plain = material.plain("flac", 1).read_bytes()
    info = b"\0" + plain[5:42]
    return b"fLaC" + info + blocks + b"\x81\0\0\0" + (audio or b"\xff\xf8" + bytes(100))


def _mp4(chunks, boxes, step):
    """One sample of one byte a chunk, all in the last box of data."""

    def box(name, *parts):
        body = b"".join(parts)
        return (8 + len(body)).to_bytes(4, "big") + name + body

    def made(first):
        offsets = array("I", range(first, first + step * chunks, step))
        if sys.byteorder == "little":
            offsets.byteswap()
        one = (1).to_bytes(4, "big")
        table = box(
            b"stbl",
            described,
            box(b"stts", bytes(4), one, chunks.to_bytes(4, "big"), one),
            box(b"stsz", bytes(4), one, chunks.to_bytes(4, "big")),
            box(b"stsc", bytes(4), one, one, one, one),
            box(b"stco", bytes(4), chunks.to_bytes(4, "big"), offsets.tobytes()),
        )
        media = box(b"mdia", media_header, handler, box(b"minf", table))
        start = box(b"ftyp", b"M4A \0\0\0\0") + box(b"moov", box(b"trak", media))
        return start + box(b"mdat") * (boxes - 1) + box(b"mdat", bytes(step * chunks))

    plain = material.plain("aac", 1).read_bytes()
    described, media_header, handler = (
        _box_of(plain, name) for name in (b"stsd", b"mdhd", b"hdlr")
    )
    return made(len(made(0)) - step * chunks)


def _box_of(data, name):
    at = data.index(name) - 4
    return data[at : at + int.from_bytes(data[at : at + 4], "big")]


def _look(data):
    stream = io.BytesIO(data)
    name = identify(stream)
    if name is None:
        return
    scan = load(name).scan(stream, DEFAULT_LIMITS, True)
    if scan.essence is not None:
        essence_digest(stream, scan.essence)


def run():
    """Print the table."""
    print(f"files of 5 MB made to be slow, CPU ms of a scan (held to {HELD_TO_MS})")
    for name, data in cases():
        least = min(cpu_ms(_look, data) for _ in range(ROUNDS))
        print(f"  {least:8.1f}  {name}", flush=True)


if __name__ == "__main__":
    run()
