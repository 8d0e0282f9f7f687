"""A distributor's day: verifying and signing many files, by several processes.

The set is the corpus of real music in every format, signed: of a corpus that does not fit in memory
a part of every format, so that nothing waits for a disk. A file that is there twice is a link.
Verifying and SHA-256 go over it by ``provenance.bulk.measuring``, which is what ``prov bench`` runs.
``MUSICPROV_BENCH_FILES`` and ``MUSICPROV_BENCH_LIST`` change how many files and entries there are.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import material
from provenance.bulk.engines.base import TOGETHER, Wishes, engine_of
from provenance.bulk.items import Item
from provenance.bulk.measuring import bench_report, hash_item, measure
from provenance.bulk.settings import Settings, context_of
from provenance.containers import identify, load
from provenance.issuing import sign
from provenance.model.limits import DEFAULT_LIMITS
from provenance.signing.keys import generate, load_private, private_pem
from provenance.signing.signer import FileSigner
from provenance.workspace.verifying import verify_path

FILES = int(os.environ.get("MUSICPROV_BENCH_FILES", "2000"))
ENTRIES = int(os.environ.get("MUSICPROV_BENCH_LIST", "20000"))
JOBS = len(os.sched_getaffinity(0))
ROUNDS, BIG_ROUNDS, SIGN_ROUNDS = 2, 5, 3
BIG_MB = 60
IN_MEMORY = 0.7
"""The share of the machine's memory that the set may have."""
FIXED_MS = 6.0
MP3_FRAME_MS, MP3_FRAME_SAMPLES, OGG_MB_MS = 0.0007, 1152, 4.0
RATE, WORKER_MB = 0.85, 150
BIG = ("flac5", "wav16", "aiff16", "alac16", "aac_256", "mp3_320", "vorbis_q5", "opus_96")
C2PA = {"wav": "audio/wav", "flac": "audio/flac", "mp3": "audio/mpeg", "aac": "audio/mp4"}


def corpus():
    """Every file of the corpus, format by format, or nothing."""
    root = os.environ.get("MUSICPROV_TEST_CORPUS")
    found = sorted(Path(root).glob("built/public/*/*")) if root else []
    return [path for path in found if path.is_file()]


