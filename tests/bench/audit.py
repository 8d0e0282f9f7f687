"""The chart audit: 200 entries a week over 52 weeks, real music behind at least 200 recordings.

Prints time beside hashing the same files, and peak memory for few and for all weeks. Run by
itself with the word ``masters`` it also audits masters of whole songs.
"""

import csv
import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from provenance.issuing.sign import Wishes, draft, issue
from provenance.model.errors import ProvError
from provenance.signing.keys import load_private
from provenance.signing.signer import FileSigner
from provenance.verify.outcome import Context

from bulk import PEAK, high_water_kb

WEEKS, ENTRIES, NEW_A_WEEK, FILES = 52, 200, 10, 240
FIRST = dt.date(2025, 1, 4)
CORPUS = Path(os.environ.get("MUSICPROV_TEST_CORPUS", "/nonexistent")) / "built" / "public"


def isrc_of(number):
    return f"QZBNC25{number:05}"


def label_of(number):
    return f"Label {number % 37}"


def signer():
    key = ec.derive_private_key(20260101, ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return FileSigner(load_private(pem, None))


def write_masters(folder):
    """Every original of the corpus at its full length, as masters of 24 and of 16 bits."""
    originals = sorted(p for p in (CORPUS.parents[1] / "src" / "public").rglob("*") if p.is_file())
    for number, (source, bits) in enumerate((p, b) for b in (24, 16) for p in originals):
        path = folder / f"{isrc_of(number)}.wav"
        command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(source), "-map_metadata", "-1"]
        subprocess.run([*command, "-c:a", f"pcm_s{bits}le", str(path)], check=True)


def write_tracks(folder):
    """Real files, every format in turn; two of three are declared, all are named by their ISRC."""
    formats = sorted(p for p in CORPUS.iterdir() if any(p.iterdir()))
    found = [sorted(p.iterdir()) for p in formats]
    chosen = [files[n] for n in range(max(map(len, found))) for files in found if n < len(files)]
    who, at = signer(), dt.datetime(2024, 12, 1, tzinfo=dt.UTC)
    for number, source in enumerate(chosen[:FILES]):
        path = folder / f"{isrc_of(number)}{source.suffix}"
        shutil.copy(source, path)
        if number % 3 == 2:
            continue
        level = ("none", "assisted", "partial", "full")[number % 4]
        said = {
            "declarant": {"role": "label", "name": label_of(number)},
            "subject": {"title": f"Song {number}", "isrc": isrc_of(number)},
            "contributions": [
                {"asset": "recording", "area": area, "level": level}
                for area in ("leadVocals", "instrumentation", "mixing")
            ],
        }
        wishes = Wishes(tiers=frozenset({"essence"}))
        try:
            made = draft([path], said, who.public.thumbprint, Context(now=at), wishes)
            issue(made, who, Context(now=at), wishes)
        except ProvError as error:
            print(f"not signed: {path.name}: {error}")
    return who


def write_charts(folder, weeks):
    """One CSV a week; each week ten songs leave and ten come."""
    for week in range(weeks):
        day = (FIRST + dt.timedelta(weeks=week)).isoformat()
        with (folder / f"chart-{day}.csv").open("w", newline="", encoding="utf-8") as out:
            rows = csv.writer(out)
            rows.writerow(["Rank", "Title", "Artist", "ISRC", "Label"])
            songs = [week * NEW_A_WEEK + (n * 37 + week) % ENTRIES for n in range(ENTRIES)]
            for rank, song in enumerate(songs, 1):
                row = [rank, f"Song {song}", f"Artist {song % 211}", isrc_of(song), label_of(song)]
                rows.writerow(row)


def write_policy(path, who):
    path.write_text(
        json.dumps(
            {
                "policy": "musicprov-trust-policy/1",
                "id": "https://bench.example/trust",
                "version": 1,
                "issued": "2024-01-01T00:00:00Z",
                "expires": "2030-01-01T00:00:00Z",
                "require": {"binding": "exact", "identity": "vouched", "authority": "any"},
                "parties": [
                    {"id": "all", "name": "Everybody", "keys": [{"key": who.public.thumbprint}]}
                ],
            }
        )
    )


def audited(folder, weeks, *more):
    """Seconds of processor time, of the clock, and peak MiB of an audit of the first weeks."""
    out = folder / f"report-{weeks}{''.join(more)}"
    shutil.rmtree(out, ignore_errors=True)
    charts = sorted((folder / "charts").iterdir())[:weeks]
    command = [sys.executable, "-c", PEAK, "audit", *map(str, charts)]
    command += ["--tracks", str(folder / "tracks"), "--trust", str(folder / "policy.json")]
    command += ["--rules", "sverigetopplistan,norway,billboard", "--at", "2026-01-01T00:00:00Z"]
    command += ["--unsigned", "--jobs", "1", "--out", str(out), *more]
    begin = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    told = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"the audit failed: {status}\n{told}")
    cpu, clock = used.ru_utime + used.ru_stime, time.perf_counter() - begin
    return cpu, clock, high_water_kb(told) / 1024


def hashed(folder):
    begin = time.process_time()
    size = 0
    for path in sorted((folder / "tracks").iterdir()):
        with path.open("rb") as stream:
            hashlib.file_digest(stream, "sha256")
        size += path.stat().st_size
    return time.process_time() - begin, size


def run():
    if not CORPUS.is_dir():
        print("audit: no corpus (MUSICPROV_TEST_CORPUS): skipped")
        return
    with tempfile.TemporaryDirectory(prefix="musicprov-bench-") as name:
        folder = Path(name)
        (folder / "tracks").mkdir()
        (folder / "charts").mkdir()
        write_policy(folder / "policy.json", write_tracks(folder / "tracks"))
        write_charts(folder / "charts", WEEKS)
        baseline, size = hashed(folder)
        print(f"audit: {len(list((folder / 'tracks').iterdir()))} real files, {size / 1e6:.0f} MB; "
              f"SHA-256 of them {baseline:.1f} s CPU")  # fmt: skip
        for weeks, more in ((4, ("--no-pdf",)), (WEEKS, ("--no-pdf",)), (WEEKS, ())):
            cpu, clock, peak = audited(folder, weeks, *more)
            form = "without PDF" if more else "with PDF"
            print(f"  {weeks:3} weeks, {weeks * ENTRIES:6} rows, {form:11}: {cpu:6.1f} s CPU "
                  f"({cpu / baseline:.1f} x hashing), {clock:6.1f} s, peak {peak:.0f} MiB")  # fmt: skip
        if "masters" in sys.argv:
            shutil.rmtree(folder / "tracks")
            (folder / "tracks").mkdir()
            write_masters(folder / "tracks")
            baseline, size = hashed(folder)
            cpu, clock, _ = audited(folder, WEEKS, "--no-pdf")
            print(f"  {len(list((folder / 'tracks').iterdir()))} masters of whole songs, {size / 1e9:.1f} GB, SHA-256 {baseline:.1f} s CPU; "
                  f"{WEEKS} weeks without PDF: {cpu:.1f} s CPU ({cpu / baseline:.1f} x hashing), "
                  f"{clock:.1f} s")  # fmt: skip


if __name__ == "__main__":
    run()
