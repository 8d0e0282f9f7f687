"""The runner of conformance vectors drives any program (spec 12.4)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

CASE = {
    "operation": "verify",
    "requirements": [],
    "description": "A case for the runner.",
    "input": None,
    "options": {"now": "2027-01-01T00:00:00Z"},
    "expect": {"status": "FAILED", "codes": ["signature.invalid"], "informs": ["time.claimed"]},
}
GOOD = {
    "status": "FAILED",
    "codes": ["signature.invalid"],
    "informs": ["time.claimed", "truth.not-assessed"],
}
FOREIGN = """\
import json, pathlib, sys
answers = json.loads(pathlib.Path(sys.argv[1]).read_text())
for line in sys.stdin:
    case = json.loads(pathlib.Path(line.strip()).read_text())
    answer = answers.get(case["id"])
    if answer is not None:
        print(json.dumps({"id": case["id"], **answer}))
sys.exit(answers.get("exit", 0))
"""


def run(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "provenance", "vectors", "run", *map(str, arguments)],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def drive(folder: Path, answers):
    (folder / "cases" / "one").mkdir(parents=True)
    case = json.dumps({"id": "verify/one", **CASE})
    (folder / "cases" / "one" / "case.json").write_text(case)
    (folder / "program.py").write_text(FOREIGN)
    (folder / "answers.json").write_text(json.dumps(answers))
    entry = f"{sys.executable} {folder / 'program.py'} {folder / 'answers.json'}"
    return run("--from", folder / "cases", "--entrypoint", entry)


ANSWERS = {
    "the authored result and more remarks": ({"result": GOOD}, 0, "1 passed"),
    "skipped with a reason": ({"skipped": "no WAV"}, 0, "1 skipped"),
    "another status": ({"result": GOOD | {"status": "PASSED"}}, 1, "1 failed"),
    "a code less": ({"result": GOOD | {"codes": []}}, 1, "1 failed"),
    "a code more": (
        {"result": GOOD | {"codes": ["signature.invalid", "time.order"]}},
        1,
        "1 failed",
    ),
    "a remark less": ({"result": GOOD | {"informs": []}}, 1, "1 failed"),
    "no answer": (None, 1, "1 failed"),
}


@pytest.mark.requirement("CON-010")
@pytest.mark.requirement("CON-011")
@pytest.mark.parametrize(("answer", "code", "count"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_is_compared_with_the_authored_result(tmp_path, answer, code, count):
    done = drive(tmp_path, {"verify/one": answer} if answer else {})

    assert done.returncode == code
    assert count in done.stdout


@pytest.mark.requirement("CON-012")
def test_a_program_that_fails_is_not_a_result(tmp_path):
    done = drive(tmp_path, {"verify/one": {"result": GOOD}, "exit": 3})

    assert done.returncode == 5
    assert "passed" not in done.stdout


@pytest.mark.requirement("CON-004")
@pytest.mark.requirement("VER-001")
def test_the_reference_tool_gives_the_authored_result_for_its_own_verify_cases():
    done = run("--only", "verify/")

    assert done.returncode == 0, done.stdout
    assert " 0 failed, 0 skipped" in done.stdout
