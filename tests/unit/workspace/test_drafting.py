"""Laying one declaration over another, and taking an area back."""

import pytest
from provenance.model.errors import UsageError
from provenance.workspace.drafting import drop_area, merged, read_unsigned, set_level


def entry(area, level, **more):
    return {"asset": "recording", "area": area, "level": level, **more}


def test_an_area_that_is_given_replaces_all_entries_of_that_area_and_no_other():
    base = {"contributions": [entry("mixing", "none", share=300), entry("mixing", "full", share=700),
                              entry("mastering", "utility")]}  # fmt: skip
    more = {"contributions": [entry("mixing", "assisted")]}

    made = merged(base, more)

    assert made["contributions"] == [entry("mastering", "utility"), entry("mixing", "assisted")]


def test_members_of_subject_and_declarant_are_laid_over_one_by_one():
    base = {"subject": {"title": "Old", "isrc": "GBXYZ2600123"}, "declarant": {"role": "artist"}}
    more = {"subject": {"title": "New"}, "declarant": {"name": "N"}}

    made = merged(base, more)

    assert made["subject"] == {"title": "New", "isrc": "GBXYZ2600123"}
    assert made["declarant"] == {"role": "artist", "name": "N"}


def test_nothing_is_made_of_nothing():
    assert merged({}, {}) == {}


def test_neither_side_is_changed():
    base, more = {"contributions": [entry("mixing", "none")]}, {"subject": {"title": "T"}}

    merged(base, more)

    assert base == {"contributions": [entry("mixing", "none")]}
    assert more == {"subject": {"title": "T"}}


def test_an_area_that_is_taken_back_is_undeclared():
    made = {"contributions": [entry("mixing", "none"), entry("mastering", "none")]}

    drop_area(made, "mixing")
    once = dict(made)
    drop_area(made, "mastering")

    assert once == {"contributions": [entry("mastering", "none")]}
    assert made == {}


@pytest.mark.parametrize(
    ("data", "said", "hint"),
    [
        (b'{"a":' + b"[" * 100_000, "too-deep", ""),
        (b'{"contributions": [\n  1,\n  ]}', "not-json at line 3, column 3", "comma"),
        (b"\xef\xbb\xbf{}", "byte-order-mark", "without BOM"),
        (b'{"a": "\xe9"}', "not-utf-8 at byte 7", "UTF-8"),
        (b'{"a": 1, "a": 2}', "duplicate-member at a", ""),
    ],
)
def test_json_that_cannot_be_read_is_said_to_be_so_with_the_place(tmp_path, data, said, hint):
    path = tmp_path / "made.json"
    path.write_bytes(data)

    with pytest.raises(UsageError, match="is not good JSON") as error:
        read_unsigned(path)

    assert said in str(error.value)
    assert hint in error.value.hint


@pytest.mark.parametrize("data", [b"ey.a.b", b"RIFF", b"", b"\xef\xbb\xbf", b'{"bundle": 1}'])
def test_what_is_no_declaration_is_left_to_others(tmp_path, data):
    path = tmp_path / "made.json"
    path.write_bytes(data)

    assert read_unsigned(path) is None


@pytest.mark.parametrize("area", ["leadVocal", "LEADVOCALS"])
def test_a_term_that_is_nearly_right_is_offered(area):
    with pytest.raises(UsageError) as error:
        set_level({}, area, "none")

    assert str(error.value) == f"no area '{area}'"
    assert error.value.hint.startswith("Did you mean 'leadVocals'? There are: ")
