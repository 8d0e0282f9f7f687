"""Build the vectors of bindings, or compare them with what stands here (``--check``).

Deterministic, and independent of the code it tests: audio is put together here byte by byte,
digests are made with hashlib over bytes that this script wrote itself, scores are worked out
with fractions, one bit at a time. Nothing is imported from the package.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import sys
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).parent
RATE = 44_100


# --- digests and files -------------------------------------------------------------------


def spelled(data: bytes) -> str:
    raw = hashlib.sha256(data).digest()
    return "sha-256:" + base64.urlsafe_b64encode(raw).decode().rstrip("=")


def samples_digest(wide: bytes, channels: int, *, rate: int = RATE, kind: int = 1) -> str:
    """``wide`` holds the samples as the chapter wants them: 32 bits, little-endian."""
    return spelled(b"pcm/1\x00" + struct.pack(">IHB", rate, channels, kind) + wide)


def left_justified(values: list[int], bits: int) -> bytes:
    return b"".join(struct.pack("<i", v * 2 ** (32 - bits)) for v in values)


def packed(values: list[int], bits: int, order: str) -> bytes:
    return b"".join(v.to_bytes(bits // 8, order, signed=True) for v in values)


def chunk(name: bytes, body: bytes, order: str) -> bytes:
    return name + len(body).to_bytes(4, order) + body + b"\x00" * (len(body) % 2)


def wav(data: bytes, channels: int, bits: int, *, kind: int = 1, rate: int = RATE) -> bytes:
    step = channels * bits // 8
    fmt = struct.pack("<HHIIHH", kind, channels, rate, rate * step, step, bits)
    body = b"WAVE" + chunk(b"fmt ", fmt, "little") + chunk(b"data", data, "little")
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def two_data(made: bytes) -> bytes:
    """A WAV file with its last chunk, which is its audio, once more."""
    body = made[8:] + made[made.index(b"data") :]
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def rf64(data: bytes, channels: int, bits: int) -> bytes:
    step = channels * bits // 8
    fmt = struct.pack("<HHIIHH", 1, channels, RATE, RATE * step, step, bits)
    tail = chunk(b"fmt ", fmt, "little") + b"data" + b"\xff" * 4 + data
    size = 4 + 8 + 28 + len(tail)
    ds64 = struct.pack("<QQQI", size, len(data), len(data) // step, 0)
    return b"RF64" + b"\xff" * 4 + b"WAVE" + chunk(b"ds64", ds64, "little") + tail


def aiff(data: bytes, channels: int, bits: int, *, compression: bytes = b"") -> bytes:
    mantissa = RATE << 48  # 44,100 = 0xAC44 needs 16 bits; the point stands after bit 15
    rate = struct.pack(">HQ", 16383 + 15, mantissa)
    comm = struct.pack(">hIh", channels, len(data) // (channels * bits // 8), bits) + rate
    kind = b"AIFF"
    lead = b""
    if compression:
        kind, comm = b"AIFC", comm + compression + b"\x00\x00"
        lead = chunk(b"FVER", bytes.fromhex("A2805140"), "big")
    body = kind + lead + chunk(b"COMM", comm, "big") + chunk(b"SSND", bytes(8) + data, "big")
    return b"FORM" + len(body).to_bytes(4, "big") + body


# --- pcm ---------------------------------------------------------------------------------

MONO = [0, 1, -1, 32767, -32768, 256, -257, 1234, 0, 1]
STEREO = [0, 0, 100, -100, 32767, -32768, 5, 6, -7, 8, 1, -1]
DEEP = [0, 1, -1, 8388607, -8388608, 65536, -65537, 4660, 255, -256]


def pcm_cases() -> dict[str, tuple[dict[str, object], bytes]]:
    mono = samples_digest(left_justified(MONO, 16), 1)
    stereo = samples_digest(left_justified(STEREO, 16), 2)
    deep = samples_digest(left_justified(DEEP, 24), 1)
    in24 = packed([v << 8 for v in MONO], 24, "little")
    in32 = packed([v << 16 for v in MONO], 32, "little")
    in24be = packed([v << 8 for v in MONO], 24, "big")
    bytes8 = [0, 1, -1, 127, -128, 64]
    unsigned = bytes(v + 128 for v in bytes8)
    eight = samples_digest(left_justified(bytes8, 8), 1)
    floats = struct.pack("<4f", 0.0, 1.0, -0.5, 0.25)
    double = struct.pack("<2d", 0.0, 1.0)
    half = samples_digest(left_justified(MONO, 16), 1, rate=22_050)

    def le(values: list[int]) -> bytes:
        return packed(values, 16, "little")

    def be(values: list[int]) -> bytes:
        return packed(values, 16, "big")

    return {
        "pcm-wav16-mono": pcm(
            "16-bit mono WAV.", wav(le(MONO), 1, 16), mono, ["BND-020", "BND-021"]
        ),
        "pcm-wav16-stereo": pcm(
            "16-bit stereo WAV: interleaved as it stands.",
            wav(le(STEREO), 2, 16),
            stereo,
            ["BND-020"],
        ),
        "pcm-wav24-of-16": pcm(
            "The same samples in 24 bits: the same digest.", wav(in24, 1, 24), mono, ["BND-021"]
        ),
        "pcm-wav32-of-16": pcm(
            "The same samples in 32 bits: the same digest.", wav(in32, 1, 32), mono, ["BND-021"]
        ),
        "pcm-wav24": pcm(
            "24-bit WAV that uses all bits.",
            wav(packed(DEEP, 24, "little"), 1, 24),
            deep,
            ["BND-021"],
        ),
        "pcm-rf64": pcm(
            "RF64, sizes in ds64.", rf64(le(MONO), 1, 16), mono, ["BND-020", "BND-024"]
        ),
        "pcm-aiff16": pcm(
            "The same samples in AIFF, big-endian.",
            aiff(be(MONO), 1, 16),
            mono,
            ["BND-020", "BND-024"],
        ),
        "pcm-aiff24-of-16": pcm(
            "The same samples in 24-bit AIFF.", aiff(in24be, 1, 24), mono, ["BND-021"]
        ),
        "pcm-aifc-sowt": pcm(
            "AIFF-C, little-endian samples.",
            aiff(le(STEREO), 2, 16, compression=b"sowt"),
            stereo,
            ["BND-020"],
        ),
        "pcm-wav8": pcm(
            "8-bit WAV is unsigned: 128 is zero.", wav(unsigned, 1, 8), eight, ["BND-021"]
        ),
        "pcm-aiff8": pcm(
            "8-bit AIFF is signed: the same samples, the same digest.",
            aiff(packed(bytes8, 8, "big"), 1, 8),
            eight,
            ["BND-021"],
        ),
        "pcm-float32": pcm(
            "32-bit float is hashed bit for bit.",
            wav(floats, 1, 32, kind=3),
            samples_digest(floats, 1, kind=3),
            ["BND-020"],
        ),
        "pcm-float64": pcm(
            "64-bit float has no samples digest.",
            wav(double, 1, 64, kind=3),
            None,
            ["BND-022"],
            reason="float64",
            danger="Rounding that tools disagree about would be hashed.",
        ),
        "pcm-three-channels": pcm(
            "Three channels have no samples digest.",
            wav(le([1, 2, 3] * 4), 3, 16),
            None,
            ["BND-022"],
            reason="channels",
            danger="Tools order channels differently above two.",
        ),
        "pcm-one-data": pcm(
            "A file with one data chunk, which no rule refuses.",
            wav(le(MONO), 1, 16),
            mono,
            ["BND-025"],
        ),
        "pcm-refused": pcm(
            "A second data chunk: the file is refused, and has no samples digest.",
            two_data(wav(le(MONO), 1, 16)),
            None,
            ["BND-025"],
            reason="essence-refused",
            danger="Of two pieces of audio one would be confirmed, and the other played.",
        ),
        "pcm-other-rate": pcm(
            "The same sample values at another rate are another recording.",
            wav(le(MONO), 1, 16, rate=22_050),
            half,
            ["BND-020"],
            danger="A copy at half speed would pass.",
        ),
    }


def pcm(
    description: str,
    data: bytes,
    digest: str | None,
    requirements: list[str],
    *,
    reason: str | None = None,
    danger: str = "Equal samples would not be recognised, or other ones would.",
) -> tuple[dict[str, object], bytes]:
    expect: dict[str, object] = {"digest": digest}
    if reason:
        expect["reason"] = reason
    case = {
        "operation": "pcm",
        "requirements": requirements,
        "description": description,
        "danger": danger,
        "input": "input.aiff" if data[:4] == b"FORM" else "input.wav",
        "expect": expect,
    }
    return case, data


# --- score: an implementation of its own, slow and plain -----------------------------------


def noise(seed: int, count: int) -> list[int]:
    """Values from SHA-256 of a counter: reproducible, without a generator's quirks."""
    words: list[int] = []
    block = 0
    while len(words) < count:
        words += struct.unpack(">8I", hashlib.sha256(f"{seed}/{block}".encode()).digest())
        block += 1
    return words[:count]


