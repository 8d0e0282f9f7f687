"""What looks like frames in the tags behind audio, wherever it stands and however much there is."""

import io
import random

import pytest
from provenance.containers import _mpeg, _tail_frames

from support import speed

FIRST = _mpeg.parse(b"\xff\xfb\x10\xc0")
PAIR = (b"\xff\xfb\x10\xc0" + bytes(100)) * 2
OTHER = (b"\xff\xfb\x14\xc0" + bytes(92)) * 2
FLAC = b"\xff\xf8\xc9\x18\x00\xc2"
SIZE = 5_000_000
DENSE = {
    "all ones": b"\xff",
    "headers": b"\xff\xfb\x90\x00",
    "headers of no stream": b"\xff\xfb\xfc",
    "byte order marks": b"\xff\xfe\x00\x00",
    "layer II": b"\xff\xfd\x94\x00",
    "headers of two streams": b"\xff\xfb\x10\x00\xff\xf3\x44\x00",
    "headers of FLAC": b"\xff\xf8\xc9\x18\x00\x01",
    "long headers of FLAC": b"\xff\xf8\x7d\x18\xfe" + b"\x80" * 6 + b"\0\0\0\0\x77",
}


def mpeg(data):
    return _tail_frames.mpeg_frames(io.BytesIO(data), 0, len(data), FIRST)


def flac(data):
    return _tail_frames.flac_frames(io.BytesIO(data), 0, len(data), 44100, 2, 16)


@pytest.mark.requirement("MP3-020")
@pytest.mark.requirement("FLC-006")
def test_frames_are_found_across_blocks_and_no_place_counts_twice():
    block, overlap = _tail_frames._BLOCK, _tail_frames._OVERLAP
    for at in (0, block - overlap, block - 208, block - 104, block - 3, block, 2 * block - 50):
        assert mpeg(bytes(at) + PAIR + bytes(overlap)) == at
        assert mpeg(bytes(at) + PAIR) == at
        assert mpeg(bytes(at) + OTHER + bytes(overlap)) is None
        assert mpeg(bytes(at) + OTHER + b"x" + OTHER) == at
        assert flac(bytes(at) + FLAC + bytes(overlap)) == at
        assert flac(bytes(at) + FLAC[:-1] + b"\0") is None


@pytest.mark.requirement("FLC-006")
def test_a_rate_that_is_written_out_is_compared():
    stated = _with_crc(b"\xff\xf8\xcd\x18\x00" + (44100).to_bytes(2, "big"))
    tens = _with_crc(b"\xff\xf8\xce\x18\x00" + (4410).to_bytes(2, "big"))
    another = _with_crc(b"\xff\xf8\xcd\x18\x00" + (44000).to_bytes(2, "big"))
    assert (flac(stated), flac(tens)) == (0, 0)
    assert flac(another) is None
    assert flac(another * 2) == 0


def _with_crc(header):
    crc = 0
    for byte in header:
        crc = _tail_frames._crc_step(crc, byte)
    return header + bytes((crc,))


@pytest.mark.requirement("MP3-020")
@pytest.mark.requirement("FLC-006")
def test_random_bytes_hold_no_frames():
    data = random.Random(20261128).randbytes(50_000_000)
    assert mpeg(data) is None
    assert flac(data[:2_000_000]) is None


@pytest.mark.requirement("SEC-004")
@pytest.mark.parametrize("name", DENSE)
def test_no_tail_takes_long_to_search(name):
    data = (DENSE[name] * (SIZE // len(DENSE[name]) + 1))[:SIZE]
    for search in (mpeg, flac):
        with speed.under(1.5):
            search(data)
