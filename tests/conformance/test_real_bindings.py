"""Bindings of real music: equal samples are equal, lossy copies alike, other tracks are not.

Needs a corpus (``MUSICPROV_TEST_CORPUS``: a folder with ``built/public/<format>``) and the extra
``audio``; without them the tests are skipped aloud. ``-s`` prints the figures of chapter 5.10.
"""

import io
import os
import struct
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from provenance.bindings.base import Computed
from provenance.bindings.compare import compute, judge, same_recording
from provenance.bindings.fingerprint import values_of
from provenance.bindings.score import likeness
from provenance.containers import identify, load
from provenance.model.codes import Code
from provenance.model.limits import DEFAULT_LIMITS

pytestmark = pytest.mark.corpus

CORPUS = os.environ.get("MUSICPROV_TEST_CORPUS")
if not CORPUS:
    pytest.skip(
        "no corpus of real music: set MUSICPROV_TEST_CORPUS (7 tests)", allow_module_level=True
    )
pytest.importorskip("av")
pytest.importorskip("chromaprint", exc_type=ImportError)

BUILT = Path(CORPUS) / "built" / "public"
DEPTH_16 = ("wav16", "aiff16", "flac5", "oggflac", "alac16")
DEPTH_24 = ("wav24", "rf64", "bwf", "aiff24", "flac24", "alac24")
LOSSY = ("mp3_320", "mp3_v0", "aac_256", "opus_96", "vorbis_q5")
TRACKS = sorted(p.stem for p in (BUILT / "wav16").glob("*.wav"))
SOME = TRACKS[:: max(1, len(TRACKS) // 20)][:20]
SOON = [*SOME[:2], *(pytest.param(track, marks=pytest.mark.slow) for track in SOME[2:])]
"""All of them, of which two stand for the others where it is late."""


def file_of(track, form):
    return next(p for p in (BUILT / form).iterdir() if p.stem == track)


def facts_of_stream(stream, want):
    scan = load(identify(stream)).scan(stream, DEFAULT_LIMITS, False)
    assert scan.refusal is None, scan.refusal
    return compute(stream, scan, DEFAULT_LIMITS, want=frozenset(want))


@cache
def facts(track, form):
    with file_of(track, form).open("rb") as stream:
        return facts_of_stream(stream, {"essence", "samples", "fingerprint"})


def prints(form="wav16", tracks=TRACKS[:30]):
    made = {track: facts(track, form).fingerprint for track in tracks}
    return {track: values_of(binding) for track, binding in made.items() if binding}


def pcm_of(track):
    """Rate, channels and 16-bit data of a WAV of the corpus, read by the standard library."""
    import wave

    with wave.open(str(file_of(track, "wav16"))) as wav:
        return wav.getframerate(), wav.getnchannels(), wav.readframes(wav.getnframes())


def wav(rate, channels, bits, data):
    step = channels * bits // 8
    fmt = struct.pack("<HHIIHH", 1, channels, rate, rate * step, step, bits)
    body = b"WAVEfmt " + struct.pack("<I", 16) + fmt + b"data" + struct.pack("<I", len(data)) + data
    return io.BytesIO(b"RIFF" + struct.pack("<I", len(body)) + body)


@pytest.mark.requirement("BND-020")
@pytest.mark.slow
@pytest.mark.parametrize("track", SOME)
@pytest.mark.parametrize("forms", [DEPTH_16, DEPTH_24], ids=["16 bit", "24 bit"])
def test_every_lossless_form_of_a_track_has_one_samples_digest(track, forms):
    made = {form: facts(track, form).samples for form in forms}

    assert None not in made.values()
    assert len({(b.digest, b.shape) for b in made.values()}) == 1


@pytest.mark.slow
@pytest.mark.requirement("BND-005")
@pytest.mark.parametrize("track", SOON)
def test_the_same_coded_audio_in_another_container_has_the_same_essence_digest(track):
    digests = {facts(track, form).essence.digest for form in ("wav24", "rf64", "bwf")}

    assert len(digests) == 1


@pytest.mark.requirement("BND-021")
@pytest.mark.parametrize("track", SOON)
def test_16_bits_in_24_have_the_same_samples_digest(track):
    rate, channels, data = pcm_of(track)
    wide = bytearray(len(data) // 2 * 3)
    wide[1::3], wide[2::3] = data[0::2], data[1::2]

    made = facts_of_stream(wav(rate, channels, 24, bytes(wide)), {"samples"})

    assert made.samples.digest == facts(track, "wav16").samples.digest


@pytest.mark.slow
@pytest.mark.requirement("BND-036")
@pytest.mark.parametrize("form", LOSSY)
def test_lossy_copies_are_similar(form, capsys):
    found = []
    for track in SOME:
        signed = facts(track, "wav24")
        if signed.fingerprint is None:
            continue
        codes = [f.code for f in judge(signed.bindings, facts(track, form), rate=44_100)]
        assert codes == [Code.BINDING_SIMILAR], track
        found.append(
            likeness(values_of(signed.fingerprint), values_of(facts(track, form).fingerprint))
        )
        assert same_recording({"signed": signed, form: facts(track, form)}) is None

    with capsys.disabled():
        print(
            f"\n{form}: {len(found)} tracks, lowest score {min(f.score for f in found)}, lowest coverage {min(f.coverage for f in found)}"
        )
    assert min(f.score for f in found) >= 800
    assert min(f.coverage for f in found) >= 900


@pytest.mark.slow
@pytest.mark.requirement("BND-034")
def test_different_tracks_are_not_alike(capsys):
    rows = prints()
    scores = {(a, b): likeness(rows[a], rows[b]).score for a, b in combinations(rows, 2)}

    with capsys.disabled():
        print(f"\n{len(scores)} pairs of different tracks, highest score {max(scores.values())}")
    assert max(scores.values()) < 350


@pytest.mark.slow
@pytest.mark.requirement("BND-035")
def test_a_replaced_second_half_is_never_similar(capsys):
    by_format = {}
    for track in prints():
        by_format.setdefault(pcm_of(track)[:2], []).append(track)
    pairs = [
        pair for same in by_format.values() for pair in zip(same[::2], same[1::2], strict=False)
    ]
    seen = []
    for one, two in pairs[:10]:
        rate, channels, data = pcm_of(one)
        other = pcm_of(two)[2]
        if len(other) < len(data):
            continue
        middle = len(data) // 2 // (2 * channels) * 2 * channels
        spliced = facts_of_stream(
            wav(rate, channels, 16, data[:middle] + other[middle : len(data)]), {"fingerprint"}
        )
        signed = facts(one, "wav16")
        code = judge([signed.fingerprint], spliced, rate=rate)[0].code
        if spliced.fingerprint:
            found = likeness(values_of(signed.fingerprint), values_of(spliced.fingerprint))
            seen.append((found.score, found.coverage))

        assert code in {Code.BINDING_ALTERED, Code.BINDING_MISMATCH}, (one, two)
    with capsys.disabled():
        print(f"\nsecond half replaced, (score, coverage): {sorted(seen)}")
    assert seen


@pytest.mark.requirement("BND-044")
def test_one_flipped_sample_of_a_real_track_is_a_mismatch():
    rate, channels, data = pcm_of(SOME[0])
    place = len(data) // 2
    flipped = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
    made = facts_of_stream(wav(rate, channels, 16, flipped), {"essence", "samples"})

    found = judge(facts(SOME[0], "flac5").bindings, made, rate=rate)

    assert isinstance(made, Computed)
    assert [f.code for f in found] == [Code.BINDING_MISMATCH]
