"""What stands in an audio file beside our tags, read by plain walking and by nothing of ours.

``foreign(path)`` gives a list of (place, bytes) that must be the same before and after signing:
every frame, chunk, metadata block, comment, atom and page, in order, without our two tags, and
without what a writer may change: sizes around a change, padding, offsets, page numbers and
checksums. Audio is given as a digest.
"""

import hashlib
import struct

OURS = ("musicprov", "ai_disclosure")


def foreign(path):
    """(place, bytes) of everything that is not ours, in file order."""
    data = path.read_bytes()
    head = data[:4]
    if head in {b"RIFF", b"RF64"}:
        return list(_chunks(data, "<"))
    if head == b"FORM":
        return list(_chunks(data, ">"))
    if head == b"OggS":
        return list(_ogg(data))
    if data[4:8] == b"ftyp":
        return list(_boxes(data, 0, len(data), ""))
    return list(_stream(data))


def _digest(data):
    return hashlib.sha256(data).digest()


def _stream(data):
    """MP3 or FLAC, with ID3v2 tags in front."""
    at = 0
    while data[at : at + 3] == b"ID3":
        length = 10 + _synchsafe(data[at + 6 : at + 10])
        yield from _id3(data[at : at + length])
        at += length
    if data[at : at + 4] == b"fLaC":
        last, at = False, at + 4
        while not last:
            last, kind = bool(data[at] & 0x80), data[at] & 0x7F
            length = int.from_bytes(data[at + 1 : at + 4], "big")
            body = data[at + 4 : at + 4 + length]
            if kind == 4:
                yield from _comments(body, "flac")
            elif kind != 1:
                yield f"block {kind}", body
            at += 4 + length
    yield "audio and what follows", _digest(data[at:])


def _synchsafe(four):
    return four[0] << 21 | four[1] << 14 | four[2] << 7 | four[3]


def _id3(tag):
    """Version, flags and each frame with its header; a tag with nothing of others gives nothing."""
    version, frames = tag[3], []
    at = 10
    while at + 10 <= len(tag) and tag[at]:
        size = tag[at + 4 : at + 8]
        length = 10 + (_synchsafe(size) if version == 4 else int.from_bytes(size, "big"))
        frames.append(tag[at : at + length])
        at += length
    if any(tag[at:]):
        raise AssertionError("not only padding behind the last frame")
    others = [f for f in frames if not (f[:4] == b"TXXX" and _name(f[10:]) in OURS)]
    if others:
        yield "ID3 version and flags", tag[3:6]
        yield from (("ID3 frame", f) for f in others)


def _name(body):
    """The description of a user text frame."""
    if body[0] in {1, 2}:
        text = body[1:].decode("utf-16" if body[0] == 1 else "utf-16-be", "replace")
    else:
        text = body[1:].decode("latin-1")
    return text.split("\0")[0].lower()


def _chunks(data, order):
    yield "form", data[:4] + data[8:12]
    at = 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], struct.unpack_from(order + "I", data, at + 4)[0]
        if name == b"data" and size == 0xFFFFFFFF:
            size = struct.unpack_from("<Q", data, 28)[0]
        body = data[at + 8 : at + 8 + size]
        if name in {b"id3 ", b"ID3 "}:
            yield from _id3(body)
        elif name == b"ds64":
            yield "ds64 but for the RIFF size", body[8:]
        else:
            yield name.decode(), body if size < 100_000 else _digest(body)
        at += 8 + size + size % 2


def _boxes(data, at, end, path):
    while at < end:
        size, name = struct.unpack_from(">I4s", data, at)
        place = f"{path}/{name.decode('latin-1')}"
        body = at + 8
        if place in {"/moov/udta/meta", "/moov/meta"}:
            inner = list(_boxes(data, body + 4, at + size, place))
            if [where for where, _ in inner] not in ([], [f"{place}/hdlr"]):
                yield place, data[body : body + 4]
                yield from inner
        elif name in {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"udta", b"ilst"}:
            yield from _boxes(data, body, at + size, place)
        elif name in {b"stco", b"co64"}:
            yield f"{place}, number of offsets", data[body : body + 8]
        elif name == b"mdat":
            yield place, _digest(data[body : at + size])
        elif name == b"----":
            atom = data[at : at + size]
            if _atom_name(atom) not in OURS:
                yield place, atom
        elif name not in {b"free", b"skip"}:
            yield place, data[at : at + size]
        at += size


def _atom_name(atom):
    at = atom.index(b"name") - 4
    size = int.from_bytes(atom[at : at + 4], "big")
    return atom[at + 12 : at + size].decode("utf-8", "replace").lower()


def _comments(block, kind):
    """Vendor string, each comment and what follows them."""
    at = 4 + struct.unpack_from("<I", block)[0]
    yield f"{kind} vendor", block[:at]
    count = struct.unpack_from("<I", block, at)[0]
    at += 4
    for _ in range(count):
        length = struct.unpack_from("<I", block, at)[0]
        comment = block[at + 4 : at + 4 + length]
        if comment.split(b"=")[0].decode("latin-1").lower() not in OURS:
            yield f"{kind} comment", comment
        at += 4 + length
    yield f"{kind} behind the comments", block[at:]


_COMMENTS = {b"\x03vorbis": 7, b"OpusTags": 8}


def _ogg(data):
    """Header packets, and each page of audio but for its number and checksum."""
    at, packets, part = 0, [], b""
    headers = None
    while data[at : at + 4] == b"OggS":
        segments = data[at + 26]
        lacing = data[at + 27 : at + 27 + segments]
        body = at + 27 + segments
        end = body + sum(lacing)
        if headers is not None and len(packets) >= headers:
            head = data[at : at + 18] + data[at + 26 : body]
            yield "page", head + _digest(data[body:end])
        else:
            for length in lacing:
                part += data[body : body + length]
                body += length
                if length < 255:
                    packets.append(part)
                    part = b""
            headers = headers or _header_count(packets[0])
            if len(packets) >= headers:
                yield from _ogg_headers(packets)
                yield "audio that begins on the page of the headers", part
        at = end
    yield "behind the pages", data[at:]


def _header_count(first):
    if first[:5] == b"\x7fFLAC":
        return 1 + int.from_bytes(first[7:9], "big")
    return 3 if first[:7] == b"\x01vorbis" else 2


def _ogg_headers(packets):
    for packet in packets:
        start = next((n for magic, n in _COMMENTS.items() if packet.startswith(magic)), None)
        if packets[0][:5] == b"\x7fFLAC" and packet[0] & 0x7F == 4:
            start = 4
        if start is None:
            yield "header packet", packet
        else:
            yield from _comments(packet[start:], "ogg")


def is_chained(path):
    """Whether an Ogg stream goes on behind its end, or another one begins there."""
    data, at, ended = path.read_bytes(), 0, False
    while data[at : at + 4] == b"OggS":
        if ended:
            return True
        ended = bool(data[at + 5] & 4)
        at += 27 + data[at + 26] + sum(data[at + 27 : at + 27 + data[at + 26]])
    return False
