"""Rows of remuxing (exact) and of lossless conversion (lossless); decodes of lossy files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from robustness.edits import (
    ALL_KINDS,
    EXACT,
    EXACT_OTHER_TRIMS,
    LOSSLESS,
    LOSSLESS_KINDS,
    LOSSY_KINDS,
    M4A_KINDS,
    SIMILAR,
    Edit,
    ffmpeg,
    kind_of,
    on,
    run,
    to,
)

_PCM = ("wav", "rf64", "aiff")


def copy_codec(path: Path, folder: Path) -> Path:
    """``ffmpeg -c copy`` into the same container."""
    more = ["-rf64", "always"] if kind_of(path) == "rf64" else []
    return ffmpeg(path, folder / path.name, "-c", "copy", *more)


def piped(*steps: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
    """One edit after the other, each in a folder of its own."""

    def do(path: Path, folder: Path) -> Path:
        for number, step in enumerate(steps):
            inner = folder / str(number)
            inner.mkdir()
            path = step(path, inner)
        return path

    return do


def made(suffix: str, *command: str) -> Callable[[Path, Path], Path]:
    """Run a tool that reads ``{}`` and writes ``{out}``."""

    def do(path: Path, folder: Path) -> Path:
        target = folder / f"made.{suffix}"
        run(*(c.replace("{}", str(path)).replace("{out}", str(target)) for c in command))
        return target

    return do


def sox_copy(path: Path, folder: Path) -> Path:
    """Sox from a file to one of the same kind."""
    return made(path.suffix.removeprefix("."), "sox", "-D", "{}", "{out}")(path, folder)


def keep_foreign(path: Path, folder: Path) -> Path:
    """WAV to FLAC and back by ``flac --keep-foreign-metadata``: the same file again."""
    keep = "--keep-foreign-metadata"
    middle = made("flac", "flac", "-s", "-f", keep, "{}", "-o", "{out}")(path, folder)
    suffix = "rf64" if kind_of(path) == "rf64" else path.suffix[1:]
    back = made(suffix, "flac", "-s", "-d", "-f", keep, "{}", "-o", "{out}")
    return back(middle, folder)


def renamed(path: Path, folder: Path) -> Path:
    """A copy under another name."""
    return Path(shutil.copyfile(path, folder / f"x{path.suffix}"))


_WAV_BEXT = ("-write_bext", "1", "-metadata", "description=x")
_TO_FLAC = made("flac", "flac", "-s", "-f", "{}", "-o", "{out}")
_FROM_FLAC = made("wav", "flac", "-s", "-d", "-f", "{}", "-o", "{out}")
_FASTSTART = ("-c", "copy", "-movflags", "+faststart")
_FRAGMENTED = ("-c", "copy", "-movflags", "frag_keyframe+empty_moov")

_COPIES: tuple[Edit, ...] = (
    Edit("copy and rename", on(ALL_KINDS, EXACT), renamed),
    Edit(
        "ffmpeg -c copy",
        on((*LOSSLESS_KINDS, "aac", "vorbis", "opus"), EXACT),
        copy_codec,
        tool="ffmpeg",
    ),
    Edit("ffmpeg -c copy ", on(("mp3",), EXACT_OTHER_TRIMS), copy_codec, "edges", "ffmpeg"),
    Edit("ffmpeg -c copy +faststart", on(M4A_KINDS, EXACT), to("m4a", *_FASTSTART), tool="ffmpeg"),
    Edit("remux to MOV", on(M4A_KINDS, EXACT), to("mov", "-c", "copy"), tool="ffmpeg"),
    Edit(
        "remux to fragmented MP4",
        on(M4A_KINDS, SIMILAR.refused("mp4.fragmented")),  # BND-025
        to("mp4", *_FRAGMENTED),
        "edges",
        tool="ffmpeg",
    ),
    Edit("remux to Ogg FLAC", on(("flac",), EXACT), to("oga", "-c", "copy"), tool="ffmpeg"),
    Edit("remux to native FLAC", on(("oggflac",), EXACT), to("flac", "-c", "copy"), tool="ffmpeg"),
    Edit(
        "remux to MP4",
        on(("flac", "oggflac"), EXACT),
        to("mp4", "-c", "copy", "-strict", "-2"),
        tool="ffmpeg",
    ),
    Edit(
        "remux to MP4 ",  # the trim at the end goes from the granule into the table of times
        on(("opus",), EXACT_OTHER_TRIMS),
        to("mp4", "-c", "copy"),
        "edges",
        tool="ffmpeg",
    ),
    Edit(
        "remux to MP4 and back",  # FFmpeg counts the length in milliseconds on the way
        on(("opus",), EXACT_OTHER_TRIMS),
        piped(to("mp4", "-c", "copy"), to("opus", "-c", "copy")),
        "edges",
        tool="ffmpeg",
    ),
    Edit(
        "to RF64", on(("wav", "rf64"), EXACT), to("wav", "-c", "copy", "-rf64", "always"),
        tool="ffmpeg",
    ),
    Edit("to plain WAV", on(("wav", "rf64"), EXACT), to("wav", "-c", "copy"), tool="ffmpeg"),
    Edit("to BWF", on(("wav", "rf64"), EXACT), to("wav", "-c", "copy", *_WAV_BEXT), tool="ffmpeg"),
    Edit("to Wave64 and back", on(("wav", "rf64"), EXACT),
         piped(to("w64", "-c", "copy"), to("wav", "-c", "copy")), tool="ffmpeg"),
    Edit("sox copy", on(("wav", "aiff"), EXACT), sox_copy, tool="sox"),
    Edit("WAV -> FLAC -> WAV, foreign metadata kept", on(_PCM, EXACT), keep_foreign, tool="flac"),
)  # fmt: skip

_CONVERSIONS: tuple[Edit, ...] = (
    Edit("flac -8 re-encode", on(("flac",), LOSSLESS),
         made("flac", "flac", "-s", "-f", "-8", "{}", "-o", "{out}"), tool="flac"),
    Edit("ffmpeg FLAC re-encode", on(("flac", "oggflac"), LOSSLESS),
         to("flac", "-c:a", "flac", "-compression_level", "0"), tool="ffmpeg"),
    Edit("sox FLAC re-encode", on(("flac",), LOSSLESS), sox_copy, tool="sox"),
    Edit("flac -d to WAV", on(("flac",), LOSSLESS), _FROM_FLAC, tool="flac"),
    Edit("flac to Ogg FLAC", on(("flac", "wav", "aiff"), LOSSLESS),
         made("oga", "flac", "-s", "-f", "--ogg", "{}", "-o", "{out}"), tool="flac"),
    Edit("FLAC -> WAV -> FLAC", on(("flac",), LOSSLESS), piped(_FROM_FLAC, made(
        "flac", "flac", "-s", "-f", "-3", "{}", "-o", "{out}")), tool="flac"),
    Edit("WAV -> FLAC -> WAV", on(("wav",), EXACT), piped(_TO_FLAC, _FROM_FLAC), tool="flac"),
    Edit("to WAV", on(("flac", "alac", "oggflac"), LOSSLESS), to("wav"), tool="ffmpeg"),
    Edit("to 16 bit WAV", on(("aiff",), LOSSLESS), to("wav"), tool="ffmpeg"),
    Edit("to FLAC", on(("wav", "rf64", "alac", "aiff"), LOSSLESS), to("flac"), tool="ffmpeg"),
    Edit("to AIFF", on(("wav", "flac", "alac", "oggflac"), LOSSLESS), to("aiff"), tool="ffmpeg"),
    Edit("to AIFF-C sowt, ffmpeg -c copy", on(("wav",), EXACT), to("aiff", "-c", "copy"),
         tool="ffmpeg"),
    Edit("sox to AIFF", on(("wav",), LOSSLESS), made("aiff", "sox", "-D", "{}", "{out}"),
         tool="sox"),
    Edit("sox to WAV", on(("aiff",), LOSSLESS), made("wav", "sox", "-D", "{}", "{out}"),
         tool="sox"),
    Edit("to ALAC", on(("wav", "flac", "aiff", "rf64"), LOSSLESS), to("m4a", "-c:a", "alac"),
         tool="ffmpeg"),
    Edit("16 in 24 bit WAV", on(("wav", "flac", "aiff"), LOSSLESS), to("wav", "-c:a", "pcm_s24le"),
         tool="ffmpeg"),
    Edit("16 in 24 bit FLAC", on(("wav", "flac", "alac"), LOSSLESS),
         to("flac", "-sample_fmt", "s32"), tool="ffmpeg"),
    Edit("in 32 bit WAV", on(("wav", "rf64", "flac"), LOSSLESS), to("wav", "-c:a", "pcm_s32le"),
         tool="ffmpeg"),
)  # fmt: skip

_DECODES: tuple[Edit, ...] = (
    Edit("decode to WAV", on(LOSSY_KINDS, SIMILAR), to("wav"), "edges", "ffmpeg"),
    Edit("lame --decode", on(("mp3",), SIMILAR),
         made("wav", "lame", "--quiet", "--decode", "{}", "{out}"), "edges", "lame"),
    Edit("oggdec", on(("vorbis",), SIMILAR), made("wav", "oggdec", "-Q", "-o", "{out}", "{}"),
         "edges", "oggdec"),
    Edit("opusdec", on(("opus",), SIMILAR), made("wav", "opusdec", "--quiet", "{}", "{out}"),
         "edges", "opusdec"),
)  # fmt: skip

ROWS: tuple[Edit, ...] = (*_COPIES, *_CONVERSIONS, *_DECODES)
