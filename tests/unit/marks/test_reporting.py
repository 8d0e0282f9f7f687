"""How marks are told: to people and to programs, and that the status stays (spec 21.3, 21.4)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from provenance.cli.main import cli
from provenance.marks.base import Mark
from provenance.marks.contradicting import contradictions
from provenance.marks.generator import residues
from provenance.model.contribution import Contribution
from provenance.model.levels import Level
from provenance.model.manifest import Manifest
from provenance.wire.schemas import is_valid

VECTORS = Path(__file__).parents[2] / "vectors" / "marks"
SUSPICIOUS = VECTORS / "none-declared-aigc-label" / "input.wav"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("MUSICPROV_HOME", str(tmp_path / "home"))
    return lambda *arguments: CliRunner().invoke(cli, [*map(str, arguments)])


@pytest.mark.requirement("MRK-011", "MRK-021")
def test_the_text_report_names_both_sides_and_that_nothing_was_verified(run):
    text = run("verify", SUSPICIOUS).output

    (line,) = [x for x in text.splitlines() if "CONTRADICTION" in x]
    assert "declared none, but the file carries an AIGC label" in line
    assert "wav:id3[0]/TXXX[1]" in line
    assert "not verified, anybody can write one" in line
    assert "carrier.mark-found" not in text


@pytest.mark.requirement("MRK-010", "MRK-011")
def test_the_report_for_programs_lists_marks_and_meets_its_schema(run):
    found = json.loads(run("verify", "--format", "json", SUSPICIOUS).output)

    assert is_valid(found, "run")
    (mark,) = found["results"][0]["marks"]
    assert mark["detail"]["ContentProducer"] == "001191440300708461136T1XGW3"
    assert any("there is none proves nothing" in line for line in found["results"][0]["notSaid"])


@pytest.mark.requirement("MRK-011")
def test_inspecting_lists_marks_and_says_what_their_absence_proves(run):
    with_mark = run("inspect", SUSPICIOUS).output
    without = run("inspect", VECTORS / "own-tags-are-no-marks" / "input.wav").output
    plain = json.loads(run("inspect", "--format", "json", SUSPICIOUS).output)

    assert "Mark: aigc at wav:id3[0]/TXXX[1], stated, says: generated" in with_mark
    assert "anybody can add or remove" in with_mark
    assert "No marks of AI tools. That proves nothing" in without
    assert is_valid(plain, "inspection")
    assert plain["files"][0]["marks"][0]["kind"] == "aigc"


@pytest.mark.requirement("MRK-012")
def test_a_mark_does_not_change_the_exit_code(run):
    one = run("verify", SUSPICIOUS).exit_code
    other = run("verify", VECTORS / "own-tags-are-no-marks" / "input.wav").exit_code

    assert one == other == 3


def manifest(**levels):
    entries = (Contribution(area=area, level=Level(level)) for area, level in levels.items())
    return Manifest(contributions=tuple(entries))


MARKS = {says: Mark("aigc", "x", "stated", says) for says in ("generated", "used", "none", None)}
MARKS["suspected"] = Mark("aigc", "x", "stated", "suspected")

TABLE = {
    ("generated", "none"): True, ("generated", "utility"): True, ("generated", "assisted"): True,
    ("generated", "partial"): False, ("generated", "full"): False,
    ("used", "none"): True, ("used", "utility"): False, ("used", "full"): False,
    ("none", "none"): False, ("none", "assisted"): False, ("none", "partial"): True,
    ("none", "full"): True, ("suspected", "none"): False, (None, "none"): False,
}  # fmt: skip


@pytest.mark.requirement("MRK-020")
@pytest.mark.parametrize(("says", "level"), TABLE)
def test_what_contradicts(says, level):
    found = list(contradictions([MARKS[says]], manifest(leadVocals=level)))

    assert bool(found) == TABLE[says, level]


@pytest.mark.requirement("MRK-020", "MRK-022")
def test_the_most_that_is_declared_counts_and_pictures_do_not():
    mark = [MARKS["generated"]]

    assert not list(contradictions(mark, manifest(leadVocals="none", mixing="full")))
    assert list(contradictions(mark, manifest(leadVocals="none", artwork="full")))
    assert not list(contradictions(mark, manifest(mixing="none", artwork="none")))
    assert not list(contradictions(mark, manifest()))


@pytest.mark.requirement("MRK-008")
def test_the_table_of_residues_has_a_source_for_each():
    for one in residues():
        assert one["confidence"] in {"primary", "tested", "secondary", "inferred"}
        assert len(one["basis"]) > 20
        assert ("begins" in one) != ("host" in one)
        assert set(one["in"]) <= {"comment", "url", "encoder"}
    assert len({one["mark"] for one in residues()}) == len(residues())
