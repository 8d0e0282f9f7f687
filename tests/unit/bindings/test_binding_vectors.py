"""The vectors of bindings, through the public functions."""

import io
import json
from pathlib import Path

import pytest
from provenance.bindings.base import REASON_BY_SLUG, Computed, from_json
from provenance.bindings.compare import compute, judge
from provenance.bindings.score import likeness
from provenance.model.limits import DEFAULT_LIMITS

VECTORS = Path(__file__).parents[2] / "vectors" / "bindings"


def cases(operation):
    found = [json.loads(p.read_text()) for p in sorted(VECTORS.glob("*/case.json"))]
    chosen = [c for c in found if c["operation"] == operation]
    assert chosen
    return [pytest.param(c, id=c["id"].removeprefix("bindings/")) for c in chosen]


@pytest.mark.parametrize("case", cases("pcm"))
def test_pcm(case):
    from provenance.containers import identify, load

    stream = io.BytesIO((VECTORS.parent / case["id"] / case["input"]).read_bytes())
    scan = load(identify(stream)).scan(stream, DEFAULT_LIMITS, False)

    made = compute(stream, scan, DEFAULT_LIMITS, want=frozenset({"samples"}), decode="never")

    assert (made.samples.digest if made.samples else None) == case["expect"]["digest"]
    reason = made.missing.get("samples")
    assert (reason.slug if reason else None) == case["expect"].get("reason")


@pytest.mark.parametrize("case", cases("score"))
def test_score(case):
    found = likeness(case["first"], case["second"])

    assert {"score": found.score, "coverage": found.coverage} == case["expect"]


@pytest.mark.parametrize("case", cases("compare"))
def test_compare(case):
    file = case["file"]
    facts = Computed(
        tuple(from_json(b) for b in file["computed"]),
        {tier: REASON_BY_SLUG[slug] for tier, slug in file["missing"].items()},
        from_json(file["ineligible"]) if "ineligible" in file else None,
    )

    found = judge(case["recorded"], facts, rate=file["rate"], rule=file.get("refusal"))

    assert sorted(f.code.slug for f in found) == case["expect"]["codes"]
