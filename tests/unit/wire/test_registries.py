"""What the registries say where a refusal says nothing itself."""

import pytest
from provenance.model.errors import PolicyError, RefusedError
from provenance.wire.registries import explained, rule

FILE = rule("essence.none")
POLICY = rule("policy.member-unknown")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RefusedError("essence.none"), (FILE["meaning"], FILE["fix"])),
        (RefusedError("essence.none", "song.mp3: is empty"), ("song.mp3: is empty", FILE["fix"])),
        (RefusedError("essence.none", hint="Do this."), (FILE["meaning"], "Do this.")),
        (PolicyError("policy.member-unknown", "no 'x'", where="/a"), ("/a: no 'x'", POLICY["fix"])),
        (RefusedError("not.registered"), ("refused by rule not.registered", "")),
    ],
)
def test_what_a_refusal_leaves_out_is_said_in_the_words_of_its_rule(error, said):
    assert explained(error) == said
