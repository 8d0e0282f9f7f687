"""Running ``prov`` as a program, as a person or script would, with a user's folder of its own."""

import os
import subprocess
import sys


def run(place, command, *, timeout=60, text=True):
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


def prov(place, *arguments, expect=0, timeout=60, text=True):
    """Run ``prov`` in ``place``; what it printed, after its exit code was the expected one.

    ``expect=None`` is for calls whose exit code says something else than what is tested.
    """
    command = (sys.executable, "-m", "provenance", *arguments)
    done = run(place, command, timeout=timeout, text=text)
    assert expect in {None, done.returncode}, done.stdout + done.stderr
    assert ("Traceback" if text else b"Traceback") not in done.stderr
    return done
