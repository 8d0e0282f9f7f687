"""What real tools do to signed files, and what must follow (spec 5; the table of robustness).

An edit takes a signed file and gives a new one. ``expect`` is the binding that must be shown,
as a set of codes; the sound-changing ones must never be ``exact`` or ``lossless``.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

EXACT = frozenset({"binding.exact"})
LOSSLESS = frozenset({"binding.lossless"})
SIMILAR = frozenset({"binding.similar"})
BY_RULE = frozenset(
    {"binding.unsupported", "binding.lossless", "binding.similar", "binding.not-checked"}
)
ODD = frozenset({"binding.lossless", "binding.not-checked", "binding.unsupported", "binding.exact"})
CHANGED = frozenset(
    {"binding.mismatch", "binding.similar", "binding.altered", "binding.not-checked", "binding.unsupported"}
)  # fmt: skip
CUT = frozenset({"presentation.cut", "binding.unsupported", *CHANGED})

LOSSLESS_KINDS = ("flac", "wav", "rf64", "aiff", "alac", "oggflac")
LOSSY_KINDS = ("mp3", "aac", "vorbis", "opus")
ALL_KINDS = LOSSLESS_KINDS + LOSSY_KINDS
OGG_KINDS = ("vorbis", "opus", "oggflac")
M4A_KINDS = ("aac", "alac")


@dataclass(frozen=True)
class Edit:
    """One row: a name, the kinds it applies to, what is done, what must follow."""

    name: str
    kinds: tuple[str, ...]
    do: Callable[[Path, Path], Path | None]
    expect: frozenset[str]
    same_sound: bool = True
    tool: str | None = None


def run(*command: object) -> None:
    subprocess.run(
        [str(c) for c in command],
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )


def copied(path: Path, folder: Path) -> Path:
    """A copy to edit in place."""
    target = folder / path.name
    shutil.copyfile(path, target)
    return target


def in_place(*command: str) -> Callable[[Path, Path], Path]:
    """Run a tool on a copy; ``{}`` stands for the file."""

    def do(path: Path, folder: Path) -> Path:
        target = copied(path, folder)
        run(*(part.replace("{}", str(target)) for part in command))
        return target

    return do


def to(suffix: str, *options: str) -> Callable[[Path, Path], Path]:
    """Convert or remux with ffmpeg into another suffix."""

    def do(path: Path, folder: Path) -> Path:
        target = folder / f"{path.stem}-out.{suffix}"
        run("ffmpeg", "-nostdin", "-v", "error", "-y", "-i", path, "-map", "0:a", *options, target)
        return target

    return do


def copy_codec(path: Path, folder: Path) -> Path:
    suffix = path.suffix.removeprefix(".")
    more = ["-rf64", "always"] if path.read_bytes()[:4] == b"RF64" else []
    return to(suffix, "-c", "copy", *more)(path, folder)


def there_and_back(path: Path, folder: Path) -> Path:
    """FLAC to WAV and back, 16 or 24 bit as it was."""
    middle = to("wav")(path, folder)
    return to("flac")(middle, folder)


_MUTAGEN = """
import sys, mutagen
from mutagen import id3
path, what = sys.argv[1:3]
f = mutagen.File(path)
if f.tags is None:
    f.add_tags()
kind = type(f.tags).__name__
def put(title, isrc):
    if 'ID3' in type(f.tags).__mro__[0].__name__ or isinstance(f.tags, id3.ID3):
        f.tags.add(id3.TIT2(encoding=3, text=title)); f.tags.add(id3.TSRC(encoding=3, text=isrc))
    elif kind == 'MP4Tags':
        f.tags['\\xa9nam'] = [title]; f.tags['----:com.apple.iTunes:ISRC'] = [isrc.encode()]
    else:
        f.tags['title'] = title; f.tags['isrc'] = isrc
if what == 'tag':
    put('A new title', 'QZZZZ2600009'); f.save()
elif what == 'nothing':
    f.save()
elif what == 'delete':
    f.delete()
