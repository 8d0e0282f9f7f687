"""Many items over executors: order, bounds, and faults kept to their own file (spec 26.3)."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from provenance.bulk._pool import IsolatedExecutor
from provenance.bulk.engines.base import Wishes, WorkerError, engine_of
from provenance.bulk.items import Item, Sources, items_of
from provenance.bulk.running import verify_many
from provenance.bulk.settings import Settings, context_of
from provenance.bulk.verifying import verify_item
from provenance.model.errors import UsageError
from provenance.wire.schemas import check

from support import crashing

VECTORS = Path(__file__).parents[2] / "vectors" / "verify"
PLAIN = VECTORS / "absent" / "input.wav"
CHAPTER = Path(__file__).parents[3] / "spec" / "26-bulk.md"
GRANTED = Path(__file__).parents[2] / "vectors" / "policy" / "verify-granted" / "policy.json"


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copyfile(PLAIN, "plain.wav")
    shutil.copyfile(VECTORS / "passed-own-key" / "input.wav", "signed.wav")
    return tmp_path


@pytest.fixture
def settings(place):
    return Settings(home=str(place / "home"), at="2026-11-24T00:00:00Z")


@pytest.fixture(scope="module")
def pool():
    executor = IsolatedExecutor(2, 600)
    yield executor
    executor.stop()


def items(*names):
    return [Item(number, name) for number, name in enumerate(names)]


def summaries(results):
    return {item.name: report["summary"] for item, report in results}


@pytest.mark.requirement("BLK-011")
@pytest.mark.requirement("BLK-020")
@pytest.mark.parametrize("group", [1, 3])
def test_reports_come_in_the_order_of_the_items_whatever_runs_them(settings, pool, group):
    asked = items(*["signed.wav", "plain.wav", "gone.wav", "plain.wav"] * 5)
    here = [(item, verify_item(item, settings)) for item in asked]

    with ThreadPoolExecutor(3) as threads:
        threaded = list(verify_many(asked, threads, settings, group=group, window=2))
    apart = list(verify_many(asked, pool, settings, group=group, window=4))

    assert [r["status"] for _, r in here[:4]] == ["INDETERMINATE", "ABSENT", "ERROR", "ABSENT"]
    assert threaded == here
    assert apart == here


@pytest.mark.requirement("BLK-020")
def test_no_more_is_drawn_than_there_is_room_for_and_each_is_told_when_it_is_done(settings, pool):
    drawn = []

    def counted():
        for item in items(*["plain.wav"] * 100):
            drawn.append(item.number)
            yield item

    results = verify_many(counted(), pool, settings, window=5)
    first = next(results)
    time.sleep(0.3)
    seen = len(drawn)
    results.close()

    assert first[0].number == 0
    assert seen <= 8


@pytest.mark.requirement("BLK-020")
def test_a_report_does_not_wait_for_the_next_item(settings, pool):
    more = threading.Event()

    def slowly():
        yield Item(0, "plain.wav")
        more.wait(20)
        yield Item(1, "plain.wav")

    results = verify_many(slowly(), pool, settings)
    item, _ = next(results)
    waited = more.is_set()
    more.set()

    assert (item.number, waited) == (0, False)
    assert [i.number for i, _ in results] == [1]


@pytest.mark.slow
@pytest.mark.requirement("BLK-010")
def test_memory_stays_flat_over_many_items_from_a_list_or_a_table_to_the_last_report(settings):
    few, many = (_peak_bytes(settings, count) for count in (1_000, 20_000))

    assert many - few < 900_000, (few, many)  # less than any object an item


def _peak_bytes(settings, count):
    listed, table = (b"gone.wav\n" * (count // 2), b"path,isrc\n" + b"gone.wav,x\n" * (count // 2))
    Path("table.csv").write_bytes(table)
    sources = Sources(("-",), table="table.csv")
    asked = items_of(sources, lambda: io.BufferedReader(io.BytesIO(listed)))
    with ThreadPoolExecutor(1) as executor:
        tracemalloc.start()
        try:
            results = verify_many(asked, executor, settings, window=16, verify=_short)
            assert sum(1 for _ in results) == count // 2 * 2
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


def _short(item, settings):
    return {"input": {"name": item.name}, "pad": list(range(20))}


def test_what_the_items_raise_comes_after_what_was_before_it(settings, pool):
    def breaking():
        yield Item(0, "plain.wav")
        raise UsageError("row 2")

    results = verify_many(breaking(), pool, settings)

    assert next(results)[1]["status"] == "ABSENT"
    with pytest.raises(UsageError, match="row 2"):
        next(results)


def test_settings_that_cannot_be_used_are_said_before_anything(place, pool):
    results = verify_many(items("plain.wav"), pool, Settings(str(place), require=("colour",)))

    with pytest.raises(UsageError, match="colour"):
        next(results)


FAULTS = {
    "segfaults.wav": "the process that verified it ended (SIGSEGV)",
    "killed.wav": "the process that verified it ended (SIGKILL)",
    "exits.wav": "the process that verified it ended (exit code 3)",
    "stalls.wav": f"was not verified within {crashing.seconds():g} seconds",
    "memory.wav": "needs more memory than there is",
    "bug.wav": "could not be verified: KeyError",
    "strange.wav": "could not be verified: _CannotMoveError: one two",
    "leaves.wav": "could not be verified: SystemExit: 7",
}


@pytest.mark.requirement("BLK-021")
@pytest.mark.requirement("BLK-022")
@pytest.mark.parametrize(
    ("group", "faults"), [(1, list(FAULTS)), (4, ["exits.wav", "bug.wav"])], ids=["1", "4"]
)
def test_a_file_that_ends_or_stalls_its_worker_costs_that_file_alone(settings, group, faults):
    names = [name for bad in faults for name in ("plain.wav", bad)] + ["signed.wav"]

    with IsolatedExecutor(2, crashing.seconds()) as strict:
        found = verify_many(items(*names), strict, settings, group=group, verify=crashing.verify)
        results = list(found)

    assert [item.name for item, _ in results] == names
    for item, report in results:
        if item.name in FAULTS:
            assert report["status"] == "ERROR"
            assert report["summary"].startswith(f"{item.name}: {FAULTS[item.name]}")
            assert report["summary"].count(". ") >= 1  # what to do
            assert not list(check(report, "report"))
        else:
            assert report == verify_item(item, settings)


@pytest.mark.requirement("BLK-022")
def test_a_file_that_only_takes_long_is_verified(settings):
    with IsolatedExecutor(1, 600) as patient:
        ((_, report),) = verify_many(items("plain.wav"), patient, settings)

    assert report["status"] == "ABSENT"


@pytest.mark.requirement("BLK-021")
def test_an_executor_of_the_standard_library_that_breaks_says_so(settings):
    from concurrent.futures import BrokenExecutor

    names = ["plain.wav", "exits.wav", *["plain.wav"] * 400]
    with ProcessPoolExecutor(1) as fragile, pytest.raises(BrokenExecutor):
        list(verify_many(items(*names), fragile, settings, window=2, verify=crashing.verify))


def test_what_a_task_prints_disturbs_nothing_and_one_worker_does_many(settings, capfd):
    asked = items(*["prints.wav"] * 20)

    with IsolatedExecutor(2, 600) as noisy:
        found = [r["pid"] for _, r in verify_many(asked, noisy, settings, verify=crashing.verify)]

    told = capfd.readouterr()
    assert len(found) == 20
    assert len(set(found)) <= 2
    assert told.out == ""
    assert told.err.count("more noise") == 20


@pytest.mark.requirement("BLK-013")
def test_expected_isrcs_stand_beside_what_was_found(settings, pool):
    asked = [
        Item(0, "signed.wav", "QZ-ZZZ-26-00001"),
        Item(1, "signed.wav", "GBAYE0000001"),
        Item(2, "plain.wav", "QZZZZ2600001"),
        Item(3, "gone.wav", "QZZZZ2600001"),
        Item(4, "signed.wav"),
    ]

    reports = [report for _, report in verify_many(asked, pool, settings)]

    found = [r.get("expected") for r in reports]
    declared = found[0]["declared"]
    assert [f and f["matches"] for f in found] == [
        declared == "QZZZZ2600001",
        False,
        None,
        None,
        None,
    ]
    assert found[0]["isrc"] == "QZZZZ2600001"
    assert declared is not None
    assert reports[3]["status"] == "ERROR"
    assert not [fault for r in reports for fault in check(r, "report")]


@pytest.mark.requirement("BLK-013")
@pytest.mark.parametrize("isrc", ["hello", "GBXYZ260012", "", "x" * 5000])
def test_what_is_no_isrc_is_an_error_of_its_item_and_asks_the_uploader_for_nothing(settings, isrc):
    made = verify_item(Item(0, "signed.wav", isrc), replace(settings, ingest="strict"))

    assert not list(check(made, "report"))
    assert (made["status"], made["expected"]["isrc"]) == ("ERROR", isrc)
    assert made["summary"].startswith(f"signed.wav: '{isrc[:60]}' is no ISRC")
    told = made["decision"]["tell"]["en"].split("\n- ")[1:]
    assert told == ["We will look at this ourselves. You need not do anything for now."]


@pytest.mark.slow
def test_stopping_ends_every_worker_at_once_and_its_children(settings):
    executor = IsolatedExecutor(2, 600)
    waiting = [executor.submit(_start_a_child) for _ in range(2)]
    deadline = time.monotonic() + 120
    while len(pids := _children()) < 4 and time.monotonic() < deadline:
        time.sleep(0.05)

    executor.stop()

    assert len(pids) == 4
    assert all(future.exception(5) for future in waiting)
    assert not _still_running(pids)
    with pytest.raises(RuntimeError):
        executor.submit(len, "x")


LEAVING = """
import sys, threading
from itertools import count
from provenance.bulk.engines.base import Wishes, engine_of
from provenance.bulk.items import Item
from provenance.bulk.running import verify_many
from provenance.bulk.settings import Settings

