"""Rows of retagging: tags, pictures, padding, ReplayGain, tags taken out. All must be exact."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from robustness.edits import (
    EXACT,
    M4A_KINDS,
    TAGGED_KINDS,
    Edit,
    Result,
    copied,
    in_place,
    on,
    run,
)

TITLE = "Another title"
_FLAC = ("flac",)
_MP3 = ("mp3",)
_ID3 = ("mp3", "wav", "aiff")

_MUTAGEN = """
import base64, sys, mutagen
from mutagen import id3
from mutagen.flac import FLAC, Picture
path, what = sys.argv[1:3]
f = mutagen.File(path)
if f.tags is None and what not in ('nothing', 'delete', 'deleteid3'):
    f.add_tags()
kind = type(f.tags).__name__
is_id3 = isinstance(f.tags, id3.ID3)
def picture():
    p = Picture(); p.type = 3; p.mime = 'image/jpeg'; p.data = data; return p
if what == 'tag':
    if is_id3:
        f.tags.add(id3.TIT2(encoding=3, text='A new title'))
        f.tags.add(id3.TSRC(encoding=3, text='QZZZZ2600009'))
    elif kind == 'MP4Tags':
        f.tags['\\xa9nam'] = ['A new title']; f.tags['----:com.apple.iTunes:ISRC'] = [b'QZZZZ2600009']
    else:
        f.tags['title'] = 'A new title'; f.tags['isrc'] = 'QZZZZ2600009'
    f.save()
elif what == 'nothing':
    f.save()
elif what == 'delete':
    f.delete()
elif what == 'deleteid3':
    FLAC(path).save(deleteid3=True)
elif what == 'art':
    data = b'\\xff\\xd8\\xff\\xe0' + bytes(range(256)) * 1200
    if is_id3:
        f.tags.add(id3.APIC(encoding=3, mime='image/jpeg', type=3, data=data))
    elif kind == 'MP4Tags':
        from mutagen.mp4 import MP4Cover
        f.tags['covr'] = [MP4Cover(data)]
    elif hasattr(f, 'add_picture'):
        f.add_picture(picture())
    else:
        f.tags['metadata_block_picture'] = [base64.b64encode(picture().write()).decode()]
    f.save()
elif what == 'v23':
    f.tags.update_to_v23(); f.save(v2_version=3)
elif what == 'padding':
    f.save(padding=lambda info: 20000)
elif what == 'no padding':
    f.save(padding=lambda info: 0)
"""


def mutagen(what: str) -> Callable[[Path, Path], Path]:
    """Edit a copy with mutagen, in a process of its own."""

    def do(path: Path, folder: Path) -> Path:
        target = copied(path, folder)
        run(sys.executable, "-c", _MUTAGEN, target, what)
        return target

    return do


def foreign_id3_and_back(path: Path, folder: Path) -> Path:
    """mid3v2 puts an ID3 tag in front of the FLAC, mutagen's ``deleteid3`` takes it away."""
    target = copied(path, folder)
    run("mid3v2", "-t", TITLE, target)
    if target.read_bytes()[:3] != b"ID3":
        raise AssertionError("mid3v2 put no tag in front")
    run(sys.executable, "-c", _MUTAGEN, target, "deleteid3")
    return target


def tags_both_ends(path: Path, folder: Path) -> Path:
    """ID3v1 by id3v2 and APEv2 by mp3gain, then ``id3v2 -D`` with the APEv2 tag left there."""
    target = copied(path, folder)
    run("id3v2", "-1", "-t", TITLE, target)
    run("mp3gain", "-q", "-s", "a", target)
    run("id3v2", "-D", target)
    return target


def _row(name: str, kinds: tuple[str, ...], *command: str, result: Result = EXACT) -> Edit:
    return Edit(name, on(kinds, result), in_place(*command), tool=command[0])


