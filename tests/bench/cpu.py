"""CPU of verifying and signing against SHA-256 of the same bytes, container by container.

The baseline is ``hashlib.file_digest`` of the whole file in the same process, page cache warm,
in turn with what is measured, the least of seven each. Verifying is everything from the path to the
JSON of the report; signing is tier 1 in place: looking, copying, checking and replacing the file.
"""

import time
from dataclasses import dataclass

import material
from provenance.containers import identify, load
from provenance.model.limits import DEFAULT_LIMITS
from provenance.reports.as_json import dumps, report
from provenance.workspace.verifying import verify_path

ROUNDS = 7
VERIFY_FIXED_MS, SIGN_FIXED_MS = 6.0, 12.0
SIGN_TIMES = 2.5
TIMES = {"aac": 1.2}
"""Verifying, as a multiple of SHA-256, plus the fixed part; 1.15 for all that is not named."""
MP3_FRAME_MS, OGG_MB_MS = 0.0007, 4.0
MP3_FRAME_SAMPLES = 1152


@dataclass(frozen=True)
class Row:
    """What was measured of one container: milliseconds of CPU."""

    kind: str
    megabytes: float
    sha: float
    verify: float
    sign: float
    walk: float
    """What the container's scan is allowed beside the multiple: per frame, or per megabyte."""

    @property
    def verify_limit(self):
        times = 0.0 if self.kind in material.OGG else TIMES.get(self.kind, 1.15)
        return times * self.sha + self.walk + VERIFY_FIXED_MS

    @property
    def sign_limit(self):
        return SIGN_TIMES * self.sha + 2 * self.walk + SIGN_FIXED_MS


def cpu_ms(action, *arguments):
    """Milliseconds of CPU, user and system, that this process needs for one call."""
    before = time.process_time_ns()
    action(*arguments)
    return (time.process_time_ns() - before) / 1e6


def measure(kind, pen, rounds=ROUNDS):
    """Measure one container, on its plain file for signing and its signed copy for the rest."""
    plain = material.plain(kind)
    signed = material.copy(plain, plain.with_name(f"signed-{plain.name}"))
    pen.sign(signed)
    work = signed.with_name(f"work-{plain.name}")
    sha, verify, sign = [], [], []
    for _ in range(rounds + 1):
        sha.append(cpu_ms(material.read, signed))
        verify.append(cpu_ms(_verify, signed, pen.context))
        material.copy(plain, work)
        material.read(work)
        sign.append(cpu_ms(pen.sign, work))
    work.unlink()
    size = signed.stat().st_size / 1e6
    least = (min(times[1:]) for times in (sha, verify, sign))
    return Row(kind, size, *least, _walk_ms(kind, signed, size))


def _verify(path, context):
    verdict = verify_path(path, context)
    assert verdict.status.value == "PASSED", verdict.found
    dumps(report(str(path), verdict, context))


def _walk_ms(kind, path, megabytes):
    if kind in material.OGG:
        return OGG_MB_MS * megabytes
    if not kind.startswith("mp3"):
        return 0.0
    with path.open("rb") as stream:
        scan = load(identify(stream)).scan(stream, DEFAULT_LIMITS, False)
    return MP3_FRAME_MS * scan.audio.samples / MP3_FRAME_SAMPLES


def run():
    """Print the table."""
    pen = material.pen()
    print(f"{'':18} {'MB':>6} {'SHA-256':>8} {'verify':>7} {'held to':>8} {'of it':>6}", end="")
    print(f" {'sign':>7} {'held to':>8} {'of it':>6} {'verify/sha':>10} {'sign/sha':>9}")
    for kind in material.available():
        row = measure(kind, pen)
        print(
            f"{material.KINDS[kind].title:18} {row.megabytes:6.1f} {row.sha:8.2f}"
            f" {row.verify:7.2f} {row.verify_limit:8.2f} {row.verify / row.verify_limit:6.0%}"
            f" {row.sign:7.2f} {row.sign_limit:8.2f} {row.sign / row.sign_limit:6.0%}"
            f" {row.verify / row.sha:10.2f} {row.sign / row.sha:9.2f}",
            flush=True,
        )


if __name__ == "__main__":
    run()
