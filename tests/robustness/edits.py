"""What an edit is, what a row of the table must show, and how the tools are run (spec 5).

The rows stand beside this module, one theme a file: ``rows_tags``, ``rows_remux``,
``rows_appended``, ``rows_presentation``, ``rows_sound``. An edit takes a signed file and gives a
new one. What must follow is written from the spec, one result for each kind of file; where the
spec leaves it to a decoder (does FFmpeg notice a flipped bit?) or to a score, the few results
that it allows are named, and none of them is ``exact`` or ``lossless``.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

LOSSLESS_KINDS = ("flac", "wav", "rf64", "aiff", "alac", "oggflac")
LOSSY_KINDS = ("mp3", "aac", "vorbis", "opus")
ALL_KINDS = LOSSLESS_KINDS + LOSSY_KINDS
PCM_KINDS = ("wav", "rf64", "aiff")
OGG_KINDS = ("vorbis", "opus", "oggflac")
M4A_KINDS = ("aac", "alac")
TAGGED_KINDS = tuple(k for k in ALL_KINDS if k != "rf64")
"""What the common taggers open: none of them knows RF64."""


@dataclass(frozen=True)
class Result:
    """What a row must show: the binding, the status, what is remarked, and the rule that names it.

    ``remarks`` are the ``presentation.*`` codes that must be found, and no other may be;
    None where the tool may or may not rewrite the trims.
    """

    bindings: frozenset[str]
    status: str
    remarks: frozenset[str] | None = frozenset()
    rule: str | None = None
    also: str | None = None

    def refused(self, rule: str) -> Result:
        """The same beside a tier 1 that this rule refuses (BND-046)."""
        return replace(self, rule=rule)

    def with_note(self, code: str) -> Result:
        """The same with this code of another axis, which blocks."""
        return replace(self, also=code, status="INDETERMINATE")


def _result(*codes: str, status: str = "INDETERMINATE") -> Result:
    return Result(frozenset(f"binding.{c}" for c in codes), status)


EXACT = _result("exact", status="PASSED")
EXACT_OTHER_TRIMS = replace(EXACT, remarks=None)
REMARKED = replace(EXACT, remarks=frozenset({"presentation.changed"}))
CUT = replace(EXACT, status="INDETERMINATE", remarks=frozenset({"presentation.cut"}))
LOSSLESS = _result("lossless", status="PASSED")
SIMILAR = _result("similar")
ALTERED = _result("altered")
NOT_CHECKED = _result("not-checked")
MISMATCH = _result("mismatch", status="FAILED")
DAMAGED = _result("similar", "not-checked")
"""Damage inside the coded audio: similar, unless the decoder gives up (BND-072)."""


@dataclass(frozen=True)
class Edit:
    """One row: a name, what must follow for each kind it applies to, and what is done.

    ``sound`` is ``same``, ``edges`` (the same coded audio, trimmed otherwise by a decoder that
    believes the header) or ``other``; it is measured, not believed, when the table is printed.
    """

    name: str
    expect: dict[str, Result]
    do: Callable[[Path, Path], Path]
    sound: str = "same"
    tool: str | None = None


def on(kinds: tuple[str, ...], result: Result) -> dict[str, Result]:
    """The same result for all of these kinds; join several with ``|``."""
    return dict.fromkeys(kinds, result)


def tool(name: str) -> str | None:
    """Where a tool stands: beside this Python (mutagen's own) or on the path."""
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.is_file() else shutil.which(name)


def run(*command: object) -> bytes:
    """Run a tool to its end; what it printed. Raises ``CalledProcessError`` when it fails."""
    first, *rest = (str(c) for c in command)
    return subprocess.run(
        [tool(first) or first, *rest],
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=600,
    ).stdout


def seconds(path: Path) -> float:
    """The duration that FFmpeg sees."""
    shown = run("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0",
                path).decode()  # fmt: skip
    return float(shown)


def copied(path: Path, folder: Path) -> Path:
    """A copy to edit in place."""
    target = folder / path.name
    shutil.copyfile(path, target)
    return target


def in_place(*command: str) -> Callable[[Path, Path], Path]:
    """Run a tool on a copy; ``{}`` stands for the file, ``{cover}`` for a small picture."""

    def do(path: Path, folder: Path) -> Path:
        target = copied(path, folder)
        cover = folder / "cover.png"
        cover.write_bytes(PNG)
        words = (c.replace("{}", str(target)).replace("{cover}", str(cover)) for c in command)
        run(*words)
        return target

    return do


def ffmpeg(path: Path, target: Path, *options: str) -> Path:
    """The audio of one file into another by ffmpeg."""
    run("ffmpeg", "-nostdin", "-v", "error", "-y", "-i", path, "-map", "0:a", *options, target)
    return target


def to(suffix: str, *options: str) -> Callable[[Path, Path], Path]:
    """Convert or remux with ffmpeg into another suffix."""
    return lambda path, folder: ffmpeg(path, folder / f"{path.stem}-out.{suffix}", *options)


def bits_of(path: Path) -> int:
    """16 or 24: the depth of the coded samples (16 for lossy files)."""
    shown = run(
        "ffprobe", "-v", "error", "-select_streams", "a",
        "-show_entries", "stream=bits_per_raw_sample,sample_fmt", "-of", "csv=p=0", path,
    ).decode()  # fmt: skip
    return 24 if "24" in shown or "s32" in shown else 16


def again(kind: str, path: Path, target: Path, *options: str) -> Path:
    """Encode a file once more as what it is: the same codec, depth and container."""
    return ffmpeg(path, target, *options, *encoding(kind, bits_of(path)))


def encoding(kind: str, bits: int) -> list[str]:
    """How ffmpeg makes a file of this kind."""
    wide = bits > 16
    return {
        "flac": ["-c:a", "flac", "-sample_fmt", "s32" if wide else "s16"],
        "oggflac": ["-c:a", "flac", "-sample_fmt", "s32" if wide else "s16"],
        "alac": ["-c:a", "alac", "-sample_fmt", "s32p" if wide else "s16p"],
        "wav": ["-c:a", f"pcm_s{bits}le"],
        "rf64": ["-c:a", f"pcm_s{bits}le", "-rf64", "always"],
        "aiff": ["-c:a", f"pcm_s{bits}be"],
        "mp3": ["-c:a", "libmp3lame", "-b:a", "320k"],
        "aac": ["-c:a", "aac", "-b:a", "256k"],
        "vorbis": ["-c:a", "libvorbis", "-q:a", "5"],
        "opus": ["-c:a", "libopus", "-b:a", "96k"],
    }[kind]


def kind_of(path: Path) -> str:
    """Which of the kinds a signed file of the table is: its folder is named after it."""
    return path.parent.name


def changed(path: Path, folder: Path, change: Callable[[bytearray], object]) -> Path:
    """A copy whose bytes were changed in place."""
    target = copied(path, folder)
    data = bytearray(target.read_bytes())
    change(data)
    target.write_bytes(data)
    return target


def byte_edit(change: Callable[[bytearray], object]) -> Callable[[Path, Path], Path]:
    """An edit of a file's bytes."""
    return lambda path, folder: changed(path, folder, change)


def pages(data: bytes | bytearray) -> Iterator[tuple[int, int]]:
    """(start, length) of each Ogg page."""
    at = 0
    while data[at : at + 4] == b"OggS":
        segments = data[at + 26]
        length = 27 + segments + sum(data[at + 27 : at + 27 + segments])
        yield at, length
        at += length


def mend_page(data: bytearray, at: int, length: int) -> None:
    """Make the checksum of an Ogg page right again."""
    data[at + 22 : at + 26] = bytes(4)
    crc = 0
    for byte in data[at : at + length]:
        crc = (crc << 8 & 0xFFFFFFFF) ^ _CRC[crc >> 24 ^ byte]
    data[at + 22 : at + 26] = struct.pack("<I", crc)


def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        crc = byte << 24
        for _ in range(8):
            crc = (crc << 1) ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1
        table.append(crc & 0xFFFFFFFF)
    return table


_CRC = _crc_table()


def boxes(data: bytes | bytearray, *path: bytes) -> Iterator[tuple[int, int]]:
    """(start, length) of the MP4 boxes at a path, by plain walking."""
    yield from _boxes(data, 0, len(data), path)


def _boxes(
    data: bytes | bytearray, at: int, end: int, path: tuple[bytes, ...]
) -> Iterator[tuple[int, int]]:
    while at + 8 <= end:
        length, name = struct.unpack(">I4s", data[at : at + 8])
        if name == path[0]:
            if len(path) == 1:
                yield at, length
            else:
                yield from _boxes(data, at + 8, at + length, path[1:])
        at += max(8, length)


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
