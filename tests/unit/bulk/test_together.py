"""Several files that one worker verifies stage by stage, and what each may do to the others."""

import json
import os
import pickle
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from provenance.bulk import _apart
from provenance.bulk._pool import IsolatedExecutor
from provenance.bulk._worker import _answers
from provenance.bulk.engines.base import TOGETHER, UnfitError, Wishes, engine_of
from provenance.bulk.items import Item
from provenance.bulk.running import verify_many
from provenance.bulk.settings import Settings
from provenance.bulk.verifying import verify_in_stages, verify_item
from provenance.reports.as_json import dumps
from provenance.verify.stages import done

from support import crashing, samples

VECTORS = Path(__file__).parents[2] / "vectors" / "verify"
KINDS = ("wav", "aiff", "flac", "mp3", "m4a", "ogg")
FAULTS = {
    "exits.wav": "the process that verified it ended (exit code 3)",
    "segfaults.wav": "the process that verified it ended (SIGSEGV)",
    "stalls.wav": f"was not verified within {crashing.seconds():g} seconds",
    "memory.wav": "needs more memory than there is",
    "bug.wav": "could not be verified: KeyError",
}


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copyfile(VECTORS / "passed-own-key" / "input.wav", "signed.wav")
    for kind in KINDS:
        shutil.copyfile(samples.made(kind), f"song.{kind}")
    return Settings(home=str(tmp_path / "home"), at="2026-11-24T00:00:00Z")


def items(*names):
    return [Item(number, name) for number, name in enumerate(names)]


def engine(jobs=1, seconds=600.0, together=TOGETHER):
    return engine_of("processes").open("processes", Wishes(jobs, seconds, together))


def beside(names, settings, **more):
    with engine(**more) as executor:
        return [
            r["beside"] for _, r in verify_many(names, executor, settings, verify=crashing.count)
        ]


def test_what_waits_is_taken_together_while_it_is_short(settings):
    quick = beside(items(*["quick"] * 60), settings)

    assert quick[0] == 1  # the first shows how long one takes
    assert max(quick) == TOGETHER


@pytest.mark.slow
def test_what_takes_long_is_taken_by_itself_and_so_is_all_where_nobody_wishes_more(settings):
    assert set(beside(items(*["slow"] * 6), settings)) == {1}
    assert set(beside(items(*["quick"] * 30), settings, together=1)) == {1}


@pytest.mark.requirement("BLK-020")
def test_a_name_that_waits_for_the_answer_before_it_gets_one(settings):
    """A producer that gives the next name after the last answer is never kept waiting."""
    told = threading.Semaphore(1)

    def one_by_one():
        for number in range(20):
            assert told.acquire(timeout=600)
            yield Item(number, "quick")

    with engine() as executor:
        for number, (item, _) in enumerate(
            verify_many(one_by_one(), executor, settings, verify=crashing.count)
        ):
            assert item.number == number
            told.release()


@pytest.mark.slow
@pytest.mark.requirement("BLK-021")
@pytest.mark.requirement("BLK-022")
@pytest.mark.parametrize("verify", [crashing.verify, crashing.verify_late])
def test_a_file_at_fault_costs_none_of_those_that_are_verified_with_it(settings, verify):
    names = ["signed.wav"] * 6
    for bad in FAULTS:
        names += ["song.flac", "signed.wav", bad, "song.mp3", "signed.wav"]

    with IsolatedExecutor(1, crashing.seconds(), TOGETHER) as executor:
        results = list(verify_many(items(*names), executor, settings, verify=verify))

    assert [item.name for item, _ in results] == names
    for item, report in results:
        if item.name in FAULTS:
            assert report["summary"].startswith(f"{item.name}: {FAULTS[item.name]}")
        else:
            assert report == verify_item(item, settings)


