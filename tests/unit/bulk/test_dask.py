"""The engine ``dask`` over a real scheduler and workers that are processes (spec 26.3)."""

import json
import os
import shutil
import signal
import socket
import sys
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from provenance.bulk import _apart
from provenance.bulk.engines.base import UnfitError, Wishes, engine_of
from provenance.bulk.engines.dask import _require_ready
from provenance.bulk.items import Item
from provenance.bulk.judging import forget
from provenance.bulk.running import verify_many
from provenance.bulk.settings import Settings
from provenance.bulk.verifying import verify_item
from provenance.cli.main import show_error
from provenance.model.errors import MissingExtraError, NetworkError, ProvError, UsageError
from provenance.reports.as_json import dumps
from provenance.signing.keys import generate

from support import crashing, killing
from support.cluster import cluster, kill_a_worker, wait_until
from support.speed import slower

VECTORS = Path(__file__).parents[2] / "vectors" / "verify"
FULL = bool(os.environ.get("MUSICPROV_TEST_FULL"))


@pytest.fixture(scope="module")
def dask(tmp_path_factory):
    folder, wait = tmp_path_factory.mktemp("dask"), f"{2 * slower()}s"
    with (
        pytest.MonkeyPatch.context() as patch,
        cluster(folder, comm__timeouts__connect=wait) as found,
    ):
        for name, seconds in (("_CONNECT_SECONDS", 10), ("_WORKER_SECONDS", 30)):
            patch.setattr(f"provenance.bulk.engines.dask.{name}", seconds * slower())
        yield found


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copyfile(VECTORS / "absent" / "input.wav", "plain.wav")
    shutil.copyfile(VECTORS / "passed-own-key" / "input.wav", "signed.wav")
    return Settings(home=str(tmp_path / "home"), at="2026-11-24T00:00:00Z")


def items(*names):
    return [Item(number, name) for number, name in enumerate(names)]


def run(address, asked, settings, seconds=600, **more):
    engine = engine_of(address)
    with engine.open(address, Wishes(2, seconds)) as executor:
        yield from verify_many(asked, executor, settings, group=engine.group, **more)


def ndjson(results):
    return [dumps(report) for _, report in results]


@pytest.mark.slow
@pytest.mark.requirement("BLK-024")
def test_a_worker_that_is_killed_loses_nothing_and_the_lines_are_those_of_one_process(
    dask, settings
):
    names = ["signed.wav", "plain.wav", "gone.wav"]
    asked = items(*names * 50)
    here = [dumps(verify_item(item, settings)) for item in items(*names)] * 50

    there, killed = [], None
    for _, report in run(dask.address, asked, settings):
        there.append(dumps(report))
        if len(there) == 20:
            killed = kill_a_worker(dask.address)

    assert killed
    assert there == here


@pytest.mark.slow
@pytest.mark.requirement("BLK-021")
@pytest.mark.requirement("BLK-022")
def test_a_file_that_ends_or_stalls_its_process_costs_itself_on_a_cluster_too(dask, settings):
    names = [*["plain.wav"] * 5, "exits.wav", "segfaults.wav", "bug.wav", "stalls.wav"]

    seconds = crashing.seconds()
    found = run(
        dask.address, items(*names, "signed.wav"), settings, seconds, verify=crashing.verify
    )
    results = {item.name: report["summary"] for item, report in found}

    assert results["exits.wav"].startswith("exits.wav: the process that verified it ended (exit")
    assert results["segfaults.wav"].startswith("segfaults.wav: the process that verified it ended")
    assert results["bug.wav"].startswith("bug.wav: could not be verified: KeyError")
    assert results["stalls.wav"].startswith(f"stalls.wav: was not verified within {seconds:g} s")
    assert results["signed.wav"] == verify_item(Item(0, "signed.wav"), settings)["summary"]


