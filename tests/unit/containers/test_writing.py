"""Writing, container by container: where the tag goes, what absorbs it, what is mended."""

import hashlib
import importlib.util
import io
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from provenance.containers import load, wav
from provenance.containers.base import Change
from provenance.issuing.embedding import differences
from provenance.model.errors import RefusedError
from provenance.model.limits import DEFAULT_LIMITS

from support import samples

VECTORS = Path(__file__).parents[2] / "vectors" / "containers"
CHANGE = Change(b"eyJ" + b"A" * 500, "lyrics=full")
NONE = Change(None, None)


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


def scan(name, data):
    return load(name).scan(io.BytesIO(data), DEFAULT_LIMITS, True)


def write(name, data, change=CHANGE):
    target = io.BytesIO()
    load(name).write(io.BytesIO(data), scan(name, data), change, target)
    return target.getvalue()


def sound(name, data, new, change=CHANGE):
    """Nothing but our tags differs."""
    before, after = scan(name, data), scan(name, new)
    return list(differences(io.BytesIO(data), before, io.BytesIO(new), after, change)) == []


def test_flac_padding_takes_the_growth_and_gives_it_back():
    made = builder("flac")
    data = made.flac((4, made.comments("TITLE=Song")), (1, bytes(4096)), (6, bytes(100)))

    new = write("flac", data)

    assert len(new) == len(data)
    assert sound("flac", data, new)
    assert write("flac", new, NONE) == data


@pytest.mark.requirement("FLC-031")
@pytest.mark.parametrize("padding", [0, 100, 586, 590, 591, 594, 5000])
def test_flac_with_any_amount_of_padding_stays_sound(padding):
    made = builder("flac")
    data = made.flac((4, made.comments("TITLE=Song")), (1, bytes(padding)))

    new = write("flac", data)

    assert sound("flac", data, new)
    assert scan("flac", new).refusal is None


@pytest.mark.requirement("FLC-030")
def test_flac_without_a_comment_block_gets_one_behind_streaminfo():
    made = builder("flac")
    alone = b"fLaC" + made.blocks((0, made.streaminfo())) + made.FRAMES

    new = write("flac", alone)

    assert new[42] & 0x7F == 4
    assert [c.value for c in scan("flac", new).carriers] == [CHANGE.manifest, b"lyrics=full"]


@pytest.mark.requirement("FLC-032")
def test_flac_with_lying_comments_is_not_rewritten():
    made = builder("flac")

    with pytest.raises(RefusedError) as refused:
        write("flac", made.flac((4, made.LYING)))

    assert refused.value.rule == "flac.comments-damaged"


@pytest.mark.requirement("FLC-033")
def test_flac_block_limit_refuses_before_writing():
    made = builder("flac")
    big = made.comments("LYRICS=" + "x" * (2**24 - 200))
    data = b"fLaC" + made.blocks((0, made.streaminfo()), (4, big)) + made.FRAMES

    with pytest.raises(RefusedError) as refused:
        write("flac", data)

    assert refused.value.rule == "flac.comments-too-large"


@pytest.mark.requirement("WAV-012")
@pytest.mark.parametrize("unknown", [0, 0xFFFFFFFF])
def test_a_streamed_wav_is_signed_with_its_true_sizes(unknown):
    made = builder("wav")
    data = made.riff(made.F, made.chunk(b"data", made.DATA, size=unknown), size=unknown)

    new = write("wav", data)

    assert struct.unpack("<I", new[4:8])[0] == len(new) - 8
    at = new.index(b"data")
    assert struct.unpack("<I", new[at + 4 : at + 8])[0] == len(made.DATA)
    assert scan("wav", new).essence.digest == scan("wav", data).essence.digest
    assert sound("wav", data, new)


def test_a_streamed_rf64_is_signed_with_its_true_sizes():
    made = builder("wav")
    data = made.riff(
        made.chunk(b"ds64", made.MINUS * 2 + bytes(12)), made.F,
        made.chunk(b"data", made.DATA, size=0xFFFFFFFF), size=0xFFFFFFFF, form=b"RF64",
    )  # fmt: skip

    new = write("wav", data)

    assert struct.unpack("<QQ", new[20:36]) == (len(new) - 8, len(made.DATA))
    assert sound("wav", data, new)


@pytest.mark.requirement("WAV-032")
def test_a_wav_that_reaches_the_limit_becomes_rf64(monkeypatch):
    made = builder("wav")
    data = made.riff(made.F, made.D)
    monkeypatch.setattr(wav, "RIFF_LIMIT", len(data) + 100)

    new = write("wav", data)

    assert (new[:4], new[12:16]) == (b"RF64", b"ds64")
    assert struct.unpack("<QQ", new[20:36]) == (len(new) - 8, len(made.DATA))


@pytest.mark.requirement("WAV-008")
def test_odd_data_without_its_pad_byte_gets_one():
    made = builder("wav")
    data = made.riff(made.chunk(b"fmt ", made.fmt(channels=1, bits=8)), b"data\x05\0\0\0abcde")

    new = write("wav", data)

    assert new[data.index(b"abcde") + 5 :][:5] == b"\0id3 "
    assert sound("wav", data, new)


