"""What ``prov audit`` says of how it read the charts: which header was which column, and guesses."""

import pytest
from provenance.cli.audit._telling import summary

READ = "  How the charts were read (--map COLUMN=HEADER and --week say otherwise):"


def head(columns, notes):
    """The members of a report that the terminal tells of, for charts ``1.csv``, ``2.csv``, ..."""
    return {
        "audit": {"title": "Week"},
        "weeks": [{"week": "2025-11-15"}],
        "summary": {"entries": 1, "recordings": 1, "states": {}, "flags": {}, "rules": {}},
        "policy": {"id": "personal", "version": None, "sha256": None, "require": {}, "keys": []},
        "rules": [],
        "inputs": [{"number": int(number), "name": f"{number}.csv"} for number in columns],
        "columns": columns,
        "notes": notes,
        "problems": [],
        "problemsSeen": 0,
    }


def told(columns, notes):
    """The lines on how the charts were read."""
    lines = list(summary(head(columns, notes)))
    return lines[lines.index(READ) + 1 :] if READ in lines else []


@pytest.mark.requirement("AUD-006")
def test_headers_that_are_called_otherwise_and_guesses_are_told():
    said = told({"1": {"rank": "Pos.", "title": "TITLE"}}, {"1": ["'Pos.' was taken for rank."]})

    assert said == ["    1.csv: 'Pos.' is rank", "    1.csv: 'Pos.' was taken for rank."]


@pytest.mark.requirement("AUD-006")
def test_a_chart_in_our_own_words_is_not_told_of():
    assert told({"1": {"rank": "rank", "lastWeek": "LastWeek"}}, {"1": []}) == []


def test_charts_that_were_read_alike_are_told_of_once():
    columns = {str(n): {"rank": "Pos."} for n in range(1, 53)}
    notes = {number: ["Columns that were not used: X."] for number in columns}

    assert told(columns, notes) == [
        "    1.csv and 51 more: 'Pos.' is rank",
        "    1.csv and 51 more: Columns that were not used: X.",
    ]


def test_many_different_guesses_are_cut_and_the_rest_is_counted():
    columns = {str(n): {"rank": "rank"} for n in range(1, 53)}
    notes = {number: [f"The week was taken from the name {number}."] for number in columns}

    said = told(columns, notes)

    assert len(said) == 11
    assert said[-1] == "    ... and 42 more, which the report has"


def test_a_header_moves_no_cursor():
    said = told({"1": {"rank": "\x1b[2J\u202eP" + "o" * 500}}, {"1": []})

    assert "\x1b" not in said[0]
    assert "\u202e" not in said[0]
    assert len(said[0]) < 100


def problem(row, rule="chart.isrc", value="bad"):
    """One problem of the first chart, as a report has it."""
    return {"input": 1, "row": row, "rule": rule, "value": value, "says": f"Says {rule}."}


def test_problems_of_a_kind_are_told_of_once_with_the_first_row():
    report = {
        **head({"1": {}}, {}),
        "problems": [problem(5), problem(6), problem(6, "chart.upc", None), problem(7)],
        "problemsSeen": 4,
    }

    said = list(summary(report))

    assert said[said.index("  4 problems in what was read:") + 1 :] == [
        "    1.csv row 5 and 2 more: Says chart.isrc. (bad) [chart.isrc]",
        "    1.csv row 6: Says chart.upc. [chart.upc]",
        "    The report has each by its row.",
    ]
