"""Replacing a file: the old or the new one, whole, with its mode, times and attributes."""

import os
import stat
import threading

import pytest
from provenance.files.opening import open_regular
from provenance.files.replacing import (
    Replacing,
    replace_file,
    require_replaceable,
    write_copy,
    write_new,
)
from provenance.model.errors import InputError, RefusedError


def double(source, target):
    target.write(source.read() * 2)


def fail(source, target):
    target.write(b"half of it")
    raise RefusedError("write.check-failed")


@pytest.fixture
def song(tmp_path):
    path = tmp_path / "song.bin"
    path.write_bytes(b"audio")
    path.chmod(0o640)
    os.utime(path, ns=(1_600_000_000_123_456_789, 1_500_000_000_987_654_321))
    return path


def left_over(folder):
    return [p.name for p in folder.iterdir() if p.name.startswith(".")]


def test_the_new_content_stands_and_nothing_else_is_left(song):
    replace_file(song, double)

    assert song.read_bytes() == b"audioaudio"
    assert left_over(song.parent) == []


@pytest.mark.requirement("CAR-022")
def test_mode_and_times_are_kept(song):
    replace_file(song, double)

    now = song.stat()
    assert stat.S_IMODE(now.st_mode) == 0o640
    assert now.st_mtime_ns == 1_500_000_000_987_654_321


def test_touch_renews_the_time(song):
    replace_file(song, double, Replacing(touch=True))

    assert song.stat().st_mtime_ns > 1_600_000_000_000_000_000


def test_extended_attributes_are_kept(song):
    try:
        os.setxattr(song, "user.note", b"mine")
    except OSError:
        pytest.skip("this file system has no extended attributes")

    replace_file(song, double)

    assert os.getxattr(song, "user.note") == b"mine"


def test_a_refused_write_leaves_the_old_file_and_no_temporary(song):
    with pytest.raises(RefusedError):
        replace_file(song, fail)

    assert song.read_bytes() == b"audio"
    assert left_over(song.parent) == []


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda p: p.mkdir(), "folder", id="folder"),
        pytest.param(os.mkfifo, "not a regular file", id="fifo"),
        pytest.param(lambda p: p.symlink_to(p.parent / "song.bin"), "symbolic link", id="link"),
        pytest.param(lambda _: None, "no such file", id="absent"),
    ],
)
def test_what_is_no_regular_file_is_refused(song, make, message):
    other = song.parent / "other"
    make(other)

    with pytest.raises(InputError, match=message):
        replace_file(other, double)

    assert song.read_bytes() == b"audio"


def test_a_hard_link_is_refused_unless_told(song):
    twin = song.parent / "twin.bin"
    twin.hardlink_to(song)

    with pytest.raises(RefusedError) as refused:
        replace_file(song, double)
    assert refused.value.rule == "file.hard-link"

    replace_file(song, double, Replacing(break_link=True))
    assert (song.read_bytes(), twin.read_bytes()) == (b"audioaudio", b"audio")


def test_a_read_only_file_is_refused(song):
    song.chmod(0o444)

    with pytest.raises(RefusedError) as refused:
        replace_file(song, double)

    assert refused.value.rule == "file.read-only"


@pytest.mark.requirement("CAR-031")
def test_a_file_that_the_caller_may_not_write_to_is_refused(song, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, *_, **__: path != song)

    for refuse in (lambda: replace_file(song, double), lambda: require_replaceable(song)):
        with pytest.raises(RefusedError, match="you may not write to it") as refused:
            refuse()
        assert refused.value.rule == "file.read-only"

    assert song.read_bytes() == b"audio"


@pytest.mark.requirement("CAR-057")
def test_a_file_whose_owner_cannot_be_kept_is_refused(song, monkeypatch):
    def deny(*_):
        raise PermissionError

    fstat, inode = os.fstat, song.stat().st_ino

    def somebody_elses(descriptor):
        found = fstat(descriptor)
        if found.st_ino != inode:
            return found
        return os.stat_result((*found[:4], found.st_uid + 1, *found[5:]))

    monkeypatch.setattr(os, "fchown", deny)
    monkeypatch.setattr(os, "fstat", somebody_elses)
    with pytest.raises(RefusedError, match="has another owner") as refused:
        replace_file(song, double)

    assert refused.value.rule == "file.owner"
    assert song.read_bytes() == b"audio"
    assert left_over(song.parent) == []


@pytest.mark.requirement("CAR-033")
def test_a_file_changed_meanwhile_is_left_alone(song):
    def meddle(source, target):
        double(source, target)
        song.write_bytes(b"changed by somebody")

    with pytest.raises(InputError, match="changed by another program"):
        replace_file(song, meddle)

    assert song.read_bytes() == b"changed by somebody"
    assert left_over(song.parent) == []


