"""Running ``prov`` as a program, as a person or script would, with a user's folder of its own."""

import io
import os
import subprocess

from support import warm

HANGS = 600
"""After so long (s) a program hangs, on the slowest machine too."""


def run(place, command, *, timeout=HANGS, text=True):
    """Run a command in ``place`` with nothing to read; how it ended, whatever that is."""
    return subprocess.run(
        list(map(str, command)),
        cwd=place,
        env={**os.environ, "MUSICPROV_HOME": str(place / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=text,
        timeout=timeout,
        check=False,
    )


def prov(
    place, *arguments, expect=0, timeout=HANGS, text=True, data=b"", home="home", environment=None
):
    """Run ``prov`` in ``place``; what it printed, after its exit code was the expected one.

    ``expect=None`` is for calls whose exit code says something else than what is tested.
    """
    variables = {**os.environ, "MUSICPROV_HOME": str(place / home), **(environment or {})}
    done = warm.run(place, list(map(str, arguments)), variables, data=data, timeout=timeout)
    assert expect in {None, done.returncode}, (done.stdout + done.stderr).decode()
    assert b"Traceback" not in done.stderr
    if text:
        done.stdout, done.stderr = map(_text, (done.stdout, done.stderr))
    return done


def _text(data):
    return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8").read()
