"""MP3 audio is found between the tags, hashed from its frames, and left alone by writing."""

import base64
import hashlib
import io
import json
import os
import random
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from mutagen.id3 import ID3
from provenance.bindings.essence import essence_digest
from provenance.containers import _mpeg, _mpeg_walk
from provenance.containers.base import Change
from provenance.containers.mp3 import CONTAINER
from provenance.model.errors import RefusedError
from provenance.model.limits import DEFAULT_LIMITS

from support import speed

VECTORS = Path(__file__).parents[2] / "vectors" / "containers" / "mp3"
SIGNED = Change(b"eyJ.A.B", "lyrics=full")
NOTHING = Change(None, None)
BLOCK = _mpeg_walk._SIZE


def frame(number=0, header=b"\xff\xfb\x10\xc0", length=104):
    return header + bytes((number + i) % 251 for i in range(length - 4))


def audio(count=5):
    return b"".join(frame(n) for n in range(count))


def scan(data, want_digest=True):
    return CONTAINER.scan(io.BytesIO(data), DEFAULT_LIMITS, want_digest)


def write(data, change):
    target = io.BytesIO()
    CONTAINER.write(io.BytesIO(data), scan(data), change, target)
    return target.getvalue()


def digest(payload, rate=44100, version=3, channels=1):
    params = struct.pack(">IBB", rate, version, channels)
    return hashlib.sha256(b"musicprov/essence/1\0mp3\0" + params + payload).digest()


