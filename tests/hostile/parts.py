"""Pieces that crafted files are made of: samples, signed samples, and the blocks of each format.

Nothing of the program's own readers is used to build a file, or to say where its audio is.
"""

import functools
import struct
import tempfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

from provenance.issuing.sign import Wishes, draft, issue
from provenance.signing import envelope
from provenance.signing.keys import generate
from provenance.signing.signer import FileSigner
from provenance.trust.identity import Keyring
from provenance.verify.outcome import Context

from support import samples

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DECLARATION = {"contributions": [{"asset": "recording", "area": "lyrics", "level": "full"}]}
KINDS = {
    "mp3": ("mp3",),
    "flac": ("flac",),
    "wav": ("wav",),
    "aiff": ("aiff",),
    "mp4": ("m4a", "fast.m4a", "alac.m4a"),
    "ogg": ("ogg", "opus", "oga"),
}
LIES = (0, 1, 7, 0x7F, 0xFF, 0xFFFF, 1 << 24, (1 << 31) - 1, 1 << 31, (1 << 32) - 2, (1 << 32) - 1)
"""Sizes that are seldom true."""


@functools.cache
def signer():
    """One key a run; it is the keyring's own, so that PASSED can be reached."""
    return FileSigner(generate("ES256"))


@functools.cache
def context():
    """Who asks: the own key is known, and no decoder runs."""
    return Context(now=NOW, keyring=Keyring({signer().public.thumbprint: None}, {}), decode="never")


@functools.cache
def bare(kind):
    """A sample of one second, without any statement."""
    return samples.made(kind, 1).read_bytes()


@functools.cache
def signed(kind):
    """The same, signed with our key."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"song.{kind}"
        path.write_bytes(bare(kind))
        wishes = Wishes(tiers=frozenset({"essence"}))
        made = draft([path], DECLARATION, signer().public.thumbprint, context(), wishes)
        issue(made, signer(), context(), wishes)
        return path.read_bytes()


@functools.cache
def token(kind):
    """The statement of the signed sample, as a compact token."""
    data = b"".join(pages_body(signed(kind))) if kind in KINDS["ogg"] else signed(kind)
    start = data.index(b"eyJ")
    end = start
    while data[end : end + 1].isalnum() or data[end : end + 1] in (b"-", b"_", b"."):
        end += 1
    return data[start:end]


def sign_payload(payload):
    """A token of our key over any payload bytes."""
    return envelope.write(
        payload,
        signer(),
        typ=envelope.DISCLOSURE_TYP,
        cty=envelope.DISCLOSURE_CTY,
        issued_at=NOW,
    ).encode()


def audio(kind):
    """The coded audio of the sample, found by its own simple means."""
    data = bare(kind)
    if kind in KINDS["ogg"]:
        return b"".join(pages_body(data)[2:])
    if kind == "flac":
        at = 4
        while not data[at] & 0x80:
            at += 4 + int.from_bytes(data[at + 1 : at + 4], "big")
        return data[at + 4 + int.from_bytes(data[at + 1 : at + 4], "big") :]
    if kind == "mp3":
        tag = 10 + sum(b << s for b, s in zip(data[6:10], (21, 14, 7, 0), strict=True))
        return data[tag + 1000 :]
    if kind == "wav":
        at = data.index(b"data")
        return data[at + 8 : at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")]
    if kind == "aiff":
        at = data.index(b"SSND")
        return data[at + 16 : at + 8 + int.from_bytes(data[at + 4 : at + 8], "big")]
    at = data.index(b"mdat")
    return data[at + 4 : at + int.from_bytes(data[at - 4 : at], "big") - 4]


def holds_audio(data, kind):
    """Whether a file still has the sample's coded audio in one piece."""
    if kind in KINDS["ogg"]:
        return audio(kind) in b"".join(pages_body(data))
    return audio(kind) in data


def u32(number, order="big"):
    """A number as four bytes, cut to them."""
    return (number & 0xFFFFFFFF).to_bytes(4, order)