nth, entered, enter = int(sys.argv[1]), count(1), threading.Condition.__enter__

def interrupted(condition):
    got = enter(condition)
    if threading.current_thread() is threading.main_thread() and next(entered) == nth:
        raise KeyboardInterrupt
    return got

items = [Item(n, "plain.wav") for n in range(300)]
with engine_of("processes").open("processes", Wishes(1, 60.0, 8)) as executor:
    for n, _ in enumerate(verify_many(items, executor, Settings(home="home"))):
        if n == 20:
            threading.Condition.__enter__ = interrupted
"""


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_an_interrupt_that_leaves_a_lock_locked_does_not_hold_up_the_end(place, nth):
    """Ctrl-C between taking a lock and entering its block: nobody will ever let go of it."""
    done = subprocess.run(
        [sys.executable, "-c", LEAVING, str(nth)],
        cwd=place, stderr=subprocess.PIPE, text=True, timeout=600, check=False,
    )  # fmt: skip

    assert done.stderr.endswith("KeyboardInterrupt\n"), done.stderr


def _start_a_child():
    subprocess.run([sys.executable, "-c", "import time; time.sleep(600)"], check=False)


def _children():
    """The workers of this process's last executor and what they have started."""
    found = []
    for pid in _below(os.getpid()):
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
        if b"serve(seconds)" in words and (below := _below(pid)):
            found += [pid, *below]
    return found


