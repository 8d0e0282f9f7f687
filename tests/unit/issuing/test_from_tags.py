"""What is taken over from a file's tags (MOD-012, WIR-010)."""

import pytest
from provenance.containers.base import Tags
from provenance.issuing.from_tags import clean_text, subject_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A title", "A title"),
        ("  two\nlines \t of it ", "two lines of it"),
        ("red \x1b[31m bell\x07", "red [31m bell"),
        ("nul\x00nul", "nul nul"),
        ("Ha\u0308", "H\u00e4"),
        ("\u202egnp.exe", None),
        ("\ufeffmark", None),
        ("\n\t ", None),
        ("", None),
        ("x" * 1001, "x" * 1000),
    ],
)
@pytest.mark.requirement("WIR-010")
def test_a_text_is_taken_over_as_a_manifest_may_hold_it(text, expected):
    assert clean_text(text) == expected


@pytest.mark.requirement("MOD-012")
def test_an_isrc_is_written_in_its_exact_form_or_left_out():
    assert subject_of(Tags(isrc=("gb-xyz-26-00123",))) == {"isrc": "GBXYZ2600123"}
    assert subject_of(Tags(isrc=("unknown",))) == {}


@pytest.mark.requirement("MOD-013")
def test_the_first_title_and_all_artists_are_taken():
    tags = Tags.of({"title": ["One", "Two"], "artist": ["A", "\n", "B"]})

    assert subject_of(tags) == {"title": "One", "artists": [{"name": "A"}, {"name": "B"}]}


@pytest.mark.requirement("MOD-013")
def test_the_artists_of_two_places_are_not_added_up():
    silent, first = Tags.of({"title": ["One"]}), Tags.of({"artist": ["Ana"]})
    both = silent + first + Tags.of({"artist": ["A", "B"]})

    assert subject_of(both) == {"title": "One", "artists": [{"name": "Ana"}]}
    assert both.artist == ("Ana", "A", "B")