CASES = sorted(VECTORS.glob("*/case.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_vector(path):
    case = json.loads(path.read_text())
    stream = io.BytesIO((path.parent / case["input"]).read_bytes())
    found = CONTAINER.scan(stream, DEFAULT_LIMITS, True)
    essence = found.essence
    assert {
        "container": found.container,
        "refusal": found.refusal.rule if found.refusal else None,
        "incomplete": found.incomplete,
        "essence": None
        if essence is None
        else {
            "profile": essence.profile,
            "digest": "sha-256:" + base64.urlsafe_b64encode(essence.digest).decode().rstrip("="),
        },
        "carriers": [
            {"name": c.name, "where": c.where, "value": c.value.decode()} for c in found.carriers
        ],
        "notes": sorted(note.code.slug for note in found.notes),
    } == case["expect"]
    assert CONTAINER.recognises(stream)


def test_the_vectors_are_what_their_builder_makes():
    assert len(CASES) > 40
    assert (
        subprocess.run([sys.executable, VECTORS / "build.py", "--check"], check=False).returncode
        == 0
    )


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_ranges_give_the_digest_that_the_scan_gave(path):
    stream = io.BytesIO((path.parent / "input.mp3").read_bytes())
    with_digest = CONTAINER.scan(stream, DEFAULT_LIMITS, True).essence
    without = CONTAINER.scan(stream, DEFAULT_LIMITS, False).essence
    if with_digest is None:
        assert without is None
        return
    assert without.digest is None
    assert essence_digest(stream, without) == with_digest.digest


@pytest.mark.requirement("MP3-032")
@pytest.mark.requirement("MP3-033")
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_signing_and_stripping_a_vector_changes_nothing_foreign(path):
    data = (path.parent / "input.mp3").read_bytes()
    before = scan(data)
    if before.refusal or path.parent.name == "compressed-tag-22":
        with pytest.raises(RefusedError):
            write(data, SIGNED)
        return
    for change in (SIGNED, NOTHING, Change(None, "x=y")):
        new = write(data, change)
        after = scan(new)
        expected = [
            ("MUSICPROV", change.manifest),
            ("AI_DISCLOSURE", (change.summary or "").encode()),
        ]
        assert [(c.name, c.value) for c in after.carriers] == [e for e in expected if e[1]]
        assert all(c.canonical for c in after.carriers)
        assert after.essence.digest == before.essence.digest
        assert after.essence.presentation == before.essence.presentation
        assert [new[i.start : i.start + i.length] for i in after.items] == [
            data[i.start : i.start + i.length] for i in before.items
        ]
        assert write(new, change) == new


@pytest.mark.requirement("MP3-031")
def test_an_untagged_file_is_the_same_after_signing_and_stripping():
    for data in (audio(), bytes(64) + audio() + bytes(64), b"junk" + audio()):
        signed = write(data, SIGNED)
        assert signed.endswith(data)
        assert signed[:6] == b"ID3\4\0\0"
        assert write(signed, NOTHING) == data


NOT_MP3 = {
    "nothing": b"",
    "text": b"Just a text, long enough to be looked at." * 10,
    "flac": b"fLaC\0\0\0\x22" + audio(),
    "wav": b"RIFF\0\0\0\0WAVE" + audio(),
    "riff mp3": b"RIFF\0\0\0\0RMP3data" + audio(),
    "mp4": b"\0\0\0\x20ftypM4A " + audio(),
    "ogg": b"OggS\0\2" + audio(),
    "aiff": b"FORM\0\0\0\0AIFF" + audio(),
    "adts": b"\xff\xf1\x50\x80\x0d\x20\xfc" + bytes(99) + audio(),
    "flac behind a tag": b"ID3\4\0\0\0\0\0\0fLaC" + audio(),
    "adts behind a tag": b"ID3\4\0\0\0\0\0\0\xff\xf1\x50\x80" + bytes(100) + audio(),
    "zeros": bytes(70_000),
    "ones": b"\xff" * 70_000,
    "too much junk": b"j" * (64 * 1024 + 1) + audio(),
}


@pytest.mark.requirement("MP3-001")
@pytest.mark.parametrize("name", NOT_MP3)
def test_other_files_are_not_claimed(name):
    assert not CONTAINER.recognises(io.BytesIO(NOT_MP3[name]))
    assert scan(NOT_MP3[name]).refusal.rule == "mp3.no-audio"


@pytest.mark.requirement("MP3-002")
def test_junk_of_exactly_64_kib_is_hashed():
    junk = b"j" * (64 * 1024)
    found = scan(junk + audio())
    assert found.essence.digest == digest(junk + audio())
    assert dict(found.notes[0].detail) == {"offset": 0, "length": 65536}


def test_two_bytes_that_look_like_a_sync_before_the_real_one_do_not_hide_it():
    assert scan(b"\xff" + audio()).essence.digest == digest(b"\xff" + audio())


@pytest.mark.parametrize(
    ("header", "length", "rate", "version", "channels", "samples"),
    [
        (b"\xff\xfb\x90\x00", 417, 44100, 3, 2, 1152),
        (b"\xff\xfb\x92\x40", 418, 44100, 3, 2, 1152),
        (b"\xff\xfb\xe4\x80", 960, 48000, 3, 2, 1152),
        (b"\xff\xfa\xe8\xc0", 1440, 32000, 3, 1, 1152),
        (b"\xff\xf3\x80\xc0", 208, 22050, 2, 1, 576),
        (b"\xff\xf3\xe8\x00", 720, 16000, 2, 2, 576),
        (b"\xff\xe3\x18\xc0", 72, 8000, 0, 1, 576),
        (b"\xff\xe3\xe0\xc4", 1044, 11025, 0, 1, 576),
    ],
)
def test_frame_lengths_of_the_standard(header, length, rate, version, channels, samples):
    """Lengths by hand: floor(144 or 72 * bit rate / rate) + padding, ISO/IEC 11172-3 2.4.3.1."""
    data = b"".join(frame(n, header, length) for n in range(3))
    found = scan(data)
    assert found.essence.digest == digest(data, rate, version, channels)
    facts = found.audio
    assert (facts.rate, facts.channels, facts.samples, facts.lossless) == (
        rate,
        channels,
        3 * samples,
        False,
    )


def information(encoder, trims, flags=15):
    fields = struct.pack(">I", flags) + bytes(4 * (flags & 1) + 4 * (flags >> 1 & 1))
    fields += bytes(100 * (flags >> 2 & 1) + 4 * (flags >> 3 & 1))
    body = bytes(17) + b"Info" + fields + encoder.ljust(21, b"\0") + trims.to_bytes(3, "big")
    return (b"\xff\xfb\x40\xc0" + body).ljust(182, b"\0")


@pytest.mark.requirement("MP3-018")
@pytest.mark.requirement("MP3-019")
@pytest.mark.parametrize(
    ("encoder", "trims", "flags", "expected"),
    [
        (b"LAME3.100", 576 << 12 | 720, 15, (576, 720, 5 * 1152 - 1296)),
        (b"LAME3.100", 576 << 12 | 720, 0, (576, 720, 5 * 1152 - 1296)),
        (b"Lavf", 1105 << 12, 1, (1105, 0, 5 * 1152 - 1105)),
        (b"Lavc60.31", 0, 15, (0, 0, 5 * 1152)),
        (b"LAME3.100", 4095 << 12 | 4095, 15, (4095, 4095, 0)),
        (b"GOGO3.13", 576 << 12 | 720, 15, (None, None, 5 * 1152)),
        (b"", 0, 15, (None, None, 5 * 1152)),
    ],
)
def test_presentation_is_what_the_information_frame_says(encoder, trims, flags, expected):
    found = scan(information(encoder, trims, flags) + audio())
    presentation = found.essence.presentation
    assert (presentation.start_trim, presentation.end_trim, presentation.duration) == expected
    assert presentation.gain is None
    assert found.essence.digest == digest(audio())


def test_an_information_frame_in_the_middle_is_audio():
    data = audio() + information(b"LAME3.100", 0) + audio()
    assert scan(data).essence.digest == digest(data)


@pytest.mark.requirement("MP3-008")
def test_lost_sync_is_found_again_across_blocks():
    rng = random.Random(7)
    parts = []
    for gap in (1, 3, 103, 2000, 300_000, 262_143, 5):
        parts += [audio(2), b"\x01" * gap]
        parts += [frame(n) for n in range(rng.randrange(2500, 2600))]
    data = b"".join(parts)
    found = scan(data)
    assert found.essence.digest == digest(data)
    assert found.notes[0].detail["length"] == 1 + 3 + 103 + 2000 + 300_000 + 262_143 + 5
    assert found.notes[0].detail["offset"] == 208


@pytest.mark.parametrize("count", [2, 15, 16, 17, 31, 32, 33, 2500])
def test_frames_of_changing_bit_rates_are_counted_up_to_the_last(count):
    """Several are followed at once, so many as there are, and those left one by one."""
    rng = random.Random(count)
    table = list(_mpeg.lengths(_mpeg.MPEG1, 44100).items())
    frames = [head + bytes(length - 3) for head, length in rng.choices(table, k=count)]

    whole = scan(b"".join(frames))
    torn = scan(b"".join(frames) + b"\1" * 5000 + b"".join(frames))

    assert whole.audio.samples == 1152 * count
    assert torn.audio.samples == 2 * 1152 * count
    assert torn.notes[0].detail["length"] == 5000


@pytest.mark.parametrize("version", [_mpeg.MPEG1, _mpeg.MPEG2, _mpeg.MPEG2_5])
def test_the_bit_rate_that_is_tried_first_changes_nothing_of_what_is_found(version):
    rate = {_mpeg.MPEG1: 44100, _mpeg.MPEG2: 22050, _mpeg.MPEG2_5: 11025}[version]
    table = list(_mpeg.lengths(version, rate).items())
    frames = [head + bytes(length - 3) for head, length in table]
    random.Random(1).shuffle(frames)
    data = b"".join(frames) + b"\xff\xff\xff"
    patterns = [_mpeg.several(version, rate, bitrate) for bitrate in range(16)]
    for first in range(len(frames) - _mpeg.TOGETHER + 2):
        start = sum(map(len, frames[:first]))
        end = start + sum(map(len, frames[first : first + _mpeg.TOGETHER]))
        fits = first + _mpeg.TOGETHER <= len(frames)
        assert {(m.end() if (m := p.match(data, start)) else None) for p in patterns} == {
            end if fits else None
        }


@pytest.mark.parametrize("offset", range(-5, 6))
def test_headers_on_block_borders_are_followed(offset):
    lead = audio(BLOCK // 104)
    data = lead + frame(1, b"\xff\xfb\x12\xc0", 105) * (BLOCK - len(lead) + offset) + audio(3)
    assert scan(data).essence.digest == digest(data)
    assert not scan(data).notes


@pytest.mark.requirement("MP3-009")
def test_one_frame_at_the_end_is_found_after_junk():
    data = audio() + b"junk" + frame()
    assert scan(data).essence.digest == digest(data)
    assert scan(audio() + b"junk" + frame()[:-1]).refusal.rule == "mp3.trailing-garbage"


@pytest.mark.requirement("MP3-009")
@pytest.mark.parametrize("behind", [0, 3])
def test_the_first_place_where_frames_go_on_is_taken_before_those_inside_its_frame(behind):
    """Its frame ends with the region, or where what is read at once ends before the next header."""
    start = BLOCK - 300
    lead = audio(2500) + b"\1" * (start - 2500 * 104)
    inside = frame(1) + frame(2) + frame(3)
    data = lead + frame(0, b"\xff\xfb\x90\xc0", 417)[:50] + inside
    data += bytes(start + 417 - len(data)) + audio(behind)

    found = scan(data)

    assert found.essence.digest == digest(data)
    assert found.notes[0].detail["length"] == start - 2500 * 104


@pytest.mark.requirement("MP3-003")
@pytest.mark.requirement("MP3-011")
@pytest.mark.parametrize("count", [1, 4095, 4096, 4097, 300_000])
def test_zeros_of_any_number_before_and_behind_the_frames_are_not_hashed(count):
    data = bytes(count) + audio() + bytes(count)

    found = scan(data)

    assert found.essence.digest == digest(audio())
    assert found.essence.ranges == ((count, len(audio())),)
    assert scan(data + b"x").refusal.detail == {"offset": len(data)}


def test_a_stream_that_gives_few_bytes_at_once_is_hashed_whole():
    class Dribbling(io.BytesIO):
        def readinto(self, buffer):
            return super().readinto(memoryview(buffer)[:1000])

    found = CONTAINER.scan(Dribbling(audio(3000)), DEFAULT_LIMITS, True)

    assert found.essence.digest == digest(audio(3000))


@pytest.mark.requirement("MP3-017")
@pytest.mark.parametrize(
    "rest", [b"\1", bytes(500) + b"x", b"ID3", b"garbage!" * 128, b"\xff\xfb\x00\xc0" * 40]
)
def test_what_follows_the_last_frame_and_is_no_tag_is_refused(rest):
    assert scan(audio() + rest).refusal.rule == "mp3.trailing-garbage"
    assert write(audio() + rest, NOTHING) == audio() + rest


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_every_byte_of_the_audio_counts():
    data = audio(3)
    before = scan(data).essence.digest
    for at in range(len(data)):
        after = scan(flipped(data, at)).essence
        assert after is None or after.digest != before


REPEATED = {
    "headers without frames": b"\xff\xfb\x92" * 1_700_000,
    "all ones": b"\xff" * 5_000_000,
    "frames and one byte": (frame(0, b"\xff\xf3\x14\x00", 24) * 2 + b"j") * 100_000,
    "frames and headers": (audio(2) + b"\xff\xfb\x92" * 87_000) * 19 + audio(2),
    "small frames": b"\xff\xf3\x14\x00".ljust(24, b"A") * 200_000,
    "empty tag frames": b"ID3\3\0\0\1\x7f\x7f\x7f" + b"PRIV\0\0\0\0\0\0" * 419_430,
    "stuffed tag": b"ID3\3\0\x80\1\x7f\x7f\x7f" + b"TXXX\0\0\0\2\0\0\xff\0\0" * 322_640,
    "lyrics": audio() + b"LYRICSEND" * 500_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", REPEATED)
def test_hostile_repetition_takes_less_than_two_seconds(name):
    data = audio(2) + REPEATED[name] if name == "headers without frames" else REPEATED[name]
    with speed.under(2):
        CONTAINER.recognises(io.BytesIO(data))
        scan(data)


def test_random_damage_never_raises_and_never_changes_the_essence_by_writing():
    rng = random.Random(1)
    seeds = [p.read_bytes() for p in sorted(VECTORS.glob("*/input.mp3"))]
    for _ in range(3000):
        data = bytearray(rng.choice(seeds))
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(data) + 1)
            kind = rng.randrange(4)
            if kind == 0 and at < len(data):
                data[at] = rng.choice((0, 0x7F, 0x80, 0xFF, rng.randrange(256)))
            elif kind == 1:
                del data[at : at + rng.randint(1, 200)]
            elif kind == 2:
                data[at:at] = data[: rng.randint(1, 300)]
            else:
                data[at:at] = bytes(rng.randint(1, 40))
        found = scan(bytes(data))
        try:
            new = scan(write(bytes(data), SIGNED))
        except RefusedError:
            continue
        assert new.essence.digest == found.essence.digest
        assert [c.value for c in new.carriers] == [b"eyJ.A.B", b"lyrics=full"]
        assert len(new.items) == len(found.items)


def run(*command):
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    program = shutil.which(command[0], path=path)  # mid3v2 comes with mutagen
    if program is None:
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run([program, *command[1:]], check=True, capture_output=True).stdout


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """Two seconds of noise from a real encoder, with its information frame and a title."""
    path = tmp_path_factory.mktemp("mp3") / "real.mp3"
    noise = "anoisesrc=d=2:c=pink:seed=1,aformat=channel_layouts=stereo"
    run("ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", noise, "-b:a", "128k",
        "-metadata", "title=Song", "-id3v2_version", "3", str(path))  # fmt: skip
    return path


EDITS = {
    "mid3v2": ("mid3v2", "-t", "New", "--TSRC", "USXXX2400001", "FILE"),
    "eyeD3": ("eyeD3", "-Q", "-t", "New", "FILE"),
    "eyeD3 2.4": ("eyeD3", "-Q", "--to-v2.4", "FILE"),
    "id3v2": ("id3v2", "-t", "New", "FILE"),
    "id3v2 -D": ("id3v2", "-D", "FILE"),
    "kid3": ("kid3-cli", "-c", "set title New", "FILE"),
    "mp3gain": ("mp3gain", "-q", "FILE"),
    "ffmpeg": ("ffmpeg", "-loglevel", "error", "-i", "FILE", "-c", "copy", "OUT"),
    "ffmpeg bare": (
        "ffmpeg",
        "-loglevel",
        "error",
        "-i",
        "FILE",
        "-c",
        "copy",
        "-write_xing",
        "0",
        "-id3v2_version",
        "0",
        "OUT",
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_the_essence_stays_when_a_real_tool_edits_tags(name, real, tmp_path):
    path, out = tmp_path / "a.mp3", tmp_path / "out.mp3"
    path.write_bytes(write(real.read_bytes(), SIGNED))
    names = {"FILE": str(path), "OUT": str(out)}
    run(*(names.get(word, word) for word in EDITS[name]))
    edited = (out if out.exists() else path).read_bytes()
    found = scan(edited)
    assert found.refusal is None
    assert found.essence.digest == scan(real.read_bytes()).essence.digest
    signed = write(edited, SIGNED)
    assert [c.value for c in scan(signed).carriers] == [b"eyJ.A.B", b"lyrics=full"]


@pytest.mark.requirement("MP3-030")
def test_real_readers_agree_on_what_we_wrote(real, tmp_path):
    path = tmp_path / "a.mp3"
    path.write_bytes(write(real.read_bytes(), Change(b"v" * 9000, "lyrics=full")))
    made = ID3(path)
    assert made.version == (2, 3, 0)
    assert made["TIT2"].text == ["Song"]
    assert made["TXXX:MUSICPROV"].text == ["v" * 9000]
    tags = json.loads(
        run("ffprobe", "-v", "error", "-show_entries", "format_tags", "-of", "json", str(path))
    )
    assert tags["format"]["tags"]["AI_DISCLOSURE"] == "lyrics=full"
    assert tags["format"]["tags"]["title"] == "Song"
    decoded = [run("ffmpeg", "-v", "error", "-i", str(p), "-f", "md5", "-") for p in (real, path)]
    assert decoded[0] == decoded[1]