@pytest.mark.requirement("WAV-033")
def test_what_stands_behind_the_riff_stays_behind_it():
    made = builder("wav")
    data = made.riff(made.F, made.D) + made.chunk(b"tail", b"behind") + b"\x01garbage"

    new = write("wav", data)

    assert new.endswith(made.chunk(b"tail", b"behind") + b"\x01garbage")
    assert sound("wav", data, new)


@pytest.mark.requirement("MPF-041")
def test_mp4_free_space_takes_the_growth():
    made = builder("mp4")
    data = made.mp4(made.plain_tag(b"\xa9nam", "Song"), tail=made.box(b"free", bytes(2000)))

    new = write("mp4", data)

    assert len(new) == len(data)
    assert sound("mp4", data, new)
    assert write("mp4", new, NONE) == data


@pytest.mark.requirement("MPF-044")
@pytest.mark.parametrize("wide", [False, True])
def test_mp4_chunk_offsets_follow_the_data(wide):
    made = builder("mp4")
    stable = made.stbl(0, made.entry(), made.SIZES, wide=wide)
    head = made.full(b"mvhd", bytes(8), struct.pack(">II", 1000, 116), bytes(80))
    length = len(made.FTYP) + len(made.box(b"moov", head, made.trak(stable))) + 8
    stable = made.stbl(length, made.entry(), made.SIZES, wide=wide)
    data = made.FTYP + made.box(b"moov", head, made.trak(stable)) + made.box(b"mdat", made.PAYLOAD)
    assert scan("mp4", data).refusal is None

    new = write("mp4", data)

    assert len(new) > len(data)
    assert sound("mp4", data, new)


@pytest.mark.requirement("MPF-044")
def test_mp4_with_offsets_that_we_do_not_know_is_refused():
    made = builder("mp4")
    data = made.mp4(tail=made.full(b"iloc", bytes(4)))

    with pytest.raises(RefusedError) as refused:
        write("mp4", data)

    assert refused.value.rule == "mp4.absolute-offsets"


@pytest.mark.requirement("MPF-045")
def test_mp4_atoms_keep_their_order():
    made = builder("mp4")
    tags = [made.plain_tag(n, "x") for n in (b"\xa9too", b"\xa9nam", b"aART", b"\xa9ART", b"trkn")]
    data = made.mp4(*tags)

    new = write("mp4", data)

    assert b"".join(tags) in new
    assert sound("mp4", data, new)


@pytest.mark.requirement("OGG-031")
def test_ogg_with_a_carrier_out_of_reach_is_refused():
    made = builder("ogg")
    data = made.flac("TITLE=Song", count=2, more=[made.comment_packet("MUSICPROV=B")])

    with pytest.raises(RefusedError) as refused:
        write("ogg", data)

    assert refused.value.rule == "carrier.unremovable"


@pytest.mark.requirement("OGG-030")
@pytest.mark.requirement("OGG-032")
@pytest.mark.parametrize("kind", ["ogg", "opus", "oga"])
def test_ogg_comments_keep_their_order_and_bytes(kind, tmp_path):
    path = tmp_path / f"song.{kind}"
    path.write_bytes(samples.made(kind).read_bytes())
    code = (
        "import mutagen, sys\n"
        "f = mutagen.File(sys.argv[1])\n"
        "f.tags['zebra'] = ['1', '2']; f.tags['Alpha'] = 'b=c'; f.tags['title'] = 'S\\u00f6ng'; f.save()\n"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    data = path.read_bytes()

    new = write("ogg", data)

    assert sound("ogg", data, new)
    assert [c.where.split("[")[0] for c in scan("ogg", new).carriers] == [
        f"ogg:{scan('ogg', data).audio.codec}"
    ] * 2
    bare = write("ogg", new, NONE)
    assert sound("ogg", data, bare, NONE)


def test_an_opus_comment_that_needs_more_pages_is_written():
    data = samples.made("opus").read_bytes()
    big = Change(b"eyJ" + b"A" * 200_000, None)

    new = write("ogg", data, big)

    assert sound("ogg", data, new, big)


@pytest.mark.requirement("AIF-032")
def test_an_odd_aiff_chunk_is_padded():
    made = builder("aiff")
    data = made.form(made.comm(), made.ssnd(), made.chunk(b"ANNO", b"odd"))

    new = write("aiff", data)

    assert struct.unpack(">I", new[4:8])[0] == len(new) - 8
    assert sound("aiff", data, new)
    assert write("aiff", new, NONE) == data


def test_the_digest_of_a_write_is_the_same_for_every_container():
    for name in ("flac", "wav", "aiff", "mp4", "ogg"):
        made = builder(name)
        data = made.CASES["plain" if "plain" in made.CASES else "vorbis"]["data"]
        assert sound(name, data, write(name, data)), name
        assert hashlib.sha256(data).digest() != hashlib.sha256(write(name, data)).digest()
