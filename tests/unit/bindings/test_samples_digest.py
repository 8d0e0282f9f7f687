"""Tier 2 without a decoder: equal samples have one digest, whatever holds them."""

import hashlib
import io
import struct
import tracemalloc

import pytest
from provenance.bindings.base import Reason, SamplesBinding
from provenance.bindings.samples import pcm_samples, widen
from provenance.containers.base import AudioFacts, Essence, Scan
from provenance.wire.digests import spell


def scan_of(data, profile, *, kind=1, rate=44_100, channels=1, bits=16, stated=None):
    params = struct.pack(">BIHB", kind, rate, channels, bits)
    audio = AudioFacts("pcm", rate, channels, stated or bits, None, True)
    return Scan("wav", len(data), audio=audio, essence=Essence(profile, params, ((0, len(data)),)))


def digest(wide, *, rate=44_100, channels=1, kind=1):
    return spell(
        hashlib.sha256(b"pcm/1\x00" + struct.pack(">IHB", rate, channels, kind) + wide).digest()
    )


@pytest.mark.requirement("BND-021")
@pytest.mark.parametrize(
    ("block", "width", "order", "wide"),
    [
        (b"\x7f\x80", 1, "little", b"\0\0\0\x7f\0\0\0\x80"),
        (b"\x01\x02\x03\x04", 2, "little", b"\0\0\x01\x02\0\0\x03\x04"),
        (b"\x01\x02\x03\x04", 2, "big", b"\0\0\x02\x01\0\0\x04\x03"),
        (b"\x01\x02\x03", 3, "little", b"\0\x01\x02\x03"),
        (b"\x01\x02\x03", 3, "big", b"\0\x03\x02\x01"),
        (b"\x01\x02\x03\x04", 4, "little", b"\x01\x02\x03\x04"),
        (b"\x01\x02\x03\x04", 4, "big", b"\x04\x03\x02\x01"),
        (b"", 2, "little", b""),
    ],
)
def test_samples_are_left_justified_in_four_bytes(block, width, order, wide):
    assert bytes(widen(block, width, order)) == wide


@pytest.mark.requirement("BND-020")
def test_rate_channels_and_kind_stand_before_the_samples():
    data = struct.pack("<4h", 1, -1, 2, -2)

    made = pcm_samples(io.BytesIO(data), scan_of(data, "pcm-le", channels=2, rate=48_000))

    wide = struct.pack("<4i", 1 << 16, -1 << 16, 2 << 16, -2 << 16)
    assert made == SamplesBinding(digest(wide, rate=48_000, channels=2), 48_000, 2, 16, 2)


@pytest.mark.requirement("BND-020")
def test_audio_of_several_blocks_is_hashed_whole():
    values = [(i * 7919) % 65536 - 32768 for i in range(200_001)]
    data = struct.pack(f"<{len(values)}h", *values)

    made = pcm_samples(io.BytesIO(data), scan_of(data, "pcm-le"))

    wide = b"".join(b"\0\0" + data[i : i + 2] for i in range(0, len(data), 2))
    assert made == SamplesBinding(digest(wide), 44_100, 1, 16, 200_001)


def test_the_depth_that_the_file_states_is_recorded():
    data = bytes(12)

    made = pcm_samples(io.BytesIO(data), scan_of(data, "pcm-le", bits=24, stated=20))

    assert isinstance(made, SamplesBinding)
    assert made.bits == 20


@pytest.mark.requirement("BND-022")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"channels": 3}, Reason.CHANNELS),
        ({"channels": 0}, Reason.CHANNELS),
        ({"channels": 65_535}, Reason.CHANNELS),
        ({"bits": 64, "kind": 3}, Reason.FLOAT64),
        ({"bits": 16, "kind": 3}, Reason.UNKNOWN_AUDIO),
        ({"bits": 32, "kind": 2}, Reason.UNKNOWN_AUDIO),
        ({"bits": 12}, Reason.UNKNOWN_AUDIO),
        ({"bits": 0}, Reason.UNKNOWN_AUDIO),
        ({"bits": 16, "profile": "pcm-u8"}, Reason.UNKNOWN_AUDIO),
    ],
)
def test_formats_without_a_samples_digest_give_their_reason(change, reason):
    data = bytes(48)
    change = {"profile": "pcm-le", **change}

    assert pcm_samples(io.BytesIO(data), scan_of(data, **change)) is reason


def test_a_range_that_ends_inside_a_sample_is_refused():
    data = bytes(7)

    assert pcm_samples(io.BytesIO(data), scan_of(data, "pcm-le")) is Reason.FRACTION


def test_parameters_of_another_length_are_refused():
    scan = Scan("wav", 4, essence=Essence("pcm-le", b"\x01", ((0, 4),)))

    assert pcm_samples(io.BytesIO(bytes(4)), scan) is Reason.UNKNOWN_AUDIO


def test_a_file_that_became_shorter_is_an_end_of_file_error():
    data = bytes(100)
    scan = scan_of(data, "pcm-le")

    with pytest.raises(EOFError, match="shorter"):
        pcm_samples(io.BytesIO(data[:50]), scan)


def test_memory_does_not_grow_with_the_file(tmp_path):
    big = tmp_path / "big.wav"
    with big.open("wb") as file:
        file.truncate(64 << 20)
    scan = scan_of(range(64 << 20), "pcm-le", channels=2)

    with big.open("rb") as stream:
        tracemalloc.start()
        pcm_samples(stream, scan)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert peak < 4 << 20