ROWS: tuple[Edit, ...] = (
    Edit("mutagen: open and save", on(TAGGED_KINDS, EXACT), mutagen("nothing")),
    Edit("mutagen: title and ISRC", on(TAGGED_KINDS, EXACT), mutagen("tag")),
    Edit("mutagen: artwork", on(TAGGED_KINDS, EXACT), mutagen("art")),
    Edit("mutagen: ID3v2.4 to 2.3", on(_ID3, EXACT), mutagen("v23")),
    Edit("mutagen: padding", on(TAGGED_KINDS, EXACT), mutagen("padding")),
    Edit("mutagen: no padding", on(TAGGED_KINDS, EXACT), mutagen("no padding")),
    Edit("mutagen: delete all tags", on(TAGGED_KINDS, EXACT), mutagen("delete")),
    Edit("mutagen: deleteid3", on(_FLAC, EXACT), foreign_id3_and_back, tool="mid3v2"),
    _row("mid3v2 title", (*_MP3, *_FLAC), "mid3v2", "-t", TITLE, "{}"),
    _row("mid3v2 -D", _MP3, "mid3v2", "-D", "{}"),
    _row("eyeD3 title", _MP3, "eyeD3", "-Q", "-t", TITLE, "{}"),
    _row("eyeD3 picture", _MP3, "eyeD3", "-Q", "--add-image", "{cover}:FRONT_COVER", "{}"),
    _row("eyeD3 to v2.3", _MP3, "eyeD3", "-Q", "--to-v2.3", "{}"),
    _row("eyeD3 --remove-all", _MP3, "eyeD3", "-Q", "--remove-all", "{}"),
    _row("id3v2 title", _MP3, "id3v2", "-t", TITLE, "{}"),
    _row("id3v2 -D", _MP3, "id3v2", "-D", "{}"),
    Edit("id3v2 -D, APEv2 stays", on(_MP3, EXACT), tags_both_ends, tool="mp3gain"),
    _row("kid3 title", TAGGED_KINDS, "kid3-cli", "-c", f"set title '{TITLE}'", "{}"),
    _row("kid3 picture", TAGGED_KINDS, "kid3-cli", "-c", "set picture:'{cover}' 'front'", "{}"),
    _row("metaflac --set-tag", _FLAC, "metaflac", f"--set-tag=TITLE={TITLE}", "{}"),
    _row("metaflac --import-picture", _FLAC, "metaflac", "--import-picture-from={cover}", "{}"),
    _row("metaflac --remove-all-tags", _FLAC, "metaflac", "--remove-all-tags", "{}"),
    _row("metaflac --remove-all", _FLAC, "metaflac", "--remove-all", "--dont-use-padding", "{}"),
    _row("metaflac --add-replay-gain", _FLAC, "metaflac", "--add-replay-gain", "{}"),
    _row("metaflac --add-seekpoint", _FLAC, "metaflac", "--add-seekpoint=10x", "{}"),
    _row("metaflac --add-padding", _FLAC, "metaflac", "--add-padding=30000", "{}"),
    _row("AtomicParsley title", M4A_KINDS, "AtomicParsley", "{}", "--title", TITLE, "--overWrite"),
    _row(
        "AtomicParsley artwork", M4A_KINDS, "AtomicParsley", "{}", "--artwork", "{cover}",
        "--overWrite",
    ),
    _row("AtomicParsley strip", M4A_KINDS, "AtomicParsley", "{}", "--metaEnema", "--overWrite"),
    _row(
        "exiftool title", M4A_KINDS, "exiftool", "-q", "-overwrite_original", f"-Title={TITLE}",
        "{}",
    ),
    _row("loudgain tags", TAGGED_KINDS, "loudgain", "-q", "-s", "e", "{}"),
    _row("mp3gain analysis (APEv2)", _MP3, "mp3gain", "-q", "-s", "a", "{}"),
    _row("mp3gain analysis (ID3v2)", _MP3, "mp3gain", "-q", "-s", "i", "{}"),
    _row("vorbiscomment -a", ("vorbis",), "vorbiscomment", "-a", "-t", f"MOOD={TITLE}", "{}"),
    _row("vorbiscomment -w", ("vorbis",), "vorbiscomment", "-w", "-t", f"TITLE={TITLE}", "{}"),
)  # fmt: skip
