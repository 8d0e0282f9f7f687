"""The registry of codes and the enumeration that the code speaks are one list."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from provenance.model.codes import Code

ROOT = Path(__file__).resolve().parents[3]
REGISTRY = json.loads((ROOT / "schemas/registries/codes.json").read_text(encoding="utf-8"))
SCHEMA = json.loads((ROOT / "schemas/1.0/codes.schema.json").read_text(encoding="utf-8"))
ENTRIES = REGISTRY["codes"]
ACTIVE = {e["code"]: e for e in ENTRIES if e["status"] == "active"}

FAILED_SUBS = {"FORMAT_FAILURE", "HASH_FAILURE", "SIG_CRYPTO_FAILURE", "REVOKED", "EXPIRED"}
"""Sub-indications that ETSI EN 319 102-1 gives for TOTAL-FAILED; the others are INDETERMINATE."""


def test_the_registry_is_valid_by_its_schema():
    assert [e.message for e in Draft202012Validator(SCHEMA).iter_errors(REGISTRY)] == []


def test_no_code_stands_twice():
    slugs = [e["code"] for e in ENTRIES]

    assert sorted(slugs) == sorted(set(slugs))


def test_every_active_code_of_the_registry_is_in_the_enumeration():
    assert sorted(set(ACTIVE) - {c.slug for c in Code}) == []


def test_the_order_is_that_of_the_enumeration():
    assert list(ACTIVE) == [c.slug for c in Code]


@pytest.mark.requirement("VDT-002")
@pytest.mark.parametrize("code", Code, ids=str)
def test_a_code_of_the_enumeration_is_registered_with_axis_and_effect(code):
    entry = ACTIVE[code.slug]

    assert (entry["axis"], entry["effect"]) == (code.axis.value, code.effect.value)


@pytest.mark.requirement("VDT-002")
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e["code"])
def test_meaning_and_fix_are_one_plain_sentence_each(entry):
    for text in (entry["meaning"], entry["fix"]):
        assert text.endswith(".")
        assert ". " not in text
        assert "  " not in text
        assert 8 <= len(text) <= 240


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e["code"])
def test_a_fix_never_promises_truth(entry):
    assert not re.search(r"\b(true|trustworthy|genuine|authentic)\b", entry["fix"])


def test_every_requirement_that_the_registry_names_stands_in_the_text():
    text = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "spec").rglob("*.md"))
    unknown = [e["code"] for e in ACTIVE.values() if f"\n**{e['requirement']}** " not in text]

    assert unknown == []


def test_a_code_that_breaks_maps_to_a_failure_and_no_other_does():
    for entry in ACTIVE.values():
        if entry["code"] == "identity.mismatch":  # no sub-indication of that standard fits
            assert entry["etsi"] is None
        elif entry["effect"] == "breaks":
            assert entry["etsi"] in FAILED_SUBS, entry["code"]
        else:
            assert entry["etsi"] not in FAILED_SUBS, entry["code"]


def test_a_code_that_blocks_has_a_sub_indication_unless_nothing_was_found():
    without = {c for c, e in ACTIVE.items() if e["effect"] == "blocks" and e["etsi"] is None}

    assert without == {"carrier.absent"}