elif what == 'art':
    data = b'\\xff\\xd8\\xff\\xe0' + bytes(300000)
    if isinstance(f.tags, id3.ID3):
        f.tags.add(id3.APIC(encoding=3, mime='image/jpeg', type=3, data=data))
    elif kind == 'MP4Tags':
        from mutagen.mp4 import MP4Cover
        f.tags['covr'] = [MP4Cover(data)]
    elif hasattr(f, 'add_picture'):
        from mutagen.flac import Picture
        p = Picture(); p.type = 3; p.mime = 'image/jpeg'; p.data = data; f.add_picture(p)
    else:
        import base64
        from mutagen.flac import Picture
        p = Picture(); p.type = 3; p.mime = 'image/jpeg'; p.data = data
        f.tags['metadata_block_picture'] = [base64.b64encode(p.write()).decode()]
    f.save()
elif what == 'v23':
    f.tags.update_to_v23(); f.save(v2_version=3)
elif what == 'padding':
    f.save(padding=lambda info: 20000)
"""


def mutagen(what: str) -> Callable[[Path, Path], Path]:
    """Edit a copy with mutagen, in a process of its own."""

    def do(path: Path, folder: Path) -> Path:
        target = copied(path, folder)
        run(sys.executable, "-c", _MUTAGEN, target, what)
        return target

    return do


def appended(data: bytes) -> Callable[[Path, Path], Path]:
    def do(path: Path, folder: Path) -> Path:
        target = copied(path, folder)
        with target.open("ab") as out:
            out.write(data)
        return target

    return do


def _ape() -> bytes:
    item = struct.pack("<II", 5, 0) + b"Title\0Hello"
    body = item
    flags = 0xA0000000, 0x80000000
    head = b"APETAGEX" + struct.pack("<IIII", 2000, len(body) + 32, 1, flags[0]) + bytes(8)
    foot = b"APETAGEX" + struct.pack("<IIII", 2000, len(body) + 32, 1, flags[1]) + bytes(8)
    return head + body + foot


def _garbage(count: int) -> bytes:
    state, out = 7, bytearray()
    for _ in range(count):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        out.append((state >> 16) % 254 + 1)
    return bytes(out)


def _positions(ranges: list[tuple[int, int]], left: int) -> Iterator[int]:
    """Where in the file the byte of the audio with this number stands."""
    for start, length in ranges:
        if left < length:
            yield start + left
        left -= length


def flipped(part: float) -> Callable[[Path, Path], Path]:
    """One bit of the coded audio, at a part of its length, changed."""

    def do(path: Path, folder: Path) -> Path:
        from provenance.containers import identify, load
        from provenance.model.limits import DEFAULT_LIMITS

        target = copied(path, folder)
        with target.open("r+b") as stream:
            scan = load(identify(stream)).scan(stream, DEFAULT_LIMITS, False)
            ranges = scan.essence.ranges
            left = int(sum(n for _, n in ranges) * part)
            at = next(_positions(ranges, left))
            stream.seek(at)
            byte = stream.read(1)[0]
            stream.seek(at)
            stream.write(bytes((byte ^ 0x10,)))
        return target

    return do


def truncated(path: Path, folder: Path) -> Path:
    target = copied(path, folder)
    data = target.read_bytes()
    target.write_bytes(data[: int(len(data) * 0.9)])
    return target


def opus_gain(path: Path, folder: Path) -> Path:
    """Another output gain in OpusHead: heard, and reported as a change of presentation."""
    return _first_page(path, folder, lambda page: page[:44] + struct.pack("<h", -1536) + page[46:])


def wrong_crc(path: Path, folder: Path) -> Path:
    """One bit of the checksum of an audio page: players would drop the page."""
    target = copied(path, folder)
    data = bytearray(target.read_bytes())
    at = data.index(b"OggS", len(data) // 2)
    data[at + 22] ^= 1
    target.write_bytes(data)
    return target


def short_granule(path: Path, folder: Path) -> Path:
    """The last page's position says that the music ends 10 s earlier."""
    target = copied(path, folder)
    data = bytearray(target.read_bytes())
    at = data.rindex(b"OggS")
    position = struct.unpack("<q", data[at + 6 : at + 14])[0]
    data[at + 6 : at + 14] = struct.pack("<q", position - 480_000)
    _mend(data, at)
    target.write_bytes(data)
    return target


def _first_page(path: Path, folder: Path, change: Callable[[bytes], bytes]) -> Path:
    target = copied(path, folder)
    data = bytearray(target.read_bytes())
    second = data.index(b"OggS", 4)
    data[:second] = change(bytes(data[:second]))
    _mend(data, 0)
    target.write_bytes(data)
    return target


