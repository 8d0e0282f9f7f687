"""Laying one declaration over another, and taking an area back."""

from provenance.workspace.drafting import drop_area, merged, read_unsigned


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


def test_json_that_is_nested_beyond_reason_is_no_declaration(tmp_path):
    deep = tmp_path / "deep.json"
    deep.write_text('{"a":' + "[" * 100_000)

    assert read_unsigned(deep) is None
