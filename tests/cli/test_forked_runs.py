"""What tests start by forking is what they would start anew (``support.warm``)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import terminal, warm

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "verify"
forked = pytest.mark.skipif(warm.COLD, reason="nothing is forked here: every run starts anew")


@pytest.fixture
def place(tmp_path):
    shutil.copyfile(VECTORS / "absent" / "input.wav", tmp_path / "plain.wav")
    shutil.copyfile(VECTORS / "passed-own-key" / "input.wav", tmp_path / "signed.wav")
    return tmp_path


def environment(place, **more):
    return {**os.environ, "MUSICPROV_HOME": str(place / "home"), **more}


@pytest.mark.slow
@forked
@pytest.mark.parametrize(
    ("line", "data", "more"),
    [
        ("--version", b"", {}),
        ("--help", b"", {}),
        ("no-such-verb", b"", {}),
        ("verify", b"", {}),
        ("verify signed.wav plain.wav", b"", {}),
        ("verify --at 2026-11-27T00:00:00Z --format ndjson -", b"plain.wav\nsigned.wav\n", {}),
        (
            "verify --at 2026-11-27T00:00:00Z --jobs 2 signed.wav plain.wav gone.wav",
            b"",
            {"NO_COLOR": "1"},
        ),
        ("verify plain.wav \udcff\u20ac.wav", b"", {}),
        ("inspect signed.wav", b"", {"COLUMNS": "60"}),
        ("sign plain.wav", b"", {}),
    ],
)
def test_it_ends_and_prints_as_a_program_that_is_started(place, line, data, more):
    arguments, variables = line.split(), environment(place, **more)

    made = warm.run(place, arguments, variables, data=data, timeout=600)

    anew = subprocess.run(
        [sys.executable, "-m", "provenance", *arguments],
        cwd=place, env=variables, input=data, capture_output=True, timeout=600, check=False,
    )  # fmt: skip
    assert (made.returncode, made.stdout, made.stderr) == (
        anew.returncode,
        anew.stdout,
        anew.stderr,
    )


@forked
def test_what_a_program_reads_at_its_start_has_it_started_anew(place):
    ascii_only = environment(place, PYTHONIOENCODING="ascii")

    made = warm.run(place, ["verify", "\u20ac.wav"], ascii_only, timeout=600)

    assert "\u20ac".encode() not in made.stdout + made.stderr
    assert b"\\u20ac.wav" in made.stdout + made.stderr


@forked
def test_what_takes_too_long_is_killed(place):
    pipe = place / "names"
    os.mkfifo(pipe)
    held = os.open(pipe, os.O_RDWR)  # nobody writes, and it does not end
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            warm.run(place, ["verify", "@names"], environment(place), timeout=0.5)
    finally:
        os.close(held)


STARTED = (sys.executable, "-P", "-m", "provenance")


@forked
@pytest.mark.parametrize("line", ["--help", "verify signed.wav", "explain --list", "no-such-verb"])
def test_on_a_terminal_it_shows_what_a_program_shows_that_is_started(place, line):
    made, anew = (
        terminal.prov(place, *line.split(), program=program) for program in (terminal.PROV, STARTED)
    )

    assert (made.finish(), made.text) == (anew.finish(), anew.text)


@pytest.mark.parametrize("program", [terminal.PROV, STARTED])
@pytest.mark.parametrize("keys", [terminal.INTERRUPT, terminal.END])
def test_whoever_sits_there_can_stop_it(place, program, keys):
    session = terminal.prov(place, "keygen", "--out", "new.pem", program=program)

    session.answer("press Enter for none: ", keys)

    assert session.finish() == 130
    assert "Nothing was left half done." in session.text
    assert not (place / "new.pem").exists()