def _mend(data: bytearray, at: int) -> None:
    segments = data[at + 26]
    length = 27 + segments + sum(data[at + 27 : at + 27 + segments])
    data[at + 22 : at + 26] = bytes(4)
    data[at + 22 : at + 26] = struct.pack("<I", _ogg_crc(bytes(data[at : at + length])))


def _ogg_crc(page: bytes) -> int:
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1) ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1
        crc &= 0xFFFFFFFF
    return crc


def edit_list(path: Path, folder: Path) -> Path | None:
    """The edit list plays 10 seconds only."""
    target = copied(path, folder)
    data = bytearray(target.read_bytes())
    at = data.find(b"elst")
    if at < 0:
        return None
    scale_at = data.index(b"mvhd") + 4
    version = data[scale_at]
    scale = struct.unpack(">I", data[scale_at + (20 if version else 12) :][:4])[0]
    entries = at + 12
    count = struct.unpack(">I", data[at + 8 : at + 12])[0]
    size = 20 if data[at + 4] else 12
    last = entries + size * (count - 1)
    fmt = ">Q" if data[at + 4] else ">I"
    struct.pack_into(fmt, data, last, scale * 10)
    target.write_bytes(data)
    return target


def wav_rate(path: Path, folder: Path) -> Path:
    """Another sample rate in the header: faster and higher."""
    target = copied(path, folder)
    data = bytearray(target.read_bytes())
    at = data.index(b"fmt ") + 12
    rate, byte_rate = struct.unpack("<II", data[at : at + 8])
    struct.pack_into("<II", data, at, rate * 2, byte_rate * 2)
    target.write_bytes(data)
    return target


def lame_delay(path: Path, folder: Path) -> Path | None:
    """The LAME tag's encoder delay, a few hundred samples more: within a second, a remark."""
    target = copied(path, folder)
    data = bytearray(target.read_bytes())
    at = max(data.find(b"Info"), data.find(b"Xing"))
    if at < 0 or bytes(data[at + 120 : at + 124]) not in {b"LAME", b"Lavf", b"Lavc"}:
        return None
    data[at + 141] ^= 0x10
    target.write_bytes(data)
    return target


KEPT = "-map_metadata"
TITLE = "Another title"

