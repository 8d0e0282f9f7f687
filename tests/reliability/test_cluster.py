"""A Dask cluster over real music says what one process says, and a worker's death costs nothing.

Files of every format of the corpus: signed by the user, by a stranger, signed and then damaged, not
signed, and one of which its process dies. One file a format and each twice; MUSICPROV_TEST_FULL=1
takes all of the corpus once.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from provenance.issuing.sign import Wishes, draft, issue
from provenance.signing.keys import generate
from provenance.signing.signer import FileSigner
from provenance.verify.outcome import Context

from support import samples
from support.cluster import cluster, watched
from support.speed import slower

FULL = bool(os.environ.get("MUSICPROV_TEST_FULL"))
FORMATS = (
    "wav16", "wav24", "rf64", "bwf", "flac5", "flac24", "alac16", "alac24", "aiff16", "aiff24",
    "mp3_320", "mp3_v0", "aac_256", "vorbis_q5", "opus_96", "oggflac",
)  # fmt: skip
DECLARED = {
    "declarant": {"role": "artist", "name": "Somebody"},
    "contributions": [{"asset": "recording", "area": "mixing", "level": "utility"}],
}
POISON = "poison.flac"
POISONED = f"""
import os, signal, sys
def hook(event, arguments):
    if event == "open" and str(arguments[0]).endswith("{POISON}"):
        os.kill(os.getpid(), signal.SIGSEGV)
sys.addaudithook(hook)
"""
"""Imported by every Python as it starts: a process that opens the file dies there."""
DASK = {"comm__timeouts__connect": f"{2 * slower()}s"}
"""How long results of a worker that died are still asked for."""
KILLED_AFTER = 400 if FULL else 8
"""Lines that are told before a worker is killed; a third of them where there are few."""


class Material:
    """Names to verify in a folder of its own, with the keys that the user has there."""

    def __init__(self, folder):
        self.folder = folder
        self._pens = {"own": FileSigner(generate()), "stranger": FileSigner(generate())}
        keys = folder / "home" / "keys"
        keys.mkdir(parents=True)
        own = self._pens["own"].public
        (keys / "default.pub.jwk").write_text(json.dumps(dict(own.jwk)), encoding="utf-8")
        (folder / "hook").mkdir()
        (folder / "hook" / "sitecustomize.py").write_text(POISONED, encoding="utf-8")
        self.names = [self._made(n, path) for n, path in enumerate(self._chosen())]
        shutil.copyfile(folder / self.names[0], folder / POISON)
        self.names.insert(len(self.names) // 2, POISON)
        if not FULL:
            self.names *= 2
        (folder / "list").write_text("".join(f"{n}\n" for n in self.names), encoding="utf-8")

    def _chosen(self):
        """Tracks in turn of all formats, so that the kinds of ``_made`` meet every format."""
        columns = [samples.corpus(name) for name in FORMATS]
        rows = list(zip(*columns, strict=False))
        return [path for row in (rows if FULL else rows[:1]) for path in row]

    def _made(self, number, source):
        kind = ("own", "plain", "stranger", "damaged")[(number + number // len(FORMATS)) % 4]
        name = f"{number:03}-{kind}-{source.parent.name}{source.suffix}"
        if kind == "plain":
            (self.folder / name).symlink_to(source.resolve())
            return name
        shutil.copyfile(source, self.folder / name)
        self._sign(self.folder / name, self._pens["stranger" if kind == "stranger" else "own"])
        if kind == "damaged":
            with (self.folder / name).open("r+b") as stream:
                stream.seek(stream.seek(0, os.SEEK_END) // 2)
                stream.write(b"\x5a\xa5" * 8)
        return name

    def _sign(self, path, pen):
        context = Context(now=datetime.now(UTC), decode="never")
        wishes = Wishes(tiers=frozenset({"essence"}))
        made = draft((path,), DECLARED, pen.public.thumbprint, context, wishes)
        assert issue(made, pen, context, wishes)[0].state == "signed"

    def verifying(self, *options):
        """``prov verify`` over the list, as a process whose lines can be read as they come."""
        words = ("verify", "--format", "ndjson", "--decode", "never", "--fail-on", "never")
        paths = (self.folder / "hook", samples.CHECKOUT)
        return subprocess.Popen(
            [sys.executable, "-m", "provenance", *words, *options, "@list"],
            cwd=self.folder,
            env={
                **os.environ,
                "MUSICPROV_HOME": str(self.folder / "home"),
                "PYTHONPATH": ":".join(map(str, paths)),
                **{f"DASK_DISTRIBUTED__{k.upper()}": v for k, v in DASK.items()},
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )


@pytest.fixture(scope="module")
def material():
    with tempfile.TemporaryDirectory(prefix="prov-cluster-") as folder:
        yield Material(Path(folder))


def at_one_time(lines):
    """The lines with the time of the run, which is one for all of them, left out."""
    (time_of_run,) = {json.loads(line)["verifiedAt"] for line in lines}
    moment = f'"verifiedAt": "{time_of_run}"'.encode()
    assert all(line.count(moment) == 1 for line in lines)
    return [line.replace(moment, b"") for line in lines]


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.requirement("BLK-020")
@pytest.mark.requirement("BLK-021")
@pytest.mark.requirement("BLK-024")
def test_a_cluster_that_loses_a_worker_gives_the_bytes_of_one_process(material):
    began = time.monotonic()
    with material.verifying("--jobs", "1") as one:
        here = one.stdout.readlines()
    assert one.returncode == 0
    alone, there = time.monotonic() - began, []
    early = min(KILLED_AFTER, len(here) // 3)
    with cluster(material.folder / "dask", paths=[material.folder / "hook"], **DASK) as dask:
        with (
            watched(dask.address, 2) as watch,
            material.verifying("--engine", dask.address) as many,
        ):
            began = time.monotonic()
            for line in many.stdout:
                there.append(line)
                if len(there) == early:
                    killed, in_hand = watch.kill_the_busiest()
            together = time.monotonic() - began
        assert many.returncode == 0

    assert killed
    assert in_hand
    assert at_one_time(there) == at_one_time(here)
    reports = [json.loads(line) for line in here]
    assert [report["input"]["name"] for report in reports] == material.names
    _require_what_was_made(reports)
    statuses = Counter(report["status"] for report in reports)
    print(
        f"{len(here)} files: one process {alone:.1f} s; two workers, of which one is killed with"
        f" {in_hand} tasks in hand, {together:.1f} s; {dict(statuses)}"
    )


def _require_what_was_made(reports):
    """Each kind is what it must be: its own test that the two runs do not agree on nothing."""
    wanted = {
        "own": {"PASSED"},
        "plain": {"ABSENT"},
        "stranger": {"INDETERMINATE"},
        "damaged": {"FAILED", "INDETERMINATE", "ERROR"},
        "poison": {"ERROR"},
    }
    for report in reports:
        name = report["input"]["name"]
        kind = "poison" if name == POISON else name.split("-")[1]
        assert report["status"] in wanted[kind], (name, report["summary"])
        if kind == "poison":
            assert report["summary"].startswith(f"{POISON}: the process that verified it ended")
            assert "SIGSEGV" in report["summary"]
    assert {r["status"] for r in reports} == {
        "PASSED",
        "FAILED",
        "INDETERMINATE",
        "ABSENT",
        "ERROR",
    }
