"""Encoding: total, deterministic, in the order of the schema, nothing invented."""

import json
from pathlib import Path

import pytest
from provenance.model.contribution import Contribution
from provenance.model.levels import Level
from provenance.model.manifest import Manifest
from provenance.model.parties import Agent
from provenance.model.recording import Subject
from provenance.wire.decode import decode
from provenance.wire.encode import encode, to_plain

INPUTS = Path(__file__).parents[2] / "vectors" / "content"
GOOD = [
    path.parent / "input.json"
    for path in sorted(INPUTS.glob("*/case.json"))
    if not json.loads(path.read_text())["expect"]["codes"]
]


@pytest.mark.parametrize("path", GOOD, ids=[p.parent.name for p in GOOD])
@pytest.mark.requirement("WIR-020")
def test_what_was_read_is_written_again_with_every_member(path):
    manifest, _ = decode(path.read_bytes())

    assert to_plain(manifest) == json.loads(path.read_bytes())


def test_members_stand_in_the_order_of_the_schema():
    path = INPUTS / "everything" / "input.json"
    order = list(
        json.loads((INPUTS.parents[2] / "schemas/1.0/manifest.schema.json").read_text())[
            "properties"
        ]
    )

    written = list(to_plain(decode(path.read_bytes())[0]))

    assert written == [name for name in order if name in written]


def test_what_was_written_is_written_again_in_the_same_bytes():
    first = decode((INPUTS / "everything" / "input.json").read_bytes())[0]
    shuffled = dict(reversed(to_plain(first).items()))
    second = decode(json.dumps(shuffled, indent=4).encode())[0]

    assert encode(second) == encode(first)
    assert encode(decode(encode(first))[0]) == encode(first)


def test_what_is_not_declared_is_not_written():
    made = Manifest(contributions=(Contribution(area="lyrics", level=Level.NONE),))

    assert encode(made) == b'{"subject":{},"contributions":[{"area":"lyrics","level":"none"}]}'


@pytest.mark.requirement("WIR-023")
def test_false_and_zero_are_statements_and_are_written():
    made = Contribution(area="lyrics", level=Level.FULL, material=False, share=0)

    assert to_plain(made) == {"area": "lyrics", "level": "full", "material": False, "share": 0}


def test_a_level_is_written_as_plain_text():
    plain = to_plain(Contribution(area="lyrics", level=Level.PARTIAL))

    assert type(plain["level"]) is str


def test_text_is_written_as_it_is_not_escaped():
    made = Manifest(subject=Subject(title="\u00c5sa \u2014 \u201cLive\u201d"))

    assert "\u00c5sa \u2014".encode() in encode(made)


def test_an_unknown_member_never_replaces_a_known_one():
    made = Contribution(area="lyrics", level=Level.FULL, unknown={"level": "none", "mood": "calm"})

    assert to_plain(made) == {"area": "lyrics", "level": "full", "mood": "calm"}


def test_a_fraction_in_an_extension_is_refused():
    with pytest.raises(TypeError):
        encode(Manifest(extensions={"org.example.x": 0.5}))


def test_the_input_of_the_writer_is_left_alone():
    agents = (Agent(tool="t1"),)
    made = Manifest(contributions=(Contribution(area="mixing", level=Level.FULL, agents=agents),))
    plain = to_plain(made)
    plain["contributions"][0]["agents"].clear()

    assert made.contributions[0].agents == agents
