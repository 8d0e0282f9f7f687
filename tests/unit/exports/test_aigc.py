"""The AIGC label of a declaration (``schemas/crosswalks/aigc.json``; spec/regimes/aigc.md)."""

import json

import pytest
from provenance.exports import load
from provenance.exports.base import Source
from provenance.marks.aigc import KEYS
from provenance.model.contribution import Contribution
from provenance.model.levels import Level
from provenance.model.manifest import Manifest
from provenance.model.parties import Agent
from provenance.model.tools import Tool

from support import regimes

LABELS = {
    "all-human": None,
    "ai-mastering-only": None,
    "licensed-bass-stem": "1",
    "own-voice-clone": "1",
    "unlicensed-third-party-clone": "1",
    "walk-my-walk": "1",
}
TOOLS = (
    Tool(ref="t1", provider="Helper Ltd", output_id="h-1"),
    Tool(ref="t2", provider="Singer Ltd", output_id="s-1"),
)


def labelled(manifest, **options):
    made = load("aigc").render(Source(manifest, options=options))
    return json.loads(made.data), made


def declared(level, *, asset=None, tools=(), agents=()):
    entry = Contribution(area="leadVocals", asset=asset, level=level, agents=agents)
    return Manifest(id="urn:uuid:6f1c2a4e-3b5d-4c7e-8f90-a1b2c3d4e5f6",
                    contributions=(entry,), tools=tools)  # fmt: skip


@pytest.mark.parametrize("name", LABELS)
def test_the_six_examples(name):
    found, made = labelled(regimes.example(name))

    assert found.get("Label") == LABELS[name]
    assert list(found) == (list(KEYS) if LABELS[name] else [])
    assert len(made.warnings) >= 1


@pytest.mark.requirement("EXP-005")
@pytest.mark.parametrize(
    ("level", "options", "label"),
    [
        (Level.NONE, {}, None),
        (Level.UTILITY, {}, None),
        (Level.ASSISTED, {}, None),
        (Level.ASSISTED, {"assisted": "2"}, "2"),
        (Level.PARTIAL, {}, "1"),
        (Level.PREDOMINANT, {}, "1"),
        (Level.FULL, {}, "1"),
    ],
)
def test_levels(level, options, label):
    assert labelled(declared(level), **options)[0].get("Label") == label


@pytest.mark.requirement("EXP-004")
def test_what_is_not_declared_gives_no_label_and_says_so():
    found, made = labelled(Manifest())

    assert found == {}
    assert "cannot be said" in made.warnings[0]


def test_pictures_do_not_label_the_sound():
    entry = Contribution(area="artwork", level=Level.FULL)

    assert labelled(Manifest(contributions=(entry,)))[0] == {}


def test_the_producer_is_the_provider_of_what_generated():
    found, made = labelled(declared(Level.FULL, tools=TOOLS, agents=(Agent(tool="t2"),)))

    assert (found["ContentProducer"], found["ProduceID"]) == ("Singer Ltd", "s-1")
    lost = {loss.pointer: loss.reason for loss in made.losses}
    assert lost["/tools/0/provider"] == "not-asked"
    assert lost["/contributions/0/level"] == "coarser"
    assert "/tools/1/provider" not in lost


def test_without_a_tool_the_number_is_the_declaration():
    found, made = labelled(declared(Level.FULL))

    assert found["ContentProducer"] == ""
    assert found["ProduceID"] == "urn:uuid:6f1c2a4e-3b5d-4c7e-8f90-a1b2c3d4e5f6"
    assert any("the tool's own is not declared" in warning for warning in made.warnings)


def test_what_is_set_goes_before_what_is_declared():
    found, made = labelled(
        declared(Level.FULL, tools=TOOLS),
        **{"content-producer": "0011", "produce-id": "9", "content-propagator": "P",
           "propagate-id": "7"},
    )  # fmt: skip

    assert [found[k] for k in KEYS] == ["1", "0011", "9", "", "P", "7", ""]
    assert {"/tools/0/provider", "/id"} <= {loss.pointer for loss in made.losses}


@pytest.mark.requirement("EXP-005")
def test_the_object_may_stand_in_another_one():
    plain, wrapped = (
        labelled(declared(Level.FULL))[0],
        labelled(declared(Level.FULL), form="wrapped")[0],
    )

    assert wrapped == {"AIGC": plain}
