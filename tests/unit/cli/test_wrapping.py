"""Lines on a terminal of a given width; off a terminal nothing is broken."""

import io

import pytest
from provenance.cli._wrapping import fitted

LONG = "  Says:   " + "word " * 30


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def _width(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")


def test_off_a_terminal_a_line_stays_one_line():
    assert fitted(LONG, io.StringIO()) == LONG


def test_words_go_on_under_the_first_word_of_a_label():
    first, *more = fitted(LONG, Terminal()).split("\n")

    assert first.startswith("  Says:   word")
    assert all(line.startswith(" " * 10 + "word") for line in more)
    assert max(map(len, [first, *more])) <= 40


def test_other_lines_go_on_two_columns_further_right():
    lines = fitted("    " + "word " * 20, Terminal()).split("\n")

    assert [line[: len(line) - len(line.lstrip())] for line in lines] == [" " * 4, *[" " * 6] * 2]


def test_a_word_longer_than_the_line_stays_whole():
    path = "/a/very/long/path/" + "x" * 60

    assert path in fitted(f"Your key is {path}", Terminal()).split("\n  ")


def test_lines_are_kept_and_short_ones_untouched():
    assert fitted("a  b\n\nc", Terminal()) == "a  b\n\nc"