def _below(pid):
    tasks = Path(f"/proc/{pid}/task")
    try:
        return [int(c) for t in tasks.iterdir() for c in (t / "children").read_text().split()]
    except OSError:
        return []


def _still_running(pids):
    """Those that run after a moment: what was killed takes one to end."""
    deadline = time.monotonic() + 120
    while (left := [pid for pid in pids if _runs(pid)]) and time.monotonic() < deadline:
        time.sleep(0.01)
    return left


def _runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def test_a_worker_that_ended_while_it_had_no_task_costs_no_task():
    with IsolatedExecutor(1, 60) as executor:
        first = executor.submit(os.getpid).result()
        os.kill(first, signal.SIGKILL)
        deadline = time.monotonic() + 120
        while _runs(first) and time.monotonic() < deadline:
            time.sleep(0.01)

        assert executor.submit(os.getpid).result() != first


@pytest.mark.requirement("BLK-021")
@pytest.mark.requirement("SRV-003")
def test_a_worker_that_ends_before_it_took_a_task_costs_no_task_and_one_that_took_it_does(
    tmp_path,
):
    os.mkfifo(tmp_path / "pipe")
    with IsolatedExecutor(1, 60) as executor:
        first = executor.submit(os.getpid).result()
        os.kill(first, signal.SIGSTOP)  # what it is sent it does not read
        waiting = executor.submit(os.getpid)
        time.sleep(0.3)
        os.kill(first, signal.SIGKILL)
        second = waiting.result()
        taken = executor.submit(Path.read_bytes, tmp_path / "pipe")
        with (tmp_path / "pipe").open("wb"):  # opens when the task does
            os.kill(second, signal.SIGKILL)
            with pytest.raises(WorkerError, match="SIGKILL"):
                taken.result()

        assert second != first
        assert executor.submit(os.getpid).result() != second


def test_a_worker_ends_when_whoever_started_it_is_gone(tmp_path):
    code = (
        "import os, sys, time\n"
        "from provenance.bulk._pool import IsolatedExecutor\n"
        "pool = IsolatedExecutor(1, 600)\n"
        "print(pool.submit(os.getpid).result(), flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    worker = int(parent.stdout.readline())
    assert _runs(worker)

    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()

    deadline = time.monotonic() + 120
    while _runs(worker) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(worker)


def test_the_default_engine_is_found_by_its_name_and_another_is_refused(settings):
    engine = engine_of("processes")
    with engine.open("processes", Wishes(1, 60)) as executor:
        ((_, report),) = verify_many(items("plain.wav"), executor, settings, group=engine.group)

    assert report["status"] == "ABSENT"
    with pytest.raises(UsageError, match="abacus"):
        engine_of("abacus://host")


def test_without_a_fixed_time_each_verification_has_its_own(place):
    settings = Settings(home=str(place / "home"))

    first = context_of(settings).now
    time.sleep(0.002)

    assert context_of(settings).now > first


def test_the_program_of_the_chapter_runs(tmp_path, monkeypatch):
    chapter = CHAPTER.read_text(encoding="utf-8")
    program = chapter.partition("## 26.6")[2].partition("```python\n")[2].partition("```")[0]
    assert program.count("        ...\n") == 1
    shutil.copyfile(GRANTED, tmp_path / "policy.json")
    monkeypatch.chdir(tmp_path)
    found = []

    run = program.replace("        ...\n", "        found.append((item.name, report))\n")
    exec(run, {"names": ["gone.wav", str(PLAIN)], "found": found})

    told = [(name, report["status"], report["policy"]["id"]) for name, report in found]
    policy = json.loads(GRANTED.read_bytes())["id"]
    assert told == [("gone.wav", "ERROR", policy), (str(PLAIN), "ABSENT", policy)]
