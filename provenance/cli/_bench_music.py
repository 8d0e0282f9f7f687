"""Signed music to measure on, where nobody names files: one song in each container."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import wave
from array import array
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from random import Random

from provenance.cli._music import RATE, compose
from provenance.cli.demo import DECLARATION

SECONDS = 180
COPIES = 8
"""Each song stands there so often (as links), so that a run is not over before it has begun."""
_CODECS = {
    "flac": ("flac", "s16", "44100", "0"),
    "mp3": ("libmp3lame", "s16p", "44100", "256000"),
    "m4a": ("aac", "fltp", "44100", "256000"),
    "ogg": ("libopus", "flt", "48000", "160000"),
    "aiff": ("pcm_s16be", "s16", "44100", "0"),
}
"""Suffix: codec, sample format, samples and bits a second."""
_HISS = b"\x3f\x00"
"""The bits of each sample that are noise: FLAC has as much to keep as with real music."""
_ENCODE = """
import av, sys
for target, codec, form, rate, bits in zip(*(sys.argv[n::5] for n in range(2, 7))):
    with av.open(sys.argv[1]) as source, av.open(target, "w") as file:
        out = file.add_stream(codec, rate=int(rate), layout="stereo", format=form)
        if int(bits):
            out.bit_rate = int(bits)
        out.codec_context.open()
        size = out.codec_context.frame_size or None
        shape = av.AudioResampler(form, "stereo", int(rate), size)
        for packet in source.demux(audio=0):
            for frame in packet.decode():
                for part in shape.resample(frame):
                    file.mux(out.encode(part))
        for part in shape.resample(None):
            file.mux(out.encode(part))
        file.mux(out.encode(None))
"""


def has_encoders() -> bool:
    """Whether there is more than WAV (extra ``audio``)."""
    return find_spec("av") is not None


def signed_songs(folder: Path, home: Path, seconds: int = SECONDS) -> Iterator[Path]:
    """Songs in ``folder``, signed by a new key that ``home`` knows as the user's own."""
    song = folder / "song.wav"
    compose(song)
    _lengthen(song, seconds)
    songs = [song, *(_encoded(song) if has_encoders() else ())]
    _sign(songs, home)
    for made in songs:
        yield made
        for n in range(1, COPIES):
            copy = folder / f"{n}-{made.name}"
            os.link(made, copy)
            yield copy


def _lengthen(song: Path, seconds: int) -> None:
    """The song over and over, as stereo of 44,100 Hz, for ``seconds``."""
    with wave.open(str(song), "rb") as read:
        samples = array("h", read.readframes(read.getnframes()))
    wide = array("h", bytes(8 * len(samples)))
    for n in range(4):
        wide[n::4] = samples
    length = 2 * len(wide)
    noise = Random(0).randbytes(length)  # noqa: S311 - the same noise everywhere
    hiss = int.from_bytes(noise) & int.from_bytes(_HISS * (length // 2))
    part = (int.from_bytes(wide.tobytes()) ^ hiss).to_bytes(length)
    times, rest = divmod(seconds * 2 * RATE * 4, length)
    with wave.open(str(song), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(2 * RATE)
        for _ in range(times):
            out.writeframes(part)
        out.writeframes(part[:rest])


def _encoded(song: Path) -> list[Path]:
    """The song in the other containers; the encoder has a process of its own (PyAV)."""
    made = {song.with_suffix(f".{suffix}"): how for suffix, how in _CODECS.items()}
    words = [word for path, how in made.items() for word in (str(path), *how)]
    subprocess.run(  # noqa: S603 - our own interpreter, our own code
        [sys.executable, "-c", _ENCODE, str(song), *words], check=True, capture_output=True
    )
    return list(made)


def _sign(songs: list[Path], home: Path) -> None:
    from provenance.issuing.sign import Wishes, draft, issue
    from provenance.signing.keys import generate
    from provenance.signing.signer import FileSigner
    from provenance.trust.identity import Keyring
    from provenance.verify.outcome import Context

    pair = generate("ES256")
    keys = home / "keys"
    keys.mkdir(parents=True)
    (keys / "default.pub.jwk").write_text(json.dumps(dict(pair.public.jwk)), encoding="utf-8")
    signer = FileSigner(pair)
    context = Context(
        now=datetime.now(UTC), keyring=Keyring({pair.public.thumbprint: None}, {}), decode="never"
    )
    wishes = Wishes(tiers=frozenset({"essence"}))
    for song in songs:
        made = draft((song,), DECLARATION, pair.public.thumbprint, context, wishes)
        issue(made, signer, context, wishes)
