#!/usr/bin/env python3
"""Build the FLAC vectors by hand from spec/containers/flac.md."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from building import carrier, case, essence, id3, main, noise

FRAMES = b"\xff\xf8\xc9\x08" + noise(1, 240) + b"\xff\xf8\xc9\x09" + noise(2, 180)
SIZES = struct.pack(">HH", 4096, 4096) + bytes(6)
"""Blocks of 4096 samples, frames of unknown size."""
PARAMS = struct.pack(">IBB", 44100, 2, 16) + SIZES
MADE = essence("flac", PARAMS, FRAMES)


def streaminfo(total: int = 8192, bits: int = 16, sizes: bytes = SIZES) -> bytes:
    packed = (44100 << 44) | (1 << 41) | ((bits - 1) << 36) | total
    return sizes + packed.to_bytes(8, "big") + bytes(16)


def comments(*values: str, vendor: bytes = b"vendor") -> bytes:
    out = struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(values))
    for value in values:
        text = value.encode()
        out += struct.pack("<I", len(text)) + text
    return out


def blocks(*parts: tuple[int, bytes]) -> bytes:
    out = b""
    for n, (kind, body) in enumerate(parts):
        last = 0x80 if n == len(parts) - 1 else 0
        out += bytes((kind | last,)) + len(body).to_bytes(3, "big") + body
    return out


def flac(*parts: tuple[int, bytes], frames: bytes = FRAMES) -> bytes:
    return b"fLaC" + blocks((0, streaminfo()), *parts) + frames


def checked(header: bytes) -> bytes:
    """A frame header with its CRC-8, polynomial 07."""
    crc = 0
    for byte in header:
        crc ^= byte
        for _ in range(8):
            crc = crc << 1 & 0xFF ^ (7 if crc & 0x80 else 0)
    return header + bytes((crc,))


def ape(value: bytes) -> bytes:
    item = struct.pack("<II", len(value), 2) + b"Cover Art (Front)\0" + value
    return item + b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, 0) + bytes(8)


HEADER = checked(b"\xff\xf8\xc9\x18\x00")
W0 = "flac:VORBIS_COMMENT[0]"
MASK = "WAVEFORMATEXTENSIBLE_CHANNEL_MASK="
SHOWN = {"startTrim": 0, "endTrim": 0, "duration": 8192}
UNUSUAL = {"unusual": True}
PLAIN = flac((4, comments("TITLE=Song")))
TAG1 = b"TAG" + b"Song".ljust(124, b"\0") + b"\x0c"
LYING = comments("TITLE=Song", "MUSICPROV=A")
LYING = LYING[:-15] + struct.pack("<I", 4_000_000_000) + LYING[-11:]

CASES = {
    "plain": case("FLC-001 FLC-020", "An untouched file: no carrier.", PLAIN, made=MADE),
    "mask-of-stereo": case("BND-017", "Comments with a mask for left and right, in two spellings.", flac((4, comments(MASK + "0x0003", MASK.lower() + "3"))), made=MADE, shown=SHOWN),
    "mask-of-middle-and-bass": case("BND-017", "Two channels for the middle and for the bass.", flac((4, comments(MASK + "0xC"))), made=MADE, shown=SHOWN | UNUSUAL, danger="The second channel is silent under an intact essence, without a remark."),
    "second-mask": case("BND-017", "A second mask, in a second block of comments.", flac((4, comments(MASK + "0x3")), (4, comments(MASK + "0xC"))), made=MADE, shown=SHOWN | UNUSUAL),
    "mask-is-no-number": case("BND-017", "A mask that is a number only up to its comma.", flac((4, comments(MASK + "0xC, stereo"))), made=MADE, shown=SHOWN | UNUSUAL),
    "one-carrier": case("FLC-001 FLC-010", "Our comment behind a title.", flac((4, comments("TITLE=Song", "MUSICPROV=A"))), made=MADE, carriers=[carrier(f"{W0}[1]", "A")]),
    "summary": case("FLC-010", "Both of our comments.", flac((4, comments("MUSICPROV=A", "AI_DISCLOSURE=lyrics=full"))), made=MADE, carriers=[carrier(f"{W0}[0]", "A"), carrier(f"{W0}[1]", "lyrics=full", "AI_DISCLOSURE")]),
    "other-case": case("FLC-010 FLC-011", "Names differ in case: all are ours.", flac((4, comments("musicprov=A", "MusicProv=B"))), made=MADE, carriers=[carrier(f"{W0}[0]", "A"), carrier(f"{W0}[1]", "B")], danger="A second declaration hidden by its spelling."),
    "twice": case("FLC-011", "The same comment twice.", flac((4, comments("MUSICPROV=A", "MUSICPROV=A"))), made=MADE, carriers=[carrier(f"{W0}[0]", "A"), carrier(f"{W0}[1]", "A")]),
    "longer-name": case("FLC-010", "A name that only begins like ours is foreign.", flac((4, comments("MUSICPROVX=A", "XMUSICPROV=A"))), made=MADE),
    "two-comment-blocks": case("FLC-001 FLC-011", "Two comment blocks with different declarations: readers disagree which counts.", flac((4, comments("MUSICPROV=A")), (4, comments("MUSICPROV=B"))), made=MADE, carriers=[carrier(f"{W0}[0]", "A"), carrier("flac:VORBIS_COMMENT[1][0]", "B")], danger="Two readers, two manifests."),
    "equals-in-value": case("FLC-010", "The value may hold equals signs.", flac((4, comments("MUSICPROV=a=b=c"))), made=MADE, carriers=[carrier(f"{W0}[0]", "a=b=c")]),
    "comment-length-lies": case("FLC-012", "A comment's length passes the block.", flac((4, LYING)), made=MADE, notes=["carrier.malformed"]),
    "other-blocks": case("FLC-001", "Picture, application, seek table and padding are passed over.", flac((6, noise(3, 500)), (2, b"test" + bytes(9)), (3, bytes(18)), (4, comments("MUSICPROV=A")), (1, bytes(64))), made=MADE, carriers=[carrier(f"{W0}[0]", "A")]),
    "id3-in-front": case("FLC-013 CAR-010", "A foreign ID3 tag in front holds a rival.", id3([("MUSICPROV", "B")]) + flac((4, comments("MUSICPROV=A"))), made=MADE, carriers=[carrier("flac:ID3v2[0]/TXXX[0]", "B"), carrier(f"{W0}[0]", "A")], danger="Players that read ID3 first would see another declaration."),
    "id3v1-behind": case("FLC-020", "An ID3v1 tag behind the audio is not audio.", PLAIN + TAG1, made=MADE),
    "frame-in-ape-tag": case("FLC-006", "A frame header like those of the audio in the place of a picture.", PLAIN + ape(HEADER + noise(5, 40)), refusal="flac.frames-in-tag", danger="Players that take no notice of the tag play what is hidden there."),
    "frames-of-rate-and-size-of-streaminfo-in-tag": case("FLC-006", "The header leaves rate and sample size to STREAMINFO.", PLAIN + ape(checked(b"\xff\xf8\xc0\x10\x00")), refusal="flac.frames-in-tag"),
    "other-frames-in-tag": case("FLC-006", "Two headers of another sampling rate and of other channels.", PLAIN + ape(checked(b"\xff\xf8\xca\x18\x00") + noise(5, 40) + checked(b"\xff\xf9\xc9\x08\x00")), refusal="flac.frames-in-tag"),
    "less-than-frames-in-tag": case("FLC-006", "One header of another sampling rate, one of 24 bits, and one whose checksum is wrong.", PLAIN + ape(checked(b"\xff\xf8\xca\x18\x00") + checked(b"\xff\xf8\xc9\x1c\x00") + HEADER[:-1] + b"\x00"), made=MADE),
    "garbage-behind": case("FLC-021", "Bytes that are no tag are hashed.", PLAIN + b"garbage", made=essence("flac", PARAMS, FRAMES + b"garbage"), danger="Smuggled bytes under an intact essence."),
    "total-unknown": case("FLC-020", "A streamed file whose total is 0 has the same essence.", b"fLaC" + blocks((0, streaminfo(total=0)), (4, comments())) + FRAMES, made=MADE),
    "other-bits": case("FLC-020", "Another sample size in STREAMINFO is another essence.", b"fLaC" + blocks((0, streaminfo(bits=24)), (4, comments())) + FRAMES, made=essence("flac", struct.pack(">IBB", 44100, 2, 24) + SIZES, FRAMES)),
    "other-block-sizes": case("FLC-020", "Blocks of 8192 samples in STREAMINFO: the same frames are other sound to some.", b"fLaC" + blocks((0, streaminfo(sizes=struct.pack(">HH", 8192, 8192) + bytes(6))), (4, comments())) + FRAMES, made=essence("flac", PARAMS[:6] + struct.pack(">HH", 8192, 8192) + bytes(6), FRAMES), danger="Silence between the frames under an intact essence."),
    "other-frame-sizes": case("FLC-020", "Frames of at most one byte in STREAMINFO: some find no other frames.", b"fLaC" + blocks((0, streaminfo(sizes=SIZES[:-1] + b"\1")), (4, comments())) + FRAMES, made=essence("flac", PARAMS[:-1] + b"\1", FRAMES), danger="Nearly all of the audio is left out under an intact essence."),
    "other-total": case("FLC-020", "Another total in STREAMINFO is the same essence.", b"fLaC" + blocks((0, streaminfo(total=8191)), (4, comments())) + FRAMES, made=MADE),
    "block-cut": case("FLC-003", "A comment block passes the end of the file.", b"fLaC" + bytes((0,)) + (34).to_bytes(3, "big") + streaminfo() + b"\x84\xff\xff\xff" + bytes(40), refusal="flac.block-cut", incomplete=True),
    "streaminfo-not-first": case("FLC-004", "The comment block stands first.", b"fLaC" + blocks((4, comments()), (0, streaminfo())) + FRAMES, refusal="flac.streaminfo-first"),
    "streaminfo-twice": case("FLC-004", "STREAMINFO twice.", flac((0, streaminfo()), (4, comments())), refusal="flac.streaminfo-twice"),
    "type-127": case("FLC-004", "A block of the forbidden type.", flac((127, bytes(4)), (4, comments())), refusal="flac.block-type"),
    "no-sync": case("FLC-005", "No frame follows the last block.", flac((4, comments()), frames=b"\0" * 200), refusal="flac.no-sync"),
    "one-frame": case("FLC-021", "Empty frames region but for one frame header.", flac((4, comments()), frames=FRAMES[:244]), made=essence("flac", PARAMS, FRAMES[:244])),
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(Path(__file__).parent, "flac", "flac", CASES))
