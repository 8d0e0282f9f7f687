"""The music that the benchmarks run on: one song of four minutes in every container.

The song is joined from the corpus of real music when ``MUSICPROV_TEST_CORPUS`` leads to one, else
it is synthetic (pink noise and chords). Files are made once into a cache folder and signed by
a key made for the run.
"""

import functools
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import wave
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from provenance.issuing.sign import Wishes, draft, issue
from provenance.signing.keys import generate
from provenance.signing.signer import FileSigner
from provenance.trust.identity import Keyring
from provenance.verify.outcome import Context

CHECKOUT = Path(__file__).resolve().parents[2]
CACHE = Path(tempfile.gettempdir()) / f"musicprov-bench-{os.getuid()}"
SECONDS = 240
DECLARATION = json.loads((CHECKOUT / "examples" / "all-human" / "declaration.json").read_text())
TIER_1 = Wishes(tiers=frozenset({"essence"}))


@dataclass(frozen=True)
class Kind:
    """One container as it is measured; the figures that it is held to are in ``cpu.py``."""

    title: str
    suffix: str
    codec: str = ""
    """What ffmpeg is told, or nothing for a tool of the format's own."""
    tool: str = ""


KINDS = {
    "flac": Kind("FLAC", ".flac", "-c:a flac -sample_fmt s16"),
    "wav": Kind("WAV", ".wav", "-c:a pcm_s16le"),
    "aiff": Kind("AIFF", ".aiff", "-c:a pcm_s16be"),
    "alac": Kind("ALAC", ".alac.m4a", "-c:a alac -sample_fmt s16p"),
    "aac": Kind("AAC 256k", ".m4a", "-c:a aac -b:a 256k"),
    "mp3": Kind("MP3 256k", ".mp3", "-c:a libmp3lame -b:a 256k"),
    "mp3-128": Kind("MP3 128k", ".128.mp3", "-c:a libmp3lame -b:a 128k"),
    "vorbis": Kind("Vorbis q6", ".ogg", "-c:a libvorbis -q:a 6"),
    "opus": Kind("Opus 160k", ".opus", "-c:a libopus -b:a 160k"),
    "oggenc": Kind("Vorbis, 4 KB pages", ".oggenc.ogg", tool="oggenc -Q -q 6 -o {new} {wav}"),
    "ogg-flac": Kind("FLAC in Ogg", ".oga", tool="flac --silent --ogg -o {new} {wav}"),
}
OGG = {"vorbis", "opus", "oggenc", "ogg-flac"}


def available():
    """The kinds that can be made here."""
    return tuple(k for k, one in KINDS.items() if shutil.which((one.tool or "ffmpeg").split()[0]))


@dataclass(frozen=True)
class Pen:
    """A fresh key, and the context of somebody whose own key it is."""

    signer: FileSigner
    context: Context

    def sign(self, path, wishes=TIER_1):
        """Sign a file in place."""
        made = draft((path,), DECLARATION, self.signer.public.thumbprint, self.context, wishes)
        issue(made, self.signer, self.context, wishes)


def pen():
    """A new key for this run."""
    pair = generate("ES256")
    keyring = Keyring({pair.public.thumbprint: None}, {})
    return Pen(FileSigner(pair), Context(now=datetime.now(UTC), keyring=keyring))


def keep_key(pen, folder):
    """Put the public key where ``prov`` looks for the user's own keys."""
    folder.mkdir(parents=True)
    jwk = dict(pen.signer.public.jwk)
    (folder / "default.pub.jwk").write_text(json.dumps(jwk), encoding="utf-8")


def plain(kind, seconds=SECONDS):
    """The unsigned song in a container; made when it is not there yet."""
    one = KINDS[kind]
    path = CACHE / f"{source_name()}-{seconds}{one.suffix}"
    if not path.is_file():
        CACHE.mkdir(exist_ok=True)
        temporary = path.with_name(f".{os.getpid()}-{path.name}")
        tags = ["-metadata", "title=Bench", "-metadata", "artist=Somebody"]
        if one.tool:
            words = [w.format(new=temporary, wav=_master(seconds)) for w in one.tool.split()]
            subprocess.run(words, check=True, stderr=subprocess.DEVNULL)
        else:
            ffmpeg("-i", _master(seconds), *one.codec.split(), *tags, temporary)
        temporary.replace(path)
    return path


def read(path):
    """Bring a file into the page cache; the SHA-256 of it."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def copy(source, target):
    """An unsigned working copy, in the page cache and on disk."""
    shutil.copyfile(source, target)
    with target.open("rb") as stream:
        os.fsync(stream.fileno())
    return target


@functools.cache
def _clips():
    """Four clips of a minute each, 44.1 kHz stereo, or none."""
    root = os.environ.get("MUSICPROV_TEST_CORPUS")
    found = sorted(Path(root).glob("built/public/wav16/*.wav")) if root else []
    return [clip for clip in found if _is_minute_of_cd(clip)][:4]


def _is_minute_of_cd(clip):
    with wave.open(str(clip)) as sound:
        rate, channels, frames = sound.getframerate(), sound.getnchannels(), sound.getnframes()
    return (rate, channels) == (44100, 2) and frames >= 60 * rate


def source_name():
    """Where the music comes from: ``corpus`` or ``synthetic``."""
    return "corpus" if _clips() else "synthetic"


def _master(seconds):
    """The song as 44.1 kHz 16-bit stereo."""
    path = CACHE / f"{source_name()}-{seconds}.master.wav"
    if path.is_file():
        return path
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    shape = ["-ar", "44100", "-ac", "2", "-c:a", "pcm_s16le", "-t", str(seconds)]
    if _clips():
        listing = CACHE / "clips.txt"
        clips = _clips() * (seconds // (60 * len(_clips())) + 1)
        listing.write_text("".join(f"file '{clip}'\n" for clip in clips))
        ffmpeg("-f", "concat", "-safe", "0", "-i", listing, *shape, temporary)
    else:
        chord = "0.2*sin(2*PI*220*t)+0.2*sin(2*PI*(277+9*sin(t))*t)+0.1*random(0)"
        ffmpeg("-f", "lavfi", "-i", f"aevalsrc={chord}|{chord}:s=44100", *shape, temporary)
    temporary.replace(path)
    return path


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)], check=True)
