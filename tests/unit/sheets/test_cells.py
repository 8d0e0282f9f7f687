"""Cells: nothing is taken for a formula, every text comes back, damage is named (spec 22.2)."""

import csv
import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from provenance.sheets.cells import (
    Cell,
    CellFault,
    cell_of_text,
    items,
    joined,
    reads_like_damage,
)  # fmt: skip
from provenance.sheets.cells import value_of as value
from provenance.sheets.columns import column
from provenance.wire.cell_texts import harmless, plain

HOSTILE = [
    "=1+1", "=cmd|' /C calc'!A0", "+44 20", "-love-", "@home", "\t=x", "\r=x", "'=x", "''-x",
    "=", "'", "''", "' =x", " =x", "x;=cmd|1", "x,+1", "x;'=1", "\uff1dsum(1)", "\uff0b1", "\uff20x",
    '"', "'\"", "same as above", "Same As Above", "#N/A", "'#N/A", "#NAME?", "#REF!", "a;b", "1E5",
]  # fmt: skip
TEXTS = st.text(alphabet=st.sampled_from("=+-@;,'\" \t\rax\uff1d\uff0b#N/A"), max_size=12)


def runs_as_formula(text):
    """What the OWASP page on CSV injection warns of, for any of the usual separators."""
    return any(
        part.lstrip(" ")[:1] in set("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
        for part in re.split("[;,\t]", text)
        if part.strip(" ")
    )


@pytest.mark.requirement("SHT-013")
@given(TEXTS)
@example("=1")
def test_every_text_comes_back(text):
    assert plain(harmless(text)) == text


@pytest.mark.requirement("SHT-013")
@given(TEXTS)
def test_nothing_written_runs_as_a_formula_wherever_a_program_splits(text):
    assert not runs_as_formula(harmless(text))


@pytest.mark.requirement("SHT-013")
@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_a_hostile_text_is_harmless_in_csv_and_comes_back(text):
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow([harmless(text)])

    ((read,),) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    cell = cell_of_text(read)

    assert not runs_as_formula(read)
    assert (plain(cell.text), cell.form) == (text, "text")


@given(st.lists(st.text(alphabet="ab;\\", min_size=1, max_size=6), max_size=5))
@example(["AC\\DC", "a;b", "end\\", "next"])
def test_a_list_comes_back(names):
    assert items(joined(names)) == names


@pytest.mark.requirement("SHT-012")
@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("title", "  Song  ", "Song"),
        ("title", "two\nlines", "two lines"),
        ("title", "e\u0301", "\u00e9"),
        ("leadVocals", "Full", "full"),
        ("leadVocals", "", ""),
        ("leadVocals", "   ", ""),
        ("artistIdentity", "AI persona", "aiPersona"),
        ("voice", "third-party clone", "thirdPartyClone"),
        ("humanVoice", "TRUE", "yes"),
        ("humanVoice", "Nein", "no"),
        ("humanVoice", "FAUX", "no"),
        ("isrc", "gb-xyz-26-00123", "GBXYZ2600123"),
        ("upc", "0 12345 67890 5", "012345678905"),
        ("upc", "12345678905", "012345678905"),
        ("releaseDate", "2026-11", "2026-11"),
        ("artists", "Ann ; Bo\\;b;", "Ann; Bo\\;b"),
        ("tool1Areas", "mastering, Lead Vocals", "leadVocals; mastering"),
    ],
)
def test_what_people_write_has_one_exact_text(name, text, expected):
    assert value(column(name), Cell(text)) == expected


@pytest.mark.parametrize(
    ("name", "cell", "rule"),
    [
        ("leadVocals", Cell("lots"), "sheet.value"),
        ("leadVocals", Cell("100%"), "sheet.value"),
        ("humanVoice", Cell("maybe"), "sheet.value"),
        ("isrc", Cell("GBXYZ26001"), "sheet.value"),
        ("isrc", Cell("123", "number"), "sheet.damaged"),
        ("isrc", Cell("1.23E+11"), "sheet.damaged"),
        ("upc", Cell("123456789013"), "sheet.value"),
        ("upc", Cell("-"), "sheet.value"),
        ("upc", Cell("0"), "sheet.value"),
        ("upc", Cell("012345678905" + "-" * 50 + "7"), "sheet.value"),
        ("upc", Cell("1,23E+11"), "sheet.damaged"),
        ("releaseDate", Cell("03/04/2026"), "sheet.value"),
        ("releaseDate", Cell("46348", "number"), "sheet.value"),
        ("title", Cell("2026-03-04", "date"), "sheet.damaged"),
        ("title", Cell("0.75", "number"), "sheet.damaged"),
        ("tool1Version", Cell("4.1", "number"), "sheet.damaged"),
        ("title", Cell("x" * 1001), "sheet.value"),
        ("title", Cell("a\u202eb"), "sheet.value"),
        ("title", Cell("#N/A", "error"), "sheet.damaged"),
        ("title", Cell("=A1", "formula"), "sheet.formula"),
        ("tool1Areas", Cell("leadVocals; drums"), "sheet.value"),
    ],
    ids=lambda x: str(x)[:40],
)
@pytest.mark.requirement("SHT-010")
@pytest.mark.requirement("SHT-011")
@pytest.mark.requirement("SHT-012")
def test_what_a_column_does_not_take_is_refused_by_name(name, cell, rule):
    found = value(column(name), cell)

    assert isinstance(found, CellFault)
    assert found.rule == rule


@pytest.mark.requirement("SHT-011")
def test_a_whole_number_is_taken_for_its_digits():
    assert value(column("title"), Cell("1984", "number")) == "1984"
    assert value(column("upc"), Cell("12345678905", "number")) == "012345678905"
    assert value(column("releaseDate"), Cell("2026", "number")) == "2026"


@pytest.mark.requirement("SHT-011")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("04-Mar", True),
        ("4. M\u00e4rz", True),
        ("Mrz 26", True),
        ("Dec-99", True),
        ("03/04/2026", True),
        ("2026-03-04", True),
        ("1E+05", True),
        ("1,2E+11", True),
        ("Route 66", False),
        ("Blink 182", False),
        ("3/4", False),
        ("1999", False),
        ("March", False),
        ("4 Minutes", False),
        ("", False),
    ],
)
def test_what_reads_as_if_a_program_had_made_it(text, expected):
    assert reads_like_damage(text) == expected


@pytest.mark.requirement("SHT-014")
@pytest.mark.parametrize("text", ['"', "\u3003", " Same as above "])
@pytest.mark.parametrize("name", ["file", "title", "isrc", "label", "artists"])
def test_a_ditto_that_takes_nothing_from_above_is_no_value(name, text):
    found = value(column(name), Cell(text))

    assert isinstance(found, CellFault)
    assert (found.rule, "nothing is taken" in found.message) == ("sheet.value", True)
    assert "apostrophe" in found.fix


@pytest.mark.requirement("SHT-014")
def test_a_title_that_reads_like_a_ditto_has_an_apostrophe_before_it():
    assert value(column("title"), Cell("'\"")) == '"'
