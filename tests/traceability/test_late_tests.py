"""What tests/conftest.py tells, and when it leaves out what is slow."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"
TESTS = """
import os
import pytest

@pytest.mark.slow
@pytest.mark.parametrize("n", [1, 2])
def test_long(n): print("ran long", n)

def test_short():
    print("ran short")
    assert "FAIL" not in os.environ, "why it fails"
"""


@pytest.fixture
def run(tmp_path):
    shutil.copy(CONFTEST, tmp_path)
    (tmp_path / "test_them.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  slow: slow\n")

    def run(**more):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "MUSICPROV_"))}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-s", "-q", "-p", "no:cacheprovider", str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
            env=kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} | more,
        )
        assert done.returncode == ("FAIL" in more), done.stdout + done.stderr
        return [
            " ".join(words) for words in re.findall(r"ran (\w+)(?: (\d))?", done.stdout)
        ], done.stdout

    return run


LATE = "1000000000"


def test_what_fails_is_told_before_the_next_begins(run):
    said = run(FAIL="1")[1]

    at_once, _, _ = said.partition("ran long 1")
    assert "FAILED at call: test_them.py::test_short" in at_once
    assert "why it fails" in at_once


def test_what_takes_long_is_left_out_where_it_is_late_and_that_is_said(run):
    ran, said = run(MUSICPROV_TEST_UNTIL=LATE)

    assert ran == ["short "]
    assert "2 slow tests were left out" in said
    assert "test_them.py::test_long (2 cases)" in said


@pytest.mark.parametrize("more", [{"MUSICPROV_TEST_UNTIL": LATE, "MUSICPROV_TEST_FULL": "1"}, {}])
def test_else_it_comes_last(run, more):
    ran, said = run(**more)

    assert ran == ["short ", "long 1", "long 2"]
    assert "left out" not in said