@pytest.mark.requirement("BLK-011")
def test_workers_with_other_keys_are_told_before_anything_is_verified(
    dask, settings, tmp_path, monkeypatch
):
    key = tmp_path / "known.pub.jwk"
    key.write_text(json.dumps(dict(generate("ES256").public.jwk)))
    same = replace(settings, keys=("known.pub.jwk",))
    assert next(run(dask.address, items("plain.wav"), same))[1]["status"] == "ABSENT"

    def other(*asked):
        return replace(_apart.origin_of(*asked), call="0" * 64)

    monkeypatch.setattr("provenance.bulk.engines.dask.origin_of", other)
    with pytest.raises(UnfitError, match=r"tcp://.*: a worker has other keys or policies"):
        next(run(dask.address, items("plain.wav"), same))


@pytest.mark.requirement("BLK-023")
def test_workers_of_another_version_are_told_before_anything_is_verified(
    dask, settings, monkeypatch
):
    monkeypatch.setattr("provenance.bulk.engines.dask._version", lambda: "9.9")

    with pytest.raises(UnfitError, match=r"tcp://.*: has musicprov 1\.0.*, not 9\.9") as caught:
        next(run(dask.address, items("plain.wav"), settings))

    assert "pip install" in caught.value.hint


@pytest.mark.requirement("BLK-023")
def test_without_scheduler_or_workers_one_line_says_what_to_start(tmp_path, settings, monkeypatch):
    monkeypatch.setattr("provenance.bulk.engines.dask._CONNECT_SECONDS", 0.5)
    monkeypatch.setattr("provenance.bulk.engines.dask._WORKER_SECONDS", 0.5)
    with pytest.raises(NetworkError, match="there is no Dask scheduler"):
        next(run("dask://127.0.0.1:1", items("plain.wav"), settings))
    with pytest.raises(UsageError, match="names no scheduler"):
        next(run("dask", items("plain.wav"), settings))
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError) as caught:
        next(run("dask://127.0.0.1:1", items("plain.wav"), settings))
    assert "pip install" in caught.value.hint


@pytest.mark.requirement("BLK-023")
@pytest.mark.requirement("VDT-010")
@pytest.mark.parametrize(
    ("workers", "said"), [({}, "h:1: the scheduler has no workers"), ({"w": "0.1"}, "w: has")]
)
def test_what_a_cluster_lacks_is_the_world_and_no_wrong_call(workers, said):
    class Few:
        def wait_for_workers(self, number, timeout):
            if len(workers) < number:
                raise TimeoutError

        def run(self, call, *_, on_error):
            return workers

    with pytest.raises(ProvError, match=said) as caught:
        _require_ready(Few(), "h:1")

    assert show_error(caught.value) == 5


@pytest.mark.skipif(not FULL, reason="MUSICPROV_TEST_FULL is not set: 1 test of 20 s skipped")
@pytest.mark.requirement("BLK-023")
def test_what_is_wrong_with_a_cluster_is_told_before_and_while_it_runs(
    tmp_path, settings, monkeypatch
):
    told = tmp_path / "other" / "musicprov-0.9.dist-info"
    told.mkdir(parents=True)
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: musicprov\nVersion: 0.9\n")
    monkeypatch.setattr("provenance.bulk.engines.dask._CONNECT_SECONDS", 4)
    with cluster(tmp_path / "dask", workers=0) as small:
        wait_until(lambda: answers(small.place))
        with monkeypatch.context() as patch:
            patch.setattr("provenance.bulk.engines.dask._WORKER_SECONDS", 0.3)
            with pytest.raises(NetworkError, match="has no workers"):
                next(run(small.address, items("plain.wav"), settings))
        old = small.start(tmp_path / "other")
        with pytest.raises(UnfitError, match=r"has musicprov 0\.9, not 1\.0\.0"):
            next(run(small.address, items("plain.wav"), settings))
        old.terminate()
        old.wait(20)
        small.start()
        found = run(small.address, items(*["plain.wav"] * 5000), settings, window=4)
        next(found)
        small.scheduler.send_signal(signal.SIGKILL)

        with pytest.raises(NetworkError, match="the Dask scheduler is gone"):
            list(found)


