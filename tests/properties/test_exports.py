"""Whatever the schema allows can be exported to every form, and nothing is lost in silence."""

import json
import os

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from provenance.exports import load
from provenance.exports._reading import leaves
from provenance.exports.base import Source
from provenance.wire.encode import to_plain

from contracts import test_exports as contract
from properties.test_round_trip import DISCLOSURES, QUICK
from support import regimes

FORMS = st.sampled_from([*regimes.forms(), "schema-org"])


@pytest.mark.slow
@settings(parent=QUICK, max_examples=2500 if os.environ.get("MUSICPROV_TEST_FULL") else 80)
@given(plain=DISCLOSURES, name=FORMS, data=st.data())
def test_a_form_of_any_disclosure_says_or_loses_each_value(plain, name, data):
    manifest = contract.read(plain)
    made = load(name).render(Source(manifest))
    declared = dict(leaves(to_plain(manifest)))
    lost = {loss.pointer for loss in made.losses}

    assert lost <= set(declared)
    assert made.data.decode("utf-8")
    kept = sorted(set(declared) - lost)
    if kept:
        pointer = data.draw(st.sampled_from(kept))
        other = data.draw(st.sampled_from(contract.others(pointer, declared[pointer])))
        changed = contract.read(contract.changed(to_plain(manifest), pointer, other))
        assert load(name).render(Source(changed)).data != made.data, (pointer, other)


def test_a_lost_value_of_an_extension_leads_back_to_it():
    odd = {"org.example.odd": {"a/b": {"c~d": []}, "": None}}
    manifest = contract.read({"subject": {}, "extensions": odd})
    lost = [loss.pointer for loss in load("spotify").render(Source(manifest)).losses]

    assert lost == ["/extensions/org.example.odd/a~1b/c~0d", "/extensions/org.example.odd/"]
    assert json.loads(json.dumps(to_plain(manifest)["extensions"])) == odd
