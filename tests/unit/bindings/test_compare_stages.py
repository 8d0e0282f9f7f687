"""What is computed when: tier 1 first, a decoder last, and never for nothing."""

import hashlib
import io
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from provenance.bindings.base import (
    Computed,
    EssenceBinding,
    FingerprintBinding,
    Reason,
    SamplesBinding,
)
from provenance.bindings.compare import InHand, compare, compute, same_recording
from provenance.containers.base import AudioFacts, Essence, Refusal, Scan
from provenance.model.codes import Code
from provenance.model.limits import DEFAULT_LIMITS
from provenance.wire.digests import spell

ROOT = Path(sys.modules["provenance"].__file__).parents[1]
VALUES = [(i * 7919) % 65536 - 32768 for i in range(2000)]


def wav_scan(data, *, bits=16):
    params = struct.pack(">BIHB", 1, 44_100, 1, bits)
    return Scan(
        "wav",
        len(data),
        audio=AudioFacts("pcm", 44_100, 1, bits, len(data) // (bits // 8), True),
        essence=Essence("pcm-le", params, ((0, len(data)),)),
    )


def lossy_scan(data):
    return Scan(
        "mp3",
        len(data),
        audio=AudioFacts("mp3", 44_100, 2),
        essence=Essence("mp3", b"", ((0, len(data)),)),
    )


def pcm16(values):
    return struct.pack(f"<{len(values)}h", *values)


def pcm24(values):
    return b"".join((v << 8).to_bytes(3, "little", signed=True) for v in values)


def recorded(values):
    data = pcm16(values)
    framed = b"musicprov/essence/1\0pcm-le\0" + struct.pack(">BIHB", 1, 44_100, 1, 16) + data
    wide = b"".join(struct.pack("<i", v << 16) for v in values)
    hashed = b"pcm/1\0" + struct.pack(">IHB", 44_100, 1, 1) + wide
    return [
        EssenceBinding("pcm-le", spell(hashlib.sha256(framed).digest())),
        SamplesBinding(spell(hashlib.sha256(hashed).digest()), 44_100, 1, 16, len(values)),
        FingerprintBinding("chromaprint-1", "AQAAAA", 45),
    ]


def codes(found):
    return [f.code for f in found]


def check(bound, data, scan, **how):
    return compare(bound, InHand(io.BytesIO(data), scan, DEFAULT_LIMITS, **how))


@pytest.mark.requirement("BND-047")
def test_when_tier_1_holds_nothing_else_is_computed():
    data = pcm16(VALUES)

    found = check(recorded(VALUES), data, wav_scan(data))

    assert codes(found) == [Code.BINDING_EXACT]
    assert dict(found[0].detail) == {"tier": "essence", "profile": "pcm-le"}


@pytest.mark.requirement("BND-024")
def test_a_24_bit_copy_is_lossless_without_any_decoder():
    data = pcm24(VALUES)

    found = check(recorded(VALUES), data, wav_scan(data, bits=24), decode="never")

    assert codes(found) == [Code.BINDING_LOSSLESS]


@pytest.mark.requirement("BND-044")
def test_one_flipped_sample_is_a_mismatch_without_any_decoder():
    changed = [*VALUES[:700], VALUES[700] ^ 1, *VALUES[701:]]
    data = pcm16(changed)

    found = check(recorded(VALUES), data, wav_scan(data), decode="never")

    assert codes(found) == [Code.BINDING_MISMATCH]
    assert found[0].detail["cause"] == "samples-changed"


@pytest.mark.requirement("BND-073")
def test_with_decoding_off_a_recorded_fingerprint_is_not_checked():
    bound = [*recorded(VALUES)[:2], eligible()]
    data = bytes(1000)

    found = check(bound, data, lossy_scan(data), decode="never")

    assert codes(found) == [Code.BINDING_NOT_CHECKED]
    assert found[0].detail["cause"] == "decode-off"
    assert found[0].detail["hint"]


def test_bindings_may_be_given_as_they_stand_in_json_and_faulty_ones_bind_nothing():
    data = pcm16(VALUES)
    digest = recorded(VALUES)[0].digest
    plain = [{"tier": "samples"}, {"tier": "essence", "profile": "pcm-le", "digest": digest}]

    assert codes(check(plain, data, wav_scan(data))) == [Code.BINDING_EXACT]


@pytest.mark.requirement("BND-046")
def test_a_refused_file_is_unsupported_when_only_tier_1_was_recorded():
    scan = Scan("mp4", 10, refusal=Refusal("mp4.fragmented"))

    found = check(recorded(VALUES)[:1], bytes(10), scan)

    assert codes(found) == [Code.BINDING_UNSUPPORTED, Code.ESSENCE_REFUSED]
    assert {f.detail["rule"] for f in found} == {"mp4.fragmented"}


def test_a_file_that_became_shorter_raises_end_of_file():
    data = pcm16(VALUES)
    scan = wav_scan(data)

    with pytest.raises(EOFError):
        check(recorded(VALUES), data[:-10], scan)


@pytest.mark.requirement("BND-052")
def test_what_could_not_be_computed_has_a_reason():
    data = bytes(1000)

    made = compute(io.BytesIO(data), lossy_scan(data), DEFAULT_LIMITS, decode="never")

    assert made.essence is not None
    assert made.missing == {"samples": Reason.NOT_LOSSLESS, "fingerprint": Reason.DECODE_OFF}


def test_only_the_wanted_tiers_are_computed():
    data = pcm16(VALUES)

    made = compute(io.BytesIO(data), wav_scan(data), DEFAULT_LIMITS, want=frozenset({"samples"}))

    assert [b.tier for b in made.bindings] == ["samples"]
    assert not made.missing


@pytest.mark.requirement("BND-071")
def test_one_decoder_run_serves_every_statement_about_a_file(monkeypatch):
    from provenance.bindings import _decoder

    runs = []

    def decoded(stream, scan, limits, tiers):
        runs.append(set(tiers))
        return _decoder.Decoded(missing=dict.fromkeys(tiers, Reason.CRASHED))

    monkeypatch.setattr(_decoder, "decode", decoded)
    samples, print_ = recorded(VALUES)[1], eligible()
    audio = AudioFacts("flac", 44_100, 1, 16, 1000, lossless=True)
    flac = Scan("flac", 9, audio=audio, essence=Essence("flac", b"", ((0, 0),)))
    hand = InHand(io.BytesIO(b""), flac, DEFAULT_LIMITS)

    first, second = compare([samples], hand), compare([print_], hand)

    assert runs == [{"samples", "fingerprint"}]
    assert [f.detail["tier"] for f in (*first, *second)] == ["samples", "fingerprint"]
    assert codes((*first, *second)) == [Code.BINDING_NOT_CHECKED] * 2


def test_comparing_imports_no_decoder_and_starts_no_process():
    script = (
        "import sys; import provenance.bindings.compare; "
        "print([m for m in ('av', 'acoustid', 'chromaprint', 'subprocess') if m in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT)},
    )

    assert done.stdout.strip() == "[]"


# --- several files, one recording ----------------------------------------------------------


def eligible(seed=1, one_in=0):
    """A fingerprint of 300 values in the chapter's compressed form, made here."""
    import base64

    state, values = seed, []
    for _ in range(300):
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        values.append(state >> 32)
    if one_in:
        values = [v ^ (1 << (i % 32) if i % one_in == 0 else 0) for i, v in enumerate(values)]
    threes, fives, before = "", "", 0
    for value in values:
        last = -1
        for bit in range(32):
            if (value ^ before) >> bit & 1:
                threes += f"{min(bit - last, 7):03b}"[::-1]
                fives += f"{bit - last - 7:05b}"[::-1] if bit - last >= 7 else ""
                last = bit
        threes, before = threes + "000", value
    body = b"".join(
        int(bits[::-1], 2).to_bytes((len(bits) + 7) // 8, "little")
        for bits in (threes, fives)
        if bits
    )
    data = b"\x01" + len(values).to_bytes(3, "big") + body
    return FingerprintBinding(
        "chromaprint-1", base64.urlsafe_b64encode(data).decode().rstrip("="), 37_000
    )


def facts(*bindings, **missing):
    return Computed(bindings, missing)


ESSENCE, OTHER_ESSENCE = EssenceBinding("flac", "sha-256:a"), EssenceBinding("mp3", "sha-256:b")
SAMPLES = SamplesBinding("sha-256:s", 44_100, 2, 16, 10)
TOO_SHORT = {"fingerprint": Reason.TOO_SHORT}


def named(files):
    return {f"{number}.wav": found for number, found in enumerate(files)}


@pytest.mark.requirement("BND-060")
@pytest.mark.parametrize(
    "files",
    [
        [],
        [facts(ESSENCE)],
        [facts(ESSENCE, **TOO_SHORT), facts(ESSENCE, **TOO_SHORT)],
        [facts(ESSENCE, SAMPLES, **TOO_SHORT), facts(OTHER_ESSENCE, SAMPLES, **TOO_SHORT)],
        [facts(ESSENCE, eligible()), facts(OTHER_ESSENCE, eligible(1, 3))],
    ],
)
def test_files_whose_pairs_agree_are_one_recording(files):
    assert same_recording(named(files)) is None


@pytest.mark.requirement("BND-060")
@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            [facts(ESSENCE, eligible(1)), facts(OTHER_ESSENCE, eligible(2))],
            "^0.wav and 1.wav: .* score 0.0",
        ),
        (
            [facts(ESSENCE, SAMPLES), facts(ESSENCE), facts(OTHER_ESSENCE)],
            "^0.wav and 2.wav: .*not asked for",
        ),
        (
            [facts(ESSENCE, eligible(1)), facts(OTHER_ESSENCE, **TOO_SHORT)],
            "shorter than 30 seconds",
        ),
        ([facts(ESSENCE, fingerprint=Reason.EXTRA_MISSING), facts(OTHER_ESSENCE)], "pip install"),
    ],
)
def test_a_pair_that_is_not_shown_to_agree_is_named(files, words):
    doubt = same_recording(named(files))

    assert doubt is not None
    assert re.search(words, doubt)