EDITS: tuple[Edit, ...] = (
    Edit(
        "copy and rename",
        ALL_KINDS,
        lambda p, d: Path(shutil.copyfile(p, d / f"x{p.suffix}")),
        EXACT,
    ),
    Edit(
        "mutagen: open and save",
        ("flac", "mp3", "wav", "aiff", *M4A_KINDS, *OGG_KINDS),
        mutagen("nothing"),
        EXACT,
    ),
    Edit(
        "mutagen: title and ISRC",
        ("flac", "mp3", "wav", "aiff", *M4A_KINDS, *OGG_KINDS),
        mutagen("tag"),
        EXACT,
    ),
    Edit(
        "mutagen: artwork",
        ("flac", "mp3", "wav", "aiff", *M4A_KINDS, *OGG_KINDS),
        mutagen("art"),
        EXACT,
    ),
    Edit("mutagen: ID3v2.4 to 2.3", ("mp3",), mutagen("v23"), EXACT),
    Edit("mutagen: padding", ("mp3", "flac", *M4A_KINDS), mutagen("padding"), EXACT),
    Edit(
        "mutagen: delete all tags",
        ("flac", "mp3", "wav", "aiff", *M4A_KINDS),
        mutagen("delete"),
        EXACT,
    ),
    Edit(
        "mid3v2 title", ("mp3", "flac"), in_place("mid3v2", "-t", TITLE, "{}"), EXACT, tool="mid3v2"
    ),
    Edit("eyeD3 title", ("mp3",), in_place("eyeD3", "-Q", "-t", TITLE, "{}"), EXACT, tool="eyeD3"),
    Edit(
        "eyeD3 to v2.3", ("mp3",), in_place("eyeD3", "-Q", "--to-v2.3", "{}"), EXACT, tool="eyeD3"
    ),
    Edit("id3v2 title", ("mp3",), in_place("id3v2", "-t", TITLE, "{}"), EXACT, tool="id3v2"),
    Edit("id3v2 -D", ("mp3",), in_place("id3v2", "-D", "{}"), EXACT, tool="id3v2"),
    Edit(
        "kid3 title",
        ("flac", "mp3", "wav", "aiff", *M4A_KINDS, *OGG_KINDS),
        in_place("kid3-cli", "-c", f"set title '{TITLE}'", "{}"),
        EXACT,
        tool="kid3-cli",
    ),
    Edit(
        "metaflac --set-tag",
        ("flac",),
        in_place("metaflac", f"--set-tag=TITLE={TITLE}", "{}"),
        EXACT,
        tool="metaflac",
    ),
    Edit(
        "metaflac --remove-all-tags",
        ("flac",),
        in_place("metaflac", "--remove-all-tags", "{}"),
        EXACT,
        tool="metaflac",
    ),
    Edit(
        "metaflac --remove-all",
        ("flac",),
        in_place("metaflac", "--remove-all", "--dont-use-padding", "{}"),
        EXACT,
        tool="metaflac",
    ),
    Edit(
        "metaflac --add-replay-gain",
        ("flac",),
        in_place("metaflac", "--add-replay-gain", "{}"),
        EXACT,
        tool="metaflac",
    ),
    Edit(
        "metaflac --add-seekpoint",
        ("flac",),
        in_place("metaflac", "--add-seekpoint=10x", "{}"),
        EXACT,
        tool="metaflac",
    ),
    Edit(
        "AtomicParsley title",
        M4A_KINDS,
        in_place("AtomicParsley", "{}", "--title", TITLE, "--overWrite"),
        EXACT,
        tool="AtomicParsley",
    ),
    Edit(
        "exiftool title",
        M4A_KINDS,
        in_place("exiftool", "-q", "-overwrite_original", f"-Title={TITLE}", "{}"),
        EXACT,
        tool="exiftool",
    ),
    Edit(
        "loudgain tags",
        ("flac", "mp3", "vorbis", "opus", *M4A_KINDS, "wav", "aiff"),
        in_place("loudgain", "-q", "-s", "e", "{}"),
        EXACT,
        tool="loudgain",
    ),
    Edit(
        "mp3gain analysis (APEv2)",
        ("mp3",),
        in_place("mp3gain", "-q", "-s", "a", "{}"),
        EXACT,
        tool="mp3gain",
    ),
    Edit(
        "vorbiscomment -a",
        ("vorbis",),
        in_place("vorbiscomment", "-a", "-t", f"MOOD={TITLE}", "{}"),
        EXACT,
        tool="vorbiscomment",
    ),
    Edit(
        "vorbiscomment -w",
        ("vorbis",),
        in_place("vorbiscomment", "-w", "-t", f"TITLE={TITLE}", "{}"),
        EXACT,
        tool="vorbiscomment",
    ),
    Edit(
        "append ID3v1",
        ("mp3", "flac"),
        appended(b"TAG" + b"Hello".ljust(124, b"\0") + b"\x0c"),
        EXACT,
    ),
    Edit("append APEv2", ("mp3", "flac"), appended(_ape()), EXACT),
    Edit("append 1 KiB zeros", ("mp3", "wav", "rf64", *OGG_KINDS), appended(bytes(1024)), EXACT),
    Edit("append 1 KiB zeros ", ("flac", "aiff", *M4A_KINDS), appended(bytes(1024)), ODD),
    Edit(
        "append 1 KiB garbage",
        ("mp3", "flac", *M4A_KINDS, *OGG_KINDS),
        appended(_garbage(1024)),
        BY_RULE,
    ),
    Edit("append 1 KiB garbage ", ("wav", "rf64", "aiff"), appended(_garbage(1024)), ODD),
    Edit("ffmpeg -c copy", ALL_KINDS, copy_codec, EXACT, tool="ffmpeg"),
    Edit(
        "ffmpeg -c copy +faststart",
        M4A_KINDS,
        to("m4a", "-c", "copy", "-movflags", "+faststart"),
        EXACT,
        tool="ffmpeg",
    ),
    Edit("remux to MOV", M4A_KINDS, to("mov", "-c", "copy"), EXACT, tool="ffmpeg"),
    Edit("remux to Ogg FLAC", ("flac",), to("oga", "-c", "copy"), EXACT, tool="ffmpeg"),
    Edit("remux to native FLAC", ("oggflac",), to("flac", "-c", "copy"), EXACT, tool="ffmpeg"),
    Edit(
        "remux to MP4",
        ("flac", "opus"),
        to("mp4", "-c", "copy", "-strict", "-2"),
        EXACT,
        tool="ffmpeg",
    ),
    Edit("WAV to RF64", ("wav",), to("wav", "-c", "copy", "-rf64", "always"), EXACT, tool="ffmpeg"),
    Edit("RF64 to WAV", ("rf64",), to("wav", "-c", "copy"), EXACT, tool="ffmpeg"),
    Edit(
        "WAV to BWF",
        ("wav",),
        to("wav", "-c", "copy", "-write_bext", "1", "-metadata", "description=x"),
        EXACT,
        tool="ffmpeg",
    ),
    Edit(
        "sox copy",
        ("wav", "aiff"),
        lambda p, d: (run("sox", "-D", p, d / f"s{p.suffix}"), d / f"s{p.suffix}")[1],
        EXACT,
        tool="sox",
    ),
    Edit(
        "flac -8 re-encode",
        ("flac",),
        lambda p, d: (run("flac", "-s", "-f", "-8", p, "-o", d / "r.flac"), d / "r.flac")[1],
        LOSSLESS,
        tool="flac",
    ),
    Edit(
        "ffmpeg FLAC re-encode",
        ("flac",),
        to("flac", "-c:a", "flac", "-compression_level", "0"),
        LOSSLESS,
        tool="ffmpeg",
    ),
    Edit("to WAV", ("flac", "alac", "oggflac", "aiff"), to("wav"), LOSSLESS, tool="ffmpeg"),
    Edit("to FLAC", ("wav", "rf64", "alac", "aiff"), to("flac"), LOSSLESS, tool="ffmpeg"),
    Edit("to AIFF", ("wav", "flac"), to("aiff"), LOSSLESS, tool="ffmpeg"),
    Edit("to ALAC", ("wav", "flac"), to("m4a", "-c:a", "alac"), LOSSLESS, tool="ffmpeg"),
    Edit("to 24 bit WAV", ("wav",), to("wav", "-c:a", "pcm_s24le"), LOSSLESS, tool="ffmpeg"),
    Edit("there and back", ("flac",), there_and_back, EXACT | LOSSLESS, tool="ffmpeg"),
    Edit("decode to WAV", LOSSY_KINDS, to("wav"), SIMILAR, same_sound=False, tool="ffmpeg"),
    Edit(
        "transcode to MP3",
        ALL_KINDS,
        to("mp3", "-b:a", "192k"),
        SIMILAR,
        same_sound=False,
        tool="ffmpeg",
    ),
    Edit(
        "transcode to AAC",
        ALL_KINDS,
        to("m4a", "-c:a", "aac", "-b:a", "160k"),
        SIMILAR,
        same_sound=False,
        tool="ffmpeg",
    ),
    Edit(
        "transcode to Opus",
        ALL_KINDS,
        to("opus", "-b:a", "96k"),
        SIMILAR,
        same_sound=False,
        tool="ffmpeg",
    ),
    Edit(
        "lame re-encode",
        ("mp3",),
        lambda p, d: (
            run("lame", "--quiet", "--mp3input", "-b", "160", p, d / "l.mp3"),
            d / "l.mp3",
        )[1],
        SIMILAR,
        same_sound=False,
        tool="lame",
    ),
    Edit(
        "mp3gain -r (gain fields)",
        ("mp3",),
        in_place("mp3gain", "-q", "-s", "s", "-g", "-3", "{}"),
        CHANGED,
        same_sound=False,
        tool="mp3gain",
    ),
    Edit("flip one bit, middle", ALL_KINDS, flipped(0.5), CHANGED, same_sound=False),
    Edit("flip one bit, 99 %", ALL_KINDS, flipped(0.99), CHANGED, same_sound=False),
    Edit("truncate to 90 %", ALL_KINDS, truncated, CHANGED, same_sound=False),
    Edit(
        "half as long", ALL_KINDS, to("wav", "-t", "31"), CHANGED, same_sound=False, tool="ffmpeg"
    ),
    Edit("Opus output gain -6 dB", ("opus",), opus_gain, EXACT, same_sound=False),
    Edit("Ogg page with a wrong CRC", OGG_KINDS, wrong_crc, CHANGED, same_sound=False),
    Edit("Ogg ends 10 s earlier", ("vorbis", "opus"), short_granule, CUT, same_sound=False),
    Edit("MP4 edit list plays 10 s", M4A_KINDS, edit_list, CUT, same_sound=False),
    Edit("WAV header: double rate", ("wav",), wav_rate, CHANGED, same_sound=False),
    Edit("LAME delay +256 samples", ("mp3",), lame_delay, EXACT, same_sound=False),
)
