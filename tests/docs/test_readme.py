"""What the README and the standard's table of contents leave out, nobody finds."""

import tomllib

import pytest

from support.documents import CHECKOUT

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


@pytest.mark.parametrize("extra", sorted(set(EXTRAS) - {"test"}))
def test_every_extra_is_named_and_all_has_it(extra):
    assert f"`{extra}`" in README
    (every,) = EXTRAS["all"]
    assert extra == "all" or extra in every.partition("[")[2].rstrip("]").split(",")


def test_its_lines_can_be_read_in_a_terminal():
    assert [line for line in README.split("\n") if len(line) > 130] == []


def test_the_table_of_the_standard_has_every_chapter():
    text = (CHECKOUT / "spec" / "README.md").read_text(encoding="utf-8")
    chapters = sorted(p.name for p in (CHECKOUT / "spec").glob("[0-9][0-9]-*.md"))

    assert len(chapters) >= 28
    assert [name for name in chapters if f"]({name}) |" not in text] == []
