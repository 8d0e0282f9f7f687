"""Hundreds of crafted files of every family through verify, inspect, extract, strip and sign.

Never a crash, a hang, or more memory than the limits; never PASSED for other audio; after a
refusal the file is as it was, and nothing is left over; after a success audio and foreign items
are as they were and the file verifies. ``judge.py`` holds the invariants, ``families.py`` lists
the cases; a fault names its case. MUSICPROV_TEST_FULL=1 runs all of them.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hostile.families import FAMILIES
from support import command, samples
from support.speed import slower

FULL = bool(os.environ.get("MUSICPROV_TEST_FULL"))
JUDGE = Path(__file__).with_name("judge.py")
LEAST = {"mp3": 90, "flac": 60, "wav": 70, "aiff": 50, "mp4": 120, "ogg": 90, "value": 60}
CODES = {0, 1, 2, 3, 4, 5}
QUICKEST = "aiff"


@pytest.mark.requirement("SEC-002")
@pytest.mark.requirement("SEC-003")
@pytest.mark.requirement("SEC-004")
@pytest.mark.parametrize(
    "family", [pytest.param(f, marks=() if f == QUICKEST else pytest.mark.slow) for f in FAMILIES]
)
def test_no_crafted_file_crashes_hangs_or_swells_anything(family):
    samples.made("wav", 1)
    done = subprocess.run(
        [sys.executable, str(JUDGE), family], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]
    faults = [f"{r['name']}: {fault}" for r in results for fault in r["faults"]]
    assert faults == []
    assert len(results) >= LEAST[family]
    slowest = max((s, r["name"]) for r in results for s in r["s"].values())
    largest = max((m, r["name"]) for r in results for m in r["mib"].values())
    print(f"{family}: {len(results)} files, worst {slowest} s, {largest} MiB")


def chosen():
    """A few cases of every family for the real command line."""
    for make in FAMILIES.values():
        cases = [c for c in make() if FULL or not c.slow]
        for case in cases if FULL else cases[7 :: len(cases) // 2 + 1]:
            yield pytest.param(case, id=case.name)


@pytest.mark.requirement("SEC-002")
@pytest.mark.parametrize("case", list(chosen()))
def test_the_command_line_ends_with_one_of_its_codes(case, tmp_path):
    song = tmp_path / "work" / f"song.{case.suffix}"
    song.parent.mkdir()
    data = case.build()
    song.write_bytes(data)
    (tmp_path / "d.json").write_text('{"contributions":[{"area":"lyrics","level":"full"}]}')
    assert prov(tmp_path, "keygen", "--no-passphrase").returncode == 0

    for arguments in (
        ("verify", "--verbose"),
        ("inspect",),
        ("sign", "--manifest", "d.json", "--no-fingerprint", "--replace=foreign"),
    ):
        done = prov(tmp_path, *arguments, str(song))
        assert done.returncode in CODES, done.stderr
        assert b"Traceback" not in done.stderr
        assert b"Internal error" not in done.stderr
        assert not {0x1B, 0x07, 0x08} & {*done.stdout, *done.stderr}
    if done.returncode:
        assert song.read_bytes() == data
    assert [p.name for p in song.parent.iterdir()] == [song.name]


def prov(folder, *arguments):
    return command.prov(folder, *arguments, expect=None, text=False, timeout=60 * slower())
