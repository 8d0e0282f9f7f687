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


def judged(case):
    file = case["file"]
    facts = Computed(
        tuple(from_json(b) for b in file["computed"]),
        {tier: REASON_BY_SLUG[slug] for tier, slug in file["missing"].items()},
        from_json(file["ineligible"]) if "ineligible" in file else None,
    )
    return judge(case["recorded"], facts, rate=file["rate"], rule=file.get("refusal"))


@pytest.mark.parametrize("case", cases("compare"))
def test_compare(case):
    assert sorted(f.code.slug for f in judged(case)) == case["expect"]["codes"]


@pytest.mark.requirement("BND-037")
@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("much-shorter", "too-short"),
        ("silence-in-hand", "too-uniform"),
        ("other-recording", None),
    ],
)
def test_a_mismatch_from_which_nothing_was_compared_says_why(name, cause):
    case = json.loads((VECTORS / f"compare-{name}" / "case.json").read_text())

    (found,) = judged(case)

    assert found.code.slug == "binding.mismatch"
    assert found.detail.get("cause") == cause
    assert found.detail["score"] < 350
