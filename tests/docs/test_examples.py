"""The examples: declarations that hold, and the labels and reports that the tool makes of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from provenance.wire.decode import decode_declaration
from provenance.wire.schemas import is_valid

EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDERS = sorted(p.parent for p in EXAMPLES.glob("*/declaration.json"))


def test_there_are_six():
    assert len(FOLDERS) == 6


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_the_declaration_is_well_formed(folder):
    manifest, found = decode_declaration((folder / "declaration.json").read_bytes())

    assert manifest is not None, found
    assert (folder / "README.md").is_file()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_the_report_meets_its_schema_and_passed(folder):
    found = json.loads((folder / "report.json").read_bytes())

    assert is_valid(found, "report")
    assert found["status"] == "PASSED"


def test_labels_reports_and_pictures_are_what_the_tool_makes():
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "build.py"), "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
