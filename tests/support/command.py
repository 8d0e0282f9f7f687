"""Running ``prov`` as a program, as a person or script would, with a user's folder of its own."""

import os
import subprocess
import sys


def prov(place, *arguments, expect=0, timeout=60, text=True):
    """Run ``prov`` in ``place``; what it printed, after its exit code was the expected one.

    ``expect=None`` is for calls whose exit code says something else than what is tested.
    """
    done = subprocess.run(
        [sys.executable, "-m", "provenance", *map(str, arguments)],
        cwd=place,
        env={**os.environ, "MUSICPROV_HOME": str(place / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=text,
        timeout=timeout,
        check=False,
    )
    assert expect in {None, done.returncode}, done.stdout + done.stderr
    assert ("Traceback" if text else b"Traceback") not in done.stderr
    return done
