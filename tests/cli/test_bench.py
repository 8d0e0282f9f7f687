"""``prov bench``: the figures of files that are named, and of songs that it makes itself."""

import errno
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner
from provenance.bulk import measuring
from provenance.bulk.items import Item
from provenance.bulk.settings import Settings
from provenance.bulk.verifying import verify_item
from provenance.cli import _bench_music, bench
from provenance.cli._bench_music import COPIES, signed_songs
from provenance.model.errors import InputError
from provenance.wire.schemas import check

from support import samples
from support.command import prov

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
SIGNED = VECTORS / "verify" / "passed-own-key" / "input.wav"
PLAIN = VECTORS / "verify" / "absent" / "input.wav"


def test_named_files_are_measured_by_container_and_those_that_do_not_count_are_counted(tmp_path):
    for name, source in (("a.wav", SIGNED), ("b.wav", SIGNED), ("plain.wav", PLAIN)):
        shutil.copyfile(source, tmp_path / name)

    done = prov(tmp_path, "bench", "--jobs", "1", "--format", "json", ".", "gone.wav")

    found = json.loads(done.stdout)
    assert list(check(found, "bench")) == []
    assert (found["jobs"], found["rounds"]) == (1, 3)
    assert found["leftOut"] == {"audioNotRead": 1, "error": 1}
    assert found["run"]["files"] == 4
    (wav,) = found["containers"]
    assert wav.pop("container") == "wav"
    assert wav == found["total"]
    assert (wav["files"], wav["bytes"]) == (2, 2 * SIGNED.stat().st_size)
    assert 0 < wav["sha256"] < wav["verify"]
    assert found["run"]["verify"] > 0


def test_people_read_a_table(tmp_path):
    done = prov(tmp_path, "bench", "--jobs", "1", "--rounds", "2", SIGNED, PLAIN)

    head, wav, total, *rest = done.stdout.splitlines()
    assert head.split() == ["files", "MB", "SHA-256", "verify", "of", "its", "rate", "beyond"]
    assert wav.split()[:2] == ["wav", "1"]
    assert total.split()[1:] == wav.split()[1:]
    assert any(line.startswith("By the clock, 1 process: ") for line in rest)
    assert "Left out: 1 in which nothing is declared: their audio need not be read" in rest


def test_where_nothing_is_declared_nothing_is_measured(tmp_path):
    done = prov(tmp_path, "bench", "--rounds", "2", PLAIN, "gone.wav", expect=5)

    assert done.stdout == ""
    assert "nothing to measure: in 1 nothing is declared, 1 cannot be verified" in done.stderr
    assert "prov sign" in done.stderr


@pytest.mark.parametrize(
    ("named", "why"),
    [
        (["nope"], "nope: no such file. Check the name."),
        (["*.ogg"], "*.ogg: matches nothing. Check the pattern"),
        (["nope", "neither"], "nope: no such file. Check the name. Of 1 more none can be"),
        (["empty"], "no audio is in what was named. Name others"),
    ],
)
def test_what_is_not_there_is_said_not_to_be(tmp_path, named, why):
    (tmp_path / "empty").mkdir()

    done = prov(tmp_path, "bench", "--rounds", "2", *named, expect=5)

    assert f"there is nothing to measure: {why}" in done.stderr
    assert "Sign some" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["mp3", "flac", "ogg", "m4a"])
def test_nothing_is_declared_in_whatever_container_it_is(tmp_path, kind):
    done = prov(tmp_path, "bench", "--rounds", "2", samples.made(kind), expect=5)

    assert "nothing to measure: in 1 nothing is declared, 0 cannot be verified" in done.stderr


def test_it_measures_where_a_process_has_no_processors_of_its_own(tmp_path, monkeypatch):
    """As macOS has it."""
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    monkeypatch.setenv("MUSICPROV_HOME", str(tmp_path))

    done = CliRunner().invoke(
        bench.command, ["--rounds", "2", "--format", "json", str(SIGNED)], catch_exceptions=False
    )

    assert json.loads(done.stdout)["jobs"] == 1


@pytest.mark.parametrize("words", [["--rounds", "1"], ["--jobs", "0"], ["--format", "csv"]])
def test_a_wish_that_means_nothing_is_refused(tmp_path, words):
    assert prov(tmp_path, "bench", *words, SIGNED, expect=2).stdout == ""


@pytest.mark.slow
def test_a_song_is_made_in_every_container_and_signed_by_a_key_that_is_known(tmp_path):
    pytest.importorskip("av")
    home = tmp_path / "home"

    songs = list(signed_songs(tmp_path, home, seconds=2))

    assert len(songs) == 6 * COPIES
    ones = [song for song in songs if song.name.startswith("song.")]
    done = prov(tmp_path, "verify", "--decode", "never", "--format", "json", *ones)
    results = json.loads(done.stdout)["results"]
    assert [result["status"] for result in results] == ["PASSED"] * 6
    assert {result["input"]["container"] for result in results} == {
        *("wav", "flac", "mp3", "mp4", "ogg", "aiff"),
    }


@pytest.mark.slow
def test_without_encoders_there_is_a_song_in_wav(tmp_path, monkeypatch):
    monkeypatch.setattr(_bench_music, "has_encoders", lambda: False)

    songs = list(signed_songs(tmp_path, tmp_path / "home", seconds=1))

    assert len(songs) == len(set(songs)) == COPIES
    assert {song.stat().st_ino for song in songs} == {(tmp_path / "song.wav").stat().st_ino}


def test_no_room_for_songs_is_no_bug_of_ours(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(_bench_music, "compose", full)

    with pytest.raises(InputError, match=r"the songs cannot be made: .*No space left"):
        bench._made(tmp_path)


def test_the_least_of_the_rounds_counts_in_microseconds(tmp_path, monkeypatch):
    """A clock of our own: hashing takes 3, then 2 us, verifying 9, then 7 in two stages."""
    shutil.copyfile(SIGNED, tmp_path / "a.wav")
    spent = iter([3_000, 4_000, 5_000, 2_000, 1_000, 6_000])
    times = iter([time for taken in spent for time in (0, taken)])

    def in_two_stages(item, settings):
        yield
        return verify_item(item, settings)

    monkeypatch.setattr(measuring, "verify_in_stages", in_two_stages)
    monkeypatch.setattr(measuring.time, "process_time_ns", lambda: next(times))
    item = Item(0, str(tmp_path / "a.wav"))

    with ThreadPoolExecutor(1) as executor:
        measured = measuring.measure([item], executor, Settings(home=str(tmp_path)), 1, 2)

    total = measuring.bench_report(measured)["total"]
    assert total == {"files": 1, "bytes": SIGNED.stat().st_size, "sha256": 2, "verify": 7}


def test_what_is_hashed_is_the_whole_file(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")

    found = measuring.hash_item(Item(0, str(tmp_path / "a")), Settings(home=""))

    assert found["sha256"] == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, B.1
    )
