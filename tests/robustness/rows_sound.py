"""Rows that change the sound, or make another recording of it: never exact, never lossless."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from robustness.edits import (
    ALL_KINDS,
    ALTERED,
    DAMAGED,
    LOSSLESS_KINDS,
    LOSSY_KINDS,
    MISMATCH,
    OGG_KINDS,
    SIMILAR,
    Edit,
    Result,
    again,
    bits_of,
    byte_edit,
    copied,
    encoding,
    ffmpeg,
    in_place,
    kind_of,
    on,
    pages,
    run,
    seconds,
    to,
)

_SOME = Result(frozenset({"binding.similar", "binding.altered"}), "INDETERMINATE")
_DROPPED = replace(DAMAGED, bindings=DAMAGED.bindings | _SOME.bindings)
"""A second is missing in the middle: by the score, windows behind it fit or they do not."""


def _positions(ranges: Iterator[tuple[int, int]], left: int) -> Iterator[int]:
    for start, length in ranges:
        if left < length:
            yield start + left
        left -= length


def flipped(part: float) -> Callable[[Path, Path], Path]:
    """One bit of the coded audio, at a part of its length, changed; no checksum is mended."""

    def do(path: Path, folder: Path) -> Path:
        from provenance.containers import identify, load
        from provenance.model.limits import DEFAULT_LIMITS

        target = copied(path, folder)
        with target.open("r+b") as stream:
            ranges = load(identify(stream)).scan(stream, DEFAULT_LIMITS, False).essence.ranges
            at = next(_positions(ranges, int(sum(n for _, n in ranges) * part)))
            stream.seek(at)
            byte = stream.read(1)[0]
            stream.seek(at)
            stream.write(bytes((byte ^ 0x10,)))
        return target

    return do


def one_sample(path: Path, folder: Path) -> Path:
    """The lowest bit of one decoded sample, in the middle, changed; encoded as it was."""
    bits = bits_of(path)
    raw = folder / "raw"
    ffmpeg(path, raw, "-f", f"s{bits}le")
    data = bytearray(raw.read_bytes())
    data[len(data) // 2 // 12 * 12] ^= 1
    raw.write_bytes(data)
    shown = run("ffprobe", "-v", "error", "-select_streams", "a", "-show_entries",
                "stream=sample_rate,channels", "-of", "csv=p=0", path).decode()  # fmt: skip
    rate, channels = shown.strip().strip(",").split(",")[:2]
    target = folder / path.name
    run("ffmpeg", "-nostdin", "-v", "error", "-y", "-f", f"s{bits}le", "-ar", rate,
        "-ac", channels, "-i", raw, *encoding(kind_of(path), bits), target)  # fmt: skip
    return target


def filtered(graph: str) -> Callable[[Path, Path], Path]:
    """Decode, filter, encode as it was; ``{m}`` is the middle of the track in seconds."""

    def do(path: Path, folder: Path) -> Path:
        words = graph.replace("{m}", str(int(seconds(path)) // 2))
        return again(kind_of(path), path, folder / path.name, "-af", words)

    return do


def faster(path: Path, folder: Path) -> Path:
    """Six per cent faster and higher, at the old rate."""
    shown = run("ffprobe", "-v", "error", "-show_entries", "stream=sample_rate", "-of", "csv=p=0",
                path).decode()  # fmt: skip
    rate = int(shown.split()[0].strip(","))
    return filtered(f"asetrate={rate * 106 // 100},aresample={rate}")(path, folder)


def replaced_middle(path: Path, folder: Path) -> Path:
    """Thirty seconds in the middle replaced: the same music, backwards."""
    length = seconds(path)
    begin = (length - 30) / 2
    graph = (
        f"[0:a]asplit=3[a][b][c];[a]atrim=end={begin},asetpts=N/SR/TB[x];"
        f"[b]atrim=start={begin}:end={begin + 30},areverse,asetpts=N/SR/TB[y];"
        f"[c]atrim=start={begin + 30},asetpts=N/SR/TB[z];[x][y][z]concat=n=3:v=0:a=1[out]"
    )
    target = folder / path.name
    kind = kind_of(path)
    run("ffmpeg", "-nostdin", "-v", "error", "-y", "-i", path, "-filter_complex", graph,
        "-map", "[out]", *encoding(kind, bits_of(path)), target)  # fmt: skip
    return target


def backwards(path: Path, folder: Path) -> Path:
    """The whole track backwards: another recording under the same statement."""
    return again(kind_of(path), path, folder / path.name, "-af", "areverse")


def twice(path: Path, folder: Path) -> Path:
    """The file with itself behind it (``cat a a``): twice as long where players go on."""
    target = copied(path, folder)
    data = target.read_bytes()
    target.write_bytes(data + data)
    return target


def chained(path: Path, folder: Path) -> Path:
    """A second, reversed stream behind the first (``cat a b``): players play both."""
    inner = folder / kind_of(path)
    inner.mkdir()
    other = again(kind_of(path), path, inner / path.name, "-af", "areverse")
    target = copied(path, folder)
    target.write_bytes(target.read_bytes() + other.read_bytes())
    return target


def wrong_crc(data: bytearray) -> None:
    """One bit of the checksum of an audio page: players would drop the page."""
    every = list(pages(data))
    at, _ = every[len(every) // 2]
    data[at + 22] ^= 1


def page_gone(data: bytearray) -> None:
    """One audio page taken out of the middle."""
    every = list(pages(data))
    at, length = every[len(every) // 2]
    del data[at : at + length]


def wav_fields(rate: int = 1, split: bool = False) -> Callable[[bytearray], None]:
    """Another rate in fmt, or one channel at twice the length."""

    def do(data: bytearray) -> None:
        at = data.index(b"fmt ") + 8
        tag, channels, old, byte_rate, align, bits = struct.unpack_from("<HHIIHH", data, at)
        if split:
            new = (tag, 1, old, byte_rate // channels, align // channels, bits)
        else:
            new = (tag, channels, old * rate, byte_rate * rate, align, bits)
        struct.pack_into("<HHIIHH", data, at, *new)

    return do


def aiff_rate(data: bytearray) -> None:
    """Twice the rate in COMM: the exponent of its 80-bit number one more."""
    at = data.index(b"COMM") + 8 + 8
    (exponent,) = struct.unpack_from(">H", data, at)
    struct.pack_into(">H", data, at, exponent + 1)


def flac_rate(data: bytearray) -> None:
    """Twice the rate in STREAMINFO, while the frames say the old one."""
    at = data.index(b"fLaC") + 8 + 10
    packed = int.from_bytes(data[at : at + 8], "big")
    rate = packed >> 44
    data[at : at + 8] = (packed + (rate << 44)).to_bytes(8, "big")


_DAMAGE: dict[str, Result] = (
    on(("wav", "rf64", "aiff"), MISMATCH)  # BND-044: the same shape, other samples
    | on(("flac", "alac", "mp3", "aac"), DAMAGED)
    | on(OGG_KINDS, _DROPPED.refused("ogg.page-crc"))  # OGG-003
)

_DAMAGE_FLIP = _DAMAGE | {"alac": Result(
    frozenset({"binding.mismatch", "binding.similar", "binding.not-checked"}), "any"
)}  # fmt: skip
"""ALAC has no checksum: a flipped bit gives other samples, or none."""

_SAME_SHAPE = on(LOSSLESS_KINDS, MISMATCH)
"""Lossless files with the shape of the recorded samples, and other samples (BND-044)."""

ROWS: tuple[Edit, ...] = (
    Edit("flip one bit, middle", _DAMAGE_FLIP, flipped(0.5), "other"),
    Edit("flip one bit, 99 %", _DAMAGE_FLIP, flipped(0.99), "other"),
    Edit("one sample changed", _SAME_SHAPE, one_sample, "other", "ffmpeg"),
    Edit("polarity inverted", _SAME_SHAPE | on(LOSSY_KINDS, SIMILAR),
         filtered("pan=stereo|c0=-1*c0|c1=-1*c1"), "other", "ffmpeg"),
    Edit("channels swapped", _SAME_SHAPE | on(LOSSY_KINDS, SIMILAR),
         filtered("pan=stereo|c0=c1|c1=c0"), "other", "ffmpeg"),
    Edit("gain -3 dB", _SAME_SHAPE | on(LOSSY_KINDS, SIMILAR), filtered("volume=-3dB"), "other",
         "ffmpeg"),
    Edit("two seconds muted", _SAME_SHAPE | on(LOSSY_KINDS, _SOME),
         filtered("volume=enable='between(t,{m},{m}+2)':volume=0"), "other", "ffmpeg"),
    Edit("middle 30 s replaced",
         _SAME_SHAPE | on(LOSSY_KINDS, Result(
             frozenset({"binding.altered", "binding.mismatch"}), "any")),
         replaced_middle, "other", "ffmpeg"),
    Edit("backwards", on(ALL_KINDS, MISMATCH), backwards, "other", "ffmpeg"),
    Edit("speed +6 %", on(ALL_KINDS, MISMATCH), faster, "other", "ffmpeg"),
    Edit("first 32.8 s as WAV", on(ALL_KINDS, ALTERED), to("wav", "-t", "32.8"), "other", "ffmpeg"),
    Edit("first second cut off, as WAV", on(ALL_KINDS, SIMILAR), to("wav", "-ss", "1"), "other",
         "ffmpeg"),
    Edit("resampled to 32 kHz, as WAV", on(ALL_KINDS, SIMILAR), to("wav", "-ar", "32000"),
         "other", "ffmpeg"),
    Edit("24 to 16 bit", on(("rf64",), SIMILAR), to("wav", "-c:a", "pcm_s16le"), "other",
         "ffmpeg"),
    Edit("transcode to MP3", on(ALL_KINDS, SIMILAR), to("mp3", "-b:a", "192k"), "other", "ffmpeg"),
    Edit("transcode to AAC", on(ALL_KINDS, SIMILAR), to("m4a", "-c:a", "aac", "-b:a", "160k"),
         "other", "ffmpeg"),
    Edit("transcode to Opus", on(ALL_KINDS, SIMILAR), to("opus", "-b:a", "96k"), "other",
         "ffmpeg"),
    Edit("transcode to Vorbis", on(ALL_KINDS, SIMILAR), to("ogg", "-c:a", "libvorbis"), "other",
         "ffmpeg"),
    Edit("lame re-encode", on(("mp3",), SIMILAR),
         lambda p, d: (run("lame", "--quiet", "--mp3input", "-b", "160", p, d / "l.mp3"),
                       d / "l.mp3")[1], "other", "lame"),
    Edit("mp3gain -g -3 (gain fields)", on(("mp3",), SIMILAR),
         in_place("mp3gain", "-q", "-s", "s", "-g", "-3", "{}"), "other", "mp3gain"),
    Edit("Ogg page with a wrong CRC", on(OGG_KINDS, _DROPPED.refused("ogg.page-crc")),
         byte_edit(wrong_crc), "any"),
    Edit("Ogg page taken out", on(OGG_KINDS, _DROPPED.refused("ogg.sequence-gap")),
         byte_edit(page_gone), "other"),
    Edit("another stream behind", on(OGG_KINDS, _DROPPED.refused("ogg.chained")), chained, "any"),
    Edit("the file twice", on(("mp3", "flac"), ALTERED), twice, "any"),
    Edit("header: double rate", on(("wav", "rf64"), MISMATCH), byte_edit(wav_fields(rate=2)),
         "any"),
    Edit("header: one channel", on(("wav", "rf64"), MISMATCH), byte_edit(wav_fields(split=True)),
         "any"),
    Edit("COMM: double rate", on(("aiff",), MISMATCH), byte_edit(aiff_rate), "any"),
    Edit("STREAMINFO: double rate", on(("flac",), SIMILAR), byte_edit(flac_rate), "any"),
)  # fmt: skip
