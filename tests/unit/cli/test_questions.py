"""What the questions are made of: every area that is asked about has all that it needs."""

from provenance.cli._examples import EXAMPLES
from provenance.cli._questions import AREAS, LEVELS
from provenance.cli._tools import settle


def test_every_area_has_an_example_for_each_level():
    assert set(EXAMPLES) == {area for area, _ in AREAS}
    assert {len(examples) for examples in EXAMPLES.values()} == {len(LEVELS)}


def test_a_voice_goes_with_the_area_that_has_it_and_its_tool_stays_where_ai_is_used():
    made = {
        "contributions": [
            {"area": "leadVocals", "level": "none"},
            {"area": "lyrics", "level": "assisted"},
        ],
        "voices": [
            {"area": "leadVocals", "kind": "selfClone", "tool": "t1"},
            {"area": "backingVocals", "kind": "fictional"},
        ],
        "tools": [{"ref": "t1", "system": "X"}],
    }

    settle(made)

    assert made["voices"] == [{"area": "backingVocals", "kind": "fictional"}]
    assert made["tools"] == [{"ref": "t1", "system": "X"}]


def test_tools_go_with_what_refers_to_them():
    made = {
        "contributions": [{"area": "leadVocals", "level": "none"}],
        "voices": [{"area": "leadVocals", "kind": "notSynthetic", "tool": "t1"}],
        "tools": [{"ref": "t1", "system": "X"}],
    }

    settle(made)

    assert made["voices"] == [{"area": "leadVocals", "kind": "notSynthetic"}]
    assert "tools" not in made


def test_a_tool_stays_where_nothing_says_that_no_ai_was_used():
    tools = [{"ref": "t1", "system": "X"}]
    video = {"contributions": [{"area": "video", "level": "none"}], "tools": tools}
    video["voices"] = [{"area": "video", "kind": "fictional", "tool": "t1"}]

    for made in ({"tools": tools}, video):
        settle(made)

        assert made["tools"] == tools
