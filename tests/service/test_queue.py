"""The queue worker as a process: lines in, lines out (spec 28.2)."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from provenance.bulk.engines.base import WorkerError
from provenance.bulk.settings import Settings
from provenance.service.answers import Fetching
from provenance.service.lines import lines_of
from provenance.service.problems import ProblemError
from provenance.service.queue import Queue
from provenance.service.requests import read
from provenance.wire.schemas import validator

from support.service import SIGNED, TOKEN, VECTORS

ABSENT = VECTORS / "absent" / "input.wav"
MIB = 1 << 20


def worker(tmp_path, *options):
    return subprocess.Popen(
        [sys.executable, "-m", "provenance", "worker", "--jobs", "2", *options],
        env={**os.environ, "MUSICPROV_HOME": str(tmp_path / "home")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def line(value):
    return (value if isinstance(value, bytes) else json.dumps(value).encode()) + b"\n"


def answers_to(tmp_path, data, *options, expect=0):
    process = worker(tmp_path, *options)
    out, said = process.communicate(data, timeout=600)
    assert process.returncode == expect, said
    found = [json.loads(one) for one in out.splitlines()]
    for one in found:
        assert validator("worker-answer").is_valid(one), one
    return found


@pytest.mark.slow
@pytest.mark.requirement("SRV-001")
@pytest.mark.requirement("SRV-010")
@pytest.mark.requirement("SRV-011")
@pytest.mark.requirement("SRV-014")
def test_every_line_is_answered_in_its_turn_and_faults_are_their_lines_own(tmp_path):
    asked = [
        {"id": 1, "path": str(SIGNED)},
        b"",
        b"no request",
        {"id": "x" * 256, "path": str(ABSENT)},
        {"id": 2, "path": "/no/such/file.flac"},
        {"id": True, "path": str(SIGNED)},
        {"path": str(SIGNED)},
        {"id": 3, "path": str(SIGNED), "url": "https://label.example/"},
        {"id": 4, "url": "https://label.example/a.flac"},
        {"id": 5, "manifest": TOKEN, "essence": "sha-256:" + "A" * 43},
        {"id": 6, "path": str(SIGNED), "essence": "sha-256:" + "A" * 43},
        {"id": 7},
        b'{"id": 8, "id": 9, "path": "x"}',
        b"[" * 100_000,
        b"\xff\x00",
        {"id": 10, "path": "a\x00b"},
    ]

    found = answers_to(tmp_path, b"".join(map(line, asked)))

    reports = [(one["id"], one["report"]["status"]) for one in found if "report" in one]
    refused = {one["problem"]["line"]: (one["id"], one["problem"]["code"])
               for one in found if "problem" in one}  # fmt: skip
    assert reports == [
        (1, "INDETERMINATE"), ("x" * 256, "ABSENT"), (2, "ERROR"),
        (5, "INDETERMINATE"), (10, "ERROR"),
    ]  # fmt: skip
    assert refused == {
        3: (None, "request.malformed"),
        6: (None, "request.schema"),
        7: (None, "request.schema"),
        8: (3, "request.schema"),
        9: (4, "url.off"),
        11: (6, "request.schema"),
        12: (7, "request.schema"),
        13: (None, "request.malformed"),
        14: (None, "request.malformed"),
        15: (None, "request.malformed"),
    }
    assert list(refused) == sorted(refused)


@pytest.mark.requirement("BLK-043")
def test_what_is_no_path_is_told_with_what_to_give(tmp_path):
    asked = [
        {"id": 1, "path": "s3://bucket/a.flac"},
        {"id": 2, "path": "https://u:geheim@a.example/b.flac?X-Amz-Signature=geheim"},
        {"id": 3, "path": "a\x00b"},
        {"id": 4, "path": "gone//a.flac"},
    ]

    found = answers_to(tmp_path, b"".join(map(line, asked)))

    said = [one["report"]["summary"] for one in found]
    hint = "Give an https address in 'url'; other stores are read by prov verify."
    assert said[0] == f"s3://bucket/a.flac: is no path, but an address. {hint}"
    assert said[1].endswith(f": is no path, but an address. {hint}")
    assert "geheim" not in json.dumps(found)
    assert said[2].endswith("not a file name. It has a character that no name of a file can have.")
    assert said[3] == "gone/a.flac: no such file. Check the name."
    faults = ["caller", "caller", "world", "world"]
    assert [one["report"]["fault"] for one in found] == faults


def test_a_path_is_taken_character_for_character(tmp_path):
    data = SIGNED.read_bytes()
    (tmp_path / "caf\\xe9.wav").write_bytes(data)
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/th\xe9.wav")).write_bytes(data)
    asked = [
        {"id": n, "path": f"{tmp_path}/{name}\\xe9.wav"} for n, name in enumerate(("caf", "th"))
    ]

    found = answers_to(tmp_path, b"".join(map(line, asked)))

    assert [one["report"]["status"] for one in found] == ["INDETERMINATE", "ERROR"]
    assert found[0]["report"]["input"]["name"] == f"{tmp_path}/caf\\x5cxe9.wav"


A = "sha-256:" + "A" * 43
FAULTY = [
    ({"id": 8, "path": "x", "foo": 1}, "/foo", 'unknown member "foo"', "remove it"),
    ({"id": 8, "path": "x", "pth": 1}, "/pth", 'unknown member "pth"', "did you mean 'path'?"),
    ({"id": 5}, "", "'path', 'url' or 'manifest' is missing", "add one of them"),
    ({"id": None, "path": "x"}, "/id", "null is not text or a whole number",
     "write text in quotes or digits without quotes"),
    ({"id": "i" * 257, "path": "x"}, "/id", None, "keep to the limit of 256"),
    ({"id": 1, "path": ""}, "/path", "this is empty", "write a value that is not empty"),
    ({"id": 1, "path": "x", "isrc": "GB-XYZ-26-00123"}, "/isrc",
     '"GB-XYZ-26-00123" is not well-formed',
     ("write 12 characters without hyphens, like GBXYZ2600123: "
      "the ISRC that is expected of the recording")),
    ({"id": 1, "path": "a", "url": "https://a.example/b"}, "",
     "'path' and 'url' cannot stand side by side", "leave one of them"),
    ({"id": 1, "path": "a", "manifest": "b", "essence": A}, "",
     "'path' cannot stand beside the rest", "leave it out"),
    ({"id": 1, "manifest": 5}, "/manifest", "5 is not text or an object",
     "write text in quotes or an object in { }"),
]  # fmt: skip


@pytest.mark.requirement("SRV-011")
@pytest.mark.parametrize(("asked", "pointer", "message", "fix"), FAULTY)
def test_a_fault_of_a_request_says_what_makes_it_a_request(asked, pointer, message, fix):
    with pytest.raises(ProblemError) as caught:
        read(line(asked), "worker-request")

    (fault,) = caught.value.faults
    assert (fault.pointer, fault.fix) == (pointer, fix)
    assert message is None or fault.message == message


@pytest.mark.slow
@pytest.mark.requirement("SRV-011")
def test_a_problem_of_a_line_speaks_of_lines_and_not_of_http(tmp_path):
    asked = [b"no request", b"x" * (3 * MIB), {"id": 1, "url": "https://label.example/a.flac"}]

    found = answers_to(tmp_path, b"".join(map(line, asked)))
    said = " ".join(one["problem"]["detail"] for one in found)

    assert 'Write one JSON object a line, such as {"id": 1, "path": "track.flac"}.' in said
    assert "'path'" in found[1]["problem"]["detail"]
    assert "--allow-host" in found[2]["problem"]["detail"]
    assert not re.search(r"openapi|operator|HTTP|send", said, re.IGNORECASE)


@pytest.mark.slow
@pytest.mark.requirement("BLK-013")
def test_an_isrc_that_is_expected_stands_beside_what_was_found_and_counts_in_policies(tmp_path):
    asked = [
        {"id": 1, "path": str(SIGNED), "isrc": "QZZZZ2600009"},
        {"id": 2, "path": str(SIGNED)},
        {"id": 3, "manifest": TOKEN, "isrc": "QZZZZ2600009"},
        {"id": 4, "path": "/no/such/file.flac", "isrc": "QZZZZ2600009"},
        {"id": 5, "path": str(SIGNED), "isrc": "hello"},
        {"id": 6, "path": str(SIGNED), "isrc": "QZ-ZZZ-26-00009"},
    ]

    found = answers_to(tmp_path, b"".join(map(line, asked)), "--policy", "welcoming")

    expected = [one["report"].get("expected") for one in found if "report" in one]
    declared = expected[0]["declared"]
    assert declared is not None
    assert [e and (e["isrc"], e["declared"], e["matches"]) for e in expected] == [
        ("QZZZZ2600009", declared, False), None,
        ("QZZZZ2600009", declared, False), ("QZZZZ2600009", None, None),
    ]  # fmt: skip
    decided = [one["report"]["decision"]["rules"] for one in found[:2]]
    assert [[rule["rule"] for rule in rules] for rules in decided] == [["isrc"], []]
    for one in found[4:]:
        (fault,) = one["problem"]["faults"]
        assert fault["pointer"] == "/isrc"
        assert fault["fix"].startswith("write 12 characters without hyphens, like GBXYZ2600123")


@pytest.mark.slow
@pytest.mark.requirement("SRV-012")
def test_of_a_line_that_is_too_long_the_rest_is_passed_over(tmp_path):
    fits = line({"id": 1, "path": str(ABSENT)}).strip().ljust(2 * MIB)
    data = fits + b"\n" + fits + b" \n" + b"x" * (40 * MIB) + b"\n" + line({"id": 2, "path": "/x"})

    found = answers_to(tmp_path, data)

    assert [one["id"] for one in found] == [1, None, None, 2]
    assert [one["problem"]["code"] for one in found[1:3]] == ["request.too-large"] * 2


@pytest.mark.requirement("SRV-012")
def test_a_long_line_takes_no_memory():
    reading, writing = os.pipe()
    stop, _ = os.pipe()

    def fill():
        for _ in range(64):
            os.write(writing, b"x" * 65536)
        os.write(writing, b"\nshort\nlast")
        os.close(writing)

    threading.Thread(target=fill).start()

    found = list(lines_of(reading, stop, 1000))

    assert [(one.number, one.text) for one in found] == [(1, None), (2, b"short"), (3, b"last")]


@pytest.mark.slow
@pytest.mark.requirement("SRV-013")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_answers_what_it_took_and_ends(tmp_path, number):
    process = worker(tmp_path)
    process.stdin.write(line({"id": 1, "path": str(SIGNED)}) * 20 + b'{"id": 2, "pa')
    process.stdin.flush()
    first = process.stdout.readline()

    process.send_signal(number)
    rest = process.stdout.read()

    assert process.wait(20) == 0
    assert [json.loads(one)["id"] for one in (first, *rest.splitlines())] == [1] * 20


@pytest.mark.requirement("SRV-013")
def test_where_nobody_reads_the_answers_it_ends_with_a_fault_of_the_world(tmp_path):
    process = worker(tmp_path)
    process.stdout.close()
    asked = line({"id": 1, "path": str(SIGNED)})
    try:
        for _ in range(200):
            process.stdin.write(asked)
            process.stdin.flush()
            time.sleep(0.01)
        process.stdin.close()
    except BrokenPipeError:
        pass

    assert process.wait(20) == 5
    assert b"Nobody reads" in process.stderr.read()


@pytest.mark.requirement("SRV-013")
def test_where_nobody_reads_the_answers_it_does_not_wait_for_another_request(tmp_path):
    process = worker(tmp_path)
    process.stdout.close()
    process.stdin.write(line({"id": 1, "path": str(SIGNED)}))
    process.stdin.flush()

    assert process.wait(60) == 5  # its input is open still
    process.stdin.close()
    assert b"Nobody reads" in process.stderr.read()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.requirement("SRV-013")
def test_where_the_answers_cannot_be_written_it_says_why(tmp_path):
    asked = line({"id": 1, "path": str(SIGNED)})
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "provenance", "worker"],
            cwd=tmp_path, input=asked * 3, stdout=full, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip

    assert done.returncode == 5
    assert b"the answers cannot be written: No space left on device." in done.stderr
    assert b"Nobody reads" not in done.stderr


def _slow_first(text, fetching, settings):
    del fetching, settings
    number = json.loads(text)["id"]
    time.sleep(0.4 if number == 0 else 0)
    return b'{"id": %d, "report": {}}' % number


@pytest.mark.requirement("SRV-014")
@pytest.mark.parametrize(("in_order", "first"), [(True, 0), (False, 1)])
def test_answers_wait_for_their_turn_only_where_they_should(tmp_path, in_order, first):
    found = served(Queue(settings(tmp_path), Fetching({}, 1, 1), 2, in_order, _slow_first), 5)

    assert sorted(found) == list(range(5))
    assert found[0] == first
    assert not in_order or found == sorted(found)


class _Failing(Executor):
    """Some calls end their process, some are never begun."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        number = json.loads(args[0])["id"]
        if number == 1:
            future.set_exception(WorkerError("the process that verified it ended (SIGSEGV)"))
        elif number == 2:
            future.set_exception(KeyError("a bug"))
        elif number == 3:
            future.cancel()
            future.set_running_or_notify_cancel()
        else:
            future.set_result(fn(*args, **kwargs))
        return future


