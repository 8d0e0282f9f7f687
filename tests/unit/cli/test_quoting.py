"""A printed command is one that can be typed: a name comes out of a shell as it is."""

import shutil
import subprocess
from pathlib import Path

import pytest
from provenance.cli._options import quoted
from provenance.reports.escaping import shown

NAMES = [
    "song.wav",
    "My song.wav",
    "it's.wav",
    "-dash.mp3",
    "--help",
    "new\nline.mp3",
    "tab\tand 'quote' and \\back.wav",
    "red\x1b[31m7.wav",
    "right\u202egnp.wav",
    "no-text\udcff8.wav",
    "Bj\u00f6rk \u266b.wav",
    "a" * 250 + "/" + "b" * 250,
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_shell_gives_the_name_back(name):
    typed = quoted(Path(name))
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("needs bash")

    done = subprocess.run(
        [bash, "-c", f"printf %s {typed}"], capture_output=True, check=True, env={"LANG": "C.UTF-8"}
    )

    assert Path(done.stdout.decode("utf-8", "surrogateescape")) == Path(name)
    assert shown(typed, len(typed)) == typed
    assert not typed.startswith("-")