def answers(place):
    host, port = place.split(":")
    try:
        socket.create_connection((host, int(port)), 1).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not FULL, reason="MUSICPROV_TEST_FULL is not set: 1 test of a minute skipped")
@pytest.mark.requirement("BLK-021")
@pytest.mark.requirement("BLK-024")
def test_a_file_that_kills_every_worker_it_is_given_to_is_named_alone(tmp_path, settings):
    names = [*["plain.wav"] * 30, "poison.wav", *["signed.wav"] * 10]
    with cluster(tmp_path / "dask", scheduler__allowed_failures=1) as doomed:
        found = list(run(doomed.address, items(*names), settings, verify=killing.verify))

    assert [i.name for i, r in found if r["status"] == "ERROR"] == ["poison.wav"]
    report = {i.name: r for i, r in found}["poison.wav"]
    assert report["summary"].startswith("poison.wav: the workers that verified it ended")
    assert [i.name for i, _ in found] == names


def test_tasks_are_small_at_first_and_have_fifty_files_then():
    size = engine_of("dask://x").group

    assert [size(n) for n in (0, 3, 4, 100, 196, 10_000)] == [1, 1, 2, 26, 50, 50]


@pytest.mark.slow
def test_processes_beside_a_worker_end_when_there_is_nothing_to_do(settings, monkeypatch):
    monkeypatch.setattr(_apart, "IDLE_SECONDS", 0.2)
    origin = _apart.origin_of(settings, 60.0)

    reports = _apart.verify_apart(items("plain.wav", "signed.wav"), settings, verify_item, origin)
    shared = _apart._pools[60.0]
    wait_until(lambda: 60.0 not in _apart._pools and not shared.executor._workers)

    assert reports == [verify_item(item, settings) for item in items("plain.wav", "signed.wav")]


@pytest.mark.requirement("BLK-011")
def test_a_worker_without_the_folder_or_with_other_keys_says_so(settings):
    here = _apart.origin_of(settings, 60.0)
    away = replace(here, folder="/nowhere/at/all")
    name = str(Path("plain.wav").resolve())

    relative, absolute = _apart.verify_apart(items("plain.wav", name), settings, verify_item, away)

    assert "the worker does not have the folder /nowhere/at/all" in relative["summary"]
    assert absolute["status"] == "ABSENT"
    with pytest.raises(UnfitError, match="other keys or policies"):
        _apart.verify_apart(items(name), settings, verify_item, replace(here, call="0" * 64))
    with pytest.raises(UnfitError, match="other keys or policies"):
        _apart.require_same(settings, replace(here, call="0" * 64))


@pytest.mark.requirement("BLK-011")
def test_a_process_that_served_another_call_reads_the_policies_of_this_one(
    settings, tmp_path, monkeypatch
):
    asked = replace(settings, ingest="ingest.json")
    decided = []
    for outcome in ("accept", "hold"):
        (tmp_path / outcome).mkdir()
        monkeypatch.chdir(tmp_path / outcome)
        shutil.copyfile(VECTORS / "absent" / "input.wav", "plain.wav")
        policy = {"ingestPolicy": "musicprov-ingest/1", "id": outcome, "version": 1}
        Path("ingest.json").write_text(json.dumps({**policy, "rules": [], "otherwise": outcome}))
        forget()  # as another caller would begin
        origin = _apart.origin_of(asked, 60.0)
        decided += _apart.verify_apart(items("plain.wav"), asked, verify_item, origin)

    assert [made["decision"]["policy"]["id"] for made in decided] == ["accept", "hold"]


@pytest.mark.slow
def test_a_future_of_the_cluster_is_one_of_the_protocol(dask):
    engine = engine_of(dask.address)
    with engine.open(dask.address, Wishes(2, 60)) as executor:
        future = executor.submit(max, 3, 4)
        assert isinstance(future, Future)
        assert future.result(20) == 4
        with pytest.raises(ZeroDivisionError):
            executor.submit(divmod, 1, 0).result(20)