def synchsafe(number, count=4):
    """Seven bits a byte."""
    return bytes(number >> 7 * n & 0x7F for n in reversed(range(count)))


def id3(frames, version=4, flags=0, padding=0, size=None):
    """An ID3v2 tag; ``size`` may lie."""
    body = frames + bytes(padding)
    stated = len(body) if size is None else size
    return b"ID3" + bytes((version, 0, flags)) + synchsafe(stated) + body


def frame(name, body, version=4, flags=0, size=None):
    """One ID3v2 frame; ``size`` may lie."""
    stated = len(body) if size is None else size
    if version == 2:
        return name[:3] + (stated & 0xFFFFFF).to_bytes(3, "big") + body
    field = synchsafe(stated) if version == 4 else u32(stated)
    return name + field + flags.to_bytes(2, "big") + body


def txxx(name, value, version=4, flags=0):
    """A user text frame in UTF-8 (2.4) or Latin-1."""
    body = bytes((3 if version == 4 else 0,)) + name + b"\0" + value
    return frame(b"TXX" if version == 2 else b"TXXX", body, version, flags)


def ape(items, *, header=True, size=None, count=None, footer=True):
    """An APEv2 tag of (key, value) pairs; ``size`` and ``count`` may lie."""
    body = b"".join(u32(len(v), "little") + bytes(4) + k + b"\0" + v for k, v in items)
    number = u32(len(items) if count is None else count, "little")
    stated = u32(len(body) + 32 if size is None else size, "little")
    head = b"APETAGEX" + u32(2000, "little") + stated + number
    flags = 0x80000000 if header else 0
    first = head + u32(flags | 0x20000000, "little") + bytes(8) if header else b""
    last = head + u32(flags, "little") + bytes(8) if footer else b""
    return first + body + last


def comments(values, *, vendor=b"x", count=None, tail=b""):
    """A Vorbis comment block; ``count`` may lie."""
    head = u32(len(vendor), "little") + vendor
    head += u32(len(values) if count is None else count, "little")
    return head + b"".join(u32(len(v), "little") + v for v in values) + tail


def block(kind, body, *, last=False, size=None):
    """A FLAC metadata block."""
    stated = len(body) if size is None else size
    return bytes((kind | (0x80 if last else 0),)) + (stated & 0xFFFFFF).to_bytes(3, "big") + body


def chunk(name, body, order="little", size=None):
    """A RIFF (little) or IFF (big) chunk with its pad byte."""
    stated = len(body) if size is None else size
    return name + u32(stated, order) + body + bytes(len(body) % 2)


def box(name, body=b"", size=None):
    """An MP4 box; ``size`` may lie."""
    return u32(len(body) + 8 if size is None else size) + name + body


def page(body, serial=7, sequence=0, flags=0, granule=0, lacing=None):
    """An Ogg page with a right checksum."""
    if lacing is None:
        full, left = divmod(len(body), 255)
        lacing = bytes([255] * full + [left])
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, granule, serial, sequence, 0, len(lacing))
    data = head + lacing + body
    return data[:22] + crc(data) + data[26:]


_REVERSED = bytes(int(f"{n:08b}"[::-1], 2) for n in range(256))


def crc(data):
    """The checksum of an Ogg page whose field is zero."""
    found = zlib.crc32(data.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return found.to_bytes(4, "big").translate(_REVERSED)


def pages(data):
    """The pages of an Ogg file as (start, end), as far as they hang together."""
    at = 0
    while data[at : at + 4] == b"OggS" and len(data) > at + 27:
        count = data[at + 26]
        end = at + 27 + count + sum(data[at + 27 : at + 27 + count])
        yield at, min(end, len(data))
        at = end


def pages_body(data):
    """The bodies of the pages."""
    return [data[a + 27 + data[a + 26] : b] for a, b in pages(data)]


def recrc(data):
    """The same pages with their checksums made right."""
    out = []
    for start, end in pages(data):
        one = data[start:end]
        blank = one[:22] + bytes(4) + one[26:]
        out.append(blank[:22] + crc(blank) + blank[26:])
    return b"".join(out) + data[sum(map(len, out)) :]
