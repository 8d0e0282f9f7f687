"""``prov audit ask``, by what it prints."""

import csv
import io
import json

import pytest
from provenance.audit.questions import catalogue

from support import histories
from support.command import prov

pytest.importorskip("duckdb")
pytest.importorskip("oxrdflib")

FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    top = tmp_path_factory.mktemp("asked")
    for number, one in enumerate(histories.world()):
        histories.write(one, top / str(number))
    hostile = histories.recording("\x1b[31mRed\u202e", FORMULA, FORMULA)
    made = histories.report({"2026-01-03": [(1, hostile)]}, "2026-02-01T00:00:00Z", chart="Other")
    histories.write(made, top / "hostile")
    return top


def test_the_list_has_every_question_with_its_parameters(folder):
    told = prov(folder, "audit", "ask", "--list").stdout

    for name in catalogue.names():
        assert f"\n{name}\n" in f"\n{told}"
        assert catalogue.question(name).caveat in told
    assert "--param personas=3" in told


@pytest.mark.requirement("AUD-100")
def test_both_engines_print_the_same(folder):
    asked = ("audit", "ask", "0", "1/report.json", "2", "generated-vocals", "--format", "json")
    one = prov(folder, *asked).stdout
    other = prov(folder, *asked, "--engine", "sparql").stdout

    assert one == other
    found = json.loads(one)
    assert [row["permille"] for row in found["rows"]] == [250, 333, 500]
    assert found["parameters"] == {"level": 3}
    assert list(found["columns"]) == list(found["rows"][0])


def test_text_is_a_table_and_says_what_it_does_not_say(folder):
    done = prov(folder, "audit", "ask", "0", "1", "2", "not-stated-by-label")

    lines = done.stdout.splitlines()
    assert lines[0].split() == ["label", "entries", "notStated", "permille"]
    assert lines[2].split() == ["Alfa", "4", "0", "0"]
    assert "neither 'human' nor 'AI'" in done.stderr
    assert "4 rows" in done.stderr


@pytest.mark.slow
def test_foreign_text_is_harmless_in_every_form(folder):
    asked = ("audit", "ask", "hostile", "not-stated-by-label", "--format")
    text = prov(folder, "audit", "ask", "hostile", "states-by-week").stdout
    rows = list(csv.reader(io.StringIO(prov(folder, *asked, "csv").stdout)))
    plain = json.loads(prov(folder, *asked, "ndjson").stdout)

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert rows[1][0] == f"'{FORMULA}"
    assert plain["label"] == FORMULA


def test_parameters_are_set(folder):
    asked = ("audit", "ask", "0", "1", "2", "composer-across-personas", "--format", "ndjson")

    assert prov(folder, *asked).stdout == ""
    row = json.loads(prov(folder, *asked, "--param", "personas=1").stdout)
    assert (row["personas"], row["declarations"]) == (2, 2)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("states-by-week",), 2, "at least one report"),
        (("0", "no-such-question"), 2, "no question"),
        (("0", "states-by-week", "--param", "n=1"), 2, "no parameter"),
        (("nowhere", "states-by-week"), 5, "no such file"),
        (("--write", "made.nq"), 2, "no report"),
    ],
)
def test_what_cannot_be_asked_is_said(folder, arguments, code, says):
    done = prov(folder, "audit", "ask", *arguments, expect=code)

    assert says in done.stderr
    assert done.stdout == ""


@pytest.mark.requirement("AUD-102")
def test_what_is_no_report_names_the_rule(folder, tmp_path):
    (tmp_path / "report.json").write_text("{}")
    done = prov(folder, "audit", "ask", tmp_path, "states-by-week", expect=1)

    assert "[audit.report-form]" in done.stderr


def test_a_history_is_written_once(folder, tmp_path):
    asked = ("audit", "ask", "0", "1", "2", "--write", tmp_path / "history.nq")
    prov(folder, *asked)

    assert "ns/audit/1#Entry>" in (tmp_path / "history.nq").read_text(encoding="utf-8")
    assert "exists already" in prov(folder, *asked, expect=5).stderr
