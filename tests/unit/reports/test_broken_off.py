"""A document that a signal ends is closed, whatever step the signal comes between."""

import json
import os
import random
import signal
from threading import Thread

import pytest
from provenance.reports.forms import load
from provenance.reports.forms.base import Layout
from provenance.wire.schemas import is_valid

from support import reports

EVERY = reports.every()[:40]
TRIES = 400


class _StoppedError(Exception):
    pass


@pytest.fixture
def stopped_after():
    """Starts the time, in seconds, after which a signal is handled by an exception.

    It comes again until it is told to end: what is raised while memory is collected is lost.
    """

    def stop(*_):
        raise _StoppedError

    before = signal.signal(signal.SIGALRM, stop)
    yield lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds, 0.2 if seconds else 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.requirement("ING-013")
@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_signal_between_any_two_steps_leaves_a_document_that_is_closed(
    tmp_path, stopped_after, form
):
    lengths = set()
    for number in range(TRIES):
        with (tmp_path / str(number)).open("w+b") as out:
            writer = load(form).begin(out, Layout())
            lengths.add(_broken_off(form, writer, out, stopped_after))
    assert len(lengths) > 10


def _broken_off(form, writer, out, stopped_after):
    """How many results are in a document that was broken off, somewhere."""
    chance = random.Random(out.name)
    told = 0
    try:
        stopped_after(chance.uniform(0.0001, 0.004))
        for name, report in EVERY * 1000:
            told += 1
            writer.each(name, report)
        raise AssertionError("it was not stopped")
    except _StoppedError:
        stopped_after(0)
        writer.break_off("it was stopped")
    out.seek(0)
    found = json.load(out)
    if form == "json":
        assert is_valid(found, "run")
        assert found["brokenOff"] == "it was stopped"
        results = found["results"]
        assert sum(found["summary"].values()) == len(results)
        assert told - len(results) in {0, 1}
        return len(results)
    (run,) = found["runs"]
    assert not run["invocations"][0]["executionSuccessful"]
    return len(run["results"])


@pytest.mark.requirement("ING-013")
@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_signal_while_the_reader_lets_us_wait_cuts_no_result(stopped_after, form):
    found = bytearray()
    source, target = os.pipe()
    with os.fdopen(source, "rb") as reader, os.fdopen(target, "wb") as out:
        writer = load(form).begin(out, Layout())
        stopped_after(0.3)
        with pytest.raises(_StoppedError):
            _write_for_ever(writer)
        stopped_after(0)
        reading = Thread(target=lambda: found.extend(reader.read()))
        reading.start()
        writer.break_off("it was stopped")
        out.close()
        reading.join(60)
    document = json.loads(found)
    results = document["results"] if form == "json" else document["runs"][0]["results"]
    assert len(found) > 40_000  # a pipe holds so much
    assert len(results) > 10


def _write_for_ever(writer):
    while True:
        for name, report in EVERY:
            writer.each(name, report)


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_reader_that_is_not_waited_for_is_an_error(form):
    source, target = os.pipe()
    os.set_blocking(target, False)
    with os.fdopen(source, "rb"), os.fdopen(target, "wb") as out:
        writer = load(form).begin(out, Layout())
        with pytest.raises(BlockingIOError):
            _write_for_ever(writer)
