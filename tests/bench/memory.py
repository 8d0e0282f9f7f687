"""Peak memory of the process that verifies or signs a file that no memory should hold.

The parent process alone counts, over what it needs for a tiny file of the same kind ("idle");
a decoder has a process and a limit of its own. The WAV has 600 MB and is sparse on disk; the others are
what an encoder makes of hours of sound.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import material

HELD_TO_MB = 100
WAV_BYTES = 600_000_000
HOURS = 3600
LONG = {
    "flac": 2 * HOURS,
    "mp3": 4 * HOURS,
    "vorbis": 4 * HOURS,
    "opus": 4 * HOURS,
    "aac": 4 * HOURS,
}

CHILD = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import material
from provenance.workspace.verifying import verify_path
pen = material.pen()
path = Path(sys.argv[3])
if sys.argv[2] == "sign":
    pen.sign(path)
else:
    verify_path(path, pen.context)
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""


def peak_mb(action, path):
    """Peak resident memory, in megabytes, of a process that does one thing to a file.

    Linux says it; the figure that a parent gets would count its own memory before the start.
    """
    command = [sys.executable, "-c", CHILD, str(Path(__file__).parent), action, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout) * 1024 / 1e6


def long_wav(path):
    """A WAV of 600 MB of silence, sparse."""
    data = WAV_BYTES - 44
    head = material.plain("wav", 1).read_bytes()
    at = head.index(b"fmt ")
    fmt = head[at : at + 24]
    riff = b"RIFF" + (WAV_BYTES - 8).to_bytes(4, "little") + b"WAVE"
    path.write_bytes(riff + fmt + b"data" + data.to_bytes(4, "little"))
    os.truncate(path, WAV_BYTES)
    return path


def long_file(kind, seconds, path):
    """The song over and over, as one stream, without coding it again."""
    song = material.plain(kind)
    times = seconds // material.SECONDS
    listing = path.with_suffix(".txt")
    listing.write_text(f"file '{song}'\n" * times)
    material.ffmpeg("-f", "concat", "-safe", "0", "-i", listing, "-c", "copy", path)
    listing.unlink()
    return path


def run():
    """Print idle, verify and sign for each file."""
    print(f"peak memory of the parent process over idle, MB (held to {HELD_TO_MB})")
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("wav", *LONG):
            suffix = material.KINDS[kind].suffix
            tiny = material.copy(material.plain(kind, 1), Path(folder) / f"tiny{suffix}")
            path = Path(folder) / f"long{suffix}"
            long_wav(path) if kind == "wav" else long_file(kind, LONG[kind], path)
            idle = peak_mb("verify", tiny)
            sign = peak_mb("sign", path) - idle
            verify = peak_mb("verify", path) - idle
            print(
                f"  {material.KINDS[kind].title:10} {path.stat().st_size / 1e6:7.0f} MB"
                f"  idle {idle:5.1f}  verify +{verify:5.1f}  sign +{sign:5.1f}",
                flush=True,
            )
            path.unlink()


if __name__ == "__main__":
    run()