def test_left_overs_of_dead_processes_go_and_those_of_the_living_stay(song):
    dead = song.parent / ".song.bin.musicprov-999999999-0123abcd"
    alive = song.parent / f".song.bin.musicprov-{os.getppid()}-0123abcd"
    foreign = song.parent / ".song.bin.musicprov-backup"
    for path in (dead, alive, foreign):
        path.write_bytes(b"x")

    replace_file(song, double)

    assert sorted(left_over(song.parent)) == sorted([alive.name, foreign.name])


@pytest.mark.parametrize(
    "name",
    [
        ".song.bin.musicprov-999999999-0123abcd.wav",
        ".song.bin.musicprov-999999999-0123abcd\n",
        ".song.bin.musicprov-x999999999-0123abcd",
        ".song.mp3.musicprov-999999999-0123abcd",
        "a take of this song: 999999999-0123abcd",
        "xxxxxxxxxxxxxxxxxxxx999999999-0123abcd",
    ],
)
def test_what_is_only_named_like_a_left_over_of_this_file_stays(song, name):
    (song.parent / name).write_bytes(b"mine")

    replace_file(song, double)

    assert (song.parent / name).read_bytes() == b"mine"


def test_eight_writers_at_once_leave_one_whole_result(song):
    errors = []

    def append(source, target):
        target.write(source.read() + b"+")

    def work():
        try:
            replace_file(song, append)
        except InputError as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert song.read_bytes() == b"audio" + b"+" * (8 - len(errors))
    assert left_over(song.parent) == []


def test_a_copy_never_overwrites(song):
    there = song.parent / "there.bin"
    there.write_bytes(b"mine")

    with pytest.raises(InputError, match="exists already"):
        write_copy(song, there, double)

    assert there.read_bytes() == b"mine"


@pytest.mark.requirement("CAR-033")
def test_a_copy_of_a_file_that_is_written_to_meanwhile_is_none(song):
    def meddle(source, target):
        double(source, target)
        song.write_bytes(b"other")  # of the same length

    with pytest.raises(InputError, match="changed by another program"):
        write_copy(song, song.parent / "there.bin", meddle)

    assert list(song.parent.iterdir()) == [song]


def test_a_copy_of_a_file_that_is_renamed_meanwhile_is_whole(song):
    def rename(source, target):
        double(source, target)
        song.rename(song.parent / "other.bin")

    write_copy(song, song.parent / "there.bin", rename)

    assert (song.parent / "there.bin").read_bytes() == b"audioaudio"


def test_a_copy_has_the_mode_of_its_source(song):
    there = song.parent / "there.bin"

    write_copy(song, there, double)

    assert there.read_bytes() == b"audioaudio"
    assert stat.S_IMODE(there.stat().st_mode) == 0o640


def test_a_small_file_is_written_with_its_mode(tmp_path):
    path = tmp_path / "key.pem"

    write_new(path, b"secret", mode=0o600)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(InputError):
        write_new(path, b"other")
    assert path.read_bytes() == b"secret"


@pytest.fixture
def swapped(song):
    """Gives the path of the song's folder to another one, whose files have the same names."""
    mine, other = song.parent / "mine", song.parent / "other"
    for folder in (mine, other):
        folder.mkdir()
        (folder / "song.bin").write_bytes(b"audio" if folder == mine else b"another's")

    def swap(source=None, target=None):
        if target is not None:
            double(source, target)
        mine.rename(song.parent / "moved")
        mine.symlink_to(other)

    yield mine / "song.bin", swap

    assert [p.name for p in other.iterdir()] == ["song.bin"]
    assert (other / "song.bin").read_bytes() == b"another's"
    assert left_over(song.parent / "moved") == []


def test_what_is_replaced_stays_in_the_folder_that_was_opened(swapped):
    song, swap = swapped

    replace_file(song, swap)

    assert (song.parent.parent / "moved" / "song.bin").read_bytes() == b"audioaudio"


def test_a_copy_stays_in_the_folder_that_was_opened(swapped):
    song, swap = swapped

    write_copy(song, song.with_name("there.bin"), swap)

    assert (song.parent.parent / "moved" / "there.bin").read_bytes() == b"audioaudio"


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_small_file_stays_in_the_folder_that_was_opened(swapped, monkeypatch, overwrite):
    song, swap = swapped
    permit = os.fchmod
    monkeypatch.setattr(os, "fchmod", lambda *given: (swap(), permit(*given)))

    write_new(song.with_name("side.jws"), b"token", overwrite=overwrite)

    assert (song.parent.parent / "moved" / "side.jws").read_bytes() == b"token"


@pytest.mark.parametrize("name", ["-rf", "a b", "n\u00e4me", "\u202egnp.cod", "x" * 250])
def test_odd_names_are_only_names(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"audio")

    replace_file(path, double)

    assert path.read_bytes() == b"audioaudio"
    assert left_over(tmp_path) == []


def test_bytes_that_are_no_text_can_be_a_name(tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9.bin")
    path.write_bytes(b"audio")

    replace_file(path, double)

    assert path.read_bytes() == b"audioaudio"


def test_a_device_is_refused_without_blocking():
    with pytest.raises(InputError, match="not a regular file"):
        open_regular("/dev/zero")
