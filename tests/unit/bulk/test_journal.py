"""The state of a run, when it was damaged or somebody else wrote it (spec 26.4)."""

import json
from itertools import islice
from pathlib import Path

import pytest
from provenance.bulk import journal as journals
from provenance.bulk.items import Item
from provenance.bulk.journal import journal
from provenance.bulk.settings import Settings
from provenance.bulk.verifying import verify_item
from provenance.model.errors import UsageError
from provenance.reports.as_json import dumps

SIGNED = Path(__file__).parents[2] / "vectors" / "verify" / "passed-own-key" / "input.wav"
CALL = "0" * 64


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    return verify_item(Item(0, str(SIGNED)), Settings(home=str(home)))


@pytest.fixture
def state(tmp_path, report):
    """A state that has two reports of one file."""
    path = tmp_path / "state"
    with journal(path, CALL) as begun:
        begun.keep(report)
        begun.keep(report)
    return path


def kept(path):
    items = (Item(number, str(SIGNED)) for number in range(9))
    with journal(path, CALL) as again:
        return [found for _, found in again.kept(items)]


def test_what_was_kept_comes_again_and_a_last_line_that_is_not_whole_does_not(state, report):
    whole = state.read_bytes()
    assert kept(state) == [report, report]

    state.write_bytes(whole[:-100])

    assert kept(state) == [report]
    assert state.read_bytes() == b"".join(whole.splitlines(keepends=True)[:2])


def _spoiled(report):
    yield b"no JSON"
    yield b"[" * 100_000
    yield b"[]"
    yield json.dumps({"input": report["input"]}).encode()
    for name, value in (("status", "GREAT"), ("summary", 7), ("input", {"name": [str(SIGNED)]})):
        yield json.dumps({**report, name: value}).encode()
    yield json.dumps({**report, "more": "x"}).encode()
    yield json.dumps({"again": 7}).encode()
    yield json.dumps({"again": str(SIGNED), "status": "PASSED"}).encode()


@pytest.mark.requirement("BLK-030")
@pytest.mark.parametrize("number", range(10))
def test_a_line_that_is_no_report_is_refused_and_the_state_is_left_as_it_is(state, report, number):
    (line,) = islice(_spoiled(report), number, number + 1)
    first, second, third = state.read_bytes().splitlines()
    state.write_bytes(b"\n".join((first, second, line, third, b"")))
    before = state.read_bytes()

    with pytest.raises(UsageError, match="is damaged") as caught:
        kept(state)

    assert "Remove it" in caught.value.hint
    assert state.read_bytes() == before


@pytest.mark.requirement("BLK-030")
def test_what_is_kept_can_be_read_back_whatever_its_size(tmp_path, report, monkeypatch):
    size = len(dumps(report)) + 1
    for most, found in ((size, report), (size - 1, None)):
        monkeypatch.setattr(journals, "_LINE_BYTES", most)
        path = tmp_path / str(most)
        with journal(path, CALL) as begun:
            begun.keep(report)
            begun.keep({**report, "status": "x" * size})

        assert kept(path) == [found, None]


@pytest.mark.requirement("BLK-030")
def test_a_line_without_an_end_is_not_read_into_memory_nor_cut_away(state, monkeypatch):
    monkeypatch.setattr(journals, "_LINE_BYTES", 10_000)
    with state.open("ab") as stream:
        stream.write(b" " * 20_000)
    before = state.read_bytes()

    with pytest.raises(UsageError, match="is damaged"):
        kept(state)

    assert state.read_bytes() == before