def fitting(files):
    """As many as the set has, or as fit in memory; spread over all formats and tracks."""
    memory = IN_MEMORY * os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    share = min(1, memory / sum(path.stat().st_size for path in files))
    count = min(FILES, int(share * len(files)))
    return [files[n * len(files) // count] for n in range(count)]


def big_files(folder):
    """The longest track of each, over and over to 60 MB and more, without coding it again."""
    for name in BIG:
        clips = [path for path in corpus() if path.parent.name == name]
        clip = max(clips, key=lambda path: path.stat().st_size)
        times = -int(-BIG_MB * 1e6 // clip.stat().st_size)
        listing = folder / "clips.txt"
        listing.write_text(f"file '{clip}'\n" * times)
        made = folder / f"big-{name}{clip.suffix}"
        words = ("-f", "concat", "-safe", "0", "-i", listing, "-map", "0:a", "-c", "copy")
        material.ffmpeg(*words, made)
        yield made


def sign_rounds(source, folder, home):
    """What signing into a new file took at least, and in the first of the rounds.

    The copy of the round before is removed, so that its memory is there for the next.
    """
    copy = Path(folder) / Path(source).name
    spent = []
    for _ in range(SIGN_ROUNDS):
        copy.unlink(missing_ok=True)
        spent.append(sign_file(source, folder, home))
    return min(spent), spent[0]


def sign_file(source, folder, home):
    """Nanoseconds of CPU of signing into a new file."""
    pair = key_of(home)
    before = time.process_time_ns()
    wishes = sign.Wishes(tiers=frozenset({"essence"}), out=Path(folder))
    context = context_of(Settings(home=home, decode="never"))
    made = sign.draft(
        (Path(source),), material.DECLARATION, pair.public.thumbprint, context, wishes
    )
    sign.issue(made, FileSigner(pair), context, wishes)
    return time.process_time_ns() - before


@cache
def key_of(home):
    """The key, read once a worker: somebody who signs a catalogue names it once."""
    return load_private(Path(home, "keys/default.pem").read_bytes(), None)


def hash_file(source):
    """Nanoseconds of CPU of hashing a file; the least of as many rounds. Runs in a worker."""
    made = [hash_item(Item(0, source), Settings(home="")) for _ in range(SIGN_ROUNDS)]
    return min(one["nanoseconds"] for one in made)


def peak(_):
    """Which worker this is, and the most memory that it has had, in MB."""
    time.sleep(0.2)
    return os.getpid(), high_water_kb(Path("/proc/self/status").read_text()) * 1024 / 1e6


def high_water_kb(status):
    """Linux says it; what ``getrusage`` gives counts the memory of whoever started the process."""
    return int(next(line for line in status.split("\n") if line.startswith("VmHWM")).split()[1])


@contextmanager
def workers(*, quick, folder):
    """Processes with or without the extra ``fast``: modules of its names that cannot be imported."""
    blocked = folder / "without"
    blocked.mkdir(parents=True, exist_ok=True)
    for name in ("jsonschema_rs", "fastcrc"):
        (blocked / f"{name}.py").write_text("raise ImportError\n")
    if not quick:
        sys.path.insert(0, str(blocked))
    try:
        with engine_of("processes").open("processes", Wishes(JOBS, 600.0, TOGETHER)) as executor:
            yield executor
    finally:
        if not quick:
            sys.path.remove(str(blocked))


def signed_set(files, folder, home):
    """Sign each file into a folder, by all processes; prints the rate, copies included."""
    places = []
    with workers(quick=True, folder=folder) as executor:
        tasks = []
        for path in files:
            target = folder / path.parent.name
            target.mkdir(parents=True, exist_ok=True)
            places.append(target / path.name)
            hashing = executor.submit(hash_file, str(path))
            tasks.append((hashing, executor.submit(sign_rounds, str(path), str(target), str(home))))
        spent = [(hashing.result(), *signing.result()) for hashing, signing in tasks]
    sizes = [path.stat().st_size / 1e6 for path in files]
    _print_signing("signing", sizes, spent)
    large = [n for n, size in enumerate(sizes) if size >= BIG_MB]
    if 0 < len(large) < len(files):
        of_large = [sizes[n] for n in large], [spent[n] for n in large]
        _print_signing(f"  of them, {BIG_MB} MB and more:", *of_large)
    return places


def _print_signing(title, sizes, spent):
    """``spent`` are nanoseconds of SHA-256, of the quickest signing, and of the first."""
    sha, signing, first = (sum(column) / 1e9 for column in zip(*spent, strict=True))
    size = sum(sizes)
    print(
        f"{title} {len(sizes)} files, {size:,.0f} MB, into copies: {size / signing:,.0f} MB/s of CPU;"
        f" SHA-256 {size / sha:,.0f} MB/s; {sha / signing:.0%} of its rate (held to half of what"
        f" verifying is held to: {RATE / 2:.0%}), {sha / first:.0%} in the first round alone",
        flush=True,
    )


def spread(places, folder, count):
    """``count`` names of the files, those beyond the first of each as links; in a mixed order."""
    names = list(places)
    for n in range(count - len(places)):
        source = places[n % len(places)]
        link = source.with_name(f"link-{n}-{source.name}")
        os.link(source, link)
        names.append(link)
    random.Random(1).shuffle(names)
    return [str(name) for name in names[:count]]


def scan_ms(paths):
    """What walking the frames of MP3, or the pages of Ogg, is allowed, by container."""
    allowed = Counter()
    for path in paths:
        with Path(path).open("rb") as stream:
            name = identify(stream)
            if name == "mp3":
                scan = load(name).scan(stream, DEFAULT_LIMITS, False)
                allowed[name] += MP3_FRAME_MS * scan.audio.samples / MP3_FRAME_SAMPLES
            elif name == "ogg":
                allowed[name] += OGG_MB_MS * Path(path).stat().st_size / 1e6
    return allowed


def table(title, names, home, folder, *, quick, rounds=ROUNDS):
    """Measure, and print each container beside what it is held to; large files once more apart."""
    items = [Item(n, name) for n, name in enumerate(names)]
    settings = Settings(home=str(home), decode="never")
    with workers(quick=quick, folder=folder) as executor:
        bench = measure(items, executor, settings, JOBS, rounds)
        seen = dict(executor.map(peak, range(JOBS * 3)))
    print(f"{title}, {'with' if quick else 'without'} fast, {JOBS} processes")
    _print_rows(bench, names)
    run = bench_report(bench)["run"]
    print(
        f"  by the clock: SHA-256 {run['sha256'] / 1e6:.1f} s, verify {run['verify'] / 1e6:.1f} s"
        f" ({run['sha256'] / run['verify']:.0%} of its rate);"
        f" peak of a worker {max(seen.values()):.0f} MB (held to {WORKER_MB})",
        flush=True,
    )
    large = [n for n, file in enumerate(bench.files) if file.size >= BIG_MB * 1e6]
    if 0 < len(large) < len(names):
        print(f"  of them, {BIG_MB} MB and more")
        of_large = replace(bench, files=[bench.files[n] for n in large])
        _print_rows(of_large, [names[n] for n in large])


def _print_rows(bench, names):
    """Each container, and all together, beside what they are held to."""
    found = bench_report(bench)
    assert not any(found["leftOut"].values()), found["leftOut"]
    allowed = scan_ms(names)
    for row in [*found["containers"], {"container": "total", **found["total"]}]:
        name, sha, verify = row["container"], row["sha256"] / 1e3, row["verify"] / 1e3
        scan = sum(allowed.values()) if name == "total" else allowed[name]
        limit = sha + FIXED_MS * row["files"] + scan
        apart = f" ({(sha + scan) / verify:.0%} with its scan)" if scan else ""
        print(
            f"  {name:6}{row['files']:6}{row['bytes'] / 1e6:9,.0f} MB"
            f"  SHA-256{row['bytes'] / sha / 1e3:6,.0f}  verify{row['bytes'] / verify / 1e3:6,.0f} MB/s"
            f"  {sha / verify:4.0%} of its rate{apart}"
            f"  {(verify - sha) / row['files']:6.2f} ms a file beyond"
            f"  {verify / limit:4.0%} of its time + 6 ms (+ scan)"
        )


def against_c2pa():
    """Our verifying and c2pa-python's Reader on one file that has both; the least of 40, CPU."""
    try:
        import c2pa
    except ImportError:
        print("c2pa-python is not installed: no comparison")
        return
    sys.path.insert(0, str(material.CHECKOUT / "tests"))
    from provenance.issuing.c2pa_export import export

    from support.c2pa import credentials

    pen = material.pen()
    with tempfile.TemporaryDirectory() as folder:
        for kind, media_type in C2PA.items():
            plain = material.plain(kind)
            ours = material.copy(plain, Path(folder) / plain.name)
            pen.sign(ours)
            both = ours.with_name(f"c2pa-{ours.name}")
            export(ours, both, credentials(), pen.context, {})

            def theirs(path=both, media_type=media_type):
                with path.open("rb") as stream, c2pa.Reader(media_type, stream) as reader:
                    return json.loads(reader.json())

            assert verify_path(both, pen.context).status.value == "PASSED"
            assert theirs()["validation_state"] in {"Valid", "Trusted"}
            pairs = [(_cpu_ms(verify_path, both, pen.context), _cpu_ms(theirs)) for _ in range(40)]
            mine, other = zip(*pairs, strict=True)
            print(
                f"  {material.KINDS[kind].title:10}{both.stat().st_size / 1e6:6.1f} MB"
                f"  verify {min(mine):7.2f} ms  c2pa-python {min(other):7.2f} ms"
                f"  {min(other) / min(mine):.1f} times as quick",
                flush=True,
            )


def _cpu_ms(action, *arguments):
    before = time.process_time_ns()
    action(*arguments)
    return (time.process_time_ns() - before) / 1e6


PEAK = """
import sys
from pathlib import Path
from provenance.cli.main import main
try:
    main()
finally:
    print(Path("/proc/self/status").read_text(), file=sys.stderr)
"""


def long_list(names, home):
    """Peak of the parent over a short and a long list of a few small files."""
    small = sorted(names, key=os.path.getsize)[:20]
    peaks = []
    with tempfile.TemporaryDirectory() as folder:
        for count in (200, ENTRIES):
            listing = Path(folder) / "list"
            with listing.open("w") as out:
                out.writelines(f"{small[n % len(small)]}\n" for n in range(count))
            before = time.monotonic()
            done = subprocess.run(
                [sys.executable, "-c", PEAK, "verify", "--decode", "never", "--format", "ndjson",
                 "--fail-on", "never", f"@{listing}"],
                env={**os.environ, "MUSICPROV_HOME": str(home)},
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True,
            )  # fmt: skip
            peaks.append(high_water_kb(done.stderr) * 1024 / 1e6)
            took = time.monotonic() - before
    print(
        f"a list of {ENTRIES:,} entries: parent {peaks[1]:.1f} MB, with 200 {peaks[0]:.1f} MB;"
        f" {ENTRIES / took:,.0f} entries a second"
    )


def new_home(folder):
    """A user's folder with a new key, as ``prov keygen`` makes it."""
    pair = generate("ES256")
    keys = folder / "home" / "keys"
    keys.mkdir(parents=True)
    (keys / "default.pem").write_bytes(private_pem(pair, None))
    (keys / "default.pub.jwk").write_text(json.dumps(dict(pair.public.jwk)))
    return keys.parent


def run():
    """Print all figures; nothing is left on disk."""
    files = corpus()
    if not files:
        print("bulk: no corpus of real music (MUSICPROV_TEST_CORPUS): nothing is measured")
        return
    files = fitting(files)
    began = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="prov-bulk-", dir=_roomy()) as place:
        folder = Path(place)
        home = new_home(folder)
        places = signed_set(files, folder, home)
        names = spread(places, folder, FILES)
        distinct = len({Path(name).stat().st_ino for name in names})
        print(f"the set: {len(names)} files, {distinct} distinct; {len(files)} of real music")
        for quick in (False, True):
            table("all", names, home, folder, quick=quick)
        joined = folder / "joined"
        joined.mkdir()
        big = [str(path) for path in signed_set(list(big_files(joined)), folder / "big", home)]
        title = f"one of each, {BIG_MB} MB and more"
        for quick in (False, True):
            table(title, big, home, folder, quick=quick, rounds=BIG_ROUNDS)
        print("against c2pa-python's Reader, on the same file, CPU")
        against_c2pa()
        long_list(names, home)
    print(f"took {(datetime.now(UTC) - began).seconds} s; load {os.getloadavg()[0]:.1f}")


def _roomy():
    """Where there is room for the signed copies: the cache of the benchmarks' music."""
    material.CACHE.mkdir(exist_ok=True)
    need = 1.2 * sum(path.stat().st_size for path in fitting(corpus()))
    if shutil.disk_usage(material.CACHE).free < need:
        raise SystemExit(f"needs {need / 1e9:.0f} GB below {material.CACHE}")
    return material.CACHE


if __name__ == "__main__":
    sys.exit("run it by: python tests/bench/run.py bulk")
