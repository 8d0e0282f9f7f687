"""Small audio files made here by ffmpeg and flac, one a container, and the corpus of real music.

Everything is made once a machine into a cache folder. Where a tool is missing the tests that
need its file skip aloud.
"""

import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
_CACHE = Path(tempfile.gettempdir()) / f"musicprov-test-samples-{os.getuid()}"

_ENCODE = {
    "wav": "-c:a pcm_s16le",
    "aiff": "-c:a pcm_s16be",
    "flac": "-c:a flac -sample_fmt s16",
    "mp3": "-c:a libmp3lame -b:a 192k",
    "m4a": "-c:a aac -b:a 128k",
    "fast.m4a": "-c:a aac -b:a 128k -movflags +faststart",
    "alac.m4a": "-c:a alac -sample_fmt s16p",
    "ogg": "-c:a libvorbis -q:a 4",
    "opus": "-c:a libopus -b:a 96k",
    "oga": "-c:a flac -sample_fmt s16",
}


@functools.cache
def made(kind, seconds=2):
    """A tagged file of this kind (its suffix), made from a synthetic stereo signal."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed: no sample files")
    path = _CACHE / f"sample-{seconds}.{kind}"
    if path.is_file():
        return path
    _CACHE.mkdir(exist_ok=True)
    source = (
        f"aevalsrc=0.4*sin(2*PI*(220+20*sin(t*3))*t)+0.1*sin(2*PI*1230*t)|"
        f"0.4*sin(2*PI*(277+15*sin(t*2))*t)+0.1*sin(2*PI*990*t):s=44100:d={seconds}"
    )
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    tags = [
        "-metadata",
        "title=Sample",
        "-metadata",
        "artist=Somebody",
        "-metadata",
        "TSRC=QZZZZ2600001",
    ]
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", source, *tags]
    subprocess.run([*command, *_ENCODE[kind].split(), str(temporary)], check=True)
    temporary.replace(path)
    return path


def corpus(*formats):
    """Real tracks of these formats, sorted; skips aloud when there is no corpus."""
    named = os.environ.get("MUSICPROV_TEST_CORPUS")
    roots = (
        [Path(named)] if named else [CHECKOUT / ".corpus", CHECKOUT.parent / "shared" / "corpus"]
    )
    for root in roots:
        found = [p for f in formats for p in sorted((root / "built" / "public" / f).glob("*"))]
        if found:
            return found
    pytest.skip(f"no corpus of real music (MUSICPROV_TEST_CORPUS): {len(formats)} formats skipped")
    return []


def third_party(name):
    """A third-party file of test data; skips aloud when it is not there."""
    named = os.environ.get("MUSICPROV_TEST_DATA")
    root = Path(named) if named else CHECKOUT.parent / "shared" / "data"
    path = root / name
    if not path.is_file():
        pytest.skip(f"no third-party data {name} (MUSICPROV_TEST_DATA)")
    return path