def with_errors(values: list[int], seed: int, one_in: int) -> list[int]:
    """Flip about one bit in ``one_in``."""
    flips = noise(seed, len(values) * 32)
    return [
        v ^ sum(1 << k for k in range(32) if flips[32 * i + k] % one_in == 0)
        for i, v in enumerate(values)
    ]


def bits_of(values: list[int]) -> list[list[int]]:
    return [[v >> k & 1 for k in range(32)] for v in values]


def chance_corrected(a: list[list[int]], b: list[list[int]]) -> Fraction | None:
    n = len(a)
    equal = sum(
        x == y for row, other in zip(a, b, strict=True) for x, y in zip(row, other, strict=True)
    )
    s = Fraction(equal, 32 * n)
    e = Fraction(0)
    for k in range(32):
        p = Fraction(sum(row[k] for row in a), n)
        q = Fraction(sum(row[k] for row in b), n)
        e += (p * q + (1 - p) * (1 - q)) / 32
    return None if e > Fraction(999, 1000) else (s - e) / (1 - e)


def permille(score: Fraction | None) -> int:
    return 0 if score is None or score < 0 else int(score * 1000)


def plain_likeness(first: list[int], second: list[int]) -> dict[str, int]:
    shorter = min(len(first), len(second))
    best: tuple[Fraction, int, int, int] | None = None
    for d in range(-81, 82):
        i, j = max(d, 0), max(-d, 0)
        n = min(len(first) - i, len(second) - j)
        if n < 162 or 2 * n < shorter:
            continue
        differ = sum(
            (x ^ y).bit_count() for x, y in zip(first[i : i + n], second[j : j + n], strict=True)
        )
        key = (Fraction(32 * n - differ, 32 * n), -abs(d), d > 0)
        if best is None or key > (best[0], -abs(best[1]), best[1] > 0):
            best = (key[0], d, n, 0)
    if best is None:
        return {"score": 0, "coverage": 0}
    _, d, n, _ = best
    i, j = max(d, 0), max(-d, 0)
    a, b = bits_of(first), bits_of(second)
    score = permille(chance_corrected(a[i : i + n], b[j : j + n]))
    starts = [0] if n <= 243 else [*range(0, n - 242, 243)] + ([n - 243] if n % 243 else [])
    length = min(n, 243)
    counted = alike = 0
    for start in starts:
        window = b[j + start : j + start + length]
        if chance_corrected(a[i + start : i + start + length], window) is None:
            continue
        counted += 1
        tried = [i + start + shift for shift in (-1, 0, 1)]
        scores = [
            permille(chance_corrected(a[t : t + length], window))
            for t in tried
            if 0 <= t <= len(a) - length
        ]
        alike += max(scores) >= 350
    return {"score": score, "coverage": 1000 * alike // counted if counted else 0}


def score_cases() -> dict[str, dict[str, object]]:
    song = noise(1, 600)
    other = noise(2, 600)
    lossy = with_errors(song, 3, 20)
    half_replaced = song[:300] + other[300:]
    quiet = song[:243] + [7] * 243 + song[486:]
    biased = [v | 0xFFFF0000 for v in song]
    biased_other = [v | 0xFFFF0000 for v in other]
    return {
        "score-equal": score("Equal rows.", song, song, {"score": 1000, "coverage": 1000}),
        "score-lossy": score("One bit in twenty differs.", song, lossy),
        "score-other": score("Two unrelated rows.", song, other),
        "score-shifted-81": score(
            "The head is cut by 81 values: still found.",
            song[81:],
            song,
            {"score": 1000, "coverage": 1000},
        ),
        "score-shifted-82": score("The head is cut by 82 values: out of reach.", song[82:], song),
        "score-tail-cut": score("The last fifth is missing.", song, lossy[:480]),
        "score-half-replaced": score(
            "The second half is another track.",
            song,
            half_replaced,
            danger="A song whose rest was replaced would pass as the same.",
        ),
        "score-last-window": score(
            "The last 200 of 600 values are another track: the last window ends where the overlap ends.",
            song,
            song[:400] + other[400:],
            danger="A replaced ending would not be seen.",
        ),
        "score-silent-window": score(
            "One window is constant on both sides and tells nothing.",
            quiet,
            with_errors(quiet[:243], 4, 20) + quiet[243:486] + with_errors(quiet[486:], 5, 20),
        ),
        "score-window-silenced": score(
            "One window of the second row is constant.",
            song,
            quiet,
            danger="Muted vocals would not be seen.",
        ),
        "score-constant": score(
            "Two equal constant rows: agreement shows nothing.",
            [5] * 300,
            [5] * 300,
            {"score": 0, "coverage": 0},
            danger="Silence would match silence.",
        ),
        "score-biased": score(
            "Half of the bits are always one in both rows: plain agreement is 0.75.",
            biased,
            biased_other,
            danger="Drones would match drones.",
        ),
        "score-too-little-overlap": score(
            "161 values: no overlap counts.", song[:161], song[:161], {"score": 0, "coverage": 0}
        ),
        "score-least-overlap": score(
            "162 values.", song[:162], song[:162], {"score": 1000, "coverage": 1000}
        ),
        "score-opposite": score(
            "Every bit is the other way: only chance at another offset is left.",
            song,
            [v ^ 0xFFFFFFFF for v in song],
        ),
    }


def score(
    description: str,
    first: list[int],
    second: list[int],
    known: dict[str, int] | None = None,
    *,
    danger: str = "Two verifiers would judge the same pair differently.",
) -> dict[str, object]:
    expect = plain_likeness(first, second)
    if known is not None and known != expect:
        raise SystemExit(f"{description}: worked out {expect}, known {known}")
    return {
        "operation": "score",
        "requirements": ["BND-034", "BND-035"],
        "description": description,
        "danger": danger,
        "first": first,
        "second": second,
        "expect": expect,
    }


# --- compare -----------------------------------------------------------------------------


def compressed(values: list[int]) -> str:
    """The compressed form of 5.5.1, written bit by bit."""
    threes: list[int] = []
    fives: list[int] = []
    before = 0
    for value in values:
        last = -1
        for bit in range(32):
            if (value ^ before) >> bit & 1:
                distance = bit - last
                last = bit
                threes.append(min(distance, 7))
                if distance >= 7:
                    fives.append(distance - 7)
        threes.append(0)
        before = value
    body = bit_string(threes, 3) + bit_string(fives, 5)
    data = bytes([1]) + len(values).to_bytes(3, "big") + body
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def bit_string(numbers: list[int], width: int) -> bytes:
    bits = [n >> k & 1 for n in numbers for k in range(width)]
    bits += [0] * (-len(bits) % 8)
    return bytes(
        sum(bit << k for k, bit in enumerate(bits[i : i + 8])) for i in range(0, len(bits), 8)
    )


def essence(name: str, **presentation: object) -> dict[str, object]:
    return {
        "tier": "essence",
        "profile": "flac",
        "digest": spelled(name.encode()),
        "presentation": presentation,
    }


def samples(name: str, count: int = 441_000, bits: int = 16) -> dict[str, object]:
    return {
        "tier": "samples",
        "digest": spelled(name.encode()),
        "rate": RATE,
        "channels": 2,
        "bits": bits,
        "samples": count,
    }


def fingerprint(values: list[int], seconds: int = 40) -> dict[str, object]:
    return {
        "tier": "fingerprint",
        "algorithm": "chromaprint-1",
        "value": compressed(values),
        "durationMs": seconds * 1000,
    }


SONG, OTHER = noise(11, 320), noise(12, 320)
LOSSY = with_errors(SONG, 13, 20)
WORSE = with_errors(SONG, 14, 4)
PART = SONG[:120] + OTHER[120:]


def compare_cases() -> dict[str, dict[str, object]]:
    e, s, f = essence("a", startTrim=0, endTrim=0), samples("s"), fingerprint(SONG)
    e2, s2 = essence("b"), samples("t")
    all3 = [e, s, f]
    second = RATE
    unusable = {**f, "value": "AQ"}
    return {
        "compare-exact": compare(
            "Tier 1 is equal.", all3, [e], ["binding.exact"], ["BND-040", "BND-047"]
        ),
        "compare-exact-one-of-several": compare(
            "One of several recorded files.", [e2, e, s], [e], ["binding.exact"], ["BND-050"]
        ),
        "compare-gain-changed": compare(
            "Equal, but a gain was written into the header.",
            [e],
            [essence("a", startTrim=0, endTrim=0, gain=-512)],
            ["binding.exact", "presentation.changed"],
            ["BND-013"],
            danger="A muted copy would look untouched.",
        ),
        "compare-trim-of-one-second": compare(
            "A trim changed by one second exactly.",
            [e],
            [essence("a", startTrim=second, endTrim=0)],
            ["binding.exact", "presentation.changed"],
            ["BND-013"],
        ),
        "compare-trim-over-one-second": compare(
            "A trim changed by a second and one sample.",
            [e],
            [essence("a", startTrim=second + 1, endTrim=0)],
            ["binding.exact", "presentation.cut"],
            ["BND-014"],
            danger="An edit list that plays ten seconds would pass.",
        ),
        "compare-trim-unstated-then": compare(
            "No trim was stated when signed, a long one is now.",
            [essence("a")],
            [essence("a", startTrim=10 * second)],
            ["binding.exact", "presentation.cut"],
            ["BND-012", "BND-014"],
            danger="An edit list added afterwards would pass.",
        ),
        "compare-trim-unstated-zero": compare(
            "A zero that was not stated is no change.",
            [essence("a")],
            [e],
            ["binding.exact"],
            ["BND-012"],
        ),
        "compare-duration-cut": compare(
            "Less is presented.",
            [essence("a", duration=441_000)],
            [essence("a", duration=44_100)],
            ["binding.exact", "presentation.cut"],
            ["BND-014"],
        ),
        "compare-end-by-duration": compare(
            "The same is presented; what is left over at the end is counted differently.",
            [essence("a", startTrim=312, endTrim=648, duration=441_000)],
            [essence("a", startTrim=312, endTrim=0, duration=441_000)],
            ["binding.exact"],
            ["BND-012"],
        ),
        "compare-end-by-duration-and-more": compare(
            "The same length is presented, but more than a second is left over at the end.",
            [essence("a", startTrim=0, endTrim=0, duration=441_000)],
            [essence("a", startTrim=0, endTrim=second + 1, duration=441_000)],
            ["binding.exact", "presentation.cut"],
            ["BND-012", "BND-014"],
            danger="A time scale of half the rate, which some players play at half the speed.",
        ),
        "compare-end-by-trim": compare(
            "Only one side states a duration: the trims at the end are compared.",
            [essence("a", startTrim=0, endTrim=0, duration=441_000)],
            [essence("a", startTrim=0, endTrim=second + 1)],
            ["binding.exact", "presentation.cut"],
            ["BND-012", "BND-014"],
            danger="A trim at the end that is hidden by leaving the duration out.",
        ),
        "compare-duration-unstated": compare(
            "A duration that one side does not state is not compared.",
            [essence("a", duration=441_000)],
            [essence("a")],
            ["binding.exact"],
            ["BND-012"],
        ),
        "compare-unusual-now": compare(
            "An edit list that repeats a part.",
            [e],
            [essence("a", startTrim=0, endTrim=0, unusual=True)],
            ["binding.exact", "presentation.cut"],
            ["BND-014"],
        ),
        "compare-unusual-then": compare(
            "It was unusual when it was signed.",
            [essence("a", unusual=True)],
            [essence("a", unusual=True)],
            ["binding.exact"],
            ["BND-014"],
        ),
        "compare-best-presentation": compare(
            "Two recorded entries have the digest; one fits.",
            [essence("a", startTrim=10 * second), e],
            [e],
            ["binding.exact"],
            ["BND-015"],
        ),
        "compare-lossless": compare(
            "Tier 1 differs, tier 2 is equal.", all3, [e2, s], ["binding.lossless"], ["BND-040"]
        ),
        "compare-lossless-cut": compare(
            "Equal samples of which the file plays a part.",
            all3,
            [essence("b", duration=100_000), s],
            ["binding.lossless", "presentation.cut"],
            ["BND-016"],
            danger="A re-encoded copy with an edit list would pass.",
        ),
        "compare-lossless-second-entry": compare(
            "The 16-bit delivery of a 24-bit master.",
            [e, samples("m", bits=24), s],
            [e2, s],
            ["binding.lossless"],
            ["BND-051"],
        ),
        "compare-samples-changed": compare(
            "Same format and length, other samples, and it sounds the same.",
            all3,
            [e2, s2, fingerprint(LOSSY)],
            ["binding.mismatch"],
            ["BND-044"],
            danger="An edited word would pass as a re-encoding.",
        ),
        "compare-samples-of-other-length": compare(
            "Other length: tier 3 decides.",
            all3,
            [e2, samples("t", 440_000), fingerprint(LOSSY)],
            ["binding.similar"],
            ["BND-040"],
        ),
        "compare-similar": compare(
            "A lossy copy.",
            all3,
            [e2, fingerprint(LOSSY)],
            ["binding.similar"],
            ["BND-036", "BND-041", "BND-043"],
            missing={"samples": "not-lossless"},
            danger="A lookalike would confirm.",
        ),
        "compare-altered-score": compare(
            "Likeness between 350 and 600.",
            all3,
            [e2, fingerprint(WORSE)],
            ["binding.altered"],
            ["BND-036"],
            missing={"samples": "not-lossless"},
        ),
        "compare-altered-duration": compare(
            "Alike, and ten seconds longer.",
            all3,
            [e2, fingerprint(LOSSY, 50)],
            ["binding.altered"],
            ["BND-036"],
            missing={"samples": "not-lossless"},
            danger="A verse added at the end would not be seen.",
        ),
        "compare-altered-part": compare(
            "The rest of the track is another one.",
            all3,
            [e2, fingerprint(PART)],
            ["binding.altered"],
            ["BND-036"],
            missing={"samples": "not-lossless"},
        ),
        "compare-other-recording": compare(
            "Another track.",
            all3,
            [e2, samples("t", 99_999), fingerprint(OTHER)],
            ["binding.mismatch"],
            ["BND-040"],
            danger="A statement moved to another recording would pass.",
        ),
        "compare-essence-only-differs": compare(
            "Only tier 1 was recorded, and it differs.",
            [e],
            [e2],
            ["binding.mismatch"],
            ["BND-040"],
        ),
        "compare-samples-not-applicable": compare(
            "A lossy file, and no fingerprint was recorded.",
            [e, s],
            [e2],
            ["binding.mismatch"],
            ["BND-041"],
            missing={"samples": "not-lossless"},
        ),
        "compare-no-extra": compare(
            "This machine cannot decode.",
            all3,
            [e2],
            ["binding.not-checked", "binding.not-checked"],
            ["BND-042", "BND-045"],
            missing={"samples": "extra-missing", "fingerprint": "extra-missing"},
            danger="The verdict would depend on what is installed.",
        ),
        "compare-no-library": compare(
            "A lossy copy, and no fingerprint library.",
            all3,
            [e2],
            ["binding.not-checked"],
            ["BND-042"],
            missing={"samples": "not-lossless", "fingerprint": "library-missing"},
        ),
        "compare-similar-without-samples": compare(
            "Tier 2 failed, tier 3 did not.",
            all3,
            [e2, fingerprint(LOSSY)],
            ["binding.similar"],
            ["BND-040"],
            missing={"samples": "stream-disagrees"},
        ),
        "compare-silence-in-hand": compare(
            "The file in hand is silent.",
            all3,
            [e2],
            ["binding.mismatch"],
            ["BND-037"],
            missing={"samples": "not-lossless", "fingerprint": "too-uniform"},
            ineligible=fingerprint([5] * 320),
        ),
        "compare-much-shorter": compare(
            "The file in hand is ten seconds long.",
            all3,
            [e2],
            ["binding.mismatch"],
            ["BND-037"],
            missing={"samples": "not-lossless", "fingerprint": "too-short"},
            ineligible=fingerprint(SONG[:60], 10),
        ),
        "compare-just-too-short": compare(
            "The recorded track has 31 seconds, the one in hand 29.",
            [e, fingerprint(SONG[:243], 31)],
            [e2],
            ["binding.not-checked"],
            ["BND-037"],
            missing={"fingerprint": "too-short"},
            ineligible=fingerprint(SONG[:230], 29),
        ),
        "compare-recorded-unusable": compare(
            "The recorded fingerprint is damaged.",
            [e, unusable],
            [e2, fingerprint(SONG)],
            ["binding.not-checked"],
            ["BND-038"],
        ),
        "compare-recorded-silence": compare(
            "The recorded fingerprint is that of silence.",
            [e, fingerprint([5] * 320)],
            [e2, fingerprint(SONG)],
            ["binding.not-checked"],
            ["BND-033", "BND-038"],
            danger="A statement bound to silence would match silence.",
        ),
        "compare-refused-alone": compare(
            "A rule refuses the file; only tier 1 was recorded.",
            [e],
            [],
            ["binding.unsupported", "essence.refused"],
            ["BND-006", "BND-046"],
            rule="mp4.fragmented",
            missing={"essence": "essence-refused"},
        ),
        "compare-refused-lossless": compare(
            "A rule refuses the file: it has no samples digest either.",
            [e, s],
            [],
            ["binding.unsupported", "essence.refused"],
            ["BND-025", "BND-046"],
            danger="What one decoder reads would be confirmed, and another player plays other audio.",
            rule="mp4.box-place",
            missing={"essence": "essence-refused", "samples": "essence-refused"},
        ),
        "compare-refused-undecoded": compare(
            "A rule refuses the file, and this machine cannot decode.",
            all3,
            [],
            ["binding.not-checked", "essence.refused"],
            ["BND-045"],
            rule="ogg.chained",
            missing={
                "essence": "essence-refused",
                "samples": "essence-refused",
                "fingerprint": "extra-missing",
            },
        ),
        "compare-refused-other": compare(
            "A rule refuses the file, and it sounds different.",
            all3,
            [fingerprint(OTHER)],
            ["binding.mismatch", "essence.refused"],
            ["BND-042"],
            rule="mp3.free-format",
            missing={"essence": "essence-refused", "samples": "not-lossless"},
        ),
        "compare-unbound": compare(
            "The statement records no binding.",
            [],
            [e],
            ["binding.not-checked"],
            ["BND-040"],
            danger="A statement about nothing would hold for everything.",
        ),
        "compare-unknown-tier": compare(
            "A tier that this version does not know is ignored.",
            [{"tier": "hologram", "value": "x"}, e],
            [e],
            ["binding.exact"],
            ["BND-003"],
        ),
        "compare-only-unknown-tier": compare(
            "Only a tier that this version does not know.",
            [{"tier": "hologram", "value": "x"}],
            [e],
            ["binding.not-checked"],
            ["BND-003"],
        ),
        "compare-samples-only-lossy": compare(
            "Only tier 2 was recorded, and the file is lossy.",
            [s],
            [e2],
            ["binding.not-checked"],
            ["BND-041", "BND-042"],
            missing={"samples": "not-lossless"},
        ),
    }


def compare(
    description: str,
    recorded: list[dict[str, object]],
    computed: list[dict[str, object]],
    codes: list[str],
    requirements: list[str],
    *,
    missing: dict[str, str] | None = None,
    ineligible: dict[str, object] | None = None,
    rule: str | None = None,
    danger: str = "Two verifiers would judge the same file differently.",
) -> dict[str, object]:
    file: dict[str, object] = {"rate": RATE, "computed": computed, "missing": missing or {}}
    if ineligible:
        file["ineligible"] = ineligible
    if rule:
        file["refusal"] = rule
    return {
        "operation": "compare",
        "requirements": requirements,
        "description": description,
        "danger": danger,
        "recorded": recorded,
        "file": file,
        "expect": {"codes": sorted(codes)},
    }


# --- writing -----------------------------------------------------------------------------


def files() -> dict[Path, bytes]:
    wanted: dict[Path, bytes] = {}
    for name, (case, data) in pcm_cases().items():
        wanted[HERE / name / str(case["input"])] = data
        wanted[HERE / name / "case.json"] = text(name, case)
    for name, case in {**score_cases(), **compare_cases()}.items():
        wanted[HERE / name / "case.json"] = text(name, case)
    return wanted


def text(name: str, case: dict[str, object]) -> bytes:
    """Readable, but with rows of numbers on one line."""
    members = {"id": f"bindings/{name}", **case, "source": "hand-made"}
    lines = [
        f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in members.items()
    ]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def main() -> int:
    wanted = files()
    present = {path for path in HERE.rglob("*") if path.is_file() and path.parent != HERE}
    if "--check" in sys.argv[1:]:
        wrong = [p for p, data in wanted.items() if not p.exists() or p.read_bytes() != data]
        for path in sorted({*wrong, *(present - wanted.keys())}):
            print(f"differs: {path.relative_to(HERE)}")
        return 1 if wrong or present - wanted.keys() else 0
    for path in present - wanted.keys():
        path.unlink()
    for path, data in wanted.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    print(f"{len(wanted)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
