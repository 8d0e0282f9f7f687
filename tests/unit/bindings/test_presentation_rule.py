"""Equal coded audio, played differently."""

import pytest
from provenance.bindings.presentation import presented
from provenance.containers.base import Presentation
from provenance.model.codes import Code

RATE = 48_000


def code(old, now):
    found = presented([old], now, RATE)
    return found.code if found else None


@pytest.mark.requirement("BND-013")
@pytest.mark.parametrize(
    ("old", "now", "expected"),
    [
        (Presentation(), Presentation(), None),
        (Presentation(312, 0, 0, 100), Presentation(312, 0, 0, 100), None),
        (Presentation(gain=0), Presentation(gain=-1), Code.PRESENTATION_CHANGED),
        (Presentation(gain=0), Presentation(gain=-32768), Code.PRESENTATION_CHANGED),
        (Presentation(start_trim=0), Presentation(start_trim=RATE), Code.PRESENTATION_CHANGED),
        (Presentation(end_trim=RATE), Presentation(end_trim=0), Code.PRESENTATION_CHANGED),
        (Presentation(start_trim=0), Presentation(start_trim=RATE + 1), Code.PRESENTATION_CUT),
        (Presentation(end_trim=RATE + 1), Presentation(end_trim=0), Code.PRESENTATION_CUT),
        (
            Presentation(duration=RATE * 9),
            Presentation(duration=RATE * 8),
            Code.PRESENTATION_CHANGED,
        ),
        (Presentation(duration=RATE * 9), Presentation(duration=RATE), Code.PRESENTATION_CUT),
        (Presentation(), Presentation(unusual=True), Code.PRESENTATION_CUT),
        (Presentation(unusual=True), Presentation(unusual=True), None),
        (Presentation(unusual=True), Presentation(), None),
    ],
)
def test_what_differs_decides_the_code(old, now, expected):
    assert code(old, now) is expected


@pytest.mark.requirement("BND-012")
def test_an_unstated_trim_is_no_trim():
    assert code(Presentation(), Presentation(0, 0, 0)) is None
    assert code(Presentation(), Presentation(start_trim=5 * RATE)) is Code.PRESENTATION_CUT


@pytest.mark.requirement("BND-012")
def test_a_duration_that_one_side_does_not_state_is_not_compared():
    assert code(Presentation(duration=RATE), Presentation()) is None


def test_the_finding_says_what_changed_and_by_how_much():
    found = presented([Presentation(10, 20, 0, 1000)], Presentation(15, 20, -256, 995), RATE)

    assert found is not None
    assert dict(found.detail) == {"startTrim": 5, "duration": -5, "gain": -256}


@pytest.mark.requirement("BND-015")
def test_the_recorded_entry_that_fits_best_counts():
    far, near, same = Presentation(9 * RATE), Presentation(10), Presentation(0)

    assert presented([far, same, near], Presentation(0), RATE) is None
    best = presented([far, near], Presentation(0), RATE)
    assert best is not None
    assert best.code is Code.PRESENTATION_CHANGED


def test_without_a_known_rate_every_trim_is_a_cut():
    found = presented([Presentation()], Presentation(start_trim=1), 0)

    assert found is not None
    assert found.code is Code.PRESENTATION_CUT
