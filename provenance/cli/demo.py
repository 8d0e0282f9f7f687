"""``prov demo``: the main job end to end, and the attacks on it, with the real commands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import click

from provenance.cli._options import FILES
from provenance.cli._wrapping import fitted
from provenance.files.opening import input_error
from provenance.model.errors import UsageError

DECLARATION = {
    "declarant": {"role": "artist", "name": "The Demo Band"},
    "subject": {
        "title": "Ten Bars",
        "artists": [{"name": "The Demo Band", "identity": "aiPersona", "identityPublic": True}],
        "isrc": "QZZZZ2600001",
    },
    "contributions": [
        {"asset": "composition", "area": "lyrics", "level": "full", "agents": [{"tool": "t1"}]},
        {"asset": "recording", "area": "leadVocals", "level": "full", "agents": [{"tool": "t1"}]},
        {"asset": "recording", "area": "mixing", "level": "utility"},
    ],
    "tools": [{"ref": "t1", "provider": "Example AI", "system": "SongMaker", "version": "5"}],
}

_RETAG = {
    "flac": "from mutagen.flac import FLAC as F; f = F({0!r}); f['title'] = 'New title'; f.save()",
    "wav": "from mutagen.wave import WAVE as W; from mutagen.id3 import TIT2; w = W({0!r}); "
    "w.tags.add(TIT2(text='New title')); w.save()",
}


_EPILOG = """\b
Examples:
  prov demo
  prov demo --dir my-demo