@pytest.mark.requirement("SRV-003")
@pytest.mark.requirement("BLK-043")
def test_a_process_that_ends_costs_its_request_only(tmp_path):
    queue = Queue(settings(tmp_path), Fetching({}, 1, 1), 2, True, _slow_first)
    found = served(queue, 5, _Failing(), whole=True)

    assert [one["id"] for one in found] == [0, 1, 2, 3, 4]
    assert found[1]["report"]["status"] == "ERROR"
    assert "SIGSEGV" in found[1]["report"]["summary"]
    assert "https://label.example/a?sig=***: " in found[1]["report"]["summary"]
    assert "geheim" not in json.dumps(found)
    assert found[2]["problem"]["code"] == "service.fault"
    assert found[3]["report"]["status"] == "ERROR"


ADDRESS = "https://label.example/a?sig=geheim"


def settings(tmp_path):
    return Settings(home=str(tmp_path / "home"))


def served(queue, count, executor=None, *, whole=False):
    reading, writing = os.pipe()
    stop, _ = os.pipe()
    os.write(writing, b"".join(line({"id": n, "url": ADDRESS}) for n in range(count)))
    os.close(writing)
    out_reading, out_writing = os.pipe()
    with os.fdopen(out_writing, "wb") as out, executor or ThreadPoolExecutor(2) as pool:
        assert queue.serve(lines_of(reading, stop, 1000), pool, out) is None
    with os.fdopen(out_reading, "rb") as answers:
        found = [json.loads(one) for one in answers]
    return found if whole else [one["id"] for one in found]


@pytest.mark.requirement("SRV-010")
def test_memory_stays_flat_over_many_requests(tmp_path):
    """50 here, 20,000 with MUSICPROV_TEST_FULL=1: nothing is kept of a request that is answered."""
    count = 20_000 if os.environ.get("MUSICPROV_TEST_FULL") else 50
    process = worker(tmp_path)

    def feed():
        asked = line({"id": 1, "path": str(ABSENT)})
        for _ in range(count):
            process.stdin.write(asked)
        process.stdin.close()

    threading.Thread(target=feed).start()
    sizes = []
    for n, _ in enumerate(process.stdout):
        if n % 10 == 0:
            sizes.append(_resident(process.pid))

    assert process.wait(60) == 0
    assert n + 1 == count
    assert sizes[-1] - sizes[len(sizes) // 2] < 4 * MIB


def _resident(pid):
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
