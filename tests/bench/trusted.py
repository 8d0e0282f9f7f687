"""CPU of verifying a certified, time-stamped, twice endorsed file by a trust policy.

Beyond SHA-256 of the same bytes, measured in turn in the same process, the least of forty each.
*Cold*: what is kept of chains, revocation lists and time-stamps is forgotten before each round
(schemas are compiled, modules loaded); *warm*: it is kept, as in a distributor's worker that sees
one label's chain again and again.
"""

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import material
from cpu import cpu_ms

COLD_MS, WARM_MS = 12.0, 8.0
ROUNDS = 40


def run():
    """Print cold and warm figures for a short and for the fullest declaration."""
    sys.path[:0] = [str(material.CHECKOUT / "tests")]
    for name, declared in (("short", None), ("fullest", material.DECLARATION)):
        with tempfile.TemporaryDirectory() as folder:
            _one(name, Path(folder), declared)


def _one(name, folder, declared):
    from story import five_parties as told

    it = told.world(folder)
    at = told.RELEASED
    if declared is not None:
        declared = {**declared, "subject": {**declared["subject"], **told.DECLARED["subject"]}}
    told.sign_as(it.song, declared or told.DECLARED, it.label, at)
    told.stamp_all(it, at + timedelta(minutes=1))
    told.endorse(it, it.distributor, "verified-signer", at + timedelta(hours=1))
    told.endorse(it, it.chart, "accepted", at + timedelta(hours=2))
    context = told.context_of(it, at + timedelta(days=1))
    sha, cold, warm = [], [], []
    for _ in range(ROUNDS + 1):
        sha.append(cpu_ms(material.read, it.song))
        told.forget()
        cold.append(cpu_ms(_verify, it.song, context))
        warm.append(cpu_ms(_verify, it.song, context))
    least = min(sha[1:])
    for what, times, limit in (("cold", cold, COLD_MS), ("warm", warm, WARM_MS)):
        beyond = min(times[1:]) - least
        print(
            f"certified, time-stamped, twice endorsed; {name} declaration, {what}:"
            f" {beyond:5.2f} ms beyond SHA-256 (held to {limit})",
            flush=True,
        )


def _verify(path, context):
    from provenance.reports.as_json import dumps, report
    from provenance.workspace.verifying import verify_path

    verdict = verify_path(path, context)
    assert verdict.status.value == "PASSED", [f.code.slug for f in verdict.findings]
    assert len(verdict.subject.endorsements) == 2
    dumps(report(str(path), verdict, context))


if __name__ == "__main__":
    run()
