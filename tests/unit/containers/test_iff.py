"""Chunks of WAV and AIFF: what players would play for other audio, and what many tags may cost."""

import importlib.util
import io
import struct
import sys
from pathlib import Path

import pytest
from provenance.containers import load
from provenance.containers.base import Change
from provenance.model.limits import DEFAULT_LIMITS, Limits

VECTORS = Path(__file__).parents[2] / "vectors" / "containers"
CHANGE = Change(b"eyJ" + b"A" * 500, "lyrics=full")
KINDS = ("wav", "aiff")


def builder(name):
    """The module that builds a container's vectors, for its hand-made files."""
    sys.path.insert(0, str(VECTORS))
    try:
        spec = importlib.util.spec_from_file_location(f"build_{name}", VECTORS / name / "build.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(VECTORS))
    return module


MADE = {name: builder(name) for name in KINDS}


def scan(name, data, limits=DEFAULT_LIMITS):
    return load(name).scan(io.BytesIO(data), limits, False)


def rule(name, data, limits=DEFAULT_LIMITS):
    refusal = scan(name, data, limits).refusal
    return refusal.rule if refusal else None


def write(name, data, change=CHANGE):
    target = io.BytesIO()
    load(name).write(io.BytesIO(data), scan(name, data), change, target)
    return target.getvalue()


def whole(name, *chunks):
    """A file with ours, then these chunks."""
    made = MADE[name]
    if name == "wav":
        return made.riff(made.F, made.D, *chunks)
    return made.form(made.comm(), made.ssnd(), *chunks)


def audio(name):
    return MADE[name].OTHER


class Counting(io.BytesIO):
    """Counts the bytes that are read."""

    count = 0

    def read(self, size=-1):
        data = super().read(size)
        self.count += len(data)
        return data


@pytest.mark.requirement("WAV-011")
@pytest.mark.requirement("AIF-007")
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("before", [0, 1, 2, 8, 9, 100, 4096, 300_000])
def test_audio_behind_zeros_is_found_wherever_they_end(name, before):
    """Eight bytes are one step, so what begins between two steps is no chunk for anybody."""
    found = rule(name, whole(name) + bytes(before) + audio(name))

    counted_twice = {"wav": "wav.data-count", "aiff": "aiff.ssnd-count"}[name]
    wanted = f"{name}.two-readings" if before % 8 == 0 else None
    assert found == (wanted if before else counted_twice)


@pytest.mark.requirement("WAV-011")
@pytest.mark.requirement("AIF-007")
@pytest.mark.parametrize("name", KINDS)
def test_audio_far_behind_a_forgotten_pad_byte_is_found(name):
    made = MADE[name]
    order = "<I" if name == "wav" else ">I"
    odd = made.chunk(b"note", b"x", pad=False)
    # one byte later the size ends with the first byte of the body: 16 MiB, or 4 KiB
    lead = made.chunk(b"Xabc", (b"\1" if name == "wav" else b"\0") + bytes(15))
    reach = struct.unpack(order, lead[5:9])[0] + 1 + 8
    rest = made.chunk(b"junk", bytes(reach - len(lead) - 8) + audio(name))

    assert rule(name, whole(name, odd, lead, rest)) == f"{name}.two-readings"
    assert rule(name, whole(name, odd, lead, rest[: -len(audio(name))])) is None


@pytest.mark.requirement("WAV-011")
@pytest.mark.requirement("AIF-007")
@pytest.mark.parametrize("name", KINDS)
def test_another_reading_is_followed_for_as_many_chunks_as_there_may_be(name):
    made = MADE[name]
    data = whole(name) + made.chunk(b"\1\1\1\1", b"xy") * 40

    assert rule(name, data, Limits(items=40)) is None
    assert rule(name, data, Limits(items=39)) == f"{name}.too-many-chunks"


@pytest.mark.requirement("WAV-008")
@pytest.mark.requirement("AIF-012")
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("number", range(1, 8, 2))
@pytest.mark.parametrize("behind", [(b"LIST", b"INFO" + bytes(200)), (b"id3 ", b"no tag at all")])
def test_a_pad_byte_forgotten_behind_the_audio_does_no_harm(name, number, behind):
    made = MADE[name]
    data = whole(name, made.chunk(b"note", bytes(number), pad=False), made.chunk(*behind))

    assert rule(name, data) is None
    new = write(name, data)
    assert scan(name, new).essence == scan(name, data).essence
    assert [c.name for c in scan(name, new).carriers] == ["MUSICPROV", "AI_DISCLOSURE"]


@pytest.mark.requirement("AIF-007")
def test_a_chunk_past_2_gib_is_passed_over_as_players_do(tmp_path):
    """One player passes over 2 GiB less a byte and the pad byte, and goes on in the chunk."""
    made = MADE["aiff"]
    data = whole("aiff") + b"junk" + struct.pack(">I", 0x80001000)
    path = tmp_path / "large.aiff"
    with path.open("wb") as file:  # a file of zeros takes no room
        file.write(data)
        file.seek(0x80000000, io.SEEK_CUR)
        file.write(made.OTHER)
        file.truncate(len(data) + 0x80001000)

    with path.open("rb") as stream:
        found = load("aiff").scan(stream, DEFAULT_LIMITS, False)

    assert found.refusal.rule == "aiff.two-readings"
    assert found.refusal.detail["offset"] == len(data) + 0x80000000


@pytest.mark.requirement("WAV-013")
@pytest.mark.parametrize("size", ["true", 0xFFFFFFFF])
def test_a_signed_rf64_does_not_contradict_itself(size):
    made = MADE["wav"]
    total = 4 + 36 + len(made.F) + len(made.D)
    data = made.rf64(total, len(made.DATA)) if size == "true" else made.rf64()

    new = write("wav", data)

    assert scan("wav", new).essence == scan("wav", data).essence
    assert struct.unpack("<I", new[4:8])[0] == (len(new) - 8 if size == "true" else size)
    assert write("wav", new, Change(None, None)) == data


@pytest.mark.requirement("WAV-013")
@pytest.mark.requirement("WAV-012")
def test_a_streamed_rf64_with_zeros_is_signed_with_sizes_that_agree():
    made = MADE["wav"]
    data = made.riff(
        made.chunk(b"ds64", bytes(28)), made.F, made.chunk(b"data", made.DATA, size=0),
        size=0, form=b"RF64",
    )  # fmt: skip

    new = write("wav", data)

    assert scan("wav", new).refusal is None
    assert scan("wav", new).essence == scan("wav", data).essence


@pytest.mark.requirement("WAV-013")
def test_a_table_of_sizes_may_lie_about_its_length():
    made = MADE["wav"]
    ds64 = struct.pack("<QQQI", 4 + 36 + len(made.F) + len(made.D), len(made.DATA), 0, 0xFFFFFFFF)
    data = made.riff(made.chunk(b"ds64", ds64), made.F, made.D, size=0xFFFFFFFF, form=b"RF64")

    assert rule("wav", data) is None


@pytest.mark.requirement("WAV-014")
@pytest.mark.parametrize(("bits", "size", "fits"), [
    (1, 1, True), (8, 1, True), (9, 2, True), (16, 2, True), (17, 3, True), (24, 3, True),
    (32, 4, True), (0, 1, False), (0, 2, False), (8, 2, False), (16, 1, False), (24, 4, False),
    (16, 4, False), (33, 5, False), (64, 8, False),
])  # fmt: skip
def test_bits_and_block_size_fit_each_other(bits, size, fits):
    made = MADE["wav"]
    fmt = made.chunk(b"fmt ", made.fmt(bits=bits, align=2 * size))

    assert rule("wav", made.riff(fmt, made.D)) == (None if fits else "wav.block-align")


@pytest.mark.requirement("WAV-015")
@pytest.mark.parametrize(("bits", "valid", "fits"), [
    (16, 16, True), (16, 9, True), (16, 8, False), (16, 17, False), (24, 17, True),
    (24, 16, False), (32, 25, True), (32, 24, True), (32, 23, False), (32, 16, False),
    (8, 1, True), (8, 16, False),
])  # fmt: skip
def test_valid_bits_need_every_byte_or_are_24_of_32(bits, valid, fits):
    made = MADE["wav"]

    found = rule("wav", made.riff(made.extended(bits, valid), made.D))

    assert found == (None if fits else "wav.valid-bits")


@pytest.mark.requirement("AIF-008")
@pytest.mark.parametrize(("bits", "channels", "frames"), [(16, 2, 50), (24, 1, 33), (8, 1, 51)])
def test_ssnd_holds_less_than_a_frame_more_on_either_side(bits, channels, frames):
    made = MADE["aiff"]
    frame = bits // 8 * channels
    length = frame * frames
    pad = length % 2

    def found(before, behind):
        comm = made.comm(bits, channels, frames=frames)
        return rule("aiff", made.form(comm, made.ssnd(bytes(length + behind), before)))

    assert found(frame - 1, frame - 1 + pad) is None
    assert found(frame, 0) == "aiff.ssnd-size"
    assert found(0, frame + pad) == "aiff.ssnd-size"
    assert found(0, 100_000) == "aiff.ssnd-size"


@pytest.mark.requirement("AIF-009")
@pytest.mark.parametrize("number", [0, 1, 2])
def test_every_version_chunk_says_the_version_there_is(number):
    made = MADE["aiff"]
    versions = [made.VERSION] * 3
    versions[number] = made.chunk(b"FVER", b"\xa2\x80\x51")
    comm = made.comm(codec=b"sowt")

    assert rule("aiff", made.form(made.VERSION, comm, made.ssnd(), kind=b"AIFC")) is None
    assert rule("aiff", made.form(*versions, comm, made.ssnd(), kind=b"AIFC")) == "aiff.version"
    assert rule("aiff", made.form(*versions, made.comm(), made.ssnd())) is None


@pytest.mark.requirement("AIF-011")
@pytest.mark.parametrize(("more", "fits"), [
    (b"", True), (b"NONE\0\0", True), (b"twos", True), (bytes(4), True), (b"sowt\0\0", False),
    (b"fl32", False), (b"so", False), (b"ulaw", False),
])  # fmt: skip
def test_comm_of_an_aiff_file_states_no_other_compression(more, fits):
    made = MADE["aiff"]
    comm = made.chunk(b"COMM", made.comm()[8:] + more)

    assert rule("aiff", made.form(comm, made.ssnd())) == (None if fits else "aiff.codec")


def tags(name, number, frames):
    """That many ID3 chunks with that many empty user texts each, after ours."""
    made = MADE[name]
    return whole(name, *[made.chunk(b"ID3 ", made.id3([("MOOD", "")] * frames))] * number)


@pytest.mark.requirement("ID3-009")
@pytest.mark.parametrize("name", KINDS)
def test_the_tags_of_all_chunks_share_the_number_of_frames(name):
    data = tags(name, 5, 4)

    assert not scan(name, data, Limits(items=20)).incomplete
    cut = scan(name, data, Limits(items=19))
    assert cut.incomplete
    assert sum("/TXXX" in i.where for i in cut.items) == 19


@pytest.mark.requirement("ID3-009")
@pytest.mark.parametrize("name", KINDS)
def test_the_tags_of_all_chunks_share_the_bytes_that_are_read(name):
    made = MADE[name]
    tag = made.chunk(b"ID3 ", made.id3([("MUSICPROV", "x" * 50_000)]))
    data = whole(name, *[tag] * 60)
    stream = Counting(data)

    found = load(name).scan(stream, Limits(tag_read_bytes=110_000), False)

    assert found.incomplete
    assert [len(c.value) for c in found.carriers] == [50_000] * 2 + [0] * 58
    assert {c.unread for c in found.carriers[2:]} == {50_011}
    assert stream.count < 200_000


@pytest.mark.requirement("CAR-060")
@pytest.mark.parametrize("name", KINDS)
def test_the_tags_of_all_chunks_share_the_number_of_values(name):
    made = MADE[name]
    tag = made.chunk(b"ID3 ", made.id3([("MUSICPROV", "\0".join("abcdefgh"))]))

    assert not scan(name, whole(name, *[tag] * 3), Limits(carriers=24)).incomplete
    cut = scan(name, whole(name, *[tag] * 3), Limits(carriers=20))
    assert cut.incomplete
    assert len(cut.carriers) == 20
