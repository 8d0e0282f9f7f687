"""Writing, container by container: where the tag goes, what absorbs it, what is mended."""

import hashlib
import importlib.util
import io
import struct
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
from provenance.containers import _mp4_write, load, wav
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


@pytest.mark.requirement("FLC-035")
@pytest.mark.parametrize("more", [[], [(6, bytes(100))], [(1, bytes(4096))]])
def test_flac_loses_the_comment_block_that_came_with_our_comments(more):
    made = builder("flac")
    data = b"fLaC" + made.blocks((0, made.streaminfo()), *more) + made.FRAMES

    new = write("flac", data)

    assert sound("flac", new, write("flac", new, NONE), NONE)
    assert write("flac", new, NONE) == data


def test_flac_keeps_a_bare_comment_block_of_somebody_else():
    made = builder("flac")
    data = made.flac((4, made.comments()))

    assert write("flac", write("flac", data), NONE) == data


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


@pytest.mark.requirement("MPF-041")
@pytest.mark.parametrize("is_long", [False, True])
def test_mp4_free_space_keeps_what_else_it_holds(is_long):
    made = builder("mp4")
    head = struct.pack(">I4sQ", 1, b"free", 2016) if is_long else struct.pack(">I4s", 2008, b"free")
    rest = bytes(range(200)) * 5
    data = made.mp4(made.plain_tag(b"\xa9nam", "Song"), tail=head + bytes(1000) + rest)

    new = write("mp4", data)
    back = write("mp4", new, NONE)

    assert sound("mp4", data, new)
    for one in (new, back):
        assert len(one) == len(data)
        assert one.endswith(rest)
    assert scan("mp4", back).carriers == ()


@pytest.mark.requirement("MPF-041")
def test_mp4_with_much_free_space_takes_no_memory_for_it(tmp_path):
    made = builder("mp4")
    size = 1 << 30
    path = tmp_path / "song.m4a"
    path.write_bytes(made.mp4(tail=struct.pack(">I4s", size, b"free")))
    with path.open("r+b") as stream:
        stream.truncate(stream.seek(0, 2) - 8 + size)

    with path.open("rb") as stream:
        tracemalloc.start()
        tree = load("mp4").scan(stream, DEFAULT_LIMITS, True).layout
        list(_mp4_write.edits(stream, tree.root, [], CHANGE))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert most < 1 << 20


@pytest.mark.requirement("MPF-040")
@pytest.mark.parametrize("ends", ["udta", "udta alone", "ilst", "beside meta", "empty meta"])
def test_mp4_atoms_go_before_what_ends_a_box(ends):
    made = builder("mp4")
    full, box = made.full, made.box
    song = made.plain_tag(b"\xa9nam", "Song")
    handler = full(b"hdlr", bytes(4), b"mdirappl", bytes(9))
    content = {
        "udta": (box(b"name", b"x"), bytes(4)),
        "udta alone": (bytes(4),),
        "ilst": (full(b"meta", handler, box(b"ilst", song, bytes(4))),),
        "beside meta": (full(b"meta", handler, box(b"ilst", song)), bytes(4)),
        "empty meta": (box(b"meta"),),
    }[ends]
    data = made.mp4(udta=box(b"udta", *content))

    new = write("mp4", data)

    assert sound("mp4", data, new)
    assert [c.value for c in scan("mp4", new).carriers] == [CHANGE.manifest, b"lyrics=full"]
    assert [c.canonical for c in scan("mp4", new).carriers] == [True, True]
    if ends != "empty meta":
        assert new[-4:] == data[-4:] == bytes(4)


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


def pages(data):
    """The pages of a file as (header without number and checksum, number, lacing and body)."""
    found, at = [], 0
    while data[at : at + 4] == b"OggS":
        head, count = data[at : at + 27], data[at + 26]
        lacing = data[at + 27 : at + 27 + count]
        end = at + 27 + count + sum(lacing)
        found.append((head[:18] + head[26:], head[18:22], data[at + 27 : end]))
        at = end
    return found


@pytest.mark.requirement("OGG-033")
@pytest.mark.parametrize("kind", ["ogg", "opus", "oga"])
@pytest.mark.parametrize("length", [10, 4_000, 65_025, 200_000])
def test_ogg_pages_of_audio_keep_all_but_number_and_checksum(kind, length):
    data = samples.made(kind).read_bytes() + bytes(100)
    big = Change(b"A" * length, None)

    new = write("ogg", data, big)

    assert sound("ogg", data, new, big)
    assert new.endswith(bytes(100))
    before, after = pages(data), pages(new)
    assert [int.from_bytes(number, "little") for _, number, _ in after] == list(range(len(after)))
    audio = [(head, body) for head, _, body in before[3:]]
    assert [(head, body) for head, _, body in after[-len(audio) :]] == audio
    assert sound("ogg", new, write("ogg", new, NONE), NONE)


@pytest.mark.requirement("OGG-032")
def test_ogg_comments_that_are_no_text_keep_their_bytes():
    made = builder("ogg")
    odd = [b"TITLE=\xff\xfe", b"no equals sign", b"=no name", b"", b"ti tle=x"]
    block = struct.pack("<I", 1) + b"v" + struct.pack("<I", len(odd))
    block += b"".join(struct.pack("<I", len(c)) + c for c in odd)
    tail = b"padding that a reader must keep" + bytes(9)
    data = (
        made.page([made.OPUS_HEAD], 0, flags=2)
        + made.page([b"OpusTags" + block + tail], 1)
        + made.page(made.PACKETS, 2, flags=4, granule=48000)
    )

    new = write("ogg", data)

    assert b"".join(struct.pack("<I", len(c)) + c for c in odd) in new
    assert tail in new
    assert write("ogg", new, NONE) == data


@pytest.mark.requirement("OGG-034")
def test_ogg_comments_whose_lengths_lie_are_not_rewritten():
    made = builder("ogg")
    lying = b"OpusTags" + struct.pack("<I", 1) + b"v" + struct.pack("<II", 1, 999) + b"A=b"
    data = (
        made.page([made.OPUS_HEAD], 0, flags=2)
        + made.page([lying], 1)
        + made.page(made.PACKETS, 2, flags=4, granule=48000)
    )

    with pytest.raises(RefusedError) as refused:
        write("ogg", data)

    assert refused.value.rule == "ogg.comment-not-writable"


@pytest.mark.requirement("OGG-035")
@pytest.mark.parametrize("kind", ["opus", "oga"])
def test_ogg_comments_have_a_largest_size(kind):
    data = samples.made(kind).read_bytes()

    with pytest.raises(RefusedError) as refused:
        write("ogg", data, Change(b"A" * (1 << 24), None))

    assert refused.value.rule == "ogg.comments-too-large"


@pytest.mark.requirement("OGG-009")
@pytest.mark.parametrize("limit", ["ogg_pages", "ogg_packets"])
def test_an_ogg_stream_past_the_limits_is_refused(limit):
    data = samples.made("opus").read_bytes()
    container = load("ogg")
    essence = container.scan(io.BytesIO(data), DEFAULT_LIMITS, False).essence
    most = len(essence.ranges) if limit == "ogg_pages" else len(essence.sizes) // 4

    def scanned(value):
        limits = replace(DEFAULT_LIMITS, **{limit: value})
        return container.scan(io.BytesIO(data), limits, True)

    assert scanned(most).refusal is None
    assert scanned(most - 1).refusal.rule == "ogg.too-long"


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