@pytest.mark.requirement("BLK-021")
def test_what_fails_in_company_is_done_again_by_itself(settings):
    names = [*["quick"] * 40, "bug", *["quick"] * 40]

    with engine() as executor:
        results = verify_many(items(*names), executor, settings, verify=crashing.wants_all)
        told = [report.get("name", report.get("status")) for _, report in results]

    assert told == [*["quick"] * 40, "ERROR", *["quick"] * 40]


@pytest.mark.requirement("BLK-021")
def test_a_worker_whose_answers_are_none_is_not_waited_for(settings):
    with IsolatedExecutor(1, 600.0, TOGETHER) as executor:
        assert executor.submit(crashing.answer_nothing).result(60) is None
        with pytest.raises(ValueError, match="an answer to each call"):
            executor.submit(os.getpid).result(60)
        assert executor.submit(os.getpid).result(60) != os.getpid()


@pytest.mark.requirement("BLK-024")
def test_two_runs_from_two_folders_that_share_a_worker_do_not_mix(settings, monkeypatch):
    """A process of a worker of a cluster goes through files of both stage by stage."""
    folders = []
    for outcome, source in (("accept", "signed.wav"), ("hold", "song.flac")):
        folder = Path(outcome).resolve()
        (folder / "home").mkdir(parents=True)
        shutil.copyfile(source, folder / "song")
        policy = {"ingestPolicy": "musicprov-ingest/1", "id": outcome, "version": 1}
        policy |= {"rules": [], "otherwise": outcome}
        (folder / "ingest.json").write_text(json.dumps(policy))
        folders.append(folder)
    near = Settings(home="home", at=settings.at, ingest="ingest.json")
    calls, alone = [], []
    for folder in folders * 2:
        monkeypatch.chdir(folder)
        _apart.forget()
        (item,) = items("song")
        alone.append(verify_item(item, near))
        origin = _apart.origin_of(near, 600.0)
        call = (_apart._verify, (item, near, verify_in_stages, origin), {})
        calls.append(pickle.dumps(call))
    _apart.forget()

    with IsolatedExecutor(1, 600.0) as executor:
        answers = executor.submit(_answers, calls).result(60)

    assert [pickle.loads(answer) for answer in answers] == [(True, report) for report in alone]
    assert [(report["status"], report["decision"]["outcome"]) for report in alone[:2]] == [
        ("INDETERMINATE", "accept"),
        ("ABSENT", "hold"),
    ]


@pytest.mark.requirement("BLK-023")
def test_a_run_that_is_refused_leaves_the_run_before_it_in_its_own_folder(settings, monkeypatch):
    Path("other").mkdir()
    shutil.copyfile("song.flac", "other/signed.wav")
    (item,) = items("signed.wav")
    expected = verify_item(item, settings)
    here = _apart.origin_of(settings, 600.0)
    there = replace(here, folder=str(Path("other").resolve()), call="of other keys")

    with IsolatedExecutor(1, 600.0) as executor:

        def report_of(origin):
            asked = (item, settings, verify_in_stages, origin)
            return executor.submit(_apart._verify, *asked).result(60)

        assert report_of(here) == expected
        with pytest.raises(UnfitError, match="other keys"):
            report_of(there)
        assert report_of(here) == expected


@pytest.mark.requirement("BLK-011")
@pytest.mark.parametrize("jobs", [1, 2])
def test_the_reports_are_those_that_each_file_has_alone(settings, jobs):
    names = [*(f"song.{kind}" for kind in KINDS), "signed.wav", "gone.wav"] * 8
    alone = [dumps(verify_item(item, settings)) for item in items(*names)]

    with engine(jobs=jobs) as executor:
        together = [dumps(report) for _, report in verify_many(items(*names), executor, settings)]

    assert together == alone


def test_files_are_walked_in_stages_and_closed_at_the_end(settings):
    stages = [verify_in_stages(item, settings) for item in items("signed.wav", "song.ogg")]

    for _ in range(2):
        for one in stages:
            next(one)

    assert [done(one)["status"] for one in stages] == ["INDETERMINATE", "ABSENT"]
