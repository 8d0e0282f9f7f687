"""A cold start: ``prov verify --format json`` of a FLAC of 3 MB against the imports it cannot avoid.

CPU, user and system, of whole processes, in turn with the baseline; the median of seven.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import material

ROUNDS = 7
HELD_TO = 1.6
SECONDS = 45
_UNSET = {"PYTHONDONTWRITEBYTECODE"}
"""All modules are compiled, ours as well, as after an installation: the first round does it."""
BASELINE = "import click, jsonschema; from cryptography.hazmat.primitives.asymmetric import ec"


def cpu_ms(command, environment, expect=0):
    """Milliseconds of CPU that a child process needs."""
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == expect, (command, child.returncode)
    return (usage.ru_utime + usage.ru_stime) * 1000


def run():
    """Print the medians and their ratio; other verbs for comparison."""
    pen = material.pen()
    with tempfile.TemporaryDirectory() as folder:
        song = material.copy(material.plain("flac", SECONDS), Path(folder) / "song.flac")
        environment = {
            **{name: value for name, value in os.environ.items() if name not in _UNSET},
            "MUSICPROV_HOME": str(Path(folder) / "home"),
            "PYTHONPYCACHEPREFIX": str(Path(folder) / "bytecode"),
        }
        material.keep_key(pen, Path(folder) / "home" / "keys")
        pen.sign(song)
        megabytes = song.stat().st_size / 1e6
        prov = [sys.executable, "-m", "provenance"]
        commands = {
            "baseline": [sys.executable, "-c", BASELINE],
            "verify": [*prov, "verify", "--format", "json", str(song)],
            "inspect": [*prov, "inspect", "--format", "json", str(song)],
            "--help": [*prov, "--help"],
        }
        times = {name: [] for name in commands}
        for _ in range(ROUNDS + 1):
            for name, command in commands.items():
                times[name].append(cpu_ms(command, environment))
    medians = {name: statistics.median(found[1:]) for name, found in times.items()}
    print(f"cold start, {megabytes:.1f} MB FLAC, median CPU of {ROUNDS} processes")
    for name, milliseconds in medians.items():
        ratio = milliseconds / medians["baseline"]
        held = f"  (held to {HELD_TO})" if name == "verify" else ""
        print(f"  {name:9} {milliseconds:7.1f} ms {ratio:6.2f} x{held}")


if __name__ == "__main__":
    run()