"""


@click.command("demo", epilog=_EPILOG)
@click.option("--dir", "folder", type=FILES, help="Work there and keep the files.")
@click.pass_context
def command(ctx: click.Context, folder: Path | None) -> None:
    """Make a short piece of music, declare, sign, verify, retag and attack it.

    Everything runs in a folder of its own with a key of its own; your files and keys are not
    touched. Exit code 0 means that every step gave the result it should.
    """
    place = folder or Path(tempfile.mkdtemp(prefix="musicprov-demo-"))
    try:
        place.mkdir(parents=True, exist_ok=True)
        if any(place.iterdir()):
            raise UsageError(f"{place}: is not empty", hint="Name a new folder.")
    except OSError as error:
        raise input_error(place, error) from error
    try:
        failures = _Demo(place.resolve()).run()
    finally:
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)
    ctx.exit(1 if failures else 0)


class _Demo:
    """The steps, in one folder; each runs a real command and states what it must answer."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.failures = 0
        self.kind = "flac" if find_spec("av") else "wav"
        self.environment = {**os.environ, "MUSICPROV_HOME": str(place / "home")}

    def run(self) -> int:
        """Run all steps; how many did not answer as they should."""
        song, other = f"song.{self.kind}", f"other.{self.kind}"
        self._title("A short piece of music, and another one")
        self._music()
        self._title("An artist: make a key, declare, sign")
        self._prov(0, "keygen", "--no-passphrase")
        self._prov(0, "sign", song, "--manifest", "declaration.json")
        self._title("The same artist verifies: PASSED")
        self._prov(0, "verify", song)
        self._title("A stranger verifies: intact, but whose key is it? INDETERMINATE")
        self._prov(3, "verify", song, home="stranger")
        self._title("The stranger gets to know the key: PASSED")
        self._prov(0, "verify", "--key", "home/keys/default.pub.jwk", song, home="stranger")
        self._title("Another program changes the title: still PASSED, and the change is named")
        self._retag(song)
        self._prov(0, "verify", song)
        self._title("One audio sample is flipped: never PASSED")
        self._flip()
        self._prov(1, "verify", "flipped.wav")
        self._title("The declaration is copied to another recording: FAILED")
        self._copy_declaration(song, other)
        self._prov(1, "verify", "--manifest", f"{song}.musicprov.json", other)
        self._title("The declaration is edited: FAILED")
        self._edit()
        self._prov(1, "verify", "edited.musicprov.jws")
        self._title("A file without a declaration: ABSENT, which is not 'no AI'")
        self._prov(4, "verify", other)
        self._close()
        return self.failures

    def _title(self, text: str) -> None:
        click.echo(f"\n{click.style('== ' + text, bold=True)}")

    def _music(self) -> None:
        from provenance.cli._music import compose

        compose(self.place / "song.wav")
        compose(self.place / "other.wav", shift=5)
        if self.kind == "flac":
            for name in ("song", "other"):
                self._encode(name)
        text = json.dumps(DECLARATION, indent=2)
        (self.place / "declaration.json").write_text(text, encoding="utf-8")
        made = sorted(p.name for p in self.place.iterdir() if p.is_file())
        click.echo(f"  made: {', '.join(made)}")

    def _encode(self, name: str) -> None:
        """WAV to FLAC, in a program of its own (PyAV)."""
        code = (
            "import av, sys\n"
            "source = av.open(sys.argv[1]); target = av.open(sys.argv[2], 'w')\n"
            "out = target.add_stream('flac', rate=source.streams.audio[0].rate)\n"
            "out.layout = 'mono'; out.format = 's16'\n"
            "for frame in source.decode(audio=0):\n"
            "    frame.pts = None\n"
            "    target.mux(out.encode(frame))\n"
            "target.mux(out.encode(None)); target.close()\n"
        )
        self._python(code, f"{name}.wav", f"{name}.flac")

    def _python(self, code: str, *arguments: str) -> None:
        subprocess.run(  # noqa: S603 - our own interpreter, our own code
            [sys.executable, "-c", code, *arguments],
            cwd=self.place,
            check=True,
            capture_output=True,
            timeout=120,
        )

    def _prov(self, expected: int, *arguments: str, home: str = "home") -> None:
        click.echo(click.style(f"  $ prov {' '.join(arguments)}", fg="cyan"))
        done = subprocess.run(  # noqa: S603 - this very tool
            [sys.executable, "-m", "provenance", *arguments],
            cwd=self.place,
            env={**self.environment, "MUSICPROV_HOME": str(self.place / home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        for line in done.stdout.rstrip().split("\n"):
            click.echo(fitted(f"  {line}", sys.stdout))
        if done.returncode != expected:
            self.failures += 1
            click.echo(f"  UNEXPECTED: exit {done.returncode}, should be {expected}")

    def _retag(self, song: str) -> None:
        self._python(_RETAG[self.kind].format(song))
        click.echo(f"  mutagen has set another title in {song}")

    def _flip(self) -> None:
        """A signed WAV with one bit of one sample changed."""
        shutil.copyfile(self.place / "song.wav", self.place / "flipped.wav")
        if self.kind == "flac":
            self._prov(0, "sign", "flipped.wav", "--manifest", "declaration.json")
        data = bytearray((self.place / "flipped.wav").read_bytes())
        data[300_000] ^= 1
        (self.place / "flipped.wav").write_bytes(data)
        click.echo("  one bit of sample 149,978 of flipped.wav is changed")

    def _copy_declaration(self, song: str, other: str) -> None:
        self._prov(0, "extract", song)
        click.echo(f"  the declaration of {song} is now claimed for {other}")

    def _edit(self) -> None:
        from provenance.signing.bundle import read_values

        bundle = next(self.place.glob("song.*.musicprov.json")).read_bytes().rstrip(b"\n")
        from provenance.model.limits import DEFAULT_LIMITS
        from provenance.signing.envelope import read

        token, _ = read(read_values(bundle, DEFAULT_LIMITS)[0][0], DEFAULT_LIMITS)
        if token is None:
            raise RuntimeError("the demo cannot read its own declaration")
        edited = _replace_payload(token.compact, token.payload.replace(b'"full"', b'"none"'))
        (self.place / "edited.musicprov.jws").write_text(edited, encoding="ascii")
        click.echo('  every "full" in the declaration is now "none"')

    def _close(self) -> None:
        click.echo()
        if self.failures:
            click.echo(f"{self.failures} steps did not answer as they should.")
            return
        click.echo("Every step answered as it should. Now yours:  prov sign track.flac")


def _replace_payload(compact: str, payload: bytes) -> str:
    from base64 import urlsafe_b64encode

    header, _, signature = compact.split(".")
    encode: Callable[[bytes], bytes] = urlsafe_b64encode
    return f"{header}.{encode(payload).rstrip(b'=').decode()}.{signature}"
