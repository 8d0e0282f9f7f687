"""``prov verify`` over many files, run as a program (spec 26)."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from provenance.reports import forms
from provenance.wire.schemas import is_valid

from support import powerless, samples, terminal
from support.command import prov, run
from support.speed import under

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "verify"
PLAIN = VECTORS / "absent" / "input.wav"
FULL = bool(os.environ.get("MUSICPROV_TEST_FULL"))
BUFFERED = {**os.environ, "PYTHONUNBUFFERED": ""}
KINDS = ("wav", "aiff", "flac", "mp3", "m4a", "ogg")


@pytest.fixture
def place(tmp_path):
    shutil.copyfile(PLAIN, tmp_path / "plain.wav")
    shutil.copyfile(VECTORS / "passed-own-key" / "input.wav", tmp_path / "signed.wav")
    return tmp_path


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def names(text):
    return [report["input"]["name"] for report in lines(text)]


def test_files_of_every_format_are_verified_in_order_by_any_number_of_workers(place):
    for kind in KINDS:
        shutil.copyfile(samples.made(kind), place / f"song.{kind}")
    (place / "list").write_text("".join(f"song.{kind}\n" for kind in reversed(KINDS)))

    one = prov(place, "verify", "--format", "ndjson", "--jobs", 1, "@list", "*.wav", expect=3)
    two = prov(place, "verify", "--format", "ndjson", "--jobs", 2, "@list", "*.wav", expect=3)

    assert names(one.stdout) == [f"song.{kind}" for kind in reversed(KINDS)] + [
        "plain.wav", "signed.wav", "song.wav",
    ]  # fmt: skip
    for mine, other in zip(lines(one.stdout), lines(two.stdout), strict=True):
        assert {**mine, "verifiedAt": 0} == {**other, "verifiedAt": 0}
    assert one.stderr == two.stderr == ""


@pytest.mark.requirement("BLK-003")
def test_a_list_of_all_that_can_be_in_one(place):
    raw = os.fsencode(place) + b"/caf\xe9.wav"
    shutil.copyfile(PLAIN, raw)
    (place / "in").mkdir()
    shutil.copyfile(PLAIN, place / "in" / "deep.wav")
    entries = b"plain.wav\ngone.wav\nin\nplain.wav\ncaf\xe9.wav\nlist\n\x1b[2J.wav\n"
    (place / "list").write_bytes(entries)

    done = prov(place, "verify", "--format", "ndjson", "@list", expect=5)
    text = prov(place, "verify", "@list", expect=5).stdout

    found = [(r["input"]["name"], r["status"]) for r in lines(done.stdout)]
    assert found == [
        ("plain.wav", "ABSENT"),
        ("gone.wav", "ERROR"),
        ("in/deep.wav", "ABSENT"),
        ("plain.wav", "ABSENT"),
        ("caf\\xe9.wav", "ABSENT"),
        ("list", "ERROR"),
        ("\\x1b[2J.wav", "ERROR"),
    ]
    assert "\x1b" not in text
    assert text.splitlines()[-1] == "7 files: 4 ABSENT, 3 ERROR"


def test_names_come_on_standard_input_and_expected_isrcs_in_a_table(place):
    (place / "t.csv").write_text("ISRC;Path\nGBAYE0000001;signed.wav\n;plain.wav\n")
    run = [sys.executable, "-m", "provenance", "verify", "--format", "ndjson"]

    listed = subprocess.run(
        [*run, "-0", "-"],
        input=b"plain.wav\0signed.wav\0",
        cwd=place,
        capture_output=True,
        check=False,
        timeout=600,
    )
    table = prov(place, "verify", "--format", "ndjson", "--from-csv", "t.csv", expect=3)

    assert names(listed.stdout) == ["plain.wav", "signed.wav"]
    signed, plain = lines(table.stdout)
    assert signed["expected"]["matches"] is False
    assert signed["status"] == "INDETERMINATE"
    assert "expected" not in plain


BROKEN = {
    "2.flac": b"version https://git-lfs.github.com/spec/v1\noid sha256:"
    + b"0" * 64
    + b"\nsize 9\n",
    "3.flac": b"",
    "4.WAV": b"<!DOCTYPE html><title>502</title>" + b" " * 100,
    "5.mp3": bytes(5000),
    "sub/6.aiff": bytes(range(256)) * 9,
    "sub/7.m4a": b"short",
}


@pytest.mark.requirement("VDT-012")
def test_an_upload_that_broke_is_an_error_in_a_folder_as_where_it_is_named(place):
    folder = place / "in"
    (folder / "sub").mkdir(parents=True)
    shutil.copyfile(place / "signed.wav", folder / "1.wav")
    for name, data in {**BROKEN, "._1.wav": bytes(99), "cover.jpg": bytes(99)}.items():
        (folder / name).write_bytes(data)
    (folder / "8.ogg").symlink_to("/gone/8.ogg")
    (folder / "8a.ogg").symlink_to("8a.ogg")
    os.mkfifo(folder / "8b.ogg")
    os.mkfifo(folder / "pipe")
    (folder / "9.wav").symlink_to("1.wav")
    (folder / "album.flac").symlink_to("sub")
    (folder / "notes").symlink_to("gone")
    (folder / "1.wav.musicprov.json").write_bytes(b"")

    done = prov(place, "verify", "--format", "ndjson", "in/", expect=5)
    gated = prov(place, "verify", "--format", "github", "--policy", "welcoming", "in/", expect=3)

    told = {r["input"]["name"]: r["status"] for r in lines(done.stdout)}
    broken = [f"in/{name}" for name in (*BROKEN, "8.ogg", "8a.ogg", "8b.ogg")]
    assert told == {"in/1.wav": "INDETERMINATE", **dict.fromkeys(broken, "ERROR")}
    assert list(told) == sorted(told)
    said = {r["input"]["name"]: (r["summary"], r["input"]["size"]) for r in lines(done.stdout)}
    assert said["in/3.flac"][0].startswith("in/3.flac: is empty. ")
    assert said["in/8a.ogg"][0].startswith("in/8a.ogg: is a symbolic link that leads nowhere. ")
    assert said["in/8b.ogg"][0].startswith("in/8b.ogg: is not a regular file. ")
    sizes = {name: said[f"in/{name}"][1] for name in BROKEN}
    assert sizes == {name: len(data) for name, data in BROKEN.items()}
    assert "9 ERROR" in gated.stdout
    for name in broken:
        prov(place, "verify", name, expect=5)


@pytest.mark.requirement("VDT-012")
@pytest.mark.requirement("BLK-002")
@pytest.mark.parametrize("mode", [0o000, 0o444, 0o311])
@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("in", ["in/a.wav", "in/closed"]),
        ("in/closed", ["in/closed"]),
        ("in/**", ["in/a.wav", "in/closed"]),
        ("in/**/*.wav", ["in/a.wav", "in/closed"]),
        ("**/deep/*.wav", ["in/closed"]),
        ("in/*", ["in/a.wav", "in/closed"]),
        ("in/*/*.wav", ["in/closed"]),
        ("in/closed/*/1.wav", ["in/closed"]),
    ],
)
def test_what_cannot_be_looked_into_is_an_error_and_not_missing(place, mode, named, found):
    closed = place / "in" / "closed"
    (closed / "deep").mkdir(parents=True)
    shutil.copyfile(place / "signed.wav", place / "in" / "a.wav")
    shutil.copyfile(place / "signed.wav", closed / "deep" / "1.wav")
    closed.chmod(mode)

    done = run(place, (*powerless.PROV, "verify", "--format", "ndjson", named))
    closed.chmod(0o755)

    assert names(done.stdout) == found
    last = lines(done.stdout)[-1]
    assert last["summary"] == "in/closed: not readable. Check its permissions."
    assert (last["status"], done.returncode) == ("ERROR", 5)


@pytest.mark.requirement("BLK-002")
def test_the_way_to_a_pattern_that_cannot_be_gone_is_said(place):
    (place / "closed" / "in").mkdir(parents=True)
    shutil.copyfile(place / "signed.wav", place / "closed" / "in" / "a.wav")
    (place / "closed").chmod(0o000)

    done = run(place, (*powerless.PROV, "verify", "--format", "ndjson", "closed/in/*.wav"))
    (place / "closed").chmod(0o755)

    assert lines(done.stdout)[0]["summary"] == "closed: not readable. Check its permissions."
    assert done.returncode == 5


def test_nothing_named_is_a_fault_of_the_call(place):
    done = prov(place, "verify", expect=2)
    prov(place, "verify", "", expect=2)
    prov(place, "verify", "--engine", "abacus", "plain.wav", "signed.wav", expect=2)

    assert "--from-csv" in done.stderr


class Slow:
    """A run over many entries of a list, stopped when it has told some of them."""

    ENTRIES = 900

    def __init__(self, place, state="state"):
        self.place = place
        self.list = place / "list"
        files = ["plain.wav", "signed.wav", "gone.wav"]
        self.list.write_text("".join(f"{files[n % 3]}\n" for n in range(self.ENTRIES)))
        self.arguments = ["verify", "--format", "ndjson", "--jobs", "2", "--resume", state, "@list"]

    def stopped(self, number, after=40):
        """What was told, the exit code and what was said, of a run that gets a signal."""
        run = subprocess.Popen(
            [sys.executable, "-m", "provenance", *self.arguments],
            cwd=self.place,
            env={**os.environ, "MUSICPROV_HOME": str(self.place / "home")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        told = [run.stdout.readline() for _ in range(after)]
        run.send_signal(number)
        rest, said = run.communicate(timeout=600)
        return told + rest.splitlines(keepends=True), run.returncode, said

    def again(self):
        return prov(self.place, *self.arguments, expect=5)


@pytest.mark.requirement("BLK-006")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("@gone",), "gone: no such file"),
        (("@home",), "home: is a folder"),
        (("--from-csv", "gone.csv"), "gone.csv: no such file"),
    ],
)
def test_a_list_that_cannot_be_opened_is_refused_before_anything_is_verified(
    place, arguments, said
):
    (place / "home").mkdir()

    done = prov(place, "verify", "--format", "json", "plain.wav", "plain.wav", *arguments, expect=5)

    assert done.stdout == ""
    assert said in done.stderr


def test_a_list_may_be_a_pipe(place):
    command = ["bash", "-c", 'exec "$0" -m provenance verify --format ndjson @<(echo plain.wav)']

    done = run(place, (*command, sys.executable))

    assert names(done.stdout) == ["plain.wav"]


@pytest.mark.requirement("ING-013")
@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_run_that_breaks_off_leaves_a_document_that_is_whole_and_says_that_the_run_is_not(
    place, form
):
    (place / "bad.csv").write_text("nothing\n", encoding="utf-8")
    command = ("verify", "--format", form)

    found = json.loads(prov(place, *command, "plain.wav", "--from-csv", "bad.csv", expect=2).stdout)
    whole = json.loads(prov(place, *command, "plain.wav", "signed.wav", expect=3).stdout)

    require_broken_off(form, found, "the table has no column of paths, but: nothing", 1)
    if form == "json":
        assert "brokenOff" not in whole
    else:
        assert whole["runs"][0]["invocations"] == [{"executionSuccessful": True}]


def require_broken_off(form, found, why, count):
    if form == "json":
        assert is_valid(found, "run")
        assert found["brokenOff"] == why
        assert len(found["results"]) == sum(found["summary"].values()) == count
        return
    (invocation,) = found["runs"][0]["invocations"]
    assert not invocation["executionSuccessful"]
    (note,) = invocation["toolExecutionNotifications"]
    assert note["level"] == "error"
    assert note["message"]["text"].endswith(why)
    assert len(found["runs"][0]["results"]) == count


@pytest.mark.requirement("ING-013")
def test_a_run_that_is_stopped_leaves_a_document_that_says_so(place):
    names = "plain.wav\n" * 2000
    (place / "list").write_text(names)
    out = place / "out.json"
    command = ("verify", "--format", "json", "--jobs", "1", "@list")
    with out.open("wb") as stream:
        run = subprocess.Popen(
            [sys.executable, "-m", "provenance", *command],
            cwd=place,
            env={**os.environ, "MUSICPROV_HOME": str(place / "home")},
            stdout=stream,
        )
    deadline = time.monotonic() + 120
    while out.stat().st_size < 10_000 and time.monotonic() < deadline:
        time.sleep(0.01)
    run.send_signal(signal.SIGINT)
    run.wait(60)

    found = json.loads(out.read_text())
    assert run.returncode == 130
    assert 0 < len(found["results"]) < 2000
    require_broken_off("json", found, "it was stopped", len(found["results"]))


@pytest.mark.requirement("ING-013")
def test_a_document_is_not_closed_where_the_output_takes_nothing_more(place):
    command = f'"$0" -m provenance verify --format json {"plain.wav " * 40} > cut; echo $?'

    done = subprocess.run(
        ["bash", "-c", f"trap '' XFSZ; ulimit -f 8; {command}", sys.executable],
        cwd=place, capture_output=True, text=True, check=False,
        env={**os.environ, "MUSICPROV_HOME": str(place / "home"), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip

    assert done.stdout == "5\n"
    assert "the results cannot be written" in done.stderr
    assert "brokenOff" not in (place / "cut").read_text()


@pytest.mark.slow
@pytest.mark.requirement("BLK-030")
@pytest.mark.requirement("BLK-031")
def test_a_run_that_was_stopped_three_ways_goes_on_and_tells_each_file_once(place):
    slow = Slow(place)
    kept = []

    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -9)):
        told, returned, said = slow.stopped(number, after=len(kept) + 40)
        state = (place / "state").read_bytes()
        assert returned == code
        assert ("The same command goes on" in said) == (number != signal.SIGKILL)
        assert "Traceback" not in said
        assert state.count(b"\n") - 1 > len(kept)
        kept = [line for line in state.decode().splitlines()[1:] if line.startswith("{")]
        assert len(told) < slow.ENTRIES
    with (place / "state").open("ab") as torn:
        torn.write(b'{"report": "musicprov-rep')

    with under(60, time.monotonic):
        done = slow.again()

    assert names(done.stdout) == (place / "list").read_text().split()
    assert done.stdout.splitlines()[: len(kept) - 1] == kept[:-1]
    assert not (place / "state").exists()


@pytest.mark.requirement("BLK-030")
def test_a_state_is_of_one_call_over_the_same_files(place):
    slow = Slow(place)
    slow.stopped(signal.SIGINT)
    state = (place / "state").read_bytes()

    other = prov(place, *slow.arguments, "--require", "time", expect=2)
    slow.list.write_text("signed.wav\n" + slow.list.read_text())
    moved = prov(place, *slow.arguments, expect=2)

    assert other.stdout == ""
    assert "another call" in other.stderr
    assert "other files" in moved.stderr
    assert (place / "state").read_bytes() == state


@pytest.mark.requirement("BLK-030")
def test_a_file_that_is_no_state_is_never_touched(place):
    (place / "mine").write_text("my notes\n")
    (place / "link").symlink_to("new")

    notes = prov(place, "verify", "--resume", "mine", "plain.wav", expect=2)
    prov(place, "verify", "--resume", "link", "plain.wav", expect=5)
    prov(place, "verify", "--resume", "signed.wav", "plain.wav", expect=2)

    assert "no state of a run" in notes.stderr
    assert (place / "mine").read_text() == "my notes\n"
    assert (place / "signed.wav").read_bytes().startswith(b"RIFF")
    assert not (place / "new").exists()


@pytest.mark.requirement("BLK-030")
def test_an_output_with_a_state_is_whole_and_never_appended(place):
    command = f"{sys.executable} -m provenance verify --resume state plain.wav"

    appended = subprocess.run(
        f"{command} >> out", shell=True, cwd=place, capture_output=True, text=True, check=False
    )
    written = subprocess.run(f"{command} > out", shell=True, cwd=place, check=False)

    assert (appended.returncode, written.returncode) == (2, 4)
    assert "Write > in place of >>" in appended.stderr
    assert (place / "out").read_text().splitlines()[-1] == "1 file: 1 ABSENT"


RESUMED = ("verify", "--format", "ndjson", "--resume", "state", *["plain.wav"] * 3)


def without_room(place):
    """A run with a state that has no room; a limit on the size of files stands in for the disk."""
    limit = "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (2000, 2000));"
    run = f"{limit} from provenance.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", run, *RESUMED],
        cwd=place, env={**os.environ, "MUSICPROV_HOME": str(place / "home")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_state_on_a_full_disk_is_no_bug_and_the_run_goes_on(place):
    first = without_room(place)
    again = prov(place, *RESUMED, expect=4)

    assert first.returncode == 5
    assert first.stderr.startswith("state: the file is larger than is allowed here. ")
    assert first.stderr.endswith("run the same command again.\n")
    assert 0 < len(lines(first.stdout)) < 3
    assert len(lines(again.stdout)) == 3


@pytest.mark.requirement("BLK-030")
def test_a_file_whose_report_was_too_large_to_be_kept_is_verified_again_in_its_turn(place):
    """The report of what is signed stands for one of many megabytes."""
    command = [
        "verify",
        "--format",
        "ndjson",
        "--resume",
        "state",
        "signed.wav",
        *["plain.wav"] * 9,
    ]
    limit = "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (4000, 4000));"
    limit += "from provenance.bulk import journal as j; j._LINE_BYTES = 2000;"
    run = f"{limit} from provenance.cli.main import main; main()"

    first = subprocess.run(
        [sys.executable, "-c", run, *command],
        cwd=place, env={**os.environ, "MUSICPROV_HOME": str(place / "home")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    state = (place / "state").read_text().splitlines()
    again = prov(place, *command, expect=3)

    assert first.returncode == 5
    assert json.loads(state[1]) == {"again": "signed.wav"}
    assert json.loads(state[2])["input"]["name"] == "plain.wav"
    told = lines(again.stdout)
    assert [r["input"]["name"] for r in told] == ["signed.wav", *["plain.wav"] * 9]
    assert told[0]["status"] == lines(first.stdout)[0]["status"] != told[1]["status"]


def test_what_was_told_before_a_stop_is_not_looked_at_again(place):
    told = len(lines(without_room(place).stdout))
    (place / "plain.wav").unlink()

    again = prov(place, *RESUMED, expect=5)

    found = [report["status"] for report in lines(again.stdout)]
    assert found == ["ABSENT"] * told + ["ERROR"] * (3 - told)
    assert 0 < told < 3


@pytest.mark.requirement("VDT-010")
@pytest.mark.parametrize("most", [500, 4000], ids=["its rows", "its columns"])
def test_temporary_files_that_have_no_room_are_not_taken_for_the_output(place, most):
    pytest.importorskip("duckdb")
    limit = f"import resource as r; r.setrlimit(r.RLIMIT_FSIZE, ({most}, {most}));"
    run = f"{limit} from provenance.cli.main import main; main()"
    (place / "tmp").mkdir()

    done = subprocess.run(
        [sys.executable, "-c", run, "verify", "--format", "parquet", "plain.wav", "signed.wav"],
        cwd=place, capture_output=True, check=False,
        env={**BUFFERED, "MUSICPROV_HOME": str(place / "home"), "TMPDIR": str(place / "tmp")},
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (5, b"")
    assert done.stderr.startswith(f"{place}/tmp: temporary files cannot be kept: ".encode())
    assert done.stderr.count(b"\n") == 1
    assert list((place / "tmp").iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.requirement("VDT-010")
@pytest.mark.parametrize("what", [*forms.names(), "explain", "resumed"])
def test_a_full_disk_is_a_fault_of_the_world_and_no_bug(place, what):
    if what == "parquet":
        pytest.importorskip("duckdb")
    command = ["verify", "--format", what, "plain.wav", "signed.wav"]
    if what == "explain":
        command = ["explain", "--list"]
    elif what == "resumed":
        command = ["verify", "--format", "ndjson", "--resume", "state", "plain.wav", "signed.wav"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "provenance", *command],
            cwd=place, env={**BUFFERED, "MUSICPROV_HOME": str(place / "home")},
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip

    assert done.returncode == 5, done.stderr
    assert "cannot be written: No space left on device. Free some space, and" in done.stderr
    assert done.stderr.count("\n") == 1
    if what == "resumed":
        assert "the same command goes on from there" in done.stderr
        assert len(lines(prov(place, *command, expect=3).stdout)) == 2


@pytest.mark.requirement("BLK-022")
def test_one_file_has_a_deadline_where_one_is_named(place):
    late = prov(place, "verify", "--timeout", "0.000001", "plain.wav", expect=5)
    calm = prov(place, "verify", "--timeout", "600", "signed.wav", expect=3)

    assert "was not verified within" in late.stdout
    assert calm.stdout == prov(place, "verify", "signed.wav", expect=3).stdout


def closed(place, streams, *arguments, data=b""):
    """A run of ``prov`` whose caller closed some of its standard streams."""
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {streams}', "sh", sys.executable, "-m", "provenance", *arguments],
        cwd=place, env={**BUFFERED, "MUSICPROV_HOME": str(place / "home")},
        input=data, capture_output=True, check=False, timeout=600,
    )  # fmt: skip


@pytest.mark.requirement("VDT-010")
@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", "--format", "ndjson", "plain.wav", "signed.wav"),
        ("verify", "--format", "text", "plain.wav"),
        ("verify", "--format", "junit", "--resume", "state", "@list"),
        ("verify", "--format", "csv", "gone.wav", "@list"),
        ("worker",),
        ("verify", "--no-such-option"),
        ("verify", "@gone"),
    ],
)
def test_without_standard_error_all_goes_on_as_if_nobody_read_it(place, arguments):
    (place / "list").write_text("plain.wav\nsigned.wav\n")
    asked = b'{"id": 1, "path": "plain.wav"}\n'

    done = closed(place, "2>&-", *arguments, data=asked)
    usual = closed(place, "2>/dev/null", *arguments, data=asked)

    assert done.returncode == usual.returncode
    assert len(done.stdout.splitlines()) == len(usual.stdout.splitlines())
    assert done.stderr == b""


@pytest.mark.requirement("VDT-010")
@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", "--format", "csv", "plain.wav"),
        ("verify", "--format", "json", "plain.wav", "signed.wav"),
        ("verify", "plain.wav"),
        ("explain",),
        ("worker",),
        ("--version",),
        ("verify", "--help"),
    ],
)
def test_results_that_have_nowhere_to_go_are_a_fault_of_the_world(place, arguments):
    asked = b'{"id": 1, "path": "plain.wav"}\n'

    said = closed(place, ">&-", *arguments, data=asked)
    unsaid = closed(place, ">&- 2>&-", *arguments, data=asked)

    assert (said.returncode, unsaid.returncode) == (5, 5)
    assert b" cannot be written: standard output is closed. " in said.stderr
    assert said.stderr.count(b"\n") == 1


@pytest.mark.requirement("VDT-010")
def test_without_standard_input_there_is_nothing_on_it(place):
    assert closed(place, "<&-", "worker").returncode == 0
    assert closed(place, "<&-", "verify", "-").returncode == 4
    assert closed(place, "<&- >&- 2>&-", "sign", "plain.wav").returncode == 2


def test_a_run_that_was_done_leaves_no_state_and_runs_anew(place):
    for _ in range(2):
        prov(place, "verify", "--resume", "state", "plain.wav", "plain.wav", expect=4)

        assert not (place / "state").exists()


@pytest.mark.requirement("BLK-032")
def test_on_a_terminal_it_says_how_far_it_is_and_in_a_pipe_nothing(place):
    (place / "list").write_text("plain.wav\ngone.wav\n" * 1500)

    session = terminal.prov(place, "verify", "@list")
    session.finish()
    piped = prov(place, "verify", "@list", expect=5)

    drawn = [part.split("\n")[0] for part in session.text.split("\x1b[K")]
    shown = [line for line in drawn if "files/s" in line]
    assert shown
    assert any(" of 3,000" in line and " left" in line for line in shown)
    assert all(len(line) < 80 for line in shown)
    assert session.text.rstrip().endswith("3000 files: 1500 ABSENT, 1500 ERROR")
    assert piped.stderr == ""
    assert "\x1b" not in piped.stdout


@pytest.mark.slow
@pytest.mark.requirement("BLK-010")
def test_memory_does_not_grow_with_the_number_of_names(place):
    """Entries of a list in tens of thousands, few of them different, in a process of its own."""
    small, large = (200, 1_000_000) if FULL else (200, 2_500)

    little, much = (_peak_bytes(place, count) for count in (small, large))

    assert much - little < 6_000_000, (little, much)


PEAK = """
import sys
from pathlib import Path
from provenance.cli.main import main
try:
    main()
finally:
    status = Path("/proc/self/status").read_text()  # getrusage counts the memory of who started it
    print(next(line.split()[1] for line in status.split("\\n") if line[:5] == "VmHWM"), file=sys.stderr)
"""


def _peak_bytes(place, entries):
    with (place / "list").open("w") as out:
        out.writelines("gone.wav\n" if n % 10 else "plain.wav\n" for n in range(entries))
    done = subprocess.run(
        [sys.executable, "-c", PEAK, "verify", "--format", "json", "--jobs", "2", "@list"],
        cwd=place,
        env={**os.environ, "MUSICPROV_HOME": str(place / "home")},
        stdout=(place / "out.json").open("w"),
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=3600,
    )
    assert done.returncode == 5
    if entries <= 10_000:
        found = json.loads((place / "out.json").read_text())
        assert Counter(found["summary"])["ERROR"] == entries - entries // 10
    return int(done.stderr.split()[-1]) * 1024
